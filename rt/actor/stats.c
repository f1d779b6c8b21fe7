#include "rt/actor/stats.h"

#include <inttypes.h>

#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/obj/log.h"
#include "rt/os/usage.h"

void stats_print(struct worker *w)
{
    struct heap_stats heap;
    heap_stats(w, &heap);
    const struct scheduler *s = w->sched;
    log_line(w->node, "minor collections  %" PRIu64 ", %" PRIu64 " bytes promoted", heap.minor_count,
             heap.minor_bytes_promoted);
    log_line(w->node, "major collections  %" PRIu64 ", heap of %" PRIu64 " bytes", heap.major_count,
             heap.heap_bytes);
    log_line(w->node, "processes          %" PRIu64 " spawned, %zu alive at the end", s->spawned,
             s->n_processes);
    log_line(w->node, "switches           %" PRIu64 ", of them %" PRIu64 " by preemption",
             atomic_load(&w->sched->switches), s->preempted);
    struct usage usage = usage_now();
    log_line(w->node, "time               %.3f s user, %.3f s system", usage.user_s, usage.system_s);
    log_line(w->node, "peak memory        %zu KB", usage.peak_kb);
}
