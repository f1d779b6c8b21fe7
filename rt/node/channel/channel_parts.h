/* What the parts of the channel (channel.c, channel_out.c, channel_in.c) share. */
#ifndef RT_NODE_CHANNEL_CHANNEL_PARTS_H
#define RT_NODE_CHANNEL_CHANNEL_PARTS_H

#include "rt/node/channel/channel.h"
#include "rt/node/channel/waiting.h"

/* -- packets */

#define PACKET_HEADER_BYTES 4
/* Of a first fragment: packet header, stream, flags, type, size. */
#define FRAGMENT_HEADER_MAX_BYTES (PACKET_HEADER_BYTES + 10 + 1 + 1 + 10)
#define FRAGMENT_FIRST            1
#define FRAGMENT_LAST             2
#define FRAGMENT_ABORTED          4

#define PACKET_IS_KNOWN    1
#define PACKET_USES_CREDIT 2
#define PACKET_OF_CHANNEL  4 /* never given to the receiver, never in fragments */
#define PACKET_IN_TURN     8
#define PACKET_WHOLE       16
uint8_t control_flags(uint8_t type);

static inline uint8_t *packet_header_write(uint8_t *at, uint8_t type, size_t n)
{
    at[0] = type;
    at[1] = (uint8_t)n;
    at[2] = (uint8_t)(n >> 8);
    at[3] = (uint8_t)(n >> 16);
    return at + PACKET_HEADER_BYTES;
}

static inline size_t packet_length(const uint8_t *at)
{
    return at[1] | (size_t)at[2] << 8 | (size_t)at[3] << 16;
}

bool goodbye_is_known(unsigned number);

/* -- the two directions */

/* The message that is being written stands in `draft`, behind room for the header
 * of a packet; so a buffer that is empty can be exchanged for it. */
#define DRAFT_ROOM CHANNEL_ROOM
_Static_assert(DRAFT_ROOM >= PACKET_HEADER_BYTES, "room for a header");

#define SENDING_SPARES 8

/* Fragments of one message that are written together with the one before. */
#define FRAGMENTS_AHEAD 3
/* A fragment touches two loans at most: they are longer. Then there are the header and the tag. */
#define FRAGMENT_SPANS 7
_Static_assert(CHANNEL_SPANS == (1 + FRAGMENTS_AHEAD) * FRAGMENT_SPANS, "as channel.h says");

struct piece {
    uint8_t header[FRAGMENT_HEADER_MAX_BYTES], tag[SEAL_TAG_BYTES];
    size_t head, n, tail; /* bytes of the header, 0: there is no piece; of the message; of the tag */
    size_t done;          /* of all three, written */
    struct buf_place at;  /* of the message: behind what is done */
};

/* The digest of a fragment that is being written, or soon will be. */
struct digest {
    uint64_t stream; /* 0: there is none */
    size_t sent;     /* of the message, before this fragment */
    uint8_t bytes[SEAL_TAG_BYTES];
};
#define DIGESTS (1 + FRAGMENTS_AHEAD)

struct sending {
    struct wire_buf draft;  /* of the worker, without a lock */
    struct heading heading; /* of the draft */
    bool was_stream;        /* the last one that was ended */

    struct wire_buf out; /* whole packets; the first out_sent bytes are written */
    size_t out_sent;
    /* A fragment that is being written from where it stands in the message: the first
     * one that waits. Before it everything in `out` was written, behind it comes what is
     * there by then; if that is nothing, it is written together with those that will follow,
     * whose headers and tags are in `ahead`. */
    struct piece piece;
    struct {
        uint8_t header[FRAGMENT_HEADER_MAX_BYTES], tag[SEAL_TAG_BYTES];
    } ahead[FRAGMENTS_AHEAD];

    /* Packets get their numbers when they come to `out`, or become the piece: that is the order
     * in which they are written. */
    struct seal seal;
    struct digest digests[DIGESTS];
    size_t next_digest;
    uint8_t *scratch; /* a fragment of which some is lent; NULL: nothing was lent yet */

    /* Buffers of long messages that were sent, to be drafts again: a fresh one
     * costs the kernel a page fault every 4 KiB. */
    struct wire_buf spares[SENDING_SPARES];
    size_t n_spares;

    struct waiting waiting;
    bool is_blocked; /* the first that waits lacks credit */
    uint64_t streams;
    size_t streams_open, streams_open_bytes;
    size_t credit; /* left */

    /* Packets of the channel, made when there is room for them. */
    bool owes_tick, owes_probe, owes_probed;
    uint64_t probe, probed;
    enum goodbye goodbye;
    bool has_started; /* before, all messages wait with their headings */
    bool is_closed;   /* the goodbye is in `out`, or there is none to say */
};

struct fragment {
    uint64_t number, size;
    uint8_t flags, type;
    const uint8_t *bytes;
    size_t n;
};

struct receiving {
    size_t used;      /* credit that the peer has used and not got back */
    size_t taken;     /* of it: to be given back */
    size_t left;      /* bytes that the last channel_input has not used */
    uint64_t streams; /* the last number */
    size_t streams_open, streams_open_bytes;
    size_t streams_left; /* of their messages, what has not come yet */
    struct stream *by_number[64];
    struct stream *filling;   /* the bytes of a fragment of that are coming, or NULL; */
    struct fragment fragment; /* n: so many are still missing */
    uint8_t fragment_head[FRAGMENT_HEADER_MAX_BYTES]; /* with the packet's header */
    size_t n_fragment_head, fragment_start;           /* where its bytes begin in the stream's body */
    struct seal seal;
    struct stream *delivered; /* while the receiver has it; or NULL */
    struct wire_buf spare;    /* of a stream that has ended */
};

struct channel {
    struct channel_limits limits;
    enum goodbye failure;
    struct sending s;
    struct receiving r;
    int64_t tick_every_ns;                             /* a quarter of the peer's T */
    int64_t heard_ns, wrote_ns, blocked_ns, probed_ns; /* the last two: 0: not so */
    uint64_t steps, peer_steps;
    int64_t peer_progress_ns;
    struct channel_counters counters;
};

/* The connection ends, the first reason counts. The peer is told, or is gone. */
void channel_fail(struct channel *c, enum goodbye why);
void channel_lose(struct channel *c, enum goodbye why);

/* CREDIT has come. False: more than was used. */
bool sending_credit(struct channel *c, uint64_t n);
bool sending_pass_on(struct channel *from, struct channel *to);
/* There is room for the digest of what is lent. False: no memory. */
bool sending_reserve_scratch(struct channel *c);
/* The tag of the fragment behind the first `sent` bytes of m, as packet `number`: its header, then `n`
 * bytes from `at` on. */
void sending_seal_fragment(struct sending *s, const struct outgoing *m, size_t sent, uint64_t number,
                           const uint8_t *header, size_t head, const struct buf_place *at, size_t n,
                           uint8_t tag[SEAL_TAG_BYTES]);
void sending_drop_waiting(struct channel *c);
/* Nothing has been sent for a while: memory is given back. */
void sending_rest(struct sending *s);
void sending_free(struct sending *s);
void receiving_free(struct receiving *r);

#endif
