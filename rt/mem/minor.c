/* Minor collection: what is reachable among the young objects moves to libgc's
 * heap. Everything is promoted at its first collection; what dies before costs
 * nothing. Iterative: visited objects wait on the grey stack, and a list is
 * followed along its cdrs without it.
 *
 * libgc may collect at any allocation in here. It then finds promoted objects
 * through the forwarding pointers in the young areas, which are its roots. */
#define GC_THREADS
#include <assert.h>
#include <gc.h>
#include <string.h>

#include "rt/code/frames.h"
#include "rt/mem/heap_state.h"
#include "rt/mem/layout.h"

static inline bool is_young(const struct heap *h, tt_word v)
{
    return tt_is_pointer(v) && v - h->young_start < h->young_bytes;
}

static void *checked(void *object)
{
    if (__builtin_expect(!object, 0)) heap_panic("out of memory in a minor collection");
    return object;
}

static void *take_words(struct heap *h, size_t n_words, bool atomic)
{
    size_t granules = granules_of(n_words * TT_W);
    h->promoted_bytes += granules * GRANULE_BYTES;
    if (!atomic && granules <= SMALL_GRANULES) return checked(small_take(h, granules));
    return checked(atomic ? GC_malloc_atomic(n_words * TT_W) : GC_malloc(n_words * TT_W));
}

/* Moves a pair without visiting it. */
static inline struct tt_pair *copy_pair(struct heap *h, struct tt_pair *old)
{
    struct tt_pair *copy = checked(small_take(h, 1));
    h->promoted_bytes += sizeof *copy;
    *copy = *old;
    old->car = TT_FORWARD;
    old->cdr = tt_tagged(copy, TT_TAG_PAIR);
    return copy;
}

/* Moves an object of n words; its first word becomes the forwarding pointer. */
static tt_word copy_words(struct heap *h, tt_word v, size_t n_words, bool atomic)
{
    tt_word *old = tt_words(v);
    tt_word *copy = take_words(h, n_words, atomic);
    memcpy(copy, old, n_words * TT_W);
    tt_word moved = tt_tagged(copy, tt_tag(v));
    old[0] = moved;
    if (!atomic) *h->grey++ = moved;
    return moved;
}

static tt_word move_pair(struct heap *h, tt_word v)
{
    struct tt_pair *old = tt_pair(v);
    if (old->car == TT_FORWARD) return old->cdr;
    tt_word moved = tt_tagged(copy_pair(h, old), TT_TAG_PAIR);
    *h->grey++ = moved;
    return moved;
}

static tt_word move_closure(struct heap *h, tt_word v)
{
    struct tt_closure *old = tt_closure(v);
    if (tt_is_closure(old->code)) return old->code;
    return copy_words(h, v, 1 + (size_t)tt_desc_of(old->code)->n_slots, false);
}

static tt_word move_object(struct heap *h, tt_word v)
{
    tt_word *old = tt_words(v);
    if (tt_tag(old[0]) != TT_TAG_HEADER) return old[0];
    return copy_words(h, v, layout_size_words(old), layout_of(old[0])->is_atomic);
}

/* Where young `v` is now. */
static inline tt_word move(struct heap *h, tt_word v)
{
    switch (tt_tag(v)) {
    case TT_TAG_PAIR: return move_pair(h, v);
    case TT_TAG_CLOSURE: return move_closure(h, v);
    default: return move_object(h, v);
    }
}

/* Of what is in a slot after its visit: no forwarding pointer is left, nothing
 * points to what is no object. For assertions: it reads every object again. */
__attribute__((unused)) static bool is_sound(tt_word v)
{
    switch (tt_tag(v)) {
    case TT_TAG_PAIR: return tt_car(v) != TT_FORWARD;
    case TT_TAG_OBJECT:
        return tt_tag(*tt_words(v)) == TT_TAG_HEADER && layout_of(*tt_words(v))->header_words > 0;
    case TT_TAG_FLONUM: return *tt_words(v) == TT_HEADER(TT_TYPE_FLONUM);
    case TT_TAG_CLOSURE: return !tt_is_closure(tt_closure(v)->code);
    default: return tt_is_fixnum(v) || tt_is_immediate(v);
    }
}

static inline void visit(struct heap *h, tt_word *slot)
{
    if (is_young(h, *slot)) *slot = move(h, *slot);
    assert(is_sound(*slot));
}

static inline void visit_range(struct heap *h, tt_word *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        visit(h, &from[i]);
}

static void visit_frames(struct heap *h, tt_word *from, const tt_word *end)
{
    for (tt_word *frame = from; frame < end;) {
        size_t n_slots = frame_slots(frame);
        visit_range(h, frame + 1, n_slots);
        frame += 1 + n_slots;
    }
}

/* Along the cdrs, so that a long list takes no grey stack and its pairs come to
 * lie in order. */
static void visit_list(struct heap *h, struct tt_pair *pair)
{
    for (;;) {
        visit(h, &pair->car);
        tt_word next = pair->cdr;
        if (!is_young(h, next)) return;
        if (!tt_is_pair(next) || tt_car(next) == TT_FORWARD) {
            pair->cdr = move(h, next);
            return;
        }
        struct tt_pair *copy = copy_pair(h, tt_pair(next));
        pair->cdr = tt_tagged(copy, TT_TAG_PAIR);
        pair = copy;
    }
}

static void visit_closure(struct heap *h, struct tt_closure *closure)
{
    visit_range(h, closure->slots, tt_desc_of(closure->code)->n_slots);
}

static void visit_object(struct heap *h, tt_word *object)
{
    const struct layout *layout = layout_of(object[0]);
    for (size_t i = 1; i < layout->header_words; i++)
        if (layout->is_ref[i]) visit(h, &object[i]);
    tt_word *tail = object + layout->header_words;
    if (layout->tail == LAYOUT_REFS)
        visit_range(h, tail, object[1]);
    else if (layout->tail == LAYOUT_FRAMES)
        visit_frames(h, tail, tail + object[1]);
}

static void visit_contents(struct heap *h, tt_word v)
{
    switch (tt_tag(v)) {
    case TT_TAG_PAIR: visit_list(h, tt_pair(v)); return;
    case TT_TAG_CLOSURE: visit_closure(h, tt_closure(v)); return;
    default: visit_object(h, tt_words(v));
    }
}

static void drain(struct heap *h)
{
    while (h->grey != h->grey_base)
        visit_contents(h, *--h->grey);
}

/* An entry is a tagged pair, or the address of an object or closure; one that
 * its maker gave up before filling it still begins with zero. */
static void visit_remembered(struct heap *h, tt_word entry)
{
    if (tt_is_pair(entry)) {
        visit_list(h, tt_pair(entry));
        return;
    }
    tt_word *object = (tt_word *)entry;
    if (tt_tag(object[0]) == TT_TAG_HEADER)
        visit_object(h, object);
    else if (object[0])
        visit_closure(h, (struct tt_closure *)object);
}

static void visit_remembered_lists(struct heap *h)
{
    for (size_t i = 0; i < h->remembered.n; i++)
        visit_remembered(h, h->remembered.items[i]);
    for (size_t i = 0; i < h->slots.n; i++)
        visit(h, (tt_word *)h->slots.items[i]);
    h->remembered.n = h->slots.n = 0;
    h->remembered_bytes = 0;
}

void heap_visit(struct worker *w, tt_word *slot) { visit(w->heap, slot); }

/* Whatever still points into the young areas now is an error of ours: in a
 * hostile build it must not go unnoticed. */
static void poison(struct heap *h)
{
    memset((void *)h->young_start, 0xdb, h->c_next - h->young_start);
    memset((void *)h->nursery, 0xdb, h->given_limit - h->nursery);
}

static void reset_young(struct worker *w)
{
    struct heap *h = w->heap;
    if (w->want_words * TT_W > h->nursery_end - h->nursery) /* one code point may want that much at once */
        heap_enlarge_nursery(h, w->want_words * TT_W);
    h->c_next = h->young_start;
    h->wants_collection = false;
    h->outside_bytes = 0;
    h->given_limit = h->collect_always ? h->nursery + w->want_words * TT_W : h->nursery_end;
    w->hp_limit = h->given_limit;
}

tt_word heap_collect_minor(struct worker *w, tt_word *regs, size_t n, tt_word *sp)
{
    struct heap *h = w->heap;
    assert(sp > w->stack_base && sp <= w->stack_top && h->grey == h->grey_base);
    h->minor_count++;
    visit_range(h, regs, n);
    visit(h, &w->winds);
    visit(h, &w->handlers);
    visit(h, &w->params);
    visit(h, &w->self_pid);
    visit_frames(h, sp, w->stack_top);
    visit_remembered_lists(h);
    for (size_t i = 0; i < h->n_scanners; i++)
        h->scanners[i].visit(w, h->scanners[i].context);
    drain(h);
    assert(h->remembered.n == 0 && h->slots.n == 0 && h->grey == h->grey_base);
    if (h->collect_always) poison(h);
    reset_young(w);
    return h->nursery;
}

/* Slots that a later call's frame leaves as they are would look alive to libgc. */
__attribute__((noinline)) static void wipe_c_stack(void)
{
    volatile tt_word dead[2048];
    for (size_t i = 0; i < sizeof dead / sizeof dead[0]; i++)
        dead[i] = 0;
}

/* What dead frames and the emptied nursery still say would keep garbage alive. */
static void wipe_stale(struct worker *w)
{
    struct heap *h = w->heap;
    wipe_c_stack();
    memset((void *)h->nursery, 0, h->nursery_end - h->nursery);
    if (w->saved_sp > w->stack_base && w->saved_sp <= w->stack_top)
        memset(w->stack_base, 0, (size_t)((char *)w->saved_sp - (char *)w->stack_base));
}

unsigned heap_level(struct worker *w, unsigned told)
{
    unsigned level = old_level();
    if (level <= told) return level;
    wipe_stale(w);
    heap_collect_major();
    return old_level();
}
