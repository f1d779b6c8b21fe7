#include "rt/node/net/large_out.h"

#include <stdlib.h>
#include <string.h>

#include "rt/actor/link.h"
#include "rt/actor/sched.h"
#include "rt/mem/node.h"
#include "rt/node/net/net_state.h"
#include "rt/node/net/peers.h"
#include "rt/node/net/reason.h"
#include "rt/obj/symbol.h"

/* A whole message that waits behind a late one. */
struct behind {
    struct behind *next;
    struct heading heading;
    struct wire_buf body; /* with CHANNEL_ROOM in front, as all here */
};

struct large_out {
    struct large_out *next;
    struct heading heading;
    struct wire_putting *putting; /* NULL: written, or failed */
    bool has_failed;
    struct wire_buf body;
    uint64_t sender; /* serial of its pid; it is parked, or `fail` is there */
    void (*fail)(struct worker *w, struct peer *peer, struct packet *front, struct wire_failure *failure);
    size_t front;                /* bytes of the body in front of the value */
    struct process_queue parked; /* the sender */
    struct behind *behind, **last_behind;
};

static struct worker *worker_of(const struct peer *peer) { return peer->net->node->worker; }

static bool keep_order(const struct heading *a, const struct heading *b)
{
    bool is_in_turn = control_is_in_turn(a->type) || control_is_in_turn(b->type);
    return (a->key && a->key == b->key) || (a->from && a->from == b->from && is_in_turn);
}

/* The newest one: what is sent now comes behind it. */
static struct large_out *find(const struct peer *peer, const struct heading *heading)
{
    struct large_out *found = NULL;
    for (struct large_out *l = peer->large_out; l; l = l->next)
        if (keep_order(&l->heading, heading)) found = l;
    return found;
}

bool large_out_blocks(const struct peer *peer, const struct heading *heading)
{
    return find(peer, heading) != NULL;
}

/* -- messages behind ------------------------------------------------------- */

static bool make_room(struct wire_buf *body)
{
    if (!buf_room(body, 2 * CHANNEL_ROOM)) return false;
    memset(body->bytes, 0, CHANNEL_ROOM);
    body->n = CHANNEL_ROOM;
    return true;
}

struct wire_buf *large_out_begin(struct peer *peer, struct heading heading)
{
    struct behind *b = calloc(1, sizeof *b);
    if (!b || !make_room(&b->body)) {
        free(b);
        return NULL;
    }
    b->heading = heading;
    peer->behind = b;
    return &b->body;
}

const struct wire_buf *large_out_draft(const struct peer *peer, struct heading *heading_out)
{
    *heading_out = peer->behind->heading;
    return &peer->behind->body;
}

void large_out_forget(struct peer *peer)
{
    buf_free(&peer->behind->body);
    free(peer->behind);
    peer->behind = NULL;
}

bool large_out_keep(struct peer *peer)
{
    struct behind *b = peer->behind;
    struct large_out *l = find(peer, &b->heading);
    if (b->body.failed) {
        large_out_forget(peer);
        return false;
    }
    peer->behind = NULL;
    peer->large_out_bytes += b->body.n;
    *l->last_behind = b;
    l->last_behind = &b->next;
    return true;
}

/* -- late messages --------------------------------------------------------- */

static struct large_out *large_out_new(struct worker *w, struct peer *peer, const struct wire_buf *front,
                                       const struct large_out_value *value)
{
    struct wire_ends ends = peer_ends_out(peer);
    ends.lends = true;
    ends.is_image = value->is_image;
    struct large_out *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    buf_put(&l->body, front->bytes, front->n);
    l->putting = l->body.failed ? NULL : wire_put_begin(w, value->value, &ends);
    if (!l->putting) {
        buf_free(&l->body);
        free(l);
        return NULL;
    }
    l->last_behind = &l->behind;
    l->front = front->n;
    l->fail = value->fail;
    if (value->parks) l->sender = process_serial(w->sched->running);
    return l;
}

bool peer_end_large(struct worker *w, struct peer *peer, const struct large_out_value *value)
{
    struct heading heading;
    const struct wire_buf *front = peer_draft(peer, &heading);
    struct large_out *l = large_out_new(w, peer, front, value);
    peer_abandon(peer);
    if (!l) return false;
    l->heading = heading;
    struct large_out **at = &peer->large_out;
    while (*at)
        at = &(*at)->next;
    *at = l;
    net_add_work(peer->net, 1);
    if (value->parks) sched_park_running(w, &l->parked);
    return true;
}

enum sending large_out_end(struct worker *w, struct peer *peer, struct wire_buf *out,
                           const struct large_out_value *value, struct wire_failure *failure)
{
    struct wire_ends ends = peer_ends_out(peer);
    ends.lets_go = value->parks || value->fail;
    ends.lends = !peer->behind;
    ends.is_image = value->is_image;
    if (value->most) ends.max_bytes = value->most;
    bool is_put = wire_put(w, value->value, &ends, out, failure), is_large = failure->status == WIRE_LARGE;
    if (!is_put && !is_large) {
        peer_abandon(peer);
        return SENDING_FAILED;
    }
    if (is_large ? peer_end_large(w, peer, value) : peer_end(peer)) return SENDING_OK;
    peer_drop(peer, GOODBYE_OUT_OF_MEMORY); /* no message is lost in silence; it may have ended anyway */
    return SENDING_LOST;
}

static void free_large_out(struct peer *peer, struct large_out *l)
{
    struct scheduler *s = worker_of(peer)->sched;
    if (l->putting) {
        wire_put_end(l->putting);
        net_add_work(peer->net, -1);
    }
    if (s->parks_on == &l->parked) s->parks_on = NULL;
    sched_unpark(s, &l->parked);
    for (struct behind *b = l->behind, *next; b; b = next) {
        next = b->next;
        buf_free(&b->body);
        free(b);
    }
    buf_free(&l->body);
    free(l);
}

/* The whole message, in the buffer that the channel gives. */
static bool send_body(struct peer *peer, struct heading heading, struct wire_buf *body)
{
    struct wire_buf *out = peer->state == PEER_IDLE ? NULL : peer_begin_now(peer, heading);
    if (!out) return false;
    struct wire_buf own = *out;
    *out = *body;
    *body = own;
    return peer_end(peer);
}

static void send_behind(struct peer *peer, struct large_out *l)
{
    for (struct behind *b; (b = l->behind);) {
        l->behind = b->next;
        peer->large_out_bytes -= b->body.n;
        bool ok = peer->state != PEER_IDLE && send_body(peer, b->heading, &b->body);
        buf_free(&b->body);
        free(b);
        if (!ok && peer->state != PEER_IDLE) peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
    }
}

/* It is in nobody's list any more, so that what is sent does not wait for it. */
static void send_large_out(struct peer *peer, struct large_out *l)
{
    if (!l->has_failed && !send_body(peer, l->heading, &l->body)) peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
    send_behind(peer, l);
    if (peer->state != PEER_IDLE && peer_is_congested(peer)) peer_park_too(peer, &l->parked);
    free_large_out(peer, l);
}

static bool is_first_of_key(const struct peer *peer, const struct large_out *l)
{
    const struct large_out *first = peer->large_out;
    while (!l->heading.key ? first != l : first->heading.key != l->heading.key)
        first = first->next;
    return first == l;
}

/* What is whole goes to the channel, unless an older one has the same key. */
static void send_whole(struct peer *peer)
{
    for (struct large_out **at = &peer->large_out, *l; (l = *at);) {
        if (l->putting || !is_first_of_key(peer, l)) {
            at = &l->next;
            continue;
        }
        *at = l->next;
        send_large_out(peer, l);
        at = &peer->large_out; /* the connection may be lost by now */
    }
}

static void tell_sender(struct worker *w, const struct large_out *l, struct wire_failure *failure)
{
    struct process *p = process_at(w->node->processes, l->sender);
    if (p) link_send_end(w, p, TT_SYM(EXCEPTION), remote_condition(w, failure), p->pid);
}

/* May end the connection, and this message with it. */
static void say_failed(struct peer *peer, struct large_out *l, struct wire_failure *failure)
{
    struct wire_buf body = l->body; /* nothing of it goes out */
    l->body = (struct wire_buf){0};
    struct packet front = packet_of(body.bytes + CHANNEL_ROOM, l->front - CHANNEL_ROOM);
    if (l->fail)
        l->fail(worker_of(peer), peer, &front, failure);
    else
        tell_sender(worker_of(peer), l, failure);
    buf_free(&body);
    text_free(&failure->path);
}

static void settle(struct peer *peer, struct large_out *l, enum wire_progress progress,
                   struct wire_failure *failure)
{
    l->has_failed = progress == WIRE_FAILED;
    wire_put_end(l->putting);
    l->putting = NULL;
    net_add_work(peer->net, -1);
    if (l->has_failed) say_failed(peer, l, failure);
    send_whole(peer);
}

bool large_out_step(struct peer *peer, bool hurry)
{
    for (struct large_out *l = peer->large_out; l; l = l->next) {
        if (!l->putting) continue;
        struct wire_failure failure = {0};
        enum wire_progress progress = wire_put_step(l->putting, hurry, &l->body, &failure);
        if (progress == WIRE_WAITS) continue;
        if (progress != WIRE_GOES_ON) settle(peer, l, progress, &failure);
        return true;
    }
    return false;
}

void large_out_pass_on(struct peer *peer, struct peer *up)
{
    struct large_out **at = &up->large_out;
    while (*at)
        at = &(*at)->next;
    *at = peer->large_out;
    up->large_out_bytes += peer->large_out_bytes;
    peer->large_out = NULL;
    peer->large_out_bytes = 0;
    send_whole(up); /* one that is whole waits no more for what it was behind there */
}

void large_out_drop_all(struct peer *peer)
{
    struct large_out *l;
    if (peer->behind) large_out_forget(peer);
    while ((l = peer->large_out)) {
        peer->large_out = l->next;
        free_large_out(peer, l);
    }
    peer->large_out_bytes = 0;
}
