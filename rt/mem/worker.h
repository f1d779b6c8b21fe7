/* The worker: one per OS thread that runs Scheme. Everything mutable that
 * generated code or a primitive touches hangs off it; there is no global
 * mutable state. The first words are rt/abi/worker.def. Owned by its thread;
 * another thread may only store to sp_limit and hp_limit (preemption, relaxed). */
#ifndef RT_MEM_WORKER_H
#define RT_MEM_WORKER_H

#include "rt/obj/value.h"

struct heap;       /* rt/mem/heap.c: nursery, C allocation area, remembered list */
struct scheduler;  /* rt/actor/sched.c: run queue, timers, running process */
struct wire_state; /* rt/wire/state.h: tables that are used again */
struct node;       /* rt/mem/node.h: what all workers of this OS process share */

enum tt_condition {
#define CONDITION(id, kind, message) CONDITION_##id,
#include "rt/abi/conditions.def"
#undef CONDITION
};

/* How the last primitive failed; read by tt_raise_failure (rt/code/failure.c). */
struct tt_failure {
    enum tt_condition condition;
    const char *operation; /* Scheme name, or NULL */
    tt_word irritants;     /* list */
    tt_word raise;         /* if not NONE: raise this object itself instead of a condition */
    bool has_range;        /* what would have been right: an index, or (ARITY) a number of arguments */
    tt_sword low, high;    /* high < 0: no limit for ARITY, else nothing is right */
};

struct worker {
#define WORKER_FIELD(name) tt_word name;
#include "rt/abi/worker.def"
#undef WORKER_FIELD
    struct heap *heap;
    struct scheduler *sched;
    struct node *node;
    struct wire_state *wire; /* NULL until it is needed */
    struct tt_failure failure;
    tt_word *stack_base;    /* the worker's stack chunk: lowest word */
    tt_word *stack_top;     /* one past the highest; the bottom frame lies just below */
    size_t stack_max_words; /* limit of a process's whole stack, frozen parts too */
    /* What the running process, and whoever ran when memory was short, has been told of its
     * being beyond the limits of stack and heap: levels (rt/code/entry.c), 0: nothing. */
    uint8_t stack_told, heap_told;
    size_t xargs_capacity;
    tt_word *saved_sp; /* where the running process is, whenever C code that was entered by a jump runs */
};

#endif
