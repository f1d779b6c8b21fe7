/* Walking and building lists in C. Lists come from the user: they may be
 * improper, and (as literals) circular. */
#ifndef RT_OBJ_LIST_H
#define RT_OBJ_LIST_H

#include "rt/mem/heap.h"

/*   struct list_cursor c = list_begin(list);
 *   while (list_next(&c)) ... c.item ...
 *   if (!list_ended_well(&c)) the list is improper or circular
 * Brent's method: the walk notices a cycle after at most three times its length. */
struct list_cursor {
    tt_word rest, item, mark;
    size_t steps, turn;
};

static inline struct list_cursor list_begin(tt_word list)
{
    return (struct list_cursor){.rest = list, .mark = TT_NONE, .turn = 64};
}

static inline bool list_next(struct list_cursor *c)
{
    if (!tt_is_pair(c->rest) || c->rest == c->mark) return false;
    if (++c->steps == c->turn) {
        c->mark = c->rest;
        c->turn *= 2;
    }
    c->item = tt_car(c->rest);
    c->rest = tt_cdr(c->rest);
    return true;
}

static inline bool list_ended_well(const struct list_cursor *c) { return c->rest == TT_NIL; }

/* A list under construction, from the front. The pairs are fresh, so setting
 * their cdrs is not yet a mutation. `list` is TT_FAIL once memory is exhausted,
 * or an item was TT_FAIL. */
struct list_builder {
    tt_word list, last;
};

static inline struct list_builder list_build(void) { return (struct list_builder){TT_NIL, TT_NIL}; }

static inline void list_add(struct worker *w, struct list_builder *b, tt_word item)
{
    if (b->list == TT_FAIL) return;
    tt_word pair = item == TT_FAIL ? TT_FAIL : heap_cons(w, item, TT_NIL);
    if (pair == TT_FAIL || b->list == TT_NIL)
        b->list = pair;
    else
        tt_pair(b->last)->cdr = pair;
    b->last = pair;
}

static inline void list_end_with(struct list_builder *b, tt_word tail)
{
    if (b->list == TT_NIL)
        b->list = tail;
    else if (b->list != TT_FAIL)
        tt_pair(b->last)->cdr = tail;
}

#endif
