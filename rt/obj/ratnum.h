/* Exact rationals. A RATNUM is canonical: denominator > 1, no common factor.
 *
 * Every `tt_word` argument is an exact number of either kind (an integer counts
 * as n/1). Functions with a worker give TT_FAIL as those of bignum.h do. */
#ifndef RT_OBJ_RATNUM_H
#define RT_OBJ_RATNUM_H

#include "rt/obj/bignum.h"

static inline bool rat_is(tt_word v) { return tt_is_type(v, TT_TYPE_RATNUM); }
static inline tt_word rat_numerator(tt_word v) { return rat_is(v) ? TT_OBJ(RATNUM, v)->numerator : v; }
static inline tt_word rat_denominator(tt_word v)
{
    return rat_is(v) ? TT_OBJ(RATNUM, v)->denominator : tt_fixnum(1);
}

/* numerator/denominator in canonical form; the denominator is not zero. */
tt_word rat_make(struct worker *w, tt_word numerator, tt_word denominator);
/* The exact value of a finite double. */
tt_word rat_from_double(struct worker *w, double number);
/* Nearest double, ties to even. Allocates scratch space: *out is set if true. */
bool rat_to_double(struct worker *w, tt_word v, double *out);

tt_word rat_add(struct worker *w, tt_word a, tt_word b);
tt_word rat_sub(struct worker *w, tt_word a, tt_word b);
tt_word rat_mul(struct worker *w, tt_word a, tt_word b);
tt_word rat_div(struct worker *w, tt_word a, tt_word b); /* b is not zero */
tt_word rat_neg(struct worker *w, tt_word v);
bool rat_compare(struct worker *w, tt_word a, tt_word b, int *order); /* -1, 0, 1 */
tt_word rat_expt(struct worker *w, tt_word base, tt_sword exponent);  /* base is not 0 if exponent < 0 */

enum rat_rounding { RAT_FLOOR, RAT_CEILING, RAT_TRUNCATE, RAT_ROUND };
tt_word rat_to_integer(struct worker *w, tt_word v, enum rat_rounding rounding);

#endif
