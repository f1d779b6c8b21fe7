/* Numbers by address: what the encoder has met already. Neighbours in memory,
 * as the elements of a fresh list are, share a page of the map, so that a walk
 * along a list costs little more than an array. Lives during one encoding;
 * objects do not move meanwhile. */
#ifndef RT_WIRE_SHARE_H
#define RT_WIRE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARE_PAGE_BITS  10
#define SHARE_PAGE_SLOTS (((size_t)1 << SHARE_PAGE_BITS) / sizeof(uintptr_t))

struct share_page {
    uintptr_t key; /* address >> SHARE_PAGE_BITS */
    uint32_t *slots;
};

struct share {
    struct share_page last;   /* the page asked for last */
    struct share_page *pages; /* hash table, at most half full; slots NULL: free */
    size_t n, capacity;
    struct share_block *blocks; /* memory of the slots */
    size_t block_left;
};

/* The page with that key, new ones with zeros; it is `last` now. False: no memory. */
bool share_find_page(struct share *share, uintptr_t key);
void share_free(struct share *share);

/* Number of the (word-aligned) address, 0 when it is new; NULL: no memory. */
static inline uint32_t *share_slot(struct share *share, const void *address)
{
    uintptr_t key = (uintptr_t)address >> SHARE_PAGE_BITS;
    if ((share->last.key != key || !share->last.slots) && !share_find_page(share, key)) return NULL;
    return &share->last.slots[(uintptr_t)address / sizeof(uintptr_t) % SHARE_PAGE_SLOTS];
}

#endif
