#include "rt/os/discard.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SMALL_BYTES ((size_t)1 << 20)

/* Linked by their first words. */
static _Atomic(void *) blocks;
static _Atomic bool has_thread;

void discard(void *block, size_t n)
{
    if (!block || n <= SMALL_BYTES || !atomic_load(&has_thread)) {
        free(block);
        return;
    }
    void *next = atomic_load(&blocks);
    do
        *(void **)block = next;
    while (!atomic_compare_exchange_weak(&blocks, &next, block));
}

void discard_begin(void) { atomic_store(&has_thread, true); }

void discard_all(void)
{
    if (!atomic_load_explicit(&blocks, memory_order_relaxed)) return;
    for (void *block = atomic_exchange(&blocks, NULL), *next; block; block = next) {
        next = *(void **)block;
        free(block);
    }
}
