/* One connection per pair of nodes: what to do with a peer that has dialled this
 * node and has proved itself. Pure. */
#ifndef RT_NODE_NET_JUDGE_H
#define RT_NODE_NET_JUDGE_H

#include "rt/node/net/handshake.h"

/* How long the old connection may take to show that it is alive. */
#define JUDGE_PROBE_NS INT64_C(2000000000)

struct judge_facts {
    bool is_self;       /* its boot id is ours */
    bool is_stopping;   /* this node is about to end */
    bool is_full;       /* no room for another peer */
    bool is_up;         /* a connection with the same boot id stands */
    bool address_is_up; /* one with another boot id, at the address where it says that it listens */
    bool is_dialled;    /* this node is dialling it */
    bool own_is_larger; /* this node's boot id, as a big-endian number */
};

enum judge_verdict { JUDGE_ACCEPT, JUDGE_REFUSE, JUDGE_PROBE /* the old connection, and judge again */ };

enum judge_verdict judge(const struct judge_facts *facts, enum refusal *why_out);

#endif
