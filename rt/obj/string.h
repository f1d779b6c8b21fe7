/* STRING objects: immutable UTF-8. `chars` equal to `length` means ASCII, where
 * the index of a character is that of its byte. Made here, a string has a NUL
 * behind its bytes; one in the program's static data need not. */
#ifndef RT_OBJ_STRING_H
#define RT_OBJ_STRING_H

#include "rt/mem/heap.h"
#include "rt/obj/utf8.h"

static inline bool string_is_scalar(tt_word c) { return utf8_is_scalar(c); }
static inline bool string_is_ascii(tt_word v)
{
    return TT_OBJ(STRING, v)->length == TT_OBJ(STRING, v)->chars;
}
static inline const uint8_t *string_bytes(tt_word v) { return TT_OBJ(STRING, v)->byte; }
static inline size_t string_length(tt_word v) { return TT_OBJ(STRING, v)->length; }

/* Makers give TT_FAIL (or NULL) when memory is exhausted; worker.failure is set. */
struct tt_obj_STRING *string_alloc(struct worker *w, size_t length, size_t chars);
/* Valid text of `chars` characters. */
tt_word string_make(struct worker *w, const void *bytes, size_t length, size_t chars);
/* Text from outside: what is not UTF-8 becomes U+FFFD. */
tt_word string_from_bytes(struct worker *w, const void *bytes, size_t length);
tt_word string_from_text(struct worker *w, const char *text);

/* Any string; index below its number of characters (at most that, for the offset). */
uint32_t string_char_at(tt_word v, size_t index);
size_t string_offset(tt_word v, size_t index);
/* Characters from `start` to `end`, which are in range and in order. */
tt_word string_copy(struct worker *w, tt_word v, size_t start, size_t end);
/* By code points, which for UTF-8 is by bytes: negative, 0, positive. */
int string_compare(tt_word a, tt_word b);
bool string_equal(tt_word a, tt_word b);

/* The bytes with a NUL behind, in malloc'd memory; NULL if there is a NUL among
 * them or no memory. */
char *string_to_c(tt_word v);

/* A string of valid UTF-8 that no worker's young areas hold: for tables that all
 * workers share. A NUL follows its bytes. TT_FAIL: out of memory. */
tt_word string_old(struct worker *w, const void *bytes, size_t length);

#endif
