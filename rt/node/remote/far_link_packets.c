/* WATCH, TELL, FORGET, END: sending and taking them. */
#include "rt/node/remote/far_link_packets.h"

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/channel/packet.h"
#include "rt/node/remote/service.h"
#include "rt/obj/symbol.h"

/* -- sending -------------------------------------------------------------- */

/* Packets about a far link are its process's: so they keep the order of what that one has sent. */
static uint64_t sender_of(const struct far_link *r)
{
    const struct process *p = r->link.from ? r->link.from : r->link.to;
    return p ? packet_key(process_serial(p)) : 0;
}

static struct wire_buf *begin_packet(const struct far_link *r, enum control type)
{
    return peer_begin_from(r->peer, (struct heading){type, r->key, sender_of(r)});
}

bool far_link_send_watch(struct worker *w, struct far_link *r, const struct process *watcher)
{
    struct wire_buf *out = begin_packet(r, CONTROL_WATCH);
    if (!out) return false;
    buf_put_varint(out, r->id);
    buf_put_byte(out, (uint8_t)r->kind);
    packet_put_far(out, &r->far);
    packet_put_own(w, out, FAR_PID, process_serial(watcher));
    return peer_end(r->peer);
}

bool far_link_send_tell(struct worker *w, struct far_link *r, tt_word ref)
{
    struct wire_buf *out = begin_packet(r, CONTROL_TELL);
    if (!out) return false;
    buf_put_varint(out, r->id);
    buf_put_byte(out, (uint8_t)r->kind);
    packet_put_own(w, out, FAR_PID, process_serial(r->link.from));
    packet_put_far(out, &r->far);
    if (r->kind == RECORD_MONITOR) packet_put_own(w, out, FAR_TAG, near_serial(ref));
    return peer_end(r->peer);
}

/* A packet that does not go out means a connection that has ended or ends: the
 * peer finds that out for itself. */
static void send_forget(const struct far_link *r)
{
    struct peer *peer = r->peer;
    struct wire_buf *out = peer->state == PEER_IDLE ? NULL : begin_packet(r, CONTROL_FORGET);
    if (!out) return;
    buf_put_byte(out, (uint8_t)r->side);
    buf_put_varint(out, r->id);
    if (!peer_end(peer)) peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
}

/* False: the object cannot travel, or not as a reason. */
static bool try_end(struct worker *w, const struct far_link *r, tt_word kind, tt_word object)
{
    struct peer *peer = r->peer;
    bool is_reply = kind == TT_SYM(NOPROC);
    struct wire_buf *out =
        is_reply ? remote_begin_reply(peer, CONTROL_END, r->key) : begin_packet(r, CONTROL_END);
    if (!out) return true;
    buf_put_byte(out, (uint8_t)r->side);
    buf_put_varint(out, r->id);
    struct wire_failure failure = {0};
    size_t start = out->n;
    tt_word value = heap_cons(w, kind, object);
    bool fits = value != TT_FAIL && remote_put_value(w, peer, value, REMOTE_REASON_MAX_WORK, out, &failure) &&
                out->n - start <= REMOTE_REASON_MAX_BYTES;
    text_free(&failure.path);
    if (!fits) {
        peer_abandon(peer);
        return false;
    }
    if (!peer_end(peer)) peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
    return true;
}

/* Never silence: what cannot travel is replaced, and where not even that goes the
 * connection ends, which tells the peer as well. */
static void send_end(struct worker *w, const struct far_link *r, tt_word kind, tt_word object)
{
    if (r->peer->state == PEER_IDLE || try_end(w, r, kind, object)) return;
    tt_word substitute = remote_substitute(w, object);
    if (substitute == TT_FAIL || !try_end(w, r, kind, substitute)) peer_drop(r->peer, GOODBYE_OUT_OF_MEMORY);
}

/* -- what happens here ---------------------------------------------------- */

static void on_ended(struct worker *w, struct link *l, tt_word kind, tt_word object)
{
    struct far_link r = *(struct far_link *)l;
    far_link_free((struct far_link *)l);
    send_end(w, &r, kind, kind == TT_SYM(EXCEPTION) ? object : TT_FALSE);
}

static void on_dropped(struct worker *w, struct link *l)
{
    struct far_link r = *(struct far_link *)l;
    far_link_free((struct far_link *)l);
    send_forget(&r);
}

const struct link_outside far_link_outside = {.ended = on_ended, .dropped = on_dropped};

/* -- taking --------------------------------------------------------------- */

static struct remote_counters *counters(struct worker *w) { return &w->node->remotes->counters; }

/* The peer begins a far link with a process here, which may have ended. */
static bool begin(struct worker *w, struct peer *peer, const struct far_link *model, bool is_alive)
{
    struct remote *remote = remote_of(peer);
    if (remote && far_link_find(remote, model->id, BEGUN_THERE)) return false;
    if (!is_alive)
        send_end(w, model, TT_SYM(NOPROC), TT_FALSE);
    else if (!remote || !far_link_new(w, model))
        peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
    return true;
}

bool far_link_take_watch(struct worker *w, struct peer *peer, struct packet *f)
{
    uint64_t id = packet_varint(f);
    uint8_t kind = packet_byte(f);
    struct process *p = packet_near(w, f);
    struct far watcher = packet_far(f, peer->boot);
    if (!packet_is_read(f) || kind > RECORD_MONITOR) return false;
    return begin(w, peer,
                 &(struct far_link){.link = {.from = p},
                                    .peer = peer,
                                    .id = id,
                                    .key = packet_key(watcher.serial),
                                    .far = watcher,
                                    .has_far = true,
                                    .side = BEGUN_THERE,
                                    .kind = (enum far_link_kind)kind},
                 p != NULL);
}

/* The tag of a monitor that the peer has made for a process of this node which is its guest. */
static tt_word take_ref(struct worker *w, struct process *p, const struct far *far)
{
    tt_word ref = far_intern(w, FAR_TAG, far);
    return ref != TT_FAIL && w->node->remotes->above->pin(w, p, ref) ? ref : TT_FAIL;
}

bool far_link_take_tell(struct worker *w, struct peer *peer, struct packet *f)
{
    uint64_t id = packet_varint(f);
    uint8_t kind = packet_byte(f);
    struct far source = packet_far(f, peer->boot);
    struct process *p = packet_near(w, f);
    struct far tag = kind == RECORD_MONITOR ? packet_far(f, peer->boot) : (struct far){0};
    if (!packet_is_read(f) || kind > RECORD_MONITOR) return false;
    tt_word ref = p && kind == RECORD_MONITOR ? take_ref(w, p, &tag) : 0;
    if (ref == TT_FAIL) {
        peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
        return true;
    }
    return begin(w, peer,
                 &(struct far_link){.link = {.to = p, .ref = ref},
                                    .peer = peer,
                                    .id = id,
                                    .key = packet_key(source.serial),
                                    .far = source,
                                    .has_far = true,
                                    .side = BEGUN_THERE,
                                    .kind = (enum far_link_kind)kind},
                 p != NULL);
}

/* `side` as the peer sees it; NULL: there is no such far link. *is_packet_out: the packet made sense. */
static struct far_link *read_far_link(struct worker *w, struct peer *peer, struct packet *f,
                                      bool *is_packet_out)
{
    uint8_t whose = packet_byte(f);
    uint64_t id = packet_varint(f);
    *is_packet_out = !f->is_bad && whose <= 1;
    if (!*is_packet_out || !peer->remote) return NULL;
    struct far_link *r = far_link_find(peer->remote, id, whose == 0 ? BEGUN_THERE : BEGUN_HERE);
    if (!r) counters(w)->unknown_records++;
    return r;
}

bool far_link_take_forget(struct worker *w, struct peer *peer, struct packet *f)
{
    bool is_packet;
    struct far_link *r = read_far_link(w, peer, f, &is_packet);
    if (!is_packet || !packet_is_read(f)) return false;
    if (r) far_link_remove(r);
    return true;
}

static bool is_end(tt_word value)
{
    if (!tt_is_pair(value)) return false;
    tt_word kind = tt_car(value);
    return kind == TT_SYM(NORMAL) || kind == TT_SYM(EXCEPTION) || kind == TT_SYM(KILLED) ||
           kind == TT_SYM(NOPROC) || kind == TT_SYM(NOCONNECTION) || kind == TT_SYM(MIGRATION_IN_DOUBT);
}

/* The source of a far link here has ended. */
static void tell_target(struct worker *w, const struct far_link *r, tt_word kind, tt_word object)
{
    struct process *p = r->link.to;
    tt_word pid = far_link_pid(w, r);
    if (r->service)
        service_lost(w, r->service);
    else if (r->kind == RECORD_MONITOR)
        link_send_down(w, p, r->link.ref, pid, link_reason(w, kind, object));
    else if (kind == TT_SYM(NOPROC))
        link_say_gone(w, p, kind, pid);
    else
        link_send_end(w, p, kind, object, pid);
}

/* There is no target: news for who wanted a link, not for who was watched. */
static void source_is_alone(struct worker *w, const struct far_link *r)
{
    if (r->kind == RECORD_LINK) link_say_gone(w, r->link.from, TT_SYM(NOPROC), far_link_pid(w, r));
}

static void take_end(struct worker *w, struct far_link *r, tt_word kind, tt_word object)
{
    far_link_remove_others(
        r, kind == TT_SYM(NOPROC)); /* with one that does not exist there are no links at all */
    if (r->link.to || r->service)
        tell_target(w, r, kind, object);
    else if (kind == TT_SYM(NOPROC)) /* the other end of a TELL */
        source_is_alone(w, r);
    else
        counters(w)->unknown_records++;
}

bool far_link_take_end(struct worker *w, struct peer *peer, struct packet *f)
{
    bool is_packet;
    struct far_link *r = read_far_link(w, peer, f, &is_packet);
    if (!r) return is_packet;
    tt_word value;
    struct wire_failure failure = {0};
    if (remote_get_value(w, peer, f, &value, &failure)) {
        if (!is_end(value)) return false;
        take_end(w, r, tt_car(value), tt_cdr(value));
    } else {
        counters(w)->undecodable++;
        take_end(w, r, TT_SYM(EXCEPTION), remote_condition(w, &failure));
    }
    far_link_remove(r);
    return true;
}
