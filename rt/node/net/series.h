/* Attempts to reach a node: when to try, when to give up, when a new series may
 * begin. Pure: the time and a random number go in.
 *
 *   begin --> attempt fails --> 0.1 s, 0.2 s, 0.4 s ... --> 4 s are over: give up
 *     ^                                                          |
 *     +------- 1 s, 2 s ... 10 s (60 s: other version) ----------+ */
#ifndef RT_NODE_NET_SERIES_H
#define RT_NODE_NET_SERIES_H

#include "rt/node/channel/channel.h"

#define SERIES_NS INT64_C(4000000000)
/* A handshake that has begun may last a little longer. */
#define SERIES_HANDSHAKE_NS INT64_C(5000000000)

struct series {
    int64_t since;       /* when the series began */
    int64_t next;        /* when the next attempt is due */
    int64_t retry_after; /* no new series before that */
    unsigned attempts;   /* of this series that failed */
    unsigned failures;   /* series since the last success */
};

bool series_may_begin(const struct series *s, int64_t now_ns);
void series_begin(struct series *s, int64_t now_ns);
/* An attempt failed; there are `addresses` to be tried in turn. `dice`: random. */
void series_attempt_failed(struct series *s, int64_t now_ns, unsigned addresses, uint32_t dice);
bool series_is_over(const struct series *s, int64_t now_ns);
/* The series ends without a connection, for that reason. */
void series_give_up(struct series *s, int64_t now_ns, enum goodbye why, uint32_t dice);
void series_succeed(struct series *s);

#endif
