#include "frontend/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Grammar ---- */

typedef enum RealKind { REAL_INTEGER, REAL_RATIONAL, REAL_DECIMAL, REAL_INFINITY, REAL_NAN } RealKind;

/* A real number as written; the digits stay in the text. */
typedef struct Real {
    RealKind kind;
    bool is_signed, is_negative;
    const char *start, *end;  /* of the part without sign */
    const char *slash;        /* RATIONAL */
    const char *mantissa_end; /* DECIMAL */
    long exponent;            /* DECIMAL, clamped */
} Real;

typedef struct Cursor {
    const char *p, *end;
    int radix;
    char exactness; /* 'e', 'i' or 0 */
} Cursor;

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static int digit_value(char c)
{
    c = lower(c);
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return 99;
}

static bool at_digit(const Cursor *cursor)
{
    return cursor->p < cursor->end && digit_value(*cursor->p) < cursor->radix;
}

static size_t skip_digits(Cursor *cursor)
{
    const char *start = cursor->p;
    while (at_digit(cursor))
        cursor->p++;
    return (size_t)(cursor->p - start);
}

static bool skip_char(Cursor *cursor, char c)
{
    if (cursor->p == cursor->end || lower(*cursor->p) != c) return false;
    cursor->p++;
    return true;
}

static bool skip_word(Cursor *cursor, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(cursor->end - cursor->p) < n) return false;
    for (size_t i = 0; i < n; i++) {
        if (lower(cursor->p[i]) != word[i]) return false;
    }
    cursor->p += n;
    return true;
}

/* #x #b #o #d and #e #i, one of each at most, in any order. */
static bool parse_prefixes(Cursor *cursor)
{
    bool has_radix = false;
    while (cursor->end - cursor->p >= 2 && *cursor->p == '#') {
        char c = lower(cursor->p[1]);
        int radix = c == 'x' ? 16 : c == 'd' ? 10 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
        if (radix && !has_radix) {
            has_radix = true;
            cursor->radix = radix;
        } else if ((c == 'e' || c == 'i') && !cursor->exactness) {
            cursor->exactness = c;
        } else {
            return false;
        }
        cursor->p += 2;
    }
    return true;
}

static void parse_exponent(Cursor *cursor, Real *real)
{
    const char *start = cursor->p;
    if (!skip_char(cursor, 'e')) return;
    bool is_negative = skip_char(cursor, '-');
    if (!is_negative) skip_char(cursor, '+');
    if (!at_digit(cursor)) {
        cursor->p = start;
        return;
    }
    long exponent = 0;
    for (; at_digit(cursor); cursor->p++) {
        if (exponent < 1000000000) exponent = exponent * 10 + digit_value(*cursor->p);
    }
    real->exponent = is_negative ? -exponent : exponent;
    real->kind = REAL_DECIMAL;
}

static bool parse_unsigned(Cursor *cursor, Real *real)
{
    size_t n_digits = skip_digits(cursor);
    real->kind = REAL_INTEGER;
    if (n_digits && cursor->p < cursor->end && *cursor->p == '/') {
        real->kind = REAL_RATIONAL;
        real->slash = cursor->p++;
        return skip_digits(cursor) > 0;
    }
    if (cursor->radix == 10) {
        if (skip_char(cursor, '.')) {
            real->kind = REAL_DECIMAL;
            n_digits += skip_digits(cursor);
        }
        real->mantissa_end = cursor->p;
        if (n_digits) parse_exponent(cursor, real);
    }
    return n_digits > 0;
}

static bool parse_real(Cursor *cursor, Real *real)
{
    *real = (Real){0};
    real->is_negative = skip_char(cursor, '-');
    real->is_signed = real->is_negative || skip_char(cursor, '+');
    real->start = cursor->p;
    bool is_real = true;
    if (real->is_signed && skip_word(cursor, "inf.0"))
        real->kind = REAL_INFINITY;
    else if (real->is_signed && skip_word(cursor, "nan.0"))
        real->kind = REAL_NAN;
    else
        is_real = parse_unsigned(cursor, real);
    real->end = cursor->p;
    return is_real;
}

static bool at_sign(const Cursor *cursor)
{
    return cursor->p < cursor->end && (*cursor->p == '+' || *cursor->p == '-');
}

static bool at_end_after_i(Cursor *cursor) { return skip_char(cursor, 'i') && cursor->p == cursor->end; }

/* `+i`, `+2i` and what may follow the real part of a complex number. */
static bool parse_imaginary(Cursor *cursor)
{
    if (!at_sign(cursor)) return false;
    Cursor bare = *cursor;
    bare.p++;
    if (at_end_after_i(&bare)) return true;
    Real part;
    return parse_real(cursor, &part) && at_end_after_i(cursor);
}

static bool is_complex(Cursor cursor)
{
    Cursor whole = cursor;
    if (parse_imaginary(&whole)) return true;
    Real part;
    if (!parse_real(&cursor, &part)) return false;
    if (skip_char(&cursor, '@')) return parse_real(&cursor, &part) && cursor.p == cursor.end;
    return parse_imaginary(&cursor);
}

/* ---- Values ---- */

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

static void set_digits(Arena *arena, mpz_ptr out, const char *start, const char *end, int radix)
{
    char *digits = arena_strdup(arena, start, (size_t)(end - start));
    if (mpz_set_str(out, digits, radix) != 0) ICE("number: bad digits %s", digits);
}

/* digits without the point, times a power of ten */
static NumberStatus decimal_to_rational(Arena *arena, const Real *real, mpq_ptr out)
{
    size_t n_written = (size_t)(real->mantissa_end - real->start);
    char *digits = arena_alloc(arena, n_written + 1);
    size_t n = 0, n_fraction = 0;
    bool in_fraction = false;
    for (const char *p = real->start; p < real->mantissa_end; p++) {
        if (*p == '.') {
            in_fraction = true;
        } else {
            digits[n++] = *p;
            n_fraction += in_fraction;
        }
    }
    long exponent = real->exponent - (long)n_fraction;
    long size = exponent < 0 ? -exponent : exponent;
    if (mpz_set_str(mpq_numref(out), digits, 10) != 0) ICE("number: bad digits %s", digits);
    mpz_set_ui(mpq_denref(out), 1);
    if (mpz_sgn(mpq_numref(out)) == 0) return NUMBER_OK;
    if (size > MAX_EXACT_EXPONENT) return NUMBER_TOO_LARGE;
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)size);
    if (exponent < 0)
        mpz_set(mpq_denref(out), power);
    else
        mpz_mul(mpq_numref(out), mpq_numref(out), power);
    mpz_clear(power);
    mpq_canonicalize(out);
    return NUMBER_OK;
}

static NumberStatus real_to_rational(Arena *arena, const Real *real, int radix, mpq_ptr out)
{
    if (real->kind == REAL_INFINITY || real->kind == REAL_NAN) return NUMBER_NOT_EXACT;
    if (is_too_long(real->start, real->end)) return NUMBER_TOO_LARGE;
    NumberStatus status = NUMBER_OK;
    if (real->kind == REAL_DECIMAL) {
        status = decimal_to_rational(arena, real, out);
    } else if (real->kind == REAL_INTEGER) {
        set_digits(arena, mpq_numref(out), real->start, real->end, radix);
    } else {
        set_digits(arena, mpq_numref(out), real->start, real->slash, radix);
        set_digits(arena, mpq_denref(out), real->slash + 1, real->end, radix);
        if (mpz_sgn(mpq_denref(out)) == 0) return NUMBER_ZERO_DENOMINATOR;
        mpq_canonicalize(out);
    }
    if (real->is_negative) mpq_neg(out, out);
    return status;
}

static void set_flonum(Datum *out, double magnitude, bool is_negative)
{
    out->kind = DATUM_FLONUM;
    out->as.flonum = is_negative ? -magnitude : magnitude;
}

/* Decimal notation needs no detour: strtod rounds correctly. */
static double decimal_to_double(Arena *arena, const Real *real)
{
    return strtod(arena_strdup(arena, real->start, (size_t)(real->end - real->start)), NULL);
}

static NumberStatus real_to_datum(Arena *arena, const Real *real, const Cursor *cursor, Datum *out)
{
    bool is_special = real->kind == REAL_INFINITY || real->kind == REAL_NAN;
    bool is_decimal = real->kind == REAL_DECIMAL || (real->kind == REAL_INTEGER && cursor->radix == 10);
    bool wants_flonum = cursor->exactness == 'i' || real->kind == REAL_DECIMAL || is_special;
    if (wants_flonum && cursor->exactness != 'e' && (is_special || is_decimal)) {
        double magnitude = real->kind == REAL_INFINITY ? INFINITY
                           : real->kind == REAL_NAN    ? NAN
                                                       : decimal_to_double(arena, real);
        set_flonum(out, magnitude, real->is_negative && real->kind != REAL_NAN);
        return NUMBER_OK;
    }
    mpq_t value;
    mpq_init(value);
    NumberStatus status = real_to_rational(arena, real, cursor->radix, value);
    if (status == NUMBER_OK && cursor->exactness == 'i') {
        set_flonum(out, rational_to_double(value), false);
    } else if (status == NUMBER_OK) {
        set_exact(arena, value, out);
    }
    mpq_clear(value);
    return status;
}

bool number_is_written_like(const char *text, size_t length)
{
    Cursor cursor = {text, text + length, 10, 0};
    if (!parse_prefixes(&cursor)) return false;
    Cursor start = cursor;
    Real real;
    return (parse_real(&cursor, &real) && cursor.p == cursor.end) || is_complex(start);
}

NumberStatus number_parse(Arena *arena, const char *text, size_t length, Datum *out)
{
    Cursor cursor = {text, text + length, 10, 0};
    if (!parse_prefixes(&cursor)) return NUMBER_NONE;
    Cursor start = cursor;
    Real real;
    if (!parse_real(&cursor, &real) || cursor.p != cursor.end) {
        return is_complex(start) ? NUMBER_COMPLEX : NUMBER_NONE;
    }
    return real_to_datum(arena, &real, &cursor, out);
}

/* ---- Printing ---- */

/* Digits and decimal exponent (value = 0.d1d2... * 10^point) of the shortest
 * representation that reads back. */
static int shortest_digits(double value, char digits[20], int *point_out)
{
    char text[32];
    int precision = 0;
    do {
        snprintf(text, sizeof text, "%.*e", precision, value);
    } while (strtod(text, NULL) != value && ++precision < 17);
    int n = 0;
    for (const char *p = text; *p && *p != 'e'; p++) {
        if (*p != '.') digits[n++] = *p;
    }
    *point_out = atoi(strchr(text, 'e') + 1) + 1;
    return n;
}

#define MAX_POINT 21 /* 100000000000000000000.0, then 1e21 */
#define MIN_POINT -6 /* .0000001 is written 1e-7 */

void flonum_format(char out[FLONUM_TEXT_BYTES], double value)
{
    if (isnan(value)) {
        strcpy(out, "+nan.0");
        return;
    }
    char *p = out;
    if (signbit(value))
        *p++ = '-';
    else if (isinf(value))
        *p++ = '+';
    if (isinf(value)) {
        strcpy(p, "inf.0");
        return;
    }
    char digits[20];
    int point;
    int n = shortest_digits(fabs(value), digits, &point);
    if (point > MAX_POINT || point <= MIN_POINT) {
        snprintf(p, 30, "%c%s%.*se%d", digits[0], n > 1 ? "." : "", n - 1, digits + 1, point - 1);
    } else if (point <= 0) {
        snprintf(p, 30, "0.%.*s%.*s", -point, "000000", n, digits);
    } else if (point >= n) {
        snprintf(p, 30, "%.*s%.*s.0", n, digits, point - n, "000000000000000000000");
    } else {
        snprintf(p, 30, "%.*s.%.*s", point, digits, n - point, digits + point);
    }
}
