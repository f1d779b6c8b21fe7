/* A run of a program for the fuzz targets of the wire format: a node and a worker without processes, and a clock
 * that stands still, so that deadlines encode as they were. */
#ifndef TESTS_FUZZ_WIRE_RUN_H
#define TESTS_FUZZ_WIRE_RUN_H

#include "rt/mem/worker.h"
#include "rt/wire/wire.h"

extern struct worker worker;
/* Both directions of a connection with another run: what it sends is read with run_ends_in. The image of a process
 * may be in it. */
extern struct wire_ends run_ends_in, run_ends_out;

void run_start(void); /* once; later calls do nothing */
/* What is left of one input, finished or not, must not trouble the collector. */
void run_collect(tt_word *value);
/* In steps, with collections between them: the same failure as at once, or a value of the same bytes, and these
 * bytes are also written in steps. */
void run_check_steps(const uint8_t *bytes, size_t n, const struct wire_ends *get_ends,
                     const struct wire_ends *put_ends);
/* Aborts with that text. */
void run_require(bool condition, const char *what);
/* A value that was decoded encodes (on a connection if `ends`), and its bytes decode and encode to themselves. */
void run_check_again(tt_word v, const struct wire_ends *ends);

#endif
