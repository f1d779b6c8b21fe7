/* Packets of migration (rt/abi/control.def) as struct move_packet, and back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/actor/sched.h"
#include "rt/code/failure.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/channel/packet.h"
#include "rt/node/remote/large_in.h"
#include "rt/node/migrate/image.h"
#include "rt/node/net/large_out.h"
#include "rt/node/migrate/migrate.h"
#include "rt/node/net/peer.h"
#include "rt/node/remote/remote.h"
#include "rt/obj/list.h"
#include "rt/obj/symbol.h"
#include "rt/os/clock.h"

static struct move_id get_move(struct packet *f);
static bool receive(struct worker *w, struct peer *peer, struct move_packet *m);

/* -- sending ----------------------------------------------------------------- */

static void put_move(struct wire_buf *out, struct move_id move)
{
    uint8_t bytes[16];
    memcpy(bytes, &move.source, 8);
    for (size_t i = 0; i < 8; i++)
        bytes[8 + i] = (uint8_t)(move.number >> 8 * i);
    buf_put(out, bytes, sizeof bytes);
}

static tt_word make_image(struct worker *w, struct mover *m)
{
    struct process *p = m->process;
    if (m->identity.boot == 0) m->has_links = p->outbound || p->inbound;
    m->mark = p->mbox.next_seq - 1;
    return image_make(w, p, m->has_links);
}

static void put_identity(struct worker *w, struct wire_buf *out, const struct peer *peer,
                         const struct far *identity)
{
    enum whose whose = identity->boot == 0            ? WHOSE_SENDER
                       : identity->boot == peer->boot ? WHOSE_RECEIVER
                                                      : WHOSE_OTHER;
    buf_put_byte(out, (uint8_t)whose);
    if (whose == WHOSE_OTHER) packet_put_node(w, out, identity->boot);
    if (whose == WHOSE_SENDER)
        packet_put_own(w, out, FAR_PID, identity->serial);
    else
        packet_put_far(out, identity);
}

/* At home nothing is late: what came meanwhile was kept. */
static tt_word late_mail(struct worker *w, const struct mover *m)
{
    return image_mail_after(w, m->process, m->identity.boot == 0 ? UINT64_MAX - 1 : m->mark);
}

/* After the move, or instead of it; but for the image of a PREPARE, and the mail of a COMMIT. */
static bool put_body(struct worker *w, struct peer *peer, const struct move_packet *f, struct wire_buf *out)
{
    const size_t *payload = f->payload;
    switch (f->type) {
    case CONTROL_MOVE_PREPARE:
        put_move(out, f->move);
        buf_put_varint(out, f->settled);
        put_identity(w, out, peer, &f->identity);
        return true;
    case CONTROL_MOVE_PREPARED:
        put_move(out, f->move);
        packet_put_own(w, out, FAR_PID, f->identity.boot == 0 ? f->identity.serial : f->copy.serial);
        return true;
    case CONTROL_MOVE_REFUSED:
        put_move(out, f->move);
        buf_put_byte(out, f->outcome);
        packet_put_text(out, w->node->migration->details, strlen(w->node->migration->details));
        w->node->migration->details[0] = 0;
        return true;
    case CONTROL_MOVE_STATUS:
        put_move(out, f->move);
        buf_put_byte(out, f->outcome);
        return true;
    case CONTROL_HOLD:
        packet_put_far(out, &f->identity);
        put_move(out, f->move);
        packet_put_node(w, out, f->target);
        return true;
    case CONTROL_UNHOLD:
        packet_put_far(out, &f->identity);
        put_move(out, f->move);
        buf_put_byte(out, f->outcome);
        return true;
    case CONTROL_ARRIVED:
        packet_put_far(out, &f->identity);
        put_move(out, f->move);
        packet_put_own(w, out, FAR_PID, f->copy.serial);
        return true;
    case CONTROL_GUEST_DOES:
    case CONTROL_GUEST_ENDED:
        packet_put_far(out, &f->identity);
        if (payload) buf_put(out, payload + 1, *payload);
        return payload != NULL;
    default: /* MOVE_COMMIT, MOVE_COMMITTED, MOVE_CANCEL, MOVE_ASK, HELD, WELCOME, DETACH */
        put_move(out, f->move);
        return true;
    }
}

/* Who has sent mail from here as that process; 0: it is not here. */
static uint64_t sender_of(const struct mover *m)
{
    return m ? packet_key(m->identity.boot == 0 ? m->identity.serial : m->copy.serial) : 0;
}

/* An image that was found out later to be none that can travel: as if the target had said so, which has not
 * heard of it. */
static void fail_prepare(struct worker *w, struct peer *peer, struct packet *front,
                         struct wire_failure *failure)
{
    struct migration *g = w->node->migration;
    struct move_packet refused = {
        .type = CONTROL_MOVE_REFUSED, .move = get_move(front), .outcome = MOVE_FAILED_NOT_SERIALIZABLE};
    int n = failure->path.n < MIGRATE_DETAILS_BYTES ? (int)failure->path.n : MIGRATE_DETAILS_BYTES - 1;
    snprintf(g->details, sizeof g->details, "%.*s", n, failure->path.bytes ? failure->path.bytes : "");
    receive(w, peer, &refused);
    g->details[0] = 0;
}

/* Mail that came late, and cannot travel: as if the target had refused it (take_commit). */
static void fail_commit(struct worker *w, struct peer *peer, struct packet *front,
                        struct wire_failure *failure)
{
    struct move_packet cancel = {.type = CONTROL_MOVE_CANCEL, .move = get_move(front)};
    struct move_packet status = {.type = CONTROL_MOVE_STATUS, .move = cancel.move, .outcome = MOVE_NEVER};
    migrate_send(w->node->migration, peer->boot, &cancel);
    receive(w, peer, &status);
}

/* What the process has, or what has come for it since. */
static enum move_sent end_with_image(struct worker *w, struct peer *peer, const struct move_packet *f,
                                     struct wire_buf *out)
{
    struct migration *g = w->node->migration;
    bool is_all = f->type == CONTROL_MOVE_PREPARE;
    struct large_out_value value = {.value = is_all ? make_image(w, f->mover) : late_mail(w, f->mover),
                                    .is_image = true,
                                    .fail = is_all ? fail_prepare : fail_commit};
    text_free(&g->failure.path);
    g->failure = (struct wire_failure){0};
    if (value.value == TT_FAIL) {
        g->failure.status = WIRE_NO_MEMORY;
        peer_abandon(peer);
        return MOVE_UNSENDABLE;
    }
    enum sending sent = large_out_end(w, peer, out, &value, &g->failure);
    return sent == SENDING_OK ? MOVE_SENT : sent == SENDING_FAILED ? MOVE_UNSENDABLE : MOVE_UNREACHABLE;
}

enum move_sent migrate_send(void *context, uint32_t to, const struct move_packet *f)
{
    struct migration *g = context;
    struct worker *w = g->worker;
    struct peer *peer = peer_of_boot(w->node, to);
    struct heading heading = {f->type, packet_key(f->identity.serial), sender_of(f->mover)};
    struct wire_buf *out = peer ? peer_begin_from(peer, heading) : NULL;
    if (!out) return MOVE_UNREACHABLE;
    if (!put_body(w, peer, f, out)) {
        peer_abandon(peer);
        return MOVE_UNSENDABLE;
    }
    if (f->type == CONTROL_MOVE_PREPARE || f->type == CONTROL_MOVE_COMMIT)
        return end_with_image(w, peer, f, out);
    return peer_end(peer) ? MOVE_SENT : MOVE_UNREACHABLE;
}

/* -- the answer of a process of `on` that is a guest ---------------------------- */

/* The value was found out later to be none that can travel: that is raised instead. */
static void fail_answer(struct worker *w, struct peer *peer, struct packet *front,
                        struct wire_failure *failure)
{
    struct list_builder what = list_build();
    list_add(w, &what, tt_fixnum(WISH_ANSWER));
    list_add(w, &what, remote_condition(w, failure));
    list_add(w, &what, TT_TRUE);
    struct wire_buf *out = peer->state == PEER_IDLE ? NULL : peer_begin(peer, CONTROL_GUEST_DOES, 0);
    if (!out) return;
    struct wire_failure ignored = {0};
    buf_put(out, front->at, (size_t)(front->end - front->at));
    bool is_put = what.list != TT_FAIL && remote_put_value(w, peer, what.list, 0, out, &ignored);
    text_free(&ignored.path);
    if (!is_put) peer_abandon(peer);
    if (!is_put || !peer_end(peer)) peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
}

bool migrate_send_answer(struct worker *w, const struct mover *m, tt_word answer, tt_word what)
{
    struct peer *peer = peer_of_boot(w->node, m->identity.boot);
    struct heading heading = {CONTROL_GUEST_DOES, packet_key(m->identity.serial), sender_of(m)};
    struct wire_buf *out = peer ? peer_begin_from(peer, heading) : NULL;
    if (!out) return true; /* the home is lost, and hears nothing more */
    packet_put_far(out, &m->identity);
    struct wire_failure failure = {0};
    struct large_out_value value = {.value = what, .parks = w->sched->running != NULL, .fail = fail_answer};
    bool is_sent = large_out_end(w, peer, out, &value, &failure) != SENDING_FAILED;
    text_free(&failure.path);
    return is_sent ||
           fail_condition(w, CONDITION_NOT_SERIALIZABLE, "on", heap_cons(w, answer, TT_NIL)) != TT_FAIL;
}

/* -- mail for a process that is elsewhere -------------------------------------- */

struct peer *migrate_place(struct worker *w, const struct process *p)
{
    const struct mover *m = p->mover;
    return m && m->home == HOME_AWAY ? boots_at(w->node->boots, m->place)->peer : NULL;
}

#define UNSENT "a message for a process that has moved cannot be sent there"

enum forwarded { FORWARDED, NOT_NOW, UNSENDABLE };

static void fail_forward(struct worker *w, struct peer *peer, struct packet *front,
                         struct wire_failure *failure)
{
    w->node->remotes->counters.undelivered++;
    remote_warn(w, UNSENT, wire_status_text(failure->status));
}

/* (down ref pid reason): its parts. */
static bool read_down(tt_word message, tt_word part[4])
{
    size_t n = 0;
    for (struct list_cursor c = list_begin(message); n < 4 && list_next(&c);)
        part[n++] = c.item;
    return n == 4 && part[0] == TT_SYM(DOWN) && tag_is(part[1]);
}

/* News of an end, whose reason may have to be replaced: it is written at once, as it is short, or replaced. */
static bool is_news(tt_word message)
{
    tt_word part[4];
    return tt_is_type(message, TT_TYPE_SIGNAL) || read_down(message, part);
}

/* is_sent_now: by the process that runs, which waits if it is large, and is told if it cannot go there. */
static enum forwarded forward_one(struct worker *w, struct peer *peer, const struct mover *m, tt_word message,
                                  bool is_sent_now)
{
    struct migration *g = w->node->migration;
    bool is_stop = migrate_is_stop(message);
    enum control type = is_stop ? CONTROL_GUEST_STOP : CONTROL_FORWARD;
    struct wire_buf *out = peer_begin(peer, type, packet_key(m->identity.serial));
    if (!out) return NOT_NOW;
    packet_put_far(out, &m->copy);
    struct large_out_value value = {.value = is_stop ? TT_OBJ(SIGNAL, message)->payload : message,
                                    .is_image = true,
                                    .most = is_news(message) ? REMOTE_REASON_MAX_WORK : 0,
                                    .parks = is_sent_now && !is_news(message),
                                    .fail = is_sent_now || is_news(message) ? NULL : fail_forward};
    text_free(&g->failure.path);
    g->failure = (struct wire_failure){0};
    enum sending sent = large_out_end(w, peer, out, &value, &g->failure);
    if (sent == SENDING_FAILED) return UNSENDABLE;
    g->n_stops -= is_stop;
    return sent == SENDING_OK ? FORWARDED : NOT_NOW;
}

/* (exception object), as a monitor sees it, with what goes instead of an object that cannot travel. */
static tt_word replace_reason(struct worker *w, tt_word reason)
{
    if (!tt_is_pair(reason) || tt_car(reason) != TT_SYM(EXCEPTION) || !tt_is_pair(tt_cdr(reason)))
        return TT_FAIL;
    tt_word object = remote_substitute(w, tt_car(tt_cdr(reason)));
    tt_word rest = object == TT_FAIL ? TT_FAIL : heap_cons(w, object, TT_NIL);
    return rest == TT_FAIL ? TT_FAIL : heap_cons(w, TT_SYM(EXCEPTION), rest);
}

/* News of an end whose exception cannot travel, with what goes instead (as far_link_packets.c does). FAIL: it is
 * no such news. */
static tt_word replace_news(struct worker *w, tt_word message)
{
    if (tt_is_type(message, TT_TYPE_SIGNAL)) {
        tt_word payload = TT_OBJ(SIGNAL, message)->payload;
        bool is_stop = migrate_is_stop(message);
        tt_word object = remote_substitute(w, is_stop ? tt_cdr(payload) : payload);
        struct tt_obj_SIGNAL *signal = heap_alloc(w, sizeof *signal);
        if (object != TT_FAIL && is_stop) object = heap_cons(w, tt_car(payload), object);
        if (!signal || object == TT_FAIL) return TT_FAIL;
        *signal = *TT_OBJ(SIGNAL, message);
        signal->payload = object;
        return tt_tagged(signal, TT_TAG_OBJECT);
    }
    tt_word part[4];
    if (!read_down(message, part)) return TT_FAIL;
    struct list_builder news = list_build();
    tt_word reason = replace_reason(w, part[3]);
    for (size_t i = 0; i < 3; i++)
        list_add(w, &news, part[i]);
    list_add(w, &news, reason);
    return reason == TT_FAIL ? TT_FAIL : news.list;
}

/* Never silence: whoever is sending it now is told, else the user. */
static void note_unsent(struct worker *w, bool is_newest)
{
    struct migration *g = w->node->migration;
    w->node->remotes->counters.undelivered++;
    if (g->is_delivering && is_newest)
        g->has_unsent = true;
    else
        remote_warn(w, UNSENT, wire_status_text(g->failure.status));
}

void migrate_forward(struct worker *w, struct process *p)
{
    const struct mover *m = p->mover;
    struct mbox *mail = &p->mbox;
    struct peer *peer = peer_of_boot(w->node, m->place);
    bool runs = w->sched->running && w->sched->running->state == PROCESS_RUNNING;
    while (peer && mail->live) {
        struct mbox_entry first = mail->entries[mail->head];
        bool is_newest = first.seq + 1 == mail->next_seq;
        enum forwarded done =
            forward_one(w, peer, m, first.message, runs && is_newest && w->node->migration->is_delivering);
        tt_word news = done == UNSENDABLE ? replace_news(w, first.message) : TT_FAIL;
        if (news != TT_FAIL) done = forward_one(w, peer, m, news, false);
        if (done == NOT_NOW) break;
        if (done == UNSENDABLE) note_unsent(w, is_newest);
        mbox_remove(mail, first.seq);
    }
    if (peer && peer_is_congested(peer) && runs && !w->sched->parks_on) peer_park_sender(w, peer);
}

/* -- taking --------------------------------------------------------------------- */

static struct move_id get_move(struct packet *f)
{
    struct move_id move = {0, 0};
    const uint8_t *bytes = packet_bytes(f, 16);
    if (!bytes) return move;
    memcpy(&move.source, bytes, 8);
    for (size_t i = 0; i < 8; i++)
        move.number |= (uint64_t)bytes[8 + i] << 8 * i;
    return move;
}

static struct mover *get_near(struct worker *w, struct packet *f)
{
    struct process *p = packet_near(w, f);
    return p ? p->mover : NULL;
}

static struct far get_identity(struct worker *w, struct peer *peer, struct packet *f,
                               struct mover **mover_out)
{
    uint8_t whose = packet_byte(f);
    *mover_out = NULL;
    if (whose == WHOSE_SENDER) return packet_far(f, peer->boot);
    if (whose == WHOSE_RECEIVER) {
        *mover_out = get_near(w, f);
        return *mover_out ? (*mover_out)->identity : (struct far){0};
    }
    uint32_t boot = whose == WHOSE_OTHER ? packet_node(w, f) : 0;
    if (boot == 0) f->is_bad = true;
    return packet_far(f, boot);
}

/* The value that is the rest; TT_NONE: it cannot be read, migration.failure says why. */
static tt_word get_value(struct worker *w, struct peer *peer, struct packet *f)
{
    struct wire_ends ends = peer_ends_in(peer);
    tt_word v;
    ends.is_image = true;
    w->node->migration->failure = (struct wire_failure){0};
    if (f->held) return large_in_value(f->held, &v, &w->node->migration->failure) ? v : TT_NONE;
    return wire_get(w, f->at, (size_t)(f->end - f->at), &ends, &v, &w->node->migration->failure) ? v
                                                                                                 : TT_NONE;
}

static bool receive(struct worker *w, struct peer *peer, struct move_packet *m)
{
    uint64_t prefix;
    memcpy(&prefix, boots_at(w->node->boots, peer->boot)->id, sizeof prefix);
    migrate_enter(w);
    bool ok = moves_receive(w->node->migration->moves, peer->boot, prefix, m, clock_now_ns());
    migrate_leave(w);
    return ok;
}

static bool take_prepare(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    m->move = get_move(f);
    m->settled = packet_varint(f);
    m->identity = get_identity(w, peer, f, &m->mover);
    if (f->is_bad) return false;
    tt_word image = get_value(w, peer, f);
    m->payload = &image;
    return receive(w, peer, m);
}

/* What cannot be read is not run: the source is told so, and goes on. */
static bool take_commit(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    m->move = get_move(f);
    if (f->is_bad) return false;
    tt_word late = get_value(w, peer, f);
    m->payload = &late;
    if (late == TT_NONE || !image_is_mail(late, 0)) {
        m->type = CONTROL_MOVE_CANCEL;
        receive(w, peer, m);
        struct move_packet status = {.type = CONTROL_MOVE_STATUS, .move = m->move, .outcome = MOVE_NEVER};
        migrate_send(w->node->migration, peer->boot, &status);
        return true;
    }
    return receive(w, peer, m);
}

static bool take_refused(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    char *details = w->node->migration->details;
    m->move = get_move(f);
    m->outcome = packet_byte(f);
    size_t n = 0;
    const uint8_t *text = packet_text(f, &n);
    if (!packet_is_read(f) || n >= MIGRATE_DETAILS_BYTES) return false;
    memcpy(details, text, n);
    details[n] = 0;
    bool ok = receive(w, peer, m);
    details[0] = 0;
    return ok;
}

/* (kind . object) of an end: of a guest, or by order. */
static bool is_end(tt_word v, bool is_guest)
{
    if (!tt_is_pair(v)) return false;
    tt_word kind = tt_car(v);
    return kind == TT_SYM(NORMAL) || kind == TT_SYM(EXCEPTION) || kind == TT_SYM(KILLED) ||
           (is_guest && (kind == TT_SYM(EXIT) || kind == TT_SYM(NOCONNECTION)));
}

static bool take_guest(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    m->mover = get_near(w, f);
    if (f->is_bad) return false;
    tt_word what = get_value(w, peer, f);
    if (m->type == CONTROL_GUEST_ENDED && what == TT_NONE)
        what = heap_cons(w, TT_SYM(EXCEPTION), remote_condition(w, &w->node->migration->failure));
    if (m->type == CONTROL_GUEST_ENDED && what != TT_FAIL && !is_end(what, true)) return false;
    if (what == TT_NONE || what == TT_FAIL) { /* a wish of a guest's: its node's user is told */
        remote_bounce(w, peer, &w->node->migration->failure);
        return true;
    }
    m->payload = &what;
    return receive(w, peer, m);
}

/* Mail for a guest, or the order to end it. */
static bool take_forward(struct worker *w, struct peer *peer, struct packet *f, enum control type)
{
    struct process *p = packet_near(w, f);
    if (f->is_bad) return false;
    if (!p || !p->mover || !moves_takes_mail(p->mover, peer->boot)) {
        w->node->remotes->counters.undelivered++;
        return true;
    }
    size_t bytes = (size_t)(f->end - f->at);
    tt_word v = get_value(w, peer, f);
    if (v == TT_NONE)
        remote_bounce(w, peer, &w->node->migration->failure);
    else if (type == CONTROL_FORWARD)
        remote_deliver(w, peer, p, v, bytes);
    else if (type == CONTROL_GUEST_STOP && is_end(v, false))
        sched_terminate(w, p, tt_car(v), tt_cdr(v));
    return true;
}

static bool take_hold(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    m->mover = get_near(w, f);
    m->move = get_move(f);
    m->target = packet_node(w, f);
    return packet_is_read(f) && receive(w, peer, m);
}

static bool take_unhold(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    m->mover = get_near(w, f);
    m->move = get_move(f);
    m->outcome = packet_byte(f);
    return packet_is_read(f) && receive(w, peer, m);
}

static bool take_arrived(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    m->mover = get_near(w, f);
    m->move = get_move(f);
    m->copy = packet_far(f, peer->boot);
    return packet_is_read(f) && receive(w, peer, m);
}

static bool take_prepared(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    m->move = get_move(f);
    m->copy = packet_far(f, peer->boot);
    return packet_is_read(f) && receive(w, peer, m);
}

static bool take_move(struct worker *w, struct peer *peer, struct packet *f, struct move_packet *m)
{
    m->move = get_move(f);
    if (m->type == CONTROL_MOVE_STATUS) m->outcome = packet_byte(f);
    return packet_is_read(f) && receive(w, peer, m);
}

bool migrate_take(struct worker *w, struct peer *peer, enum control type, struct packet *f)
{
    struct move_packet m = {.type = type};
    switch (type) {
    case CONTROL_MOVE_PREPARE: return take_prepare(w, peer, f, &m);
    case CONTROL_MOVE_PREPARED: return take_prepared(w, peer, f, &m);
    case CONTROL_MOVE_REFUSED: return take_refused(w, peer, f, &m);
    case CONTROL_MOVE_COMMIT: return take_commit(w, peer, f, &m);
    case CONTROL_HOLD: return take_hold(w, peer, f, &m);
    case CONTROL_UNHOLD: return take_unhold(w, peer, f, &m);
    case CONTROL_ARRIVED: return take_arrived(w, peer, f, &m);
    case CONTROL_FORWARD:
    case CONTROL_GUEST_STOP: return take_forward(w, peer, f, type);
    case CONTROL_GUEST_DOES:
    case CONTROL_GUEST_ENDED: return take_guest(w, peer, f, &m);
    default: return take_move(w, peer, f, &m);
    }
}
