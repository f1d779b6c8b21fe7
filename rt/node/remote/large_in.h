/* Frames of a peer that wait: those whose value is large, while it is read in steps
 * between which processes run, and those that must not pass them.
 *
 *   frame --held_take--> [held: oldest first] --steps, order--> remote_dispatch
 *
 * A frame is blocked by older ones with the same key, which is that of the sender: the
 * process that it goes to or is about. Of a frame whose key cannot be told here it is
 * enough that it is older, or that anything is older than it. */
#ifndef RT_NODE_REMOTE_LARGE_IN_H
#define RT_NODE_REMOTE_LARGE_IN_H

#include "rt/node/channel/packet.h"
#include "rt/node/net/peer.h"

struct held_frame;
struct held;

/* True: the frame is held, or the connection has been ended for want of memory. */
bool held_take(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n);
/* The frame's value, which has been read: as wire_get. */
bool held_value(const struct held_frame *h, tt_word *out, struct wire_failure *failure);
/* A step of each value; takes the frames that need not wait any more. False: nothing is held. */
bool held_step(struct worker *w, struct peer *peer);
/* All of them, at once. */
void held_finish(struct worker *w, struct peer *peer);

#endif
