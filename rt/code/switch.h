/* What the code layer needs from the scheduler, which stands above it. */
#ifndef RT_CODE_SWITCH_H
#define RT_CODE_SWITCH_H

#include "rt/code/jump.h"

/* True once after the ticker, a signal or the hostile build asked for it; wakes
 * processes whose timers are due. Clears the request. */
bool sched_should_preempt(struct worker *w);
/* Code points: the running process, whose frames are at sp, goes to the end of
 * the run queue (its top frame gets some value when it runs again), or ends. */
JUMP_DECLARE(sched_yield_process);
JUMP_DECLARE(sched_end_process); /* a0 reason kind (symbol), a1 object */

#endif
