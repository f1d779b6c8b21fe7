/* Exact integers: fixnums, and BIGNUM objects over GMP's mpn layer.
 *
 * Every `tt_word` argument is an exact integer. A function with a worker that
 * gives a tt_word gives TT_FAIL, with worker.failure filled, when the heap is
 * exhausted or the result would have more than INT_MAX_BITS bits; sizes are
 * checked before anything is allocated. Results are canonical: what fits a
 * fixnum is one. */
#ifndef RT_OBJ_BIGNUM_H
#define RT_OBJ_BIGNUM_H

#include <gmp.h>

#include "rt/mem/worker.h"

#define INT_MAX_BITS ((size_t)67108864) /* stands in rt/abi/conditions.def and in the manual */

/* Sign and magnitude of an integer of either kind; zero has no limbs. `limbs`
 * may point into the view itself: a view is not to be copied. */
struct int_view {
    const mp_limb_t *limbs;
    mp_size_t n;
    bool negative;
    mp_limb_t small;
};

void int_view(struct int_view *out, tt_word v);

static inline bool int_is(tt_word v) { return tt_is_fixnum(v) || tt_is_type(v, TT_TYPE_BIGNUM); }

/* A failure of the result's size; the operation's name is filled in by the primitive. */
tt_word num_fail_too_large(struct worker *w);

tt_word int_from_sword(struct worker *w, tt_sword n);
tt_word int_from_int64(struct worker *w, int64_t n);
/* For operations that cannot fail: a node that has no memory for so little ends. */
tt_word int_certain(struct worker *w, int64_t n);
/* The lowest 64 bits of the magnitude; 0 of a value that is no integer. */
uint64_t int_low_bits(tt_word v);
/* floor(number) * 2^exponent, number finite and integral. */
tt_word int_from_double(struct worker *w, double number);
/* Nearest double, ties to even; infinite when too large. */
double int_to_double(tt_word v);

int int_sign(tt_word v); /* -1, 0, 1 */
int int_compare(tt_word a, tt_word b);
bool int_is_even(tt_word v);
/* Bits of the magnitude; 0 for zero. */
size_t int_bit_length(tt_word v);
/* Number of zero bits below the lowest one bit; v is not zero. */
size_t int_trailing_zeros(tt_word v);

tt_word int_add(struct worker *w, tt_word a, tt_word b);
tt_word int_sub(struct worker *w, tt_word a, tt_word b);
tt_word int_mul(struct worker *w, tt_word a, tt_word b);
tt_word int_neg(struct worker *w, tt_word v);
tt_word int_abs(struct worker *w, tt_word v);

/* Quotient towards zero, remainder with the dividend's sign; b is not zero.
 * Either result may be NULL: not wanted. False: failed. */
bool int_divide(struct worker *w, tt_word a, tt_word b, tt_word *quotient, tt_word *remainder);
/* Quotient towards minus infinity, remainder (modulo) with the divisor's sign. */
bool int_divide_floor(struct worker *w, tt_word a, tt_word b, tt_word *quotient, tt_word *remainder);
tt_word int_gcd(struct worker *w, tt_word a, tt_word b);

/* base^exponent; 0^0 = 1. */
tt_word int_expt(struct worker *w, tt_word base, size_t exponent);
/* floor(sqrt v) of v >= 0; *exact says whether that is the root. */
tt_word int_sqrt(struct worker *w, tt_word v, bool *exact);

/* v * 2^count, rounded towards minus infinity. */
tt_word int_shift(struct worker *w, tt_word v, tt_sword count);
/* Two's complement of infinite width. */
tt_word int_and(struct worker *w, tt_word a, tt_word b);
tt_word int_ior(struct worker *w, tt_word a, tt_word b);
tt_word int_xor(struct worker *w, tt_word a, tt_word b);

/* A STRING with the digits in lower case, radix 2 to 36. */
tt_word int_to_string(struct worker *w, tt_word v, int radix);
/* The number with these `n` digits (values 0 to radix - 1, not characters). */
tt_word int_from_digits(struct worker *w, const uint8_t *digits, size_t n, int radix);
/* A STRING from n ASCII characters. */
tt_word num_ascii_string(struct worker *w, const char *text, size_t n);

#endif
