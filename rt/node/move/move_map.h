/* A hash table from the number of a move to a pointer, which is never NULL. */
#ifndef RT_NODE_MOVE_MOVE_MAP_H
#define RT_NODE_MOVE_MOVE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "rt/node/move/move.h"

struct move_map_entry {
    struct move_id move;
    void *value; /* NULL: free */
};

/* Zeros are an empty table. */
struct move_map {
    struct move_map_entry *entries;
    size_t capacity, n; /* a power of two; at most half of it used */
};

void *move_map_get(const struct move_map *map, struct move_id move); /* NULL: not there */
/* The number is not in the table yet. False: no memory. */
bool move_map_put(struct move_map *map, struct move_id move, void *value);
void move_map_remove(struct move_map *map, struct move_id move); /* if it is there */
void move_map_free(struct move_map *map);

#endif
