/* Lists of integers in an arena that is reset between runs: no collector at all,
 * so the limit of what an allocation-bound program can reach. */
#ifndef LIST_H
#define LIST_H

#include <stdlib.h>

struct pair {
    long car;
    struct pair *cdr;
};

static struct pair *arena, *arena_free;

static void arena_open(size_t n_pairs) { arena = arena_free = malloc(n_pairs * sizeof *arena); }
static void arena_reset(struct pair *mark) { arena_free = mark; }

static struct pair *cons(long car, struct pair *cdr)
{
    struct pair *p = arena_free++;
    p->car = car;
    p->cdr = cdr;
    return p;
}

#endif
