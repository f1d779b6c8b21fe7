#include "rt/code/xargs.h"

#include <stdlib.h>
#include <string.h>

bool xargs_reserve(struct worker *w, size_t n)
{
    if (n <= w->xargs_capacity)
        return true;
    size_t capacity = w->xargs_capacity * 2 > n ? w->xargs_capacity * 2 : n;
    tt_word *old = w->xargs ? xargs_of(w) - 1 : NULL;
    tt_word *words = calloc(1 + capacity, TT_W);
    if (!words)
        return false;
    if (old)
        memcpy(words, old, (1 + w->xargs_capacity) * TT_W);
    free(old);
    w->xargs = (tt_word)(words + 1);
    w->xargs_capacity = capacity;
    return true;
}
