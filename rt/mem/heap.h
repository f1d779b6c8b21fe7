/* Memory of a worker: a nursery in front of libgc.
 *
 * Compiled code bump-allocates in the nursery with `hp` in a register up to
 * worker.hp_limit. C code never triggers a minor collection and never sees hp:
 * it has a small bump area of its own (collected together with the nursery) and
 * takes objects from libgc when that is full (worker.hp_limit is then lowered,
 * so that the next heap check collects). A C function may therefore hold values
 * in plain variables. An object from libgc whose fields point into the young
 * areas must be on the remembered list: heap_alloc_* take care of that by
 * remembering every old object they return until the next minor collection.
 * Minor collections run only inside tt_entry_slow and process switches, where
 * every live value is in a frame, a saved register or a process.
 *
 * libgc finds old objects conservatively from C stacks, the young areas, the
 * worker's stack chunk, the program's globals and the hooks below. */
#ifndef RT_MEM_HEAP_H
#define RT_MEM_HEAP_H

#include "rt/mem/worker.h"

/* Zero means the default: 2 MB of nursery. collect_always (the hostile build)
 * gives compiled code exactly the words it asked for, so that every allocation
 * point collects, and overwrites the old nursery. */
struct heap_options {
    size_t nursery_bytes;
    bool collect_always;
};

/* Once per OS process, before any thread: libgc's settings (signals, limits,
 * interior pointers). 0: 80 % of the machine's or the container's memory. */
void heap_init_process(size_t max_heap_bytes);
/* Sets w->heap and w->hp_limit; w must stay where it is. */
void heap_init_worker(struct worker *w, const struct heap_options *options);
/* The first value of `hp`. */
tt_word heap_bottom(const struct worker *w);
/* What w->hp_limit is when neither preemption nor a collection is wanted. */
tt_word heap_limit(const struct worker *w);
/* The C area is full, too much stands on the remembered list, or somebody asked. When this
 * becomes true, w->hp_limit is 0 and w->sp_limit UINTPTR_MAX, as for
 * preemption; tt_entry_slow then collects and restores both. */
bool heap_wants_collection(const struct worker *w);
void heap_want_collection(struct worker *w);

/* Largest string, vector or bytevector that is tried at all, in bytes of its elements:
 * lengths are fixnums, and the size of an object never overflows. */
#define OBJECT_MAX_BYTES ((size_t)TT_FIXNUM_MAX >> (TT_W == 8 ? 14 : 0))

/* Allocation from C. `bytes` includes the header word; at most 2^46, and with words of
 * 4 bytes 2^30. NULL only when memory is exhausted: heap_fail(w) has then filled worker.failure and the
 * primitive returns TT_FAIL. Contents are zero (= fixnum 0). */
void *heap_alloc(struct worker *w, size_t bytes);
/* No pointers inside (strings, bytevectors, bignums): not scanned by libgc. Only
 * the first 32 bytes, which hold header and fields, are zero. */
void *heap_alloc_atomic(struct worker *w, size_t bytes);
/* As heap_alloc, but what is beyond the limit (the reserve) may be used: for stacks, which
 * handlers capture while there is no other memory. */
void *heap_alloc_reserved(struct worker *w, size_t bytes);
tt_word heap_cons(struct worker *w, tt_word car, tt_word cdr);
tt_word heap_flonum(struct worker *w, double number);

/* The same, never young and never moved: for objects that tables outside of the
 * heap refer to. They must not point to young objects. */
void *heap_alloc_old(struct worker *w, size_t bytes);
void *heap_alloc_old_atomic(struct worker *w, size_t bytes);

/* Pairs in bulk. Young: n of them, one behind the other, or NULL when there is no
 * room (nothing is wrong then). Old: a chain of some, at least one, linked by their
 * first words to 0; what is left of it has to be given back. The caller fills each
 * pair before it takes another chain. */
struct tt_pair *heap_take_pairs(struct worker *w, size_t n);
struct tt_pair *heap_take_old_pairs(struct worker *w);
void heap_give_old_pairs(struct worker *w, struct tt_pair *chain);

bool heap_is_young(const struct worker *w, tt_word value);
/* Store into an existing object (boxes, promises, globals, process records): the
 * write barrier. `slot` stays registered until the next minor collection if
 * `value` is young and the slot is not. */
void heap_write(struct worker *w, tt_word *slot, tt_word value);

/* Minor collection; sets hp_limit so that w->want_words fit. All young objects reachable from the roots move
 * to libgc's heap; hp starts again at the nursery's bottom (returned). Roots: `n` words at `regs`, frames of
 * the stack chunk from sp up (rt/code/frames.h), the remembered list, and what the scanners give. */
tt_word heap_collect_minor(struct worker *w, tt_word *regs, size_t n, tt_word *sp);
/* 0: not more is alive than the limit allows. Else 1 + the number of steps (eighths of the
 * reserve) by which it is more, even after a full collection: at each level that is new the
 * running process should get HEAP_EXHAUSTED (heap_fail) instead of going on; the reserve
 * lets it raise, handle and report. Cheap while the memory in use is within the limit, or
 * within level `told`. To be asked right after a minor collection, with w->saved_sp true,
 * as it wipes what lies beyond. */
unsigned heap_level(struct worker *w, unsigned told);
/* Handlers may use up levels up to this one; C code gets no memory beyond the next but one. */
#define HEAP_LEVELS 4
/* Whether the limit leaves room for so many bytes outside of the heap (mailboxes). */
bool heap_leaves_room(size_t bytes);
/* Memory outside of the heap that counts against the limit, as what is alive in it does:
 * processes, mailboxes, links, tables. `bytes` more, or less. From any thread. */
void heap_count_outside(ptrdiff_t bytes);
/* The same for the running process, which hears soon when that is beyond the limit. False: not
 * even the reserve has room (heap_fail). */
bool heap_take_outside(struct worker *w, size_t bytes);
/* The limit. */
size_t heap_limit_bytes(void);
/* Fills w->failure with HEAP_EXHAUSTED. */
void heap_fail(struct worker *w);
/* Full collection of the old generation. */
void heap_collect_major(void);

/* A scanner calls heap_visit on each of its words that may be young (minor), or
 * heap_push on its ranges (libgc marking). */
typedef void heap_minor_scanner(struct worker *w, void *context);
typedef void heap_major_scanner(void *context);
void heap_add_minor_scanner(struct worker *w, heap_minor_scanner *scanner, void *context);
void heap_add_major_scanner(heap_major_scanner *scanner, void *context);
void heap_visit(struct worker *w, tt_word *slot);   /* slot := moved value */
void heap_push(const void *start, const void *end); /* conservative range, in a major scanner */

struct heap_stats {
    uint64_t minor_count, minor_bytes_promoted, major_count, heap_bytes;
};
void heap_stats(struct worker *w, struct heap_stats *out);

#endif
