#include "rt/node/net/net.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/abi/program.h"
#include "rt/actor/sched.h"
#include "rt/code/modules.h"
#include "rt/mem/node.h"
#include "rt/node/net/conn.h"
#include "rt/node/net/cookie.h"
#include "rt/node/net/forget.h"
#include "rt/node/net/greet.h"
#include "rt/node/net/peers.h"
#include "rt/node/net/secure.h"
#include "rt/obj/log.h"
#include "rt/os/clock.h"
#include "rt/os/host_port.h"
#include "rt/os/local.h"
#include "rt/os/options.h"

#define EVENTS_A_LOOK 64
/* Newcomers that are taken in one look. */
#define ACCEPTS_A_LOOK 16
/* A busy worker looks no more often than that. */
#define LOOK_EVERY_NS        50000
#define DEAF_NS              100000000 /* longer than any usual pause between two looks */
#define SWITCHES_UNTIL_WRITE 16
#define SWITCHES_UNTIL_LOOK  64
/* Steps are made for so long, then not for so long if there is anything else to do. */
#define STEPS_NS       500000
#define STEPS_PAUSE_NS 500000
#define LOG_EVERY_NS   INT64_C(100000000)
#define LOG_LINE_MAX   1024

/* -- opening -------------------------------------------------------------- */

static void print_stats(struct node *node)
{
    const struct net *net = node->net;
    if (!net->is_open) return;
    log_line(node,
             "connections        %" PRIu64 " by Unix-domain sockets, %" PRIu64 " by TCP, %" PRIu64
             " by TLS, %" PRIu64 " refused, %" PRIu64 " cut off",
             net->went_up[NET_LOCAL], net->went_up[NET_TCP], net->went_up[NET_TLS], net->refused,
             net->cut_off);
}

bool net_init(struct node *node, const struct peer_events *events)
{
    struct net *net = calloc(1, sizeof *net);
    if (!net) return false;
    if (!peer_map_init(&net->by_address) || !peer_map_init(&net->up_by_address)) return false;
    net->node = node;
    net->events = events;
    net->forget_peers_at = net->forget_boots_at = 2 * FORGET_REMEMBERED;
    net->limits = channel_default_limits;
    if (node->options && node->options->net_tick_timeout)
        net->limits.tick_timeout_ns = node->options->net_tick_timeout;
    net->listener = net->local = (struct listener){.fd = -1, .spare = -1};
    net->heard_ns = clock_now_ns();
    io_thread_init(&net->thread);
    node->net = net;
    node->stop = net_stop;
    node->print_stats = print_stats;
    return true;
}

static bool fail(const char **why_out, const char *why)
{
    *why_out = why;
    return false;
}

static bool read_cookie(struct net *net, const char **why_out)
{
    static _Thread_local char report[SECRET_REPORT_MAX];
    const char *file = net->node->options ? net->node->options->cookie_file : NULL;
    if (!cookie_read(file, &net->keys, report)) return fail(why_out, report);
    if (*report) net_log(net, "%s", report);
    return true;
}

static void wake(struct node *node) { poller_wake(&node->net->poller); }

bool net_open(struct net *net, const char **why_out)
{
    if (net->is_open) return true;
    if (net->keys.n == 0 && !read_cookie(net, why_out)) return false;
    if (!net->input && !(net->input = malloc(NET_INPUT_BYTES))) return fail(why_out, "no memory");
    if (!poller_open(&net->poller)) return fail(why_out, strerror(errno));
    if (!io_thread_start(net)) {
        poller_close(&net->poller);
        return fail(why_out, "cannot start a thread");
    }
    if (net->node->program) module_digest(net->node->program, net->digest);
    net->is_open = true;
    net->node->wake = wake;
    net->node->poll = net_poll;
    net->node->idle = net_wait;
    net_look_soon(net);
    return true;
}

/* -- listening ------------------------------------------------------------ */

/* A name that is no number has to be asked for; the program waits. */
static bool find_own_address(const char *host, uint16_t port, struct socket_address *out,
                             const char **why_out)
{
    struct poller poller;
    if (!poller_open(&poller)) return fail(why_out, strerror(errno));
    struct resolution *r = resolve_begin(host, &poller);
    struct poller_event events[1];
    while (r && resolve_state(r) == RESOLVE_PENDING)
        poller_wait(&poller, events, 1, INT64_MAX);
    bool ok = r && resolve_count(r) > 0;
    if (ok) *out = resolve_address(r, 0, port);
    *why_out = ok ? NULL : r ? resolve_failure(r) : "no memory";
    if (r) resolve_free(r);
    poller_close(&poller);
    return ok;
}

static bool same_as_before(const struct net *net, const char *host, uint16_t port)
{
    const struct boot *own = boots_at(net->node->boots, 0);
    return strcmp(own->host, host) == 0 && (port == 0 || port == own->port);
}

/* Without it others use TCP. False: somebody has the name. */
static bool listen_locally(struct net *net, const struct socket_address *at)
{
    net->listens_at = *at;
    return !secure_allows_local(net) || local_listen(&net->local, at) || errno != EADDRINUSE;
}

/* Who finds the port open finds the name, too; a free port has to be found first, but nobody waits for it. */
static bool open_listeners(struct net *net, const struct socket_address *at)
{
    bool is_free_port = socket_address_port(at) == 0, has_name = is_free_port || listen_locally(net, at);
    struct socket_address actual;
    if (!listener_open(&net->listener, at)) {
        int error = errno;
        if (net->local.fd >= 0) listener_close(&net->local);
        errno = error;
        return false;
    }
    if (is_free_port)
        has_name = socket_local_address(net->listener.fd, &actual) && listen_locally(net, &actual);
    if (!has_name) net_log(net, "somebody has this node's name for programs of this user: they come by TCP");
    return true;
}

bool net_listen(struct node *node, const char *host, uint16_t port, const char **why_out)
{
    struct net *net = node->net;
    struct socket_address at, actual;
    if (net_is_listening(node))
        return same_as_before(net, host, port) ||
               fail(why_out, "this node listens at another address already");
    if (!find_own_address(host, port, &at, why_out)) return false;
    if (!net_open(net, why_out)) return false;
    if (secure_is_needed(net, &at) && !secure_context(net, why_out)) return false;
    if (!open_listeners(net, &at))
        return fail(why_out,
                    errno == EADDRINUSE ? "name-in-use: something listens there already" : strerror(errno));
    if (!socket_local_address(net->listener.fd, &actual)) actual = at;
    boots_set_own_address(node->boots, host, socket_address_port(&actual));
    if (!secure_is_needed(net, &at)) secure_note_cleartext(net, &at, clock_now_ns());
    return true;
}

bool net_accept(struct node *node)
{
    struct net *net = node->net;
    if (net->accepts || net->listener.fd < 0) return false;
    net->accepts = poller_add(&net->poller, net->listener.fd, POLLER_INPUT, &net->listener);
    if (net->local.fd >= 0 && !poller_add(&net->poller, net->local.fd, POLLER_INPUT, &net->local))
        listener_close(&net->local);
    return net->accepts;
}

bool net_is_listening(const struct node *node) { return node->net && node->net->listener.fd >= 0; }

bool net_is_alive(const struct node *node)
{
    const struct net *net = node->net;
    return net && (net->listener.fd >= 0 || net->n_up > 0 || net->n_unsettled > 0);
}

uint64_t net_count_steps(const struct node *node) { return node->net->ever_in_steps; }
size_t net_count_peers(const struct node *node) { return node->net->busy.n + node->net->idle.n; }

/* -- what is to be done --------------------------------------------------- */

void net_log(struct net *net, const char *format, ...)
{
    int64_t now = clock_now_ns();
    if (net->logged_ns && now - net->logged_ns < LOG_EVERY_NS) return;
    net->logged_ns = now;
    char text[LOG_LINE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    log_line(net->node, "%s: node: %s", net->node->program ? net->node->program->name : "termite", text);
}

void net_set_deadline(struct net *net, int64_t deadline_ns)
{
    if (deadline_ns < atomic_load_explicit(&net->thread.deadline_ns, memory_order_relaxed))
        atomic_store_explicit(&net->thread.deadline_ns, deadline_ns, memory_order_relaxed);
}

void net_look_soon(struct net *net) { sched_look_within(net->node->worker->sched, SWITCHES_UNTIL_WRITE); }

void net_note_unsent(struct conn *c)
{
    struct net *net = c->net;
    if (c->is_unsent || c->state != CONN_UP) return;
    c->is_unsent = true;
    c->unsent_next = net->unsent;
    net->unsent = c;
    net_look_soon(net);
}

static void write_unsent(struct net *net)
{
    while (net->unsent) {
        struct conn *c = net->unsent;
        net->unsent = c->unsent_next;
        c->is_unsent = false;
        if (c->state == CONN_UP) conn_write(c);
    }
}

/* Where a walk through all connections goes on: `next`, which was the next one; or
 * at the beginning, when it has ended too by what was done meanwhile. */
static struct conn *follow(const struct net *net, struct conn *next)
{
    return next && next->state == CONN_OVER ? net->conns : next;
}

/* The earliest deadline of all; peers add theirs. */
static void settle_conns(struct net *net, int64_t now_ns)
{
    struct conn *next;
    for (struct conn *c = net->conns; c; c = follow(net, next)) {
        next = c->next;
        if (c->state == CONN_JUDGED)
            greet_judge(c, now_ns);
        else if (c->state == CONN_GREETS && now_ns >= c->deadline_ns)
            conn_end(c, GOODBYE_NONE);
        if (c->state != CONN_OVER) net_set_deadline(net, c->deadline_ns);
    }
}

static void tell_stalled(struct net *net, struct conn *c)
{
    pthread_mutex_lock(&c->lock);
    bool has_stalled = c->has_stalled;
    c->has_stalled = false;
    pthread_mutex_unlock(&c->lock);
    if (has_stalled) net->events->stalled(net->node->worker, c->peer);
}

/* What the I/O thread has found out. */
static void take_news(struct net *net)
{
    struct conn *next;
    for (struct conn *c = net->conns; c; c = follow(net, next)) {
        next = c->next;
        if (c->state == CONN_UP) conn_check(c);
        if (c->state == CONN_UP) tell_stalled(net, c);
    }
}

/* A worker that computes does not look while the I/O thread sees that there is nothing to
 * hear: that time is not deaf. */
static int64_t last_heard(const struct net *net)
{
    int64_t quiet = atomic_load_explicit(&net->thread.quiet_ns, memory_order_relaxed);
    return quiet > net->heard_ns ? quiet : net->heard_ns;
}

/* Time in which this node could not listen (SIGSTOP, a long operation) does not count against peers: the
 * deadlines of those that greet, are asked or are dialled are extended by it. `pause_ns`: the part
 * of it that the node meant to wait. */
static void give_back(struct net *net, int64_t now_ns, int64_t pause_ns)
{
    int64_t deaf = now_ns - last_heard(net);
    if (deaf - pause_ns < DEAF_NS) return;
    net->heard_ns = now_ns;
    for (struct conn *c = net->conns; c; c = c->next) {
        if (c->deadline_ns == INT64_MAX) continue;
        int64_t most = now_ns + GREETING_NS; /* one that was dialled meanwhile has not waited for all of it */
        c->deadline_ns = c->deadline_ns + deaf < most ? c->deadline_ns + deaf : most;
    }
    peers_give_back(net, deaf, now_ns);
}

static void settle_by_clock(struct net *net, int64_t deadline_ns)
{
    int64_t now = clock_now_ns();
    bool is_due = now >= deadline_ns;
    give_back(net, now, 0);
    if (is_due) atomic_store_explicit(&net->thread.deadline_ns, INT64_MAX, memory_order_relaxed);
    if (!is_due && net->n_unsettled == 0) return;
    settle_conns(net, now);
    peers_settle(net, now);
    secure_warn(net, now);
}

/* What is due by the clock, or because of something that has come. */
static void settle(struct net *net)
{
    int64_t deadline = atomic_load_explicit(&net->thread.deadline_ns, memory_order_relaxed);
    if (deadline != INT64_MAX || net->n_unsettled > 0) settle_by_clock(net, deadline);
    if (atomic_load_explicit(&net->thread.has_news, memory_order_relaxed)) {
        atomic_store(&net->thread.has_news, false);
        take_news(net);
    }
    if (net->n_parked > 0) peers_unpark(net);
}

static void accept_some(struct net *net)
{
    struct socket_address from;
    for (int i = 0; i < ACCEPTS_A_LOOK; i++) {
        int fd = listener_accept(&net->listener, &from);
        if (fd < 0) return;
        conn_accept(net, fd, &from, &(struct local_end){0});
    }
}

/* Where a newcomer seems to come from, who has no address. */
static struct socket_address local_source(const struct net *net)
{
    struct socket_address from = net->listens_at;
    char host[SOCKET_HOST_MAX];
    socket_address_host(&from, host);
    if (host_is_any(host)) strcpy(host, strchr(host, ':') ? "::1" : "127.0.0.1");
    socket_address_parse(host, 0, &from);
    return from;
}

static void accept_local(struct net *net)
{
    struct socket_address from = local_source(net);
    struct local_end end = {.at = net->listens_at};
    for (int i = 0; i < ACCEPTS_A_LOOK; i++) {
        int fd = local_accept(&net->local, &end.process);
        if (fd == SOCKET_AGAIN) return;
        if (fd < 0)
            net->refused++;
        else
            conn_accept(net, fd, &from, &end);
    }
}

/* True: something has come. */
static bool take_events(struct net *net, int64_t pause_ns)
{
    struct poller_event events[EVENTS_A_LOOK];
    int n = poller_wait(&net->poller, events, EVENTS_A_LOOK, pause_ns);
    int64_t now = clock_now_ns();
    give_back(net, now, pause_ns);
    net->heard_ns = now;
    bool has_newcomers = false, has_local_newcomers = false;
    for (int i = 0; i < n; i++) {
        if (events[i].context == &net->listener)
            has_newcomers = true;
        else if (events[i].context == &net->local)
            has_local_newcomers = true;
        else
            conn_ready(events[i].context, events[i].ready);
    }
    if (has_newcomers) accept_some(net); /* who is there already comes first */
    if (has_local_newcomers) accept_local(net);
    if (n > 0 || pause_ns > 0) settle(net);
    conns_free_over(net);
    peers_forget(net);
    return n > 0;
}

/* -- the scheduler's view ------------------------------------------------- */

/* A sign of life; only the worker writes it. */
static void note_look(struct net *net)
{
    uint64_t looks = atomic_load_explicit(&net->looks, memory_order_relaxed);
    atomic_store_explicit(&net->looks, looks + 1, memory_order_relaxed);
}

/* Another node that is alive goes by the name of this one, which cannot be reached then. */
static void check_name(struct net *net)
{
    if (net->name_is_taken && !net->is_stopping && net->name_taken) net->name_taken(net->node);
}

void net_add_work(struct net *net, int n)
{
    atomic_fetch_add_explicit(&net->n_steps, n, memory_order_relaxed);
    if (n <= 0) return;
    net->ever_in_steps += (uint64_t)n;
    net_look_soon(net);
}

static void make_steps(struct net *net, int64_t now_ns)
{
    if (!net->n_steps || now_ns - net->stepped_ns < STEPS_PAUSE_NS) return;
    peers_step(net, STEPS_NS);
    net->stepped_ns = clock_now_ns();
}

void net_poll(struct node *node)
{
    struct net *net = node->net;
    struct scheduler *s = node->worker->sched;
    int64_t now = clock_now_ns();
    note_look(net);
    bool is_asked = atomic_exchange_explicit(&node->wants_poll, false, memory_order_relaxed),
         has_come = false;
    settle(net);
    make_steps(net, now);
    write_unsent(net);
    if (is_asked || now - net->looked_ns >= LOOK_EVERY_NS) {
        net->looked_ns = now;
        has_come = take_events(net, 0);
        write_unsent(net);
    }
    conns_free_over(net);
    check_name(net);
    /* Who has got something answers perhaps, and a process that runs for long is next. */
    sched_look_within(s, has_come || net->n_steps ? 1 : SWITCHES_UNTIL_LOOK);
}

static int64_t pause_until_deadline(struct net *net, int64_t pause_ns)
{
    int64_t deadline = atomic_load_explicit(&net->thread.deadline_ns, memory_order_relaxed);
    if (deadline == INT64_MAX) return pause_ns;
    int64_t left = deadline - clock_now_ns();
    if (left < 0) left = 0;
    if (left > DEAF_NS) left = DEAF_NS; /* if it takes longer, the node was stopped: see give_back */
    return left < pause_ns ? left : pause_ns;
}

bool net_wait(struct node *node, int64_t pause_ns)
{
    struct net *net = node->net;
    note_look(net);
    write_unsent(net);
    settle(net);
    write_unsent(net);
    if (node->worker->sched->run_head) return true;
    if (net->n_steps) {
        take_events(net, 0);
        if (!node->worker->sched->run_head) peers_step(net, STEPS_NS);
        settle(net);
        return true;
    }
    if (pause_ns == INT64_MAX && !net_is_alive(node)) return false;
    io_thread_note_waiting(net, true);
    int64_t pause = atomic_load(&node->stop_signal) ? 0 : pause_until_deadline(net, pause_ns);
    bool has_come = take_events(net, conn_begin_patience(net, pause));
    if (conn_end_patience(net) && !has_come) take_events(net, 0);
    io_thread_note_waiting(net, false);
    node->worker->sched->look_at = UINT64_MAX; /* what was to be looked at has been */
    sched_look_within(node->worker->sched, net->unsent ? SWITCHES_UNTIL_WRITE : SWITCHES_UNTIL_LOOK);
    check_name(net);
    return true;
}

/* -- the end -------------------------------------------------------------- */

static bool is_anybody_up(struct net *net)
{
    for (struct conn *c = net->conns; c; c = c->next) {
        if (c->state != CONN_UP) continue;
        pthread_mutex_lock(&c->lock);
        conn_write_locked(c, clock_now_ns());
        bool is_drained = channel_is_drained(c->channel) && line_flush(&c->line) == 0;
        pthread_mutex_unlock(&c->lock);
        if (is_drained) socket_end_output(c->fd);
    }
    return net->n_up > 0;
}

static void say_goodbye(struct net *net)
{
    for (struct conn *c = net->conns; c; c = c->next) {
        if (c->state != CONN_UP) continue;
        pthread_mutex_lock(&c->lock);
        channel_say_goodbye(c->channel, GOODBYE_SHUTDOWN);
        pthread_mutex_unlock(&c->lock);
    }
}

/* Somebody who is being dialled is to get something. */
static bool is_anybody_awaited(struct net *net)
{
    for (struct peer *peer = peers_first_busy(net); peer; peer = peers_next_busy(net))
        if (peer->state == PEER_DIALS && channel_backlog(peer->waiting) > 0) return true;
    return false;
}

/* What was sent to nodes that are not reached yet, or is still being written, goes out first.
 * As in net_wait, but no process runs. */
static void hand_over(struct net *net, int64_t end_ns)
{
    int64_t left;
    while ((is_anybody_awaited(net) || net->n_steps) && (left = end_ns - clock_now_ns()) > 0) {
        settle(net);
        if (net->n_steps) peers_step(net, STEPS_NS);
        write_unsent(net);
        if (!is_anybody_awaited(net) && !net->n_steps) return;
        take_events(net, net->n_steps ? 0 : pause_until_deadline(net, left));
        write_unsent(net);
    }
}

static void stop_listening(struct net *net, struct listener *l)
{
    if (l->fd < 0) return;
    if (net->accepts) poller_remove(&net->poller, l->fd);
    listener_close(l);
}

void net_stop(struct node *node)
{
    struct net *net = node->net;
    if (!net->is_open || net->is_stopping) return;
    int64_t end = clock_now_ns() + (atomic_load(&node->stop_now) ? 0 : node->options->linger), left;
    hand_over(net, end);
    net->is_stopping = true;
    stop_listening(net, &net->listener);
    stop_listening(net, &net->local);
    peers_finish_large_out(net);
    say_goodbye(net);
    while (is_anybody_up(net) && (left = end - clock_now_ns()) > 0)
        take_events(net, left);
    while (net->conns) /* so that the I/O thread uses none of them while the OS process ends */
        conn_give_up(net->conns);
}
