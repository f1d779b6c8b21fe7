/* Calls of a process (`!?` and its kind), by their tags: the reply to a call that has ended without
 * it (a timeout, an exception, a continuation, the other process was taken for dead) is dropped when
 * it comes, wherever the process is by then.
 *
 *   calls_tag ---> request sent ---> calls_open ---> calls_end      which call has ended
 *                      |                  |
 *                      +-- calls_take     +-- calls_answered         its reply was taken
 *
 * A process gives its calls the serials of runs that belong to its slot alone, in order. So the calls that
 * have ended are a range for each run, from the first to the last one that was given up; those between
 * them which are open are in a list. Whoever gives up a million calls has a few hundred ranges at most.
 *
 * process.calls: (open . ranges), or #f: neither. open: tags, newest first. A range: (tag . n), the tag of
 * its first call and how many serials come behind it; those of this run of the program stand in falling
 * order. All of it is data, which goes along with a process that moves (rt/node/image.h). */
#ifndef RT_ACTOR_CALLS_H
#define RT_ACTOR_CALLS_H

#include "rt/actor/process.h"

/* Ranges of a process; the oldest ones are forgotten. */
enum { CALLS_MAX_RANGES = 1024 };

/* A new tag for a call of the running process, which becomes its newest one. TT_FAIL: no memory. */
tt_word calls_tag(struct worker *w);
/* The reply to the call, taken out of the mailbox, if it is there, and nothing in front of it is to be raised
 * first; else NONE. */
tt_word calls_take(struct process *p, tt_word tag);

/* Without memory nothing is noted: a late reply will be seen. */
void calls_open(struct worker *w, struct process *p, tt_word tag);
void calls_answered(struct worker *w, struct process *p, tt_word tag);
/* If the call is open: it has ended, and its reply, if that has come, is taken out. */
void calls_end(struct worker *w, struct process *p, tt_word tag);

/* Whether the message is the reply to a call that has ended. p->calls is not #f. */
bool calls_drop(const struct process *p, tt_word message);

/* Whether a value that another node has sent can be the `calls` of a process. */
bool calls_are(tt_word v);

#endif
