#include "rt/obj/arith.h"

#include <math.h>
#include <string.h>

#include "rt/mem/heap.h"

enum num_kind num_kind(tt_word v)
{
    if (tt_is_fixnum(v)) return NUM_INTEGER;
    if (tt_is_flonum(v)) return NUM_FLONUM;
    if (!tt_is_object(v)) return NUM_NONE;
    switch (tt_header_type(*tt_words(v))) {
    case TT_TYPE_BIGNUM: return NUM_INTEGER;
    case TT_TYPE_RATNUM: return NUM_RATIONAL;
    default: return NUM_NONE;
    }
}

bool num_is_integer(tt_word v)
{
    enum num_kind kind = num_kind(v);
    return kind == NUM_INTEGER || (kind == NUM_FLONUM && flo_is_integer(flo_value(v)));
}

bool num_to_double(struct worker *w, tt_word v, double *out)
{
    if (!tt_is_flonum(v)) return rat_to_double(w, v, out);
    *out = flo_value(v);
    return true;
}

tt_word num_to_exact(struct worker *w, tt_word v)
{
    return tt_is_flonum(v) ? rat_from_double(w, flo_value(v)) : v;
}

tt_word num_to_inexact(struct worker *w, tt_word v)
{
    double number;
    if (tt_is_flonum(v)) return v;
    return num_to_double(w, v, &number) ? heap_flonum(w, number) : TT_FAIL;
}

/* -- + - * / ------------------------------------------------------------ */

/* One operation on each kind of number. */
struct operation {
    tt_word (*on_integers)(struct worker *w, tt_word a, tt_word b);
    tt_word (*on_rationals)(struct worker *w, tt_word a, tt_word b);
    double (*on_doubles)(double a, double b);
};

static tt_word operate(struct worker *w, const struct operation *op, tt_word a, tt_word b)
{
    if (tt_is_flonum(a) || tt_is_flonum(b)) {
        double x, y;
        if (!num_to_double(w, a, &x) || !num_to_double(w, b, &y)) return TT_FAIL;
        return heap_flonum(w, op->on_doubles(x, y));
    }
    return rat_is(a) || rat_is(b) ? op->on_rationals(w, a, b) : op->on_integers(w, a, b);
}

static double double_add(double a, double b) { return a + b; }
static double double_sub(double a, double b) { return a - b; }
static double double_mul(double a, double b) { return a * b; }
static double double_div(double a, double b) { return a / b; }

tt_word num_add(struct worker *w, tt_word a, tt_word b)
{
    static const struct operation add = {int_add, rat_add, double_add};
    return operate(w, &add, a, b);
}

tt_word num_sub(struct worker *w, tt_word a, tt_word b)
{
    static const struct operation sub = {int_sub, rat_sub, double_sub};
    return operate(w, &sub, a, b);
}

tt_word num_mul(struct worker *w, tt_word a, tt_word b)
{
    static const struct operation mul = {int_mul, rat_mul, double_mul};
    return operate(w, &mul, a, b);
}

tt_word num_div(struct worker *w, tt_word a, tt_word b)
{
    static const struct operation div = {rat_make, rat_div, double_div};
    return operate(w, &div, a, b);
}

tt_word num_neg(struct worker *w, tt_word v)
{
    return tt_is_flonum(v) ? heap_flonum(w, -flo_value(v)) : rat_neg(w, v);
}

/* -- comparison --------------------------------------------------------- */

static bool compare_double_exact(struct worker *w, double a, tt_word b, int *order)
{
    if (isnan(a)) return *order = NUM_UNORDERED, true;
    if (isinf(a)) return *order = a < 0 ? -1 : 1, true;
    tt_word exact = rat_from_double(w, a);
    return exact != TT_FAIL && rat_compare(w, exact, b, order);
}

static int compare_doubles(double a, double b)
{
    if (isnan(a) || isnan(b)) return NUM_UNORDERED;
    return (a > b) - (a < b);
}

bool num_compare(struct worker *w, tt_word a, tt_word b, int *order)
{
    if (tt_is_flonum(a) && tt_is_flonum(b)) return *order = compare_doubles(flo_value(a), flo_value(b)), true;
    if (tt_is_flonum(a)) return compare_double_exact(w, flo_value(a), b, order);
    if (tt_is_flonum(b)) {
        if (!compare_double_exact(w, flo_value(b), a, order)) return false;
        if (*order != NUM_UNORDERED) *order = -*order;
        return true;
    }
    if (rat_is(a) || rat_is(b)) return rat_compare(w, a, b, order);
    return *order = int_compare(a, b), true;
}

static bool doubles_eqv(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

bool num_eqv(tt_word a, tt_word b)
{
    enum num_kind kind = num_kind(a);
    if (kind != num_kind(b)) return false;
    switch (kind) {
    case NUM_NONE: return a == b;
    case NUM_FLONUM: return doubles_eqv(flo_value(a), flo_value(b));
    case NUM_INTEGER: return int_compare(a, b) == 0;
    case NUM_RATIONAL:
        return int_compare(rat_numerator(a), rat_numerator(b)) == 0 &&
               int_compare(rat_denominator(a), rat_denominator(b)) == 0;
    }
    __builtin_unreachable();
}

/* -- rounding, roots and powers ----------------------------------------- */

tt_word num_to_integer(struct worker *w, tt_word v, enum rat_rounding rounding)
{
    if (!tt_is_flonum(v)) return rat_to_integer(w, v, rounding);
    double number = flo_value(v);
    switch (rounding) {
    case RAT_FLOOR: return heap_flonum(w, floor(number));
    case RAT_CEILING: return heap_flonum(w, ceil(number));
    case RAT_TRUNCATE: return heap_flonum(w, trunc(number));
    case RAT_ROUND: return heap_flonum(w, nearbyint(number)); /* the default mode: ties to even */
    }
    __builtin_unreachable();
}

/* sqrt of v > 0 as a double, also where v itself is out of a double's range. */
static bool sqrt_of_integer(struct worker *w, tt_word v, double *out)
{
    size_t bits = int_bit_length(v), excess = bits > 1000 ? (bits - 1000) & ~(size_t)1 : 0;
    tt_word scaled = int_shift(w, v, -(tt_sword)excess);
    if (scaled == TT_FAIL) return false;
    *out = ldexp(sqrt(int_to_double(scaled)), (int)(excess / 2));
    return true;
}

static tt_word sqrt_of_exact(struct worker *w, tt_word v)
{
    bool n_exact, d_exact;
    tt_word n = int_sqrt(w, rat_numerator(v), &n_exact), d = int_sqrt(w, rat_denominator(v), &d_exact);
    if (n == TT_FAIL || d == TT_FAIL) return TT_FAIL;
    if (n_exact && d_exact) return rat_make(w, n, d);
    double number;
    if (!rat_to_double(w, v, &number)) return TT_FAIL;
    if (isnormal(number)) return heap_flonum(w, sqrt(number));
    double x, y;
    if (!sqrt_of_integer(w, rat_numerator(v), &x) || !sqrt_of_integer(w, rat_denominator(v), &y))
        return TT_FAIL;
    return heap_flonum(w, x / y);
}

tt_word num_sqrt(struct worker *w, tt_word v)
{
    if (tt_is_flonum(v)) return heap_flonum(w, sqrt(flo_value(v)));
    return int_sign(rat_numerator(v)) < 0 ? heap_flonum(w, NAN) : sqrt_of_exact(w, v);
}

static tt_word double_expt(struct worker *w, tt_word base, tt_word exponent)
{
    double x, y;
    if (!num_to_double(w, base, &x) || !num_to_double(w, exponent, &y)) return TT_FAIL;
    return heap_flonum(w, pow(x, y));
}

/* An exact base to an exact integer power. */
static tt_word exact_expt(struct worker *w, tt_word base, tt_word exponent)
{
    if (tt_is_fixnum(exponent)) return rat_expt(w, base, tt_fixnum_value(exponent));
    if (base == tt_fixnum(0) || base == tt_fixnum(1)) return base;
    if (base == tt_fixnum(-1)) return tt_fixnum(int_is_even(exponent) ? 1 : -1);
    return num_fail_too_large(w);
}

tt_word num_expt(struct worker *w, tt_word base, tt_word exponent)
{
    if (exponent == tt_fixnum(0)) return tt_fixnum(1);
    if (tt_is_flonum(base) || tt_is_flonum(exponent)) return double_expt(w, base, exponent);
    if (!rat_is(exponent)) return exact_expt(w, base, exponent);
    if (rat_denominator(exponent) == tt_fixnum(2) && int_sign(rat_numerator(base)) >= 0) {
        tt_word root = num_sqrt(w, base);
        return root == TT_FAIL || tt_is_flonum(root) ? double_expt(w, base, exponent)
                                                     : exact_expt(w, root, rat_numerator(exponent));
    }
    return double_expt(w, base, exponent);
}
