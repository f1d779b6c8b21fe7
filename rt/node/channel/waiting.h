/* Messages that wait to be sent: the order that they keep, and the turns of those which
 * may go.
 *
 *   by key     those with the same key go one after the other
 *   by sender  one that is IN_TURN goes behind all of its sender that came before, and
 *              those of its sender that came after go behind it
 *
 * Those that wait for no other stand in a ring. What a message waits for came before it,
 * so there is always one in the ring if any waits. */
#ifndef RT_NODE_CHANNEL_WAITING_H
#define RT_NODE_CHANNEL_WAITING_H

#include "rt/node/channel/channel.h"

struct outgoing {
    struct outgoing *next;           /* in the ring */
    struct outgoing *behind;         /* with the same key */
    struct outgoing *before, *after; /* of the same sender */
    struct outgoing *chains[2];      /* the last one of another key, of another sender, in the same bucket */
    uint64_t key, from;              /* 0: it is alone */
    uint64_t stream;                 /* 0: nothing of it was sent */
    uint8_t type;
    bool is_in_turn;
    bool is_behind_turn; /* one that is IN_TURN is before it */
    bool has_key_turn;   /* it is behind none with the same key */
    bool is_small;       /* goes in one packet */
    bool is_free;        /* ...that uses no credit */
    uint8_t *body;       /* at `small`; if it is not small it is in `owned` */
    size_t n, sent;
    struct wire_buf owned; /* goes with the message; the sender may take it before */
    struct buf_place at;   /* of `owned`: what is sent next */
    uint8_t small[];
};

/* The last message of each number but 0: of a key, or of a sender. */
struct waiting_table {
    struct outgoing **buckets;
    size_t n_buckets, n;
};

struct waiting {
    struct outgoing *first, *last;  /* the ring */
    size_t n_small;                 /* of the ring, that need credit and are small */
    size_t n_bytes;                 /* of all, that were not sent */
    size_t n_stream_bytes;          /* of those that are not small */
    struct waiting_table tables[2]; /* by key, by sender */
};

/* A message with that heading has to wait for one that is here. */
bool waiting_blocks(const struct waiting *w, const struct heading *heading);
/* False: no memory. */
bool waiting_add(struct waiting *w, struct outgoing *m);
/* The first one to the end. */
void waiting_rotate(struct waiting *w);
/* So many more bytes of the first one have been sent. */
void waiting_sent(struct waiting *w, size_t n);
/* The first one has been sent, or is dropped: frees it; those that waited for it alone come into
 * the ring, at the end; at the front if they need no credit. */
void waiting_shift(struct waiting *w);
void waiting_clear(struct waiting *w);
/* All that waits in `from`, of which nothing has been sent, waits in `to`. False: some of it is lost,
 * for want of memory. */
bool waiting_pass_on(struct waiting *from, struct waiting *to);

#endif
