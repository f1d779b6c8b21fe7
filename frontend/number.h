/* Numeric literals: the value of what rt/lexical/numeral.h recognises. */
#ifndef FRONTEND_NUMBER_H
#define FRONTEND_NUMBER_H

#include "frontend/datum.h"

/* Bounds on exact literals, so that a few bytes of source cannot take all
 * memory and conversion stays well under a second. */
#define MAX_EXACT_DIGITS   1000000
#define MAX_EXACT_EXPONENT 100000

typedef enum NumberStatus {
    NUMBER_OK,
    NUMBER_NONE,      /* not written like a number */
    NUMBER_COMPLEX,   /* a complex number: not supported */
    NUMBER_TOO_LARGE, /* an exact number with more digits than we build */
    NUMBER_ZERO_DENOMINATOR,
    NUMBER_NOT_EXACT, /* #e+inf.0 and the like */
} NumberStatus;

/* Fills kind and value of *out from the whole of `text`. */
NumberStatus number_parse(Arena *arena, const char *text, size_t length, Datum *out);

#endif
