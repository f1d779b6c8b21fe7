#include "frontend/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rt/lexical/numeral.h"

/* The parser's numbers live in the arena: GMP's own are only scratch. */
static mpz_ptr keep_integer(Arena *arena, mpz_srcptr scratch)
{
    size_t n = mpz_size(scratch);
    mp_limb_t *limbs = ARENA_ARRAY(arena, mp_limb_t, n + 1);
    if (n) memcpy(limbs, mpz_limbs_read(scratch), n * sizeof *limbs);
    mpz_ptr kept = ARENA_NEW(arena, __mpz_struct);
    mpz_roinit_n(kept, limbs, mpz_sgn(scratch) < 0 ? -(mp_size_t)n : (mp_size_t)n);
    return kept;
}

static void set_exact(Arena *arena, mpq_srcptr value, Datum *out)
{
    mpz_ptr numerator = keep_integer(arena, mpq_numref(value));
    if (mpz_cmp_ui(mpq_denref(value), 1) == 0) {
        out->kind = DATUM_INTEGER;
        out->as.integer = numerator;
        return;
    }
    mpq_ptr kept = ARENA_NEW(arena, __mpq_struct);
    *mpq_numref(kept) = *numerator;
    *mpq_denref(kept) = *keep_integer(arena, mpq_denref(value));
    out->kind = DATUM_RATIONAL;
    out->as.rational = kept;
}

/* value = q * 2^-shift exactly, but for a sticky lowest bit of q. Rounds once,
 * half to even, to the bits that a double of that size has. */
static double round_scaled(mpz_ptr q, long shift)
{
    long n_bits = (long)mpz_sizeinbase(q, 2);
    long exponent = n_bits - 1 - shift;
    if (exponent > 1023) return INFINITY;
    long precision = exponent >= -1022 ? 53 : 53 - (-1022 - exponent);
    if (precision < 0) return 0.0;
    long drop = n_bits - precision;
    if (drop > 0) {
        bool half = mpz_tstbit(q, (mp_bitcnt_t)drop - 1);
        bool below = mpz_scan1(q, 0) < (mp_bitcnt_t)drop - 1;
        bool odd = mpz_tstbit(q, (mp_bitcnt_t)drop);
        mpz_fdiv_q_2exp(q, q, (mp_bitcnt_t)drop);
        if (half && (below || odd)) mpz_add_ui(q, q, 1);
        shift -= drop;
    }
    return ldexp(mpz_get_d(q), (int)-shift);
}

/* Correctly rounded (mpq_get_d truncates). */
static double rational_to_double(mpq_srcptr value)
{
    if (mpq_sgn(value) == 0) return 0.0;
    mpz_t q, rest;
    mpz_inits(q, rest, NULL);
    mpz_abs(q, mpq_numref(value));
    long shift = 66 - (long)mpz_sizeinbase(q, 2) + (long)mpz_sizeinbase(mpq_denref(value), 2);
    if (shift >= 0) {
        mpz_mul_2exp(q, q, (mp_bitcnt_t)shift);
        mpz_fdiv_qr(q, rest, q, mpq_denref(value));
    } else {
        mpz_mul_2exp(rest, mpq_denref(value), (mp_bitcnt_t)-shift);
        mpz_fdiv_qr(q, rest, q, rest);
    }
    if (mpz_sgn(rest) != 0) mpz_setbit(q, 0);
    double result = round_scaled(q, shift);
    mpz_clears(q, rest, NULL);
    return mpq_sgn(value) < 0 ? -result : result;
}

static bool is_too_long(const char *start, const char *end) { return end - start > MAX_EXACT_DIGITS; }

/* Digits, perhaps with a point among them. */
static void set_digits(Arena *arena, mpz_ptr out, const char *start, const char *end, int radix)
{
    char *digits = arena_alloc(arena, (size_t)(end - start) + 1);
    size_t n = 0;
    for (const char *p = start; p < end; p++)
        if (*p != '.') digits[n++] = *p;
    digits[n] = 0;
    if (mpz_set_str(out, digits, radix) != 0) ICE("number: bad digits %s", digits);
}

/* Digits times a power of the radix. */
static NumberStatus decimal_to_rational(Arena *arena, const struct numeral *numeral, mpq_ptr out)
{
    set_digits(arena, mpq_numref(out), numeral->start, numeral->digits_end, numeral->radix);
    if (mpz_sgn(mpq_numref(out)) == 0) return NUMBER_OK;
    long exponent = numeral->exponent - (long)numeral->n_fraction;
    long size = exponent < 0 ? -exponent : exponent;
    if (size > MAX_EXACT_EXPONENT) return NUMBER_TOO_LARGE;
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, (unsigned long)numeral->radix, (unsigned long)size);
    if (exponent < 0)
        mpz_set(mpq_denref(out), power);
    else
        mpz_mul(mpq_numref(out), mpq_numref(out), power);
    mpz_clear(power);
    mpq_canonicalize(out);
    return NUMBER_OK;
}

/* Without its sign. */
static NumberStatus to_rational(Arena *arena, enum numeral_kind kind, const struct numeral *numeral,
                                mpq_ptr out)
{
    if (is_too_long(numeral->start, numeral->end)) return NUMBER_TOO_LARGE;
    if (kind == NUMERAL_DECIMAL) return decimal_to_rational(arena, numeral, out);
    set_digits(arena, mpq_numref(out), numeral->start, numeral->digits_end, numeral->radix);
    if (kind == NUMERAL_INTEGER) return NUMBER_OK;
    set_digits(arena, mpq_denref(out), numeral->denominator, numeral->end, numeral->radix);
    if (mpz_sgn(mpq_denref(out)) == 0) return NUMBER_ZERO_DENOMINATOR;
    mpq_canonicalize(out);
    return NUMBER_OK;
}

static NumberStatus set_flonum(Datum *out, const struct numeral *numeral, double magnitude)
{
    out->kind = DATUM_FLONUM;
    out->as.flonum = numeral->is_negative ? -magnitude : magnitude;
    return NUMBER_OK;
}

/* Decimal notation needs no detour: strtod rounds correctly. */
static double decimal_to_double(Arena *arena, const struct numeral *numeral)
{
    return strtod(arena_strdup(arena, numeral->start, (size_t)(numeral->end - numeral->start)), NULL);
}

static NumberStatus set_special(enum numeral_kind kind, const struct numeral *numeral, Datum *out)
{
    if (numeral->exactness == 'e') return NUMBER_NOT_EXACT;
    if (kind == NUMERAL_INFINITY) return set_flonum(out, numeral, INFINITY);
    out->kind = DATUM_FLONUM;
    out->as.flonum = NAN;
    return NUMBER_OK;
}

static NumberStatus set_number(Arena *arena, enum numeral_kind kind, const struct numeral *numeral,
                               Datum *out)
{
    bool is_inexact = numeral->exactness == 'i' || (kind == NUMERAL_DECIMAL && numeral->exactness != 'e');
    if (is_inexact && numeral->radix == 10 && kind != NUMERAL_RATIONAL)
        return set_flonum(out, numeral, decimal_to_double(arena, numeral));
    mpq_t value;
    mpq_init(value);
    NumberStatus status = to_rational(arena, kind, numeral, value);
    if (status == NUMBER_OK && is_inexact) {
        set_flonum(out, numeral, rational_to_double(value));
    } else if (status == NUMBER_OK) {
        if (numeral->is_negative) mpq_neg(value, value);
        set_exact(arena, value, out);
    }
    mpq_clear(value);
    return status;
}

NumberStatus number_parse(Arena *arena, const char *text, size_t length, Datum *out)
{
    struct numeral numeral;
    enum numeral_kind kind = numeral_scan(text, length, 10, &numeral);
    switch (kind) {
    case NUMERAL_NONE: return NUMBER_NONE;
    case NUMERAL_COMPLEX: return NUMBER_COMPLEX;
    case NUMERAL_INFINITY:
    case NUMERAL_NAN: return set_special(kind, &numeral, out);
    default: return set_number(arena, kind, &numeral, out);
    }
}
