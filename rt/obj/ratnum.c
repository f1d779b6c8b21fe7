#include "rt/obj/ratnum.h"

#include <float.h>
#include <math.h>

#include "rt/mem/heap.h"
#include "rt/obj/flonum.h"

/* Lets a chain of operations stop at the first failure. */
#define TRY(variable, expression)                                                                            \
    tt_word variable = (expression);                                                                         \
    if (variable == TT_FAIL) return TT_FAIL

/* A number known to be in lowest terms, denominator positive. */
static tt_word rat_of_lowest(struct worker *w, tt_word numerator, tt_word denominator)
{
    if (denominator == tt_fixnum(1)) return numerator;
    struct tt_obj_RATNUM *r = heap_alloc(w, sizeof *r);
    if (!r) return TT_FAIL;
    r->header = TT_HEADER((tt_word)TT_TYPE_RATNUM);
    r->numerator = numerator;
    r->denominator = denominator;
    return tt_tagged(r, TT_TAG_OBJECT);
}

/* a / b where b divides a. */
static tt_word divide_exactly(struct worker *w, tt_word a, tt_word b)
{
    tt_word quotient;
    if (b == tt_fixnum(1)) return a;
    return int_divide(w, a, b, &quotient, NULL) ? quotient : TT_FAIL;
}

tt_word rat_make(struct worker *w, tt_word numerator, tt_word denominator)
{
    if (int_sign(denominator) < 0) {
        numerator = int_neg(w, numerator);
        denominator = int_neg(w, denominator);
        if (numerator == TT_FAIL || denominator == TT_FAIL) return TT_FAIL;
    }
    TRY(gcd, int_gcd(w, numerator, denominator));
    TRY(n, divide_exactly(w, numerator, gcd));
    TRY(d, divide_exactly(w, denominator, gcd));
    return rat_of_lowest(w, n, d);
}

tt_word rat_from_double(struct worker *w, double number)
{
    if (flo_is_integer(number)) return int_from_double(w, number);
    int exponent;
    double mantissa = frexp(number, &exponent);
    TRY(n, int_from_double(w, ldexp(mantissa, DBL_MANT_DIG)));
    /* number = n * 2^(exponent - 53), and not integral: the exponent stays negative
     * when n's zero bits are taken off. */
    tt_sword zeros = (tt_sword)int_trailing_zeros(n);
    TRY(odd, int_shift(w, n, -zeros));
    TRY(d, int_shift(w, tt_fixnum(1), DBL_MANT_DIG - exponent - zeros));
    return rat_of_lowest(w, odd, d);
}

bool rat_to_double(struct worker *w, tt_word v, double *out)
{
    tt_word n = rat_numerator(v), d = rat_denominator(v);
    if (d == tt_fixnum(1)) {
        *out = int_to_double(n);
        return true;
    }
    /* floor(|n| * 2^shift / d) has 63 or 64 bits; the remainder only says whether
     * something lies below. */
    tt_sword shift = 63 - ((tt_sword)int_bit_length(n) - (tt_sword)int_bit_length(d));
    tt_word magnitude = int_abs(w, n), quotient, rest;
    if (magnitude == TT_FAIL) return false;
    if (shift >= 0)
        magnitude = int_shift(w, magnitude, shift);
    else
        d = int_shift(w, d, -shift);
    if (magnitude == TT_FAIL || d == TT_FAIL || !int_divide(w, magnitude, d, &quotient, &rest)) return false;
    struct int_view view;
    int_view(&view, quotient);
    uint64_t bits = view.limbs[0];
    for (mp_size_t i = 1; i < view.n; i++)
        bits |= (uint64_t)view.limbs[i] << (i * GMP_NUMB_BITS % 64);
    int exponent = shift > 4096 ? -4096 : shift < -4096 ? 4096 : (int)-shift;
    double result = flo_compose(bits, rest != tt_fixnum(0), exponent);
    *out = int_sign(n) < 0 ? -result : result;
    return true;
}

static tt_word add_or_sub(struct worker *w, tt_word a, tt_word b,
                          tt_word (*op)(struct worker *, tt_word, tt_word))
{
    tt_word da = rat_denominator(a), db = rat_denominator(b);
    TRY(left, int_mul(w, rat_numerator(a), db));
    TRY(right, int_mul(w, rat_numerator(b), da));
    TRY(n, op(w, left, right));
    TRY(d, int_mul(w, da, db));
    return rat_make(w, n, d);
}

tt_word rat_add(struct worker *w, tt_word a, tt_word b) { return add_or_sub(w, a, b, int_add); }

tt_word rat_sub(struct worker *w, tt_word a, tt_word b) { return add_or_sub(w, a, b, int_sub); }

tt_word rat_mul(struct worker *w, tt_word a, tt_word b)
{
    TRY(n, int_mul(w, rat_numerator(a), rat_numerator(b)));
    TRY(d, int_mul(w, rat_denominator(a), rat_denominator(b)));
    return rat_make(w, n, d);
}

tt_word rat_div(struct worker *w, tt_word a, tt_word b)
{
    TRY(n, int_mul(w, rat_numerator(a), rat_denominator(b)));
    TRY(d, int_mul(w, rat_denominator(a), rat_numerator(b)));
    return rat_make(w, n, d);
}

tt_word rat_neg(struct worker *w, tt_word v)
{
    TRY(n, int_neg(w, rat_numerator(v)));
    return rat_of_lowest(w, n, rat_denominator(v));
}

bool rat_compare(struct worker *w, tt_word a, tt_word b, int *order)
{
    tt_word left = int_mul(w, rat_numerator(a), rat_denominator(b));
    tt_word right = int_mul(w, rat_numerator(b), rat_denominator(a));
    if (left == TT_FAIL || right == TT_FAIL) return false;
    *order = int_compare(left, right);
    return true;
}

tt_word rat_expt(struct worker *w, tt_word base, tt_sword exponent)
{
    size_t power = exponent < 0 ? -(size_t)exponent : (size_t)exponent;
    TRY(n, int_expt(w, rat_numerator(base), power));
    TRY(d, int_expt(w, rat_denominator(base), power));
    if (exponent >= 0) return rat_of_lowest(w, n, d);
    if (int_sign(n) > 0) return rat_of_lowest(w, d, n);
    TRY(minus_d, int_neg(w, d));
    TRY(minus_n, int_neg(w, n));
    return rat_of_lowest(w, minus_d, minus_n);
}

/* floor(v) + 1 if v is nearer to it, or as near and floor(v) is odd. */
static tt_word round_to_even(struct worker *w, tt_word floor, tt_word rest, tt_word denominator)
{
    TRY(twice, int_shift(w, rest, 1));
    int order = int_compare(twice, denominator);
    bool up = order > 0 || (order == 0 && !int_is_even(floor));
    return up ? int_add(w, floor, tt_fixnum(1)) : floor;
}

tt_word rat_to_integer(struct worker *w, tt_word v, enum rat_rounding rounding)
{
    if (!rat_is(v)) return v;
    tt_word n = rat_numerator(v), d = rat_denominator(v), floor, rest;
    if (!int_divide_floor(w, n, d, &floor, &rest)) return TT_FAIL;
    switch (rounding) {
    case RAT_FLOOR: return floor;
    case RAT_CEILING: return int_add(w, floor, tt_fixnum(1));
    case RAT_TRUNCATE: return int_sign(n) < 0 ? int_add(w, floor, tt_fixnum(1)) : floor;
    case RAT_ROUND: return round_to_even(w, floor, rest, d);
    }
    __builtin_unreachable();
}
