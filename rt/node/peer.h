/* A node that this one talks to, or tries to: who it is, the connection, and
 * what waits for it. Everything here belongs to the worker; only the socket and
 * the channel are shared with the link thread (rt/node/net.h).
 *
 *            send, monitor...        handshake done
 *   IDLE -------------------> DIALS -----------------> UP
 *    ^  \___ accepted, handshake done ________________/ |
 *    |          attempts failed for 4 s |               | connection ended
 *    +---- down(unreachable), wait a while +------------+ down(reason)
 *
 * A peer is known by its address until it has said its boot id. When another run
 * answers at that address, that is another peer; the old one is down (restarted).
 *
 * Every loss of a connection, and every series of attempts that failed, is told
 * once to the listeners: first peer_down, then (another connection) peer_up. */
#ifndef RT_NODE_PEER_H
#define RT_NODE_PEER_H

#include "rt/mem/worker.h"
#include "rt/node/channel.h"
#include "rt/obj/boots.h"

enum peer_state { PEER_IDLE, PEER_DIALS, PEER_UP };

struct conn;
struct remote; /* rt/node/remote.h: links, monitors, requests, moves with this peer */
struct process;

struct peer {
    enum peer_state state;
    uint32_t boot;      /* index in node.boots, 0: not known yet */
    char *host;         /* to be dialled; "" and 0: it must come to us */
    uint16_t port;
    uint64_t epoch;     /* how many connections there have been */
    struct conn *conn;  /* DIALS, UP */
    struct remote *remote;
    struct process *parked; /* senders that wait for credit */
    struct peer *next;  /* all peers of the node */
    /* The rest belongs to peer.c. */
    int64_t dials_since, next_attempt, retry_after;
    unsigned attempts;
    struct channel *waiting; /* messages from before the connection */
};

/* The peer of a pid, by the boot index in it. NULL: no memory. */
struct peer *peer_of_boot(struct node *node, uint32_t boot);
/* The peer at an address. NULL: no memory, or too many. */
struct peer *peer_of_address(struct node *node, const char *host, uint16_t port);

/* Begins a frame to it, connecting if need be: the caller appends the body and
 * calls peer_end (or peer_abandon). NULL: it cannot be reached now (attempts have
 * just failed, no address): nothing is sent. `key`: channel.h; the serial of the
 * process that it is for. */
struct wire_buf *peer_begin(struct peer *peer, enum control type, uint64_t key);
bool peer_end(struct peer *peer);
void peer_abandon(struct peer *peer);
/* So much waits for it that senders should be parked. */
bool peer_is_congested(const struct peer *peer);
/* What is written at once rather than at the next switch. */
void peer_flush(struct peer *peer);
/* Ends the connection: the peer broke the protocol, or is not wanted any more. */
void peer_drop(struct peer *peer, enum goodbye why);

/* Both directions of values: whose boot ids are 0 and 1 in a message. */
struct wire_ends;
struct wire_ends peer_ends_out(const struct peer *peer);
struct wire_ends peer_ends_in(const struct peer *peer);

/* What the layer above is told, in the worker, between two steps of processes. */
struct peer_events {
    void (*up)(struct worker *w, struct peer *peer);
    void (*down)(struct worker *w, struct peer *peer, enum goodbye why);
    /* False: the frame is none that a node sends; the connection ends. */
    bool (*message)(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n);
    /* Its own scheduler makes no progress (advisory), or does so again. */
    void (*stalled)(struct worker *w, struct peer *peer);
};

#endif
