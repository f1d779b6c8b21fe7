/* A host of a simulated world, and the run of a node on it: the true rt/node on
 * the simulated operating system of os.h. What the worker and the I/O thread of
 * a program do by turns happens here in events of the world. */
#ifndef TESTS_SIM_HOST_H
#define TESTS_SIM_HOST_H

#include "rt/actor/sched.h"
#include "rt/mem/node.h"
#include "rt/node/net/net_state.h"
#include "tests/sim/os.h"

#define HOST_PORT    4000
#define HOST_SENDERS 4

struct cluster;

struct sender {
    struct process *process; /* stands in queues of parked processes */
    bool is_parked;
};

struct host {
    struct cluster *cluster;
    unsigned index;
    uint32_t run; /* which one is here now, from 1; 0: none */
    int64_t died_ns;
    bool is_stopped, is_busy; /* the process; the worker alone */
    int64_t hindered_ns;      /* it could last not do what was due */
    bool is_round_planned;
    struct sender senders[HOST_SENDERS];
    /* The run. */
    struct node node;
    struct worker worker;
    struct scheduler sched;
};

void host_start(struct host *h, const struct channel_limits *limits, const struct peer_events *events);
/* kill -9 */
void host_kill(struct host *h);
/* The worker makes a round, soon. */
void host_plan_round(struct host *h);
static inline bool host_is_able(const struct host *h) { return h->run && !h->is_stopped && !h->is_busy; }

static inline struct host *host_of_worker(struct worker *w)
{
    return (struct host *)((char *)w - offsetof(struct host, worker));
}
/* The host where a peer is, and the run that it stands for (0: not known). */
unsigned host_of_peer(const struct peer *peer);
uint32_t run_of_peer(const struct peer *peer);

#endif
