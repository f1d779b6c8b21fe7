#include "rt/obj/string.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/os/sizes.h"

struct tt_obj_STRING *string_alloc(struct worker *w, size_t length, size_t chars)
{
    if (length > OBJECT_MAX_BYTES) {
        heap_fail(w);
        return NULL;
    }
    struct tt_obj_STRING *string = heap_alloc_atomic(w, sizeof *string + length + 1);
    if (!string) return NULL;
    string->header = TT_HEADER(TT_TYPE_STRING);
    string->length = length;
    string->chars = chars;
    string->byte[length] = 0;
    return string;
}

tt_word string_make(struct worker *w, const void *bytes, size_t length, size_t chars)
{
    struct tt_obj_STRING *string = string_alloc(w, length, chars);
    if (!string) return TT_FAIL;
    if (length) memcpy(string->byte, bytes, length);
    return tt_tagged(string, TT_TAG_OBJECT);
}

/* Calls of utf8_check until the end; the bytes of the repaired text. */
static size_t repair(const uint8_t *bytes, size_t n, uint8_t *out, size_t *chars_out)
{
    uint8_t scratch[UTF8_MAX_BYTES];
    size_t length = 0, chars = 0;
    for (size_t i = 0; i < n; chars++) {
        size_t good = utf8_check(bytes + i, n - i);
        size_t written = good ? good : utf8_encode(UTF8_REPLACEMENT, scratch);
        if (out) memcpy(out + length, good ? bytes + i : scratch, written);
        length += written;
        i += good ? good : 1;
    }
    *chars_out = chars;
    return length;
}

tt_word string_from_bytes(struct worker *w, const void *bytes, size_t n)
{
    size_t chars;
    size_t length = repair(bytes, n, NULL, &chars);
    struct tt_obj_STRING *string = string_alloc(w, length, chars);
    if (!string) return TT_FAIL;
    repair(bytes, n, string->byte, &chars);
    return tt_tagged(string, TT_TAG_OBJECT);
}

tt_word string_from_text(struct worker *w, const char *text)
{
    return string_from_bytes(w, text, strlen(text));
}

size_t string_offset(tt_word v, size_t index)
{
    if (string_is_ascii(v)) return index;
    return index == TT_OBJ(STRING, v)->chars ? string_length(v) : utf8_offset(string_bytes(v), index);
}

uint32_t string_char_at(tt_word v, size_t index)
{
    size_t n;
    return utf8_decode(string_bytes(v) + string_offset(v, index), &n);
}

tt_word string_copy(struct worker *w, tt_word v, size_t start, size_t end)
{
    size_t from = string_offset(v, start), to = string_offset(v, end);
    struct tt_obj_STRING *string = string_alloc(w, to - from, end - start);
    if (!string) return TT_FAIL;
    memcpy(string->byte, string_bytes(v) + from, to - from);
    return tt_tagged(string, TT_TAG_OBJECT);
}

int string_compare(tt_word a, tt_word b)
{
    size_t length_a = string_length(a), length_b = string_length(b);
    int order = memcmp(string_bytes(a), string_bytes(b), length_a < length_b ? length_a : length_b);
    return order ? order : (length_a > length_b) - (length_a < length_b);
}

bool string_equal(tt_word a, tt_word b)
{
    return string_length(a) == string_length(b) &&
           memcmp(string_bytes(a), string_bytes(b), string_length(a)) == 0;
}

char *string_to_c(tt_word v)
{
    size_t length = string_length(v);
    if (memchr(string_bytes(v), 0, length)) return NULL;
    char *text = malloc(length + 1);
    if (!text) return NULL;
    memcpy(text, string_bytes(v), length);
    text[length] = '\0';
    return text;
}

tt_word string_old(struct worker *w, const void *bytes, size_t length)
{
    struct tt_obj_STRING *string = heap_alloc_old_atomic(w, sizeof *string + length + 1);
    if (!string) return TT_FAIL;
    string->header = TT_HEADER(TT_TYPE_STRING);
    string->length = length;
    utf8_count(bytes, length, &string->chars);
    memcpy(string->byte, bytes, length);
    string->byte[length] = 0;
    return tt_tagged(string, TT_TAG_OBJECT);
}
