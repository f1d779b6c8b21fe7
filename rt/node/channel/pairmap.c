#include "rt/node/channel/pairmap.h"

#include <stdlib.h>

#define FIRST_CAPACITY 16

/* The numbers are counters and table indices of which a peer chooses some; a bad
 * choice makes its own records slow. */
static size_t place_of(const struct pairmap *map, uint64_t a, uint64_t b)
{
    uint64_t hash = (a ^ (b << 32 | b >> 32)) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return (size_t)(hash >> 32) & (map->capacity - 1);
}

/* The entry of that pair, or the free one where it would go. */
static struct pairmap_entry *find(const struct pairmap *map, uint64_t a, uint64_t b)
{
    for (size_t i = place_of(map, a, b);; i = (i + 1) & (map->capacity - 1)) {
        struct pairmap_entry *e = &map->entries[i];
        if (!e->value || (e->a == a && e->b == b)) return e;
    }
}

void *pairmap_get(const struct pairmap *map, uint64_t a, uint64_t b)
{
    return map->n ? find(map, a, b)->value : NULL;
}

static bool grow(struct pairmap *map)
{
    struct pairmap old = *map;
    map->capacity = old.capacity ? 2 * old.capacity : FIRST_CAPACITY;
    map->entries = calloc(map->capacity, sizeof *map->entries);
    if (!map->entries) {
        *map = old;
        return false;
    }
    for (size_t i = 0; i < old.capacity; i++)
        if (old.entries[i].value) *find(map, old.entries[i].a, old.entries[i].b) = old.entries[i];
    free(old.entries);
    return true;
}

bool pairmap_put(struct pairmap *map, uint64_t a, uint64_t b, void *value)
{
    if (map->n >= map->capacity / 4 * 3 && !grow(map)) return false;
    *find(map, a, b) = (struct pairmap_entry){a, b, value};
    map->n++;
    return true;
}

/* Closes the gap at `i`: what stands behind it moves up if that is nearer to its place. */
static void close_gap(struct pairmap *map, size_t i)
{
    size_t mask = map->capacity - 1;
    for (size_t k = (i + 1) & mask; map->entries[k].value; k = (k + 1) & mask) {
        size_t place = place_of(map, map->entries[k].a, map->entries[k].b);
        if (((k - place) & mask) < ((k - i) & mask)) continue;
        map->entries[i] = map->entries[k];
        i = k;
    }
    map->entries[i].value = NULL;
}

void pairmap_remove(struct pairmap *map, uint64_t a, uint64_t b)
{
    struct pairmap_entry *e = map->n ? find(map, a, b) : NULL;
    if (!e || !e->value) return;
    close_gap(map, (size_t)(e - map->entries));
    if (--map->n == 0) pairmap_free(map);
}

void pairmap_free(struct pairmap *map)
{
    free(map->entries);
    *map = (struct pairmap){0};
}
