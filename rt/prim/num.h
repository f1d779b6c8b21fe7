/* Numeric primitives, and what the inline operations of rt/inline/num.c call
 * when their fast case does not apply. */
#ifndef RT_PRIM_NUM_H
#define RT_PRIM_NUM_H

#include "rt/mem/worker.h"

/* TT_FAIL: failed, worker.failure is filled. */
#define NUM_SLOW(name) tt_word name(struct worker *w, tt_word a, tt_word b);
NUM_SLOW(tt_add_slow)
NUM_SLOW(tt_sub_slow)
NUM_SLOW(tt_mul_slow)
NUM_SLOW(tt_quotient_slow)
NUM_SLOW(tt_remainder_slow)
NUM_SLOW(tt_modulo_slow)
/* These give TT_TRUE or TT_FALSE. */
NUM_SLOW(tt_num_eq_slow)
NUM_SLOW(tt_lt_slow)
NUM_SLOW(tt_gt_slow)
NUM_SLOW(tt_le_slow)
NUM_SLOW(tt_ge_slow)
NUM_SLOW(tt_zerop_slow) /* b is not used */
#undef NUM_SLOW

/* The CALL rows of rt/abi/prims.def. */
#define NUM_PRIM_1(name) tt_word name(struct worker *w, tt_word a);
#define NUM_PRIM_2(name) tt_word name(struct worker *w, tt_word a, tt_word b);
NUM_PRIM_2(tt_prim_div)
NUM_PRIM_1(tt_prim_neg)
NUM_PRIM_2(tt_prim_floor_quotient)
NUM_PRIM_2(tt_prim_gcd)
NUM_PRIM_1(tt_prim_exact)
NUM_PRIM_1(tt_prim_inexact)
NUM_PRIM_1(tt_prim_numerator)
NUM_PRIM_1(tt_prim_denominator)
NUM_PRIM_1(tt_prim_floor)
NUM_PRIM_1(tt_prim_ceiling)
NUM_PRIM_1(tt_prim_truncate)
NUM_PRIM_1(tt_prim_round)
NUM_PRIM_1(tt_prim_exp)
NUM_PRIM_1(tt_prim_log)
NUM_PRIM_1(tt_prim_sin)
NUM_PRIM_1(tt_prim_cos)
NUM_PRIM_1(tt_prim_tan)
NUM_PRIM_1(tt_prim_asin)
NUM_PRIM_1(tt_prim_acos)
NUM_PRIM_1(tt_prim_atan1)
NUM_PRIM_2(tt_prim_atan2)
NUM_PRIM_1(tt_prim_sqrt)
NUM_PRIM_1(tt_prim_isqrt)
NUM_PRIM_2(tt_prim_expt)
NUM_PRIM_2(tt_prim_number_to_string)
NUM_PRIM_2(tt_prim_string_to_number)
NUM_PRIM_2(tt_prim_bitwise_and)
NUM_PRIM_2(tt_prim_bitwise_ior)
NUM_PRIM_2(tt_prim_bitwise_xor)
NUM_PRIM_2(tt_prim_arithmetic_shift)
#undef NUM_PRIM_1
#undef NUM_PRIM_2

#endif
