/* The grammar of numbers: what the compiler's reader and string->number take for one. */
#ifndef RT_LEXICAL_NUMERAL_H
#define RT_LEXICAL_NUMERAL_H

#include <stdbool.h>
#include <stddef.h>

enum numeral_kind {
    NUMERAL_NONE,
    NUMERAL_INTEGER,
    NUMERAL_RATIONAL,
    NUMERAL_DECIMAL, /* with a point or an exponent */
    NUMERAL_INFINITY,
    NUMERAL_NAN,
    NUMERAL_COMPLEX, /* written like a complex number, which is not real */
};

#define NUMERAL_EXPONENT_MAX 100000000

/* Of a real number; the digits stay in the text. */
struct numeral {
    int radix;
    char exactness; /* 'e', 'i', or 0: as written */
    bool is_negative;
    const char *start, *end; /* without prefixes and sign */
    const char *digits_end;  /* of INTEGER, of a numerator, of the digits and the point of a DECIMAL */
    const char *denominator; /* RATIONAL: its digits, to the end */
    long exponent;     /* DECIMAL: of ten, at most NUMERAL_EXPONENT_MAX on either side; 0 in another radix */
    size_t n_fraction; /* DECIMAL: digits behind the point */
};

/* What the whole of `text` is. `radix` (2 to 36) holds without a prefix. In a radix other than 10 there may be a point, but no exponent. */
enum numeral_kind numeral_scan(const char *text, size_t n, int radix, struct numeral *out);

/* The value of a digit in any radix up to 36, or 99. */
int numeral_digit(int c);

#endif
