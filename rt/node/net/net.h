/* The node's sockets: listener, connections, and who serves them when.
 *
 *   worker:       writes when a process has been switched away and something is
 *                 waiting, or much of it; reads between switches, and while idle
 *                 (it waits in the poller itself, so a message costs no wake-up
 *                 of another thread)
 *   I/O thread:  not registered with libgc, touches no collected memory. Sends
 *                 what must not stall (ticks, what a busy worker has left
 *                 unsent), and asks a busy worker to look up when input is there
 *
 * A connection's socket, TLS session and channel are shared: struct conn has a
 * lock, never held while values are made or Scheme runs. */
#ifndef RT_NODE_NET_NET_H
#define RT_NODE_NET_NET_H

#include "rt/node/net/peer.h"

struct net;

/* Prepares node.net: nothing is opened, no thread runs before it is needed. */
bool net_init(struct node *node, const struct peer_events *events);

/* Listens; the node's own address is host:port from then on (port 0: any free one;
 * boots_at(0) says which). False: *why_out says in one line why not. Refused: a
 * second listener at another address; an address beyond loopback without TLS; no
 * usable cookie. */
bool net_listen(struct node *node, const char *host, uint16_t port, const char **why_out);
/* Takes connections from now on: the top level of the program has run. False: it
 * did so before, or does not listen. */
bool net_accept(struct node *node);
bool net_is_listening(const struct node *node);
/* Listening, connected or connecting: messages may come from outside, so a node
 * whose processes all wait is no deadlock. */
bool net_is_alive(const struct node *node);

/* Nodes that this one remembers. */
size_t net_count_peers(const struct node *node);
/* Values that were written or read in steps (large_out.h, rt/node/remote/large_in.h) so far. */
uint64_t net_count_steps(const struct node *node);

/* The scheduler's view (called through node.idle and node.poll, rt/mem/node.h). */
/* Until something has come, at most so long. False: it was to be for ever
 * (INT64_MAX), and nothing can come. */
bool net_wait(struct node *node, int64_t pause_ns);
void net_poll(struct node *node); /* what is there, without waiting */

/* Says goodbye to all, waits at most 2 s for what is queued to go out. */
void net_stop(struct node *node);

#endif
