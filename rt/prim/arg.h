/* Checks of arguments that several primitives share. Each false has filled
 * worker.failure. */
#ifndef RT_PRIM_ARG_H
#define RT_PRIM_ARG_H

#include "rt/code/failure.h"

static inline bool arg_is_type(struct worker *w, const char *operation, tt_word v, enum tt_type type)
{
    if (tt_is_type(v, type)) return true;
    fail_wrong_type(w, operation, v);
    return false;
}

static inline bool arg_char(struct worker *w, const char *operation, tt_word v)
{
    if (tt_is_sub(v, TT_SUB_CHAR)) return true;
    fail_wrong_type(w, operation, v);
    return false;
}

/* A size or position: an exact integer from 0 to `most`. */
static inline bool arg_index(struct worker *w, const char *operation, tt_word v, size_t most, size_t *out)
{
    if (!tt_is_fixnum(v) || tt_fixnum_value(v) < 0 || (size_t)tt_fixnum_value(v) > most) {
        fail_index(w, operation, v);
        if (most < (size_t)TT_FIXNUM_MAX) fail_note_range(w, 0, (tt_sword)most);
        return false;
    }
    *out = (size_t)tt_fixnum_value(v);
    return true;
}

/* 0 <= start <= end <= length. */
static inline bool arg_range(struct worker *w, const char *operation, tt_word start, tt_word end,
                             size_t length, size_t *from_out, size_t *to_out)
{
    return arg_index(w, operation, end, length, to_out) && arg_index(w, operation, start, *to_out, from_out);
}

/* How many elements a new object is to have: what no machine has is out of memory, not out of range. */
bool arg_new_length(struct worker *w, const char *operation, tt_word v, size_t element_bytes, size_t *out);

/* The length of a list, or false if it is improper or circular. */
bool arg_list_length(struct worker *w, const char *operation, tt_word list, size_t *out);

#endif
