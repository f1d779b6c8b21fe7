#include "rt/obj/seen.h"

#include <stdlib.h>

#define INITIAL_CAPACITY 256 /* a power of two; at most half full; object 0 = free */

static size_t spread(tt_word object) { return (size_t)((object >> TT_TAG_BITS) * 0x9e3779b97f4a7c15u >> 20); }

static struct seen_entry *find(const struct seen *seen, tt_word object)
{
    size_t mask = seen->capacity - 1;
    for (size_t i = spread(object) & mask;; i = (i + 1) & mask)
        if (!seen->entries[i].object || seen->entries[i].object == object) return &seen->entries[i];
}

static bool grow(struct seen *seen)
{
    struct seen larger = {.capacity = seen->capacity ? 2 * seen->capacity : INITIAL_CAPACITY, .n = seen->n};
    larger.entries = calloc(larger.capacity, sizeof *larger.entries);
    if (!larger.entries) return false;
    for (size_t i = 0; i < seen->capacity; i++)
        if (seen->entries[i].object) *find(&larger, seen->entries[i].object) = seen->entries[i];
    free(seen->entries);
    *seen = larger;
    return true;
}

tt_word *seen_mark(struct seen *seen, tt_word object)
{
    if (2 * (seen->n + 1) > seen->capacity && !grow(seen)) return NULL;
    struct seen_entry *entry = find(seen, object);
    if (!entry->object) {
        entry->object = object;
        seen->n++;
    }
    return &entry->mark;
}

tt_word seen_get(const struct seen *seen, tt_word object)
{
    return seen->capacity ? find(seen, object)->mark : 0;
}

void seen_set(struct seen *seen, tt_word object, tt_word mark) { find(seen, object)->mark = mark; }

void seen_free(struct seen *seen)
{
    free(seen->entries);
    *seen = (struct seen){0};
}
