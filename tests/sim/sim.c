/* sim [SCENARIO...] [--seeds A-B] [--verbose]: runs scenarios, each with every
 * seed. Ends at the first failure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/cluster.h"

static const struct {
    const char *name;
    world_scenario *run;
} scenarios[] = {
    {"cluster", cluster_run},
    {"crossing", cluster_crossing_run},
    {"half-open", cluster_half_open_run},
};

struct arguments {
    uint64_t first, last;
    bool is_verbose, names_one;
    bool wanted[sizeof scenarios / sizeof *scenarios];
};

static bool read_argument(struct arguments *a, const char *text, const char *next)
{
    if (strcmp(text, "--verbose") == 0) return a->is_verbose = true;
    if (strcmp(text, "--seeds") == 0 && next) {
        char *end;
        a->first = a->last = strtoull(next, &end, 10);
        if (*end == '-') a->last = strtoull(end + 1, &end, 10);
        return *end == 0;
    }
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        if (strcmp(text, scenarios[i].name) == 0) return a->names_one = a->wanted[i] = true;
    return false;
}

int main(int argc, char **argv)
{
    struct arguments a = {.first = 1, .last = 100};
    for (int i = 1; i < argc; i++) {
        if (!read_argument(&a, argv[i], argv[i + 1])) {
            fprintf(stderr, "usage: sim [SCENARIO...] [--seeds A-B] [--verbose]\n");
            return 64;
        }
        if (strcmp(argv[i], "--seeds") == 0) i++;
    }
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        for (uint64_t seed = a.first; seed <= a.last && (a.wanted[i] || !a.names_one); seed++) {
            struct world world;
            world_init(&world, scenarios[i].name, seed, a.is_verbose);
            scenarios[i].run(&world);
            world_free(&world);
        }
    printf("seeds %llu to %llu passed\n", (unsigned long long)a.first, (unsigned long long)a.last);
    return 0;
}
