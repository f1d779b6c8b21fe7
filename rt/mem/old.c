/* The old generation: libgc's settings, its roots and its limit. */
#define GC_THREADS
#include <gc.h>
#include <gc/gc_mark.h>
#include <assert.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rt/mem/heap_state.h"
#include "rt/mem/limit.h"
#include "rt/os/huge.h"
#include "rt/os/output.h"

/* libgc's hooks have no context argument, so what they need is in this file's
 * variables. Written at start only: before the second thread exists. */
#define MAX_HEAPS          256
#define MAX_MAJOR_SCANNERS 16
static struct heap *heaps[MAX_HEAPS];
static size_t n_heaps;
static struct {
    heap_major_scanner *push;
    void *context;
} major_scanners[MAX_MAJOR_SCANNERS];
static size_t n_major_scanners;
static GC_push_other_roots_proc next_push_other_roots;
static size_t limit_bytes, reserve_bytes;
static _Atomic size_t outside_bytes; /* counted only: relaxed */

#define MIN_RESERVE_BYTES ((size_t)32 << 20)
#define INITIAL_BYTES     ((size_t)8 << 20)
#define LARGE_BYTES       ((size_t)64 << 10)
/* A heap of that size gets large pages where it grows, which it does by MAXHINCR (8 MB) then. */
#define HUGE_FROM_BYTES        ((size_t)16 << 20)
#define HUGE_PART_BYTES        ((size_t)8 << 20)
#define OBJECT_FRONT_MAX_BYTES 64 /* header, fields, rounding */

_Noreturn void heap_panic(const char *what)
{
    char text[200];
    int n = snprintf(text, sizeof text, "fatal: %s\n", what);
    output_abandon_all(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    exit(70);
}

/* Static data that may refer to the heap: the program's own, not that of shared libraries. */
static int GC_CALLBACK has_roots(const char *library, void *start, size_t size)
{
    (void)start, (void)size;
    return !library || !*library;
}

/* Of an executable without shared libraries libgc takes everything for static data. Its
 * code, scanned as if it were addresses, would cost time and, where an address is short,
 * make much of the heap look unfit for use. Symbols of the linker. */
extern char __executable_start[], etext[];
static void exclude_code(void) { GC_exclude_static_roots(__executable_start, etext); }

static void *out_of_memory(size_t bytes)
{
    (void)bytes;
    return NULL;
}

static void push_list(const struct word_list *list)
{
    if (list->n) GC_push_all(list->items, list->items + list->n);
}

static void push_value(const tt_word *value) { GC_push_all((void *)value, (void *)(value + 1)); }

static void push_heap(const struct heap *h)
{
    /* Where hp stands is not known here: what is left of earlier rounds counts too. */
    GC_push_all((void *)h->young_start, (void *)h->c_next);
    GC_push_all((void *)h->nursery, (void *)h->nursery_end);
    GC_push_all((void *)h->free, (void *)(h->free + SMALL_GRANULES + 1));
    push_list(&h->remembered);
    /* Addresses inside objects: only the eager form accepts those. */
    if (h->slots.n) GC_push_all_eager(h->slots.items, h->slots.items + h->slots.n);
    const struct worker *w = h->worker;
    push_value(&w->winds);
    push_value(&w->handlers);
    push_value(&w->params);
    push_value(&w->self_pid);
    push_value(&w->failure.irritants);
    push_value(&w->failure.raise);
    if (w->stack_base) GC_push_all(w->stack_base, w->stack_top);
    if (w->xargs) /* with `self` in front, see rt/code/xargs.h */
        GC_push_all((tt_word *)w->xargs - 1, (tt_word *)w->xargs + w->xargs_capacity);
}

static void GC_CALLBACK push_roots(void)
{
    if (next_push_other_roots) next_push_other_roots();
    for (size_t i = 0; i < n_heaps; i++)
        push_heap(heaps[i]);
    for (size_t i = 0; i < n_major_scanners; i++)
        major_scanners[i].push(major_scanners[i].context);
}

static void GC_CALLBACK note_event(GC_EventType event)
{
    if (event == GC_EVENT_MARK_END) weak_after_marking();
}

/* The new part has not been touched yet. Under libgc's lock. */
static void GC_CALLBACK note_growth(GC_word heap_bytes)
{
    if (heap_bytes >= HUGE_FROM_BYTES) huge_pages_ask(HUGE_PART_BYTES);
}

void heap_push(const void *start, const void *end)
{
    /* The eager form: scanners may push more ranges than libgc's mark stack holds. */
    GC_push_all_eager((void *)start, (void *)end);
}

void heap_add_major_scanner(heap_major_scanner *scanner, void *context)
{
    if (n_major_scanners == MAX_MAJOR_SCANNERS) heap_panic("too many root scanners");
    major_scanners[n_major_scanners].push = scanner;
    major_scanners[n_major_scanners++].context = context;
}

void old_register_heap(struct heap *h)
{
    if (n_heaps == MAX_HEAPS) heap_panic("too many workers");
    heaps[n_heaps++] = h;
}

/* On i386 libgc would have its heap as low as possible, where every small fixnum is the
 * address of an object. If the lowest page is taken at first, the system gives memory
 * from above, as it does on other machines. */
static void init_collector(void)
{
#if defined(__i386__)
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *lowest = mmap((void *)0x1000, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    GC_INIT();
    if (lowest != MAP_FAILED) munmap(lowest, size);
#else
    GC_INIT();
#endif
}

void heap_init_process(size_t max_heap_bytes)
{
    /* The default signals are SIGPWR and SIGXCPU, which belong to the user. */
    GC_set_suspend_signal(SIGRTMIN + 5);
    GC_set_thr_restart_signal(SIGRTMIN + 6);
    /* In the heap only tagged pointers to the beginning of an object count, and
     * no byte is added to each object; in C stacks any inner pointer does. */
    GC_set_all_interior_pointers(0);
    GC_set_handle_fork(0);
    GC_set_warn_proc(GC_ignore_warn_proc);
    GC_set_oom_fn(out_of_memory);
    GC_register_has_static_roots_callback(has_roots);
    /* What survives the nursery lives long: let the heap grow to twice the live
     * data before it is marked again. */
    GC_set_free_space_divisor(1);
    init_collector();
    exclude_code();
    for (size_t tag = 1; tag <= TT_TAG_FLONUM; tag++)
        GC_register_displacement(tag);
    limit_bytes = max_heap_bytes ? max_heap_bytes : limit_default_bytes();
    old_enlarge_reserve(limit_bytes / 8 > MIN_RESERVE_BYTES ? limit_bytes / 8 : MIN_RESERVE_BYTES);
    if (limit_bytes > INITIAL_BYTES) GC_expand_hp(INITIAL_BYTES);
    next_push_other_roots = GC_get_push_other_roots();
    GC_set_push_other_roots(push_roots);
    GC_set_on_collection_event(note_event);
    GC_set_on_heap_resize(note_growth);
}

void old_enlarge_reserve(size_t bytes)
{
    if (bytes <= reserve_bytes) return;
    reserve_bytes = bytes;
    GC_set_max_heap_size(limit_bytes + reserve_bytes);
}

size_t heap_limit_bytes(void) { return limit_bytes; }

size_t old_used_bytes(void)
{
    size_t outside = atomic_load_explicit(&outside_bytes, memory_order_relaxed);
    return GC_get_heap_size() - GC_get_free_bytes() + outside;
}

void heap_count_outside(ptrdiff_t bytes)
{
    size_t before = atomic_fetch_add_explicit(&outside_bytes, (size_t)bytes, memory_order_relaxed);
    assert(bytes >= 0 || before >= (size_t)-bytes);
    (void)before;
}

unsigned old_level(void)
{
    assert(reserve_bytes >= 8);
    size_t used = old_used_bytes();
    return used <= limit_bytes ? 0 : 1 + (unsigned)((used - limit_bytes) / (reserve_bytes / 8));
}

bool heap_leaves_room(size_t bytes)
{
    size_t used = old_used_bytes();
    return used < limit_bytes && bytes <= limit_bytes - used;
}

void heap_collect_major(void) { GC_gcollect(); }

/* A large request is refused before libgc tries to grow for it: growing there
 * would use up the reserve that small objects live on while an error is raised. */
static bool large_fits(size_t bytes)
{
    if (bytes > limit_bytes || bytes > OBJECT_MAX_BYTES + OBJECT_FRONT_MAX_BYTES) return false;
    if (old_used_bytes() + bytes <= limit_bytes) return true;
    GC_gcollect();
    return old_used_bytes() + bytes <= limit_bytes;
}

/* Not the `ignore_off_page` kind: a C function that walks an object may keep
 * nothing but a pointer to its middle. */
void *old_alloc(size_t bytes, bool atomic)
{
    if (bytes >= LARGE_BYTES && !large_fits(bytes)) return NULL;
    return atomic ? GC_malloc_atomic(bytes) : GC_malloc(bytes);
}

void *old_alloc_reserved(size_t bytes) { return GC_malloc(bytes); }

bool old_is_usable(void)
{
    if (old_level() <= HEAP_LEVELS + 2) return true;
    GC_gcollect();
    return old_level() <= HEAP_LEVELS + 2;
}

void *old_refill(struct heap *h, size_t granules)
{
    return h->free[granules] = GC_malloc_many(granules * GRANULE_BYTES);
}

void heap_stats(struct worker *w, struct heap_stats *out)
{
    *out = (struct heap_stats){
        .minor_count = w->heap->minor_count,
        .minor_bytes_promoted = w->heap->promoted_bytes,
        .major_count = GC_get_gc_no(),
        .heap_bytes = GC_get_heap_size(),
    };
}
