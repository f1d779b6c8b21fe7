/* Deadlines of waiting processes: a binary heap, with each process's place noted
 * in it, so that a wait that ends early takes its timer out. */
#ifndef RT_ACTOR_TIMER_H
#define RT_ACTOR_TIMER_H

#include "rt/actor/process.h"

struct timer {
    int64_t deadline_ns;
    struct process *process;
};

struct timers {
    struct timer *heap; /* the earliest first */
    uint32_t n, capacity;
    _Atomic int64_t first_ns; /* deadline of heap[0], INT64_MAX if none; for the ticker */
};

void timers_init(struct timers *t);
/* False: no memory. */
bool timers_add(struct timers *t, struct process *p, int64_t deadline_ns);
void timers_remove(struct timers *t, struct process *p);
/* Takes the first process out if its deadline is not after now_ns; else NULL. */
struct process *timers_pop_due(struct timers *t, int64_t now_ns);

#endif
