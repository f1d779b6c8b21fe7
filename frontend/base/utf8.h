/* UTF-8, checked strictly: no overlong forms, surrogates or values past U+10FFFF. */
#ifndef FRONTEND_BASE_UTF8_H
#define FRONTEND_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_INVALID   0xffffffffu
#define UTF8_MAX_BYTES 4

/* The character at `text` (length > 0); UTF8_INVALID with *size_out 1 when the
 * bytes are not one. */
uint32_t utf8_decode(const char *text, size_t length, unsigned *size_out);
/* Writes the bytes of a scalar value, returns how many. */
unsigned utf8_encode(char out[UTF8_MAX_BYTES], uint32_t character);
/* A scalar value: what a Scheme character can be. */
bool utf8_is_scalar(uint32_t character);

#endif
