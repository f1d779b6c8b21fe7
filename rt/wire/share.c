#include "rt/wire/share.h"

#include <stdlib.h>

#define INITIAL_PAGES     16 /* a power of two */
#define FIRST_BLOCK_PAGES 4
#define BLOCK_PAGES       64

struct share_block {
    struct share_block *next;
    size_t n_pages;
    uint32_t slots[];
};

static struct share_page *find(struct share_page *pages, size_t capacity, uintptr_t key)
{
    size_t mask = capacity - 1;
    for (size_t i = (size_t)(key * (uintptr_t)0x9e3779b97f4a7c15u >> 16) & mask;; i = (i + 1) & mask)
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

static uint32_t *new_slots(struct share *share)
{
    if (share->block_left == 0) {
        size_t n_pages = share->blocks ? BLOCK_PAGES : FIRST_BLOCK_PAGES;
        struct share_block *block = calloc(1, sizeof *block + n_pages * SHARE_PAGE_SLOTS * sizeof(uint32_t));
        if (!block) return NULL;
        block->next = share->blocks;
        block->n_pages = n_pages;
        share->blocks = block;
        share->block_left = n_pages;
    }
    struct share_block *block = share->blocks;
    return block->slots + (block->n_pages - share->block_left--) * SHARE_PAGE_SLOTS;
}

bool share_find_page(struct share *share, uintptr_t key)
{
    if (2 * (share->n + 1) > share->capacity && !grow(share)) return false;
    struct share_page *page = find(share->pages, share->capacity, key);
    if (!page->slots) {
        page->slots = new_slots(share);
        if (!page->slots) return false;
        page->key = key;
        share->n++;
    }
    share->last = *page;
    return true;
}

void share_free(struct share *share)
{
    for (struct share_block *block = share->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(share->pages);
    *share = (struct share){0};
}
