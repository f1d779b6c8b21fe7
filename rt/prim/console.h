/* The console for Scheme: standard output, buffered, and standard error, not. What is printed goes out when
 * the buffer is full, at a newline if it is a terminal, before the node sleeps, and in any case within a
 * second (rt/os/output.h). Whoever prints while nobody reads is parked (%wait-output). */
#ifndef RT_PRIM_CONSOLE_H
#define RT_PRIM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "rt/mem/node.h"

/* Makes node.console, node.out, node.err. */
void console_init(struct node *node);

/* The console ports (rt/obj/port.h) for the program: a closed one takes nothing more of it;
 * the runtime itself goes on to use the descriptors. */
bool console_is_open(const struct console *console, uint64_t number);
bool console_close(struct console *console, uint64_t number, int *error_out);

/* On the port of that number, without waiting. False: the OS refused, *error_out is its errno. What was
 * refused is dropped. On standard error: at once, after what was written to standard output before. */
bool console_write(struct console *console, uint64_t number, const void *bytes, size_t n, int *error_out);
/* A process that would write there has to wait. */
bool console_is_full(const struct console *console, uint64_t number);
/* Offers what is kept. False: the OS refused. */
bool console_flush(const struct console *console, uint64_t number, int *error_out);
/* output.h, of that port. */
uint64_t console_mark(const struct console *console, uint64_t number);
bool console_has_room(const struct console *console, uint64_t number);
bool console_is_written(const struct console *console, uint64_t number, uint64_t mark);
/* For another node, which nothing here can make wait: what does not fit is dropped, and logged. */
void console_write_for_peer(struct node *node, uint64_t number, const void *bytes, size_t n);

#endif
