/* Data: equal?, and flonums through text. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frontend/number.h"
#include "frontend/read.h"
#include "rt/lexical/decimal.h"

static Datum *read_one(Compilation *compilation, const char *text)
{
    Source *source = source_from_text(compilation->arena, "t", text, strlen(text));
    Datum *datum = read_datum(reader_new(compilation, source));
    assert_non_null(datum);
    return datum;
}

static Compilation new_compilation(void)
{
    Compilation compilation = {.arena = arena_new()};
    compilation.symbols = symbols_new(compilation.arena);
    compilation.diag = diag_new(compilation.arena, stderr, 20);
    return compilation;
}

static void check_equal(const char *a, const char *b, bool expected)
{
    Compilation compilation = new_compilation();
    const Datum *x = read_one(&compilation, a), *y = read_one(&compilation, b);
    if (datum_equal(x, y) != expected || datum_equal(y, x) != expected) fail_msg("%s, %s", a, b);
    assert_true(datum_equal(x, x));
    arena_free(compilation.arena);
}

static void equality(void **state)
{
    static const char *const different[] = {
        "()",
        "#t",
        "#f",
        "a",
        "b",
        "1",
        "1.0",
        "1/2",
        "0.0",
        "-0.0",
        "+nan.0",
        "#\\a",
        "\"a\"",
        "\"\"",
        "\"a\\x0;\"",
        "(a)",
        "(a b)",
        "(a . b)",
        "#(a)",
        "#()",
        "#(a b)",
        "#u8(1)",
        "#u8()",
        "#!eof",
        "#!void",
        "#!default",
        "(a (b (c)))",
        "(a (b (d)))",
        "100000000000000000000",
        "#0=(a . #0#)",
        "#0=(b . #0#)",
    };
    size_t n = sizeof different / sizeof *different;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            check_equal(different[i], different[j], i == j);
    }
}

static void equality_of_cycles(void **state)
{
    check_equal("#0=(a b . #0#)", "#0=(a b a b . #0#)", true);
    check_equal("#0=(a b . #0#)", "#0=(a b a . #0#)", false);
    check_equal("#0=#(#0#)", "#0=#(#(#0#))", true);
}

/* Sharing 60 levels deep: 2^60 steps without a memory of what was compared. */
static void equality_of_shared_data(void **state)
{
    char text[4096] = "";
    char *p = text;
    for (int i = 0; i < 60; i++)
        p += sprintf(p, "(#%d=", i);
    p += sprintf(p, "x");
    for (int i = 59; i >= 0; i--)
        p += sprintf(p, " #%d#)", i);
    check_equal(text, text, true);
}

static double read_flonum(const char *text)
{
    Arena *arena = arena_new();
    Datum datum = {0};
    assert_int_equal(number_parse(arena, text, strlen(text), &datum), NUMBER_OK);
    assert_int_equal(datum.kind, DATUM_FLONUM);
    arena_free(arena);
    return datum.as.flonum;
}

static void check_same_bits(double a, double b) { assert_memory_equal(&a, &b, sizeof a); }

/* A generator of its own (splitmix64): the same numbers on every machine. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void flonums_print_and_read_back(void **state)
{
    uint64_t seed = 1;
    char text[DECIMAL_MAX + 1];
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_random(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isnan(value)) continue;
        text[decimal_of_double(text, value)] = 0;
        check_same_bits(read_flonum(text), value);
    }
}

/* #i of an exact ratio rounds once, half to even, also where doubles are denormal. */
static void ratios_round_correctly(void **state)
{
    static const struct {
        const char *exact, *decimal;
    } cases[] = {
        {"#i9007199254740993", "9007199254740992.0"},
        {"#i9007199254740993/1", "9007199254740992.0"},
        {"#i9007199254740995/1", "9007199254740996.0"},
        {"#i90071992547409930001/10000", "9007199254740994.0"},
        {"#i1/10", "0.1"},
        {"#i-2/3", "-0.6666666666666666"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_same_bits(read_flonum(cases[i].exact), read_flonum(cases[i].decimal));
    }
    uint64_t seed = 2;
    for (int i = 0; i < 2000; i++) {
        char ratio[500], decimal[64];
        unsigned n_zeros = (unsigned)(next_random(&seed) % 330);
        unsigned long digits = (unsigned long)(next_random(&seed) >> 4);
        snprintf(decimal, sizeof decimal, "%lue-%u", digits, n_zeros);
        snprintf(ratio, sizeof ratio, "#i%lu/1%0*d", digits, (int)n_zeros, 0);
        if (n_zeros == 0) snprintf(ratio, sizeof ratio, "#i%lu/1", digits);
        check_same_bits(read_flonum(ratio), read_flonum(decimal));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equality),
        cmocka_unit_test(equality_of_cycles),
        cmocka_unit_test(equality_of_shared_data),
        cmocka_unit_test(flonums_print_and_read_back),
        cmocka_unit_test(ratios_round_correctly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
