/* Numbers by address: what the encoder has met already. The first few addresses
 * stand in a row; when there are more, in pages: neighbours in memory, as the
 * elements of a fresh list are, share a page, so that a walk along a list costs
 * little more than an array. Objects do not move while this is in use. */
#ifndef RT_WIRE_SHARE_H
#define RT_WIRE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARE_FEW        16
#define SHARE_PAGE_BITS  10
#define SHARE_PAGE_SLOTS (((size_t)1 << SHARE_PAGE_BITS) / sizeof(uintptr_t))

struct share_page {
    uintptr_t key; /* address >> SHARE_PAGE_BITS */
    uint32_t *slots;
};

struct share {
    struct share_page last; /* the page asked for last */
    unsigned n_few;
    bool has_pages;           /* the few are there too */
    struct share_page *pages; /* hash table, at most half full; slots NULL: free */
    size_t n, capacity;
    struct share_block *blocks; /* memory of the slots */
    size_t block_left;
    const void *few[SHARE_FEW];
    uint32_t few_numbers[SHARE_FEW];
};

/* The slot when it is not on the page asked for last. */
uint32_t *share_slot_far(struct share *share, const void *address);
/* Empty again. */
void share_reset(struct share *share);
void share_free(struct share *share);

/* NULL: the address is on another page. */
static inline uint32_t *share_page_slot(const struct share_page *page, const void *address)
{
    if (page->key != (uintptr_t)address >> SHARE_PAGE_BITS || !page->slots) return NULL;
    return &page->slots[(uintptr_t)address / sizeof(uintptr_t) % SHARE_PAGE_SLOTS];
}

/* Number of the (word-aligned) address, 0 when it is new; NULL: no memory. The
 * slot is good until the next call. */
static inline uint32_t *share_slot(struct share *share, const void *address)
{
    uint32_t *slot = share_page_slot(&share->last, address);
    return slot ? slot : share_slot_far(share, address);
}

#endif
