/* One round of the I/O thread (io_thread.c): all that it does but to sleep. */
#ifndef RT_NODE_NET_IO_DUTIES_H
#define RT_NODE_NET_IO_DUTIES_H

#include "rt/node/net/net_state.h"

/* Ticks, and what a busy worker has left unsent. Returns when the next tick is due. */
int64_t io_thread_tend(struct net *net);
/* There is something that only the worker can do. If nobody waits for the worker to
 * listen, the time is noted: until then it was not deaf (net.c: give_back). */
bool io_thread_wants_worker(struct net *net);

#endif
