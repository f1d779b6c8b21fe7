/* A node that this one talks to, or tries to: who it is, the connection, and
 * what waits for it. Everything here belongs to the worker; only the socket and
 * the channel are shared with the I/O thread (rt/node/net/net.h).
 *
 *            send, monitor...        handshake done
 *   IDLE -------------------> DIALS -----------------> UP
 *    ^  \___ accepted, handshake done ________________/ |
 *    |          attempts failed for 4 s |               | connection ended
 *    +---- down(unreachable), wait a while +------------+ down(reason)
 *
 * A peer is known by its address until it has said its boot id. An address that turns out to be
 * another one of a peer that is UP leads to that one (`same`), with all that waits. When another run
 * answers at that address, that is another peer; the old one is down (restarted).
 *
 * Every loss of a connection, and every series of attempts that failed, is told
 * once to the listeners: first peer_down, then (another connection) peer_up. */
#ifndef RT_NODE_NET_PEER_H
#define RT_NODE_NET_PEER_H

#include "rt/actor/process.h"
#include "rt/node/channel/channel.h"
#include "rt/node/net/peer_map.h"
#include "rt/node/net/series.h"
#include "rt/obj/boots.h"
#include "rt/wire/wire.h"

enum peer_state { PEER_IDLE, PEER_DIALS, PEER_UP };

struct conn;
struct remote; /* rt/node/remote/remote.h: links, monitors, requests, moves with this peer */
struct net;
struct resolution;

struct peer {
    enum peer_state state;
    uint32_t boot; /* index in node.boots, 0: not known yet */
    char *host;    /* to be dialled; "" and 0: it must come to us */
    uint16_t port;
    uint64_t epoch;    /* grows with each connection */
    struct conn *conn; /* DIALS: the attempt that is under way, or NULL; UP */
    struct remote *remote;
    struct peer *next, *previous; /* net->busy or net->idle */
    unsigned
        n_referrers; /* whoever keeps a pointer to it while it may be IDLE: it is not forgotten (forget.h) */
    /* The rest belongs to peer.c and peers.c. */
    struct net *net;
    struct peer_entry at;      /* host and port, if it can be dialled */
    struct peer_entry listens; /* UP: where its run says that it listens, */
    char *listening;           /* the host of that */
    bool has_been_up;
    bool is_awaited; /* forget.c */
    struct series series;
    struct resolution *resolution;
    struct process_queue parked; /* senders that wait for credit */
    struct channel *waiting;     /* DIALS: messages for the connection */
    bool avoids_local;           /* DIALS: the next attempt is not over a Unix-domain socket */
    bool wants_run;              /* DIALS: it has to be `boot`; else whoever answers at the address */
    bool is_congested;           /* since the last peer_end */
    /* large_out.c: messages that are still being written, and what waits behind them. */
    struct large_out *large_out;
    struct behind *behind;     /* is being written itself */
    size_t large_out_bytes;    /* of those behind */
    struct large_in *large_in; /* large_in.c */
    struct peer *same; /* another address of that peer, as it turned out; or NULL; one of its referrers */
    bool is_spelling;  /* `same` is its address as a number, which is dialled instead */
};

/* The peer of a pid, by the boot index in it. NULL: no memory. */
struct peer *peer_of_boot(struct node *node, uint32_t boot);
/* The peer at an address. NULL: no memory, or too many. */
struct peer *peer_of_address(struct node *node, const char *host, uint16_t port);

/* Begins a packet to it, connecting if need be: the caller appends the body and
 * calls peer_end (or peer_abandon). NULL: it cannot be reached now (attempts have
 * just failed, no address): nothing is sent. `key`: channel.h; packet_key of the
 * serial of the process that it is for. The sender is the process that runs. */
struct wire_buf *peer_begin(struct peer *peer, enum control type, uint64_t key);
/* The same on behalf of a process of this node, which need not run: heading.from is the
 * packet_key of its serial (of a guest, of its slot here). */
struct wire_buf *peer_begin_from(struct peer *peer, struct heading heading);
bool peer_end(struct peer *peer);
void peer_abandon(struct peer *peer);
/* After peer_end: so much waits for it that the sender should be parked. */
bool peer_is_congested(const struct peer *peer);
/* It is dialled, and none of its addresses has answered so far: nobody listens there now. */
bool peer_is_tried_in_vain(const struct peer *peer);
/* What waits for it, in bytes. */
size_t peer_backlog(const struct peer *peer);
/* The running process stops at its next entry check, and goes on when the peer
 * has taken half of what waits, or is lost. */
void peer_park_sender(struct worker *w, struct peer *peer);
/* The message that is being written. */
const struct wire_buf *peer_draft(const struct peer *peer, struct heading *heading_out);
/* What is written at once rather than at the next switch. */
void peer_flush(struct peer *peer);
/* Ends the connection: the peer broke the protocol, or is not wanted any more.
 * `down` is told within this call; its reason is `why`, unless the channel was over for
 * another one before (a false of peer_end may have any reason). */
void peer_drop(struct peer *peer, enum goodbye why);

/* Both directions of values: whose boot ids are 0 and 1 in a message. */
struct wire_ends peer_ends_out(const struct peer *peer);
struct wire_ends peer_ends_in(const struct peer *peer);

/* What the layer above is told, in the worker, while no process runs (`down` also
 * within peer_drop). */
struct peer_events {
    void (*up)(struct worker *w, struct peer *peer);
    void (*down)(struct worker *w, struct peer *peer, enum goodbye why);
    /* False: the packet is none that a node sends; the connection ends. */
    bool (*message)(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n);
    /* Its own scheduler has made no progress for four T (advisory). */
    void (*stalled)(struct worker *w, struct peer *peer);
    /* A step of what has come and is read in steps; or NULL. False: there is nothing to do. */
    bool (*step)(struct worker *w, struct peer *peer);
    /* The connection is lost: all that has come is to be taken; then comes `down`. Or NULL. */
    void (*finish)(struct worker *w, struct peer *peer);
    /* Marks the runs (boots.h) that what is above refers to; gives how many of their
     * objects it has looked at. Or NULL. */
    size_t (*mark_runs)(struct worker *w);
    /* What has been asked of and agreed with `peer`, which is not UP, is so with `same`, which is. False:
     * some of it is lost, for want of memory. Or NULL. */
    bool (*pass_on)(struct worker *w, struct peer *peer, struct peer *same);
    /* The peer, which is IDLE, is about to be freed. Or NULL. */
    void (*forget)(struct peer *peer);
};

#endif
