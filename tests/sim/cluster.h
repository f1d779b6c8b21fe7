/* Hosts with nodes that send each other numbered messages, the harm that is done
 * to them, and what must hold meanwhile and at the end (rt/node/PROTOCOL.md;
 * numbers of guarantees: G1 order, G2 at most once, no loss without an event, G3
 * bounds of detection, G6 credit). */
#ifndef TESTS_SIM_CLUSTER_H
#define TESTS_SIM_CLUSTER_H

#include "tests/sim/host.h"

#define CLUSTER_KEYS         3
#define CLUSTER_RUNS         1024 /* more than there ever are */
#define CLUSTER_MESSAGES_MAX 60000

/* What a node has accepted for sending. */
struct sent {
    uint32_t run;   /* of the sender */
    uint32_t downs; /* that its node had seen of that host before */
    uint8_t from, to, sender, key;
    bool has_come, is_last; /* is_last: of the quiet time at the end, must come */
};

struct cluster {
    struct world *world;
    struct channel_limits limits;
    unsigned n_hosts;
    uint32_t runs;
    bool is_quiet;
    struct host hosts[OS_HOSTS_MAX];
    int64_t apart_ns[OS_HOSTS_MAX][OS_HOSTS_MAX]; /* when they were last together, or apart */
    uint32_t downs[OS_HOSTS_MAX][OS_HOSTS_MAX];   /* that the present run has seen */
    /* The last message that came, + 1: by receiver, run and number of the sender, key. */
    uint32_t last[OS_HOSTS_MAX][CLUSTER_RUNS][HOST_SENDERS][CLUSTER_KEYS];
    struct sent *sent;
    uint32_t n_sent, n_come, n_downs, n_parked, n_refused;
};

void cluster_run(struct world *world);
void cluster_crossing_run(struct world *world);
void cluster_half_open_run(struct world *world);
/* After each round of a worker. */
void cluster_check_host(struct host *h);

#endif
