/* What a target remembers of moves: so that an answer stays the same whenever it
 * is asked for (move.h). A source says with each PREPARE which of its moves are
 * over, so that little is kept. */
#include <stdlib.h>

#include "rt/node/move/move_state.h"
#include "rt/os/sizes.h"

struct move_memory *memory_find(struct moves *ms, struct move_id move)
{
    return move_map_get(&ms->memory, move);
}

/* The list of its source, or that of promises. NULL: no memory. */
static struct move_memories *list_of(struct moves *ms, uint32_t from)
{
    if (from < ms->n_from) return &ms->from[from];
    size_t n = (size_t)from + 16;
    struct move_memories *more = items_resize(ms->from, n, sizeof *more);
    if (!more) return NULL;
    for (size_t i = ms->n_from; i < n; i++)
        more[i] = (struct move_memories){0};
    ms->from = more;
    ms->n_from = n;
    return &more[from];
}

bool memory_is_full(const struct moves *ms, uint32_t from)
{
    return from < ms->n_from && ms->from[from].n >= MOVE_REMEMBER_MAX;
}

static struct move_memory *add(struct moves *ms, struct move_memories *list, struct move_id move,
                               enum move_outcome outcome, uint32_t asker)
{
    struct move_memory *e = list ? malloc(sizeof *e) : NULL;
    if (!e) return NULL;
    *e = (struct move_memory){.move = move,
                              .outcome = outcome,
                              .asker = asker,
                              .until = ms->now + MOVE_REMEMBER_NS,
                              .prev = ms->all_memories.last,
                              .from_prev = list->last};
    if (!move_map_put(&ms->memory, move, e)) {
        free(e);
        return NULL;
    }
    if (e->prev)
        e->prev->next = e;
    else
        ms->all_memories.first = e;
    if (e->from_prev)
        e->from_prev->from_next = e;
    else
        list->first = e;
    ms->all_memories.last = list->last = e;
    list->n++;
    return e;
}

struct move_memory *memory_add(struct moves *ms, struct move_id move, enum move_outcome outcome,
                               uint32_t from)
{
    return memory_is_full(ms, from) ? NULL : add(ms, list_of(ms, from), move, outcome, from);
}

struct move_memory *memory_promise(struct moves *ms, struct move_id move, uint32_t asker)
{
    assert(!memory_find(ms, move));
    return ms->promises.n >= MOVE_NEVER_MAX ? NULL : add(ms, &ms->promises, move, MOVE_NEVER, asker);
}

void memory_remove(struct moves *ms, struct move_memory *e)
{
    assert(e->outcome == MOVE_NEVER || e->asker < ms->n_from);
    struct move_memories *list = e->outcome == MOVE_NEVER ? &ms->promises : &ms->from[e->asker];
    if (e->prev)
        e->prev->next = e->next;
    else
        ms->all_memories.first = e->next;
    if (e->next)
        e->next->prev = e->prev;
    else
        ms->all_memories.last = e->prev;
    if (e->from_prev)
        e->from_prev->from_next = e->from_next;
    else
        list->first = e->from_next;
    if (e->from_next)
        e->from_next->from_prev = e->from_prev;
    else
        list->last = e->from_prev;
    list->n--;
    move_map_remove(&ms->memory, e->move);
    free(e);
}

void memory_settle(struct moves *ms, uint32_t from, uint64_t settled)
{
    if (from >= ms->n_from) return;
    struct move_memories *list = &ms->from[from];
    while (list->first && list->first->move.number < settled)
        memory_remove(ms, list->first);
}

void memory_expire(struct moves *ms)
{
    while (ms->all_memories.first && ms->all_memories.first->until <= ms->now)
        memory_remove(ms, ms->all_memories.first);
}

void memory_free(struct moves *ms)
{
    while (ms->all_memories.first)
        memory_remove(ms, ms->all_memories.first);
    free(ms->from);
    move_map_free(&ms->memory);
}
