#include "tests/sim/sim_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_NS     (100 * SIM_MS)
#define ARENA_BYTES (256 * 1024)

enum end_state { END_IDLE, END_DIALS, END_UP, END_BROKEN, END_BACKOFF };

struct held {
    struct held *next;
    void *frame;
};

/* One side of a pair of runs. */
struct end {
    enum end_state state;
    uint64_t epoch;       /* of the connection that it is on, or dials for */
    int64_t last_arrival; /* of what it has sent: frames do not overtake */
    int64_t backoff_until;
    struct held *held, **held_end; /* sent while it dials */
};

enum what { TO_FRAME, TO_DOWN, TO_DIALED, TO_STEP, TO_TICK };

struct event {
    int64_t at;
    uint64_t order;
    enum what what;
    unsigned run, peer;
    uint64_t epoch;
    void *frame;
};

struct chunk {
    struct chunk *next;
    size_t used;
    char bytes[ARENA_BYTES];
};

struct sim {
    const struct sim_events *events;
    void *context;
    uint64_t random;
    int64_t now;
    uint64_t order, epochs;
    struct event *heap;
    size_t n, capacity;
    bool alive[SIM_RUNS], blocked[SIM_RUNS][SIM_RUNS];
    unsigned n_runs;
    struct end ends[SIM_RUNS][SIM_RUNS];
    struct chunk *chunks;
    int64_t step_ns;
};

void *sim_alloc(struct sim *sim, size_t n)
{
    n = (n + 15) & ~(size_t)15;
    if (n > ARENA_BYTES) abort();
    if (!sim->chunks || sim->chunks->used + n > ARENA_BYTES) {
        struct chunk *chunk = malloc(sizeof *chunk);
        if (!chunk) abort();
        chunk->next = sim->chunks;
        chunk->used = 0;
        sim->chunks = chunk;
    }
    void *p = sim->chunks->bytes + sim->chunks->used;
    sim->chunks->used += n;
    return memset(p, 0, n);
}

uint64_t sim_random(struct sim *sim, uint64_t below)
{
    uint64_t z = sim->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

bool sim_chance(struct sim *sim, unsigned percent) { return sim_random(sim, 100) < percent; }
int64_t sim_now(const struct sim *sim) { return sim->now; }
bool sim_is_alive(const struct sim *sim, unsigned run) { return run < SIM_RUNS && sim->alive[run]; }

/* -- the queue of events -------------------------------------------------- */

static bool is_before(const struct event *a, const struct event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void push(struct sim *sim, struct event event)
{
    if (sim->n == sim->capacity) {
        sim->capacity = sim->capacity ? 2 * sim->capacity : 1024;
        sim->heap = realloc(sim->heap, sim->capacity * sizeof *sim->heap);
        if (!sim->heap) abort();
    }
    event.order = ++sim->order;
    size_t i = sim->n++;
    for (; i > 0 && is_before(&event, &sim->heap[(i - 1) / 2]); i = (i - 1) / 2)
        sim->heap[i] = sim->heap[(i - 1) / 2];
    sim->heap[i] = event;
}

static struct event pop(struct sim *sim)
{
    struct event first = sim->heap[0], last = sim->heap[--sim->n];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < sim->n; i = child) {
        if (child + 1 < sim->n && is_before(&sim->heap[child + 1], &sim->heap[child])) child++;
        if (!is_before(&sim->heap[child], &last)) break;
        sim->heap[i] = sim->heap[child];
    }
    sim->heap[i] = last;
    return first;
}

/* Mostly short, now and then long. */
static int64_t delay(struct sim *sim)
{
    return 1 + (int64_t)sim_random(sim, (uint64_t)(sim_chance(sim, 5) ? 800 * SIM_MS : 2 * SIM_MS));
}

/* -- runs ------------------------------------------------------------------ */

struct sim *sim_new(uint64_t seed, const struct sim_events *events, void *context)
{
    struct sim *sim = calloc(1, sizeof *sim);
    if (!sim) abort();
    sim->events = events;
    sim->context = context;
    sim->random = seed * 7919 + 1;
    sim->n_runs = 1;
    return sim;
}

void sim_free(struct sim *sim)
{
    while (sim->chunks) {
        struct chunk *chunk = sim->chunks;
        sim->chunks = chunk->next;
        free(chunk);
    }
    free(sim->heap);
    free(sim);
}

unsigned sim_start_run(struct sim *sim)
{
    if (sim->n_runs == SIM_RUNS) abort();
    unsigned run = sim->n_runs++;
    sim->alive[run] = true;
    push(sim, (struct event){.at = sim->now + TICK_NS, .what = TO_TICK, .run = run});
    return run;
}

/* -- connections ----------------------------------------------------------- */

static void tell_down(struct sim *sim, unsigned run, unsigned peer)
{
    struct end *e = &sim->ends[run][peer];
    e->state = END_IDLE;
    e->held = NULL;
    if (sim->alive[run]) sim->events->down(sim->context, run, peer);
}

/* Each side notices at its own time; what is on its way before that may arrive. */
static void break_end(struct sim *sim, unsigned run, unsigned peer, int64_t within)
{
    struct end *e = &sim->ends[run][peer];
    if (e->state != END_UP) return;
    e->state = END_BROKEN;
    push(sim, (struct event){.at = sim->now + (int64_t)sim_random(sim, (uint64_t)within),
                             .what = TO_DOWN,
                             .run = run,
                             .peer = peer,
                             .epoch = e->epoch});
}

void sim_cut(struct sim *sim, unsigned a, unsigned b)
{
    int64_t within = sim_chance(sim, 50) ? 5 * SIM_MS : 3000 * SIM_MS;
    break_end(sim, a, b, within);
    break_end(sim, b, a, within);
}

void sim_block(struct sim *sim, unsigned a, unsigned b, bool block)
{
    sim->blocked[a][b] = sim->blocked[b][a] = block;
    if (block) sim_cut(sim, a, b);
}

void sim_heal(struct sim *sim) { memset(sim->blocked, 0, sizeof sim->blocked); }

void sim_kill_run(struct sim *sim, unsigned run)
{
    sim->alive[run] = false;
    for (unsigned peer = 1; peer < sim->n_runs; peer++)
        sim_cut(sim, run, peer);
}

static void deliver_later(struct sim *sim, unsigned from, unsigned to, void *frame)
{
    struct end *e = &sim->ends[from][to];
    int64_t at = sim->now + delay(sim);
    if (at < e->last_arrival) at = e->last_arrival;
    e->last_arrival = at;
    push(sim, (struct event){
                  .at = at, .what = TO_FRAME, .run = to, .peer = from, .epoch = e->epoch, .frame = frame});
}

bool sim_send(struct sim *sim, unsigned from, unsigned to, void *frame)
{
    struct end *e = &sim->ends[from][to];
    if (e->state == END_BACKOFF && e->backoff_until > sim->now) return false;
    if (e->state == END_BACKOFF || e->state == END_IDLE) {
        e->state = END_DIALS;
        e->held = NULL;
        e->held_end = &e->held;
        push(sim, (struct event){.at = sim->now + delay(sim),
                                 .what = TO_DIALED,
                                 .run = from,
                                 .peer = to,
                                 .epoch = e->epoch = ++sim->epochs});
    }
    if (e->state == END_UP) {
        deliver_later(sim, from, to, frame);
    } else if (e->state == END_DIALS) {
        struct held *held = sim_alloc(sim, sizeof *held);
        held->frame = frame;
        *e->held_end = held;
        e->held_end = &held->next;
    }
    return true; /* on a broken connection it is lost */
}

static void come_up(struct sim *sim, unsigned run, unsigned peer, uint64_t epoch)
{
    struct end *e = &sim->ends[run][peer];
    struct held *held = e->state == END_DIALS ? e->held : NULL;
    e->state = END_UP;
    e->epoch = epoch;
    e->held = NULL;
    for (; held; held = held->next)
        deliver_later(sim, run, peer, held->frame);
    sim->events->up(sim->context, run, peer);
}

/* The other side may not have noticed yet that the last connection is gone. */
static void finish_dialing(struct sim *sim, unsigned run, unsigned peer, uint64_t epoch)
{
    struct end *e = &sim->ends[run][peer], *other = &sim->ends[peer][run];
    if (!sim->alive[run] || e->state != END_DIALS || e->epoch != epoch) return;
    if (!sim->alive[peer] || sim->blocked[run][peer]) {
        tell_down(sim, run, peer);
        e->state = END_BACKOFF;
        e->backoff_until = sim->now + 2000 * SIM_MS;
        return;
    }
    if (other->state == END_BROKEN || other->state == END_UP) tell_down(sim, peer, run);
    come_up(sim, run, peer, epoch);
    come_up(sim, peer, run, epoch);
}

/* -- the loop --------------------------------------------------------------- */

static void handle(struct sim *sim, struct event event)
{
    struct end *e = &sim->ends[event.run][event.peer];
    switch (event.what) {
    case TO_FRAME:
        if (sim->alive[event.run] && (e->state == END_UP || e->state == END_BROKEN) &&
            e->epoch == event.epoch)
            sim->events->frame(sim->context, event.run, event.peer, event.frame);
        break;
    case TO_DOWN:
        if (e->state == END_BROKEN && e->epoch == event.epoch) tell_down(sim, event.run, event.peer);
        break;
    case TO_DIALED: finish_dialing(sim, event.run, event.peer, event.epoch); break;
    case TO_STEP:
        if (!sim->step_ns) break; /* one that was left over when the steps ended */
        sim->events->step(sim->context);
        push(sim, (struct event){.at = sim->now + 1 + (int64_t)sim_random(sim, (uint64_t)sim->step_ns),
                                 .what = TO_STEP});
        break;
    case TO_TICK:
        if (!sim->alive[event.run]) break;
        sim->events->tick(sim->context, event.run);
        push(sim, (struct event){.at = sim->now + TICK_NS, .what = TO_TICK, .run = event.run});
        break;
    }
}

void sim_run(struct sim *sim, int64_t until, int64_t step_ns)
{
    sim->step_ns = step_ns;
    if (step_ns) push(sim, (struct event){.at = sim->now, .what = TO_STEP});
    while (sim->n > 0 && sim->heap[0].at <= until) {
        struct event event = pop(sim);
        sim->now = event.at;
        handle(sim, event);
    }
    sim->now = until;
}
