#include "rt/node/migrate/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/actor/leave.h"
#include "rt/actor/link.h"
#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/migrate/image.h"
#include "rt/node/net/net_state.h"
#include "rt/node/net/peers.h"
#include "rt/node/remote/remote.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/os/check.h"
#include "rt/os/clock.h"
#include "rt/os/sizes.h"

static struct migration *migration_of(struct worker *w) { return w->node->migration; }

const char *migrate_failure_text(enum move_failure why)
{
    static const char *const texts[] = {
#define MOVE_FAILURE(id, number, text) [number] = text,
#include "rt/node/move/move_failures.def"
#undef MOVE_FAILURE
    };
    return why < sizeof texts / sizeof *texts && texts[why] ? texts[why] : "refused";
}

/* -- orders to end ---------------------------------------------------------- */

bool migrate_is_stop(tt_word message)
{
    return tt_is_type(message, TT_TYPE_SIGNAL) && TT_OBJ(SIGNAL, message)->kind == TT_FALSE;
}

static void keep_stop(struct worker *w, struct process *p, tt_word kind, tt_word object)
{
    struct tt_obj_SIGNAL *signal = heap_alloc(w, sizeof *signal);
    tt_word what = heap_cons(w, kind, object);
    if (!signal || what == TT_FAIL) return;
    *signal = (struct tt_obj_SIGNAL){TT_HEADER((tt_word)TT_TYPE_SIGNAL), TT_FALSE, what, TT_FALSE};
    migration_of(w)->n_stops++;
    if (!sched_deliver(w->sched, p, tt_tagged(signal, TT_TAG_OBJECT))) migration_of(w)->n_stops--;
}

/* p is at home again, and runnable; somebody may have wanted it to end meanwhile. */
static void obey_stop(struct worker *w, struct process *p)
{
    struct mbox *m = &p->mbox;
    for (uint32_t i = m->head; migration_of(w)->n_stops > 0 && i < m->tail; i++) {
        tt_word message = m->entries[i].message;
        if (message == MBOX_TOMBSTONE || !migrate_is_stop(message)) continue;
        tt_word what = TT_OBJ(SIGNAL, message)->payload;
        migration_of(w)->n_stops--;
        sched_end(w, p, tt_car(what), tt_cdr(what));
        return;
    }
}

/* -- what the state machine does -------------------------------------------- */

static struct worker *worker_of(void *context) { return ((struct migration *)context)->worker; }

static void run(struct worker *w, struct process *p)
{
    p->state = PROCESS_RUNNABLE;
    process_touch(w->sched, p);
    sched_push(w->sched, p);
}

/* (tag reason details): what `migrate` raises. */
static void tell_failure(struct worker *w, struct process *p, enum move_failure why)
{
    struct migration *g = migration_of(w);
    struct list_builder message = list_build();
    tt_word reason = symbol_intern_text(w, migrate_failure_text(why));
    tt_word details = string_from_text(w, g->details);
    g->details[0] = 0;
    list_add(w, &message, p->tag);
    list_add(w, &message, reason);
    list_add(w, &message, details);
    if (reason == TT_FAIL || details == TT_FAIL || message.list == TT_FAIL ||
        !sched_deliver(w->sched, p, message.list))
        w->node->remotes->counters.out_of_memory++;
}

static void port_resume(void *context, struct mover *m, enum move_failure why)
{
    struct worker *w = worker_of(context);
    struct process *p = m->process;
    p->timed_out = true; /* %migrate gives #f */
    tell_failure(w, p, why);
    run(w, p);
    if (m->guest != GUEST_NONE) return;
    p->mover = NULL;
    obey_stop(w, p);
}

/* What it had here by its own pid (monitors of nodes) ends. */
static void remove_copy(struct worker *w, struct process *p)
{
    p->mover = NULL;
    if (p->outbound || p->inbound) link_signal_end(w, p, TT_SYM(NORMAL), TT_FALSE);
    process_clear(w, p);
    process_free(w, p);
}

static void port_leave(void *context, struct mover *m)
{
    struct process *p = m->process;
    if (m->identity.boot == 0)
        image_drop(p, m->mark);
    else
        remove_copy(worker_of(context), p);
}

/* What could not be read, for the source. */
static enum move_failure refuse(struct migration *g, const struct wire_failure *failure)
{
    if (failure->status == WIRE_NO_MEMORY) return MOVE_FAILED_NO_MEMORY;
    if (failure->status != WIRE_UNKNOWN_CODE && failure->status != WIRE_WRONG_CODE) {
        snprintf(g->details, sizeof g->details, "%s", wire_status_text(failure->status));
        return MOVE_FAILED_BAD_IMAGE;
    }
    char id[2 * sizeof failure->code_id + 1] = {0};
    for (size_t i = 0; i < 2 * sizeof failure->code_id; i++)
        id[i] = "0123456789abcdef"[failure->code_id[i / 2] >> (i % 2 ? 0 : 4) & 15];
    const char *names = failure->status == WIRE_UNKNOWN_CODE && failure->missing ? failure->missing : "";
    snprintf(g->details, sizeof g->details, "%s%s%s", names, *names ? ": " : "", id);
    return MOVE_FAILED_UNKNOWN_CODE;
}

static enum move_failure install_guest(struct worker *w, struct mover *m, tt_word image)
{
    tt_word self = far_intern(w, FAR_PID, &m->identity);
    struct process *p = self == TT_FAIL ? NULL : process_new(w);
    if (!p) return MOVE_FAILED_OVER_CAPACITY;
    p->self = self;
    p->state = PROCESS_AWAY;
    if (!image_fill(w, p, image, TT_NONE)) {
        process_clear(w, p);
        process_free(w, p);
        return MOVE_FAILED_NO_MEMORY;
    }
    p->mover = m;
    m->process = p;
    m->copy = (struct far){.serial = process_serial(p)};
    return MOVE_MOVED;
}

/* image: what was read (TT_NONE: migration.failure). At home it stands in winds. */
static enum move_failure port_install(void *context, struct mover *m, void *image_read)
{
    struct migration *g = context;
    struct worker *w = g->worker;
    tt_word image = *(tt_word *)image_read;
    if (image == TT_NONE) return refuse(g, &g->failure);
    if (!image_is(image)) return MOVE_FAILED_BAD_IMAGE;
    m->has_links = image_has_links(image);
    m->mark = image_last_seq(image);
    if (m->identity.boot != 0) return install_guest(w, m, image);
    struct process *p = m->process;
    p->winds = image;
    process_touch(w->sched, p);
    return MOVE_MOVED;
}

static void port_discard(void *context, struct mover *m)
{
    struct process *p = m->process;
    if (m->identity.boot == 0)
        p->winds = TT_NIL;
    else
        remove_copy(worker_of(context), p);
}

static void port_run(void *context, struct mover *m, void *late)
{
    struct worker *w = worker_of(context);
    struct process *p = m->process;
    if (m->identity.boot != 0) {
        if (!image_add_late(p, *(tt_word *)late)) w->node->remotes->counters.out_of_memory++;
        run(w, p);
        return;
    }
    if (!image_fill(w, p, p->winds, *(tt_word *)late)) w->node->remotes->counters.out_of_memory++;
    p->mover = NULL;
    run(w, p);
    obey_stop(w, p);
}

/* Its links were at home. */
static void port_detach(void *context, struct mover *m)
{
    struct worker *w = worker_of(context);
    struct process *p = m->process;
    tt_word old = p->self;
    p->mover = NULL;
    p->self = p->pid;
    if (m->has_links) link_say_gone(w, p, TT_SYM(NOCONNECTION), old);
}

static void port_forward(void *context, struct mover *m) { migrate_forward(worker_of(context), m->process); }

static void port_lose(void *context, struct mover *m, bool in_doubt)
{
    struct process *p = m->process;
    p->mover = NULL;
    m->process = NULL;
    sched_end(worker_of(context), p, in_doubt ? TT_SYM(MIGRATION_IN_DOUBT) : TT_SYM(NOCONNECTION), TT_FALSE);
}

/* (kind . object); the kind `exit` ends the program, as if the process were here. */
static void port_end(void *context, struct mover *m, void *payload)
{
    struct worker *w = worker_of(context);
    struct process *p = m->process;
    tt_word kind = tt_car(*(tt_word *)payload), object = tt_cdr(*(tt_word *)payload);
    p->mover = NULL;
    m->process = NULL;
    if (kind == TT_SYM(EXIT))
        node_leave(w->node, tt_is_fixnum(object) ? (int)(tt_fixnum_value(object) & 0xff) : 1);
    sched_end(w, p, kind, object);
}

static void port_act(void *context, struct mover *m, void *payload)
{
    migrate_act(worker_of(context), m->process, *(tt_word *)payload);
}

static void port_drop(void *context, void *payload) { free(payload); }

static void port_forget(void *context, struct mover *m)
{
    struct process *p = m->process;
    if (p && p->mover == m) p->mover = NULL;
}

static const struct move_port migrate_port = {
    .send = migrate_send,
    .resume = port_resume,
    .leave = port_leave,
    .install = port_install,
    .discard = port_discard,
    .run = port_run,
    .detach = port_detach,
    .forward = port_forward,
    .lose = port_lose,
    .end = port_end,
    .act = port_act,
    .drop = port_drop,
    .forget = port_forget,
};

/* -- the scheduler's hooks -------------------------------------------------- */

static bool on_mail(struct worker *w, struct process *p)
{
    struct migration *g = migration_of(w);
    if (!p->mover || p->mover->home != HOME_AWAY) return true;
    g->has_unsent = false;
    g->is_delivering = true;
    migrate_forward(w, p);
    g->is_delivering = false;
    return !g->has_unsent;
}

bool migrate_take_unsent(struct worker *w, struct wire_failure *out)
{
    struct migration *g = migration_of(w);
    if (!g->has_unsent) return false;
    *out = g->failure;
    g->failure = (struct wire_failure){0};
    g->has_unsent = false;
    return true;
}

static bool on_stop(struct worker *w, struct process *p, tt_word kind, tt_word object)
{
    struct mover *m = p->mover;
    if (!m || moves_cancel(migration_of(w)->moves, m)) return true;
    if (m->identity.boot == 0) keep_stop(w, p, kind, object);
    return false;
}

static void on_end(struct worker *w, struct process *p, tt_word kind, tt_word object)
{
    struct mover *m = p->mover;
    p->mover = NULL;
    if (m->guest != GUEST_NONE)
        moves_guest_ended(migration_of(w)->moves, m, migrate_end_payload(w, m, kind, object));
}

static const struct away_hooks away_hooks = {.mail = on_mail, .stop = on_stop, .end = on_end};

/* -- events ------------------------------------------------------------------- */

static uint64_t prefix_of(const uint8_t boot_id[BOOT_ID_BYTES])
{
    uint64_t prefix;
    memcpy(&prefix, boot_id, sizeof prefix);
    return prefix;
}

static void mark_run(void *boots, uint32_t index) { boots_mark(boots, index); }

static void mark_runs(struct worker *w) { moves_each_node(migration_of(w)->moves, mark_run, w->node->boots); }

static const struct remote_above remote_above = {
    .up = migrate_up,
    .down = migrate_down,
    .take = migrate_take,
    .place = migrate_place,
    .take_unsent = migrate_take_unsent,
    .pin = migrate_pin,
    .mark_runs = mark_runs,
};

bool migrate_init(struct node *node)
{
    struct migration *g = calloc(1, sizeof *g);
    node->migration = g;
    node->remotes->above = &remote_above;
    if (!g || !(g->moves = moves_new(&migrate_port, g, prefix_of(node->boot_id)))) return false;
    g->worker = node->worker;
    g->worker->sched->away = &away_hooks;
    return true;
}

static bool is_run(const void *index, uint32_t node) { return node == *(const uint32_t *)index; }

static void tell_loss(struct migration *g, struct migrate_loss loss)
{
    moves_down(g->moves, loss.boot, clock_now_ns());
    if (loss.is_over) moves_over(g->moves, is_run, &loss.boot, clock_now_ns());
}

/* The peer, which is up, listens where that run did. */
static bool is_replaced_by(const void *context, uint32_t node)
{
    const struct peer *peer = context;
    const struct boot *gone = boots_at(peer->net->node->boots, node);
    return node != peer->boot && *gone->host && peers_is_name_of(peer, gone->host, gone->port);
}

void migrate_up(struct worker *w, struct peer *peer)
{
    if (!peer->boot) return;
    migrate_enter(w);
    moves_up(migration_of(w)->moves, peer->boot, clock_now_ns());
    moves_over(migration_of(w)->moves, is_replaced_by, peer, clock_now_ns());
    migrate_leave(w);
}

/* Ends of processes within an event may end a connection (peer_drop): that is told when
 * the event has been dealt with. */
void migrate_enter(struct worker *w) { migration_of(w)->depth++; }

void migrate_leave(struct worker *w)
{
    struct migration *g = migration_of(w);
    while (g->depth == 1 && g->n_lost > 0)
        tell_loss(g, g->lost[--g->n_lost]);
    g->depth--;
    migrate_keep_ticking(w);
}

void migrate_down(struct worker *w, struct peer *peer, bool is_over)
{
    struct migration *g = migration_of(w);
    if (!peer->boot) return;
    if (g->n_lost == g->max_lost) {
        size_t max = g->max_lost ? 2 * g->max_lost : 16;
        struct migrate_loss *lost = items_resize(g->lost, max, sizeof *lost);
        if (!lost) tt_panic("no memory to note the loss of a node");
        g->lost = lost;
        g->max_lost = max;
    }
    g->lost[g->n_lost++] = (struct migrate_loss){peer->boot, is_over};
    migrate_enter(w);
    migrate_leave(w);
}

int64_t migrate_tick(struct worker *w)
{
    migrate_enter(w);
    int64_t next = moves_tick(migration_of(w)->moves, clock_now_ns());
    migrate_leave(w);
    return next;
}

enum move_failure migrate_begin(struct worker *w, struct process *p, uint32_t boot)
{
    struct migration *g = migration_of(w);
    enum move_failure why;
    text_free(&g->failure.path);
    g->failure = (struct wire_failure){0};
    p->state = PROCESS_AWAY;
    struct mover *m = moves_begin(g->moves, p->mover, p, process_serial(p), boot, clock_now_ns(), &why);
    if (!m) return why;
    p->mover = m;
    migrate_keep_ticking(w);
    return MOVE_MOVED;
}
