/* %migrate and %moves-tick. */
#include "rt/actor/sched.h"
#include "rt/code/failure.h"
#include "rt/code/point.h"
#include "rt/code/stack.h"
#include "rt/mem/heap.h"
#include "rt/node/net/address.h"
#include "rt/node/migrate/migrate.h"
#include "rt/node/net/peer.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/os/clock.h"

/* How often lost nodes are looked for; what else is due is late by that at most. */
#define TICK_NS (CLOCK_SECOND_NS / 4)

/* worker.failure: something in the process cannot travel. */
static void fail_image(struct worker *w, struct wire_failure *failure)
{
    if (failure->status == WIRE_TOO_LARGE) {
        fail_too_large(w, "migrate");
    } else if (failure->status != WIRE_NOT_SERIALIZABLE) {
        heap_fail(w);
    } else {
        tt_word path = string_from_bytes(w, failure->path.bytes, failure->path.n);
        tt_word rest = path == TT_FAIL ? TT_FAIL : heap_cons(w, path, TT_NIL);
        if (rest != TT_FAIL) rest = heap_cons(w, failure->object, rest);
        if (rest == TT_FAIL)
            heap_fail(w);
        else
            fail_condition(w, CONDITION_NOT_SERIALIZABLE, "migrate", rest);
    }
}

/* The run that is connected with this one from there; 0: none is. */
static uint32_t connected_run(struct worker *w, tt_word node)
{
    const struct peer *peer = address_peer(w, node);
    return peer && peer->state == PEER_UP ? peer->boot : 0;
}

POINT_CODE(tt_proc_migrate)
{
    CHECK_ARGS(argc == 1);
    struct process *p = w->sched->running;
    w->saved_sp = sp;
    w->site = 0;
    if (!tt_is_type(a0, TT_TYPE_NODE)) {
        fail_wrong_type(w, "migrate", a0);
        JUMP_RAISE(w, sp, hp);
    }
    if (address_is_here(w, a0)) JUMP_RETURN(w, sp, hp, TT_TRUE);
    uint32_t boot = connected_run(w, a0);
    if (boot == 0) JUMP_RETURN(w, sp, hp, TT_SYM(LOST));
    tt_word *frozen = stack_freeze(w, sp);
    if (!frozen) JUMP_RAISE(w, sp, hp);
    if (!process_save(w, p, frozen)) JUMP_RAISE(w, frozen, hp);
    p->timed_out = false;
    enum move_failure why = migrate_begin(w, p, boot);
    if (why == MOVE_MOVED) {
        w->sched->running = NULL;
        JUMP_ON(sched_run_next);
    }
    p->state = PROCESS_RUNNING;
    sp = process_load(w, p);
    tt_word reason = TT_FAIL;
    if (why == MOVE_FAILED_NOT_SERIALIZABLE)
        fail_image(w, &w->node->migration->failure);
    else
        reason = symbol_intern_text(w, migrate_failure_text(why));
    if (reason == TT_FAIL) JUMP_RAISE(w, sp, hp);
    JUMP_RETURN(w, sp, hp, reason);
}

/* -- what is due ----------------------------------------------------------------- */

void migrate_keep_ticking(struct worker *w)
{
    struct migration *g = w->node->migration;
    if (g->ticks) return;
    tt_word thunk = tt_tagged((void *)&tt_proc_moves_tick_closure, TT_TAG_CLOSURE);
    struct process *p = sched_new_process(w, thunk);
    if (!p) return; /* the next event tries again */
    p->params = TT_NIL;
    g->ticks = true;
    sched_start(w, p);
}

/* Waits with nothing but a frame that begins all over again. */
POINT_CODE(tt_proc_moves_tick)
{
    CHECK_ARGS(argc == 0);
    struct scheduler *s = w->sched;
    struct process *p = s->running;
    if (migrate_tick(w) == INT64_MAX) {
        w->node->migration->ticks = false;
        JUMP_RETURN(w, sp, hp, TT_VOID);
    }
    sp = stack_empty(w) - 2;
    sp[0] = (tt_word)tt_special_start;
    sp[1] = tt_tagged((void *)&tt_proc_moves_tick_closure, TT_TAG_CLOSURE);
    w->saved_sp = sp;
    w->site = 0;
    if (!process_save(w, p, sp)) JUMP_RAISE(w, sp, hp);
    if (!timers_add(&s->timers, p, clock_now_ns() + TICK_NS)) {
        heap_fail(w);
        JUMP_RAISE(w, process_load(w, p), hp);
    }
    p->state = PROCESS_WAITING;
    p->timed_out = false;
    JUMP_ON(sched_run_next);
}
