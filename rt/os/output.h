/* Standard output or standard error: bytes on their way to a descriptor whose reader may be slow, or may read
 * nothing at all. Nobody waits in here but output_drain: what the descriptor does not take now is kept, and
 * goes out as the descriptor takes more, by a thread of the output's own. The same thread writes, within a
 * second, what nobody has flushed.
 *
 * A regular file takes all. Pipes and terminals are opened a second time, so that they can be written without
 * waiting: to change the mode of the descriptor itself would change it for the other programs that have it.
 * Sockets have a flag for each call. What cannot be opened again is written by the thread alone, which may
 * wait.
 *
 * An error is told once, to the next caller that asks for it; what was to be written then is dropped.
 *
 * Any thread may call. */
#ifndef RT_OS_OUTPUT_H
#define RT_OS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;

/* Never NULL: without memory the program ends. Never freed. */
struct output *output_new(int fd);
/* `ready` is called, in the output's thread, when somebody waits for it (output_has_room, output_is_written).
 */
void output_on_ready(struct output *o, void (*ready)(void *context), void *context);
/* Whether both descriptors lead to the same file, so that one output serves for both. */
bool output_is_same(int fd, int other);

/* Takes all of the bytes, whatever is kept already. False: an error, *error_out is its errno. */
bool output_write(struct output *o, const void *bytes, size_t n, int *error_out);
/* What is kept is offered to the descriptor. False: an error. True: all is written, or the thread goes on.
 * Without error_out an error stays to be told. */
bool output_flush(struct output *o, int *error_out);
/* Writes, and flushes. Without error_out as output_flush. */
bool output_write_through(struct output *o, const void *bytes, size_t n, int *error_out);
/* Flushes, and waits until all is written, at most until that time of the clock (rt/os/clock.h). False: not
 * all is, and there was no error. */
bool output_drain(struct output *o, int64_t end_ns);

/* What is kept, in bytes; somebody who can wait should, beyond the limit. */
size_t output_kept(struct output *o);
bool output_is_full(const struct output *o);
/* Whether somebody who has waited may write now, after an error too; if not, `ready` is called when that is
 * so. */
bool output_has_room(struct output *o);
/* How many bytes it has taken since its beginning; whether all up to that number are written, or dropped; if
 * not, `ready` is called when that is so. */
uint64_t output_mark(struct output *o);
bool output_is_written(struct output *o, uint64_t mark);

/* At an abnormal end: all outputs write what their descriptors take now, and then `text`, which may be NULL,
 * goes to standard error. Waits for nothing; async-signal-safe. */
void output_abandon_all(const char *text, size_t n);

#endif
