#include "rt/obj/string.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"

/* -- the index ------------------------------------------------------------- */

static uint32_t *entries(struct tt_obj_STRING *string)
{
    return (uint32_t *)(void *)(string->byte + TT_TEXT_INDEX_AT(string->length));
}

/* At which byte a block of characters begins. */
static size_t block_offset(tt_word v, size_t block)
{
    return block == 0 ? 0 : entries(TT_OBJ(STRING, v))[block - 1];
}

void string_add_entries(struct tt_obj_STRING *string, size_t chars, size_t end_chars, size_t offset,
                        size_t end_offset)
{
    const uint8_t *p = string->byte + offset, *end = string->byte + end_offset;
    for (size_t block = chars / TT_TEXT_BLOCK + (chars % TT_TEXT_BLOCK || chars == 0);
         block * TT_TEXT_BLOCK < end_chars; block++) {
        p = utf8_skip(p, end, block * TT_TEXT_BLOCK - chars);
        chars = block * TT_TEXT_BLOCK;
        entries(string)[block - 1] = (uint32_t)(p - string->byte);
    }
}

/* -- making ---------------------------------------------------------------- */

void string_begin(struct tt_obj_STRING *string, size_t length, size_t chars)
{
    string->header = TT_HEADER(TT_TYPE_STRING);
    string->length = length;
    string->chars = chars;
    string->byte[length] = 0;
}

static bool is_too_long(size_t length, size_t chars)
{
    return length > OBJECT_MAX_BYTES || (length != chars && length > TT_TEXT_INDEXED_MAX);
}

struct tt_obj_STRING *string_alloc(struct worker *w, size_t length, size_t chars)
{
    if (is_too_long(length, chars)) {
        heap_fail(w);
        return NULL;
    }
    struct tt_obj_STRING *string = heap_alloc_atomic(w, string_object_bytes(length, chars));
    if (string) string_begin(string, length, chars);
    return string;
}

tt_word string_finish(struct tt_obj_STRING *string)
{
    assert(utf8_chars(string->byte, string->length) == string->chars);
    if (string->chars != string->length) string_add_entries(string, 0, string->chars, 0, string->length);
    return tt_tagged(string, TT_TAG_OBJECT);
}

tt_word string_make(struct worker *w, const void *bytes, size_t length, size_t chars)
{
    struct tt_obj_STRING *string = string_alloc(w, length, chars);
    if (!string) return TT_FAIL;
    if (length) memcpy(string->byte, bytes, length);
    return string_finish(string);
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
    return string_finish(string);
}

tt_word string_from_text(struct worker *w, const char *text)
{
    return string_from_bytes(w, text, strlen(text));
}

/* -- places and parts ------------------------------------------------------ */

size_t string_offset(tt_word v, size_t index)
{
    if (string_is_ascii(v)) return index;
    if (index == string_chars(v)) return string_length(v);
    const uint8_t *bytes = string_bytes(v), *block = bytes + block_offset(v, index / TT_TEXT_BLOCK);
    return (size_t)(utf8_skip(block, bytes + string_length(v), index % TT_TEXT_BLOCK) - bytes);
}

size_t string_index_of(tt_word v, size_t offset)
{
    if (string_is_ascii(v)) return offset;
    size_t low = 0, high = TT_TEXT_ENTRIES(string_length(v), string_chars(v));
    while (low < high) { /* the last block that begins there or before */
        size_t middle = low + (high - low + 1) / 2;
        if (block_offset(v, middle) <= offset)
            low = middle;
        else
            high = middle - 1;
    }
    size_t block = block_offset(v, low);
    return low * TT_TEXT_BLOCK + utf8_chars(string_bytes(v) + block, offset - block);
}

uint32_t string_char_at(tt_word v, size_t index)
{
    size_t n;
    return utf8_decode(string_bytes(v) + string_offset(v, index), &n);
}

tt_word string_ref_aside(struct worker *w, tt_word v, tt_word index)
{
    (void)w;
    return tt_char(string_char_at(v, (size_t)tt_fixnum_value(index)));
}

tt_word string_char_aside(struct worker *w, tt_word v, tt_word offset)
{
    size_t n;
    (void)w;
    return tt_char(utf8_decode(string_bytes(v) + tt_fixnum_value(offset), &n));
}

tt_word string_copy(struct worker *w, tt_word v, size_t start, size_t end)
{
    size_t from = string_offset(v, start), to = string_offset(v, end);
    return string_make(w, string_bytes(v) + from, to - from, end - start);
}

tt_word string_part(struct worker *w, tt_word v, size_t from, size_t to)
{
    const uint8_t *bytes = string_bytes(v) + from;
    return string_make(w, bytes, to - from, string_is_ascii(v) ? to - from : utf8_chars(bytes, to - from));
}

/* -- comparison and other forms -------------------------------------------- */

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
    size_t chars;
    utf8_count(bytes, length, &chars);
    if (is_too_long(length, chars)) return heap_fail(w), TT_FAIL;
    struct tt_obj_STRING *string = heap_alloc_old_atomic(w, string_object_bytes(length, chars));
    if (!string) return TT_FAIL;
    string_begin(string, length, chars);
    memcpy(string->byte, bytes, length);
    return string_finish(string);
}
