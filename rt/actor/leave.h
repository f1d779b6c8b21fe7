/* How the OS process sleeps and ends. */
#ifndef RT_ACTOR_LEAVE_H
#define RT_ACTOR_LEAVE_H

#include <stdint.h>

#include "rt/mem/node.h"

#define EXIT_BAD_OPTION 64
#define EXIT_UNCAUGHT 70
#define EXIT_LOST_OUTPUT 74
#define EXIT_UNREAD 141 /* what a shell gives for SIGPIPE */

/* Standard output reaches the OS; false: some of it was lost. */
bool node_flush(struct node *node);
/* Flushes, prints the statistics if they were asked for, ends the OS process. */
_Noreturn void node_leave(struct node *node, int code);
/* SIGTERM and SIGINT end the program between two steps of a process. */
void node_handle_signals(struct node *node);
/* Leaves if such a signal came. */
void node_check_stop(struct node *node);
/* Until a signal comes, at most that long. */
void node_sleep(struct node *node, int64_t pause_ns);

#endif
