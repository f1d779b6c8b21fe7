/* Sums and products of sizes that somebody else has a say in. A size_t has 32 bits on some
 * machines, so that what wraps there must be seen everywhere; a count is compared with its
 * limit before memory is asked for, and inside of the loop that adds it up. */
#ifndef RT_OS_SIZES_H
#define RT_OS_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* *out = a + b, a * b. False: that is no size; *out says nothing then. */
static inline bool size_add(size_t a, size_t b, size_t *out) { return !__builtin_add_overflow(a, b, out); }
static inline bool size_multiply(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* Bytes of `front` and n items behind it. False: that is no size. */
static inline bool size_of_items(size_t front, size_t n, size_t item_bytes, size_t *out)
{
    size_t bytes;
    return size_multiply(n, item_bytes, &bytes) && size_add(front, bytes, out);
}

/* *total += n, as long as that stays within `most`. False: it would not, and *total is as it was. */
static inline bool size_take(size_t *total, size_t n, size_t most)
{
    if (*total > most || n > most - *total) return false;
    *total += n;
    return true;
}

/* As malloc and realloc: room for n items. NULL: no memory, or that is no size. */
static inline void *items_new(size_t n, size_t item_bytes)
{
    size_t bytes;
    return size_multiply(n, item_bytes, &bytes) ? malloc(bytes) : NULL;
}

static inline void *items_resize(void *items, size_t n, size_t item_bytes)
{
    size_t bytes;
    return size_multiply(n, item_bytes, &bytes) ? realloc(items, bytes) : NULL;
}

#endif
