/* Weak sets: open addressing, linear probing, at most half full. What a slot
 * holds is hidden from libgc; after each marking, with all threads stopped, the
 * slots of unmarked members become vacant (a probe goes on behind them). */
#define GC_THREADS
#include "rt/mem/weak.h"

#include <assert.h>
#include <gc.h>
#include <gc/gc_mark.h>
#include <stdlib.h>

#include "rt/mem/heap_state.h"

#define INITIAL_CAPACITY 1024 /* a power of two, like every capacity */

struct slot {
    tt_word hidden; /* ~member, 0: free */
    uint32_t hash;
    bool is_static;
    bool is_vacant; /* its member has died */
};

struct weak {
    struct slot *slots;
    size_t capacity;
    size_t n_used; /* members and vacant slots */
    size_t n;      /* members */
    struct weak *next;
};

/* All sets, for the collector's hook, which has no context argument. Changed under libgc's lock. */
static struct weak *sets;

static void sweep(struct weak *set)
{
    for (struct slot *slot = set->slots; slot < set->slots + set->capacity; slot++) {
        if (!slot->hidden || slot->is_static || slot->is_vacant || GC_is_marked(tt_words(~slot->hidden)))
            continue;
        assert(set->n > 0);
        slot->is_vacant = true;
        set->n--;
    }
}

void weak_after_marking(void)
{
    for (struct weak *set = sets; set; set = set->next)
        sweep(set);
}

static void *link_set(void *new_set)
{
    struct weak *set = new_set;
    set->next = sets;
    sets = set;
    return NULL;
}

struct weak *weak_new(void)
{
    struct weak *set = calloc(1, sizeof *set);
    struct slot *slots = calloc(INITIAL_CAPACITY, sizeof *slots);
    if (!set || !slots) {
        free(set);
        free(slots);
        return NULL;
    }
    heap_count_outside((ptrdiff_t)(INITIAL_CAPACITY * sizeof *slots));
    set->slots = slots;
    set->capacity = INITIAL_CAPACITY;
    GC_call_with_alloc_lock(link_set, set);
    return set;
}

static struct slot *free_slot(struct slot *slots, size_t capacity, uint32_t hash)
{
    assert((capacity & (capacity - 1)) == 0);
    size_t i = hash & (capacity - 1);
    while (slots[i].hidden)
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

/* To a size that suits the members: vacant slots go. */
static bool rebuild(struct weak *set)
{
    size_t capacity = INITIAL_CAPACITY;
    while (capacity < 4 * (set->n + 1))
        capacity *= 2;
    struct slot *slots = calloc(capacity, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i].hidden && !set->slots[i].is_vacant)
            *free_slot(slots, capacity, set->slots[i].hash) = set->slots[i];
    free(set->slots);
    heap_count_outside((ptrdiff_t)(capacity * sizeof *slots) - (ptrdiff_t)(set->capacity * sizeof *slots));
    set->slots = slots;
    set->capacity = capacity;
    assert(set->n <= capacity / 2);
    set->n_used = set->n;
    return true;
}

/* -- under libgc's lock ---------------------------------------------------- */

struct request {
    struct weak *set;
    uint32_t hash;
    weak_same *same;
    const void *key;
    tt_word object; /* 0: only look */
    bool is_static;
};

static struct slot *find(const struct request *r)
{
    struct slot *slots = r->set->slots;
    size_t mask = r->set->capacity - 1;
    for (size_t i = r->hash & mask; slots[i].hidden; i = (i + 1) & mask)
        if (slots[i].hash == r->hash && !slots[i].is_vacant && r->same(~slots[i].hidden, r->key))
            return &slots[i];
    return NULL;
}

static bool add(const struct request *r)
{
    struct weak *set = r->set;
    if (2 * (set->n_used + 1) > set->capacity && !rebuild(set)) return false;
    *free_slot(set->slots, set->capacity, r->hash) =
        (struct slot){.hidden = ~r->object, .hash = r->hash, .is_static = r->is_static};
    set->n++;
    set->n_used++;
    return true;
}

static void *serve(void *request)
{
    const struct request *r = request;
    const struct slot *slot = find(r);
    tt_word member = slot ? ~slot->hidden : 0;
    if (!member && r->object && add(r)) member = r->object;
    return (void *)member;
}

static void *serve_remove(void *request)
{
    const struct request *r = request;
    struct slot *slot = find(r);
    if (slot) {
        slot->is_vacant = true;
        r->set->n--;
    }
    return NULL;
}

tt_word weak_find(struct weak *set, uint32_t hash, weak_same *same, const void *key)
{
    struct request r = {set, hash, same, key, 0, false};
    return (tt_word)GC_call_with_alloc_lock(serve, &r);
}

tt_word weak_intern(struct weak *set, uint32_t hash, weak_same *same, const void *key, tt_word object)
{
    struct request r = {set, hash, same, key, object, false};
    return (tt_word)GC_call_with_alloc_lock(serve, &r);
}

tt_word weak_intern_static(struct weak *set, uint32_t hash, weak_same *same, const void *key, tt_word object)
{
    struct request r = {set, hash, same, key, object, true};
    return (tt_word)GC_call_with_alloc_lock(serve, &r);
}

void weak_remove(struct weak *set, uint32_t hash, weak_same *same, const void *key)
{
    struct request r = {set, hash, same, key, 0, false};
    GC_call_with_alloc_lock(serve_remove, &r);
}

struct visit {
    struct weak *set;
    void (*visit)(tt_word member, void *context);
    void *context;
};

static void *serve_each(void *request)
{
    const struct visit *v = request;
    for (const struct slot *slot = v->set->slots; slot < v->set->slots + v->set->capacity; slot++)
        if (slot->hidden && !slot->is_vacant) v->visit(~slot->hidden, v->context);
    return NULL;
}

void weak_each(struct weak *set, void (*visit)(tt_word member, void *context), void *context)
{
    struct visit v = {set, visit, context};
    GC_call_with_alloc_lock(serve_each, &v);
}

static void *count(void *set) { return (void *)((struct weak *)set)->n; }

size_t weak_count(struct weak *set) { return (size_t)GC_call_with_alloc_lock(count, set); }
