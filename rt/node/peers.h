/* What peer.c and peers.c have of each other. */
#ifndef RT_NODE_PEERS_H
#define RT_NODE_PEERS_H

#include "rt/node/net_state.h"

/* DIALS: the series ends without a connection; `down` is told. */
void peer_give_up(struct peer *peer, enum goodbye why);
/* The connection becomes the peer's, which is not UP. False: no memory. */
bool peer_go_up(struct peer *peer, struct conn *c);
/* An attempt to reach `peer` found a run that has a connection already: its
 * address is another name of that one. */
void peer_is_the_same(struct peer *peer, const uint8_t boot_id[BOOT_ID_BYTES]);

#endif
