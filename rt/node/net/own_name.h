/* By which names and addresses this node can be reached, so that what is meant for it stays here. */
#ifndef RT_NODE_NET_OWN_NAME_H
#define RT_NODE_NET_OWN_NAME_H

#include "rt/node/net/net_state.h"

/* Whether `host` and `port` lead to this node's listener, as far as that can be told at once: an address,
 * localhost, a name in the machine's own list. A name that only a name service knows does not count. */
bool own_name_is(struct net *net, const char *host, uint16_t port);

#endif
