/* Messages that wait to be sent: those with the same key in the order in which
 * they came, the first ones of all keys in a ring, in the order of their turns. */
#ifndef RT_NODE_WAITING_H
#define RT_NODE_WAITING_H

#include "rt/wire/buf.h"

struct outgoing {
    struct outgoing *next;   /* in the ring */
    struct outgoing *behind; /* with the same key */
    struct outgoing *chain;  /* the last one of another key, in the same bucket */
    uint64_t key;            /* 0: it is alone */
    uint64_t stream;         /* 0: nothing of it was sent */
    uint8_t type;
    bool is_small; /* goes in one frame */
    bool is_free;  /* ...that uses no credit */
    uint8_t *body; /* at `small`; if it is not small it is in `owned` */
    size_t n, sent;
    struct wire_buf owned; /* goes with the message; the sender may take it before */
    struct buf_place at;   /* of `owned`: what is sent next */
    uint8_t small[];
};

struct waiting {
    struct outgoing *first, *last; /* the ring */
    size_t n_small;                /* of the ring, that need credit and are small */
    size_t n_bytes;                /* of all, that were not sent */
    size_t n_stream_bytes;         /* of those that are not small */
    struct outgoing **buckets;     /* the last message of each key but 0 */
    size_t n_buckets, n_keys;
};

bool waiting_has_key(const struct waiting *w, uint64_t key);
/* False: no memory. */
bool waiting_add(struct waiting *w, struct outgoing *m);
/* The first one to the end. */
void waiting_rotate(struct waiting *w);
/* So many more bytes of the first one have been sent. */
void waiting_sent(struct waiting *w, size_t n);
/* The first one has been sent, or is dropped: frees it, the next one of its key takes its place
 * in the ring, at the end; at the front if it needs no credit. */
void waiting_shift(struct waiting *w);
void waiting_clear(struct waiting *w);

#endif
