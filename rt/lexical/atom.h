/* Symbols and characters as text: what a bare name means to the reader, and the names of characters. */
#ifndef RT_LEXICAL_ATOM_H
#define RT_LEXICAL_ATOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters of ASCII that end a symbol or begin something else. */
#define ATOM_DELIMITERS "()[]{}\"|;'`,"

/* Whether a name without delimiters begins like a number, so that the reader refuses it unless it is one; `1+`, `1-` and
 * `-1+` are symbols by custom. */
bool atom_begins_like_number(const char *name, size_t n);

/* Whether the reader takes a bare name (no delimiters in it) for this symbol. */
bool atom_is_symbol(const char *name, size_t n);

/* The name of a character in R7RS (`space`), or NULL. */
const char *atom_character_name(uint32_t c);
/* What stands behind `#\` (valid UTF-8): a character, its name in lower case, or `x` and its number; -1: none. */
int32_t atom_character(const char *text, size_t n);

#endif
