/* What peer.c and peers.c have of each other. */
#ifndef RT_NODE_NET_PEERS_H
#define RT_NODE_NET_PEERS_H

#include "rt/node/net/net_state.h"

/* DIALS: the series ends without a connection; `down` is told. */
void peer_give_up(struct peer *peer, enum goodbye why);
/* The connection becomes the peer's, which is not UP. False: no memory. */
bool peer_go_up(struct peer *peer, struct conn *c);
/* An attempt to reach `peer` was refused by that run, which has proved itself. CONNECTED: the address
 * is another name of a peer that is up, whose connection takes what waits. NAME_IN_USE:
 * another node has the address where this one listens. */
void peer_is_refused(struct peer *peer, const uint8_t boot_id[BOOT_ID_BYTES], enum refusal why);
/* DIALS: all that waits for `peer` goes to `up`, which is UP; nobody is told of anything. */
void peer_pass_on(struct peer *peer, struct peer *up);
/* Whether that is a name of the peer. */
bool peers_is_name_of(const struct peer *peer, const char *host, uint16_t port);

/* The state changes: all changes of it go through here. */
void peer_become(struct peer *peer, enum peer_state state);
/* IDLE, and nobody refers to it. */
void peer_free(struct peer *peer);

/* peer_begin for what waits for nothing that is late; the peer is not IDLE. */
struct wire_buf *peer_begin_now(struct peer *peer, struct heading heading);
/* The parked ones wait with those that wait until the peer has taken enough. */
void peer_park_too(struct peer *peer, struct process_queue *parked);
/* Steps of messages that are being written and read, for at most so long. */
void peers_step(struct net *net, int64_t ns);
/* The node ends: all that is late is written. */
void peers_finish_large_out(struct net *net);

#endif
