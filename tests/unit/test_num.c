/* The numeric tower: R7RS cases as text, and random exact arithmetic against GMP. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rt/code/failure.h"
#include "rt/lexical/decimal.h"
#include "rt/mem/heap.h"
#include "rt/obj/arith.h"
#include "rt/obj/numtext.h"
#include "rt/prim/num.h"

static struct worker *w = &(struct worker){0};

static tt_word num_radix(const char *text, int radix) { return num_from_text(w, text, strlen(text), radix); }
static tt_word num(const char *text) { return num_radix(text, 10); }

/* Text of a number, or of the failure. */
static const char *show(tt_word v)
{
    static char text[4][4096];
    static unsigned turn;
    static const char *const kinds[] = {
#define CONDITION(id, kind, message) kind,
#include "rt/abi/conditions.def"
#undef CONDITION
    };
    if (v == TT_FAIL) {
        const char *kind = kinds[w->failure.condition];
        assert_non_null(w->failure.operation);
        w->failure = (struct tt_failure){0};
        return kind;
    }
    if (v == TT_FALSE) return "#f";
    tt_word s = num_to_string(w, v, 10);
    char *out = text[turn++ % 4];
    snprintf(out, sizeof text[0], "%.*s", (int)TT_OBJ(STRING, s)->length,
             (const char *)TT_OBJ(STRING, s)->byte);
    return out;
}

#define CHECK(expected, value) assert_string_equal(expected, show(value))
#define BINARY(name, operation)                                                                              \
    static tt_word name(const char *a, const char *b) { return operation(w, num(a), num(b)); }
BINARY(add, tt_add_slow)
BINARY(sub, tt_sub_slow)
BINARY(mul, tt_mul_slow)
BINARY(quotient, tt_quotient_slow)
BINARY(remainder_, tt_remainder_slow)
BINARY(modulo, tt_modulo_slow)
BINARY(divide, tt_prim_div)
BINARY(power, tt_prim_expt)

/* -- R7RS cases --------------------------------------------------------- */

static void test_contagion(void **state)
{
    CHECK("1152921504606846976", add("1152921504606846975", "1"));
    CHECK("-1152921504606846977", sub("-1152921504606846976", "1"));
    CHECK("1152921504606846975", sub("1152921504606846976", "1"));
    CHECK("1329227995784915872903807060280344576", mul("1152921504606846976", "1152921504606846976"));
    CHECK("5/6", add("1/2", "1/3"));
    CHECK("1", add("1/2", "1/2"));
    CHECK("1.5", add("1", "0.5"));
    CHECK("0.8333333333333333", add("1/3", "0.5"));
    CHECK("wrong-type", tt_prim_div(w, TT_NIL, num("0")));
    CHECK("1/3", divide("1", "3"));
    CHECK("-2/3", divide("4", "-6"));
    CHECK("divide-by-zero", divide("1", "0"));
    CHECK("divide-by-zero", divide("1.", "0"));
    CHECK("+inf.0", divide("1", "0."));
    CHECK("-inf.0", divide("-1.", "0."));
    CHECK("0", divide("0", "5"));
    CHECK("1152921504606846976", tt_prim_neg(w, num("-1152921504606846976")));
    CHECK("-0.0", tt_prim_neg(w, num("0.0")));
}

static void test_integer_division(void **state)
{
    CHECK("-2", quotient("-13", "6"));
    CHECK("-1", remainder_("-13", "6"));
    CHECK("5", modulo("-13", "6"));
    CHECK("-5", modulo("13", "-6"));
    CHECK("-3", tt_prim_floor_quotient(w, num("-13"), num("6")));
    CHECK("-1.0", remainder_("-13", "4.0"));
    CHECK("1.0", modulo("5.", "2"));
    CHECK("wrong-type", modulo("5.5", "2"));
    CHECK("wrong-type", quotient("1/2", "2"));
    CHECK("divide-by-zero", quotient("1", "0"));
    CHECK("divide-by-zero", modulo("1.", "0."));
    CHECK("1152921504606846976", quotient("-1152921504606846976", "-1"));
    CHECK("12", tt_prim_gcd(w, num("-36"), num("24")));
    CHECK("4.0", tt_prim_gcd(w, num("32."), num("-36")));
    CHECK("0", tt_prim_gcd(w, num("0"), num("0")));
}

/* order: -1, 0, 1, or 2 when one is NaN. */
static void check_order(tt_word x, tt_word y, int order)
{
    assert_int_equal(tt_lt_slow(w, x, y), tt_bool(order == -1));
    assert_int_equal(tt_num_eq_slow(w, x, y), tt_bool(order == 0));
    assert_int_equal(tt_gt_slow(w, x, y), tt_bool(order == 1));
    assert_int_equal(tt_le_slow(w, x, y), tt_bool(order == -1 || order == 0));
    assert_int_equal(tt_ge_slow(w, x, y), tt_bool(order == 1 || order == 0));
}

static void test_compare(void **state)
{
    static const struct {
        const char *a, *b;
        int order;
    } cases[] = {
        {"1", "1.0", 0},
        {"9007199254740993", "9007199254740992.", 1},
        {"1/3", "0.3333333333333333", 1},
        {"1e308", "1000000000000000000000000", 1},
        {"-inf.0", "-1000000000000000000000000", -1},
        {"+nan.0", "1", 2},
        {"1/2", "+nan.0", 2},
        {"2/3", "3/4", -1},
        {"-5", "-1/3", -1},
        {"0", "-0.0", 0},
        {"123456789012345678901234567890", "123456789012345678901234567891", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tt_word x = num(cases[i].a), y = num(cases[i].b);
        check_order(x, y, cases[i].order);
        check_order(y, x, cases[i].order == 2 ? 2 : -cases[i].order);
    }
    CHECK("wrong-type", tt_lt_slow(w, num("1"), TT_TRUE));
    CHECK("wrong-type", tt_num_eq_slow(w, TT_NIL, num("1")));
    assert_int_equal(tt_zerop_slow(w, num("-0.0"), 0), TT_TRUE);
    CHECK("wrong-type", tt_zerop_slow(w, TT_TRUE, 0));
    assert_true(num_eqv(num("100000000000000000000"), num("100000000000000000000")));
    assert_true(num_eqv(num("+nan.0"), num("+nan.0")));
    assert_false(num_eqv(num("0."), num("-0.")));
    assert_false(num_eqv(num("1"), num("1.")));
}

static void test_rounding(void **state)
{
    CHECK("-5.0", tt_prim_floor(w, num("-4.3")));
    CHECK("-4.0", tt_prim_ceiling(w, num("-4.3")));
    CHECK("-4.0", tt_prim_truncate(w, num("-4.3")));
    CHECK("-4.0", tt_prim_round(w, num("-4.3")));
    CHECK("4.0", tt_prim_round(w, num("3.5")));
    CHECK("2.0", tt_prim_round(w, num("2.5")));
    CHECK("4", tt_prim_round(w, num("7/2")));
    CHECK("2", tt_prim_round(w, num("5/2")));
    CHECK("-2", tt_prim_round(w, num("-5/2")));
    CHECK("-3", tt_prim_floor(w, num("-5/2")));
    CHECK("-2", tt_prim_ceiling(w, num("-5/2")));
    CHECK("-2", tt_prim_truncate(w, num("-5/2")));
    CHECK("7", tt_prim_round(w, num("7")));
    CHECK("wrong-type", tt_prim_floor(w, TT_TRUE));
}

static void test_exactness(void **state)
{
    CHECK("1/2", tt_prim_exact(w, num("0.5")));
    CHECK("3602879701896397/36028797018963968", tt_prim_exact(w, num("0.1")));
    CHECK("100000000000000000000", tt_prim_exact(w, num("1e20")));
    CHECK("-5", tt_prim_exact(w, num("-5.")));
    CHECK("out-of-range", tt_prim_exact(w, num("+inf.0")));
    CHECK("0.3333333333333333", tt_prim_inexact(w, num("1/3")));
    CHECK("+inf.0", tt_prim_inexact(w, power("10", "400")));
    CHECK("1e-320", tt_prim_inexact(w, tt_prim_div(w, num("1"), power("10", "320"))));
    CHECK("0.0", tt_prim_inexact(w, tt_prim_div(w, num("1"), power("10", "400"))));
    CHECK("3", tt_prim_numerator(w, num("6/4")));
    CHECK("2.0", tt_prim_denominator(w, num("0.5")));
    CHECK("1", tt_prim_denominator(w, num("0")));
}

static void test_powers(void **state)
{
    CHECK("1", power("0", "0"));
    CHECK("1", power("2.", "0"));
    CHECK("0", power("0", "5"));
    CHECK("divide-by-zero", power("0", "-1"));
    CHECK("1267650600228229401496703205376", power("2", "100"));
    CHECK("1/1024", power("2", "-10"));
    CHECK("-1/27", power("-3", "-3"));
    CHECK("4/9", power("2/3", "2"));
    CHECK("2", power("4", "1/2"));
    CHECK("8", power("4", "3/2"));
    CHECK("1.4142135623730951", power("2", "0.5"));
    CHECK("0.25", power("2.", "-2"));
    CHECK("too-large", power("2", "100000000"));
    CHECK("too-large", power("3", "1000000000000000000000000"));
    CHECK("-1", power("-1", "1000000000000000000000001"));
    CHECK("4", tt_prim_sqrt(w, num("16")));
    CHECK("2/3", tt_prim_sqrt(w, num("4/9")));
    CHECK("1.4142135623730951", tt_prim_sqrt(w, num("2")));
    CHECK("out-of-range", tt_prim_sqrt(w, num("-1")));
    CHECK("+nan.0", tt_prim_sqrt(w, num("-1.")));
    CHECK("100000000000000000000", tt_prim_sqrt(w, power("10", "40")));
    CHECK("1e200", tt_prim_sqrt(w, int_add(w, power("10", "400"), tt_fixnum(1))));
    CHECK("4", tt_prim_isqrt(w, num("17")));
    CHECK("out-of-range", tt_prim_isqrt(w, num("-1")));
    CHECK("wrong-type", tt_prim_isqrt(w, num("4.")));
}

static void test_transcendental(void **state)
{
    CHECK("1", tt_prim_exp(w, num("0")));
    CHECK("2.718281828459045", tt_prim_exp(w, num("1")));
    CHECK("0", tt_prim_log(w, num("1")));
    CHECK("out-of-range", tt_prim_log(w, num("-1")));
    CHECK("+nan.0", tt_prim_log(w, num("-1.")));
    CHECK("921.0340371976183", tt_prim_log(w, power("10", "400")));
    CHECK("-921.0340371976183", tt_prim_log(w, power("10", "-400")));
    CHECK("0", tt_prim_atan2(w, num("0"), num("1")));
    CHECK("3.141592653589793", tt_prim_atan2(w, num("0"), num("-1")));
    CHECK("divide-by-zero", tt_prim_atan2(w, num("0"), num("0")));
    CHECK("out-of-range", tt_prim_asin(w, num("2")));
}

static void test_bits(void **state)
{
    CHECK("too-large", tt_prim_arithmetic_shift(w, num("1"), num("100000000")));
    CHECK("too-large", tt_prim_arithmetic_shift(w, num("1"), num("100000000000000000000")));
    CHECK("-1", tt_prim_arithmetic_shift(w, num("-5"), num("-100000000000000000000")));
    CHECK("0", tt_prim_arithmetic_shift(w, num("0"), num("100000000000000000000")));
    CHECK("-2", tt_prim_arithmetic_shift(w, num("-7"), num("-2")));
    CHECK("-1", tt_prim_arithmetic_shift(w, num("-1"), num("-1000")));
    CHECK("wrong-type", tt_prim_bitwise_and(w, num("1."), num("1")));
    CHECK("4611686018427387904",
          tt_prim_bitwise_and(w, num("-4611686018427387904"), num("4611686018427387904")));
}

/* -- text --------------------------------------------------------------- */

static void test_read(void **state)
{
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"12", "12"},
        {"-0", "0"},
        {"+5", "5"},
        {"#xfF", "255"},
        {"#e#x10", "16"},
        {"#x#e10", "16"},
        {"#b-101", "-5"},
        {"#o17", "15"},
        {"#d9", "9"},
        {"1/2", "1/2"},
        {"-6/4", "-3/2"},
        {"#i1/2", "0.5"},
        {"1/0", "#f"},
        {"#i7", "7.0"},
        {"1.", "1.0"},
        {".5", "0.5"},
        {"-.5e1", "-5.0"},
        {"1E3", "1000.0"},
        {"+123.4", "123.4"},
        {"#e1.25", "5/4"},
        {"#e-1.2e2", "-120"},
        {"#e1e-2", "1/100"},
        {"+inf.0", "+inf.0"},
        {"-INF.0", "-inf.0"},
        {"+nan.0", "+nan.0"},
        {"#e+inf.0", "#f"},
        {"1e999999999", "+inf.0"},
        {"-1e-999999999", "-0.0"},
        {"#e1e999999999", "#f"},
        {"#e1e-99999999999999999999999", "#f"},
        {"#e0e999999999", "0"},
        {"1e", "#f"},
        {"1e+", "#f"},
        {"e1", "#f"},
        {".", "#f"},
        {"", "#f"},
        {"+", "#f"},
        {"-", "#f"},
        {"...", "#f"},
        {"1.2.3", "#f"},
        {"1/2/3", "#f"},
        {"1/", "#f"},
        {"/2", "#f"},
        {"1/-2", "#f"},
        {"#x", "#f"},
        {"#", "#f"},
        {"#x#x1", "#f"},
        {"#e#i1", "#f"},
        {"#q1", "#f"},
        {"12a", "#f"},
        {"1+2i", "#f"},
        {"+i", "#f"},
        {"inf.0", "#f"},
        {"#x1.5", "1.3125"},
        {"#x1.5p1", "#f"},
        {"#b1e1", "#f"},
        {"0x10", "#f"},
        {" 1", "#f"},
        {"1 ", "#f"},
        {"1_000", "#f"},
        {"\xc3\xa9", "#f"},
        {"+5i", "#f"},
        {"infinity", "#f"},
        {"nan", "#f"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"5e-324", "5e-324"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(cases[i].value, num(cases[i].text));
    CHECK("1295", num_radix("zZ", 36));
    CHECK("-5", num_radix("-101", 2));
    CHECK("10", num_radix("#d10", 16));
    CHECK("1.3125", num_radix("1.5", 16));
    CHECK("#f", num_from_text(w, "1\0", 2, 10));
}

static void test_write(void **state)
{
    /* Texts that come back as they are. */
    static const char *const same[] = {"1.0",
                                       "0.5",
                                       "-0.0",
                                       "100.0",
                                       "123456789012345680000.0",
                                       "1e21",
                                       "1.5e-9",
                                       "0.1",
                                       "1e100",
                                       "1.7976931348623157e308",
                                       "2.2250738585072014e-308",
                                       "5e-324",
                                       "1.2e-322",
                                       "4.35",
                                       "0.30000000000000004",
                                       "1e23",
                                       "9.5367431640625e-7",
                                       "3.141592653589793"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        CHECK(same[i], num(same[i]));
    tt_word s = int_to_string(w, num("-255"), 16);
    assert_memory_equal(TT_OBJ(STRING, s)->byte, "-ff", 3);
    s = tt_prim_number_to_string(w, num("-1.5"), num("2"));
    assert_memory_equal(TT_OBJ(STRING, s)->byte, "-1.1", 4);
    s = tt_prim_number_to_string(w, num("-1.5"), num("3"));
    assert_memory_equal(TT_OBJ(STRING, s)->byte, "#i-10/2", 7);
    CHECK("out-of-range", tt_prim_number_to_string(w, num("1"), num("37")));
    CHECK("wrong-type", tt_prim_string_to_number(w, num("1"), num("10")));
}

/* Text of random doubles reads back, and one digit less does not. */
static void test_flonum_text(void **state)
{
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 100000; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        uint64_t bits = i % 4 ? seed : (seed & 0x7ff) << 52; /* every fourth a power of two */
        double number, back;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number) || number == 0) continue;
        char text[DECIMAL_MAX + 1], shorter[64];
        size_t n = decimal_of_double(text, number);
        text[n] = 0;
        back = strtod(text, NULL);
        assert_memory_equal(&number, &back, sizeof number);
        int digits = 0;
        for (const char *p = text; *p && *p != 'e'; p++)
            digits += *p >= '0' && *p <= '9' && (digits || *p != '0');
        if (digits < 2 || strstr(text, ".0") || !strchr(text, '.')) continue;
        snprintf(shorter, sizeof shorter, "%.*e", digits - 2, number);
        assert_true(strtod(shorter, NULL) != number);
    }
}

/* -- random exact arithmetic against GMP's mpq ------------------------- */

static gmp_randstate_t random_state;

static tt_word from_mpz(mpz_srcptr z)
{
    char *text = mpz_get_str(NULL, 10, z);
    tt_word v = num(text);
    free(text);
    return v;
}

static void random_mpz(mpz_ptr z)
{
    static const unsigned bits[] = {3, 60, 61, 64, 65, 128, 700, 5000};
    mpz_rrandomb(z, random_state, bits[gmp_urandomm_ui(random_state, 8)]);
    if (gmp_urandomb_ui(random_state, 1)) mpz_neg(z, z);
}

static void check_mpz(tt_word v, mpz_srcptr expected)
{
    tt_word s = int_to_string(w, v, 10);
    char *text = mpz_get_str(NULL, 10, expected);
    assert_int_equal(TT_OBJ(STRING, s)->length, strlen(text));
    assert_memory_equal(TT_OBJ(STRING, s)->byte, text, strlen(text));
    free(text);
    assert_int_equal(tt_is_fixnum(v),
                     mpz_cmp_si(expected, TT_FIXNUM_MIN) >= 0 && mpz_cmp_si(expected, TT_FIXNUM_MAX) <= 0);
}

static void check_divisions(tt_word x, tt_word y, mpz_srcptr a, mpz_srcptr b)
{
    mpz_t q, r;
    mpz_inits(q, r, NULL);
    tt_word quotient_, rest;
    mpz_tdiv_qr(q, r, a, b);
    assert_true(int_divide(w, x, y, &quotient_, &rest));
    check_mpz(quotient_, q);
    check_mpz(rest, r);
    mpz_fdiv_qr(q, r, a, b);
    assert_true(int_divide_floor(w, x, y, &quotient_, &rest));
    check_mpz(quotient_, q);
    check_mpz(rest, r);
    mpz_clears(q, r, NULL);
}

static void check_shifts(tt_word x, mpz_srcptr a, mpz_ptr expected)
{
    tt_sword count = (tt_sword)gmp_urandomm_ui(random_state, 400) - 200;
    if (count >= 0)
        mpz_mul_2exp(expected, a, (unsigned long)count);
    else
        mpz_fdiv_q_2exp(expected, a, (unsigned long)-count);
    check_mpz(int_shift(w, x, count), expected);
}

static void test_random_integers(void **state)
{
    mpz_t a, b, c;
    mpz_inits(a, b, c, NULL);
    for (int i = 0; i < 3000; i++) {
        random_mpz(a);
        random_mpz(b);
        tt_word x = from_mpz(a), y = from_mpz(b);
        check_mpz(x, a);
        check_mpz(int_add(w, x, y), (mpz_add(c, a, b), c));
        check_mpz(int_sub(w, x, y), (mpz_sub(c, a, b), c));
        check_mpz(int_mul(w, x, y), (mpz_mul(c, a, b), c));
        check_mpz(int_mul(w, x, x), (mpz_mul(c, a, a), c));
        check_mpz(int_gcd(w, x, y), (mpz_gcd(c, a, b), c));
        check_mpz(int_and(w, x, y), (mpz_and(c, a, b), c));
        check_mpz(int_ior(w, x, y), (mpz_ior(c, a, b), c));
        check_mpz(int_xor(w, x, y), (mpz_xor(c, a, b), c));
        check_mpz(int_expt(w, x, 3), (mpz_pow_ui(c, a, 3), c));
        bool exact;
        check_mpz(int_sqrt(w, int_abs(w, x), &exact), (mpz_abs(c, a), mpz_sqrt(c, c), c));
        if (mpz_sgn(b)) check_divisions(x, y, a, b);
        check_shifts(x, a, c);
        int order = mpz_cmp(a, b);
        assert_int_equal(int_compare(x, y), (order > 0) - (order < 0));
    }
    mpz_clears(a, b, c, NULL);
}

static tt_word from_mpq(mpq_srcptr q)
{
    return rat_make(w, from_mpz(mpq_numref(q)), from_mpz(mpq_denref(q)));
}

static void check_mpq(tt_word v, mpq_srcptr expected)
{
    check_mpz(rat_numerator(v), mpq_numref(expected));
    check_mpz(rat_denominator(v), mpq_denref(expected));
}

static void random_mpq(mpq_ptr q)
{
    random_mpz(mpq_numref(q));
    do
        random_mpz(mpq_denref(q));
    while (mpz_sgn(mpq_denref(q)) == 0);
    mpq_canonicalize(q);
}

static void test_random_rationals(void **state)
{
    mpq_t a, b, c;
    mpq_inits(a, b, c, NULL);
    for (int i = 0; i < 1000; i++) {
        random_mpq(a);
        random_mpq(b);
        tt_word x = from_mpq(a), y = from_mpq(b);
        check_mpq(num_add(w, x, y), (mpq_add(c, a, b), c));
        check_mpq(num_sub(w, x, y), (mpq_sub(c, a, b), c));
        check_mpq(num_mul(w, x, y), (mpq_mul(c, a, b), c));
        if (mpq_sgn(b)) check_mpq(num_div(w, x, y), (mpq_div(c, a, b), c));
        int order, expected = mpq_cmp(a, b);
        assert_true(num_compare(w, x, y, &order));
        assert_int_equal(order, (expected > 0) - (expected < 0));
    }
    mpq_clears(a, b, c, NULL);
}

/* A double between two others: its conversions go back and forth, and a rational
 * a little beside the middle of two neighbours goes to the nearer one. */
static void check_nearest(double number, tt_word epsilon)
{
    double next = nextafter(number, INFINITY), got;
    tt_word low = rat_from_double(w, number), high = rat_from_double(w, next);
    assert_true(rat_to_double(w, low, &got) && got == number);
    tt_word middle = rat_div(w, rat_add(w, low, high), tt_fixnum(2));
    assert_true(rat_to_double(w, rat_sub(w, middle, epsilon), &got) && got == number);
    assert_true(rat_to_double(w, rat_add(w, middle, epsilon), &got) && got == next);
    assert_true(rat_to_double(w, middle, &got));
    uint64_t bits;
    memcpy(&bits, &got, sizeof bits);
    assert_int_equal(bits % 2, 0);
}

static void test_nearest_double(void **state)
{
    static const double numbers[] = {1,
                                     0.1,
                                     1e300,
                                     1e-300,
                                     5e-324,
                                     2.2250738585072014e-308,
                                     2.225073858507201e-308,
                                     1.1e-310,
                                     9007199254740992.,
                                     12345678901234567.,
                                     1.7e308,
                                     0.5,
                                     4503599627370496.};
    tt_word tiny = rat_expt(w, tt_fixnum(10), -400);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        check_nearest(numbers[i], tiny);
}

int main(void)
{
    gmp_randinit_default(random_state);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contagion),
        cmocka_unit_test(test_integer_division),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_exactness),
        cmocka_unit_test(test_powers),
        cmocka_unit_test(test_transcendental),
        cmocka_unit_test(test_bits),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_flonum_text),
        cmocka_unit_test(test_random_integers),
        cmocka_unit_test(test_random_rationals),
        cmocka_unit_test(test_nearest_double),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    gmp_randclear(random_state);
    return failed;
}
