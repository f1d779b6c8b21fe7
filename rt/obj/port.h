/* Ports of this run, by number: 0 to 2 are the console, and the same objects for
 * all workers; those of files belong to rt/prim/file.c. The number says for ever, and
 * on every node, what kind of port it is; whether it is open only its own node knows. */
#ifndef RT_OBJ_PORT_H
#define RT_OBJ_PORT_H

#include "rt/mem/worker.h"

enum { PORT_INPUT = 0, PORT_OUTPUT = 1, PORT_ERROR = 2, PORT_FIRST_FILE = 3 };

/* A file's number: PORT_FIRST_FILE + place in the table of files + PORT_FILES_MAX * (2 * how
 * many files had that place before + whether it is an output port). */
enum { PORT_FILES_MAX = 4096 };

/* The kinds of a port, as bits; each port has one of each line. */
enum port_kind {
    PORT_IS_INPUT = 1,
    PORT_IS_OUTPUT = 2,
    PORT_IS_TEXTUAL = 4,
    PORT_IS_BINARY = 8,
};

/* TT_FAIL: no memory. */
tt_word port_of_number(struct worker *w, uint64_t number, bool is_old);
static inline uint64_t port_number(tt_word port)
{
    return (uint64_t)tt_fixnum_value(TT_OBJ(PORT, port)->number);
}

static inline unsigned port_kind_of_number(uint64_t number)
{
    if (number < PORT_FIRST_FILE)
        return (number == PORT_INPUT ? PORT_IS_INPUT : PORT_IS_OUTPUT) | PORT_IS_TEXTUAL;
    bool is_output = (number - PORT_FIRST_FILE) / PORT_FILES_MAX & 1;
    return (is_output ? PORT_IS_OUTPUT : PORT_IS_INPUT) | PORT_IS_BINARY;
}

/* The bits of a PORT or FAR_PORT; 0: another object. */
unsigned port_kind(tt_word v);

#endif
