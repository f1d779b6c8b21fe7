/* Numbers as text: number->string, string->number. */
#ifndef RT_OBJ_NUMTEXT_H
#define RT_OBJ_NUMTEXT_H

#include "rt/mem/worker.h"

/* A STRING that reads back as the number; radix 2 to 36. A flonum has a point, an exponent (radix 10) or #i. */
tt_word num_to_string(struct worker *w, tt_word number, int radix);

/* The real number that the text denotes in R7RS syntax (a prefix such as #x wins
 * over `radix`); #f when it is none, when its denominator is zero, or when it is
 * exact and larger than INT_MAX_BITS bits. TT_FAIL only when memory is exhausted. */
tt_word num_from_text(struct worker *w, const char *text, size_t length, int radix);

#endif
