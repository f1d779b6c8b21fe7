/* Ports of this run, by number: 0 to 2 are the console, and the same objects for
 * all workers; those of files belong to rt/prim/file.c. */
#ifndef RT_OBJ_PORT_H
#define RT_OBJ_PORT_H

#include "rt/mem/worker.h"

enum { PORT_INPUT = 0, PORT_OUTPUT = 1, PORT_ERROR = 2, PORT_FIRST_FILE = 3 };

/* TT_FAIL: no memory. */
tt_word port_of_number(struct worker *w, uint64_t number, bool is_old);
static inline uint64_t port_number(tt_word port)
{
    return (uint64_t)tt_fixnum_value(TT_OBJ(PORT, port)->number);
}

#endif
