/* Between lex.c and lex_text.c (characters, strings, |symbols|): the cursor; and
 * what datum.c needs to print that the lexer reads back. */
#ifndef FRONTEND_LEX_TEXT_H
#define FRONTEND_LEX_TEXT_H

#include "rt/lexical/utf8.h"
#include "frontend/lex.h"

#define LEX_END 0xfffffffeu /* no character: the end of the source */

/* The character `offset` bytes ahead; UTF8_INVALID, LEX_END. */
uint32_t lex_peek(const Lexer *lexer, uint32_t ahead, unsigned *size_out);
Span lex_span(const Lexer *lexer, uint32_t start);
Datum *lex_make(const Lexer *lexer, DatumKind kind, uint32_t start);
/* Whether a token of letters ends in front of this character. */
bool lex_is_delimiter(uint32_t character);
bool lex_is_whitespace(uint32_t character);

/* Each begins at the cursor (at the `"`, the `|`, the `#\`) and returns an atom. */
Datum *lex_string(Lexer *lexer);
Datum *lex_bar_symbol(Lexer *lexer);
Datum *lex_character(Lexer *lexer);
/* Whether a symbol reads back without bars. */
bool lex_is_plain_symbol(const char *text, size_t length);
/* Symbol of the bytes from `start` to the cursor, folded if asked for. */
Datum *lex_plain_symbol(Lexer *lexer, uint32_t start);

#endif
