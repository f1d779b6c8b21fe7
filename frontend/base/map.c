#include "frontend/base/map.h"

#include <stdint.h>
#include <string.h>

typedef struct Entry {
    const void *key;
    void *value;
} Entry;

struct Map {
    Arena *arena;
    Entry *entries; /* in insertion order */
    size_t count;
    uint32_t *slots; /* open addressing: index into entries plus 1, 0 = empty */
    size_t n_slots;  /* a power of two, at least twice the capacity of entries */
};

#define FIRST_SLOTS 16

Map *map_new(Arena *arena)
{
    Map *map = ARENA_NEW(arena, Map);
    map->arena = arena;
    return map;
}

static size_t hash_pointer(const void *key)
{
    uint64_t bits = (uint64_t)(uintptr_t)key;
    bits = (bits ^ (bits >> 32)) * 0x9e3779b97f4a7c15u;
    return (size_t)(bits ^ (bits >> 29));
}

/* The slot that holds `key`, or the empty one where it belongs. */
static uint32_t *find_slot(const Map *map, const void *key)
{
    size_t mask = map->n_slots - 1;
    size_t i = hash_pointer(key) & mask;
    while (map->slots[i] && map->entries[map->slots[i] - 1].key != key)
        i = (i + 1) & mask;
    return &map->slots[i];
}

static const Entry *find_entry(const Map *map, const void *key)
{
    if (!map->n_slots) return NULL;
    uint32_t slot = *find_slot(map, key);
    return slot ? &map->entries[slot - 1] : NULL;
}

void *map_get(const Map *map, const void *key)
{
    const Entry *entry = find_entry(map, key);
    return entry ? entry->value : NULL;
}

bool map_has(const Map *map, const void *key) { return find_entry(map, key) != NULL; }

static void grow(Map *map)
{
    size_t n_slots = map->n_slots ? map->n_slots * 2 : FIRST_SLOTS;
    Entry *entries = ARENA_ARRAY(map->arena, Entry, n_slots / 2);
    if (map->count) memcpy(entries, map->entries, map->count * sizeof(Entry));
    map->entries = entries;
    map->slots = ARENA_ARRAY(map->arena, uint32_t, n_slots);
    map->n_slots = n_slots;
    for (size_t i = 0; i < map->count; i++)
        *find_slot(map, entries[i].key) = (uint32_t)(i + 1);
}

void map_set(Map *map, const void *key, void *value)
{
    if (map->count * 2 == map->n_slots) grow(map);
    uint32_t *slot = find_slot(map, key);
    if (!*slot) {
        map->entries[map->count].key = key;
        *slot = (uint32_t)++map->count;
    }
    map->entries[*slot - 1].value = value;
}

size_t map_count(const Map *map) { return map->count; }
const void *map_key_at(const Map *map, size_t index) { return map->entries[index].key; }
void *map_value_at(const Map *map, size_t index) { return map->entries[index].value; }
