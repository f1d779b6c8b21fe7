/* One peer: messages to it, attempts to reach it, the ends of its connections. */
#include "rt/node/net/peer.h"

#include <assert.h>
#include <stdlib.h>

#include "rt/actor/sched.h"
#include "rt/mem/node.h"
#include "rt/node/net/conn.h"
#include "rt/node/channel/packet.h"
#include "rt/node/net/large_out.h"
#include "rt/node/net/peers.h"
#include "rt/os/clock.h"
#include "rt/os/random.h"

/* Of a message's body, what stands in front of its value: so what may be encoded may
 * be sent. */
#define FRONT_MAX_BYTES 1024

static struct worker *worker_of(const struct peer *peer) { return peer->net->node->worker; }

static uint32_t dice(void)
{
    uint32_t n;
    random_bytes(&n, sizeof n);
    return n;
}

/* What a peer has in each state (peer.h). */
__attribute__((unused)) static bool is_sound(const struct peer *peer)
{
    switch (peer->state) {
    case PEER_IDLE:
        return !peer->conn && !peer->waiting && !peer->resolution && !peer->large_out && !peer->parked.head;
    case PEER_DIALS:
        return peer->waiting && (!peer->conn || (peer->conn->is_dialled && peer->conn->peer == peer));
    case PEER_UP:
        return !peer->waiting && peer->conn && peer->conn->state == CONN_UP && peer->conn->peer == peer;
    }
    return false;
}

/* -- messages ------------------------------------------------------------- */

/* Nothing is tried yet: the caller is in the middle of something. */
static bool begin_series(struct peer *peer)
{
    assert(peer->state == PEER_IDLE && is_sound(peer));
    struct net *net = peer->net;
    int64_t now = clock_now_ns();
    const char *why;
    if (!*peer->host || net->is_stopping || !series_may_begin(&peer->series, now)) return false;
    if (!net_open(net, &why)) {
        net_log(net, "cannot connect to %s: %s", peer->host, why);
        return false;
    }
    if (!(peer->waiting = channel_new(&net->limits, now))) return false;
    series_begin(&peer->series, now);
    peer->avoids_local = false;
    peer_become(peer, PEER_DIALS);
    net->n_unsettled++;
    net_look_soon(net);
    net_set_deadline(net, now); /* while one process computes there are no switches: the I/O thread asks */
    return true;
}

static struct channel *channel_of(const struct peer *peer)
{
    assert(peer->state != PEER_IDLE);
    return peer->state == PEER_UP ? peer->conn->channel : peer->waiting;
}

struct wire_buf *peer_begin(struct peer *peer, enum control type, uint64_t key)
{
    const struct process *sender = worker_of(peer)->sched->running;
    return peer_begin_from(peer,
                           (struct heading){type, key, sender ? packet_key(process_serial(sender)) : 0});
}

struct wire_buf *peer_begin_from(struct peer *peer, struct heading heading)
{
    assert(!peer->behind);
    if (__builtin_expect(peer->state == PEER_IDLE, 0) && !begin_series(peer)) return NULL;
    if (__builtin_expect(peer->large_out != NULL, 0) && large_out_blocks(peer, &heading))
        return large_out_begin(peer, heading);
    return peer_begin_now(peer, heading);
}

struct wire_buf *peer_begin_now(struct peer *peer, struct heading heading)
{
    return channel_begin(channel_of(peer), heading);
}

const struct wire_buf *peer_draft(const struct peer *peer, struct heading *heading_out)
{
    return peer->behind ? large_out_draft(peer, heading_out) : channel_draft(channel_of(peer), heading_out);
}

static bool note_backlog(struct peer *peer, const struct channel *channel)
{
    size_t backlog = channel_backlog(channel);
    peer->is_congested = channel_is_congested(channel);
    return backlog >= peer->net->limits.output_low_bytes;
}

bool peer_end(struct peer *peer)
{
    assert(peer->behind || peer->state != PEER_IDLE);
    struct conn *c = peer->conn;
    if (__builtin_expect(peer->behind != NULL, 0)) {
        bool ok = large_out_keep(peer);
        peer->is_congested = peer->large_out_bytes > peer->net->limits.credit_bytes;
        return ok;
    }
    if (peer->state != PEER_UP) {
        bool ok = channel_end(peer->waiting);
        note_backlog(peer, peer->waiting);
        return ok;
    }
    pthread_mutex_lock(&c->lock);
    bool ok = channel_end(c->channel), is_much = note_backlog(peer, c->channel);
    if (is_much) conn_write_locked(c, clock_now_ns());
    pthread_mutex_unlock(&c->lock);
    net_note_unsent(c);
    return ok;
}

void peer_abandon(struct peer *peer)
{
    if (peer->behind)
        large_out_forget(peer);
    else
        channel_abandon(channel_of(peer));
}

void peer_flush(struct peer *peer)
{
    if (peer->state == PEER_UP) conn_write(peer->conn);
}

void peer_drop(struct peer *peer, enum goodbye why)
{
    if (peer->state == PEER_UP) conn_drop(peer->conn, why);
}

struct wire_ends peer_ends_out(const struct peer *peer)
{
    const struct conn *c = peer->state == PEER_UP ? peer->conn : NULL;
    bool is_near = c && (c->end.process || socket_address_is_loopback(&c->remote));
    return (struct wire_ends){.sender = 0,
                              .receiver = peer->boot ? peer->boot : UINT32_MAX,
                              .zips = !is_near,
                              .max_bytes = peer->net->limits.message_max_bytes - FRONT_MAX_BYTES};
}

struct wire_ends peer_ends_in(const struct peer *peer)
{
    return (struct wire_ends){
        .sender = peer->boot, .receiver = 0, .max_bytes = peer->net->limits.message_max_bytes};
}

/* -- senders that wait ---------------------------------------------------- */

bool peer_is_congested(const struct peer *peer) { return peer->is_congested; }

void peer_park_sender(struct worker *w, struct peer *peer)
{
    assert(peer->state != PEER_IDLE && peer->is_congested && w->sched->running);
    if (!peer->parked.head) peer->net->n_parked++;
    sched_park_running(w, &peer->parked);
}

void peer_park_too(struct peer *peer, struct process_queue *parked)
{
    if (!parked->head) return;
    for (const struct process *p = parked->head; p; p = p->next)
        if (p->is_main) worker_of(peer)->sched->main_queue = &peer->parked;
    if (!peer->parked.head) peer->net->n_parked++;
    *(peer->parked.head ? &peer->parked.tail->next : &peer->parked.head) = parked->head;
    peer->parked.tail = parked->tail;
    *parked = (struct process_queue){0};
}

static void unpark(struct peer *peer)
{
    assert(!peer->parked.head || peer->net->n_parked > 0);
    peer->is_congested = false;
    if (!peer->parked.head) return;
    peer->net->n_parked--;
    sched_unpark(worker_of(peer)->sched, &peer->parked);
}

/* In the channel. */
static size_t count_waiting(const struct peer *peer)
{
    if (peer->state != PEER_UP) return peer->waiting ? channel_backlog(peer->waiting) : 0;
    pthread_mutex_lock(&peer->conn->lock);
    size_t n = channel_backlog(peer->conn->channel);
    pthread_mutex_unlock(&peer->conn->lock);
    return n;
}

size_t peer_backlog(const struct peer *peer) { return count_waiting(peer) + peer->large_out_bytes; }

static bool has_taken_enough(const struct peer *peer)
{
    if (peer->state != PEER_UP) return false;
    size_t most = peer->net->limits.credit_bytes / 2;
    return count_waiting(peer) <= most && peer->large_out_bytes <= most;
}

void peers_unpark(struct net *net)
{
    for (struct peer *peer = peers_first_busy(net); peer && net->n_parked; peer = peers_next_busy(net))
        if (peer->parked.head && has_taken_enough(peer)) unpark(peer);
}

/* -- what is done in steps ----------------------------------------------- */

static bool step(struct net *net, struct peer *peer)
{
    bool has_written = peer->large_out && large_out_step(peer, false);
    bool has_read = peer->large_in && net->events->step && net->events->step(net->node->worker, peer);
    return has_written || has_read;
}

void peers_step(struct net *net, int64_t ns)
{
    int64_t end = clock_now_ns() + ns;
    bool goes_on = true;
    while (goes_on && clock_now_ns() < end) {
        goes_on = false;
        for (struct peer *peer = peers_first_busy(net); peer; peer = peers_next_busy(net))
            if ((peer->large_out || peer->large_in) && step(net, peer)) goes_on = true;
    }
}

void peers_finish_large_out(struct net *net)
{
    for (struct peer *peer = peers_first_busy(net); peer; peer = peers_next_busy(net))
        while (peer->large_out && large_out_step(peer, true))
            continue;
}

/* -- attempts ------------------------------------------------------------- */

static void end_series(struct peer *peer)
{
    assert(peer->state == PEER_DIALS && peer->net->n_unsettled > 0);
    peer->net->n_unsettled--;
    peer->wants_run = false;
    if (peer->conn) conn_give_up(peer->conn);
    if (peer->resolution) resolve_free(peer->resolution);
    if (peer->waiting) channel_free(peer->waiting);
    peer->conn = NULL;
    peer->resolution = NULL;
    peer->waiting = NULL;
    peer_become(peer, PEER_IDLE);
}

void peer_give_up(struct peer *peer, enum goodbye why)
{
    assert(peer->state == PEER_DIALS && why != GOODBYE_NONE);
    large_out_drop_all(peer);
    end_series(peer);
    series_give_up(&peer->series, clock_now_ns(), why, dice());
    unpark(peer);
    peer->net->events->down(worker_of(peer), peer, why);
}

void peer_pass_on(struct peer *peer, struct peer *up)
{
    assert(peer->state == PEER_DIALS && up->state == PEER_UP && is_sound(peer) && is_sound(up));
    const struct peer_events *events = peer->net->events;
    struct process_queue parked = peer->parked;
    pthread_mutex_lock(&up->conn->lock);
    bool is_whole = channel_pass_on(peer->waiting, up->conn->channel);
    pthread_mutex_unlock(&up->conn->lock);
    large_out_pass_on(peer, up);
    if (events->pass_on && !events->pass_on(worker_of(peer), peer, up)) is_whole = false;
    if (parked.head) peer->net->n_parked--;
    peer->parked = (struct process_queue){0};
    peer->is_congested = false;
    peer_park_too(up, &parked);
    end_series(peer);
    series_succeed(&peer->series);
    net_note_unsent(up->conn);
    if (!is_whole) peer_drop(up, GOODBYE_OUT_OF_MEMORY);
}

void peer_attempt_failed(struct peer *peer, enum goodbye why)
{
    if (peer->state != PEER_DIALS) return;
    unsigned addresses = peer->resolution ? resolve_count(peer->resolution) : 1;
    peer->conn = NULL;
    peer->avoids_local = false; /* that was a node which ended, perhaps */
    if (why == GOODBYE_NONE) {
        series_attempt_failed(&peer->series, clock_now_ns(), addresses, dice());
        net_set_deadline(peer->net, peer->series.next);
    } else {
        peer_give_up(peer, why);
    }
}

bool peer_is_tried_in_vain(const struct peer *peer)
{
    unsigned addresses = peer->resolution ? resolve_count(peer->resolution) : 0;
    return peer->state == PEER_DIALS && addresses > 0 && peer->series.attempts >= addresses;
}

void peer_avoid_local(struct peer *peer)
{
    if (peer->state != PEER_DIALS) return;
    peer->conn = NULL;
    peer->avoids_local = true;
    net_set_deadline(peer->net, peer->series.next); /* which is over: it led to that attempt */
}

static void attempt(struct peer *peer, int64_t now_ns)
{
    assert(peer->state == PEER_DIALS && !peer->conn);
    unsigned n = resolve_count(peer->resolution);
    struct socket_address to = resolve_address(peer->resolution, peer->series.attempts % n, peer->port);
    int64_t deadline = now_ns + SERIES_NS / n, end = peer->series.since + SERIES_NS;
    peer->conn = conn_dial(peer->net, peer, &to, deadline < end ? deadline : end);
    if (!peer->conn) peer_attempt_failed(peer, GOODBYE_NONE);
}

/* DIALS: what is due. */
static void settle(struct peer *peer, int64_t now_ns)
{
    assert(peer->state == PEER_DIALS && is_sound(peer));
    if (peer->conn) {
        if (now_ns >= peer->conn->deadline_ns) conn_end(peer->conn, GOODBYE_NONE);
        if (peer->conn) return;
    }
    if (series_is_over(&peer->series, now_ns)) {
        peer_give_up(peer, GOODBYE_UNREACHABLE);
        return;
    }
    if (!peer->resolution) peer->resolution = resolve_begin(peer->host, &peer->net->poller);
    bool is_pending = peer->resolution && resolve_state(peer->resolution) == RESOLVE_PENDING;
    if (!is_pending && (!peer->resolution || resolve_count(peer->resolution) == 0))
        peer_give_up(peer, GOODBYE_UNREACHABLE);
    else if (!is_pending && now_ns >= peer->series.next)
        attempt(peer, now_ns);
}

void peers_give_back(struct net *net, int64_t ns, int64_t now_ns)
{
    for (struct peer *peer = net->busy.first; peer; peer = peer->next) {
        int64_t since = peer->series.since + ns;
        if (peer->state == PEER_DIALS) peer->series.since = since < now_ns ? since : now_ns;
    }
}

static void note_deadline(struct peer *peer)
{
    if (peer->state != PEER_DIALS || peer->conn) return;
    int64_t end = peer->series.since + SERIES_NS;
    bool is_waiting = peer->resolution && resolve_state(peer->resolution) == RESOLVE_PENDING;
    net_set_deadline(peer->net, is_waiting || peer->series.next > end ? end : peer->series.next);
}

void peers_settle(struct net *net, int64_t now_ns)
{
    for (struct peer *peer = peers_first_busy(net); peer; peer = peers_next_busy(net)) {
        if (peer->state == PEER_DIALS) settle(peer, now_ns);
        note_deadline(peer);
    }
}

/* -- the connection ------------------------------------------------------- */

/* The connection becomes the peer's. False: no memory. */
bool peer_go_up(struct peer *peer, struct conn *c)
{
    assert(peer->state != PEER_UP && is_sound(peer));
    if (peer->state == PEER_DIALS) {
        c->channel = peer->waiting;
        peer->waiting = NULL;
        if (peer->conn == c) peer->conn = NULL; /* not to be given up */
        end_series(peer);
    }
    if (!c->channel) c->channel = channel_new(&peer->net->limits, clock_now_ns());
    if (!c->channel) return false;
    series_succeed(&peer->series);
    c->peer = peer;
    peer->conn = c;
    peer_become(peer, PEER_UP);
    peer->has_been_up = true;
    peer->epoch++;
    return true;
}

void peer_lost(struct peer *peer, enum goodbye why)
{
    if (peer->net->events->finish) peer->net->events->finish(worker_of(peer), peer);
    large_out_drop_all(peer);
    peer->conn = NULL;
    peer_become(peer, PEER_IDLE);
    unpark(peer);
    peer->net->events->down(worker_of(peer), peer, why);
}
