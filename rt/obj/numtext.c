#include "rt/obj/numtext.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/obj/arith.h"
#include "rt/obj/string.h"

/* -- number->string ------------------------------------------------------ */

static tt_word rational_to_string(struct worker *w, tt_word number, int radix)
{
    tt_word n = int_to_string(w, rat_numerator(number), radix);
    tt_word d = int_to_string(w, rat_denominator(number), radix);
    if (n == TT_FAIL || d == TT_FAIL) return TT_FAIL;
    size_t n_length = TT_OBJ(STRING, n)->length, d_length = TT_OBJ(STRING, d)->length,
           length = n_length + 1 + d_length;
    struct tt_obj_STRING *s = string_alloc(w, length, length);
    if (!s) return TT_FAIL;
    memcpy(s->byte, TT_OBJ(STRING, n)->byte, n_length);
    s->byte[n_length] = '/';
    memcpy(s->byte + n_length + 1, TT_OBJ(STRING, d)->byte, d_length);
    return string_finish(s);
}

tt_word num_to_string(struct worker *w, tt_word number, int radix)
{
    if (tt_is_flonum(number)) {
        char text[FLO_TEXT_MAX];
        return num_ascii_string(w, text, flo_to_text(text, flo_value(number)));
    }
    return rat_is(number) ? rational_to_string(w, number, radix) : int_to_string(w, number, radix);
}

/* -- string->number ------------------------------------------------------ */

enum exactness { AS_WRITTEN, EXACT, INEXACT };

struct reader {
    struct worker *w;
    const char *at, *end;
    int radix;
    enum exactness exactness;
    bool negative;
};

static int peek(const struct reader *r)
{
    if (r->at == r->end) return -1;
    return *r->at >= 'A' && *r->at <= 'Z' ? *r->at - 'A' + 'a' : (unsigned char)*r->at;
}

static bool accept(struct reader *r, int c)
{
    if (peek(r) != c) return false;
    r->at++;
    return true;
}

static int digit_value(int c, int radix)
{
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
    return value < radix ? value : -1;
}

static size_t skip_digits(struct reader *r)
{
    const char *start = r->at;
    while (digit_value(peek(r), r->radix) >= 0)
        r->at++;
    return (size_t)(r->at - start);
}

/* #x, #e and so on, each kind at most once, in any order. */
static bool read_prefixes(struct reader *r)
{
    bool seen_radix = false;
    while (accept(r, '#')) {
        int c = peek(r);
        bool is_radix = c == 'x' || c == 'o' || c == 'b' || c == 'd';
        if (is_radix ? seen_radix : (c != 'e' && c != 'i') || r->exactness != AS_WRITTEN) return false;
        r->at++;
        if (is_radix) {
            seen_radix = true;
            r->radix = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
        } else {
            r->exactness = c == 'e' ? EXACT : INEXACT;
        }
    }
    return true;
}

/* #f for what cannot be represented, but an exhausted heap stays a failure. */
static tt_word or_false(struct worker *w, tt_word result)
{
    return result == TT_FAIL && w->failure.condition == CONDITION_INTEGER_TOO_LARGE ? TT_FALSE : result;
}

static tt_word digits_to_integer(struct reader *r, const char *digits, size_t n)
{
    if (n > INT_MAX_BITS) return num_fail_too_large(r->w);
    uint8_t small[64], *values = n <= sizeof small ? small : heap_alloc_atomic(r->w, n);
    if (!values) return TT_FAIL;
    for (size_t i = 0; i < n; i++) {
        int c = digits[i] >= 'A' && digits[i] <= 'Z' ? digits[i] - 'A' + 'a' : digits[i];
        values[i] = (uint8_t)digit_value(c, r->radix);
    }
    return int_from_digits(r->w, values, n, r->radix);
}

/* The finished value: sign and requested exactness. */
static tt_word finish(struct reader *r, tt_word magnitude)
{
    if (magnitude == TT_FAIL) return TT_FAIL;
    if (r->exactness == INEXACT) magnitude = num_to_inexact(r->w, magnitude);
    return magnitude == TT_FAIL || !r->negative ? magnitude : num_neg(r->w, magnitude);
}

static tt_word read_fraction(struct reader *r, tt_word numerator)
{
    const char *digits = r->at;
    size_t n = skip_digits(r);
    if (n == 0 || r->at != r->end || numerator == TT_FAIL)
        return n == 0 || r->at != r->end ? TT_FALSE : TT_FAIL;
    tt_word denominator = digits_to_integer(r, digits, n);
    if (denominator == TT_FAIL) return TT_FAIL;
    if (denominator == tt_fixnum(0)) return TT_FALSE;
    return finish(r, rat_make(r->w, numerator, denominator));
}

static tt_word decimal_to_flonum(struct reader *r, const char *start)
{
    size_t n = (size_t)(r->end - start);
    char small[64], *text = n < sizeof small ? small : heap_alloc_atomic(r->w, n + 1);
    if (!text) return TT_FAIL;
    memcpy(text, start, n);
    text[n] = 0;
    /* The whole text has been checked, so strtod accepts nothing that R7RS does
     * not; it rounds correctly. The runtime never leaves the C locale. */
    double number = strtod(text, NULL);
    return heap_flonum(r->w, r->negative ? -number : number);
}

/* A scale beyond this gives zero or a number that is too large, whatever the digits. */
#define SCALE_MAX ((tt_sword)INT_MAX_BITS)

/* Digits (with a point among them) times 10^scale, exactly. */
static tt_word decimal_to_exact(struct reader *r, const char *digits, size_t n, tt_sword scale)
{
    if (n > INT_MAX_BITS) return num_fail_too_large(r->w);
    uint8_t *values = heap_alloc_atomic(r->w, n + 1);
    if (!values) return TT_FAIL;
    size_t count = 0;
    bool fraction = false;
    for (size_t i = 0; i < n; i++) {
        if (digits[i] == '.') {
            fraction = true;
            continue;
        }
        values[count++] = (uint8_t)(digits[i] - '0');
        scale -= fraction;
    }
    tt_word whole = int_from_digits(r->w, values, count, 10);
    if (whole == TT_FAIL || whole == tt_fixnum(0)) return whole;
    tt_word power = int_expt(r->w, tt_fixnum(10), (size_t)(scale < 0 ? -scale : scale));
    if (power == TT_FAIL) return TT_FAIL;
    return finish(r, scale < 0 ? rat_make(r->w, whole, power) : int_mul(r->w, whole, power));
}

/* [e[sign]digits] up to the end; saturates at SCALE_MAX. */
static bool read_exponent(struct reader *r, tt_sword *scale)
{
    *scale = 0;
    if (!accept(r, 'e')) return r->at == r->end;
    bool negative = peek(r) == '-';
    if (negative || peek(r) == '+') r->at++;
    const char *digits = r->at;
    if (skip_digits(r) == 0 || r->at != r->end) return false;
    for (const char *p = digits; p < r->end; p++)
        if (*scale < SCALE_MAX) *scale = *scale * 10 + (*p - '0');
    if (*scale > SCALE_MAX) *scale = SCALE_MAX;
    if (negative) *scale = -*scale;
    return true;
}

/* A decimal with a point or an exponent; `start` is its first digit. */
static tt_word read_decimal(struct reader *r, const char *start)
{
    r->at = start;
    size_t n = skip_digits(r);
    if (accept(r, '.')) n += skip_digits(r);
    const char *digits_end = r->at;
    tt_sword scale;
    if (n == 0 || !read_exponent(r, &scale)) return TT_FALSE;
    if (r->exactness == EXACT) return decimal_to_exact(r, start, (size_t)(digits_end - start), scale);
    return decimal_to_flonum(r, start);
}

/* inf.0 or nan.0 behind an explicit sign. */
static tt_word read_special(struct reader *r)
{
    char name[5];
    for (int i = 0; i < 5; i++) {
        name[i] = (char)peek(r);
        if (r->at < r->end) r->at++;
    }
    if (r->at != r->end || r->exactness == EXACT) return TT_FALSE;
    if (memcmp(name, "inf.0", 5) == 0) return heap_flonum(r->w, r->negative ? -INFINITY : INFINITY);
    return memcmp(name, "nan.0", 5) == 0 ? heap_flonum(r->w, NAN) : TT_FALSE;
}

static tt_word read_real(struct reader *r)
{
    bool has_sign = peek(r) == '+' || peek(r) == '-';
    r->negative = has_sign && peek(r) == '-';
    if (has_sign) r->at++;
    if (has_sign && r->end - r->at == 5 && (peek(r) == 'i' || peek(r) == 'n') && r->at[3] == '.')
        return read_special(r);
    const char *start = r->at;
    size_t n = skip_digits(r);
    if (r->at == r->end && n > 0) return finish(r, digits_to_integer(r, start, n));
    if (n > 0 && accept(r, '/')) return read_fraction(r, digits_to_integer(r, start, n));
    return r->radix == 10 ? read_decimal(r, start) : TT_FALSE;
}

tt_word num_from_text(struct worker *w, const char *text, size_t length, int radix)
{
    struct reader r = {.w = w, .at = text, .end = text + length, .radix = radix};
    if (!read_prefixes(&r)) return TT_FALSE;
    return or_false(w, read_real(&r));
}
