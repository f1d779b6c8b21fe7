#include "rt/wire/share.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define INITIAL_PAGES 16  /* a power of two */
#define KEPT_PAGES    256 /* a larger table does not outlive its message */
#define BLOCK_PAGES   64

struct share_block {
    struct share_block *next;
    uint32_t slots[BLOCK_PAGES * SHARE_PAGE_SLOTS];
};

static struct share_page *find(struct share_page *pages, size_t capacity, uintptr_t key)
{
    size_t mask = capacity - 1;
    for (size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;; i = (i + 1) & mask)
        if (!pages[i].slots || pages[i].key == key) return &pages[i];
}

static bool grow(struct share *share)
{
    size_t capacity = share->capacity ? 2 * share->capacity : INITIAL_PAGES;
    struct share_page *pages = calloc(capacity, sizeof *pages);
    if (!pages) return false;
    for (size_t i = 0; i < share->capacity; i++)
        if (share->pages[i].slots) *find(pages, capacity, share->pages[i].key) = share->pages[i];
    free(share->pages);
    share->pages = pages;
    share->capacity = capacity;
    return true;
}

/* Zeroed when they are given out: the block may have been used before. */
static uint32_t *new_slots(struct share *share)
{
    if (share->block_left == 0) {
        struct share_block *block = malloc(sizeof *block);
        if (!block) return NULL;
        block->next = share->blocks;
        share->blocks = block;
        share->block_left = BLOCK_PAGES;
    }
    uint32_t *slots = share->blocks->slots + (BLOCK_PAGES - share->block_left--) * SHARE_PAGE_SLOTS;
    return memset(slots, 0, SHARE_PAGE_SLOTS * sizeof *slots);
}

static uint32_t *slot_on_page(struct share *share, const void *address)
{
    assert(address);
    uintptr_t key = (uintptr_t)address >> SHARE_PAGE_BITS;
    if (2 * (share->n + 1) > share->capacity && !grow(share)) return NULL;
    struct share_page *page = find(share->pages, share->capacity, key);
    if (!page->slots) {
        page->slots = new_slots(share);
        if (!page->slots) return NULL;
        page->key = key;
        share->n++;
    }
    share->last = *page;
    return &page->slots[(uintptr_t)address / sizeof(uintptr_t) % SHARE_PAGE_SLOTS];
}

static bool move_to_pages(struct share *share)
{
    assert(!share->has_pages && share->n_few == SHARE_FEW);
    for (unsigned i = 0; i < share->n_few; i++) {
        uint32_t *slot = slot_on_page(share, share->few[i]);
        if (!slot) return false;
        *slot = share->few_numbers[i];
    }
    share->has_pages = true;
    return true;
}

uint32_t *share_slot_far(struct share *share, const void *address)
{
    if (share->has_pages) return slot_on_page(share, address);
    for (unsigned i = 0; i < share->n_few; i++)
        if (share->few[i] == address) return &share->few_numbers[i];
    if (share->n_few == SHARE_FEW) return move_to_pages(share) ? slot_on_page(share, address) : NULL;
    share->few[share->n_few] = address;
    share->few_numbers[share->n_few] = 0;
    return &share->few_numbers[share->n_few++];
}

static void free_blocks(struct share_block *block)
{
    for (struct share_block *next; block; block = next) {
        next = block->next;
        free(block);
    }
}

void share_reset(struct share *share)
{
    share->last = (struct share_page){0};
    share->n_few = 0;
    share->has_pages = false;
    if (share->n == 0) return;
    if (share->capacity > KEPT_PAGES) {
        free(share->pages);
        share->pages = NULL;
        share->capacity = 0;
    } else {
        memset(share->pages, 0, share->capacity * sizeof *share->pages);
    }
    share->n = 0;
    free_blocks(share->blocks->next);
    share->blocks->next = NULL;
    share->block_left = BLOCK_PAGES;
}

void share_free(struct share *share)
{
    free(share->pages);
    free_blocks(share->blocks);
    *share = (struct share){0};
}
