/* The numeric primitives: they check their arguments and name the operation in
 * failures; rt/obj/arith.h does the work. */
#include "rt/prim/num.h"

#include <math.h>

#include "rt/code/failure.h"
#include "rt/mem/heap.h"
#include "rt/obj/arith.h"
#include "rt/obj/numtext.h"

#define CHECK_NUMBER(op, v)                                                                                  \
    if (!num_is(v)) return fail_wrong_type(w, op, v)
#define CHECK_EXACT_INTEGER(op, v)                                                                           \
    if (!int_is(v)) return fail_wrong_type(w, op, v)

/* Arithmetic does not know for which operation it failed. */
static tt_word named(struct worker *w, const char *op, tt_word result)
{
    if (result == TT_FAIL && !w->failure.operation) w->failure.operation = op;
    return result;
}

/* -- + - * / ------------------------------------------------------------ */

typedef tt_word binary(struct worker *w, tt_word a, tt_word b);

static tt_word arithmetic(struct worker *w, const char *op, binary *operate, tt_word a, tt_word b)
{
    CHECK_NUMBER(op, a);
    CHECK_NUMBER(op, b);
    return named(w, op, operate(w, a, b));
}

tt_word tt_add_slow(struct worker *w, tt_word a, tt_word b) { return arithmetic(w, "+", num_add, a, b); }

tt_word tt_sub_slow(struct worker *w, tt_word a, tt_word b) { return arithmetic(w, "-", num_sub, a, b); }

tt_word tt_mul_slow(struct worker *w, tt_word a, tt_word b) { return arithmetic(w, "*", num_mul, a, b); }

tt_word tt_prim_div(struct worker *w, tt_word a, tt_word b)
{
    if (b == tt_fixnum(0) && num_is(a)) return fail_divide_by_zero(w, "/", a);
    return arithmetic(w, "/", num_div, a, b);
}

tt_word tt_prim_neg(struct worker *w, tt_word a)
{
    CHECK_NUMBER("-", a);
    return named(w, "-", num_neg(w, a));
}

/* -- comparison --------------------------------------------------------- */

/* *order: -1, 0, 1, or 2 when one of the numbers is NaN. */
static bool compare(struct worker *w, const char *op, tt_word a, tt_word b, int *order)
{
    if (!num_is(a)) return fail_wrong_type(w, op, a), false;
    if (!num_is(b)) return fail_wrong_type(w, op, b), false;
    return num_compare(w, a, b, order) || named(w, op, TT_FAIL) != TT_FAIL;
}

#define COMPARE_SLOW(function, scheme_name, holds_for_order)                                                 \
    tt_word function(struct worker *w, tt_word a, tt_word b)                                                 \
    {                                                                                                        \
        int order;                                                                                           \
        return compare(w, scheme_name, a, b, &order) ? tt_bool(holds_for_order) : TT_FAIL;                   \
    }
COMPARE_SLOW(tt_num_eq_slow, "=", order == 0)
COMPARE_SLOW(tt_lt_slow, "<", order == -1)
COMPARE_SLOW(tt_gt_slow, ">", order == 1)
COMPARE_SLOW(tt_le_slow, "<=", order == -1 || order == 0)
COMPARE_SLOW(tt_ge_slow, ">=", order == 1 || order == 0)

tt_word tt_zerop_slow(struct worker *w, tt_word v, tt_word unused)
{
    CHECK_NUMBER("zero?", v);
    return tt_bool(v == tt_fixnum(0) || (tt_is_flonum(v) && flo_value(v) == 0));
}

/* -- integer division --------------------------------------------------- */

static tt_word gcd(struct worker *w, tt_word a, tt_word b) { return int_gcd(w, a, b); }

static tt_word quotient(struct worker *w, tt_word a, tt_word b)
{
    tt_word result;
    return int_divide(w, a, b, &result, NULL) ? result : TT_FAIL;
}

static tt_word remainder_of(struct worker *w, tt_word a, tt_word b)
{
    tt_word result;
    return int_divide(w, a, b, NULL, &result) ? result : TT_FAIL;
}

static tt_word modulo(struct worker *w, tt_word a, tt_word b)
{
    tt_word result;
    return int_divide_floor(w, a, b, NULL, &result) ? result : TT_FAIL;
}

static tt_word floor_quotient(struct worker *w, tt_word a, tt_word b)
{
    tt_word result;
    return int_divide_floor(w, a, b, &result, NULL) ? result : TT_FAIL;
}

/* `operate` on integers, which may be flonums: the result then is one too. */
static tt_word on_integers(struct worker *w, const char *op, binary *operate, tt_word a, tt_word b)
{
    if (!num_is_integer(a)) return fail_wrong_type(w, op, a);
    if (!num_is_integer(b)) return fail_wrong_type(w, op, b);
    tt_word x = num_to_exact(w, a), y = num_to_exact(w, b);
    if (x == TT_FAIL || y == TT_FAIL) return TT_FAIL;
    if (y == tt_fixnum(0) && operate != gcd) return fail_divide_by_zero(w, op, a);
    tt_word result = named(w, op, operate(w, x, y));
    bool inexact = tt_is_flonum(a) || tt_is_flonum(b);
    return inexact && result != TT_FAIL ? num_to_inexact(w, result) : result;
}

tt_word tt_quotient_slow(struct worker *w, tt_word a, tt_word b)
{
    return on_integers(w, "quotient", quotient, a, b);
}

tt_word tt_remainder_slow(struct worker *w, tt_word a, tt_word b)
{
    return on_integers(w, "remainder", remainder_of, a, b);
}

tt_word tt_modulo_slow(struct worker *w, tt_word a, tt_word b)
{
    return on_integers(w, "modulo", modulo, a, b);
}

tt_word tt_prim_floor_quotient(struct worker *w, tt_word a, tt_word b)
{
    return on_integers(w, "floor-quotient", floor_quotient, a, b);
}

tt_word tt_prim_gcd(struct worker *w, tt_word a, tt_word b) { return on_integers(w, "gcd", gcd, a, b); }

/* -- exactness and rounding --------------------------------------------- */

tt_word tt_prim_exact(struct worker *w, tt_word a)
{
    CHECK_NUMBER("exact", a);
    if (tt_is_flonum(a) && !isfinite(flo_value(a))) return fail_out_of_range(w, "exact", a);
    return named(w, "exact", num_to_exact(w, a));
}

tt_word tt_prim_inexact(struct worker *w, tt_word a)
{
    CHECK_NUMBER("inexact", a);
    return named(w, "inexact", num_to_inexact(w, a));
}

static tt_word part_of_rational(struct worker *w, const char *op, tt_word (*part)(tt_word), tt_word a)
{
    CHECK_NUMBER(op, a);
    if (!tt_is_flonum(a)) return part(a);
    if (!isfinite(flo_value(a))) return fail_wrong_type(w, op, a);
    tt_word exact = num_to_exact(w, a);
    return exact == TT_FAIL ? named(w, op, TT_FAIL) : num_to_inexact(w, part(exact));
}

tt_word tt_prim_numerator(struct worker *w, tt_word a)
{
    return part_of_rational(w, "numerator", rat_numerator, a);
}

tt_word tt_prim_denominator(struct worker *w, tt_word a)
{
    return part_of_rational(w, "denominator", rat_denominator, a);
}

static tt_word round_number(struct worker *w, const char *op, enum rat_rounding rounding, tt_word a)
{
    CHECK_NUMBER(op, a);
    return named(w, op, num_to_integer(w, a, rounding));
}

tt_word tt_prim_floor(struct worker *w, tt_word a) { return round_number(w, "floor", RAT_FLOOR, a); }
tt_word tt_prim_ceiling(struct worker *w, tt_word a) { return round_number(w, "ceiling", RAT_CEILING, a); }
tt_word tt_prim_truncate(struct worker *w, tt_word a) { return round_number(w, "truncate", RAT_TRUNCATE, a); }
tt_word tt_prim_round(struct worker *w, tt_word a) { return round_number(w, "round", RAT_ROUND, a); }

/* -- transcendental functions ------------------------------------------- */

/* A result that is not a real number is NaN for an inexact argument, as IEEE has
 * it, and out of range for an exact one. */
static tt_word real_result(struct worker *w, const char *op, double result, tt_word argument)
{
    if (isnan(result) && num_is_exact(argument)) return fail_out_of_range(w, op, argument);
    return named(w, op, heap_flonum(w, result));
}

/* `function` of a; exact where that is easy: at the exact point `at` it is `value`. */
static tt_word transcendental(struct worker *w, const char *op, double (*function)(double), tt_word a, int at,
                              int value)
{
    CHECK_NUMBER(op, a);
    if (a == tt_fixnum(at)) return tt_fixnum(value);
    double number;
    if (!num_to_double(w, a, &number)) return named(w, op, TT_FAIL);
    return real_result(w, op, function(number), a);
}

tt_word tt_prim_exp(struct worker *w, tt_word a) { return transcendental(w, "exp", exp, a, 0, 1); }
tt_word tt_prim_sin(struct worker *w, tt_word a) { return transcendental(w, "sin", sin, a, 0, 0); }
tt_word tt_prim_cos(struct worker *w, tt_word a) { return transcendental(w, "cos", cos, a, 0, 1); }
tt_word tt_prim_tan(struct worker *w, tt_word a) { return transcendental(w, "tan", tan, a, 0, 0); }
tt_word tt_prim_asin(struct worker *w, tt_word a) { return transcendental(w, "asin", asin, a, 0, 0); }
tt_word tt_prim_acos(struct worker *w, tt_word a) { return transcendental(w, "acos", acos, a, 1, 0); }
tt_word tt_prim_atan1(struct worker *w, tt_word a) { return transcendental(w, "atan", atan, a, 0, 0); }

/* log of an integer > 0, also of one beyond a double's range. */
static bool log_of_integer(struct worker *w, tt_word v, double *out)
{
    size_t bits = int_bit_length(v), excess = bits > 1000 ? bits - 1000 : 0;
    tt_word scaled = int_shift(w, v, -(tt_sword)excess);
    if (scaled == TT_FAIL) return false;
    *out = log(int_to_double(scaled)) + (double)excess * M_LN2;
    return true;
}

tt_word tt_prim_log(struct worker *w, tt_word a)
{
    double number, n, d;
    if (!num_is(a) || tt_is_fixnum(a) || tt_is_flonum(a) || int_sign(rat_numerator(a)) < 0)
        return transcendental(w, "log", log, a, 1, 0);
    if (!rat_to_double(w, a, &number)) return named(w, "log", TT_FAIL);
    if (isnormal(number)) return heap_flonum(w, log(number));
    if (!log_of_integer(w, rat_numerator(a), &n) || !log_of_integer(w, rat_denominator(a), &d))
        return named(w, "log", TT_FAIL);
    return heap_flonum(w, n - d);
}

tt_word tt_prim_atan2(struct worker *w, tt_word a, tt_word b)
{
    CHECK_NUMBER("atan", a);
    CHECK_NUMBER("atan", b);
    if (a == tt_fixnum(0) && num_is_exact(b)) {
        int sign = int_sign(rat_numerator(b));
        if (sign == 0) return fail_divide_by_zero(w, "atan", a);
        if (sign > 0) return a;
    }
    double y, x;
    if (!num_to_double(w, a, &y) || !num_to_double(w, b, &x)) return named(w, "atan", TT_FAIL);
    return heap_flonum(w, atan2(y, x));
}

/* -- roots and powers --------------------------------------------------- */

tt_word tt_prim_sqrt(struct worker *w, tt_word a)
{
    CHECK_NUMBER("sqrt", a);
    tt_word root = named(w, "sqrt", num_sqrt(w, a));
    if (root != TT_FAIL && tt_is_flonum(root)) return real_result(w, "sqrt", flo_value(root), a);
    return root;
}

tt_word tt_prim_isqrt(struct worker *w, tt_word a)
{
    bool exact;
    CHECK_EXACT_INTEGER("exact-integer-sqrt", a);
    if (int_sign(a) < 0) return fail_out_of_range(w, "exact-integer-sqrt", a);
    return named(w, "exact-integer-sqrt", int_sqrt(w, a, &exact));
}

tt_word tt_prim_expt(struct worker *w, tt_word a, tt_word b)
{
    CHECK_NUMBER("expt", a);
    CHECK_NUMBER("expt", b);
    if (a == tt_fixnum(0) && num_is_exact(b) && int_sign(rat_numerator(b)) < 0)
        return fail_divide_by_zero(w, "expt", b);
    tt_word power = named(w, "expt", num_expt(w, a, b));
    if (power != TT_FAIL && tt_is_flonum(power) && num_is_exact(b))
        return real_result(w, "expt", flo_value(power), a);
    return power;
}

/* -- text --------------------------------------------------------------- */

static bool is_radix(tt_word v)
{
    return tt_is_fixnum(v) && tt_fixnum_value(v) >= 2 && tt_fixnum_value(v) <= 36;
}

tt_word tt_prim_number_to_string(struct worker *w, tt_word a, tt_word b)
{
    CHECK_NUMBER("number->string", a);
    CHECK_EXACT_INTEGER("number->string", b);
    if (!is_radix(b)) return fail_out_of_range(w, "number->string", b);
    return named(w, "number->string", num_to_string(w, a, (int)tt_fixnum_value(b)));
}

tt_word tt_prim_string_to_number(struct worker *w, tt_word a, tt_word b)
{
    if (!tt_is_type(a, TT_TYPE_STRING)) return fail_wrong_type(w, "string->number", a);
    CHECK_EXACT_INTEGER("string->number", b);
    if (!is_radix(b)) return fail_out_of_range(w, "string->number", b);
    const struct tt_obj_STRING *s = TT_OBJ(STRING, a);
    return named(w, "string->number",
                 num_from_text(w, (const char *)s->byte, s->length, (int)tt_fixnum_value(b)));
}

/* -- bits --------------------------------------------------------------- */

static tt_word on_exact_integers(struct worker *w, const char *op, binary *operate, tt_word a, tt_word b)
{
    CHECK_EXACT_INTEGER(op, a);
    CHECK_EXACT_INTEGER(op, b);
    return named(w, op, operate(w, a, b));
}

tt_word tt_prim_bitwise_and(struct worker *w, tt_word a, tt_word b)
{
    return on_exact_integers(w, "bitwise-and", int_and, a, b);
}

tt_word tt_prim_bitwise_ior(struct worker *w, tt_word a, tt_word b)
{
    return on_exact_integers(w, "bitwise-ior", int_ior, a, b);
}

tt_word tt_prim_bitwise_xor(struct worker *w, tt_word a, tt_word b)
{
    return on_exact_integers(w, "bitwise-xor", int_xor, a, b);
}

/* A count that is no fixnum shifts everything out, or out of memory. */
static tt_word shift(struct worker *w, tt_word v, tt_word count)
{
    if (tt_is_fixnum(count)) return int_shift(w, v, tt_fixnum_value(count));
    if (int_sign(v) == 0) return v;
    return int_sign(count) > 0 ? num_fail_too_large(w) : tt_fixnum(int_sign(v) < 0 ? -1 : 0);
}

tt_word tt_prim_arithmetic_shift(struct worker *w, tt_word a, tt_word b)
{
    return on_exact_integers(w, "arithmetic-shift", shift, a, b);
}
