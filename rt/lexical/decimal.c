#include "rt/lexical/decimal.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shortest digits of a positive finite number, and the power of ten of the first:
 * number = d.ddd * 10^exponent. Returns how many.
 *
 * A text of 15 digits always survives a round trip through a normal double, so
 * shorter forms are its prefix; subnormals have less precision and are tried
 * from one digit up. Where the closest number with n digits does not read back,
 * no other does, except just above a power of two: there the gap below is half
 * the gap above, and the next one up may. */
static int shortest_digits(char digits[20], double number, int *exponent)
{
    int power;
    bool at_power_of_two = frexp(number, &power) == 0.5;
    for (int n = number < DBL_MIN ? 1 : 15;; n++) {
        char text[32];
        snprintf(text, sizeof text, "%.*e", n - 1, number);
        bool reads_back = strtod(text, NULL) == number;
        if (!reads_back && at_power_of_two && n > 1 && text[n] < '9') {
            text[n]++; /* the last digit: d.ddd has one character more than digits */
            reads_back = strtod(text, NULL) == number;
        }
        if (!reads_back && n < DBL_DECIMAL_DIG) continue;
        digits[0] = text[0];
        memcpy(digits + 1, text + 2, (size_t)n - 1);
        *exponent = atoi(strchr(text, 'e') + 1);
        while (n > 1 && digits[n - 1] == '0')
            n--;
        return n;
    }
}

static size_t put(char *text, size_t at, const char *from, int n)
{
    memcpy(text + at, from, (size_t)n);
    return at + (size_t)n;
}

static size_t put_zeros(char *text, size_t at, int n)
{
    memset(text + at, '0', (size_t)n);
    return at + (size_t)n;
}

/* Plain notation for 1e-6 <= number < 1e21, d.ddde-n outside. */
static size_t layout_digits(char *text, size_t at, const char *digits, int n, int exponent)
{
    if (exponent < -6 || exponent >= 21) {
        at = put(text, at, digits, 1);
        if (n > 1) at = put(text, put(text, at, ".", 1), digits + 1, n - 1);
        return at + (size_t)snprintf(text + at, DECIMAL_MAX - at, "e%d", exponent);
    }
    if (exponent < 0) {
        at = put_zeros(text, put(text, at, "0.", 2), -exponent - 1);
        return put(text, at, digits, n);
    }
    int whole = exponent + 1;
    if (n <= whole) {
        at = put_zeros(text, put(text, at, digits, n), whole - n);
        return put(text, at, ".0", 2);
    }
    at = put(text, put(text, at, digits, whole), ".", 1);
    return put(text, at, digits + whole, n - whole);
}

size_t decimal_of_double(char text[DECIMAL_MAX], double number)
{
    if (isnan(number)) return put(text, 0, "+nan.0", 6);
    if (isinf(number)) return put(text, 0, number < 0 ? "-inf.0" : "+inf.0", 6);
    size_t at = signbit(number) ? put(text, 0, "-", 1) : 0;
    if (number == 0) return put(text, at, "0.0", 3);
    char digits[20];
    int exponent, n = shortest_digits(digits, fabs(number), &exponent);
    return layout_digits(text, at, digits, n, exponent);
}
