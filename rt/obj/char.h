/* Unicode's properties of characters and mappings of case, by libunistring. */
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
/* Unicode's Cased and Case_Ignorable. */
bool char_is_cased(uint32_t c);
bool char_is_case_ignorable(uint32_t c);
/* Whether a character shows as itself; what does not is written by its number. */
bool char_is_graphic(uint32_t c);
/* 0..9, or -1. */
int char_digit_value(uint32_t c);

/* One character to one. */
uint32_t char_upcase(uint32_t c);
uint32_t char_downcase(uint32_t c);
uint32_t char_foldcase(uint32_t c);

enum char_case { CHAR_UPCASE, CHAR_DOWNCASE, CHAR_FOLDCASE };

/* The full mapping of a text, character by character; it may become CHAR_CASE_MAX times as long. A capital
 * sigma at the end of a word depends on its neighbours, and is not for this: the library's rule for it does
 * not know the apostrophe. Malloc'd; NULL: no memory. */
#define CHAR_CASE_MAX 3
uint8_t *char_text_in_case(enum char_case kind, const uint8_t *text, size_t n, size_t *n_out);

#endif
