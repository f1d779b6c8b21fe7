#include "rt/obj/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/lexical/utf8.h"

/* Texts from this size on count against the limit of the heap. */
#define ASK_BYTES ((size_t)8 << 20)

static bool make_room(struct text *text, size_t n)
{
    if (text->failed || n <= text->capacity - text->n) return !text->failed;
    size_t capacity = text->capacity ? text->capacity : 128;
    while (capacity - text->n < n && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    bool is_refused = capacity - text->n < n || (capacity >= ASK_BYTES && !heap_leaves_room(capacity));
    char *bytes = is_refused ? NULL : realloc(text->is_lent ? NULL : text->bytes, capacity);
    if (!bytes) {
        text->failed = true;
        return false;
    }
    if (text->is_lent) memcpy(bytes, text->bytes, text->n);
    text->is_lent = false;
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

void text_add(struct text *text, const void *bytes, size_t n)
{
    if (n == 0 || !make_room(text, n)) return;
    memcpy(text->bytes + text->n, bytes, n);
    text->n += n;
}

void text_add_c(struct text *text, const char *bytes) { text_add(text, bytes, strlen(bytes)); }

void text_add_char(struct text *text, uint32_t c)
{
    uint8_t bytes[UTF8_MAX_BYTES];
    text_add(text, bytes, utf8_encode(c, bytes));
}

void text_addf(struct text *text, const char *format, ...)
{
    char line[128];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (n > 0) text_add(text, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

/* Control characters would act on the terminal, or look like another line; direction marks would show the text in
 * another order. */
static bool is_printable(uint32_t c)
{
    bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
    bool is_direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return !is_control && !is_direction;
}

void text_add_printable(struct text *text, const char *bytes, size_t n, size_t most)
{
    const uint8_t *from = (const uint8_t *)bytes;
    size_t at = 0, length;
    for (; at < n && at < most; at += length) {
        bool is_valid = (length = utf8_check(from + at, n - at)) > 0;
        uint32_t c = is_valid ? utf8_decode(from + at, &length) : from[at];
        if (!is_valid) length = 1;
        if (is_valid && is_printable(c))
            text_add(text, from + at, length);
        else if (c == '\n')
            text_add_c(text, "\\n");
        else
            text_addf(text, "\\x%x;", c);
    }
    if (at < n) text_add_c(text, "...");
}

void text_free(struct text *text)
{
    if (!text->is_lent) free(text->bytes);
    *text = (struct text){0};
}
