/* Messages to a peer whose value is large: it is written in steps, between which
 * processes run, and behind it waits what keeps its order with it.
 *
 *   large_out_end --> [late: value so far] --steps--> whole --> channel, then those behind
 *
 * The message counts as sent when large_out_end returns: it goes out even if the sender
 * ends. If it turns out that it cannot travel, the sender gets the condition as a
 * signal, which its next receive raises. All of it belongs to the worker. */
#ifndef RT_NODE_NET_LARGE_OUT_H
#define RT_NODE_NET_LARGE_OUT_H

#include "rt/node/channel/packet.h"
#include "rt/node/net/peer.h"
#include "rt/wire/wire.h"

/* LOST: the node is out of reach. FAILED: the value cannot travel, or no memory. */
enum sending { SENDING_OK, SENDING_LOST, SENDING_FAILED };

struct large_out; /* in peer->large_out, oldest first */

/* Whether a message with that heading has to wait; then peer_begin takes one from here:
 * a buffer that ends with large_out_keep, or large_out_forget. NULL: no memory. */
bool large_out_blocks(const struct peer *peer, const struct heading *heading);
struct wire_buf *large_out_begin(struct peer *peer, struct heading heading);
bool large_out_keep(struct peer *peer);
void large_out_forget(struct peer *peer);
const struct wire_buf *large_out_draft(const struct peer *peer, struct heading *heading_out);

/* The value that is the rest of a message. */
struct large_out_value {
    tt_word value;
    bool is_image; /* of a process (wire_ends) */
    size_t most;   /* bytes, before compression; 0: as many as the peer takes */
    bool parks;    /* the process that runs waits until it is written; else it counts as sent at once */
    /* It cannot travel, which was found out later; `front` is what the message has in front of it. */
    void (*fail)(struct worker *w, struct peer *peer, struct packet *front, struct wire_failure *failure);
};

/* Instead of peer_end: the value is written later. False: no memory, nothing is sent. */
bool peer_end_large(struct worker *w, struct peer *peer, const struct large_out_value *value);

/* Ends the message that was begun with `out`: with its value at once or, if that is large, later.
 * FAILED: it cannot travel, and is abandoned; LOST: so is the connection. */
enum sending large_out_end(struct worker *w, struct peer *peer, struct wire_buf *out,
                           const struct large_out_value *value, struct wire_failure *failure);

/* A step of the oldest one that can make one. `hurry`: the node ends, no collection
 * will come any more. False: there is none, or they wait for a collection. */
bool large_out_step(struct peer *peer, bool hurry);
/* They go to another peer, which is UP. */
void large_out_pass_on(struct peer *peer, struct peer *up);
/* The connection is lost, and these with it: senders go on. */
void large_out_drop_all(struct peer *peer);

#endif
