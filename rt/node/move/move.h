/* Migration of a process that keeps its pid: the protocol between source, target
 * and home, a pure state machine per process and node (event in, actions out),
 * which runs on sockets and under the simulator alike. It does no I/O, knows no
 * clock and no Scheme value.
 *
 * The *home* is the node that made the pid. Its process table keeps the slot for
 * as long as the process lives anywhere: mail, links and monitors go there, and
 * it forwards mail to the *guest* copy on the node where the process is now. So
 * there are no chains of forwarders, and no mail overtakes other mail: all of it
 * goes through the home.
 *
 *   source S              target T                 home H (may be S or T)
 *     PREPARE(image) ------->
 *     HOLD(T) -------------------------------------> keeps new mail back
 *     <--------------------- PREPARED(copy)
 *     <--------------------------------------------- HELD, behind the mail forwarded so far
 *     COMMIT(late mail) ---->  runs
 *     <--------------------- COMMITTED
 *     UNHOLD(left) --------------------------------> (if T is lost now, H need not wait for S)
 *                            ARRIVED(copy) --------> forwards to T what it kept, and on
 *                            <---------------------- WELCOME
 *
 * S = H: no HOLD, HELD, ARRIVED: COMMITTED says it. T = H: PREPARE and PREPARED
 * are HOLD and HELD as well; no ARRIVED, no WELCOME.
 *
 * Never two runnable copies. T runs only what was committed. S goes on only if it
 * never wrote COMMIT, or T has said that it did not run the process: an answer
 * "never" to MOVE_ASK binds T, whatever comes later.
 *
 *   before COMMIT   any loss, refusal or 30 s: the process goes on at S
 *                   (migration-failed); S tells H (UNHOLD) and T (CANCEL)
 *   after COMMIT    S is in doubt when it loses T: it asks T whenever T can be
 *                   reached, for 30 s after COMMIT, or until it is known that T has
 *                   ended; then it gives up, and H tells the links (migration-in-doubt)
 *   S lost, or it   H, which holds mail, asks T in the same way. A copy that is
 *   has left        prepared at T is dropped; one that runs reports to H
 *   T-H lost        before WELCOME: T says ARRIVED again when it reaches H, for
 *                   30 s; what the guest wants done at home waits for WELCOME
 *   G-H lost        a process is at G: H has told links and monitors that it is
 *                   lost; the guest goes on under a pid of G, and is told
 *
 * Who is believed (Rule R): a move's number only from its source; HOLD, UNHOLD,
 * GUEST_DOES, GUEST_ENDED only from the node where the home believes the process to
 * be; ARRIVED only from the target that HOLD has named; COMMIT and CANCEL only from
 * the source, PREPARED and COMMITTED from the target, HELD, WELCOME, DETACH from
 * the home. Other packets are counted and dropped; a process that says ARRIVED, HOLD, UNHOLD or PREPARE to a
 * home which has given it up, or COMMITTED where the move was given up, is told so (DETACH). UNHOLD (in doubt) to a
 * home that was the target itself, and too busy to take COMMIT within 30 s: the process is lost.
 *
 * All packets between two nodes about one process arrive in the order in which they
 * were sent, and a connection that ends is reported before the next one is up, at
 * both ends. So no packet needs to say which stay of the process it belongs to. */
#ifndef RT_NODE_MOVE_MOVE_H
#define RT_NODE_MOVE_MOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt/node/channel/channel.h"
#include "rt/obj/far.h"

#define MOVE_SECOND_NS    INT64_C(1000000000)
#define MOVE_PREPARE_NS   (30 * MOVE_SECOND_NS) /* a move that is not committed by then is cancelled */
#define MOVE_DOUBT_NS     (30 * MOVE_SECOND_NS) /* so long S asks after COMMIT, H after the loss of S */
#define MOVE_HELD_NS      (65 * MOVE_SECOND_NS) /* no S needs longer to tell H what became of a move */
#define MOVE_ARRIVING_NS  (30 * MOVE_SECOND_NS) /* so long T looks for H */
#define MOVE_RETRY_NS     (MOVE_SECOND_NS / 2)
#define MOVE_REMEMBER_NS  (300 * MOVE_SECOND_NS) /* T knows for so long what it did */
#define MOVE_REMEMBER_MAX (1u << 20)             /* moves of one source; more are refused */
#define MOVE_NEVER_MAX    (1u << 16)             /* promises to homes; further questions get no answer */

/* A move: whose it is (the first 8 bytes of the source's boot id), and its number there. */
struct move_id {
    uint64_t source, number;
};

/* What S says to H of a move: it does not happen; nobody knows; it has happened. */
enum move_release { RELEASE_STAYS = 0, RELEASE_IN_DOUBT = 1, RELEASE_LEFT = 2 };
enum move_outcome { MOVE_NEVER = 0, MOVE_RUNS = 1, MOVE_DETACHED = 2 };

/* Why a process was not moved: the reason in a migration-failed condition. */
enum move_failure {
    MOVE_MOVED = 0,
#define MOVE_FAILURE(id, number, text) MOVE_FAILED_##id = number,
#include "rt/node/move/move_failures.def"
#undef MOVE_FAILURE
};

/* A process of this node that is moving, is a guest here, or is away. Owned by
 * the process's record; made when one of that begins, freed when all of it ends. */
struct mover {
    struct far identity; /* boot 0: this node is its home */
    struct far copy;     /* its pid here, if it is a guest; where it is, if it is away (place's own pid) */
    void *process;       /* the owner's */

    enum { OUT_NONE, OUT_PREPARING, OUT_COMMITTING } out; /* it leaves: this node is S */
    enum { IN_NONE, IN_PREPARED } in;                     /* it comes: this node is T */
    enum { GUEST_NONE, GUEST_ARRIVING, GUEST_SETTLED } guest;
    enum { HOME_HERE, HOME_AWAY, HOME_HELD, HOME_ASKING } home;
    bool is_prepared, is_held; /* out: what has been answered */
    bool is_asking;            /* out, committing: the target was lost */
    bool is_orphan;            /* out, committing: its home is lost */
    bool is_cut;               /* arriving: ARRIVED must be sent again */

    struct move_id move;                    /* out */
    struct move_id brought;                 /* in; guest; at home: the last that came here */
    struct move_id hold;                    /* home held, asking */
    uint32_t target;                        /* out */
    uint32_t source;                        /* in: who prepared it */
    uint32_t place;                         /* home away: where it is; 0: here, leaving */
    uint32_t hold_target;                   /* home held, asking */
    struct move_wish *wishes, **wishes_end; /* arriving: what was to be done at home */

    struct mover *prev, *next;           /* all movers of the node */
    struct mover *open_prev, *open_next; /* out: all of the node, oldest first */
    struct mover *wait_prev, *wait_next; /* those that wait for the same, oldest first */
    int64_t deadline;
    uint8_t waits; /* enum move_wait */

    /* The owner's. */
    bool has_links;
    bool is_full;  /* it was ordered to end because of too much mail: no more is taken */
    uint64_t mark; /* the last message that is in the image */
};

/* What a packet says. `mover`: receiving: of the process that a near pid in it
 * names (mac checked), NULL if that one never moved or is gone; sending: whose
 * packet it is. `payload`: values, of which only the owner knows more. */
struct move_packet {
    enum control type;
    struct move_id move;
    struct mover *mover;
    struct far identity, copy;
    uint32_t target;  /* HOLD */
    uint64_t settled; /* PREPARE: all older moves of the sender are over */
    uint8_t outcome;  /* STATUS: enum move_outcome; UNHOLD: enum move_release; REFUSED: enum move_failure */
    void *payload;    /* PREPARE: image; COMMIT: late mail; GUEST_DOES, GUEST_ENDED: what */
};

enum move_sent { MOVE_SENT, MOVE_UNREACHABLE, MOVE_UNSENDABLE };

/* What the state machine has done, by its owner. A mover that is given here is
 * still valid during the call. */
struct move_port {
    /* Queues a packet; if it or an earlier one is lost, `moves_down` follows. The
     * image of PREPARE and the late mail of COMMIT are the owner's to add. */
    enum move_sent (*send)(void *context, uint32_t to, const struct move_packet *packet);
    /* S: the process goes on here, because of `why`. It still is (or, is_orphan:
     * is no longer) what it was: a guest, or at home. */
    void (*resume)(void *context, struct mover *m, enum move_failure why);
    /* S: it is elsewhere, or given up: the copy here goes; at home: only what
     * the image held goes, later mail stays. */
    void (*leave)(void *context, struct mover *m);
    /* T: makes a suspended copy of `image`, sets m->process and m->copy. At home:
     * keeps the image until `run` or `discard`. */
    enum move_failure (*install)(void *context, struct mover *m, void *image);
    void (*discard)(void *context, struct mover *m);
    /* T: the copy runs; at home it is in its old place, and kept mail comes after
     * the late mail. */
    void (*run)(void *context, struct mover *m, void *late_mail);
    /* G: its home is lost: it is a process of this node now. */
    void (*detach)(void *context, struct mover *m);
    /* H: from now on, and kept mail first, to m->place, m->copy. */
    void (*forward)(void *context, struct mover *m);
    /* H: the process is lost with a node, or in doubt: links are told, its slot goes. */
    void (*lose)(void *context, struct mover *m, bool in_doubt);
    /* H: it has ended elsewhere; a link operation. */
    void (*end)(void *context, struct mover *m, void *payload);
    void (*act)(void *context, struct mover *m, void *payload);
    /* A payload that was to be sent is not needed any more. */
    void (*drop)(void *context, void *payload);
    /* m is about to be freed. */
    void (*forget)(void *context, struct mover *m);
};

struct move_counters {
    uint64_t begun, moved, failed, arrived, in_doubt, lost, detached,
        stray; /* stray: packets that Rule R drops */
};

struct moves;
/* `own`: the first 8 bytes of this run's boot id. NULL: no memory. */
struct moves *moves_new(const struct move_port *port, void *context, uint64_t own);
void moves_free(struct moves *moves);
/* Tells each node that a move, a guest or a promise still depends on. */
void moves_each_node(const struct moves *moves, void (*tell)(void *context, uint32_t node), void *context);
const struct move_counters *moves_counters(const struct moves *moves);

/* -- requests of this node's own */

/* The process `process`, which is suspended, is to move to `target` (not this
 * node). m: its mover, NULL: it has none, then `serial` is of its pid. Gives the
 * mover, or NULL and why not: then nothing has been done. */
struct mover *moves_begin(struct moves *moves, struct mover *m, void *process, uint64_t serial,
                          uint32_t target, int64_t now, enum move_failure *why);
/* The process is to end now, though it was leaving: true, the move is undone and
 * it may; false: it is committed, or not here. */
bool moves_cancel(struct moves *moves, struct mover *m);
/* A guest has ended, or wants a link operation done at home. Takes the payload. */
void moves_guest_ended(struct moves *moves, struct mover *m, void *payload);
void moves_guest_wish(struct moves *moves, struct mover *m, void *payload);
/* Mail for a guest comes from its home only, and behind WELCOME. */
bool moves_takes_mail(const struct mover *m, uint32_t from);

/* -- what happens outside */

/* False: no node sends such a packet; the connection ends. */
bool moves_receive(struct moves *moves, uint32_t from, uint64_t from_prefix, const struct move_packet *packet,
                   int64_t now);
void moves_down(struct moves *moves, uint32_t peer, int64_t now);
void moves_up(struct moves *moves, uint32_t peer, int64_t now);
/* Runs that are lost, and of which is known that they have ended: what they would have to say is not
 * waited for any more. */
void moves_over(struct moves *moves, bool (*is_over)(const void *context, uint32_t node), const void *context,
                int64_t now);
/* Does what is due. Gives the time at which it is to be called again, INT64_MAX: nothing waits. */
int64_t moves_tick(struct moves *moves, int64_t now);

#endif
