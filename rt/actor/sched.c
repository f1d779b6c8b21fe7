#include "rt/actor/sched.h"

#include <assert.h>
#include <stdlib.h>

#include "rt/actor/leave.h"
#include "rt/actor/link.h"
#include "rt/actor/shutdown.h"
#include "rt/code/failure.h"
#include "rt/code/point.h"
#include "rt/code/stack.h"
#include "rt/code/switch.h"
#include "rt/mem/heap.h"
#include "rt/obj/log.h"
#include "rt/obj/symbol.h"
#include "rt/os/check.h"
#include "rt/os/clock.h"

#define LONG_NS (3600 * CLOCK_SECOND_NS)

void sched_init_worker(struct worker *w)
{
    struct scheduler *s = calloc(1, sizeof *s);
    if (!s) tt_panic("no memory for a scheduler");
    w->sched = s;
    s->look_at = UINT64_MAX;
    timers_init(&s->timers);
    ticker_init(&s->ticker, w);
    process_register_scanners(w);
}

/* -- making and ending processes ----------------------------------------- */

/* The stack of a process that begins with a call of `thunk`. */
static void give_first_stack(struct process *p, tt_word thunk)
{
    tt_word *saved = process_saved(p);
    saved[0] = (tt_word)tt_special_start;
    saved[1] = thunk;
    saved[2] = (tt_word)tt_special_exit;
    p->n_saved = 3;
}

struct process *sched_new_process(struct worker *w, tt_word thunk)
{
    struct process *p = process_new(w);
    if (!p) return NULL;
    p->winds = p->handlers = TT_NIL;
    p->params = w->params;
    give_first_stack(p, thunk);
    p->state = PROCESS_RUNNABLE;
    return p;
}

void sched_start(struct worker *w, struct process *p)
{
    assert(p->state == PROCESS_RUNNABLE && p->n_saved > 0);
    w->sched->spawned++;
    process_touch(w->sched, p);
    sched_push(w->sched, p);
}

/* The program ends with its main process. */
static void leave_with_main(struct worker *w, tt_word kind)
{
    if (kind == TT_SYM(KILLED))
        log_line(w->node, "%s: the main process was terminated", w->node->program->name);
    if (kind == TT_SYM(NOCONNECTION) || kind == TT_SYM(MIGRATION_IN_DOUBT))
        log_line(w->node, "%s: the main process was lost with the node where it was", w->node->program->name);
    node_leave(w->node, kind == TT_SYM(NORMAL) ? 0 : EXIT_UNCAUGHT);
}

void sched_end(struct worker *w, struct process *p, tt_word kind, tt_word object)
{
    struct scheduler *s = w->sched;
    if (p->is_main && !shutdown_outlives_main(w, kind)) leave_with_main(w, kind);
    bool is_queued = p->state == PROCESS_RUNNABLE || p->state == PROCESS_PARKED;
    if (p->timer) timers_remove(&s->timers, p);
    p->state = PROCESS_DOOMED; /* so that a signal to itself does not wake it */
    if (__builtin_expect(p->mover != NULL, 0)) s->away->end(w, p, kind, object);
    if (p->outbound || p->inbound) link_signal_end(w, p, kind, object);
    process_clear(w, p);
    if (s->running == p) s->running = NULL;
    if (!is_queued) process_free(w, p);
}

void sched_terminate(struct worker *w, struct process *p, tt_word kind, tt_word object)
{
    if (p->state != PROCESS_AWAY || w->sched->away->stop(w, p, kind, object)) sched_end(w, p, kind, object);
}

bool sched_lets_grow(struct scheduler *s, const struct mbox *m)
{
    if (m->capacity < MBOX_MIDDLE_CAPACITY || m->live <= m->capacity / 2) return true;
    if (m->capacity >= MBOX_LARGE_CAPACITY) return heap_leaves_room((size_t)m->capacity * sizeof *m->entries);
    heap_want_collection(s->ticker.worker);
    return true;
}

/* -- running ------------------------------------------------------------- */

static struct process *pop(struct scheduler *s)
{
    struct process *p = s->run_head;
    if (p) s->run_head = p->next;
    return p;
}

static void wake_due(struct scheduler *s)
{
    struct process *p;
    if (s->timers.n == 0) return;
    int64_t now = sched_now(s);
    while ((p = timers_pop_due(&s->timers, now))) {
        p->timed_out = true;
        sched_wake(s, p);
    }
}

static void report_deadlock(struct worker *w)
{
    size_t n = w->sched->n_processes;
    const char *name = w->node->program->name;
    if (n == 1)
        log_line(w->node, "%s: deadlock: the only process waits for a message that cannot come", name);
    else
        log_line(w->node, "%s: deadlock: all %zu processes wait for messages that cannot come", name, n);
    node_leave(w->node, EXIT_UNCAUGHT);
}

/* Until something comes from outside, or the pause is over. False: nothing can come. */
static bool sleep_for(struct node *node, int64_t pause_ns)
{
    if (node->idle) return node->idle(node, pause_ns);
    if (pause_ns == INT64_MAX) return false;
    node_sleep(node, pause_ns);
    return true;
}

/* A main process that has asked for it hears of a signal. */
static bool sleep_until_signal(struct worker *w)
{
    if (!w->sched->main || !w->sched->main->hears_shutdown) return false;
    node_sleep(w->node, INT64_MAX);
    return true;
}

/* No process runs. */
static bool begin_shutdown_if_asked(struct worker *w)
{
    if (!node_take_stop(w->node)) return false;
    shutdown_begin(w);
    return true;
}

static void wake_printers(struct worker *w)
{
    if (atomic_load_explicit(&w->node->output_is_ready, memory_order_relaxed) &&
        atomic_exchange(&w->node->output_is_ready, false))
        sched_unpark(w->sched, &w->sched->printers);
}

/* Nobody can run before the first timer. */
static void idle(struct worker *w)
{
    struct scheduler *s = w->sched;
    s->running = NULL;
    int64_t pause = s->timers.n ? s->timers.heap[0].deadline_ns - sched_now(s) : INT64_MAX;
    if (pause > 0 && s->time_is_virtual && s->timers.n) {
        atomic_fetch_add_explicit(&s->skipped_ns, pause, memory_order_relaxed);
        pause = 0;
    }
    if (pause == INT64_MAX && s->printers.head) pause = LONG_NS; /* their reader may come: no deadlock */
    if (pause > 0) {
        node_flush(w->node);
        bool can_come = sleep_for(w->node, pause) || sleep_until_signal(w);
        if (!begin_shutdown_if_asked(w) && !can_come) report_deadlock(w);
    }
    wake_due(s);
    wake_printers(w);
}

/* No process runs, so that what comes from outside may end any of them. */
static void look_outside(struct worker *w)
{
    assert(!w->sched->running || w->sched->running->state != PROCESS_RUNNING ||
           w->sched->running->n_saved > 0);
    struct scheduler *s = w->sched;
    s->running = NULL;
    s->parks_on = NULL;
    s->look_at = UINT64_MAX;
    begin_shutdown_if_asked(w);
    wake_printers(w);
    if (w->node->poll) w->node->poll(w->node);
}

JUMP_CODE(sched_run_next)
{
    struct scheduler *s = w->sched;
    struct process *p;
    uint64_t switches = atomic_load_explicit(&s->switches, memory_order_relaxed);
    if (__builtin_expect(switches >= s->look_at, 0)) look_outside(w);
    for (;;) {
        p = pop(s);
        if (__builtin_expect(!p, 0)) {
            if (heap_wants_collection(w)) hp = heap_collect_minor(w, NULL, 0, w->stack_top);
            idle(w);
            continue;
        }
        if (__builtin_expect(p->state == PROCESS_RUNNABLE, 1)) break;
        process_free(w, p); /* DOOMED */
    }
    assert(!s->parks_on && p->pid);
    s->running = p;
    p->state = PROCESS_RUNNING;
    atomic_store_explicit(&s->switches, switches + 1, memory_order_relaxed);
#ifdef TT_HOSTILE
    s->just_resumed = true;
    w->sp_limit = stack_limit(w);
#endif
    sp = process_load(w, p);
    JUMP_RETURN(w, sp, hp, tt_bool(!p->timed_out));
}

/* Looks outside before the preempted process is queued again, so that processes that news wake run first. */
static void put_back(struct worker *w, struct process *p)
{
    assert(p->n_saved > 0);
    p->state = PROCESS_RUNNABLE;
    if (w->sched->look_at == 0) look_outside(w); /* may end p: then the queue gets it as DOOMED */
    sched_push(w->sched, p);
}

void sched_park(struct scheduler *s, struct process *p, struct process_queue *queue)
{
    assert(p->n_saved > 0);
    p->state = PROCESS_PARKED;
    p->next = NULL;
    *(queue->head ? &queue->tail->next : &queue->head) = p;
    queue->tail = p;
    if (p->is_main) s->main_queue = queue;
}

void sched_park_running(struct worker *w, struct process_queue *queue)
{
    assert(w->sched->running && (!w->sched->parks_on || w->sched->parks_on == queue));
    w->sched->parks_on = queue;
    w->sched->look_at = 0; /* so that the next process finds no request that was not its own */
    preempt_request(w);
}

void sched_unpark(struct scheduler *s, struct process_queue *queue)
{
    struct process *next;
    for (struct process *p = queue->head; p; p = next) {
        assert(p->state == PROCESS_PARKED || p->state == PROCESS_DOOMED || p->state == PROCESS_AWAY);
        next = p->next;
        if (p->is_main) s->main_queue = NULL;
        if (p->state == PROCESS_PARKED) p->state = PROCESS_RUNNABLE;
        sched_push(s, p); /* one that is DOOMED: to be freed */
    }
    *queue = (struct process_queue){0};
}

static void unlink_from(struct process_queue *queue, struct process *p)
{
    struct process **at = &queue->head, *last = NULL;
    while (*at != p) {
        assert(*at); /* whoever moves a queue says where the main process is (main_queue) */
        last = *at;
        at = &last->next;
    }
    *at = p->next;
    if (queue->tail == p) queue->tail = last;
}

bool sched_restart_main(struct worker *w, tt_word thunk)
{
    struct scheduler *s = w->sched;
    struct process *p = s->main;
    assert(!s->running && p->is_main && p->state != PROCESS_RUNNING);
    if (p->mover) return false; /* it moves, or is away */
    if (p->state == PROCESS_PARKED) {
        unlink_from(s->main_queue, p);
        s->main_queue = NULL;
    }
    if (p->state != PROCESS_RUNNABLE) sched_wake(s, p);
    p->timed_out = false;
    p->handlers = TT_NIL;
    p->stack_told = 0;
    give_first_stack(p, thunk);
    process_touch(s, p);
    return true;
}

JUMP_CODE(sched_yield_process)
{
    struct process *p = w->sched->running;
    if (!process_save(w, p, sp)) JUMP_RAISE(w, sp, hp);
    p->timed_out = false;
    if (w->sched->parks_on) {
        sched_park(w->sched, p, w->sched->parks_on);
        w->sched->parks_on = NULL;
    } else {
        put_back(w, p);
    }
    JUMP_ON(sched_run_next);
}

JUMP_CODE(sched_end_process)
{
    sched_end(w, w->sched->running, a0, a1);
    JUMP_ON(sched_run_next);
}

bool sched_should_preempt(struct worker *w)
{
    struct scheduler *s = w->sched;
#ifdef TT_HOSTILE
    if (s->just_resumed && !s->parks_on) {
        s->just_resumed = false;
        return false;
    }
#else
    if (!atomic_load_explicit(&s->preempt, memory_order_relaxed)) return false;
#endif
    atomic_store(&s->preempt, false);
    wake_due(s);
    bool is_asked = s->parks_on || atomic_load_explicit(&w->node->wants_poll, memory_order_relaxed) ||
                    atomic_load_explicit(&w->node->stop_signal, memory_order_relaxed) ||
                    atomic_load_explicit(&w->node->output_is_ready, memory_order_relaxed);
    if (!s->run_head && !is_asked) return false;
    s->look_at = 0;
    s->preempted++;
    return true;
}

/* -- code points --------------------------------------------------------- */

POINT_CODE(tt_special_exit)
{
    JUMP(sched_end_process, w, sp, hp, 0, 0, TT_SYM(NORMAL), TT_FALSE, 0, 0, 0, 0);
}

POINT_CODE(tt_special_start)
{
    tt_word thunk = sp[1];
    JUMP_CALL1(hook_closure(w, HOOK_PROCESS_START), w, sp + 2, hp, thunk);
}

POINT_CODE(tt_proc_end_process)
{
    CHECK_ARGS(argc == 2);
    JUMP_ON(sched_end_process);
}

POINT_CODE(tt_proc_yield)
{
    CHECK_ARGS(argc == 0);
    if (!w->sched->run_head) JUMP_RETURN(w, sp, hp, TT_VOID);
    JUMP_ON(sched_yield_process);
}
