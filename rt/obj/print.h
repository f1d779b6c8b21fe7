/* Values as text. Iterative: depth is bounded by memory only, and cyclic data
 * ends (except with PRINT_SIMPLE, which is for data known to be finite). */
#ifndef RT_OBJ_PRINT_H
#define RT_OBJ_PRINT_H

#include "rt/mem/worker.h"
#include "rt/obj/text.h"

enum print_style {
    PRINT_DISPLAY, /* strings, characters and symbols as they are; labels for cycles */
    PRINT_WRITE,   /* as it can be read; labels for cycles */
    PRINT_SHARED,  /* labels for all that is met twice */
    PRINT_SIMPLE,  /* no labels */
};

/* False when memory is exhausted: worker.failure is set. */
bool print_value(struct worker *w, struct text *out, tt_word v, enum print_style style);
/* The same, but it ends when there are `most` bytes or more, and takes no longer than these need, however large the
 * value is: one with very many parts gets no labels, and long numbers and bytevectors only their sizes. */
bool print_front(struct worker *w, struct text *out, tt_word v, enum print_style style, size_t most);

/* Atoms, for print.c (print_atom.c). False as above. */
bool print_atom(struct worker *w, struct text *out, tt_word v, bool write);

#endif
