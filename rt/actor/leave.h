/* How the OS process sleeps and ends.
 *
 *   runs --- SIGTERM, SIGINT ---> ends in order (shutdown.h) ---> gone
 *                                    |  a second signal, or the time is over
 *                                    v
 *                                 leaves at once --- does not even do that ---> gone (_exit)
 *
 * A signal handler only writes the atomic members of the node and asks the worker to look up;
 * the worker takes the signal up between two steps of a process. */
#ifndef RT_ACTOR_LEAVE_H
#define RT_ACTOR_LEAVE_H

#include <stdint.h>

#include "rt/mem/node.h"

#define EXIT_BAD_OPTION  64
#define EXIT_UNCAUGHT    70
#define EXIT_LOST_OUTPUT 74
#define EXIT_UNREAD      141 /* what a shell gives for SIGPIPE */

/* What was printed is offered to the OS, without waiting. An error that nobody was told is reported, once; a reader
 * that went away is no error. */
void node_flush(struct node *node);
/* Ends the OS process when what was sent and printed is handed over: messages within --termite-linger. For somebody
 * who reads what was printed the program waits as long as that takes, except after a signal and where it serves: then
 * for as long as for messages. Prints the statistics if they were asked for. */
_Noreturn void node_leave(struct node *node, int code);
/* From now on SIGTERM and SIGINT ask for the orderly end. */
void node_handle_signals(struct node *node);
/* A signal has come since the last call: the orderly end is to begin. Does not return when the
 * program is to leave at once. */
bool node_take_stop(struct node *node);
/* The exit code of an orderly end: 0 when SIGTERM has ended a node that serves, else 128 and the
 * number of the signal, as a shell says it. */
int node_stop_code(const struct node *node);
/* Nanoseconds that the orderly end still has; 0: none. */
int64_t node_stop_left_ns(const struct node *node);
/* A worker that sleeps, or is about to, looks up. Async-signal-safe, from any thread. */
void node_wake(struct node *node);
/* The same when processes that wait for an output may go on; also of a worker that works. */
void node_output_is_ready(struct node *node);
/* Until it is woken, at most that long. */
void node_sleep(struct node *node, int64_t pause_ns);

#endif
