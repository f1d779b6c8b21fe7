/* Flonums as text. */
#ifndef RT_LEXICAL_DECIMAL_H
#define RT_LEXICAL_DECIMAL_H

#include <stddef.h>

#define DECIMAL_MAX 40
/* The shortest decimal text that reads back as `number`, of several the one closest to it (always with a point or an
 * exponent: 1.0, 1e21, +inf.0); not terminated, its length is returned. */
size_t decimal_of_double(char text[DECIMAL_MAX], double number);

#endif
