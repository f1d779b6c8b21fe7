/* What the parts of the migration protocol share (move.h): move.c has the lists
 * and the events, move_source.c, move_target.c and move_home.c the three roles. */
#ifndef RT_NODE_MOVE_MOVE_STATE_H
#define RT_NODE_MOVE_MOVE_STATE_H

#include <assert.h>

#include "rt/node/move/move.h"
#include "rt/node/move/move_map.h"

/* What a mover waits for; each kind has the same patience for all. */
enum move_wait {
    WAIT_NONE,
    WAIT_PREPARED, /* S */
    WAIT_COMMITTED,
    WAIT_COMMIT, /* T */
    WAIT_WELCOME,
    WAIT_RELEASE, /* H */
    WAIT_STATUS,
    WAIT_KINDS
};

/* What an arriving guest wants done at home. Sent at once, behind ARRIVED; kept
 * until WELCOME, in case that was lost. */
struct move_wish {
    struct move_wish *next;
    enum control type;
    void *payload;
};

#define MANY_ASKERS UINT32_MAX

/* What this node did, as a target, with a move that its source may still ask
 * about; or (asker) what it has promised to a home. */
struct move_memory {
    struct move_id move;
    enum move_outcome outcome;
    uint32_t asker; /* NEVER: who; else the source */
    int64_t until;
    struct move_memory *prev, *next;           /* all, oldest first */
    struct move_memory *from_prev, *from_next; /* of this source, oldest first */
};

struct move_memories {
    struct move_memory *first, *last;
    size_t n;
};

struct move_list {
    struct mover *first, *last;
};

struct moves {
    const struct move_port *port;
    void *context;
    uint64_t own;
    int64_t now;        /* of the event that is being handled */
    int64_t next_retry; /* INT64_MAX: nobody looks for a lost node */
    uint64_t last_number;
    struct mover *all, *open_first, *open_last;
    struct move_list waits[WAIT_KINDS];
    struct move_map out; /* by number */
    struct move_map in;  /* prepared, arriving; at home: asked about */
    struct move_map memory;
    struct move_memories all_memories, promises;
    struct move_memories *from; /* by peer */
    size_t n_from;
    struct move_counters counters;
};

static inline bool move_is(struct move_id a, struct move_id b)
{
    return a.source == b.source && a.number == b.number;
}

/* What a mover may be at the same time (move.h). */
static inline bool mover_is_sound(const struct mover *m)
{
    bool is_home = m->identity.boot == 0;
    if (m->out != OUT_NONE && m->in != IN_NONE) return false; /* it leaves or comes, not both */
    if (m->guest != GUEST_NONE && (is_home || m->in != IN_NONE))
        return false;                                   /* a guest is from elsewhere, and has come */
    if (m->home != HOME_HERE && !is_home) return false; /* only its home keeps account of it */
    if (m->in == IN_PREPARED && is_home && m->home != HOME_HELD) return false;
    if (m->is_cut && m->guest != GUEST_ARRIVING) return false;
    return m->guest == GUEST_ARRIVING || !m->wishes; /* what is settled is told at once */
}

/* -- move.c */
struct mover *mover_new(struct moves *ms); /* NULL: no memory */
void mover_free_if_done(struct moves *ms, struct mover *m);
void mover_wait(struct moves *ms, struct mover *m, enum move_wait what);
void mover_stop_waiting(struct moves *ms, struct mover *m);
/* A packet about m; true: it is on its way. */
bool mover_send(struct moves *ms, struct mover *m, uint32_t to, enum control type, struct move_id move);
bool move_send_status(struct moves *ms, uint32_t to, struct move_id move, enum move_outcome outcome);
/* Somebody looks for a node that is lost: moves_tick tries again. */
void moves_retry_soon(struct moves *ms);

/* -- move_memory.c */
/* NULL: no memory, or too many. */
struct move_memory *memory_add(struct moves *ms, struct move_id move, enum move_outcome outcome,
                               uint32_t from);
struct move_memory *memory_promise(struct moves *ms, struct move_id move, uint32_t asker);
struct move_memory *memory_find(struct moves *ms, struct move_id move); /* NULL: none */
void memory_remove(struct moves *ms, struct move_memory *memory);
/* `from` will not ask about its moves before `settled` any more. */
void memory_settle(struct moves *ms, uint32_t from, uint64_t settled);
bool memory_is_full(const struct moves *ms, uint32_t from);
void memory_expire(struct moves *ms);
void memory_free(struct moves *ms);

/* -- move_source.c */
uint64_t source_oldest(const struct moves *ms); /* number of the oldest move that is not over */
/* PREPARING: the process goes on here. */
void source_abort(struct moves *ms, struct mover *m, enum move_failure why, bool tell_target, bool tell_home);
void source_has_moved(struct moves *ms, struct mover *m);
void source_on_prepared(struct moves *ms, uint32_t from, const struct move_packet *f);
void source_on_held(struct moves *ms, uint32_t from, const struct move_packet *f);
void source_on_refused(struct moves *ms, uint32_t from, const struct move_packet *f);
void source_on_committed(struct moves *ms, uint32_t from, const struct move_packet *f);
void source_on_status(struct moves *ms, uint32_t from, const struct move_packet *f);
void source_on_down(struct moves *ms, struct mover *m, uint32_t peer);
void source_on_deadline(struct moves *ms, struct mover *m);
void source_ask(struct moves *ms, struct mover *m);

/* -- move_target.c */
void target_drop(struct moves *ms, struct mover *m);
void target_on_source_down(struct moves *ms, struct mover *m);
void target_on_prepare(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f);
void target_on_commit(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f);
void target_on_cancel(struct moves *ms, uint32_t from, const struct move_packet *f);
void target_on_ask(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f);
/* ...and of a guest. */
void guest_on_welcome(struct moves *ms, uint32_t from, const struct move_packet *f);
void guest_on_detach(struct moves *ms, uint32_t from, const struct move_packet *f);
void guest_on_home_down(struct moves *ms, struct mover *m);
void guest_on_deadline(struct moves *ms, struct mover *m);
void guest_detach(struct moves *ms, struct mover *m);
void guest_forget(struct moves *ms, struct mover *m); /* it is no guest any more; leaves m->out alone */
void guest_say_arrived(struct moves *ms, struct mover *m);

/* -- move_home.c */
void home_lose(struct moves *ms, struct mover *m, bool in_doubt);
/* A node speaks for a process: if this home has given it up, the node is told so, and makes it one of its own. */
void home_tell_given_up(struct moves *ms, uint32_t from, const struct move_packet *f);
void home_on_hold(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f);
void home_on_unhold(struct moves *ms, uint32_t from, const struct move_packet *f);
void home_on_arrived(struct moves *ms, uint32_t from, const struct move_packet *f);
void home_on_status(struct moves *ms, uint32_t from, const struct move_packet *f);
void home_on_guest(struct moves *ms, uint32_t from, const struct move_packet *f);
void home_on_down(struct moves *ms, struct mover *m, uint32_t peer);
void home_ask(struct moves *ms, struct mover *m);

#endif
