/* Names of other nodes that stand for processes which are not there: mail for such a name goes
 * straight to the process's own node, with the key of the process, so that it keeps its order
 * with mail that goes by the pid.
 *
 *   publish, end ... (service.c) --> names_tell_all --NAMED--> names_take --> [peer->remote->names]
 *   ! of a service (remote_send.c) --> names_find
 *
 * A node tells each peer of all such names when the connection is up, and of each change. What
 * a peer has named is forgotten with the connection. */
#ifndef RT_NODE_REMOTE_NAMES_H
#define RT_NODE_REMOTE_NAMES_H

#include "rt/node/channel/packet.h"
#include "rt/node/net/peer.h"

/* Most names that are kept of one peer, and how long they are; mail for others goes over it. */
#define NAMES_MAX      65536
#define NAME_MAX_BYTES 1024

struct names;

/* The key of mail to a name whose process is not known. Not a serial, not a request. */
uint64_t names_key(const uint8_t *name, size_t n);
/* The process that a name of the peer stands for, as it has said. NULL: it has not. */
const struct far *names_find(const struct peer *peer, const uint8_t *name, size_t n);

/* The name stands for that process of another node from now on; NULL: it does not. */
void names_tell_all(struct worker *w, const uint8_t *name, size_t n, const struct far *far);
void names_on_up(struct worker *w, struct peer *peer);
void names_forget_all(struct peer *peer);
/* Marks the runs that names refer to. */
void names_mark_runs(struct node *node);
/* A packet; false: not what a node sends. */
bool names_take(struct worker *w, struct peer *peer, struct packet *f);

#endif
