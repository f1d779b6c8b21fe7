/* Unicode properties and case of characters, by utf8proc; the one mapping that
 * it lacks, full upper case, for the letters that need more than one. */
#ifndef RT_OBJ_CHAR_H
#define RT_OBJ_CHAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHAR_ALPHABETIC 1
#define CHAR_NUMERIC    2
#define CHAR_WHITESPACE 4
#define CHAR_UPPER      8
#define CHAR_LOWER      16

unsigned char_class(uint32_t c);
/* For the final sigma. */
bool char_is_cased(uint32_t c);
bool char_is_case_ignorable(uint32_t c);
/* 0..9, or -1. */
int char_digit_value(uint32_t c);

/* One character to one. */
uint32_t char_upcase(uint32_t c);
uint32_t char_downcase(uint32_t c);
uint32_t char_foldcase(uint32_t c);

#define CHAR_CASE_MAX 4
/* Full mappings of one character of a text: write at most CHAR_CASE_MAX
 * characters, return how many. */
size_t char_upcase_full(uint32_t c, uint32_t *out);
size_t char_foldcase_full(uint32_t c, uint32_t *out);

#endif
