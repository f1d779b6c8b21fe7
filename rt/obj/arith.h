/* Arithmetic on numbers of any kind, with R7RS contagion: a result is exact iff
 * all arguments are. Arguments are numbers (num_kind is not NUM_NONE); failures
 * are those of bignum.h, and the primitive names the operation. */
#ifndef RT_OBJ_ARITH_H
#define RT_OBJ_ARITH_H

#include "rt/obj/bignum.h"
#include "rt/obj/flonum.h"
#include "rt/obj/ratnum.h"

enum num_kind { NUM_NONE, NUM_INTEGER, NUM_RATIONAL, NUM_FLONUM };

enum num_kind num_kind(tt_word v);
static inline bool num_is(tt_word v) { return num_kind(v) != NUM_NONE; }
static inline bool num_is_exact(tt_word v) { return !tt_is_flonum(v); }
/* An exact integer, or a flonum with an integral value. */
bool num_is_integer(tt_word v);

bool num_to_double(struct worker *w, tt_word v, double *out);
/* A flonum argument is finite. */
tt_word num_to_exact(struct worker *w, tt_word v);
tt_word num_to_inexact(struct worker *w, tt_word v);

tt_word num_add(struct worker *w, tt_word a, tt_word b);
tt_word num_sub(struct worker *w, tt_word a, tt_word b);
tt_word num_mul(struct worker *w, tt_word a, tt_word b);
tt_word num_div(struct worker *w, tt_word a, tt_word b); /* b is not exact zero */
tt_word num_neg(struct worker *w, tt_word v);

#define NUM_UNORDERED 2 /* one of the numbers is NaN */
/* -1, 0, 1 or NUM_UNORDERED; a flonum counts with its exact value. */
bool num_compare(struct worker *w, tt_word a, tt_word b, int *order);
/* Same exactness and value; flonums by their bits (0.0 is not -0.0, NaN is NaN). */
bool num_eqv(tt_word a, tt_word b);

tt_word num_to_integer(struct worker *w, tt_word v, enum rat_rounding rounding);
/* NaN, as a flonum, for the root of a negative number. */
tt_word num_sqrt(struct worker *w, tt_word v);
/* Not exact zero with a negative exponent. */
tt_word num_expt(struct worker *w, tt_word base, tt_word exponent);

#endif
