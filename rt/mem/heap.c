/* Allocation from C, and what is remembered until the next minor collection. */
#include "rt/mem/heap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "rt/mem/heap_state.h"

#define NURSERY_BYTES ((size_t)2 << 20)
#define C_AREA_BYTES  ((size_t)512 << 10)
/* Larger ones go to the old generation at once, without a word on the area's being full. */
#define C_OBJECT_MAX_BYTES (C_AREA_BYTES / 8)
/* Covers header and fields of every type without values. */
#define ATOMIC_ZERO_BYTES ((size_t)32)
/* What may stand on the remembered lists before a minor collection is asked for:
 * it all is alive until then. */
#define REMEMBERED_MAX_BYTES ((size_t)16 << 20)
#define REMEMBERED_MAX       65536
/* C code looks at the limit when it has taken so much of the old generation. */
#define CHECK_BYTES ((size_t)64 << 10)
/* What may be taken outside of the heap before the limit is looked at. */
#define OUTSIDE_MAX_BYTES ((size_t)2 << 20)
#define CHAIN_BYTES       ((size_t)4096) /* of pairs, about what libgc gives */

/* Behind each area is a page of its own: the kernel likes to put mappings side by
 * side, and a limit that is the address of libgc's first object would keep it alive. */
#define GUARD_BYTES 4096

/* Failing to get this much address space at start leaves nothing to do. */
static void *map_area(size_t bytes)
{
    void *area = mmap(NULL, bytes + GUARD_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED) heap_panic("no memory for the nursery");
    return area;
}

static void map_young(struct heap *h, size_t nursery_bytes)
{
    nursery_bytes = (nursery_bytes + 4095) & ~(size_t)4095;
    h->young_bytes = C_AREA_BYTES + nursery_bytes;
    h->young_start = (tt_word)map_area(h->young_bytes);
    h->nursery = h->young_start + C_AREA_BYTES;
    h->nursery_end = h->nursery + nursery_bytes;
    h->c_next = h->young_start;
    h->c_limit = h->nursery;
    h->grey_base = h->grey = map_area(h->young_bytes);
    old_enlarge_reserve(8 * h->young_bytes);
}

void heap_enlarge_nursery(struct heap *h, size_t nursery_bytes)
{
    void *young = (void *)h->young_start, *grey = h->grey_base;
    size_t bytes = h->young_bytes;
    map_young(h, nursery_bytes);
    munmap(young, bytes + GUARD_BYTES);
    munmap(grey, bytes + GUARD_BYTES);
}

void heap_init_worker(struct worker *w, const struct heap_options *options)
{
    struct heap *h = calloc(1, sizeof *h);
    if (!h) heap_panic("no memory for a worker");
    map_young(h, options && options->nursery_bytes ? options->nursery_bytes : NURSERY_BYTES);
    h->collect_always = options && options->collect_always;
    h->given_limit = h->collect_always ? h->nursery : h->nursery_end;
    h->worker = w;
    w->heap = h;
    w->hp_limit = h->given_limit;
    old_register_heap(h);
}

tt_word heap_bottom(const struct worker *w) { return w->heap->nursery; }

tt_word heap_limit(const struct worker *w) { return w->heap->given_limit; }

bool heap_wants_collection(const struct worker *w) { return w->heap->wants_collection; }

bool heap_is_young(const struct worker *w, tt_word value)
{
    return tt_is_pointer(value) && value - w->heap->young_start < w->heap->young_bytes;
}

void heap_fail(struct worker *w)
{
    w->failure = (struct tt_failure){
        .condition = CONDITION_HEAP_EXHAUSTED, .operation = NULL, .irritants = TT_NIL, .raise = TT_NONE};
}

void heap_want_collection(struct worker *w)
{
    w->heap->wants_collection = true;
    w->hp_limit = 0;
    w->sp_limit = UINTPTR_MAX;
}

static void list_push(struct word_list *list, tt_word item)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 256;
        tt_word *items = realloc(list->items, capacity * sizeof *items);
        if (!items) heap_panic("no memory for the remembered list");
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = item;
}

static void remember(struct worker *w, tt_word object, size_t bytes)
{
    assert(!heap_is_young(w, object));
    struct heap *h = w->heap;
    list_push(&h->remembered, object);
    h->remembered_bytes += bytes;
    if (h->remembered.n >= REMEMBERED_MAX || h->remembered_bytes >= REMEMBERED_MAX_BYTES)
        heap_want_collection(w);
}

static void *area_take(struct heap *h, size_t bytes)
{
    assert(bytes % TT_ALIGN == 0 && h->c_next <= h->c_limit);
    if (bytes > h->c_limit - h->c_next) return NULL;
    void *object = (void *)h->c_next;
    h->c_next += bytes;
    return object;
}

/* Whether C code may have so many bytes more. */
static bool is_granted(struct heap *h, size_t bytes)
{
    h->unchecked_bytes += bytes;
    if (h->unchecked_bytes < CHECK_BYTES) return true;
    h->unchecked_bytes = 0;
    return old_is_usable();
}

bool heap_take_outside(struct worker *w, size_t bytes)
{
    struct heap *h = w->heap;
    if (!is_granted(h, bytes)) {
        heap_fail(w);
        return false;
    }
    heap_count_outside((ptrdiff_t)bytes);
    h->outside_bytes += bytes;
    if (h->outside_bytes >= OUTSIDE_MAX_BYTES) heap_want_collection(w);
    return true;
}

static void *small_alloc(struct heap *h, size_t bytes)
{
    void *object = small_take(h, granules_of(bytes));
    return object ? memset(object, 0, TT_W) : NULL;
}

static void *take_old(struct worker *w, size_t bytes, bool atomic)
{
    bool is_small = !atomic && bytes <= SMALL_GRANULES * GRANULE_BYTES;
    void *object = NULL;
    if (is_granted(w->heap, bytes))
        object = is_small ? small_alloc(w->heap, bytes) : old_alloc(bytes, atomic);
    if (!object) heap_fail(w);
    return object;
}

/* For an object that the C area had no room for. */
static void *old_take(struct worker *w, size_t bytes, bool atomic)
{
    if (bytes <= C_OBJECT_MAX_BYTES) heap_want_collection(w);
    return take_old(w, bytes, atomic);
}

/* What would wrap stays more than there can be. */
static size_t round_up(size_t bytes)
{
    const size_t most = SIZE_MAX & ~(size_t)(TT_ALIGN - 1);
    return bytes > most ? most : (bytes + TT_ALIGN - 1) & ~(size_t)(TT_ALIGN - 1);
}

/* The header and fields are zero, the bytes behind them the caller's to write:
 * debug builds make sure that nobody counts on what is there. */
static void *prepare_atomic(void *object, size_t bytes)
{
    size_t front = bytes < ATOMIC_ZERO_BYTES ? bytes : ATOMIC_ZERO_BYTES;
    memset(object, 0, front);
#ifndef NDEBUG
    memset((char *)object + front, 0xaa, bytes - front);
#endif
    return object;
}

static void *allocate(struct worker *w, size_t bytes, bool atomic)
{
    assert(bytes >= TT_W);
    bytes = round_up(bytes);
    if (bytes <= C_OBJECT_MAX_BYTES) {
        void *object = area_take(w->heap, bytes);
        if (object) return atomic ? prepare_atomic(object, bytes) : memset(object, 0, bytes);
    }
    void *object = old_take(w, bytes, atomic);
    if (!object) return NULL;
    if (atomic) return prepare_atomic(object, bytes);
    remember(w, (tt_word)object, bytes);
    return object;
}

void *heap_alloc(struct worker *w, size_t bytes) { return allocate(w, bytes, false); }

void *heap_alloc_atomic(struct worker *w, size_t bytes) { return allocate(w, bytes, true); }

void *heap_alloc_reserved(struct worker *w, size_t bytes)
{
    bytes = round_up(bytes);
    void *object = bytes <= C_OBJECT_MAX_BYTES ? area_take(w->heap, bytes) : NULL;
    if (object) return memset(object, 0, bytes);
    object = old_alloc_reserved(bytes);
    if (!object) {
        heap_fail(w);
        return NULL;
    }
    if (bytes <= C_OBJECT_MAX_BYTES) heap_want_collection(w);
    remember(w, (tt_word)object, bytes);
    return object;
}

void *heap_alloc_old(struct worker *w, size_t bytes) { return take_old(w, round_up(bytes), false); }

void *heap_alloc_old_atomic(struct worker *w, size_t bytes) { return take_old(w, round_up(bytes), true); }

tt_word heap_cons(struct worker *w, tt_word car, tt_word cdr)
{
    struct tt_pair *pair = area_take(w->heap, sizeof *pair);
    if (!pair) {
        pair = old_take(w, sizeof *pair, false);
        if (!pair) return TT_FAIL;
        remember(w, tt_tagged(pair, TT_TAG_PAIR), sizeof *pair);
    }
    *pair = (struct tt_pair){car, cdr};
    return tt_tagged(pair, TT_TAG_PAIR);
}

struct tt_pair *heap_take_pairs(struct worker *w, size_t n)
{
    assert(n > 0);
    return n <= C_OBJECT_MAX_BYTES / sizeof(struct tt_pair) ? area_take(w->heap, n * sizeof(struct tt_pair))
                                                            : NULL;
}

struct tt_pair *heap_take_old_pairs(struct worker *w)
{
    void **list = &w->heap->free[granules_of(sizeof(struct tt_pair))];
    void *chain = *list;
    if (!chain && is_granted(w->heap, CHAIN_BYTES))
        chain = old_refill(w->heap, granules_of(sizeof(struct tt_pair)));
    if (!chain) heap_fail(w);
    *list = NULL;
    return chain;
}

/* A chain may have been made meanwhile: that one goes, to libgc. */
void heap_give_old_pairs(struct worker *w, struct tt_pair *chain)
{
    void **list = &w->heap->free[granules_of(sizeof(struct tt_pair))];
    if (chain && !*list) *list = chain;
}

tt_word heap_flonum(struct worker *w, double number)
{
    struct tt_obj_FLONUM *flonum = heap_alloc_atomic(w, sizeof *flonum);
    if (!flonum) return TT_FAIL;
    flonum->header = TT_HEADER(TT_TYPE_FLONUM);
    flonum->number = number;
    return tt_tagged(flonum, TT_TAG_FLONUM);
}

void heap_write(struct worker *w, tt_word *slot, tt_word value)
{
    *slot = value;
    struct heap *h = w->heap;
    if (!heap_is_young(w, value) || (tt_word)slot - h->young_start < h->young_bytes) return;
    if (h->slots.n && h->slots.items[h->slots.n - 1] == (tt_word)slot) return;
    list_push(&h->slots, (tt_word)slot);
    if (h->slots.n >= REMEMBERED_MAX) heap_want_collection(w);
}

void heap_add_minor_scanner(struct worker *w, heap_minor_scanner *scanner, void *context)
{
    struct heap *h = w->heap;
    if (h->n_scanners == sizeof h->scanners / sizeof h->scanners[0]) heap_panic("too many root scanners");
    h->scanners[h->n_scanners++] = (struct scanner){scanner, context};
}
