/* Threads that serve the worker: they take no signals, run for a few microseconds
 * at a time, and should not wait long for it. */
#ifndef RT_OS_THREAD_H
#define RT_OS_THREAD_H

#include <stdbool.h>

/* The thread is detached. False: there is none to be had. */
bool thread_start(void *(*main)(void *context), void *context);
/* Called by a thread that wakes up often to do little: it need not wait until others
 * have used up their turn. */
void thread_is_brief(void);

#endif
