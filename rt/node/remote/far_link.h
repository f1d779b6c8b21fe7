/* Links and monitors between a process here and one of another node. A far link with
 * one id stands on both sides; the side that begins it gives the id.
 *
 *   here: to   <---- link, monitor ---- from: there   WATCH; END or FORGET ends it
 *   here: from ---- link, monitor ----> to: there     TELL, or the peer's WATCH
 *
 * A far link ends by END (the source has ended), by FORGET (its other end wants no
 * more of it), or with the connection. What comes for one that is not there any
 * more is ignored: both sides may end it at once.
 *
 * Both sides may begin the same link at the same time: then there are two
 * far links, twins, and what comes for one of them ends the other silently. */
#ifndef RT_NODE_REMOTE_FAR_LINK_H
#define RT_NODE_REMOTE_FAR_LINK_H

#include "rt/actor/link.h"
#include "rt/node/remote/remote.h"
#include "rt/obj/far.h"

enum far_link_side { BEGUN_HERE = 0, BEGUN_THERE = 1 };
enum far_link_kind { RECORD_LINK = 0, RECORD_MONITOR = 1 };

struct far_link {
    struct link link; /* first: one end is a process here, the other one NULL */
    struct peer *peer;
    uint64_t id;
    uint64_t key;    /* of packets about it: they follow mail to the same process */
    struct far far;  /* the other end, */
    bool has_far;    /* unless it is not known yet (SPAWN) */
    bool is_indexed; /* in by_process */
    enum far_link_side side;
    enum far_link_kind kind;
    struct service *service;       /* a name that is published for `far`; no process here */
    struct far_link *next, **prev; /* with the same peer */
};

/* `p` becomes the target of a link from, or a monitor of (ref: its tag), the far
 * process. Events tell p if that is not possible. False: no memory (failure is set). */
bool far_link_watch(struct worker *w, struct process *p, tt_word pid, tt_word ref);
/* p becomes the source of a link to the far process. `quiet`: p is told already when
 * that is out of reach. */
bool far_link_tell(struct worker *w, struct process *p, tt_word pid, bool quiet);
/* p becomes the source of a monitor of the far process `watcher`, which is a guest here.
 * ref: a tag of this run. False: no memory (failure is set). */
bool far_link_tell_monitor(struct worker *w, struct process *p, tt_word watcher, tt_word ref);
/* Ends the links between the two, both directions. */
void far_link_unlink(struct worker *w, struct process *p, tt_word pid);
/* The service hears of the end of the far process it stands for. False: out of reach. */
bool far_link_watch_for_service(struct worker *w, struct service *service, tt_word pid);
void far_link_forget(struct worker *w, struct far_link *r);

/* The two links of a child that a SPAWN packet asks for: number id is child -> p,
 * id + 1 is p -> child. False: no memory, or too many (failure is set). */
bool far_link_expect_child(struct worker *w, struct peer *peer, struct process *p, uint64_t key,
                           uint64_t *id_out);
/* The child is there (or there will be none: NULL). */
void far_link_child_is(struct worker *w, struct peer *peer, uint64_t id, const struct far *child);
/* The same at the child's node; far_link_id_is_free: the peer may give them these numbers. */
bool far_link_id_is_free(const struct remote *remote, uint64_t id);
bool far_link_link_child(struct worker *w, struct peer *peer, struct process *child, uint64_t id,
                         const struct far *parent);

/* All far links are ones with `same`, as this is where their peer was to be found. False: some cannot
 * be found any more, for want of memory. */
bool far_link_pass_on(struct remote *remote, struct peer *same);
/* The connection is lost: tells all. */
void far_link_lose_all(struct worker *w, struct peer *peer);

/* Packets; false: not what a node sends. */
bool far_link_take_watch(struct worker *w, struct peer *peer, struct packet *f);
bool far_link_take_tell(struct worker *w, struct peer *peer, struct packet *f);
bool far_link_take_forget(struct worker *w, struct peer *peer, struct packet *f);
bool far_link_take_end(struct worker *w, struct peer *peer, struct packet *f);

#endif
