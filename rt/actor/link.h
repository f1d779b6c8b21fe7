/* Links and monitors: who hears of whose end.
 *
 *   from ---- link ----> to        `from` ends: `to` gets a SIGNAL (link, on an
 *                                  exception) or (down ref pid reason) (monitor)
 *
 * One record per direction, on two lists: from->outbound and to->inbound. Both
 * ends of one worker, so no locks. */
#ifndef RT_ACTOR_LINK_H
#define RT_ACTOR_LINK_H

#include "rt/actor/process.h"

/* Links from -> to if there is none yet. False: no memory (failure is set). */
bool link_add(struct worker *w, struct process *from, struct process *to);
/* Takes the links between the two out, both directions, and signals of `other`
 * that wait in p's mailbox stay: they happened before. */
void link_remove_both(struct process *p, struct process *other);
/* `watcher` monitors p; ref is the tag that its down message carries. */
bool link_add_monitor(struct worker *w, struct process *p, struct process *watcher, tt_word ref);
/* Also takes the down message out if it came already. */
void link_remove_monitor(struct process *watcher, tt_word ref);

/* Sends what is due to the peers of an ended process and frees its links. */
void link_signal_end(struct worker *w, struct process *p, tt_word kind, tt_word object);

/* A message for a process that linked to, or monitors, one that does not exist. */
bool link_say_noproc(struct worker *w, struct process *to, tt_word pid);
bool link_send_down(struct worker *w, struct process *to, tt_word ref, tt_word pid, tt_word reason);

#endif
