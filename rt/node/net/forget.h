/* Forgetting peers that are gone: a node can meet as many others as it likes, one
 * after the other, and remembers the last ones, and those that something here still
 * refers to: a pid, a tag or a port of the run, a move, an answer that is owed.
 *
 * Who meets a forgotten run again meets a new one: it begins without links, as after
 * any loss of a connection, and with a higher epoch than all that were forgotten. */
#ifndef RT_NODE_NET_FORGET_H
#define RT_NODE_NET_FORGET_H

struct net;

/* So many peers that are gone are remembered in any case. */
#ifdef TT_HOSTILE
#define FORGET_REMEMBERED 4
#else
#define FORGET_REMEMBERED 1024
#endif

/* Forgets if there is much to be forgotten. While no process runs, and nothing in the
 * middle of a packet has a peer or the index of a run. */
void peers_forget(struct net *net);

#endif
