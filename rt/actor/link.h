/* Links and monitors: who hears of whose end.
 *
 *   from ---- link ----> to        `from` ends: `to` gets a SIGNAL (link, on an
 *                                  exception) or (down ref pid reason) (monitor)
 *
 * One record per direction, on two lists: from->outbound and to->inbound. Both
 * ends of one worker, so no locks. One end may be something else than a process
 * of this node: a process of another node, a published name, a request
 * (rt/node). Then its pointer is NULL, and `outside` is told what happens here. */
#ifndef RT_ACTOR_LINK_H
#define RT_ACTOR_LINK_H

#include "rt/actor/process.h"

struct link_outside;

struct link {
    struct process *from, *to;          /* NULL: that end is outside */
    tt_word ref;                        /* monitor: its tag; 0: a link */
    const struct link_outside *outside; /* NULL: both ends are processes here */
    struct link *out_next, **out_prev;  /* in from->outbound; what points to this one */
    struct link *in_next, **in_prev;    /* in to->inbound */
};

/* What the owner of a link with an end outside does; the link is detached, and
 * the owner's to free. */
struct link_outside {
    void (*ended)(struct worker *w, struct link *l, tt_word kind, tt_word object); /* `from`, which is here */
    void (*dropped)(struct worker *w,
                    struct link *l); /* `to`, which is here, has ended or wants no more of it */
};

/* Puts a link that the caller has filled on the lists of its ends, and takes it off. */
void link_attach(struct link *l);
void link_detach(struct link *l);

/* Links from -> to if there is none yet. False: no memory (failure is set). */
bool link_add(struct worker *w, struct process *from, struct process *to);
/* Takes the links between the two out, both directions; signals of `other`
 * that wait in p's mailbox stay: they happened before. */
void link_remove_both(struct process *p, struct process *other);
/* `watcher` monitors p; ref is the tag that its down message carries. */
bool link_add_monitor(struct worker *w, struct process *p, struct process *watcher, tt_word ref);
/* Also takes the down message out if it came already. */
void link_remove_monitor(struct worker *w, struct process *watcher, tt_word ref);

/* Sends what is due to the peers of an ended process and frees its links. */
void link_signal_end(struct worker *w, struct process *p, tt_word kind, tt_word object);

/* What a process gets that linked to, or monitors, one that does not exist, or
 * is out of reach: `why` is noproc or noconnection. */
bool link_say_gone(struct worker *w, struct process *to, tt_word why, tt_word pid);
bool link_send_down(struct worker *w, struct process *to, tt_word ref, tt_word pid, tt_word reason);
/* What the target of a link gets when `pid` has ended: a signal for an exception,
 * a kill or a loss, nothing for the kind normal. */
bool link_send_end(struct worker *w, struct process *to, tt_word kind, tt_word object, tt_word pid);
/* What a monitor sees of an end: normal, killed, or (exception object). */
tt_word link_reason(struct worker *w, tt_word kind, tt_word object);

#endif
