/* A simulated network for state machines: runs of nodes, connections that are
 * made, cut and lost. What is sent goes through the channels of rt/node (fragments, credit,
 * keys), their bytes with delays; a run that is busy takes none. Time is virtual, chance is seeded:
 * the same seed gives the same history. One per test; no memory is given back
 * before sim_free. */
#ifndef TESTS_SIM_SIM_WIRE_H
#define TESTS_SIM_SIM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt/node/channel/channel.h"

#define SIM_NODES 5  /* at a time */
#define SIM_RUNS  64 /* of nodes, over all; run 0 does not exist */
#define SIM_MS    INT64_C(1000000)

struct sim;
struct sim_events {
    void (*up)(void *context, unsigned run, unsigned peer);
    void (*down)(void *context, unsigned run, unsigned peer);
    void (*frame)(void *context, unsigned run, unsigned from, void *frame);
    void (*step)(void *context); /* something random of the test's own */
    void (*tick)(void *context, unsigned run);
};

struct sim *sim_new(uint64_t seed, const struct sim_events *events, void *context);
void sim_free(struct sim *sim);
void *sim_alloc(struct sim *sim, size_t n); /* zeros; lives as long as the simulation */

uint64_t sim_random(struct sim *sim, uint64_t below);
bool sim_chance(struct sim *sim, unsigned percent);
int64_t sim_now(const struct sim *sim);

/* A run that takes part from now on. */
unsigned sim_start_run(struct sim *sim);
void sim_kill_run(struct sim *sim, unsigned run);
bool sim_is_alive(const struct sim *sim, unsigned run);

/* False: it cannot be reached now. Connects if need be. The frame is as long as `n_bytes` more. */
bool sim_send(struct sim *sim, unsigned from, unsigned to, struct heading heading, size_t n_bytes,
              void *frame);
/* For so long it takes nothing of what comes. */
void sim_busy(struct sim *sim, unsigned run, int64_t ns);
void sim_cut(struct sim *sim, unsigned a, unsigned b);               /* the connection, if there is one */
void sim_block(struct sim *sim, unsigned a, unsigned b, bool block); /* no new ones */
void sim_heal(struct sim *sim);
/* Steps every so often, at random, until `until`; ticks go on after it. */
void sim_run(struct sim *sim, int64_t until, int64_t step_ns);

#endif
