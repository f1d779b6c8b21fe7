#include "rt/node/remote/request.h"

#include <stdlib.h>

#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/net/address.h"
#include "rt/node/remote/answer.h"
#include "rt/node/channel/packet.h"
#include "rt/node/net/large_out.h"
#include "rt/node/remote/far_link.h"
#include "rt/obj/list.h"
#include "rt/obj/symbol.h"

struct request {
    uint64_t number;   /* of its tag */
    uint64_t asker;    /* who waits, a process of this node by its packet_key; 0: nobody any more */
    struct peer *peer; /* NULL: this node is asked */
    bool has_links;    /* SPAWN with links: the records link_id and link_id + 1 */
    uint64_t link_id;
    struct request *next, **prev; /* with the same peer */
};

static struct pairmap *table(struct worker *w) { return &w->node->remotes->requests; }

static struct request *find(struct worker *w, uint64_t number) { return pairmap_get(table(w), number, 0); }

static void prepend(struct remote *remote, struct request *r)
{
    r->next = remote->requests;
    r->prev = &remote->requests;
    if (r->next) r->next->prev = &r->next;
    remote->requests = r;
}

/* NULL: no memory. */
static struct request *begin(struct worker *w, struct process *p, tt_word tag, struct peer *peer)
{
    struct remote *remote = peer ? remote_of(peer) : NULL;
    struct request *r = !peer || remote ? calloc(1, sizeof *r) : NULL;
    if (!r || !pairmap_put(table(w), near_serial(tag), 0, r)) {
        free(r);
        heap_fail(w);
        return NULL;
    }
    r->number = near_serial(tag);
    r->asker = packet_key(process_serial(p));
    r->peer = peer;
    if (remote) prepend(remote, r);
    return r;
}

static void end(struct worker *w, struct request *r)
{
    pairmap_remove(table(w), r->number, 0);
    if (r->prev) {
        *r->prev = r->next;
        if (r->next) r->next->prev = r->prev;
    }
    free(r);
}

static void deliver(struct worker *w, const struct request *r, tt_word status, tt_word value)
{
    struct process *p = r->asker ? process_at(w->node->processes, r->asker - 1) : NULL;
    if (!p) return;
    struct list_builder message = list_build();
    list_add(w, &message, near_tag(w, r->number));
    list_add(w, &message, status);
    list_add(w, &message, value);
    if (message.list == TT_FAIL || !sched_deliver(w->sched, p, message.list))
        w->node->remotes->counters.out_of_memory++;
}

/* It ends without what was asked for. */
static void fail(struct worker *w, struct request *r, tt_word status, tt_word value)
{
    if (r->has_links) far_link_child_is(w, r->peer, r->link_id, NULL);
    deliver(w, r, status, value);
    end(w, r);
}

uint64_t request_key(struct worker *w, uint64_t number)
{
    const struct request *r = find(w, number);
    return r ? r->asker : 0;
}

void request_conclude(struct worker *w, uint64_t number, tt_word status, tt_word value)
{
    struct request *r = find(w, number);
    if (!r) return; /* cancelled */
    deliver(w, r, status, value);
    end(w, r);
}

/* -- asking --------------------------------------------------------------- */

/* Packets of one request in order: SPAWN before what its links say. Above all serials. */
static uint64_t key_of(const struct request *r) { return UINT64_C(1) << 63 | r->number; }

/* A request whose value was found out later to be none that can travel. */
static void fail_large_out(struct worker *w, struct peer *peer, struct packet *front,
                           struct wire_failure *failure)
{
    struct request *r = find(w, packet_varint(front));
    if (r && r->peer == peer) fail(w, r, TT_SYM(REFUSED), remote_refusal(w, failure));
}

/* The value is the rest of the packet that was begun. */
static bool send_value(struct worker *w, struct request *r, struct wire_buf *out, tt_word value,
                       struct wire_failure *failure)
{
    uint64_t number = r->number;
    if (value != TT_FAIL) {
        enum sending sent = large_out_end(
            w, r->peer, out, &(struct large_out_value){.value = value, .fail = fail_large_out}, failure);
        r = find(w, number); /* the loss of the connection ends it */
        if (sent == SENDING_LOST && r) fail(w, r, TT_SYM(LOST), TT_FALSE);
        if (sent != SENDING_FAILED) return true;
    } else {
        peer_abandon(r->peer);
    }
    if (r->has_links) far_link_child_is(w, r->peer, r->link_id, NULL);
    end(w, r);
    return false;
}

bool request_ask(struct worker *w, struct process *p, tt_word tag, tt_word node, tt_word what,
                 struct wire_failure *failure)
{
    bool is_here = address_is_here(w, node);
    struct peer *peer = is_here ? NULL : address_peer(w, node);
    struct request *r = begin(w, p, tag, peer);
    if (!r) return false;
    if (is_here) {
        answer_do(w, &(struct asker){NULL, r->number, 0}, what);
        return true;
    }
    struct wire_buf *out = peer ? peer_begin(peer, CONTROL_ASK, key_of(r)) : NULL;
    if (!out) {
        fail(w, r, TT_SYM(LOST), TT_FALSE);
        return true;
    }
    buf_put_varint(out, r->number);
    packet_put_own(w, out, FAR_PID, process_serial(p));
    return send_value(w, r, out, what, failure);
}

bool request_spawn(struct worker *w, struct process *p, tt_word tag, tt_word node, tt_word thunk, bool linked,
                   struct wire_failure *failure)
{
    struct peer *peer = address_peer(w, node);
    struct request *r = begin(w, p, tag, peer);
    if (!r) return false;
    if (linked && peer) {
        r->has_links = far_link_expect_child(w, peer, p, key_of(r), &r->link_id);
        if (!r->has_links) {
            end(w, r);
            return false;
        }
    }
    struct wire_buf *out = peer ? peer_begin(peer, CONTROL_SPAWN, key_of(r)) : NULL;
    if (!out) {
        fail(w, r, TT_SYM(LOST), TT_FALSE);
        return true;
    }
    buf_put_varint(out, r->number);
    buf_put_byte(out, linked);
    buf_put_varint(out, r->link_id);
    packet_put_own(w, out, FAR_PID, process_serial(p));
    return send_value(w, r, out, heap_cons(w, thunk, w->params), failure);
}

/* Messages (tag status value) that came since the tag was made. */
static void take_answer_out(struct process *p, tt_word tag)
{
    uint64_t cursor = tag == p->tag ? p->tag_seq : 0;
    for (struct mbox_entry *e; (e = mbox_next(&p->mbox, cursor)); cursor = e->seq) {
        if (!tt_is_pair(e->message) || tt_car(e->message) != tag) continue;
        mbox_remove(&p->mbox, e->seq);
        return;
    }
}

void request_cancel(struct worker *w, struct process *p, tt_word tag)
{
    struct request *r = find(w, near_serial(tag));
    if (!r)
        take_answer_out(p, tag);
    else if (r->has_links)
        r->asker = 0; /* the child will come, and is linked */
    else
        end(w, r);
}

void request_pass_on(struct remote *remote, struct peer *same)
{
    for (struct request *r; (r = remote->requests);) {
        remote->requests = r->next;
        r->peer = same;
        prepend(same->remote, r);
    }
}

void request_lose_all(struct worker *w, struct peer *peer)
{
    for (struct request *r; (r = peer->remote->requests);)
        fail(w, r, TT_SYM(LOST), TT_FALSE);
}

/* -- answers -------------------------------------------------------------- */

/* The request that a packet of the peer is about; NULL: cancelled, or never made. */
static struct request *read_request(struct worker *w, struct peer *peer, struct packet *f)
{
    struct request *r = find(w, packet_varint(f));
    if (!f->is_bad && r && r->peer == peer) return r;
    w->node->remotes->counters.unknown_requests++;
    return NULL;
}

bool request_take_spawned(struct worker *w, struct peer *peer, struct packet *f)
{
    struct request *r = read_request(w, peer, f);
    struct far child = packet_far(f, peer->boot);
    if (!packet_is_read(f)) return false;
    if (!r) return true;
    tt_word pid = far_intern(w, FAR_PID, &child);
    if (pid == TT_FAIL) {
        peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
        return true;
    }
    if (r->has_links) far_link_child_is(w, peer, r->link_id, &child);
    deliver(w, r, TT_SYM(VALUE), pid);
    end(w, r);
    return true;
}

bool request_take_answer(struct worker *w, struct peer *peer, struct packet *f)
{
    struct request *r = read_request(w, peer, f);
    uint8_t raised = packet_byte(f);
    if (f->is_bad || raised > 1) return false;
    if (!r) return true;
    tt_word value;
    struct wire_failure failure = {0};
    if (remote_get_value(w, peer, f, &value, &failure)) {
        deliver(w, r, raised ? TT_SYM(RAISED) : TT_SYM(VALUE), value);
        end(w, r);
    } else {
        w->node->remotes->counters.undecodable++;
        fail(w, r, TT_SYM(REFUSED), remote_refusal(w, &failure));
    }
    return true;
}

/* (kind message . irritants) */
static bool is_refusal(tt_word v)
{
    return tt_is_pair(v) && tt_is_type(tt_car(v), TT_TYPE_SYMBOL) && tt_is_pair(tt_cdr(v)) &&
           tt_is_type(tt_car(tt_cdr(v)), TT_TYPE_STRING);
}

bool request_take_refused(struct worker *w, struct peer *peer, struct packet *f)
{
    struct request *r = read_request(w, peer, f);
    if (f->is_bad) return false;
    if (!r) return true;
    tt_word value;
    struct wire_failure failure = {0};
    if (!remote_get_value(w, peer, f, &value, &failure)) value = remote_refusal(w, &failure);
    if (!is_refusal(value)) return false;
    fail(w, r, TT_SYM(REFUSED), value);
    return true;
}
