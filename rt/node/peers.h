/* What peer.c and peers.c have of each other. */
#ifndef RT_NODE_PEERS_H
#define RT_NODE_PEERS_H

#include "rt/node/net_state.h"

/* DIALS: the series ends without a connection; `down` is told. */
void peer_give_up(struct peer *peer, enum goodbye why);
/* The connection becomes the peer's, which is not UP. False: no memory. */
bool peer_go_up(struct peer *peer, struct conn *c);
/* An attempt to reach `peer` was refused by that run, because of a connection that
 * it has already. If it is one with this node, the address is another name of its
 * peer; else another node has the address where this one listens, which is
 * believed if the refusal is known to come from a node of the cluster. */
void peer_is_refused(struct peer *peer, const uint8_t boot_id[BOOT_ID_BYTES], bool is_proved);

#endif
