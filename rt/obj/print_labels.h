/* Which objects of a datum need a label: part of the printer. */
#ifndef RT_OBJ_PRINT_LABELS_H
#define RT_OBJ_PRINT_LABELS_H

#include "rt/obj/seen.h"

/* The parts of a value that the printer shows: their number, from *words_out. 0
 * for an atom and for an empty container. */
size_t print_parts(tt_word v, const tt_word **words_out);

#define LABEL_WANTED 4 /* this bit of the mark; number + 1 of a label in use above the low three bits */
/* Finds the objects on a cycle where a walk comes back to them, or (shared) all
 * objects met more than once; only they are in `labels` then. If the value has more than so many parts: none.
 * False: no memory. */
bool print_find_labels(tt_word v, bool shared, size_t most_parts, struct seen *labels);

#endif
