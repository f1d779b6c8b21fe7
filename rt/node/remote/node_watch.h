/* monitor-node: processes that hear of every loss of the connection to a node, and
 * of every series of attempts to reach it that failed. */
#ifndef RT_NODE_REMOTE_NODE_WATCH_H
#define RT_NODE_REMOTE_NODE_WATCH_H

#include "rt/mem/worker.h"

struct process;
struct peer;

/* `ref` is the tag that ends the watch (demonitor). False: no memory (failure is set). */
bool node_watch_add(struct worker *w, struct process *p, tt_word node, tt_word ref);
/* (node-down node reason epoch), (node-stalled node) to those who watch it. */
void node_watch_down(struct worker *w, const struct peer *peer, const char *reason);
void node_watch_stalled(struct worker *w, const struct peer *peer);
/* A node that cannot be reached at all. */
void node_watch_say_down(struct worker *w, struct process *p, tt_word node, const char *reason,
                         uint64_t epoch);

#endif
