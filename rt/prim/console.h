/* Standard output, buffered, and standard error, not. The buffer goes out when it
 * is full, at a newline if it is a terminal, and when the node calls its `flush`
 * hook: at the end, and before it sleeps. Any worker may write. */
#ifndef RT_PRIM_CONSOLE_H
#define RT_PRIM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "rt/mem/node.h"

struct console *console_new(void);
/* False: the OS refused, *error_out is its errno. What was refused is dropped. */
bool console_write(struct console *console, const void *bytes, size_t n, int *error_out);
bool console_flush(struct console *console, int *error_out);
/* The console ports (rt/obj/port.h) for the program: a closed one takes nothing more of it;
 * the runtime itself goes on to use the descriptors. */
bool console_is_open(struct console *console, uint64_t number);
bool console_close(struct console *console, uint64_t number, int *error_out);
/* Whether one more exception of a process may be reported: at most 100 a second are. How many were not is said
 * before the next one, and at the end of the program. */
bool console_may_report(struct console *console);
/* Unbuffered; after what was written to standard output before. */
bool console_write_error(struct console *console, const void *bytes, size_t n, int *error_out);
/* node.flush: false after any error of the OS that was reported to nobody else. It is
 * reported on standard error, once; a reader that went away is no error. */
bool console_flush_node(struct node *node);

#endif
