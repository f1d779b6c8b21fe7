#include "rt/node/net/conn.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/actor/sched.h"
#include "rt/mem/node.h"
#include "rt/node/net/greet.h"
#include "rt/node/net/peers.h"
#include "rt/node/net/secure.h"
#include "rt/os/clock.h"
#include "rt/os/crypto.h"
#include "rt/os/host_port.h"
#include "rt/os/locked.h"

/* What is read of one connection before others have their turn. */
#define READ_IN_A_ROW_BYTES ((size_t)4 * NET_INPUT_BYTES)
/* Behind the bytes of a fragment, room for what stands in front of the next one. */
#define BEHIND_FRAGMENT_BYTES 64

_Static_assert(NET_INPUT_BYTES >= 2 * CHANNEL_INPUT_MAX,
               "there is room for input behind the rest of a packet");

/* -- beginning and end ---------------------------------------------------- */

static void link_conn(struct net *net, struct conn *c)
{
    assert(!c->next && !c->previous && c->state != CONN_OVER);
    c->previous = net->newest;
    *(net->newest ? &net->newest->next : &net->conns) = c;
    net->newest = c;
    if (!c->is_dialled) net->n_newcomers++;
}

static void unlink_conn(struct net *net, struct conn *c)
{
    assert(c->previous ? c->previous->next == c : net->conns == c);
    *(c->previous ? &c->previous->next : &net->conns) = c->next;
    *(c->next ? &c->next->previous : &net->newest) = c->previous;
}

/* Takes the descriptor over; NULL: it is closed. */
static struct conn *new_conn(struct net *net, int fd, const struct socket_address *remote,
                             const struct local_end *end, unsigned want)
{
    struct conn *c = calloc(1, sizeof *c);
    if (!c || !poller_add(&net->poller, fd, want, c)) {
        socket_close(fd);
        free(c);
        return NULL;
    }
    c->net = net;
    c->fd = fd;
    line_init(&c->line, fd);
    c->remote = *remote;
    c->end = *end;
    c->want = want;
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

/* -- waiting for much at once --------------------------------------------- */

/* While a long message comes in, being woken for each piece of it would cost both sides more
 * than the work; a small message that comes with it may wait so long. */
#define AWAITED_BYTES ((size_t)192 << 10)
#define PATIENCE_NS   INT64_C(200000)
/* Nothing more has come for so long: it has stopped. */
#define STREAMING_NS INT64_C(1000000)

static void note_streaming(struct conn *c, int64_t now_ns)
{
    assert(c->state == CONN_UP);
    c->streaming_ns = now_ns;
    c->net->streaming = channel_expected(c->channel) ? c : NULL;
}

int64_t conn_begin_patience(struct net *net, int64_t pause_ns)
{
    struct conn *c = net->streaming;
    if (!c || c->end.process || pause_ns <= 0 || clock_now_ns() - c->streaming_ns > STREAMING_NS)
        return pause_ns;
    size_t n = channel_expected(c->channel);
    socket_await_bytes(c->fd, n < AWAITED_BYTES ? n : AWAITED_BYTES);
    net->patient = c;
    return pause_ns < PATIENCE_NS ? pause_ns : PATIENCE_NS;
}

bool conn_end_patience(struct net *net)
{
    struct conn *c = net->patient;
    net->patient = NULL;
    if (c) socket_await_bytes(c->fd, 1);
    return c != NULL;
}

static void free_conn(struct conn *c)
{
    assert(c->state == CONN_OVER && !c->is_unsent);
    if (c->channel) channel_free(c->channel);
    pthread_mutex_destroy(&c->lock);
    line_free(&c->line);
    free(c->handshake);
    free(c->rest);
    free(c);
}

static void forget_unsent(struct net *net, struct conn *c)
{
    for (struct conn **at = &net->unsent; *at && c->is_unsent; at = &(*at)->unsent_next) {
        if (*at != c) continue;
        *at = c->unsent_next;
        c->is_unsent = false;
        return;
    }
}

void conns_free_over(struct net *net)
{
    while (net->over) {
        struct conn *c = net->over;
        net->over = c->next;
        forget_unsent(net, c);
        free_conn(c);
    }
}

/* Returns the state that it had. */
static enum conn_state shut(struct conn *c)
{
    assert(c->state != CONN_OVER);
    struct net *net = c->net;
    enum conn_state before = c->state;
    if (before == CONN_UP) {
        io_thread_remove(net, c);
        net->n_up--;
    } else if (!c->is_dialled) {
        net->n_newcomers--;
    }
    if (before == CONN_JUDGED) net->n_unsettled--;
    assert(net->n_newcomers <= NET_NEWCOMERS_MAX && net->n_up <= NET_PEERS_UP_MAX);
    c->state = CONN_OVER;
    if (net->streaming == c) net->streaming = NULL;
    if (net->patient == c) net->patient = NULL;
    poller_remove(&net->poller, c->fd);
    socket_close(c->fd);
    unlink_conn(net, c);
    c->next = net->over;
    net->over = c;
    return before;
}

void conn_give_up(struct conn *c)
{
    if (c->state != CONN_OVER) shut(c);
}

/* It is a node that knows the cookie. */
static bool has_proved(const struct conn *c)
{
    return c->handshake && (c->handshake->state == HANDSHAKE_READY || c->handshake->is_refusal_proved);
}

void conn_end(struct conn *c, enum goodbye why)
{
    if (c->state == CONN_OVER) return;
    bool was_up = shut(c) == CONN_UP;
    if (was_up)
        peer_lost(c->peer, why);
    else if (c->is_dialled && c->end.process && !has_proved(c))
        peer_avoid_local(c->peer);
    else if (c->is_dialled)
        peer_attempt_failed(c->peer, why);
}

void conn_drop(struct conn *c, enum goodbye why)
{
    pthread_mutex_lock(&c->lock);
    enum goodbye first = channel_over(c->channel);
    channel_say_goodbye(c->channel, why);
    conn_write_locked(c, clock_now_ns());
    pthread_mutex_unlock(&c->lock);
    conn_end(c, first ? first : why);
}

/* -- what the other parts need ------------------------------------------ */

void conn_want(struct conn *c, unsigned what)
{
    if (c->want == what) return;
    c->want = what;
    poller_want(&c->net->poller, c->fd, what, c);
}

bool conn_flush(struct conn *c)
{
    ptrdiff_t left = line_flush(&c->line);
    conn_want(c, left == SOCKET_AGAIN ? POLLER_INPUT | POLLER_OUTPUT : POLLER_INPUT);
    return left == 0 || left == SOCKET_AGAIN;
}

bool conn_keep_rest(struct conn *c, const uint8_t *bytes, size_t n)
{
    if (n == 0) {
        free(c->rest);
        c->rest = NULL;
        c->n_rest = 0;
        return true;
    }
    uint8_t *rest = n > c->n_rest ? realloc(c->rest, n) : c->rest;
    if (!rest) return false;
    memmove(rest, bytes, n);
    c->rest = rest;
    c->n_rest = n;
    return true;
}

/* Who listens at a name of this user, and says no HELLO for so long, or no AUTH until then in the series, is
 * taken for somebody else. Before the HELLO he cannot have accepted; then a node that was stopped for a
 * moment gets more time. Some is left for TCP. */
#define LOCAL_HELLO_NS INT64_C(1000000000)
#define LOCAL_AUTH_NS  (SERIES_NS - 1000000000)

/* -- connecting and accepting --------------------------------------------- */

void conn_describe(const struct conn *c, char out[CONN_TEXT_MAX])
{
    char host[SOCKET_HOST_MAX];
    socket_address_host(&c->remote, host);
    if (c->end.process && !c->is_dialled)
        snprintf(out, CONN_TEXT_MAX, "connection from process %" PRIu32 " of this machine", c->end.process);
    else
        snprintf(out, CONN_TEXT_MAX, "%s %s port %u", c->is_dialled ? "connecting to" : "connection from",
                 host, socket_address_port(&c->remote));
}

/* A node that listens at all addresses is known by the one that it came from, which a Unix-domain socket does
 * not tell. */
static bool may_be_local(const struct net *net, const struct peer *peer, const struct socket_address *to)
{
    if (peer->avoids_local || !secure_allows_local(net)) return false;
    return socket_address_is_loopback(to) || !host_is_any(boots_at(net->node->boots, 0)->host);
}

struct conn *conn_dial(struct net *net, struct peer *peer, const struct socket_address *to,
                       int64_t deadline_ns)
{
    struct local_end end = {0};
    int fd = may_be_local(net, peer, to) ? local_connect(to, &end) : -1;
    if (fd < 0) fd = socket_connect(to);
    if (fd < 0) return NULL;
    struct conn *c = new_conn(net, fd, to, &end, POLLER_OUTPUT);
    if (!c) return NULL;
    c->state = CONN_CONNECTS;
    c->is_dialled = true;
    c->peer = peer;
    c->deadline_ns = deadline_ns;
    link_conn(net, c);
    net_set_deadline(net, deadline_ns);
    return c;
}

static void connected(struct conn *c)
{
    assert(c->state == CONN_CONNECTS && c->is_dialled && c->peer && c->peer->conn == c);
    struct net *net = c->net;
    if (socket_connect_error(c->fd) != 0) {
        conn_end(c, GOODBYE_NONE);
        return;
    }
    if (!c->end.process) socket_tune(c->fd, net->limits.tick_timeout_ns);
    c->deadline_ns =
        c->end.process ? clock_now_ns() + LOCAL_HELLO_NS : c->peer->series.since + SERIES_HANDSHAKE_NS;
    net_set_deadline(net, c->deadline_ns);
    c->state = CONN_GREETS;
    greet_begin(c);
}

void conn_await_auth(struct conn *c)
{
    c->deadline_ns = c->peer->series.since + LOCAL_AUTH_NS;
    net_set_deadline(c->net, c->deadline_ns);
}

/* Who has not proved himself, and may be nobody. */
static bool is_unknown(const struct conn *c) { return !c->is_dialled && c->state == CONN_GREETS; }

/* All users of this machine share one address. */
static bool is_crowded(const struct net *net, const struct socket_address *from)
{
    if (socket_address_is_loopback(from)) return false;
    unsigned n = 0;
    for (const struct conn *c = net->conns; c; c = c->next)
        if (is_unknown(c) && socket_address_same_host(&c->remote, from)) n++;
    return n >= NET_NEWCOMERS_PER_SOURCE;
}

/* The oldest one makes room, of that source or (NULL) of any: a node of the cluster needs one round
 * trip, others may stay for as long as they are let. */
static void close_oldest_unknown(struct net *net, const struct socket_address *from)
{
    for (struct conn *c = net->conns; c; c = c->next) {
        if (!is_unknown(c) || (from && !socket_address_same_host(&c->remote, from))) continue;
        net->cut_off++;
        conn_end(c, GOODBYE_CLOSED);
        return;
    }
}

void conn_accept(struct net *net, int fd, const struct socket_address *from, const struct local_end *end)
{
    if (!end->process && is_crowded(net, from))
        close_oldest_unknown(net, from);
    else if (net->n_newcomers >= NET_NEWCOMERS_MAX)
        close_oldest_unknown(net, NULL);
    if (!end->process) socket_tune(fd, net->limits.tick_timeout_ns);
    struct conn *c = new_conn(net, fd, from, end, POLLER_INPUT);
    if (!c) return;
    c->state = CONN_GREETS;
    c->deadline_ns = clock_now_ns() + GREETING_NS;
    link_conn(net, c);
    net_set_deadline(net, c->deadline_ns);
    conn_ready(c, POLLER_INPUT); /* who has begun already is not pushed out by who comes next */
}

/* -- up ------------------------------------------------------------------- */

static bool on_message(void *context, enum control type, const uint8_t *body, size_t n)
{
    struct conn *c = context;
    ASSERT_LOCKED(&c->lock);
    assert(c->state == CONN_UP && c->peer->conn == c);
    pthread_mutex_unlock(&c->lock);
    bool ok = c->net->events->message(c->net->node->worker, c->peer, type, body, n);
    pthread_mutex_lock(&c->lock);
    return ok && c->state == CONN_UP;
}

/* `n` bytes of input: the rest of before, and what has come. */
static bool take_input(struct conn *c, uint8_t *bytes, size_t n, int64_t now_ns)
{
    assert(c->state == CONN_UP && c->peer && c->peer->conn == c);
    struct channel_receiver receiver = {on_message, c};
    pthread_mutex_lock(&c->lock);
    size_t used = channel_input(c->channel, bytes, n, now_ns, &receiver);
    pthread_mutex_unlock(&c->lock);
    if (c->state != CONN_UP) return false;
    note_streaming(c, now_ns);
    if (!conn_keep_rest(c, bytes + used, n - used)) {
        conn_drop(c, GOODBYE_CONGESTED);
        return false;
    }
    net_note_unsent(c);
    conn_check(c);
    return c->state == CONN_UP;
}

/* With TLS the I/O thread may be writing at the moment. */
static ptrdiff_t read_line(struct conn *c, uint8_t *to, size_t n)
{
    if (!c->line.tls) return line_read(&c->line, to, n);
    pthread_mutex_lock(&c->lock);
    ptrdiff_t got = line_read(&c->line, to, n);
    pthread_mutex_unlock(&c->lock);
    return got;
}

static void read_failed(struct conn *c, ptrdiff_t why)
{
    if (why != SOCKET_AGAIN) conn_end(c, why == SOCKET_TIMED_OUT ? GOODBYE_TICK_TIMEOUT : GOODBYE_CLOSED);
}

/* Into the net's buffer. Returns how much it was, 0: there is no more at the moment. */
static size_t read_buffer(struct conn *c)
{
    assert(c->n_rest < NET_INPUT_BYTES);
    uint8_t *input = c->net->input;
    size_t n_rest = c->n_rest, room = NET_INPUT_BYTES - n_rest;
    if (n_rest) memcpy(input, c->rest, n_rest);
    ptrdiff_t n = read_line(c, input + n_rest, room);
    if (n <= 0) {
        read_failed(c, n);
        return 0;
    }
    bool goes_on = take_input(c, input, n_rest + (size_t)n, clock_now_ns());
    bool is_more = (size_t)n == room || line_has_input(&c->line) || line_was_full(&c->line);
    return goes_on && is_more ? (size_t)n : 0;
}

/* `n` bytes have come where they belong, `n_behind` behind them. */
static bool take_placed(struct conn *c, size_t n, size_t n_behind)
{
    struct channel_receiver receiver = {on_message, c};
    int64_t now = clock_now_ns();
    pthread_mutex_lock(&c->lock);
    channel_placed(c->channel, n, now, &receiver);
    pthread_mutex_unlock(&c->lock);
    return c->state == CONN_UP && take_input(c, c->net->input, n_behind, now);
}

/* The rest of a fragment, at most `n` bytes, to `place`. */
static size_t read_fragment(struct conn *c, uint8_t *place, size_t n)
{
    ptrdiff_t got = line_read_two(&c->line, place, n, c->net->input, BEHIND_FRAGMENT_BYTES);
    if (got <= 0) {
        read_failed(c, got);
        return 0;
    }
    size_t n_placed = (size_t)got < n ? (size_t)got : n;
    bool goes_on = take_placed(c, n_placed, (size_t)got - n_placed);
    return goes_on && (size_t)got == n + BEHIND_FRAGMENT_BYTES ? (size_t)got : 0;
}

static uint8_t *place_of_fragment(struct conn *c, size_t *n_out)
{
    if (c->line.tls || line_has_input(&c->line)) return NULL;
    pthread_mutex_lock(&c->lock);
    uint8_t *place = channel_place(c->channel, n_out);
    pthread_mutex_unlock(&c->lock);
    return place;
}

/* Returns how much it was; 0: there is no more. */
static size_t read_once(struct conn *c)
{
    size_t n;
    uint8_t *place = place_of_fragment(c, &n);
    return place ? read_fragment(c, place, n) : read_buffer(c);
}

/* With TLS the session has keys of its own; nobody but the two processes gets at a Unix-domain socket. */
static void seal(struct conn *c)
{
    if (c->line.tls || c->end.process) return;
    struct seal_key initiator, acceptor;
    handshake_seal_key(c->handshake, ROLE_INITIATOR, &initiator);
    handshake_seal_key(c->handshake, ROLE_ACCEPTOR, &acceptor);
    channel_seal(c->channel, c->is_dialled ? &initiator : &acceptor, c->is_dialled ? &acceptor : &initiator);
    crypto_wipe(&initiator, sizeof initiator);
    crypto_wipe(&acceptor, sizeof acceptor);
}

void conn_go_up(struct conn *c, int64_t now_ns)
{
    assert(c->state == CONN_GREETS || c->state == CONN_JUDGED);
    struct net *net = c->net;
    if (!peer_take(net, c)) return;
    if (!c->is_dialled) net->n_newcomers--;
    net->n_up++;
    net->went_up[c->end.process ? NET_LOCAL : c->line.tls ? NET_TLS : NET_TCP]++;
    c->state = CONN_UP;
    c->deadline_ns = INT64_MAX;
    net_set_deadline(net, now_ns); /* the one that it had is to be forgotten */
    c->tick_ns = now_ns;
    channel_start(c->channel, now_ns);
    channel_heed(c->channel, c->handshake->peer.tick_timeout_ms * INT64_C(1000000));
    seal(c);
    free(c->handshake);
    c->handshake = NULL;
    io_thread_add(net, c);
    net_note_unsent(c);
    net->events->up(net->node->worker, c->peer);
    if (c->state != CONN_UP || c->n_rest == 0) return;
    size_t n = c->n_rest;
    memcpy(net->input, c->rest, n);
    take_input(c, net->input, n, now_ns);
}

void conn_check(struct conn *c)
{
    assert(c->state == CONN_UP || c->state == CONN_OVER);
    pthread_mutex_lock(&c->lock);
    enum goodbye why = channel_failure(c->channel);
    if (why) conn_write_locked(c, clock_now_ns());
    pthread_mutex_unlock(&c->lock);
    if (why) conn_end(c, why);
}

void conn_write_locked(struct conn *c, int64_t now_ns)
{
    ASSERT_LOCKED(&c->lock);
    assert(c->state == CONN_UP && c->channel);
    if (c->state == CONN_OVER) return;
    while (!c->is_write_failed) {
        struct span spans[CHANNEL_SPANS];
        size_t n = channel_output(c->channel, spans);
        if (n == 0) break;
        ptrdiff_t written = line_write_spans(&c->line, spans, n);
        if (written == SOCKET_AGAIN) {
            conn_want(c, POLLER_INPUT | POLLER_OUTPUT);
            return;
        }
        if (written < 0)
            c->is_write_failed = true;
        else
            channel_wrote(c->channel, (size_t)written, now_ns);
    }
    if (!c->is_write_failed) c->is_write_failed = !conn_flush(c);
    if (c->is_write_failed) conn_want(c, POLLER_INPUT);
}

void conn_write(struct conn *c)
{
    pthread_mutex_lock(&c->lock);
    conn_write_locked(c, clock_now_ns());
    pthread_mutex_unlock(&c->lock);
}

/* What the line holds back the poller knows nothing of: all of it is read. */
static void read_some(struct conn *c)
{
    assert(c->state == CONN_UP);
    size_t n, all = 0;
    while ((all < READ_IN_A_ROW_BYTES || line_has_input(&c->line)) && (n = read_once(c)) > 0)
        all += n;
}

void conn_ready(struct conn *c, unsigned ready)
{
    switch (c->state) {
    case CONN_CONNECTS: connected(c); return;
    case CONN_GREETS:
        if (!(ready & POLLER_INPUT))
            greet_write(c);
        else
            do
                greet_read(c);
            while (c->state == CONN_GREETS && line_has_input(&c->line));
        if (c->state == CONN_UP && line_has_input(&c->line)) read_some(c);
        return;
    case CONN_JUDGED:
        if (ready & POLLER_INPUT) conn_end(c, GOODBYE_CLOSED); /* it has nothing to say now: it has gone */
        return;
    case CONN_UP:
        if (ready & POLLER_OUTPUT) conn_write(c);
        if (ready & POLLER_INPUT) read_some(c);
        return;
    case CONN_OVER: return;
    }
}
