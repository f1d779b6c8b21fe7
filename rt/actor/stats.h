/* --termite-stats: what the runtime did, on standard error. */
#ifndef RT_ACTOR_STATS_H
#define RT_ACTOR_STATS_H

struct worker;

void stats_print(struct worker *w);

#endif
