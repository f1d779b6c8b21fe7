/* Other OS processes that this one starts: for tests, which run nodes. They get
 * SIGKILL when this one ends. Serial numbers, not OS pids, name them, so that a
 * number that is used again never ends a stranger. */
#ifndef RT_OS_CHILD_H
#define RT_OS_CHILD_H

#include <stdbool.h>
#include <stddef.h>

/* Starts this program again with these arguments (argv[0] included, NULL at the end).
 * Its standard output and error are ours. -1: errno says why not. */
int child_start(char *const argv[]);
/* Sends the signal; SIGKILL also waits for the end. False: there is no such child any more. */
bool child_signal(int child, int signal);
/* A port of 127.0.0.1 that nobody listens at now; 0: none. */
unsigned child_free_port(void);

#endif
