/* A process: what of it is not on the worker's stack chunk.
 *
 *             spawn                 picked by the worker
 *   FREE ---------------> RUNNABLE ---------------------> RUNNING
 *    ^                       ^  ^                        |  |  |
 *    |                       |  +----- preempted --------+  |  |
 *    |     message, timeout  |                              |  |
 *    |   (leaves timers)     +-------- WAITING <-- blocks --+  |
 *    |                                    | terminated         | ends
 *    +---- slot free again -- (DOOMED) <--+--------------------+
 *
 * PARKED: like RUNNABLE, but in a queue of somebody who lets it go on later (what
 * it has sent has not been taken, rt/node/net/peer.h).
 * AWAY: its mail is kept here, it cannot run: it is moving, or a node elsewhere has
 * it (rt/node/migrate/migrate.h). What arrives then is told to scheduler.away.
 * DOOMED is only for a runnable or parked process that was terminated: it is dead,
 * but still linked into a queue; the run queue frees its slot.
 *
 * Processes stand in slabs outside of the collected heap and never move. A slot
 * is used again with the next serial; a pid value holds both, so that a pid of
 * an ended process matches nothing. Every field belongs to the process's worker. */
#ifndef RT_ACTOR_PROCESS_H
#define RT_ACTOR_PROCESS_H

#include <pthread.h>

#include "rt/actor/mailbox.h"
#include "rt/mem/worker.h"
#include "rt/obj/far.h"

enum process_state {
    PROCESS_FREE,
    PROCESS_RUNNABLE,
    PROCESS_RUNNING,
    PROCESS_PARKED,
    PROCESS_DOOMED,
    PROCESS_WAITING, /* this one and the next want to hear of a message */
    PROCESS_AWAY
};

#define PROCESS_INLINE_WORDS 12
/* Deeper stacks than this are frozen into STACK objects instead of copied. */
#define PROCESS_SAVE_MAX_WORDS 256
/* A buffer for saved frames up to this size stays with its process. */
#define PROCESS_SAVE_KEEP_WORDS 64

struct link;
struct mover;

struct process {
    struct process *next;       /* run queue, queue of parked ones, or free slots */
    struct process *dirty_next; /* see process_touch */
    tt_word pid;                /* its value; 0 in a free slot */
    uint32_t index, serial;     /* its slot, and how often that was used before */
    uint32_t timer;             /* 1 + its index among the timers, 0: none */
    uint8_t state;              /* enum process_state */
    bool is_dirty : 1;
    bool is_main : 1;
    bool is_supervised : 1;  /* its supervisor ends it, and */
    bool hears_shutdown : 1; /* it is a listener: see shutdown.h */
    bool timed_out;          /* why it stopped waiting */
    uint8_t stack_told;      /* see struct worker */
    uint16_t n_saved;        /* words of frames in saved, or in the buffer */
    uint16_t buffer_words;   /* capacity of the buffer, 0: frames are in saved[] */
    struct link *outbound;   /* who hears of my end: links and monitors */
    struct link *inbound;    /* whose end I hear of */
    tt_word tag;             /* the newest tag made here, and */
    uint64_t tag_seq;        /* the last message that was there before it */
    uint64_t next_call;      /* serial of the next call's tag (calls.h); the slot's, whoever is in it */
    struct mover *mover; /* it moves, is away, or is a guest here (rt/node/move/move.h); NULL: none of that */

    /* From here on: roots, while not RUNNING (then the worker has them). */
    tt_word self; /* what (self) gives: its pid; of a guest, the one that its home has given it */
    tt_word winds, handlers, params;
    tt_word calls; /* see calls.h; #f: none that matters */
    struct mbox mbox;
    union {
        tt_word saved[PROCESS_INLINE_WORDS];
        tt_word *buffer;
    };
};

static inline tt_word *process_saved(struct process *p) { return p->buffer_words ? p->buffer : p->saved; }

/* Linked by `next`, first in, first out. */
struct process_queue {
    struct process *head, *tail;
};

#define PROCESS_SLAB_BITS 10
#define PROCESS_SLAB_SIZE (1u << PROCESS_SLAB_BITS)

/* All processes of the node. Slots are found by index; free ones are kept per
 * worker. Slabs never move and are never given back, so a reader needs no lock. */
struct process_table {
    struct process **slabs; /* room for all that can ever be needed */
    size_t n_slabs, max_slabs;
    pthread_mutex_t lock; /* while a slab is added */
};
struct process_table *process_table_new(size_t max_processes);

/* The slot that a pid of this node with that serial (rt/obj/far.h) stands for. */
static inline struct process *process_slot(const struct process_table *table, uint64_t serial)
{
    uint32_t index = (uint32_t)serial & ((1u << TT_PID_INDEX_BITS) - 1);
    return &table->slabs[index >> PROCESS_SLAB_BITS][index & (PROCESS_SLAB_SIZE - 1)];
}

/* NULL: no process with that pid (any more). `pid` is a pid value of this node. */
static inline struct process *process_find(const struct process_table *table, tt_word pid)
{
    struct process *p = process_slot(table, near_serial(pid));
    return p->pid == pid ? p : NULL;
}

/* The serial of its pid, which tables outside of the heap keep instead of the pid. */
static inline uint64_t process_serial(const struct process *p)
{
    return (uint64_t)p->serial << TT_PID_INDEX_BITS | p->index;
}

/* The same for the serial of a pid of this node. */
static inline struct process *process_at(const struct process_table *table, uint64_t serial)
{
    struct process *p = process_slot(table, serial);
    return p->pid && process_serial(p) == serial ? p : NULL;
}

/* Visits every slot that was ever used. */
void process_each(const struct process_table *table, void (*visit)(struct process *, void *), void *context);

/* A new process: an empty mailbox, no links; the caller fills saved, params, and
 * makes it runnable. NULL: too many processes, or no memory; worker.failure is set. */
struct process *process_new(struct worker *w);
/* The process is gone: frees all that it has but its slot. */
void process_clear(struct worker *w, struct process *p);
/* The slot may be used again. */
void process_free(struct worker *w, struct process *p);

/* Copies the frames from sp up to the chunk's top into the record, freezing them
 * first when they are many. False: no memory for that (failure is set). */
bool process_save(struct worker *w, struct process *p, tt_word *sp);
/* Copies them back. Returns sp. */
tt_word *process_load(struct worker *w, struct process *p);

/* Collectors' views, registered once a worker and once a node. */
void process_register_scanners(struct worker *w);

#endif
