/* A simulated world for state machines: one clock, events in the order of their
 * times, every choice from one seed. A run is a function of its seed alone, so a
 * failure is seen again with `sim SCENARIO --seeds N`.
 *
 * A scenario builds a world, lets it run, does harm to it, and checks all the
 * time what must hold. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_US     INT64_C(1000)
#define WORLD_MS     (1000 * WORLD_US)
#define WORLD_SECOND (1000 * WORLD_MS)

struct world {
    const char *scenario;
    uint64_t seed, random;
    int64_t now;    /* begins at one second */
    uint64_t steps; /* events that have happened */
    bool is_verbose;
    struct world_event *heap; /* by time, then by number */
    size_t n_events, capacity;
    uint64_t n_made;
};

typedef void world_action(void *context, uint64_t a, uint64_t b);

void world_init(struct world *world, const char *scenario, uint64_t seed, bool is_verbose);
void world_free(struct world *world);

/* A number below `below` (> 0); true in `percent` of 100 cases; a time, short ones
 * being likelier than long ones. */
uint64_t world_random(struct world *world, uint64_t below);
bool world_chance(struct world *world, unsigned percent);
int64_t world_time(struct world *world, int64_t longest_ns);

/* Has it done after that time. */
void world_after(struct world *world, int64_t delay_ns, world_action *action, void *context, uint64_t a,
                 uint64_t b);
/* The next event. False: there is none. */
bool world_step(struct world *world);
/* All events up to that time. */
void world_run(struct world *world, int64_t until);

/* What must hold does not: says what, when, and the seed; ends the program. */
__attribute__((noreturn, format(printf, 2, 3))) void world_fail(struct world *world, const char *format, ...);
__attribute__((format(printf, 2, 3))) void world_trace(struct world *world, const char *format, ...);

/* A scenario: a row of `scenarios` in sim.c. */
typedef void world_scenario(struct world *world);

#endif
