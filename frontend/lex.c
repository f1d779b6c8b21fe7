#include "frontend/lex.h"

#include <string.h>

#include "frontend/lex_text.h"
#include "frontend/number.h"
#include "rt/lexical/atom.h"

static Token make_token(const Lexer *lexer, TokenKind kind, uint32_t start)
{
    return (Token){kind, lex_span(lexer, start), NULL, 0};
}

static Token make_atom(Datum *datum) { return (Token){TOKEN_ATOM, datum->span, datum, 0}; }

/* After an error was reported: something that the reader can go on with. */
static Token bad_atom(const Lexer *lexer, uint32_t start)
{
    return make_atom(lex_make(lexer, DATUM_VOID, start));
}

static unsigned char byte_at(const Lexer *lexer, uint32_t ahead)
{
    size_t at = (size_t)lexer->offset + ahead;
    return at < lexer->source->length ? (unsigned char)lexer->source->text[at] : 0;
}

static void skip_line(Lexer *lexer)
{
    const char *here = lexer->source->text + lexer->offset;
    const char *newline = memchr(here, '\n', lexer->source->length - lexer->offset);
    lexer->offset = newline ? (uint32_t)(newline - lexer->source->text) : (uint32_t)lexer->source->length;
}

Lexer lexer_start(Compilation *compilation, const Source *source)
{
    Lexer lexer = {.compilation = compilation, .source = source};
    if (source->length >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0) lexer.offset = 3;
    bool is_script = byte_at(&lexer, 0) == '#' && byte_at(&lexer, 1) == '!';
    if (is_script && (byte_at(&lexer, 2) == '/' || byte_at(&lexer, 2) == ' ')) skip_line(&lexer);
    return lexer;
}

/* ---- Whitespace and comments ---- */

/* At `#|`; comments nest. */
static void skip_block_comment(Lexer *lexer)
{
    uint32_t start = lexer->offset;
    const char *text = lexer->source->text;
    size_t end = lexer->source->length, at = start + 2;
    for (size_t depth = 1; depth; at++) {
        if (at + 1 >= end) {
            lexer->offset = (uint32_t)end;
            lexer->is_cut_off = true;
            diag_error(lexer->compilation->diag, (Span){lexer->source, start, start + 2},
                       "this comment is never closed");
            return;
        }
        if (text[at] == '|' && text[at + 1] == '#')
            depth--, at++;
        else if (text[at] == '#' && text[at + 1] == '|')
            depth++, at++;
    }
    lexer->offset = (uint32_t)at;
}

static void skip_blank_space(Lexer *lexer)
{
    for (;;) {
        unsigned size;
        uint32_t c = lex_peek(lexer, 0, &size);
        if (c == ';')
            skip_line(lexer);
        else if (c == '#' && byte_at(lexer, 1) == '|')
            skip_block_comment(lexer);
        else if (lex_is_whitespace(c))
            lexer->offset += size;
        else
            return;
    }
}

/* ---- Numbers and symbols ---- */

static void skip_to_delimiter(Lexer *lexer)
{
    unsigned size;
    while (!lex_is_delimiter(lex_peek(lexer, 0, &size)))
        lexer->offset += size;
}

static void report_number(Lexer *lexer, uint32_t start, NumberStatus status)
{
    Diag *diag = lexer->compilation->diag;
    Span span = lex_span(lexer, start);
    switch (status) {
    case NUMBER_COMPLEX: diag_error(diag, span, "complex numbers are not supported"); break;
    case NUMBER_TOO_LARGE:
        diag_error(diag, span, "this exact number is too large");
        diag_note(
            diag, (Span){0},
            "an exact number has at most %d digits, and an exponent of at most %d; without #e it is a flonum",
            MAX_EXACT_DIGITS, MAX_EXACT_EXPONENT);
        break;
    case NUMBER_ZERO_DENOMINATOR: diag_error(diag, span, "the denominator is zero"); break;
    case NUMBER_NOT_EXACT: diag_error(diag, span, "this number has no exact value"); break;
    default:
        diag_error(diag, span, "this is neither a number nor a symbol");
        if (lexer->source->text[start] != '#') {
            diag_note(diag, (Span){0}, "a symbol that begins like a number is written in bars: |12a|");
        }
        break;
    }
}

static bool is_signed(const char *text) { return text[0] == '+' || text[0] == '-'; }

static Token lex_number_or_symbol(Lexer *lexer)
{
    uint32_t start = lexer->offset;
    skip_to_delimiter(lexer);
    const char *text = lexer->source->text + start;
    size_t length = lexer->offset - start;
    if (length == 1 && text[0] == '.') return make_token(lexer, TOKEN_DOT, start);
    bool must_be_number = text[0] == '#' || atom_begins_like_number(text, length);
    if (!must_be_number && !is_signed(text)) return make_atom(lex_plain_symbol(lexer, start));

    Datum *datum = lex_make(lexer, DATUM_VOID, start);
    NumberStatus status = number_parse(lexer->compilation->arena, text, length, datum);
    if (status == NUMBER_OK) return make_atom(datum);
    if (status == NUMBER_NONE && !must_be_number) return make_atom(lex_plain_symbol(lexer, start));
    report_number(lexer, start, status);
    return make_atom(datum);
}

bool lex_is_plain_symbol(const char *text, size_t length)
{
    for (size_t i = 0, n = 0; i < length; i += n) {
        unsigned size;
        if (lex_is_delimiter(utf8_read(text + i, length - i, &size))) return false;
        n = size;
    }
    return atom_is_symbol(text, length);
}

/* ---- `#` ---- */

/* Whether the word at the cursor, up to a delimiter, is `word` in any case. */
static bool is_word(const Lexer *lexer, uint32_t ahead, const char *word)
{
    uint32_t i = 0;
    for (; word[i]; i++) {
        unsigned char c = byte_at(lexer, ahead + i);
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (c != (unsigned char)word[i]) return false;
    }
    unsigned size;
    return lex_is_delimiter(lex_peek(lexer, ahead + i, &size));
}

static Token lex_boolean(Lexer *lexer, bool value)
{
    uint32_t start = lexer->offset;
    skip_to_delimiter(lexer);
    Datum *datum = lex_make(lexer, DATUM_BOOLEAN, start);
    datum->as.boolean = value;
    return make_atom(datum);
}

static Token unknown_hash(Lexer *lexer, uint32_t min_size)
{
    uint32_t start = lexer->offset;
    lexer->offset += min_size;
    skip_to_delimiter(lexer);
    diag_error(lexer->compilation->diag, lex_span(lexer, start), "unknown `#` syntax");
    return bad_atom(lexer, start);
}

/* `#!word`: a constant, or a directive (then *is_directive_out). */
static Token lex_bang(Lexer *lexer, bool *is_directive_out)
{
    static const struct {
        const char *word;
        DatumKind kind;
    } constants[] = {
        {"eof", DATUM_EOF},
        {"void", DATUM_VOID},
        {"default", DATUM_DEFAULT},
    };
    uint32_t start = lexer->offset;
    bool folds = is_word(lexer, 2, "fold-case");
    *is_directive_out = folds || is_word(lexer, 2, "no-fold-case");
    DatumKind kind = DATUM_NIL;
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        if (is_word(lexer, 2, constants[i].word)) kind = constants[i].kind;
    }
    lexer->offset += 2;
    skip_to_delimiter(lexer);
    if (*is_directive_out)
        lexer->folds_case = folds;
    else if (kind == DATUM_NIL) {
        diag_error(lexer->compilation->diag, lex_span(lexer, start), "unknown `#!` syntax");
        diag_note(lexer->compilation->diag, (Span){0},
                  "known are #!eof #!void #!default #!fold-case #!no-fold-case");
        kind = DATUM_VOID;
    }
    return make_atom(lex_make(lexer, kind, start));
}

/* `#12=` or `#12#`. */
static Token lex_label(Lexer *lexer)
{
    uint32_t start = lexer->offset++;
    uint32_t label = 0;
    bool is_too_large = false;
    for (unsigned char c; (c = byte_at(lexer, 0)) >= '0' && c <= '9'; lexer->offset++) {
        is_too_large |= label > 99999999;
        if (!is_too_large) label = label * 10 + (c - '0');
    }
    unsigned char last = byte_at(lexer, 0);
    if ((last != '=' && last != '#') || is_too_large) {
        skip_to_delimiter(lexer);
        diag_error(lexer->compilation->diag, lex_span(lexer, start),
                   is_too_large ? "this datum label is too large" : "a datum label ends in `=` or `#`");
        return bad_atom(lexer, start);
    }
    lexer->offset++;
    Token token = make_token(lexer, last == '=' ? TOKEN_LABEL : TOKEN_REFERENCE, start);
    token.label = label;
    return token;
}

static Token skip_and_make(Lexer *lexer, uint32_t size, TokenKind kind)
{
    uint32_t start = lexer->offset;
    lexer->offset += size;
    return make_token(lexer, kind, start);
}

static Token lex_bytes_open(Lexer *lexer)
{
    if (is_word(lexer, 1, "u8") && byte_at(lexer, 3) == '(') return skip_and_make(lexer, 4, TOKEN_OPEN_BYTES);
    Token token = unknown_hash(lexer, 1);
    diag_note(lexer->compilation->diag, (Span){0}, "a bytevector is written #u8(1 2 3)");
    return token;
}

static Token lex_hash(Lexer *lexer, bool *is_directive_out)
{
    unsigned char c = byte_at(lexer, 1);
    switch (c) {
    case '(': return skip_and_make(lexer, 2, TOKEN_OPEN_VECTOR);
    case ';': return skip_and_make(lexer, 2, TOKEN_COMMENT);
    case '\\': return make_atom(lex_character(lexer));
    case '!': return lex_bang(lexer, is_directive_out);
    case 'u':
    case 'U':
    case 'v': return lex_bytes_open(lexer);
    case 'x':
    case 'X':
    case 'b':
    case 'B':
    case 'o':
    case 'O':
    case 'd':
    case 'D':
    case 'e':
    case 'E':
    case 'i':
    case 'I': return lex_number_or_symbol(lexer);
    default: break;
    }
    if (c >= '0' && c <= '9') return lex_label(lexer);
    if (is_word(lexer, 1, "t") || is_word(lexer, 1, "true")) return lex_boolean(lexer, true);
    if (is_word(lexer, 1, "f") || is_word(lexer, 1, "false")) return lex_boolean(lexer, false);
    return unknown_hash(lexer, 1);
}

/* ---- Everything ---- */

static Token lex_prefix(Lexer *lexer, uint32_t size, const char *name)
{
    Token token = skip_and_make(lexer, size, TOKEN_PREFIX);
    token.datum = lex_make(lexer, DATUM_SYMBOL, token.span.start);
    token.datum->as.symbol = symbol_of(lexer->compilation->symbols, name);
    return token;
}

/* A run of characters that cannot begin a token makes one error. */
static Token lex_garbage(Lexer *lexer)
{
    uint32_t start = lexer->offset;
    unsigned size;
    uint32_t first = lex_peek(lexer, 0, &size);
    for (uint32_t c = first; c == first; c = lex_peek(lexer, 0, &size))
        lexer->offset += size;
    Diag *diag = lexer->compilation->diag;
    if (first == UTF8_INVALID)
        diag_error(diag, lex_span(lexer, start), "invalid UTF-8");
    else if (first == 0)
        diag_error(diag, lex_span(lexer, start), "NUL character in the source");
    else
        diag_error(diag, lex_span(lexer, start), "unexpected control character U+%04X", first);
    return bad_atom(lexer, start);
}

static Token lex_one(Lexer *lexer, bool *is_directive_out)
{
    unsigned size;
    uint32_t c = lex_peek(lexer, 0, &size);
    switch (c) {
    case LEX_END: return make_token(lexer, TOKEN_END, lexer->offset);
    case '(': return skip_and_make(lexer, 1, TOKEN_OPEN);
    case ')': return skip_and_make(lexer, 1, TOKEN_CLOSE);
    case '[':
    case '{': return skip_and_make(lexer, 1, TOKEN_OPEN_BRACKET);
    case ']':
    case '}': return skip_and_make(lexer, 1, TOKEN_CLOSE_BRACKET);
    case '\'': return lex_prefix(lexer, 1, "quote");
    case '`': return lex_prefix(lexer, 1, "quasiquote");
    case ',':
        if (byte_at(lexer, 1) == '@') return lex_prefix(lexer, 2, "unquote-splicing");
        return lex_prefix(lexer, 1, "unquote");
    case '"': return make_atom(lex_string(lexer));
    case '|': return make_atom(lex_bar_symbol(lexer));
    case '#': return lex_hash(lexer, is_directive_out);
    default: return lex_is_delimiter(c) ? lex_garbage(lexer) : lex_number_or_symbol(lexer);
    }
}

Token lex_token(Lexer *lexer)
{
    bool is_directive;
    Token token;
    do {
        is_directive = false;
        skip_blank_space(lexer);
        token = lex_one(lexer, &is_directive);
    } while (is_directive);
    return token;
}
