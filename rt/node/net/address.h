/* NODE objects: host and port of where a node listens. A run that listens nowhere
 * has one too: port 0, and a host made from its boot id ("~" and 32 hexadecimal
 * digits); it can be reached over a connection that it has made. */
#ifndef RT_NODE_NET_ADDRESS_H
#define RT_NODE_NET_ADDRESS_H

#include "rt/mem/worker.h"

struct peer;

#define ADDRESS_RUN_HOST_CHARS 33

/* A NODE object; TT_FAIL: no memory. */
tt_word address_make(struct worker *w, const char *host, uint16_t port);
/* Of a run, by its index in node.boots; 0: this node. */
tt_word address_of_boot(struct worker *w, uint32_t boot);
tt_word address_of_peer(struct worker *w, const struct peer *peer);
/* Host and port as they are in the object. False: the host has bytes of value 0, or is too long. */
bool address_read(tt_word node, char host[256], uint16_t *port_out);
/* It is this node. */
bool address_is_here(struct worker *w, tt_word node);
/* Who is there; NULL: no memory, or an address that cannot be. */
struct peer *address_peer(struct worker *w, tt_word node);

#endif
