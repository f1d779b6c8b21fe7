/* Processes that move between nodes: rt/node/move/move.h for the processes and
 * connections that there really are.
 *
 *   at home    a process that is elsewhere keeps its slot, state AWAY: what sends to
 *              it, links with it or ends it finds it there, and what comes into its
 *              mailbox goes on to where it is (scheduler.away)
 *   elsewhere  a guest has a slot of its own with a pid that nobody is told; (self) is
 *              the pid that it has from home. It has no links here: what it says
 *              about links is done at home (migrate_wish), and so is its end
 *
 *   %migrate --> migrate_begin --> moves_begin --> migrate_port --> peer_begin/end, processes
 *   packets   --> migrate_take  --> moves_receive --^
 *
 * All of it belongs to the worker. */
#ifndef RT_NODE_MIGRATE_MIGRATE_H
#define RT_NODE_MIGRATE_MIGRATE_H

#include "rt/actor/process.h"
#include "rt/node/channel/channel.h"
#include "rt/node/move/move.h"
#include "rt/wire/wire.h"

#define MIGRATE_DETAILS_BYTES 2304 /* the id of a code, and wire_failure.missing */

struct packet;
struct peer;

struct migrate_loss {
    uint32_t boot;
    bool is_over;
};

/* node.migration */
struct migration {
    struct worker *worker;
    struct moves *moves;
    bool ticks;                  /* the process that calls moves_tick lives */
    size_t n_stops;              /* orders to end that wait in mailboxes here */
    struct wire_failure failure; /* of the image, or the message, that could not be sent last */
    bool is_delivering;          /* a message is put into the mailbox of a process that is elsewhere */
    bool has_unsent;             /* it cannot travel: `failure` says why */
    char details[MIGRATE_DETAILS_BYTES]; /* of the refusal that is being made, or was received */
    struct migrate_pin *pins;            /* see migrate_guest.c */
    size_t n_pins, max_pins;
    unsigned depth;            /* of events that are being dealt with */
    struct migrate_loss *lost; /* peers whose loss is still to be told */
    size_t n_lost, max_lost;
};

/* Prepares node.migration. False: no memory. */
bool migrate_init(struct node *node);

/* Begins to move the running process p, which is saved, with its stack frozen, to
 * the run with that index. MOVED: it is AWAY now; what becomes of it, it will see
 * when it runs again. Else it may go on, and worker's migration.failure says more
 * in the case NOT_SERIALIZABLE. */
enum move_failure migrate_begin(struct worker *w, struct process *p, uint32_t boot);
const char *migrate_failure_text(enum move_failure why);

/* The peer to which mail for p is passed on; NULL: it is kept here, or its node is not known any more. */
struct peer *migrate_place(struct worker *w, const struct process *p);
/* A packet of the peer; false: none that a node sends. */
bool migrate_take(struct worker *w, struct peer *peer, enum control type, struct packet *f);
void migrate_up(struct worker *w, struct peer *peer);
/* is_over: another run is at its address, so it has ended. */
void migrate_down(struct worker *w, struct peer *peer, bool is_over);
/* Around every event that is passed on to the state machine. */
void migrate_enter(struct worker *w);
void migrate_leave(struct worker *w);
/* Gives the time of the next call, INT64_MAX: none is needed. */
int64_t migrate_tick(struct worker *w);
/* Starts the process that calls migrate_tick, if there is none (migrate_points.c). */
void migrate_keep_ticking(struct worker *w);

/* -- guests (migrate_guest.c) */
static inline bool migrate_is_guest(const struct process *p)
{
    return __builtin_expect(p->mover != NULL, 0) && p->mover->guest != GUEST_NONE;
}
enum migrate_wish { WISH_LINK, WISH_UNLINK, WISH_MONITOR, WISH_DEMONITOR, WISH_ANSWER };
/* Links between guest p and a process of this node, and their end: made from that one's
 * side, so that what p sends to it afterwards finds them. False: no memory. */
bool migrate_link(struct worker *w, struct process *p, tt_word pid, unsigned directions);
bool migrate_unlink(struct worker *w, struct process *p, tt_word pid);
/* Guest p monitors: a process of this node from that one's side too. */
bool migrate_monitor(struct worker *w, struct process *p, tt_word pid, tt_word ref);
/* Keeps the tag of a monitor while process p lives. False: no memory. */
bool migrate_pin(struct worker *w, struct process *p, tt_word tag);
/* What guest p wants done at home: with a pid and (LINK) directions, (MONITOR) a tag;
 * DEMONITOR: a tag; ANSWER: the value of `on`, and whether it was raised. False: no
 * memory, or a value that cannot travel (failure is set). */
bool migrate_wish(struct worker *w, struct process *p, enum migrate_wish wish, tt_word object,
                  tt_word argument);
/* A wish ANSWER of a guest that its home knows: the value is written in steps if it is large. `answer` is what cannot
 * travel, if that is the failure. */
bool migrate_send_answer(struct worker *w, const struct mover *m, tt_word answer, tt_word what);
/* The parts of migrate_port and the scheduler's hooks that are about guests. */
void migrate_act(struct worker *w, struct process *p, tt_word wish);
void *migrate_end_payload(struct worker *w, const struct mover *m, tt_word kind, tt_word object);

/* -- packets (migrate_packets.c) */
enum move_sent migrate_send(void *context, uint32_t to, const struct move_packet *packet);
/* After sched_deliver has given false: true: the message cannot travel to where its receiver is, why stands in
 * *out, whose path is the caller's to free. */
bool migrate_take_unsent(struct worker *w, struct wire_failure *out);
/* The mail that is kept for p goes to where it is. */
void migrate_forward(struct worker *w, struct process *p);

/* A message in the mailbox of an AWAY process that is an order to end it: a signal of
 * the kind #f with (kind . object). */
bool migrate_is_stop(tt_word message);

#endif
