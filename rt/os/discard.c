#include "rt/os/discard.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define SMALL_BYTES ((size_t)1 << 20)
/* What malloc has mapped for itself, always; its pages are given back so many at a time: while
 * a mapping is removed, which takes longer the more pages it has, nobody else can make one. */
#define MAPPED_BYTES ((size_t)32 << 20)
#define PIECE_BYTES  ((size_t)1 << 20)
#define PAGE_MAX     ((uintptr_t)1 << 16)

/* At the beginning of what is to be freed. */
struct block {
    struct block *next;
    size_t n;
};
static _Atomic(struct block *) blocks;
static _Atomic bool has_thread;

void discard(void *at, size_t n)
{
    if (!at || n <= SMALL_BYTES || !atomic_load(&has_thread)) {
        free(at);
        return;
    }
    struct block *block = at;
    block->n = n;
    block->next = atomic_load(&blocks);
    while (!atomic_compare_exchange_weak(&blocks, &block->next, block))
        ;
}

/* But for the first and the last page. */
static void give_pages_back(struct block *block)
{
    uintptr_t at = ((uintptr_t)(block + 1) + PAGE_MAX - 1) & ~(PAGE_MAX - 1);
    uintptr_t end = ((uintptr_t)block + block->n) & ~(PAGE_MAX - 1);
    for (size_t n; at < end; at += n) {
        n = end - at < PIECE_BYTES ? end - at : PIECE_BYTES;
        madvise((void *)at, n, MADV_DONTNEED);
    }
}

void discard_begin(void) { atomic_store(&has_thread, true); }

void discard_all(void)
{
    if (!atomic_load_explicit(&blocks, memory_order_relaxed)) return;
    for (struct block *block = atomic_exchange(&blocks, NULL), *next; block; block = next) {
        next = block->next;
        if (block->n > MAPPED_BYTES) give_pages_back(block);
        free(block);
    }
}
