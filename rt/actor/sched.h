/* The scheduler of a worker: which process runs.
 *
 *   tt_entry_slow, %wait-message, yield, end of a process
 *        |  frames at sp are saved in the process
 *        v
 *   sched_run_next ---- run queue empty ---> sleep until the first timer
 *        |  frames of the next process to the chunk
 *        v
 *   return to its top frame
 *
 * Fairness: first in, first out; the ticker (rt/actor/ticker.h) interrupts a
 * process that ran for a while when others are runnable. */
#ifndef RT_ACTOR_SCHED_H
#define RT_ACTOR_SCHED_H

#include <stdatomic.h>

#include "rt/actor/calls.h"
#include "rt/actor/process.h"
#include "rt/actor/ticker.h"
#include "rt/actor/timer.h"
#include "rt/code/jump.h"
#include "rt/mem/heap.h"
#include "rt/os/clock.h"

/* What rt/node/migrate/migrate.c does about processes that are not here, or not from here. */
struct away_hooks {
    /* There is a message in the mailbox of one that is AWAY. False: it cannot travel, and is dropped; whoever
     * has sent it is to be told (rt/node/migrate/migrate.h: migrate_take_unsent). */
    bool (*mail)(struct worker *w, struct process *p);
    /* An AWAY one is to end. True: it may, here; false: it will, where it is. */
    bool (*stop)(struct worker *w, struct process *p, tt_word kind, tt_word object);
    void (*end)(struct worker *w, struct process *p, tt_word kind,
                tt_word object); /* one with a mover ends */
};

struct scheduler {
    const struct away_hooks *away;
    struct process *running;
    struct process *run_head, *run_tail;
    struct process *dirty;             /* may refer to young objects, see process_touch */
    struct process *free_slots;        /* used before, newest first */
    struct process *fresh, *fresh_end; /* the rest of the worker's newest slab: not touched yet */
    uint32_t fresh_index;              /* of fresh */
    size_t n_processes;                /* alive */
    struct timers timers;
    struct ticker ticker;
    _Atomic uint64_t switches; /* written by the worker only; read by the ticker */
    uint64_t look_at; /* at this switch, what lies outside is looked at (node.poll); UINT64_MAX: never */
    struct process_queue printers; /* parked until standard output or error takes more */
    struct process_queue
        *parks_on;              /* the running process goes there at its next entry check; NULL: goes on */
    _Atomic bool preempt;       /* set by the ticker and signal handlers, cleared by the worker */
    bool time_is_virtual;       /* instead of sleeping, the clock is put forward */
    _Atomic int64_t skipped_ns; /* by so much; the clock of deadlines is sched_now */
    bool just_resumed;          /* hostile build: let the process make a step */
    struct process *main;       /* the main process; NULL: it has ended, and the orderly end goes on */
    struct process_queue *main_queue; /* where that is PARKED, or NULL */
    struct listeners *listeners;      /* who hears of the orderly end (rt/actor/shutdown.h) */
    uint64_t next_tag;
    uint64_t spawned, preempted;
};

void sched_init_worker(struct worker *w);

/* The time that processes see, and the one of their deadlines. */
static inline int64_t sched_now(const struct scheduler *s)
{
    return clock_now_ns() + atomic_load_explicit(&s->skipped_ns, memory_order_relaxed);
}

/* Puts p at the end of the run queue. */
static inline void sched_push(struct scheduler *s, struct process *p)
{
    p->next = NULL;
    if (s->run_head)
        s->run_tail->next = p;
    else
        s->run_head = p;
    s->run_tail = p;
    if (__builtin_expect(ticker_is_parked(&s->ticker), 0)) ticker_wake(&s->ticker);
}

/* After at most so many switches the worker looks at what lies outside. */
static inline void sched_look_within(struct scheduler *s, unsigned switches)
{
    uint64_t at = atomic_load_explicit(&s->switches, memory_order_relaxed) + switches;
    if (at < s->look_at) s->look_at = at;
}

/* p may hold a young object from now on: look at it in the next minor collection. */
static inline void process_touch(struct scheduler *s, struct process *p)
{
    if (!p->is_dirty) {
        p->is_dirty = true;
        p->dirty_next = s->dirty;
        s->dirty = p;
    }
}

/* Makes a waiting process runnable. */
static inline void sched_wake(struct scheduler *s, struct process *p)
{
    if (p->timer) timers_remove(&s->timers, p);
    p->state = PROCESS_RUNNABLE;
    sched_push(s, p);
}

/* A full mailbox may have a larger array. */
bool sched_lets_grow(struct scheduler *s, const struct mbox *m);

/* p has mail. */
static inline bool sched_notify(struct scheduler *s, struct process *p)
{
    if (__builtin_expect(p->state != PROCESS_WAITING, 0)) return s->away->mail(s->ticker.worker, p);
    sched_wake(s, p);
    return true;
}

/* Puts a message into p's mailbox and wakes it, unless it is the reply to a call that has
 * ended. False: no memory; or p is on another node, and the message cannot travel. */
static inline bool sched_deliver(struct scheduler *s, struct process *p, tt_word message)
{
    struct mbox *m = &p->mbox;
    if (__builtin_expect(p->calls != TT_FALSE, 0) && calls_drop(p, message)) return true;
    if (__builtin_expect(m->tail == m->capacity, 0) && !sched_lets_grow(s, m)) return false;
    if (!mbox_push(m, message)) return false;
    if (tt_is_pointer(message)) process_touch(s, p);
    if (p->state >= PROCESS_WAITING) return sched_notify(s, p);
    return true;
}

/* The running process stops at its next entry check, unless it waits for a message
 * before that; it goes on after sched_unpark. */
void sched_park_running(struct worker *w, struct process_queue *queue);
/* p, which is saved, waits there too. */
void sched_park(struct scheduler *s, struct process *p, struct process_queue *queue);
void sched_unpark(struct scheduler *s, struct process_queue *queue);

/* The main process has a new stack, on which it calls `thunk`, wherever it was; its winds stay.
 * No process runs. False: the main process is not here. */
bool sched_restart_main(struct worker *w, tt_word thunk);

/* Enters the next process; the one that ran is saved or gone. */
JUMP_DECLARE(sched_run_next);

/* A process that calls `thunk`; not yet in the run queue. NULL: failed. */
struct process *sched_new_process(struct worker *w, tt_word thunk);
void sched_start(struct worker *w, struct process *p);

/* Ends p with a reason: signals links and monitors, frees it. p is the running
 * process (then the caller enters sched_run_next), a waiting or a runnable one. */
void sched_end(struct worker *w, struct process *p, tt_word kind, tt_word object);
/* The same on behalf of another process; p may be AWAY. */
void sched_terminate(struct worker *w, struct process *p, tt_word kind, tt_word object);

#endif
