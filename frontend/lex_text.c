#include "frontend/lex_text.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>

#include "frontend/base/vec.h"
#include "rt/lexical/atom.h"

typedef VEC(char) Text;

uint32_t lex_peek(const Lexer *lexer, uint32_t ahead, unsigned *size_out)
{
    size_t at = (size_t)lexer->offset + ahead;
    *size_out = 0;
    if (at >= lexer->source->length) return LEX_END;
    return utf8_read(lexer->source->text + at, lexer->source->length - at, size_out);
}

Span lex_span(const Lexer *lexer, uint32_t start) { return (Span){lexer->source, start, lexer->offset}; }

Datum *lex_make(const Lexer *lexer, DatumKind kind, uint32_t start)
{
    Datum *datum = ARENA_NEW(lexer->compilation->arena, Datum);
    datum->kind = kind;
    datum->span = lex_span(lexer, start);
    return datum;
}

bool lex_is_whitespace(uint32_t c)
{
    if (c <= 0x20) return c == ' ' || (c >= '\t' && c <= '\r');
    return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool lex_is_delimiter(uint32_t c)
{
    if (c == LEX_END || c == UTF8_INVALID || c < 0x20 || c == 0x7f || lex_is_whitespace(c)) return true;
    return c < 0x80 && strchr(ATOM_DELIMITERS, (int)c) != NULL;
}

static void append(Lexer *lexer, Text *text, uint32_t character)
{
    char bytes[UTF8_MAX_BYTES];
    unsigned size = utf8_encode(character, (uint8_t *)bytes);
    for (unsigned i = 0; i < size; i++)
        vec_push(lexer->compilation->arena, text, bytes[i]);
}

/* ---- Symbols ---- */

static uint32_t fold_ascii(uint32_t c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }

/* As string-foldcase. The bytes are valid UTF-8. */
static Symbol *folded_symbol(Lexer *lexer, const char *bytes, size_t length)
{
    size_t n;
    uint8_t *folded = u8_casefold((const uint8_t *)bytes, length, NULL, NULL, NULL, &n);
    if (!folded) ICE("lexer: no memory for case folding");
    Symbol *symbol = symbols_intern(lexer->compilation->symbols, (const char *)folded, n);
    free(folded);
    return symbol;
}

Datum *lex_plain_symbol(Lexer *lexer, uint32_t start)
{
    const char *bytes = lexer->source->text + start;
    size_t length = lexer->offset - start;
    Datum *datum = lex_make(lexer, DATUM_SYMBOL, start);
    datum->as.symbol = lexer->folds_case ? folded_symbol(lexer, bytes, length)
                                         : symbols_intern(lexer->compilation->symbols, bytes, length);
    return datum;
}

/* ---- Escapes of strings and |symbols| ---- */

static int hex_value(uint32_t c)
{
    if (c >= '0' && c <= '9') return (int)(c - '0');
    c = fold_ascii(c);
    return c >= 'a' && c <= 'f' ? (int)(c - 'a' + 10) : -1;
}

/* The hex digits at the cursor, saturating far above every scalar value. */
static uint32_t scan_hex(Lexer *lexer, unsigned *n_digits_out)
{
    uint32_t value = 0;
    unsigned size;
    *n_digits_out = 0;
    for (int digit; (digit = hex_value(lex_peek(lexer, 0, &size))) >= 0; lexer->offset++) {
        if (value < 0x1000000) value = value * 16 + (uint32_t)digit;
        ++*n_digits_out;
    }
    return value;
}

/* Behind `\x`. */
static void scan_hex_escape(Lexer *lexer, Text *text, uint32_t start)
{
    Diag *diag = lexer->compilation->diag;
    unsigned n_digits, size;
    uint32_t value = scan_hex(lexer, &n_digits);
    bool is_closed = lex_peek(lexer, 0, &size) == ';';
    if (is_closed) lexer->offset++;
    if (n_digits == 0 || !is_closed) {
        diag_error(diag, lex_span(lexer, start),
                   "bad escape: `\\x` takes hexadecimal digits and a `;`, as in `\\x41;`");
    } else if (!utf8_is_scalar(value)) {
        diag_error(diag, lex_span(lexer, start), "this escape is not a Unicode character");
    } else {
        append(lexer, text, value);
    }
}

static void skip_blanks(Lexer *lexer)
{
    unsigned size;
    for (uint32_t c; (c = lex_peek(lexer, 0, &size)) == ' ' || c == '\t';)
        lexer->offset += size;
}

static bool skip_newline(Lexer *lexer)
{
    unsigned size;
    uint32_t c = lex_peek(lexer, 0, &size);
    if (c == '\r') {
        lexer->offset++;
        if (lex_peek(lexer, 0, &size) == '\n') lexer->offset++;
        return true;
    }
    if (c == '\n') lexer->offset++;
    return c == '\n';
}

/* `\ newline blanks`: nothing. False when there is no newline. */
static bool skip_continuation(Lexer *lexer)
{
    uint32_t start = lexer->offset;
    skip_blanks(lexer);
    if (!skip_newline(lexer)) {
        lexer->offset = start;
        return false;
    }
    skip_blanks(lexer);
    return true;
}

/* At a backslash. */
static void scan_escape(Lexer *lexer, Text *text)
{
    static const char letters[] = "abtnr\"\\|", values[] = "\a\b\t\n\r\"\\|";
    uint32_t start = lexer->offset++;
    unsigned size;
    uint32_t c = lex_peek(lexer, 0, &size);
    if (c == LEX_END || skip_continuation(lexer)) return;
    const char *letter = c && c < 0x80 ? strchr(letters, (int)c) : NULL;
    lexer->offset += size;
    if (letter) {
        append(lexer, text, (unsigned char)values[letter - letters]);
    } else if (c == 'x' || c == 'X') {
        scan_hex_escape(lexer, text, start);
    } else {
        diag_error(lexer->compilation->diag, lex_span(lexer, start), "unknown escape in a literal");
        diag_note(lexer->compilation->diag, (Span){0},
                  "known are \\a \\b \\t \\n \\r \\\" \\\\ \\| \\x41; and a backslash at the end of a line");
    }
}

static void report_cut_off(Lexer *lexer, uint32_t start, const char *what)
{
    lexer->is_cut_off = true;
    diag_error(lexer->compilation->diag, (Span){lexer->source, start, start + 1}, "this %s is never closed",
               what);
}

/* Reads up to `quote`, which opened the literal at the cursor. */
static Text scan_quoted(Lexer *lexer, char quote, const char *what)
{
    Diag *diag = lexer->compilation->diag;
    Text text = {0};
    uint32_t open = lexer->offset++;
    for (;;) {
        unsigned size;
        uint32_t c = lex_peek(lexer, 0, &size);
        uint32_t start = lexer->offset;
        if (c == LEX_END) {
            report_cut_off(lexer, open, what);
            return text;
        }
        if (c == '\\') {
            scan_escape(lexer, &text);
        } else if (c == '\r') {
            skip_newline(lexer);
            append(lexer, &text, '\n');
        } else {
            lexer->offset += size;
            if (c == (uint32_t)quote) return text;
            if (c == UTF8_INVALID)
                diag_error(diag, lex_span(lexer, start), "invalid UTF-8 in a literal");
            else if (c == 0)
                diag_error(diag, lex_span(lexer, start), "NUL character in a literal; write it as \\x0;");
            else
                append(lexer, &text, c);
        }
    }
}

Datum *lex_string(Lexer *lexer)
{
    uint32_t start = lexer->offset;
    Text text = scan_quoted(lexer, '"', "string");
    Datum *datum = lex_make(lexer, DATUM_STRING, start);
    datum->as.string.text = arena_strdup(lexer->compilation->arena, text.items, text.count);
    datum->as.string.length = text.count;
    return datum;
}

Datum *lex_bar_symbol(Lexer *lexer)
{
    uint32_t start = lexer->offset;
    Text text = scan_quoted(lexer, '|', "|symbol|");
    Datum *datum = lex_make(lexer, DATUM_SYMBOL, start);
    datum->as.symbol = symbols_intern(lexer->compilation->symbols, text.items ? text.items : "", text.count);
    return datum;
}

/* ---- Characters ---- */

/* More than one character. */
static uint32_t find_character(Lexer *lexer, const char *text, size_t length)
{
    char name[16];
    for (size_t i = 0; i < length && length <= sizeof name; i++) {
        uint32_t c = (unsigned char)text[i];
        name[i] = (char)(lexer->folds_case ? fold_ascii(c) : c);
    }
    int32_t c = atom_character(length <= sizeof name ? name : text, length);
    return c < 0 ? UTF8_INVALID : (uint32_t)c;
}

static uint32_t name_or_error(Lexer *lexer, uint32_t start)
{
    Diag *diag = lexer->compilation->diag;
    uint32_t c = find_character(lexer, lexer->source->text + start + 2, lexer->offset - start - 2);
    if (c != UTF8_INVALID) return c;
    diag_error(diag, lex_span(lexer, start), "unknown character name");
    diag_note(
        diag, (Span){0},
        "known are alarm backspace delete escape newline null return space tab and x41 for hexadecimal 41");
    return ' ';
}

/* `#\` and one character, whatever it is, then all up to a delimiter. */
Datum *lex_character(Lexer *lexer)
{
    uint32_t start = lexer->offset;
    unsigned size;
    lexer->offset += 2;
    uint32_t c = lex_peek(lexer, 0, &size);
    if (c == LEX_END || c == UTF8_INVALID || c == 0) {
        lexer->offset += size;
        diag_error(lexer->compilation->diag, lex_span(lexer, start), "a character is expected behind `#\\`");
        return lex_make(lexer, DATUM_VOID, start);
    }
    lexer->offset += size;
    bool is_name = false;
    for (uint32_t next; !lex_is_delimiter(c) && !lex_is_delimiter(next = lex_peek(lexer, 0, &size));
         is_name = true) {
        lexer->offset += size;
    }
    if (is_name) c = name_or_error(lexer, start);
    Datum *datum = lex_make(lexer, DATUM_CHAR, start);
    datum->as.character = c;
    return datum;
}
