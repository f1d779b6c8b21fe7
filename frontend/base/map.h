/* Hash map from pointers to pointers that iterates in insertion order, so that
 * dumps and output do not depend on addresses. */
#ifndef FRONTEND_BASE_MAP_H
#define FRONTEND_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "frontend/base/arena.h"

typedef struct Map Map;

Map *map_new(Arena *arena);
void *map_get(const Map *map, const void *key); /* NULL if absent */
bool map_has(const Map *map, const void *key);
void map_set(Map *map, const void *key, void *value);
size_t map_count(const Map *map);
const void *map_key_at(const Map *map, size_t index);
void *map_value_at(const Map *map, size_t index);

#endif
