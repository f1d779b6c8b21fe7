/* A hash table from two 64-bit numbers to a pointer, which is never NULL. */
#ifndef RT_NODE_CHANNEL_PAIRMAP_H
#define RT_NODE_CHANNEL_PAIRMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pairmap_entry {
    uint64_t a, b;
    void *value; /* NULL: free */
};

/* Zeros are an empty table. */
struct pairmap {
    struct pairmap_entry *entries;
    size_t capacity, n; /* a power of two; at most 3/4 of it used */
};

void *pairmap_get(const struct pairmap *map, uint64_t a, uint64_t b); /* NULL: not there */
/* The pair is not in the table yet. False: no memory. */
bool pairmap_put(struct pairmap *map, uint64_t a, uint64_t b, void *value);
void pairmap_remove(struct pairmap *map, uint64_t a, uint64_t b); /* if it is there */
void pairmap_free(struct pairmap *map);

#endif
