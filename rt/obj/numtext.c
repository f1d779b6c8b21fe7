#include "rt/obj/numtext.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rt/lexical/decimal.h"
#include "rt/lexical/numeral.h"
#include "rt/mem/heap.h"
#include "rt/obj/arith.h"
#include "rt/obj/string.h"
#include "rt/obj/text.h"

/* -- number->string ------------------------------------------------------ */

/* A numerator or a whole number. Gives false with worker.failure. */
static bool add_integer(struct worker *w, struct text *text, tt_word number, int radix)
{
    tt_word digits = number == TT_FAIL ? TT_FAIL : int_to_string(w, number, radix);
    if (digits == TT_FAIL) return false;
    text_add(text, string_bytes(digits), string_length(digits));
    return true;
}

static bool add_rational(struct worker *w, struct text *text, tt_word number, int radix)
{
    if (!add_integer(w, text, rat_numerator(number), radix)) return false;
    text_add_c(text, "/");
    return add_integer(w, text, rat_denominator(number), radix);
}

/* A fraction whose denominator is a power of two, in a radix that is one, too: 0.1 is a half in radix 2. */
static bool add_fraction(struct worker *w, struct text *text, tt_word number, int radix)
{
    size_t digit_bits = (size_t)__builtin_ctz((unsigned)radix),
           bits = int_trailing_zeros(rat_denominator(number));
    size_t places = (bits + digit_bits - 1) / digit_bits;
    struct text digits = {0};
    tt_word scaled = int_shift(w, rat_numerator(number), (tt_sword)(places * digit_bits - bits));
    bool ok = add_integer(w, &digits, scaled, radix);
    size_t whole = digits.n > places ? digits.n - places : 0;
    text_add(text, digits.bytes, whole);
    text_add_c(text, whole ? "." : "0.");
    for (size_t i = digits.n; ok && i < places; i++)
        text_add_c(text, "0");
    text_add(text, digits.bytes + whole, digits.n - whole);
    text->failed |= digits.failed;
    text_free(&digits);
    return ok;
}

/* A finite flonum in a radix other than 10. Where the radix is no power of two, a fraction has no last digit: it
 * is written as the exact one, with #i in front. */
static bool add_flonum(struct worker *w, struct text *text, double number, int radix)
{
    tt_word magnitude = rat_from_double(w, fabs(number));
    if (magnitude == TT_FAIL) return false;
    bool is_power_of_two = (radix & (radix - 1)) == 0;
    if (rat_is(magnitude) && !is_power_of_two) text_add_c(text, "#i");
    if (signbit(number)) text_add_c(text, "-");
    if (rat_is(magnitude))
        return is_power_of_two ? add_fraction(w, text, magnitude, radix)
                               : add_rational(w, text, magnitude, radix);
    bool ok = add_integer(w, text, magnitude, radix);
    text_add_c(text, ".0");
    return ok;
}

tt_word num_to_string(struct worker *w, tt_word number, int radix)
{
    bool is_flonum = tt_is_flonum(number);
    if (is_flonum && (radix == 10 || !isfinite(flo_value(number)))) {
        char text[DECIMAL_MAX];
        return num_ascii_string(w, text, decimal_of_double(text, flo_value(number)));
    }
    if (!is_flonum && !rat_is(number)) return int_to_string(w, number, radix);
    struct text text = {0};
    bool ok =
        is_flonum ? add_flonum(w, &text, flo_value(number), radix) : add_rational(w, &text, number, radix);
    tt_word string = TT_FAIL;
    if (ok && text.failed)
        heap_fail(w);
    else if (ok)
        string = num_ascii_string(w, text.bytes, text.n);
    text_free(&text);
    return string;
}

/* -- string->number ------------------------------------------------------ */

/* Digits, perhaps with a point among them. */
static tt_word integer_of(struct worker *w, const char *from, const char *to, int radix)
{
    size_t n = (size_t)(to - from), count = 0;
    if (n > INT_MAX_BITS) return num_fail_too_large(w);
    uint8_t small[64], *values = n <= sizeof small ? small : heap_alloc_atomic(w, n);
    if (!values) return TT_FAIL;
    for (const char *p = from; p < to; p++)
        if (*p != '.') values[count++] = (uint8_t)numeral_digit(*p);
    return int_from_digits(w, values, count, radix);
}

/* Zero as denominator: #f. */
static tt_word rational_of(struct worker *w, const struct numeral *numeral)
{
    tt_word numerator = integer_of(w, numeral->start, numeral->digits_end, numeral->radix);
    if (numerator == TT_FAIL) return TT_FAIL;
    tt_word denominator = integer_of(w, numeral->denominator, numeral->end, numeral->radix);
    if (denominator == TT_FAIL || denominator == tt_fixnum(0))
        return denominator == TT_FAIL ? TT_FAIL : TT_FALSE;
    return rat_make(w, numerator, denominator);
}

/* Digits times a power of the radix, exactly. */
static tt_word decimal_of(struct worker *w, const struct numeral *numeral)
{
    tt_word whole = integer_of(w, numeral->start, numeral->digits_end, numeral->radix);
    if (whole == TT_FAIL || whole == tt_fixnum(0)) return whole;
    tt_sword scale = (tt_sword)numeral->exponent - (tt_sword)numeral->n_fraction;
    size_t size = (size_t)(scale < 0 ? -scale : scale);
    if (size > INT_MAX_BITS) return num_fail_too_large(w);
    tt_word power = int_expt(w, tt_fixnum(numeral->radix), size);
    if (power == TT_FAIL) return TT_FAIL;
    return scale < 0 ? rat_make(w, whole, power) : int_mul(w, whole, power);
}

static tt_word flonum(struct worker *w, const struct numeral *numeral, double magnitude)
{
    return heap_flonum(w, numeral->is_negative ? -magnitude : magnitude);
}

/* strtod rounds correctly, and takes nothing else for a number, as the text is one. The runtime never leaves the C locale. */
static tt_word decimal_flonum(struct worker *w, const struct numeral *numeral)
{
    size_t n = (size_t)(numeral->end - numeral->start);
    char small[64], *text = n < sizeof small ? small : heap_alloc_atomic(w, n + 1);
    if (!text) return TT_FAIL;
    memcpy(text, numeral->start, n);
    text[n] = 0;
    return flonum(w, numeral, strtod(text, NULL));
}

static tt_word exact_magnitude(struct worker *w, enum numeral_kind kind, const struct numeral *numeral)
{
    switch (kind) {
    case NUMERAL_INTEGER: return integer_of(w, numeral->start, numeral->end, numeral->radix);
    case NUMERAL_RATIONAL: return rational_of(w, numeral);
    default: return decimal_of(w, numeral);
    }
}

static tt_word number_of(struct worker *w, enum numeral_kind kind, const struct numeral *numeral)
{
    bool is_inexact = numeral->exactness == 'i' || (kind == NUMERAL_DECIMAL && numeral->exactness != 'e');
    bool is_special = kind == NUMERAL_INFINITY || kind == NUMERAL_NAN;
    if (is_special && numeral->exactness == 'e') return TT_FALSE;
    if (is_special) return kind == NUMERAL_NAN ? heap_flonum(w, NAN) : flonum(w, numeral, INFINITY);
    if (is_inexact && numeral->radix == 10 && kind != NUMERAL_RATIONAL) return decimal_flonum(w, numeral);
    tt_word magnitude = exact_magnitude(w, kind, numeral);
    if (magnitude == TT_FAIL || magnitude == TT_FALSE) return magnitude;
    if (is_inexact) {
        double inexact;
        return num_to_double(w, magnitude, &inexact) ? flonum(w, numeral, inexact) : TT_FAIL;
    }
    return numeral->is_negative ? num_neg(w, magnitude) : magnitude;
}

tt_word num_from_text(struct worker *w, const char *text, size_t length, int radix)
{
    struct numeral numeral;
    enum numeral_kind kind = numeral_scan(text, length, radix, &numeral);
    if (kind == NUMERAL_NONE || kind == NUMERAL_COMPLEX) return TT_FALSE;
    tt_word number = number_of(w, kind, &numeral);
    /* #f for what cannot be represented, but an exhausted heap stays a failure. */
    return number == TT_FAIL && w->failure.condition == CONDITION_INTEGER_TOO_LARGE ? TT_FALSE : number;
}
