#include "rt/lexical/numeral.h"

#include <string.h>

struct cursor {
    const char *p, *end;
    int radix;
};

static int lower(int c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }

int numeral_digit(int c)
{
    c = lower(c);
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

static int peek(const struct cursor *cursor)
{
    return cursor->p == cursor->end ? -1 : lower((unsigned char)*cursor->p);
}

static bool accept(struct cursor *cursor, int c)
{
    if (peek(cursor) != c) return false;
    cursor->p++;
    return true;
}

static bool at_digit(const struct cursor *cursor)
{
    return cursor->p < cursor->end && numeral_digit((unsigned char)*cursor->p) < cursor->radix;
}

static size_t skip_digits(struct cursor *cursor)
{
    const char *start = cursor->p;
    while (at_digit(cursor))
        cursor->p++;
    return (size_t)(cursor->p - start);
}

static bool accept_word(struct cursor *cursor, const char *word)
{
    struct cursor at = *cursor;
    for (const char *p = word; *p; p++)
        if (!accept(&at, *p)) return false;
    *cursor = at;
    return true;
}

/* #x #b #o #d and #e #i, one of each at most, in any order. */
static bool scan_prefixes(struct cursor *cursor, struct numeral *out)
{
    bool has_radix = false;
    while (accept(cursor, '#')) {
        int c = peek(cursor), radix = c == 'x' ? 16 : c == 'd' ? 10 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
        if (radix && !has_radix) {
            has_radix = true;
            cursor->radix = radix;
        } else if ((c == 'e' || c == 'i') && !out->exactness) {
            out->exactness = (char)c;
        } else {
            return false;
        }
        cursor->p++;
    }
    return true;
}

/* Without digits behind it, the `e` is left where it is. */
static bool scan_exponent(struct cursor *cursor, struct numeral *out)
{
    struct cursor at = *cursor;
    if (!accept(&at, 'e')) return false;
    bool is_negative = accept(&at, '-');
    if (!is_negative) accept(&at, '+');
    if (!at_digit(&at)) return false;
    long exponent = 0;
    for (; at_digit(&at); at.p++)
        if (exponent < NUMERAL_EXPONENT_MAX) exponent = exponent * 10 + (*at.p - '0');
    if (exponent > NUMERAL_EXPONENT_MAX) exponent = NUMERAL_EXPONENT_MAX;
    out->exponent = is_negative ? -exponent : exponent;
    *cursor = at;
    return true;
}

static enum numeral_kind scan_unsigned(struct cursor *cursor, struct numeral *out)
{
    enum numeral_kind kind = NUMERAL_INTEGER;
    size_t n = skip_digits(cursor);
    out->digits_end = cursor->p;
    if (n > 0 && accept(cursor, '/')) {
        out->denominator = cursor->p;
        return skip_digits(cursor) > 0 ? NUMERAL_RATIONAL : NUMERAL_NONE;
    }
    if (accept(cursor, '.')) {
        kind = NUMERAL_DECIMAL;
        out->n_fraction = skip_digits(cursor);
        out->digits_end = cursor->p;
    }
    if (n + out->n_fraction == 0) return NUMERAL_NONE;
    return cursor->radix == 10 && scan_exponent(cursor, out) ? NUMERAL_DECIMAL : kind;
}

static enum numeral_kind scan_real(struct cursor *cursor, struct numeral *out)
{
    *out = (struct numeral){.exactness = out->exactness, .radix = cursor->radix};
    out->is_negative = accept(cursor, '-');
    bool is_signed = out->is_negative || accept(cursor, '+');
    out->start = cursor->p;
    enum numeral_kind kind = is_signed && accept_word(cursor, "inf.0")   ? NUMERAL_INFINITY
                             : is_signed && accept_word(cursor, "nan.0") ? NUMERAL_NAN
                                                                         : scan_unsigned(cursor, out);
    out->end = cursor->p;
    return kind;
}

static bool ends_with_i(struct cursor *cursor) { return accept(cursor, 'i') && cursor->p == cursor->end; }

/* `+i`, `+2i`, and what may follow the real part of a complex number. */
static bool is_imaginary(struct cursor cursor)
{
    if (peek(&cursor) != '+' && peek(&cursor) != '-') return false;
    struct cursor bare = cursor;
    bare.p++;
    struct numeral part = {0};
    return ends_with_i(&bare) || (scan_real(&cursor, &part) != NUMERAL_NONE && ends_with_i(&cursor));
}

static bool is_complex(struct cursor cursor)
{
    struct numeral part = {0};
    if (is_imaginary(cursor)) return true;
    if (scan_real(&cursor, &part) == NUMERAL_NONE) return false;
    if (accept(&cursor, '@')) return scan_real(&cursor, &part) != NUMERAL_NONE && cursor.p == cursor.end;
    return is_imaginary(cursor);
}

enum numeral_kind numeral_scan(const char *text, size_t n, int radix, struct numeral *out)
{
    struct cursor cursor = {text, text + n, radix};
    *out = (struct numeral){0};
    if (!scan_prefixes(&cursor, out)) return NUMERAL_NONE;
    struct cursor start = cursor;
    enum numeral_kind kind = scan_real(&cursor, out);
    if (kind != NUMERAL_NONE && cursor.p == cursor.end) return kind;
    return is_complex(start) ? NUMERAL_COMPLEX : NUMERAL_NONE;
}
