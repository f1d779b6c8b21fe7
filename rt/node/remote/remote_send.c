/* SEND, SEND_NAME, PORT_WRITE, BOUNCE, TERMINATE. */
#include <string.h>

#include "rt/abi/program.h"
#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/move/move.h"
#include "rt/node/net/address.h"
#include "rt/node/channel/packet.h"
#include "rt/node/remote/large_in.h"
#include "rt/node/net/large_out.h"
#include "rt/node/remote/names.h"
#include "rt/node/remote/remote.h"
#include "rt/node/remote/service.h"
#include "rt/obj/log.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/os/clock.h"
#include "rt/os/options.h"

/* A peer is told, and its user, about packets that cannot be taken. */
#define BOUNCE_PAUSE_NS  (CLOCK_SECOND_NS / 10)
#define WARNING_PAUSE_NS CLOCK_SECOND_NS
#define BOUNCE_MAX_BYTES 1024

/* A mailbox of so few messages, and a message so small, need no look at the heap. */
#define MAILBOX_SMALL       1024
#define MESSAGE_SMALL_BYTES ((size_t)64 << 10)
#define HEAP_HEADROOM_BYTES ((size_t)8 << 20)
/* Mail of other nodes leaves this part of the heap, one in so many, to the program. */
#define HEAP_HEADROOM_PART 8
/* So much may wait for a node to which mail of other nodes is passed on. */
#define PASSED_ON_MAX_BYTES ((size_t)64 << 20)

struct peer *remote_peer_of(struct worker *w, tt_word v)
{
    struct far far;
    far_read(v, &far);
    return peer_of_boot(w->node, far.boot);
}

bool remote_put_value(struct worker *w, struct peer *peer, tt_word v, size_t most, struct wire_buf *out,
                      struct wire_failure *failure)
{
    struct wire_ends ends = peer_ends_out(peer);
    if (most) ends.max_bytes = most;
    return wire_put(w, v, &ends, out, failure);
}

bool remote_get_value(struct worker *w, struct peer *peer, struct packet *f, tt_word *out,
                      struct wire_failure *failure)
{
    if (f->held) return large_in_value(f->held, out, failure);
    struct wire_ends ends = peer_ends_in(peer);
    return wire_get(w, f->at, (size_t)(f->end - f->at), &ends, out, failure);
}

/* -- sending -------------------------------------------------------------- */

/* Ends the packet with the value; one that is large, of a process that can wait, later. */
static enum sending finish(struct worker *w, struct peer *peer, struct wire_buf *out, tt_word value,
                           struct wire_failure *failure)
{
    return large_out_end(
        w, peer, out, &(struct large_out_value){.value = value, .parks = w->sched->running != NULL}, failure);
}

static enum sending send_to_pid(struct worker *w, struct peer *peer, tt_word pid, tt_word message,
                                struct wire_failure *failure)
{
    struct far far;
    far_read(pid, &far);
    struct wire_buf *out = peer ? peer_begin(peer, CONTROL_SEND, packet_key(far.serial)) : NULL;
    if (!out) return SENDING_LOST;
    packet_put_far(out, &far);
    return finish(w, peer, out, message, failure);
}

static enum sending send_to_name(struct worker *w, struct peer *peer, tt_word name, tt_word message,
                                 struct wire_failure *failure)
{
    const uint8_t *bytes = string_bytes(symbol_name(name));
    size_t n = string_length(symbol_name(name));
    struct wire_buf *out = peer ? peer_begin(peer, CONTROL_SEND_NAME, names_key(bytes, n)) : NULL;
    if (!out) return SENDING_LOST;
    packet_put_text(out, bytes, n);
    return finish(w, peer, out, message, failure);
}

/* The process of another node than the peer's that the name stands for, if mail can go straight to it. */
static tt_word find_named(struct worker *w, const struct peer *peer, tt_word name)
{
    const struct far *far =
        names_find(peer, string_bytes(symbol_name(name)), string_length(symbol_name(name)));
    if (!far) return TT_FALSE;
    if (far->boot == 0) {
        const struct process *p = process_at(w->node->processes, far->serial);
        return p ? p->pid : TT_FALSE;
    }
    const struct peer *home = peer_of_boot(w->node, far->boot);
    tt_word pid = home && (home->state != PEER_IDLE || *home->host) ? far_intern(w, FAR_PID, far) : TT_FALSE;
    return pid == TT_FAIL ? TT_FALSE : pid;
}

static enum sending send_here(struct worker *w, tt_word pid, tt_word message, struct wire_failure *failure)
{
    struct process *p = process_find(w->node->processes, pid);
    if (!p || sched_deliver(w->sched, p, message)) return SENDING_OK;
    if (!w->node->remotes->above->take_unsent(w, failure)) failure->status = WIRE_NO_MEMORY;
    return SENDING_FAILED;
}

/* To whatever has that name on this node. */
static enum sending send_to_published(struct worker *w, const void *name, size_t n, tt_word message,
                                      struct peer **congested_out, struct wire_failure *failure)
{
    tt_word pid = service_resolve(w, name, n);
    if (pid == TT_FALSE || pid == TT_FAIL) return SENDING_LOST;
    return pid_is_own(pid) ? send_here(w, pid, message, failure)
                           : remote_send(w, pid, message, congested_out, failure);
}

enum sending remote_send(struct worker *w, tt_word to, tt_word message, struct peer **congested_out,
                         struct wire_failure *failure)
{
    *congested_out = NULL;
    bool is_service = tt_is_type(to, TT_TYPE_SERVICE);
    tt_word name = is_service ? TT_OBJ(SERVICE, to)->name : TT_FALSE;
    if (is_service && address_is_here(w, TT_OBJ(SERVICE, to)->node))
        return send_to_published(w, string_bytes(symbol_name(name)), string_length(symbol_name(name)),
                                 message, congested_out, failure);
    struct peer *peer = is_service ? address_peer(w, TT_OBJ(SERVICE, to)->node) : remote_peer_of(w, to);
    tt_word pid = is_service && peer ? find_named(w, peer, name) : TT_FALSE;
    if (pid != TT_FALSE && pid_is_own(pid)) return send_here(w, pid, message, failure);
    if (pid != TT_FALSE) {
        enum sending straight = remote_send(w, pid, message, congested_out, failure);
        if (straight != SENDING_LOST) return straight; /* else its node can be reached by that peer only */
    }
    enum sending result = is_service ? send_to_name(w, peer, name, message, failure)
                                     : send_to_pid(w, peer, to, message, failure);
    if (result == SENDING_OK && peer_is_congested(peer)) *congested_out = peer;
    return result;
}

enum sending remote_write(struct worker *w, tt_word port, const void *bytes, size_t n,
                          struct peer **congested_out)
{
    struct far far;
    far_read(port, &far);
    *congested_out = NULL;
    struct peer *peer = peer_of_boot(w->node, far.boot);
    struct wire_buf *out = peer ? peer_begin(peer, CONTROL_PORT_WRITE, UINT64_C(1) << 61 | far.serial) : NULL;
    if (!out) return SENDING_LOST;
    packet_put_far(out, &far);
    packet_put_text(out, bytes, n);
    if (!peer_end(peer)) return SENDING_LOST;
    if (peer_is_congested(peer)) *congested_out = peer;
    return SENDING_OK;
}

enum sending remote_terminate(struct worker *w, tt_word pid, tt_word reason, struct wire_failure *failure)
{
    struct far far;
    far_read(pid, &far);
    struct peer *peer = peer_of_boot(w->node, far.boot);
    struct wire_buf *out = peer ? peer_begin(peer, CONTROL_TERMINATE, packet_key(far.serial)) : NULL;
    if (!out) return SENDING_LOST;
    packet_put_far(out, &far);
    return finish(w, peer, out, reason, failure);
}

/* -- taking --------------------------------------------------------------- */

static size_t headroom(const struct worker *w)
{
    size_t part = heap_limit_bytes() / HEAP_HEADROOM_PART;
    return part > HEAP_HEADROOM_BYTES ? part : HEAP_HEADROOM_BYTES;
}

/* Memory is short even after a collection; there is one a second at most. */
static bool heap_is_short(struct worker *w)
{
    struct remotes *remotes = w->node->remotes;
    if (heap_leaves_room(headroom(w))) return false;
    int64_t now = clock_now_ns();
    if (now - remotes->collected_ns >= CLOCK_SECOND_NS) {
        heap_collect_major();
        remotes->collected_ns = clock_now_ns();
    }
    return !heap_leaves_room(headroom(w));
}

/* Nobody can be parked for what is passed on: its senders are on other nodes. */
static bool is_choked(const struct peer *peer) { return peer && peer_backlog(peer) > PASSED_ON_MAX_BYTES; }

/* What other nodes send must not use up a node's memory: a process that lets its mail
 * pile up ends, with news for its links, before the node does (G6 in LANGUAGE.md); so does
 * one that is elsewhere, on a node which does not take its mail. */
static bool may_keep_more(struct worker *w, const struct process *p, size_t bytes)
{
    size_t kept = p->mbox.live;
    if (is_choked(w->node->remotes->above->place(w, p))) return false;
    if (kept < MAILBOX_SMALL && bytes < MESSAGE_SMALL_BYTES) return true;
    return kept < w->node->options->max_mailbox && !heap_is_short(w);
}

static void overflow(struct worker *w, struct process *p)
{
    log_event(w->node, "%s: node: process %u.%u has too much mail and is ended: mailbox-overflow",
              w->node->program->name, p->index, p->serial);
    if (p->mover) p->mover->is_full = true;
    sched_terminate(w, p, TT_SYM(EXCEPTION), symbol_intern_text(w, "mailbox-overflow"));
}

void remote_deliver(struct worker *w, struct peer *from, struct process *p, tt_word message, size_t bytes)
{
    bool is_ending = p->mover && p->mover->is_full;
    if (!is_ending && may_keep_more(w, p, bytes)) {
        struct wire_failure failure;
        if (sched_deliver(w->sched, p, message)) return;
        if (w->node->remotes->above->take_unsent(
                w, &failure)) { /* its process is elsewhere, where this cannot go */
            remote_bounce(w, from, &failure);
            text_free(&failure.path);
            return;
        }
    }
    w->node->remotes->counters.overflows++;
    if (!is_ending) overflow(w, p);
}

bool remote_take_send(struct worker *w, struct peer *peer, struct packet *f)
{
    struct process *p = packet_near(w, f);
    if (f->is_bad) return false;
    if (!p) {
        w->node->remotes->counters.undelivered++;
        return true;
    }
    tt_word message;
    size_t bytes = (size_t)(f->end - f->at);
    struct wire_failure failure = {0};
    if (remote_get_value(w, peer, f, &message, &failure))
        remote_deliver(w, peer, p, message, bytes);
    else
        remote_bounce(w, peer, &failure);
    return true;
}

/* To whatever has that name here, or on a third node. */
static void take_for_name(struct worker *w, struct peer *from, tt_word pid, tt_word message, size_t bytes)
{
    struct remote_counters *counters = &w->node->remotes->counters;
    struct process *p = pid_is_own(pid) ? process_find(w->node->processes, pid) : NULL;
    if (p) {
        remote_deliver(w, from, p, message, bytes);
    } else if (pid_is_own(pid)) {
        counters->undelivered++;
    } else if (is_choked(remote_peer_of(w, pid))) {
        counters->overflows++;
    } else {
        struct peer *congested;
        struct wire_failure failure = {0};
        enum sending result = remote_send(w, pid, message, &congested, &failure);
        if (result != SENDING_OK) counters->undelivered++;
        if (result == SENDING_FAILED) remote_bounce(w, from, &failure);
        text_free(&failure.path);
    }
}

bool remote_take_send_name(struct worker *w, struct peer *peer, struct packet *f)
{
    size_t n;
    const uint8_t *name = packet_text(f, &n);
    if (!name) return false;
    tt_word message;
    size_t bytes = (size_t)(f->end - f->at);
    struct wire_failure failure = {0};
    tt_word pid = service_resolve(w, name, n);
    if (!remote_get_value(w, peer, f, &message, &failure))
        remote_bounce(w, peer, &failure);
    else if (pid == TT_FALSE || pid == TT_FAIL)
        w->node->remotes->counters.unknown_names++;
    else
        take_for_name(w, peer, pid, message, bytes);
    return true;
}

bool remote_take_port_write(struct worker *w, struct peer *peer, struct packet *f)
{
    uint64_t number = packet_varint(f);
    const uint8_t *mac = packet_bytes(f, FAR_MAC_BYTES);
    uint64_t n = packet_varint(f);
    const uint8_t *bytes = packet_bytes(f, n <= SIZE_MAX ? (size_t)n : SIZE_MAX);
    if (!packet_is_read(f)) return false;
    if (near_mac_is(w, FAR_PORT, number, mac))
        w->node->remotes->write_port(w, number, bytes, (size_t)n);
    else
        w->node->remotes->counters.undelivered++;
    return true;
}

bool remote_take_terminate(struct worker *w, struct peer *peer, struct packet *f)
{
    struct process *p = packet_near(w, f);
    if (f->is_bad) return false;
    tt_word reason;
    struct wire_failure failure = {0};
    if (!remote_get_value(w, peer, f, &reason, &failure)) {
        w->node->remotes->counters.undecodable++;
        reason = remote_condition(w, &failure);
    }
    bool is_kind = reason == TT_SYM(KILLED) || reason == TT_SYM(NORMAL);
    if (p)
        sched_terminate(w, p, is_kind ? reason : TT_SYM(EXCEPTION), is_kind ? TT_FALSE : reason);
    else
        w->node->remotes->counters.undelivered++;
    return true;
}

/* -- what could not be taken ---------------------------------------------- */

struct wire_buf *remote_begin_reply(struct peer *peer, enum control type, uint64_t key)
{
    struct remote *remote = remote_of(peer);
    if (!remote || peer->state == PEER_IDLE) return NULL;
    if (!peer_is_congested(peer)) {
        remote->unread_replies = 0;
    } else if (++remote->unread_replies > REMOTE_UNREAD_MAX) {
        peer_drop(peer, GOODBYE_CONGESTED);
        return NULL;
    }
    return peer_begin(peer, type, key);
}

void remote_bounce(struct worker *w, struct peer *peer, const struct wire_failure *failure)
{
    w->node->remotes->counters.undecodable++;
    struct remote *remote = remote_of(peer);
    int64_t now = clock_now_ns();
    if (!remote || (remote->bounced_ns && now - remote->bounced_ns < BOUNCE_PAUSE_NS)) return;
    remote->bounced_ns = now;
    struct text why = {0};
    text_add_c(&why, wire_status_text(failure->status));
    if (failure->status == WIRE_UNKNOWN_CODE || failure->status == WIRE_WRONG_CODE) {
        text_add_c(&why, " ");
        for (size_t i = 0; i < sizeof failure->code_id; i++)
            text_addf(&why, "%02x", failure->code_id[i]);
        if (failure->missing) text_add_c(&why, ": ");
        if (failure->missing) text_add_c(&why, failure->missing);
    }
    struct wire_buf *out = why.failed ? NULL : peer_begin(peer, CONTROL_BOUNCE, 0);
    if (out) {
        packet_put_text(out, why.bytes, why.n);
        peer_end(peer);
    }
    text_free(&why);
}

void remote_warn(struct worker *w, const char *what, const char *why)
{
    struct remotes *remotes = w->node->remotes;
    int64_t now = clock_now_ns();
    if (remotes->warned_ns && now - remotes->warned_ns < WARNING_PAUSE_NS) return;
    remotes->warned_ns = now;
    log_line(w->node, "%s: node: %s: %s", w->node->program->name, what, why);
}

bool remote_take_bounce(struct worker *w, struct peer *peer, struct packet *f)
{
    size_t n;
    const uint8_t *text = packet_text(f, &n);
    if (!packet_is_read(f)) return false;
    struct remotes *remotes = w->node->remotes;
    int64_t now = clock_now_ns();
    if (!remotes->warned_ns || now - remotes->warned_ns >= WARNING_PAUSE_NS) {
        remotes->warned_ns = now;
        log_line(w->node, "node %s:%u could not take a message: %.*s", peer->host, peer->port,
                 n < BOUNCE_MAX_BYTES ? (int)n : BOUNCE_MAX_BYTES, (const char *)text);
    }
    return true;
}
