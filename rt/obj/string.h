/* STRING objects: immutable UTF-8 (rt/abi/text.h). `chars` equal to `length` means ASCII, where
 * the index of a character is that of its byte; in other text an index of every 32nd
 * character leads there. A NUL stands behind the bytes.
 *
 * Who makes one: string_alloc, then the bytes, then string_finish. */
#ifndef RT_OBJ_STRING_H
#define RT_OBJ_STRING_H

#include "rt/abi/text.h"
#include "rt/mem/heap.h"
#include "rt/lexical/utf8.h"

static inline bool string_is_scalar(tt_word c) { return utf8_is_scalar(c); }
static inline bool string_is_ascii(tt_word v)
{
    return TT_OBJ(STRING, v)->length == TT_OBJ(STRING, v)->chars;
}
static inline const uint8_t *string_bytes(tt_word v) { return TT_OBJ(STRING, v)->byte; }
static inline size_t string_length(tt_word v) { return TT_OBJ(STRING, v)->length; }
static inline size_t string_chars(tt_word v) { return TT_OBJ(STRING, v)->chars; }

/* Bytes of the object; text that is not ASCII has at most TT_TEXT_INDEXED_MAX. */
static inline size_t string_object_bytes(size_t length, size_t chars)
{
    return sizeof(struct tt_obj_STRING) + TT_TEXT_TAIL_BYTES(length, chars);
}

/* Makers give TT_FAIL (or NULL) when memory is exhausted; worker.failure is set. */
struct tt_obj_STRING *string_alloc(struct worker *w, size_t length, size_t chars);
/* The value, once all bytes are there. */
tt_word string_finish(struct tt_obj_STRING *string);
/* Valid text of `chars` characters. */
tt_word string_make(struct worker *w, const void *bytes, size_t length, size_t chars);
/* Text from outside: what is not UTF-8 becomes U+FFFD. */
tt_word string_from_bytes(struct worker *w, const void *bytes, size_t length);
tt_word string_from_text(struct worker *w, const char *text);

/* For who makes one in memory of his own, and piece by piece: everything but bytes and index;
 * the entries of characters `chars` to `end_chars` - 1, which stand from byte `offset` to `end_offset` - 1. */
void string_begin(struct tt_obj_STRING *string, size_t length, size_t chars);
void string_add_entries(struct tt_obj_STRING *string, size_t chars, size_t end_chars, size_t offset,
                        size_t end_offset);

/* Any string; index below its number of characters (at most that, for the offset). */
uint32_t string_char_at(tt_word v, size_t index);
tt_word string_ref_aside(struct worker *w, tt_word v,
                         tt_word index); /* the same of values (rt/inline/aside.h) */
tt_word string_char_aside(struct worker *w, tt_word v,
                          tt_word offset); /* the character at a byte, likewise */
size_t string_offset(tt_word v, size_t index);
/* Number of the character that begins at byte `offset`. */
size_t string_index_of(tt_word v, size_t offset);
/* Characters from `start` to `end`, which are in range and in order. */
tt_word string_copy(struct worker *w, tt_word v, size_t start, size_t end);
/* The same from byte to byte. */
tt_word string_part(struct worker *w, tt_word v, size_t from, size_t to);
/* By code points, which for UTF-8 is by bytes: negative, 0, positive. */
int string_compare(tt_word a, tt_word b);
bool string_equal(tt_word a, tt_word b);

/* The bytes with a NUL behind, in malloc'd memory; NULL if there is a NUL among
 * them or no memory. */
char *string_to_c(tt_word v);

/* A string of valid UTF-8 that no worker's young areas hold: for tables that all
 * workers share. TT_FAIL: out of memory. */
tt_word string_old(struct worker *w, const void *bytes, size_t length);

#endif
