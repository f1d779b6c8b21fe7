#include "tests/sim/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct world_event {
    int64_t at;
    uint64_t number;
    world_action *action;
    void *context;
    uint64_t a, b;
};

void world_init(struct world *world, const char *scenario, uint64_t seed, bool is_verbose)
{
    *world = (struct world){
        .scenario = scenario, .seed = seed, .random = seed, .now = WORLD_SECOND, .is_verbose = is_verbose};
}

void world_free(struct world *world) { free(world->heap); }

/* -- chance */

/* splitmix64 */
static uint64_t next_random(struct world *world)
{
    uint64_t z = world->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint64_t world_random(struct world *world, uint64_t below) { return next_random(world) % below; }
bool world_chance(struct world *world, unsigned percent) { return world_random(world, 100) < percent; }

int64_t world_time(struct world *world, int64_t longest_ns)
{
    return (int64_t)world_random(world, (uint64_t)longest_ns >> world_random(world, 8)) + 1;
}

/* -- events */

static bool is_before(const struct world_event *a, const struct world_event *b)
{
    return a->at != b->at ? a->at < b->at : a->number < b->number;
}

static void swap(struct world_event *a, struct world_event *b)
{
    struct world_event c = *a;
    *a = *b;
    *b = c;
}

void world_after(struct world *world, int64_t delay_ns, world_action *action, void *context, uint64_t a,
                 uint64_t b)
{
    if (world->n_events == world->capacity) {
        world->capacity = world->capacity ? 2 * world->capacity : 64;
        world->heap = realloc(world->heap, world->capacity * sizeof *world->heap);
        if (!world->heap) abort();
    }
    size_t i = world->n_events++;
    world->heap[i] = (struct world_event){world->now + delay_ns, world->n_made++, action, context, a, b};
    for (; i > 0 && is_before(&world->heap[i], &world->heap[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&world->heap[i], &world->heap[(i - 1) / 2]);
}

static struct world_event pop_event(struct world *world)
{
    struct world_event first = world->heap[0], *heap = world->heap;
    heap[0] = heap[--world->n_events];
    for (size_t i = 0, child; (child = 2 * i + 1) < world->n_events; i = child) {
        if (child + 1 < world->n_events && is_before(&heap[child + 1], &heap[child])) child++;
        if (!is_before(&heap[child], &heap[i])) break;
        swap(&heap[child], &heap[i]);
    }
    return first;
}

bool world_step(struct world *world)
{
    if (world->n_events == 0) return false;
    struct world_event event = pop_event(world);
    world->now = event.at;
    world->steps++;
    event.action(event.context, event.a, event.b);
    return true;
}

void world_run(struct world *world, int64_t until)
{
    while (world->n_events && world->heap[0].at <= until)
        world_step(world);
    if (world->now < until) world->now = until;
}

/* -- words */

static void say(struct world *world, const char *kind, const char *format, va_list arguments)
{
    fprintf(stderr, "%s%10.6f ", kind, (double)world->now / 1e9);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void world_trace(struct world *world, const char *format, ...)
{
    if (!world->is_verbose) return;
    va_list arguments;
    va_start(arguments, format);
    say(world, "", format, arguments);
    va_end(arguments);
}

void world_fail(struct world *world, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(world, "FAILED at ", format, arguments);
    va_end(arguments);
    fprintf(stderr, "step %llu; again: sim %s --seeds %llu --verbose\n", (unsigned long long)world->steps,
            world->scenario, (unsigned long long)world->seed);
    exit(1);
}
