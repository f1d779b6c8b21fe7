/* Flonums: IEEE doubles, and their text. */
#ifndef RT_OBJ_FLONUM_H
#define RT_OBJ_FLONUM_H

#include "rt/obj/value.h"

static inline double flo_value(tt_word v) { return TT_OBJ(FLONUM, v)->number; }

/* (bits + s) * 2^exponent rounded to the nearest double, ties to even, where s
 * is 0, or, if `sticky`, an unknown number between 0 and 1. */
double flo_compose(uint64_t bits, bool sticky, int exponent);

bool flo_is_integer(double number);

#define FLO_TEXT_MAX 40
/* The shortest decimal text that reads back as `number` (always with a point or
 * an exponent: 1.0, 1e21, +inf.0); not terminated, its length is returned. */
size_t flo_to_text(char text[FLO_TEXT_MAX], double number);

#endif
