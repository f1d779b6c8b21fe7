/* What this node has to do with other nodes, above the connections: messages,
 * links and monitors, spawning and other requests, published names.
 *
 *   rt/prim/node.c, process.c --> remote_*, record_*, request_* ... --> peer_begin/end
 *   peer_events (remote_events) --> message --> one function per packet (remote.c)
 *
 * Nothing of a peer ends silently: when its connection is lost, every link,
 * monitor, request and name that concerns it is told so and forgotten, so that
 * a later connection begins with nothing. All of it belongs to the worker. */
#ifndef RT_NODE_REMOTE_REMOTE_H
#define RT_NODE_REMOTE_REMOTE_H

#include "rt/node/channel/pairmap.h"
#include "rt/node/net/large_out.h"
#include "rt/node/net/peer.h"
#include "rt/node/net/reason.h"
#include "rt/obj/far.h"
#include "rt/wire/wire.h"

struct packet;
struct far_link;
struct request;
struct service;
struct node_watch;
struct process;

/* Most links and monitors with one peer; one that asks for more is dropped. */
#define REMOTE_FAR_LINKS_MAX (1u << 20)
/* Answers to a peer that is congested; more than that, and it is dropped. */
#define REMOTE_UNREAD_MAX 100000
/* Of exceptions that go to links and monitors. */
#define REMOTE_REASON_MAX_BYTES (64u * 1024)
/* and, before it is compressed, than this, which takes about a millisecond to write. */
#define REMOTE_REASON_MAX_WORK ((size_t)1 << 20)

/* With one peer: peer->remote, made when first needed. */
struct remote {
    struct pairmap by_id, by_process; /* records, see far_link.c */
    struct far_link *far_links;
    size_t n_far_links;
    struct request *requests; /* that wait for its answer */
    struct names *names;      /* that it has for processes of other nodes (names.h); or NULL */
    bool is_up;               /* a connection stands */
    bool is_over;             /* another run is at its address: its processes have ended */
    unsigned unread_replies;  /* since it has more waiting than it can take */
    int64_t bounced_ns;       /* when it was last told of a packet that cannot be taken */
};
/* NULL: no memory. */
struct remote *remote_of(struct peer *peer);

/* What was not taken from peers. */
struct remote_counters {
#define REMOTE_COUNTER(id, text) uint64_t id;
#include "rt/node/remote/counters.def"
#undef REMOTE_COUNTER
};

#define REMOTE_SERVICE_BUCKETS 256

/* What rt/node/migrate, the room above, does about processes that move; filled in by migrate_init. */
struct remote_above {
    void (*up)(struct worker *w, struct peer *peer);
    void (*down)(struct worker *w, struct peer *peer,
                 bool is_over); /* is_over: another run is at its address */
    bool (*take)(struct worker *w, struct peer *peer, enum control type,
                 struct packet *f); /* as remote_dispatch */
    /* The peer to which mail for p is passed on; NULL: it is kept here, or its node is not known any more. */
    struct peer *(*place)(struct worker *w, const struct process *p);
    /* After sched_deliver has given false: true: the message cannot travel, why stands in *out. */
    bool (*take_unsent)(struct worker *w, struct wire_failure *out);
    bool (*pin)(struct worker *w, struct process *p,
                tt_word tag); /* keeps the tag of a monitor while p lives */
    void (*mark_runs)(struct worker *w);
};

/* With all: node.remotes. */
struct remotes {
    const struct remote_above *above;
    struct pairmap requests;                          /* all that wait, by number (request.h) */
    struct service *services[REMOTE_SERVICE_BUCKETS]; /* published names, by hash (service.c) */
    uint64_t next_far_link_id;  /* of records that begin here, with any peer; never used again */
    struct node_watch *watches; /* monitor-node (node_watch.h) */
    int64_t warned_ns;          /* when a BOUNCE was last printed */
    int64_t collected_ns;       /* when memory was short last (remote_send.c) */
    struct remote_counters counters;
    /* Writes on a port of this node: what rt/prim/io.c does. */
    void (*write_port)(struct worker *w, uint64_t number, const uint8_t *bytes, size_t n);
};
/* A packet to the function for it. False: not what a node sends. */
bool remote_dispatch(struct worker *w, struct peer *peer, enum control type, struct packet *f);
/* Prepares node.remotes. False: no memory. */
bool remote_init(struct node *node);
/* Links and monitors with processes of other nodes, now. */
size_t remote_count_far_links(const struct node *node);
extern const struct peer_events remote_events;

/* -- messages (remote_send.c) */

/* A message to a PID or SERVICE object. LOST: the node is out of reach, or there is
 * no such name here. FAILED: the message cannot travel, `failure` says why. On OK
 * *congested_out is the peer if it has more than it can take, else NULL. */
enum sending remote_send(struct worker *w, tt_word to, tt_word message, struct peer **congested_out,
                         struct wire_failure *failure);
/* Text, or bytes of a file, on a FAR_PORT. FAILED: no memory. */
enum sending remote_write(struct worker *w, tt_word port, const void *bytes, size_t n,
                          struct peer **congested_out);
/* Ends a process of another node. */
enum sending remote_terminate(struct worker *w, tt_word pid, tt_word reason, struct wire_failure *failure);
/* The peer of a PID or FAR_PORT object. NULL: no memory. */
struct peer *remote_peer_of(struct worker *w, tt_word far);

/* Appends a value for that peer, of `most` bytes before compression (0: as many as it takes); no more than that is written
 * when it has more. */
bool remote_put_value(struct worker *w, struct peer *peer, tt_word v, size_t most, struct wire_buf *out,
                      struct wire_failure *failure);
/* The value that is the rest of a packet. */
bool remote_get_value(struct worker *w, struct peer *peer, struct packet *f, tt_word *out,
                      struct wire_failure *failure);
/* Mail that came from a peer, of so many bytes, for p; which ends if that is too much. */
void remote_deliver(struct worker *w, struct peer *from, struct process *p, tt_word message, size_t bytes);
/* The user is told of something that nobody else can be told of, once a second at most. */
void remote_warn(struct worker *w, const char *what, const char *why);
/* A packet of the peer cannot be taken: tells it why, not often. */
void remote_bounce(struct worker *w, struct peer *peer, const struct wire_failure *failure);

/* Packets; false: not what a node sends. */
bool remote_take_send(struct worker *w, struct peer *peer, struct packet *f);
bool remote_take_send_name(struct worker *w, struct peer *peer, struct packet *f);
bool remote_take_port_write(struct worker *w, struct peer *peer, struct packet *f);
bool remote_take_bounce(struct worker *w, struct peer *peer, struct packet *f);
bool remote_take_terminate(struct worker *w, struct peer *peer, struct packet *f);

/* Begins a packet that answers one of the peer's. NULL: it is out of reach; or it asks
 * and asks, and does not read what it is answered, then its connection ends. */
struct wire_buf *remote_begin_reply(struct peer *peer, enum control type, uint64_t key);

#endif
