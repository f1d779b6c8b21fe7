/* Tokens of R7RS: parentheses and prefixes as kinds, everything atomic already
 * as a datum. Whitespace and comments are skipped (`#;` is the reader's). */
#ifndef FRONTEND_LEX_H
#define FRONTEND_LEX_H

#include "frontend/base/compilation.h"
#include "frontend/datum.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_ATOM,          /* datum; after an error #!void stands for it */
    TOKEN_OPEN,          /* ( */
    TOKEN_OPEN_BRACKET,  /* [ { */
    TOKEN_OPEN_VECTOR,   /* #( */
    TOKEN_OPEN_BYTES,    /* #u8( */
    TOKEN_CLOSE,         /* ) */
    TOKEN_CLOSE_BRACKET, /* ] } */
    TOKEN_DOT,
    TOKEN_PREFIX,    /* ' ` , ,@: datum is the symbol quote, ... */
    TOKEN_COMMENT,   /* #; */
    TOKEN_LABEL,     /* #n= */
    TOKEN_REFERENCE, /* #n# */
} TokenKind;

typedef struct Token {
    TokenKind kind;
    Span span;
    Datum *datum;   /* ATOM, PREFIX */
    uint32_t label; /* LABEL, REFERENCE */
} Token;

typedef struct Lexer {
    Compilation *compilation;
    const Source *source;
    uint32_t offset; /* of the next byte to look at */
    bool folds_case; /* after #!fold-case */
    bool is_cut_off; /* the source ended inside a literal or comment */
} Lexer;

/* Skips a byte order mark and a `#!/...` line. */
Lexer lexer_start(Compilation *compilation, const Source *source);
/* Reports lexical errors and goes on behind them; at the end always TOKEN_END. */
Token lex_token(Lexer *lexer);

#endif
