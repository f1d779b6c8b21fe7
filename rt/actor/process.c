#include "rt/actor/process.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/actor/link.h"
#include "rt/actor/sched.h"
#include "rt/code/failure.h"
#include "rt/code/stack.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"

struct process_table *process_table_new(size_t max_processes)
{
    struct process_table *table = calloc(1, sizeof *table);
    size_t most = (size_t)1 << TT_PID_INDEX_BITS;
    if (max_processes > most) max_processes = most;
    table->max_slabs = (max_processes + PROCESS_SLAB_SIZE - 1) >> PROCESS_SLAB_BITS;
    table->slabs = calloc(table->max_slabs, sizeof *table->slabs);
    pthread_mutex_init(&table->lock, NULL);
    return table;
}

void process_each(const struct process_table *table, void (*visit)(struct process *, void *), void *context)
{
    for (size_t i = 0; i < table->n_slabs; i++)
        for (size_t k = 0; k < PROCESS_SLAB_SIZE; k++)
            visit(&table->slabs[i][k], context);
}

/* -- slots --------------------------------------------------------------- */

/* Takes a new slab for the worker. Its memory is the OS's zero pages until its
 * slots are used. */
static bool add_slab(struct worker *w)
{
    struct process_table *table = w->node->processes;
    size_t bytes = PROCESS_SLAB_SIZE * sizeof(struct process);
    if (!heap_take_outside(w, bytes)) return false;
    pthread_mutex_lock(&table->lock);
    bool has_room = table->n_slabs < table->max_slabs;
    size_t number = table->n_slabs;
    struct process *slab = has_room ? calloc(PROCESS_SLAB_SIZE, sizeof *slab) : NULL;
    if (slab) {
        table->slabs[number] = slab;
        __atomic_store_n(&table->n_slabs, number + 1, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&table->lock);
    if (!has_room)
        fail_condition(w, CONDITION_PROCESS_LIMIT, NULL, TT_NIL);
    else if (!slab)
        heap_fail(w);
    if (!slab) {
        heap_count_outside(-(ptrdiff_t)bytes);
        return false;
    }
    w->sched->fresh = slab;
    w->sched->fresh_end = slab + PROCESS_SLAB_SIZE;
    w->sched->fresh_index = (uint32_t)(number << PROCESS_SLAB_BITS);
    return true;
}

static struct process *take_fresh_slot(struct worker *w)
{
    struct scheduler *s = w->sched;
    if (s->fresh == s->fresh_end && !add_slab(w)) return NULL;
    struct process *p = s->fresh++;
    p->index = s->fresh_index++;
    return p;
}

struct process *process_new(struct worker *w)
{
    struct scheduler *s = w->sched;
    struct process *p = s->free_slots;
    if (p)
        s->free_slots = p->next;
    else if (!(p = take_fresh_slot(w)))
        return NULL;
    tt_word pid = near_pid(w, process_serial(p));
    if (pid == TT_FAIL) {
        p->next = s->free_slots;
        s->free_slots = p;
        return NULL;
    }
    assert(p->n_saved == 0 && !p->buffer_words && !p->mover && !p->timer && !p->inbound && !p->outbound);
    s->n_processes++;
    p->self = p->pid = pid;
    p->calls = TT_FALSE;
    mbox_init(&p->mbox);
    return p;
}

static void drop_buffer(struct process *p)
{
    free(p->buffer);
    heap_count_outside(-(ptrdiff_t)(p->buffer_words * TT_W));
    p->buffer_words = 0;
}

void process_clear(struct worker *w, struct process *p)
{
    assert(p->pid && !p->inbound && !p->outbound && !p->timer && !p->mover && w->sched->n_processes > 0);
    w->sched->n_processes--;
    p->pid = p->self = 0;
    mbox_clear(&p->mbox);
    if (p->buffer_words) drop_buffer(p);
    p->n_saved = 0;
    p->winds = p->handlers = p->params = TT_NIL;
    p->tag = 0;
    p->stack_told = 0;
    p->is_main = p->is_supervised = p->hears_shutdown = false;
    p->calls = TT_FALSE;
}

void process_free(struct worker *w, struct process *p)
{
    struct scheduler *s = w->sched;
    p->state = PROCESS_FREE;
    if (++p->serial >> TT_PID_SERIAL_BITS)
        return; /* all its pids are used up: the slot stays empty, so that no pid comes twice */
    p->next = s->free_slots;
    s->free_slots = p;
}

/* -- frames -------------------------------------------------------------- */

/* Where n words can be saved; NULL: no memory. */
static tt_word *reserve_saved(struct process *p, size_t n)
{
    if (p->buffer_words >= n && (n > PROCESS_INLINE_WORDS || p->buffer_words <= PROCESS_SAVE_KEEP_WORDS))
        return p->buffer;
    if (p->buffer_words) drop_buffer(p);
    if (n <= PROCESS_INLINE_WORDS) return p->saved;
    tt_word *buffer = malloc(n * TT_W);
    if (!buffer) return NULL;
    heap_count_outside((ptrdiff_t)(n * TT_W));
    p->buffer = buffer;
    p->buffer_words = (uint16_t)n;
    return buffer;
}

bool process_save(struct worker *w, struct process *p, tt_word *sp)
{
    assert(p->pid && sp <= w->stack_top);
    size_t n = (size_t)(w->stack_top - sp);
    tt_word *to = n <= PROCESS_SAVE_MAX_WORDS ? reserve_saved(p, n) : NULL;
    if (__builtin_expect(!to, 0)) {
        sp = stack_freeze(w, sp);
        if (!sp) return false;
        n = (size_t)(w->stack_top - sp);
        to = reserve_saved(p, n); /* what is left of a frozen stack fits the record */
    }
    for (size_t i = 0; i < n; i++)
        to[i] = sp[i];
    p->n_saved = (uint16_t)n;
    p->stack_told = w->stack_told;
    p->winds = w->winds;
    p->handlers = w->handlers;
    p->params = w->params;
    process_touch(w->sched, p);
    return true;
}

tt_word *process_load(struct worker *w, struct process *p)
{
    assert(p->n_saved > 0 && p->pid);
    size_t n = p->n_saved;
    const tt_word *from = process_saved(p);
    tt_word *sp = w->stack_top - n;
    w->stack_told = p->stack_told;
    for (size_t i = 0; i < n; i++)
        sp[i] = from[i];
    p->n_saved = 0;
    w->self_pid = p->self;
    w->winds = p->winds;
    w->handlers = p->handlers;
    w->params = p->params;
    return sp;
}

/* -- collectors' views --------------------------------------------------- */

static void visit_frames(struct worker *w, tt_word *frame, tt_word *end)
{
    for (; frame < end; frame = frame_next(frame))
        for (size_t i = 0, n = frame_slots(frame); i < n; i++)
            heap_visit(w, &frame[1 + i]);
}

static void visit_messages(struct worker *w, struct mbox *m)
{
    for (uint32_t i = m->scanned > m->head ? m->scanned : m->head; i < m->tail; i++)
        heap_visit(w, &m->entries[i].message);
    m->scanned = m->tail;
}

/* Only the processes that could have got a young object since the last time. */
static void scan_minor(struct worker *w, void *context)
{
    struct process *next;
    for (struct process *p = w->sched->dirty; p; p = next) {
        next = p->dirty_next;
        p->is_dirty = false;
        heap_visit(w, &p->self);
        heap_visit(w, &p->winds);
        heap_visit(w, &p->handlers);
        heap_visit(w, &p->params);
        heap_visit(w, &p->calls);
        visit_messages(w, &p->mbox);
        visit_frames(w, process_saved(p), process_saved(p) + p->n_saved);
    }
    w->sched->dirty = NULL;
    heap_visit(w, &w->winds);
    heap_visit(w, &w->handlers);
    heap_visit(w, &w->params);
}

/* Where pids and tags are objects; those that another node has made always are. */
static void push_identities(struct process *p)
{
    if (tt_is_pointer(p->pid)) heap_push(&p->pid, &p->pid + 1);
    if (tt_is_pointer(p->tag)) heap_push(&p->tag, &p->tag + 1);
    for (struct link *l = p->inbound; l; l = l->in_next)
        if (tt_is_pointer(l->ref)) heap_push(&l->ref, &l->ref + 1);
}

static void push_process(struct process *p, void *context)
{
    if (p->state == PROCESS_FREE) return;
    struct mbox *m = &p->mbox;
    heap_push(&p->self, p->buffer_words ? p->saved : p->saved + p->n_saved);
    if (p->buffer_words) heap_push(p->buffer, p->buffer + p->n_saved);
    if (m->entries != &m->first && m->live) heap_push(m->entries + m->head, m->entries + m->tail);
    push_identities(p);
}

static void scan_major(void *context)
{
    struct worker *w = context;
    heap_push(&w->winds, &w->params + 1);
    process_each(w->node->processes, push_process, NULL);
}

void process_register_scanners(struct worker *w)
{
    heap_add_minor_scanner(w, scan_minor, NULL);
    heap_add_major_scanner(scan_major, w);
}
