/* Packets of a peer that wait: those whose value is large, while it is read in steps
 * between which processes run, and those that must not pass them.
 *
 *   packet --large_in_take--> [held: oldest first] --steps, order--> remote_dispatch
 *
 * A packet is blocked by older ones with the same key, which is that of the sender: the
 * process that it goes to or is about. Of a packet whose key cannot be told here it is
 * enough that it is older, or that anything is older than it. */
#ifndef RT_NODE_REMOTE_LARGE_IN_H
#define RT_NODE_REMOTE_LARGE_IN_H

#include "rt/node/channel/packet.h"
#include "rt/node/net/peer.h"

struct large_in_packet;
struct large_in;

/* True: the packet is held, or the connection has been ended for want of memory. */
bool large_in_take(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n);
/* The packet's value, which has been read: as wire_get. */
bool large_in_value(const struct large_in_packet *h, tt_word *out, struct wire_failure *failure);
/* A step of each value; takes the packets that need not wait any more. False: nothing is held. */
bool large_in_step(struct worker *w, struct peer *peer);
/* All of them, at once. */
void large_in_finish(struct worker *w, struct peer *peer);

#endif
