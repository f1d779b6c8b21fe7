#include "frontend/base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/base/escape.h"
#include "rt/lexical/utf8.h"

/* Of a source line longer than this, only a window round the caret is shown. */
#define MAX_LINE_CHARS      120
#define WINDOW_BEFORE_CHARS 60

#define SHOWN_MAX 4

#define REPLACEMENT 0xfffdu

struct Diag {
    Arena *arena;
    FILE *out;
    unsigned limit;
    unsigned n_errors;
    struct {
        const Source *source;
        unsigned line;
    } shown[SHOWN_MAX]; /* lines of the last message and its notes */
    unsigned n_shown;
};

Diag *diag_new(Arena *arena, FILE *out, unsigned limit)
{
    Diag *diag = ARENA_NEW(arena, Diag);
    diag->arena = arena;
    diag->out = out;
    diag->limit = limit;
    return diag;
}

unsigned diag_error_count(const Diag *diag) { return diag->n_errors; }

/* ---- Printing text that may hold anything ---- */

/* Control characters would act on the terminal; direction marks would show the
 * text in another order than the compiler reads it. */
static bool is_printable(uint32_t c)
{
    bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == UTF8_INVALID;
    bool is_direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return !is_control && !is_direction;
}

/* Columns that a terminal gives to a character (the common wide scripts). */
static unsigned columns_of(uint32_t c)
{
    if (c < 0x300) return 1;
    if (c <= 0x36f || (c >= 0x200b && c <= 0x200f) || (c >= 0xfe00 && c <= 0xfe0f)) return 0;
    bool is_wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                   (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                   (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                   (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1f64f) ||
                   (c >= 0x1f900 && c <= 0x1f9ff) || (c >= 0x20000 && c <= 0x3fffd);
    return is_wide ? 2 : 1;
}

/* What is shown for a character: itself, a tab, or the replacement character. */
static uint32_t shown(uint32_t c) { return c == '\t' || is_printable(c) ? c : REPLACEMENT; }

static void put_character(FILE *out, uint32_t c)
{
    char bytes[UTF8_MAX_BYTES];
    fwrite(bytes, 1, utf8_encode(c, (uint8_t *)bytes), out);
}

static void put_text(FILE *out, const char *text, size_t length)
{
    for (unsigned size; length; text += size, length -= size) {
        put_character(out, shown(utf8_read(text, length, &size)));
    }
}

/* ---- The source line and its caret ---- */

/* Bytes [start, end) of a source line. */
typedef struct Window {
    uint32_t start, end;
    bool is_cut_left, is_cut_right;
} Window;

static uint32_t line_end(const Source *source, size_t line)
{
    uint32_t start = source->line_starts[line];
    const char *newline = memchr(source->text + start, '\n', source->length - start);
    uint32_t end = newline ? (uint32_t)(newline - source->text) : (uint32_t)source->length;
    return end > start && source->text[end - 1] == '\r' ? end - 1 : end;
}

static uint32_t step_back(const Source *source, uint32_t low, uint32_t offset, unsigned n_chars)
{
    while (n_chars-- && offset > low) {
        uint32_t p = offset - 1;
        while (p > low && offset - p < UTF8_MAX_BYTES && ((unsigned char)source->text[p] & 0xc0) == 0x80)
            p--;
        unsigned size;
        utf8_read(source->text + p, offset - p, &size);
        offset = size == offset - p ? p : offset - 1;
    }
    return offset;
}

static uint32_t step_forward(const Source *source, uint32_t high, uint32_t offset, unsigned n_chars)
{
    for (unsigned size; n_chars-- && offset < high; offset += size) {
        utf8_read(source->text + offset, high - offset, &size);
    }
    return offset;
}

static Window choose_window(const Source *source, size_t line, uint32_t caret)
{
    uint32_t start = source->line_starts[line], end = line_end(source, line);
    if (caret > end) caret = end;
    Window window = {start, step_forward(source, end, start, MAX_LINE_CHARS), false, false};
    if (window.end < end) {
        window.start = step_back(source, start, caret, WINDOW_BEFORE_CHARS);
        window.end = step_forward(source, end, window.start, MAX_LINE_CHARS);
    }
    window.is_cut_left = window.start > start;
    window.is_cut_right = window.end < end;
    return window;
}

static void print_window(FILE *out, const Source *source, Window window)
{
    fprintf(out, "  %s", window.is_cut_left ? "..." : "");
    put_text(out, source->text + window.start, window.end - window.start);
    fprintf(out, "%s\n", window.is_cut_right ? "..." : "");
}

static void put_repeated(FILE *out, char c, unsigned n)
{
    while (n--)
        fputc(c, out);
}

/* Blanks up to the span (tabs stay tabs, so that both lines expand alike), then
 * `^~~~` as far as the span goes on this line. */
static void print_caret(FILE *out, const Source *source, Window window, Span span)
{
    fprintf(out, "  %s", window.is_cut_left ? "   " : "");
    uint32_t p = window.start;
    unsigned size;
    for (; p < window.end && p < span.start; p += size) {
        uint32_t c = shown(utf8_read(source->text + p, window.end - p, &size));
        if (c == '\t')
            fputc('\t', out);
        else
            put_repeated(out, ' ', columns_of(c));
    }
    fputc('^', out);
    for (bool is_first = true; p < window.end && p < span.end; p += size, is_first = false) {
        uint32_t c = shown(utf8_read(source->text + p, window.end - p, &size));
        unsigned columns = columns_of(c);
        put_repeated(out, '~', is_first && columns ? columns - 1 : columns);
    }
    fputc('\n', out);
}

/* ---- Messages ---- */

static bool is_shown(const Diag *diag, const Source *source, unsigned line)
{
    for (unsigned i = 0; i < diag->n_shown; i++)
        if (diag->shown[i].source == source && diag->shown[i].line == line) return true;
    return false;
}

/* A message shows its line; its notes show only lines that were not shown with it. */
static void show_line(Diag *diag, Span span, unsigned line, bool is_note)
{
    if (!is_note) diag->n_shown = 0;
    if (is_shown(diag, span.source, line)) return;
    Window window = choose_window(span.source, line - 1, span.start);
    print_window(diag->out, span.source, window);
    print_caret(diag->out, span.source, window, span);
    if (diag->n_shown == SHOWN_MAX) return;
    diag->shown[diag->n_shown].source = span.source;
    diag->shown[diag->n_shown++].line = line;
}

typedef enum Severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE } Severity;

static const char *const severity_names[] = {"error", "warning", "note"};

static void print_message(Diag *diag, Span span, Severity severity, const char *format, va_list args)
{
    FILE *out = diag->out;
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = arena_alloc(diag->arena, (size_t)(length < 0 ? 0 : length) + 1);
    vsnprintf(text, (size_t)(length < 0 ? 0 : length) + 1, format, args);
    if (!span.source) {
        fprintf(out, "%s: ", severity_names[severity]);
        put_text(out, text, strlen(text));
        fputc('\n', out);
        if (severity != SEVERITY_NOTE) diag->n_shown = 0;
        return;
    }
    Position at = source_position(span.source, span.start);
    put_text(out, span.source->name, strlen(span.source->name));
    fprintf(out, ":%u:%u: %s: ", at.line, at.column, severity_names[severity]);
    put_text(out, text, strlen(text));
    fputc('\n', out);
    show_line(diag, span, at.line, severity == SEVERITY_NOTE);
}

void diag_error(Diag *diag, Span span, const char *format, ...)
{
    if (diag->limit && diag->n_errors >= diag->limit) {
        fprintf(diag->out, "error: too many errors (%u), stopping\n", diag->n_errors);
        diag_stop(diag);
    }
    diag->n_errors++;
    va_list args;
    va_start(args, format);
    print_message(diag, span, SEVERITY_ERROR, format, args);
    va_end(args);
}

void diag_warning(Diag *diag, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_message(diag, span, SEVERITY_WARNING, format, args);
    va_end(args);
}

void diag_note(Diag *diag, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_message(diag, span, SEVERITY_NOTE, format, args);
    va_end(args);
}

/* ---- Leaving early ---- */

bool diag_catch(Diag *diag, void (*body)(void *context), void *context)
{
    (void)diag;
    return escape_catch(ESCAPE_STOPPED, body, context) == ESCAPE_NONE;
}

_Noreturn void diag_stop(Diag *diag)
{
    fflush(diag->out);
    escape_to_catch(ESCAPE_STOPPED);
}

_Noreturn void ice_at(const char *file, int line, const char *format, ...)
{
    fflush(stdout);
    fprintf(stderr, "internal compiler error at %s:%d: ", file, line);
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\nThis is a mistake in tcc-termite. Please report it with the program that caused it.\n", stderr);
    escape_to_catch(ESCAPE_ICE);
}
