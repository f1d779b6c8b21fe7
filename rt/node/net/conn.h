/* One connection to another node, or to somebody who says that he is one.
 *
 *   CONNECTS --writable--> GREETS --handshake--> UP        this node has dialled
 *              accepted -> GREETS --handshake--> JUDGED --> UP
 *   any --> OVER
 *
 * GREETS: first TLS, if there is to be any, then the handshake. JUDGED: the peer
 * has proved itself, but has another connection already, which is being asked
 * whether it is alive (judge.h).
 *
 * Owned by the worker; freed at the end of the round in which it is OVER. */
#ifndef RT_NODE_NET_CONN_H
#define RT_NODE_NET_CONN_H

#include "rt/node/net/net_state.h"
#include "rt/os/line.h"
#include "rt/os/local.h"

enum conn_state { CONN_CONNECTS, CONN_GREETS, CONN_JUDGED, CONN_UP, CONN_OVER };

struct conn {
    struct net *net;
    struct conn *next, *previous; /* net->conns; `next` alone: net->over */
    enum conn_state state;
    bool is_dialled;
    int fd;
    struct line line; /* UP: under the lock */
    struct socket_address remote;
    struct local_end end;        /* of a Unix-domain socket; `process` 0: it is TCP */
    int64_t deadline_ns;         /* until UP; INT64_MAX: none */
    struct handshake *handshake; /* GREETS, JUDGED; NULL: not begun, because of TLS */
    size_t greeted_bytes;        /* taken from a peer that is not UP */
    struct peer *peer;           /* whom this node has dialled; UP: whose it is */
    struct peer *rival;          /* JUDGED: whose connection is asked, */
    uint64_t rival_epoch;        /* and which one */
    uint8_t *rest;               /* input that makes no whole packet yet */
    size_t n_rest;
    struct conn *unsent_next; /* net->unsent */
    bool is_unsent;
    int64_t streaming_ns; /* when it got input last */
    struct conn *up_next; /* net->thread.up, under its lock */

    /* UP: the I/O thread uses what follows too, and the fd. */
    pthread_mutex_t lock;
    struct channel *channel;
    int64_t tick_ns;              /* when channel_tick is due */
    unsigned want;                /* what the poller looks for */
    bool is_stalled, has_stalled; /* the peer's scheduler stands; the worker is to say so */
    bool is_write_failed;         /* what has come can still be read */
};

/* Begins to connect for a peer that is dialled: to a node of this user on this machine over a Unix-domain
 * socket, if it has one and peer->avoids_local is not set. NULL: failed at once. */
struct conn *conn_dial(struct net *net, struct peer *peer, const struct socket_address *to,
                       int64_t deadline_ns);
/* Takes the descriptor over. `end`: conn.end. */
void conn_accept(struct net *net, int fd, const struct socket_address *from, const struct local_end *end);
/* "connecting to" or "connection from" whom, for people. */
#define CONN_TEXT_MAX 128
void conn_describe(const struct conn *c, char out[CONN_TEXT_MAX]);
/* The poller says that something can be done. */
void conn_ready(struct conn *c, unsigned ready);
/* Closes it, and tells the peer that it is lost, or that an attempt has failed. */
void conn_end(struct conn *c, enum goodbye why);
/* The same without a word to the peer: it has another one. */
void conn_give_up(struct conn *c);
/* UP: a goodbye goes out if the socket takes it, then the end. */
void conn_drop(struct conn *c, enum goodbye why);

/* Writes what the channel has. UP; the second one with the lock held. */
void conn_write(struct conn *c);
void conn_write_locked(struct conn *c, int64_t now_ns);
/* Ends it if its channel says so. */
void conn_check(struct conn *c);
void conns_free_over(struct net *net);
/* To be called before the worker waits in the poller; returns the pause to use, at most `pause_ns`. The
 * pause is shorter while a large message streams in, so that the message arrives in big reads.
 * conn_end_patience: afterwards. True: there may be input that the poller did not report. */
int64_t conn_begin_patience(struct net *net, int64_t pause_ns);
bool conn_end_patience(struct net *net);

/* -- for greet.c */
void conn_want(struct conn *c, unsigned what);
/* What TLS has to send goes out, as far as the socket takes it. False: it has ended. */
bool conn_flush(struct conn *c);
/* Input that follows what was used. False: no memory. */
bool conn_keep_rest(struct conn *c, const uint8_t *bytes, size_t n);
/* On a Unix-domain socket that this node has dialled, a HELLO has come. */
void conn_await_auth(struct conn *c);
/* Both sides have proved themselves. */
void conn_go_up(struct conn *c, int64_t now_ns);

#endif
