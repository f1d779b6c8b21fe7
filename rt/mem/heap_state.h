/* The parts of a worker's heap, shared by the files of rt/mem only.
 *
 *   young_start                                            young_end
 *   | C area: c_next ->      c_limit | nursery: hp -> ...          |
 *
 * Owned by the worker's thread; libgc's marker reads it with that thread stopped. */
#ifndef RT_MEM_HEAP_STATE_H
#define RT_MEM_HEAP_STATE_H

#include "rt/mem/heap.h"

/* Old objects up to this size come from free lists filled in batches. */
#define GRANULE_BYTES  (2 * TT_W) /* a pair */
#define SMALL_GRANULES 32
static inline size_t granules_of(size_t bytes) { return (bytes + GRANULE_BYTES - 1) / GRANULE_BYTES; }

struct scanner {
    heap_minor_scanner *visit;
    void *context;
};

/* A growable array of words; never shrinks. */
struct word_list {
    tt_word *items;
    size_t n, capacity;
};

struct heap {
    tt_word young_start;
    size_t young_bytes;
    tt_word nursery; /* bottom of the part that compiled code allocates in */
    tt_word nursery_end;
    tt_word c_next, c_limit;

    /* Free objects of 1..SMALL_GRANULES granules, linked by their first word;
     * a root of libgc. Pointer-free objects come from libgc one by one, as
     * libgc would not see the links of a list of them. */
    void *free[SMALL_GRANULES + 1];

    /* During a collection: promoted objects (tagged) whose contents are still to
     * be visited. Room for every object that fits the young areas. */
    tt_word *grey, *grey_base;

    /* Old objects that C code made since the last minor collection: pairs
     * tagged, others as plain addresses. */
    struct word_list remembered;
    size_t remembered_bytes;
    size_t outside_bytes;   /* taken outside of the heap since the last minor collection */
    size_t unchecked_bytes; /* taken by C code since old_is_usable was asked */
    struct word_list slots; /* addresses of old slots that heap_write stored a young value in */

    struct scanner scanners[8];
    size_t n_scanners;

    const struct worker *worker;
    bool wants_collection;
    bool collect_always;
    tt_word given_limit; /* collect_always: end of what compiled code may have used */
    uint64_t minor_count, promoted_bytes;
};

/* Fills free[granules] and returns it; NULL when memory is exhausted. */
void *old_refill(struct heap *h, size_t granules);

/* A free small object, zero but for its first word; NULL when memory is exhausted. */
static inline void *small_take(struct heap *h, size_t granules)
{
    void *object = h->free[granules];
    if (__builtin_expect(!object, 0) && !(object = old_refill(h, granules))) return NULL;
    h->free[granules] = *(void **)object;
    return object;
}

/* From libgc, zero but for the caller's use; NULL when memory is exhausted. */
void *old_alloc(size_t bytes, bool atomic);
/* From the reserve too. */
void *old_alloc_reserved(size_t bytes);
/* Whether C code may take more small objects. May collect. */
bool old_is_usable(void);
/* Bytes the old generation uses now, and what counts with it; by how many steps that is beyond the limit (heap_level). */
size_t old_used_bytes(void);
unsigned old_level(void);
/* A minor collection may need so many bytes at once. */
void old_enlarge_reserve(size_t bytes);
/* libgc marks from this heap's young areas and lists as long as it exists. */
void old_register_heap(struct heap *h);

/* What weak sets hold and libgc has not marked leaves them (rt/mem/weak.c). All threads are stopped. */
void weak_after_marking(void);

/* While nothing is in it. */
void heap_enlarge_nursery(struct heap *h, size_t nursery_bytes);

_Noreturn void heap_panic(const char *what);

#endif
