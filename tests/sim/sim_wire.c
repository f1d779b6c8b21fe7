#include "tests/sim/sim_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_NS (100 * SIM_MS)
/* What the socket takes that the other side has not read. */
#define WINDOW_BYTES 8000

static const struct channel_limits limits = {
    .tick_timeout_ns = 1000000 * SIM_MS, /* silence is this file's affair */
    .fragment_bytes = 60,
    .packet_max_bytes = 200,
    .message_max_bytes = 100000,
    .credit_bytes = 4000,
    .streams_max = 4,
    .streams_max_bytes = 400000,
    .output_low_bytes = 200,
};
#define ARENA_BYTES (256 * 1024)

enum end_state { END_IDLE, END_DIALS, END_UP, END_BROKEN, END_BACKOFF };

/* One side of a pair of runs. */
struct end {
    enum end_state state;
    uint64_t epoch;       /* of the connection that it is on, or dials for */
    int64_t last_arrival; /* of what it has sent: bytes do not overtake */
    int64_t backoff_until;
    struct channel *channel; /* DIALS, UP, BROKEN */
    size_t flying;           /* bytes that the other side has not read */
    struct wire_buf inbox;   /* has come, not read yet */
    bool is_drain_planned;
};

enum what { TO_BYTES, TO_DRAIN, TO_DOWN, TO_DIALED, TO_STEP, TO_TICK };

struct event {
    int64_t at;
    uint64_t order;
    enum what what;
    unsigned run, peer;
    uint64_t epoch;
    size_t n; /* bytes */
    uint8_t *bytes;
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
    int64_t busy_until[SIM_RUNS];
    unsigned n_runs;
    struct end ends[SIM_RUNS][SIM_RUNS];
    struct chunk *chunks;
    void **frames; /* a message is the index of its frame here: as long on all machines */
    size_t n_frames;
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

static void close_channel(struct end *e)
{
    channel_free(e->channel);
    buf_free(&e->inbox);
    e->channel = NULL;
    e->inbox = (struct wire_buf){0};
    e->flying = 0;
    e->is_drain_planned = false;
}

void sim_free(struct sim *sim)
{
    for (size_t i = 0; i < sim->n; i++)
        free(sim->heap[i].bytes);
    for (unsigned a = 0; a < SIM_RUNS; a++)
        for (unsigned b = 0; b < SIM_RUNS; b++)
            close_channel(&sim->ends[a][b]);
    while (sim->chunks) {
        struct chunk *chunk = sim->chunks;
        sim->chunks = chunk->next;
        free(chunk);
    }
    free(sim->heap);
    free(sim->frames);
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
    close_channel(e);
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

static void fly(struct sim *sim, unsigned from, unsigned to, const uint8_t *bytes, size_t n)
{
    struct end *e = &sim->ends[from][to];
    uint8_t *copy = malloc(n);
    if (!copy) abort();
    memcpy(copy, bytes, n);
    int64_t at = sim->now + delay(sim);
    if (at < e->last_arrival) at = e->last_arrival;
    e->last_arrival = at;
    e->flying += n;
    push(sim,
         (struct event){
             .at = at, .what = TO_BYTES, .run = to, .peer = from, .epoch = e->epoch, .n = n, .bytes = copy});
}

/* What the channel has to write leaves together, as far as there is room for it. */
static void pump(struct sim *sim, unsigned from, unsigned to)
{
    struct end *e = &sim->ends[from][to];
    struct span spans[CHANNEL_SPANS];
    uint8_t bytes[WINDOW_BYTES];
    size_t n = 0;
    while (e->state == END_UP && e->flying + n < WINDOW_BYTES && channel_output(e->channel, spans) > 0) {
        size_t room = WINDOW_BYTES - e->flying - n, part = spans[0].n < room ? spans[0].n : room;
        memcpy(bytes + n, spans[0].bytes, part);
        channel_wrote(e->channel, part, sim->now);
        n += part;
    }
    if (n > 0) fly(sim, from, to, bytes, n);
}

struct receiver {
    struct sim *sim;
    unsigned run, from;
};

static bool on_message(void *context, enum control type, const uint8_t *body, size_t n)
{
    struct receiver *r = context;
    uint32_t index;
    memcpy(&index, body, sizeof index);
    r->sim->events->frame(r->sim->context, r->run, r->from, r->sim->frames[index]);
    return true;
}

static bool can_read(const struct sim *sim, const struct end *e, unsigned run, uint64_t epoch)
{
    return sim->alive[run] && (e->state == END_UP || e->state == END_BROKEN) && e->epoch == epoch;
}

/* Reads what has come, unless the run is busy. */
static void drain(struct sim *sim, unsigned run, unsigned peer)
{
    struct end *e = &sim->ends[run][peer], *other = &sim->ends[peer][run];
    if (sim->busy_until[run] > sim->now) {
        if (!e->is_drain_planned)
            push(sim, (struct event){.at = sim->busy_until[run],
                                     .what = TO_DRAIN,
                                     .run = run,
                                     .peer = peer,
                                     .epoch = e->epoch});
        e->is_drain_planned = true;
        return;
    }
    struct receiver receiver = {sim, run, peer};
    if (other->epoch == e->epoch) other->flying = other->flying > e->inbox.n ? other->flying - e->inbox.n : 0;
    size_t n = e->inbox.n;
    size_t used = channel_input(e->channel, e->inbox.bytes, n, sim->now,
                                &(struct channel_receiver){on_message, &receiver});
    if (channel_failure(e->channel)) abort();
    memmove(e->inbox.bytes, e->inbox.bytes + used, n - used);
    e->inbox.n = n - used;
    if (other->epoch == e->epoch) other->flying += e->inbox.n;
    pump(sim, run, peer);
    pump(sim, peer, run);
}

static void arrive(struct sim *sim, const struct event *event)
{
    struct end *e = &sim->ends[event->run][event->peer];
    if (!can_read(sim, e, event->run, event->epoch)) return;
    buf_put(&e->inbox, event->bytes, event->n);
    drain(sim, event->run, event->peer);
}

void sim_busy(struct sim *sim, unsigned run, int64_t ns) { sim->busy_until[run] = sim->now + ns; }

static struct channel *new_channel(struct sim *sim)
{
    struct channel *c = channel_new(&limits, sim->now);
    if (!c) abort();
    return c;
}

static uint32_t index_of_frame(struct sim *sim, void *frame)
{
    if (!(sim->n_frames & (sim->n_frames - 1))) { /* a power of two: full */
        sim->frames = realloc(sim->frames, (sim->n_frames ? 2 * sim->n_frames : 1) * sizeof *sim->frames);
        if (!sim->frames) abort();
    }
    sim->frames[sim->n_frames] = frame;
    return (uint32_t)sim->n_frames++;
}

bool sim_send(struct sim *sim, unsigned from, unsigned to, struct heading heading, size_t n_bytes,
              void *frame)
{
    struct end *e = &sim->ends[from][to];
    if (e->state == END_BACKOFF && e->backoff_until > sim->now) return false;
    if (e->state == END_BACKOFF || e->state == END_IDLE) {
        e->state = END_DIALS;
        close_channel(e);
        e->channel = new_channel(sim);
        push(sim, (struct event){.at = sim->now + delay(sim),
                                 .what = TO_DIALED,
                                 .run = from,
                                 .peer = to,
                                 .epoch = e->epoch = ++sim->epochs});
    }
    if (e->state == END_BROKEN) return true; /* it is lost */
    struct wire_buf *out = channel_begin(e->channel, heading);
    uint32_t index = index_of_frame(sim, frame);
    buf_put(out, &index, sizeof index);
    if (n_bytes > 0) memset(buf_room(out, n_bytes), 0, n_bytes);
    out->n += n_bytes;
    if (!channel_end(e->channel)) abort();
    pump(sim, from, to);
    return true;
}

static void come_up(struct sim *sim, unsigned run, unsigned peer, uint64_t epoch)
{
    struct end *e = &sim->ends[run][peer];
    if (e->state != END_DIALS) {
        close_channel(e);
        e->channel = new_channel(sim);
    }
    e->state = END_UP;
    e->epoch = epoch;
    e->flying = 0;
    sim->events->up(sim->context, run, peer);
    pump(sim, run, peer);
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
    case TO_BYTES:
        arrive(sim, &event);
        free(event.bytes);
        break;
    case TO_DRAIN:
        if (!can_read(sim, e, event.run, event.epoch)) break;
        e->is_drain_planned = false;
        drain(sim, event.run, event.peer);
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
