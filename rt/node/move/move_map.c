/* Open addressing, linear probing; a removal moves up what was displaced. */
#include "rt/node/move/move_map.h"

#include <stdlib.h>

#define MAP_FIRST 64

static size_t home_of(const struct move_map *map, struct move_id move)
{
    uint64_t h = (move.number + move.source * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xff51afd7ed558ccd);
    return (size_t)(h >> 32) & (map->capacity - 1);
}

static bool is_same(struct move_id a, struct move_id b)
{
    return a.source == b.source && a.number == b.number;
}

/* Where it is, or the free place where it would be. */
static struct move_map_entry *find(const struct move_map *map, struct move_id move)
{
    size_t i = home_of(map, move);
    while (map->entries[i].value && !is_same(map->entries[i].move, move))
        i = (i + 1) & (map->capacity - 1);
    return &map->entries[i];
}

void *move_map_get(const struct move_map *map, struct move_id move)
{
    return map->n ? find(map, move)->value : NULL;
}

static bool grow(struct move_map *map)
{
    struct move_map old = *map;
    map->capacity = old.capacity ? 2 * old.capacity : MAP_FIRST;
    map->entries = calloc(map->capacity, sizeof *map->entries);
    if (!map->entries) {
        *map = old;
        return false;
    }
    for (size_t i = 0; i < old.capacity; i++)
        if (old.entries[i].value) *find(map, old.entries[i].move) = old.entries[i];
    free(old.entries);
    return true;
}

bool move_map_put(struct move_map *map, struct move_id move, void *value)
{
    if (2 * (map->n + 1) > map->capacity && !grow(map)) return false;
    *find(map, move) = (struct move_map_entry){move, value};
    map->n++;
    return true;
}

void move_map_remove(struct move_map *map, struct move_id move)
{
    struct move_map_entry *e = map->n ? find(map, move) : NULL;
    if (!e || !e->value) return;
    size_t mask = map->capacity - 1, hole = (size_t)(e - map->entries);
    for (size_t i = (hole + 1) & mask; map->entries[i].value; i = (i + 1) & mask) {
        size_t home = home_of(map, map->entries[i].move);
        if (((i - home) & mask) < ((i - hole) & mask)) continue; /* it is not before its place there */
        map->entries[hole] = map->entries[i];
        hole = i;
    }
    map->entries[hole].value = NULL;
    map->n--;
}

void move_map_free(struct move_map *map)
{
    free(map->entries);
    *map = (struct move_map){0};
}
