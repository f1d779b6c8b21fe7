#include "rt/actor/ticker.h"

#include <time.h>

#include "rt/actor/sched.h"
#include "rt/os/clock.h"
#include "rt/os/futex.h"
#include "rt/os/thread.h"

#define TICK_NS                   1000000
#define IDLE_TICKS_BEFORE_PARKING 20

void preempt_request(struct worker *w)
{
    /* Partner: sched_should_preempt. It restores the limits before it looks at
     * the flag, so a request is never lost: at worst the slow path runs twice. */
    atomic_store(&w->sched->preempt, true);
    __atomic_store_n(&w->sp_limit, UINTPTR_MAX, __ATOMIC_RELAXED);
    __atomic_store_n(&w->hp_limit, 0, __ATOMIC_RELAXED);
}

/* A racy look is good enough: a wrong answer costs a tick. */
static bool is_somebody_runnable(struct scheduler *s)
{
    return __atomic_load_n(&s->run_head, __ATOMIC_RELAXED) != NULL;
}

static bool is_timer_due(struct scheduler *s)
{
    int64_t first = atomic_load_explicit(&s->timers.first_ns, memory_order_relaxed);
    return first != INT64_MAX && first <= sched_now(s);
}

/* True when there was a reason to watch the worker. */
static bool tick(struct worker *w, uint64_t *last_switches)
{
    struct scheduler *s = w->sched;
    if (!__atomic_load_n(&s->running, __ATOMIC_RELAXED))
        return false; /* the worker sleeps until its first timer */
    uint64_t switches = atomic_load_explicit(&s->switches, memory_order_relaxed);
    bool has_run_a_tick = switches == *last_switches;
    *last_switches = switches;
    bool runnable = is_somebody_runnable(s), due = is_timer_due(s);
    if (due || (runnable && has_run_a_tick)) preempt_request(w);
    return runnable || due || atomic_load_explicit(&s->timers.first_ns, memory_order_relaxed) != INT64_MAX;
}

static void sleep_a_tick(void) { nanosleep(&(struct timespec){.tv_nsec = TICK_NS}, NULL); }

/* Sleeps until sched_push wakes it. Partner: sched_push fills the queue, then
 * looks at `parked`, without a barrier between the two. So a push that saw 0 may
 * become visible only after `parked` was set, but not a whole tick later. */
static void park(struct ticker *t)
{
    atomic_store(&t->parked, 1);
    sleep_a_tick();
    if (is_somebody_runnable(t->worker->sched)) atomic_store(&t->parked, 0);
    while (atomic_load(&t->parked))
        futex_wait(&t->parked, 1, -1);
}

static void *ticker_main(void *context)
{
    struct ticker *t = context;
    uint64_t last_switches = 0;
    int idle_ticks = 0;
    thread_is_brief();
    for (;;) {
        sleep_a_tick();
        idle_ticks = tick(t->worker, &last_switches) ? 0 : idle_ticks + 1;
        if (idle_ticks < IDLE_TICKS_BEFORE_PARKING) continue;
        park(t);
        idle_ticks = 0;
    }
    return NULL;
}

void ticker_init(struct ticker *t, struct worker *w)
{
    t->worker = w;
    t->started = false;
    atomic_init(&t->parked, 1);
}

void ticker_wake(struct ticker *t)
{
    atomic_store(&t->parked, 0);
    if (t->started) {
        futex_wake(&t->parked);
        return;
    }
    t->started = true;
    thread_start(ticker_main, t); /* when there is none, the program runs on without preemption */
}
