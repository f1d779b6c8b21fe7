/* Flonums: IEEE doubles. */
#ifndef RT_OBJ_FLONUM_H
#define RT_OBJ_FLONUM_H

#include "rt/obj/value.h"

static inline double flo_value(tt_word v) { return TT_OBJ(FLONUM, v)->number; }

/* (bits + s) * 2^exponent rounded to the nearest double, ties to even, where s
 * is 0, or, if `sticky`, an unknown number between 0 and 1. */
double flo_compose(uint64_t bits, bool sticky, int exponent);

bool flo_is_integer(double number);

#endif
