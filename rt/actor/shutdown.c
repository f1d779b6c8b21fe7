#include "rt/actor/shutdown.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/actor/leave.h"
#include "rt/actor/sched.h"
#include "rt/code/failure.h"
#include "rt/code/point.h"
#include "rt/mem/heap.h"
#include "rt/obj/symbol.h"

/* Serials of pids, oldest first; some have ended. */
struct listeners {
    size_t n, capacity;
    bool is_apart;   /* the orderly end is not the main process's work */
    bool main_ended; /* since, with this code: */
    int code;
    uint64_t serials[];
};

#define LISTENERS_AT_FIRST 16

static struct process *listener_at(struct worker *w, size_t i)
{
    struct process *p = process_at(w->node->processes, w->sched->listeners->serials[i]);
    return p && !p->is_supervised ? p : NULL;
}

static void drop_ended(struct worker *w)
{
    struct listeners *all = w->sched->listeners;
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (listener_at(w, i)) all->serials[n++] = all->serials[i];
    all->n = n;
}

/* For one more. At least every second place is free after it was needed, so that the ended ones
 * are looked for seldom. */
static bool make_room(struct worker *w)
{
    struct listeners *all = w->sched->listeners;
    if (all && all->n < all->capacity) return true;
    if (all) drop_ended(w);
    if (all && all->n <= all->capacity / 2) return true;
    size_t capacity = all ? 2 * all->capacity : LISTENERS_AT_FIRST;
    struct listeners *larger = realloc(all, sizeof *all + capacity * sizeof *all->serials);
    if (!larger) return false;
    if (!all) *larger = (struct listeners){0};
    larger->capacity = capacity;
    w->sched->listeners = larger;
    return true;
}

bool shutdown_accept(struct worker *w, struct process *p, bool is_last)
{
    if (p->hears_shutdown) return true;
    if (!make_room(w)) {
        heap_fail(w);
        return false;
    }
    struct listeners *all = w->sched->listeners;
    size_t at = is_last ? 0 : all->n;
    memmove(&all->serials[at + 1], &all->serials[at], (all->n - at) * sizeof *all->serials);
    all->serials[at] = process_serial(p);
    all->n++;
    p->hears_shutdown = true;
    return true;
}

struct process *shutdown_next(struct worker *w)
{
    struct listeners *all = w->sched->listeners;
    struct process *main = w->sched->main;
    if (main && main->hears_shutdown) {
        main->hears_shutdown = false;
        return main;
    }
    while (all && all->n > 0) {
        struct process *p = listener_at(w, all->n - 1);
        all->n--;
        if (p && p->hears_shutdown) {
            p->hears_shutdown = false; /* so that one that asks again is told again */
            return p;
        }
    }
    return NULL;
}

bool shutdown_outlives_main(struct worker *w, tt_word kind)
{
    struct listeners *all = w->sched->listeners;
    if (!all || !all->is_apart) return false;
    all->main_ended = true;
    all->code = kind == TT_SYM(NORMAL) ? 0 : EXIT_UNCAUGHT;
    w->sched->main = NULL;
    return true;
}

int shutdown_code(const struct worker *w)
{
    const struct listeners *all = w->sched->listeners;
    return all && all->main_ended ? all->code : node_stop_code(w->node);
}

void shutdown_begin(struct worker *w)
{
    struct scheduler *s = w->sched;
    assert(!s->running);
    tt_word hook = hook_closure(w, HOOK_SHUTDOWN);
    if (!s->main->hears_shutdown && sched_restart_main(w, hook)) return;
    if (s->listeners) s->listeners->is_apart = s->main->hears_shutdown;
    struct process *p = sched_new_process(w, hook);
    if (!p) node_leave(w->node, node_stop_code(w->node)); /* nothing can be orderly */
    sched_start(w, p);
}
