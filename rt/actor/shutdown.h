/* The orderly end of a program that is asked to end by a signal (rt/actor/leave.h). The main
 * process leaves what it did and calls the hook %shutdown (lib-scm/termite.scm), which runs the
 * `after` thunks of the main process, then ends the listeners, newest first.
 *
 * A listener is a process that has asked to hear of the end: it gets the message `shutdown`. One
 * that a supervisor has started is not told, because the supervisor ends it in its turn. */
#ifndef RT_ACTOR_SHUTDOWN_H
#define RT_ACTOR_SHUTDOWN_H

#include <stdbool.h>

#include "rt/actor/process.h"

/* p is a listener from now on; `is_last`: told after those that are listeners now. False: no
 * memory (failure is set). */
bool shutdown_accept(struct worker *w, struct process *p, bool is_last);

/* The main process ends while another process does the rest of the orderly end, because the main
 * process was a listener. False: the program ends with it. */
bool shutdown_outlives_main(struct worker *w, tt_word kind);
/* The exit code after the orderly end: that of the main process, if it has ended as a listener. */
int shutdown_code(const struct worker *w);

/* The next listener that is to be told: the main process, if it is one, then the newest that is alive and has no
 * supervisor. Each is given once. NULL: there is none. */
struct process *shutdown_next(struct worker *w);

/* Starts the orderly end. When the main process is not here, or is a listener itself, a new
 * process does what it would do. No process runs. */
void shutdown_begin(struct worker *w);

#endif
