#include "rt/code/xargs.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"

/* Smaller arrays are kept. */
#define KEEP_CAPACITY ((size_t)64 << 10)

static bool move(struct worker *w, size_t capacity)
{
    tt_word *old = w->xargs ? xargs_of(w) - 1 : NULL;
    tt_word *words = calloc(1 + capacity, TT_W);
    if (!words) return false;
    size_t n = w->xargs_capacity < capacity ? w->xargs_capacity : capacity;
    if (old) memcpy(words, old, (1 + n) * TT_W);
    free(old);
    w->xargs = (tt_word)(words + 1);
    w->xargs_capacity = capacity;
    return true;
}

bool xargs_reserve(struct worker *w, size_t n)
{
    if (n <= w->xargs_capacity) return true;
    size_t capacity = w->xargs_capacity * 2 > n ? w->xargs_capacity * 2 : n;
    return (capacity <= KEEP_CAPACITY || heap_leaves_room(capacity * TT_W)) && move(w, capacity);
}

void xargs_shrink(struct worker *w)
{
    if (w->xargs_capacity > KEEP_CAPACITY) move(w, TT_MAX_DIRECT_ARGS);
}
