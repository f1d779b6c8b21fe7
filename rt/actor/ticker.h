/* Preemption: a thread that, about every millisecond, asks the worker to look up
 * from the process that runs, when others wait for their turn or a timer is due.
 *
 * It raises the worker's limits, so that the next entry check takes its slow
 * path; it touches no collected memory and is not registered with libgc. It
 * starts when the run queue is first used, and parks when for some ticks there
 * was nothing to do; sched_push wakes it. */
#ifndef RT_ACTOR_TICKER_H
#define RT_ACTOR_TICKER_H

#include <stdatomic.h>
#include <stdbool.h>

struct worker;

struct ticker {
    struct worker *worker;
    _Atomic int parked; /* 1: sleeps until woken (or does not exist yet); futex word */
    bool started;       /* by its worker */
};

void ticker_init(struct ticker *t, struct worker *w);
static inline bool ticker_is_parked(struct ticker *t)
{
    return atomic_load_explicit(&t->parked, memory_order_relaxed) != 0;
}
void ticker_wake(struct ticker *t);

/* What the ticker and signal handlers do: async-signal-safe, from any thread. */
void preempt_request(struct worker *w);

#endif
