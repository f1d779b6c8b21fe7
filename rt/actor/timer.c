#include "rt/actor/timer.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "rt/mem/heap.h"

void timers_init(struct timers *t)
{
    t->heap = NULL;
    t->n = t->capacity = 0;
    atomic_init(&t->first_ns, INT64_MAX);
}

static void put(struct timers *t, uint32_t i, struct timer timer)
{
    t->heap[i] = timer;
    timer.process->timer = i + 1;
}

static void note_first(struct timers *t)
{
    atomic_store_explicit(&t->first_ns, t->n ? t->heap[0].deadline_ns : INT64_MAX, memory_order_relaxed);
}

static void sift_up(struct timers *t, uint32_t i, struct timer timer)
{
    for (; i > 0 && t->heap[(i - 1) / 2].deadline_ns > timer.deadline_ns; i = (i - 1) / 2)
        put(t, i, t->heap[(i - 1) / 2]);
    put(t, i, timer);
}

static void sift_down(struct timers *t, uint32_t i, struct timer timer)
{
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child + 1 < t->n && t->heap[child + 1].deadline_ns < t->heap[child].deadline_ns) child++;
        if (child >= t->n || t->heap[child].deadline_ns >= timer.deadline_ns) break;
        put(t, i, t->heap[child]);
        i = child;
    }
    put(t, i, timer);
}

bool timers_add(struct timers *t, struct process *p, int64_t deadline_ns)
{
    assert(p->timer == 0);
    if (t->n == t->capacity) {
        uint32_t capacity = t->capacity ? 2 * t->capacity : 64;
        struct timer *heap = realloc(t->heap, (size_t)capacity * sizeof *heap);
        if (!heap) return false;
        heap_count_outside((ptrdiff_t)((capacity - t->capacity) * sizeof *heap));
        t->heap = heap;
        t->capacity = capacity;
    }
    sift_up(t, t->n++, (struct timer){deadline_ns, p});
    note_first(t);
    return true;
}

void timers_remove(struct timers *t, struct process *p)
{
    assert(p->timer > 0 && p->timer <= t->n && t->heap[p->timer - 1].process == p);
    uint32_t i = p->timer - 1;
    p->timer = 0;
    struct timer last = t->heap[--t->n];
    if (i < t->n) {
        if (i > 0 && t->heap[(i - 1) / 2].deadline_ns > last.deadline_ns)
            sift_up(t, i, last);
        else
            sift_down(t, i, last);
    }
    note_first(t);
}

struct process *timers_pop_due(struct timers *t, int64_t now_ns)
{
    if (t->n == 0 || t->heap[0].deadline_ns > now_ns) return NULL;
    struct process *p = t->heap[0].process;
    timers_remove(t, p);
    return p;
}
