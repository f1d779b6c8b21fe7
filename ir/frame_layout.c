/* Slots are numbered from the return point down to the popped stack pointer,
 * so "the same place" in two frames means the same distance from their ends. */
#include "ir/frame_layout.h"

#include <stdlib.h>

/* Long-lived ones first: they get the places that stay. */
static int by_life(const void *a, const void *b)
{
    CpsVar *x = *(CpsVar *const *)a, *y = *(CpsVar *const *)b;
    uint32_t nx = var_info(x)->n_frames, ny = var_info(y)->n_frames;
    if (nx != ny) return nx > ny ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static bool is_live(const Point *point, const CpsVar *var)
{
    size_t low = 0, high = point->live.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point->live.items[middle] == var) return true;
        if (point->live.items[middle]->id < var->id)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Variables that `from` has within the first `n` places keep them. */
static void keep_places(Point *point, const Point *from)
{
    uint32_t n = point->n_frame;
    for (uint32_t place = 0; from && place < from->n_frame && place < n; place++) {
        CpsVar *var = from->frame[from->n_frame - 1 - place];
        if (is_live(point, var)) {
            point->frame[n - 1 - place] = var;
            var_info(var)->placed_in = point;
        }
    }
}

void frame_layout(Arena *arena, Point *point, const Point *from)
{
    uint32_t n = point->n_frame = (uint32_t)point->live.count;
    point->frame = ARENA_ARRAY(arena, CpsVar *, n + 1);
    keep_places(point, from);
    CpsVar **rest = ARENA_ARRAY(arena, CpsVar *, n + 1);
    uint32_t n_rest = 0;
    for (uint32_t i = 0; i < n; i++)
        if (var_info(point->live.items[i])->placed_in != point) rest[n_rest++] = point->live.items[i];
    qsort(rest, n_rest, sizeof *rest, by_life);
    uint32_t next = 0;
    for (uint32_t slot = n; slot-- > 0;)
        if (!point->frame[slot]) point->frame[slot] = rest[next++];
}
