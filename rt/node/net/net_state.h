/* What net.c, conn.c, peer.c and io_thread.c share. All of it belongs to the
 * worker, but for what is marked. */
#ifndef RT_NODE_NET_NET_STATE_H
#define RT_NODE_NET_NET_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "rt/node/net/handshake.h"
#include "rt/node/net/net.h"
#include "rt/os/poller.h"
#include "rt/os/resolve.h"
#include "rt/os/socket.h"

struct conn;

/* The I/O thread and what it shares with the worker (io_thread.c). */
struct io_thread {
    bool is_started;
    pthread_mutex_t lock;        /* of `up`; taken before the lock of a conn */
    struct conn *up;             /* connections that stand */
    _Atomic bool worker_waits;   /* in the poller */
    uint64_t waiting_ticks;      /* ticks that fell into such a wait; under the lock */
    _Atomic int is_parked;       /* futex word; the worker wakes it when it has work again */
    _Atomic bool has_news;       /* a connection has failed, or a parked sender may go on */
    _Atomic int64_t deadline_ns; /* when the worker wants to look again; written by the worker */
    _Atomic int64_t quiet_ns;    /* when the thread last saw that there was nothing for the worker to hear */
};

/* In the order in which they came here. */
struct peer_list {
    struct peer *first, *last;
    size_t n;
};

enum net_way { NET_LOCAL, NET_TCP, NET_TLS, NET_WAYS };

struct net {
    struct node *node;
    const struct peer_events *events;
    struct channel_limits limits;
    struct handshake_keys keys; /* .n 0: not read yet */
    struct tls_context *tls;    /* secure.c: NULL: not needed so far */
    bool has_cleartext;         /* beyond loopback: to be warned of again at warn_ns */
    int64_t warn_ns;
    uint8_t digest[32]; /* of the code points, for HELLO */
    bool is_open;       /* the poller and all that is needed to connect */
    bool is_stopping;
    bool name_is_taken;                /* a peer says that another node is at this one's address */
    void (*name_taken)(struct node *); /* set by serve.c: ends the program; or NULL */
    struct poller poller;              /* waking and looking: any thread */
    struct listener listener;          /* fd -1: none */
    struct listener local;             /* the same for this user's programs on this machine; fd -1: none */
    struct socket_address listens_at;
    struct own_name *own_names; /* own_name.c: other names of that */
    unsigned n_own_names;
    bool accepts;                /* the listeners are in the poller */
    uint8_t *input;              /* where all connections read to */
    struct peer_list busy, idle; /* all peers: DIALS or UP; IDLE, the one that was lost first in front */
    struct peer *next_busy;      /* where a walk through `busy` goes on */
    struct peer_map by_address, up_by_address; /* at, listens */
    size_t forget_peers_at, forget_boots_at;   /* forget.c */
    uint64_t forgotten_epoch;                  /* no peer that was forgotten had a higher one */
    struct conn *conns, *newest;               /* all connections that are not over, oldest first */
    unsigned n_newcomers;                      /* of them: accepted, not up yet */
    unsigned n_up;
    unsigned n_unsettled;   /* peers that are dialled, newcomers that wait for a verdict */
    struct conn *unsent;    /* have something to write */
    _Atomic int n_steps;    /* values that are written or read in steps; written by the worker */
    uint64_t ever_in_steps; /* such values, ever */
    int64_t stepped_ns;     /* when steps were last made */
    unsigned n_parked;      /* peers that have parked senders */
    struct conn *streaming; /* has got a part of a message last, or NULL */
    struct conn *patient;   /* for whose input the worker waits until there is much of it, or NULL */
    struct conn *over;      /* ended; freed when nothing can refer to them any more */
    _Atomic uint64_t looks; /* calls of net_poll and net_wait: signs of life; read by the I/O thread */
    int64_t looked_ns;      /* when the poller was last asked */
    int64_t heard_ns;       /* when it last answered: up to then everybody was listened to */
    int64_t logged_ns;      /* when net_log printed last */
    /* Connections, for the statistics: that went up, by their way; refused by us or by them; cut off. */
    uint64_t went_up[NET_WAYS], refused, cut_off;
    struct io_thread thread;
};

#define NET_INPUT_BYTES          (256 * 1024)
#define NET_NEWCOMERS_MAX        64
#define NET_NEWCOMERS_PER_SOURCE 8
#define NET_PEERS_UP_MAX         4096
#define GREETING_NS              INT64_C(5000000000) /* who has not shown by then who he is, is cut off */

/* Opens what is needed to talk to others. False: *why_out says why not. */
bool net_open(struct net *net, const char **why_out);
/* The worker wants to look again at that time. */
void net_set_deadline(struct net *net, int64_t deadline_ns);
/* The worker looks again within a few switches. */
void net_look_soon(struct net *net);
/* So many more values (or less) are written or read in steps. */
void net_add_work(struct net *net, int n);
/* The connection has something to write: it will be written at the next look. */
void net_note_unsent(struct conn *c);
/* The worker is to look up from what it does. Any thread. */
void net_request_poll(struct net *net);
/* One line on standard error, not more often than people can read. */
__attribute__((format(printf, 2, 3))) void net_log(struct net *net, const char *format, ...);

/* -- io_thread.c */
void io_thread_init(struct io_thread *t);
/* False: no thread can be had. */
bool io_thread_start(struct net *net);
void io_thread_add(struct net *net, struct conn *c);
void io_thread_remove(struct net *net, struct conn *c);
/* The worker waits in the poller, or does not any more. */
void io_thread_note_waiting(struct net *net, bool waits);

/* -- peer.c and peers.c, for conn.c and net.c */
struct judge_facts;
/* What is known of a newcomer that has proved itself. *rival_out: the peer whose
 * connection stands in its way, or NULL. */
void peers_find_facts(struct net *net, const struct handshake_self *newcomer, struct judge_facts *facts,
                      struct peer **rival_out);
/* Each peer that is dialled or up; what is done with one may change which those are. */
struct peer *peers_first_busy(struct net *net);
struct peer *peers_next_busy(struct net *net);
/* The connection to a run that says that it listens there; NULL: there is none. */
struct peer *peers_find_up_at(const struct net *net, const char *host, uint16_t port);
bool peer_is_run(const struct peer *peer, const uint8_t boot_id[BOOT_ID_BYTES]);
/* Its attempt over a Unix-domain socket has failed before anybody there has proved who he is: TCP is next. */
void peer_avoid_local(struct peer *peer);
/* An attempt of this node has failed; NONE: for a reason that may pass. */
void peer_attempt_failed(struct peer *peer, enum goodbye why);
/* The handshake is over on both sides: the connection gets its peer, which is UP,
 * and a channel. False: it is not wanted, and has ended. */
bool peer_take(struct net *net, struct conn *c);
/* The connection has ended. */
void peer_lost(struct peer *peer, enum goodbye why);
/* What is due: attempts, ends of series. */
void peers_settle(struct net *net, int64_t now_ns);
/* The series of attempts get so much more time. */
void peers_give_back(struct net *net, int64_t ns, int64_t now_ns);
/* Senders go on whose peers have taken enough. */
void peers_unpark(struct net *net);

#endif
