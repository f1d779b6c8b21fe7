#include "rt/actor/stats.h"

#include <inttypes.h>
#include <stdio.h>

#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/os/usage.h"

void stats_print(struct worker *w)
{
    struct heap_stats heap;
    heap_stats(w, &heap);
    const struct scheduler *s = w->sched;
    fprintf(stderr, "minor collections  %" PRIu64 ", %" PRIu64 " bytes promoted\n", heap.minor_count,
            heap.minor_bytes_promoted);
    fprintf(stderr, "major collections  %" PRIu64 ", heap of %" PRIu64 " bytes\n", heap.major_count,
            heap.heap_bytes);
    fprintf(stderr, "processes          %" PRIu64 " spawned, %zu alive at the end\n", s->spawned,
            s->n_processes);
    fprintf(stderr, "switches           %" PRIu64 ", of them %" PRIu64 " by preemption\n",
            atomic_load(&w->sched->switches), s->preempted);
    struct usage usage = usage_now();
    fprintf(stderr, "time               %.3f s user, %.3f s system\n", usage.user_s, usage.system_s);
    fprintf(stderr, "peak memory        %zu KB\n", usage.peak_kb);
}
