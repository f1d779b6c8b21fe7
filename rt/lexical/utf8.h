/* UTF-8. Strings hold valid text only: what comes from outside is checked with
 * utf8_count first, everything else relies on that. */
#ifndef RT_LEXICAL_UTF8_H
#define RT_LEXICAL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX_BYTES   4
#define UTF8_REPLACEMENT 0xfffdu
#define UTF8_INVALID     0xffffffffu

/* A Unicode scalar value: not above 0x10ffff, no surrogate. */
static inline bool utf8_is_scalar(uint64_t c) { return c < 0xd800 || (c - 0xe000 < 0x110000 - 0xe000); }

/* Writes the character, returns the number of bytes. */
size_t utf8_encode(uint32_t c, uint8_t *out);
size_t utf8_length(uint32_t c);
/* Not the first byte of its character. */
static inline bool utf8_is_inner(uint8_t byte) { return (byte & 0xc0) == 0x80; }
/* The character at p in valid text; *n_out = its bytes. */
uint32_t utf8_decode(const uint8_t *p, size_t *n_out);
/* The character at `text` (n bytes are left, n > 0), which may be no valid text: UTF8_INVALID, with
 * *n_out 1, if there is none. */
uint32_t utf8_read(const char *text, size_t n, unsigned *n_out);
/* Length in bytes of the valid character at p (n bytes are left, n > 0); 0 if there is none. */
size_t utf8_check(const uint8_t *p, size_t n);
/* False if the bytes are not valid text; otherwise their number of characters. */
bool utf8_count(const uint8_t *bytes, size_t n, size_t *chars_out);
/* In valid text: how many characters begin in the n bytes; where the k-th one behind that at p begins
 * (`end`, if there are k left). */
size_t utf8_chars(const uint8_t *bytes, size_t n);
const uint8_t *utf8_skip(const uint8_t *p, const uint8_t *end, size_t k);

#endif
