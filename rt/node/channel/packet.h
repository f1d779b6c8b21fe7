/* The parts of packets that PROTOCOL.md names: reading them from a body that may
 * hold anything, and writing them. */
#ifndef RT_NODE_CHANNEL_PACKET_H
#define RT_NODE_CHANNEL_PACKET_H

#include "rt/mem/worker.h"
#include "rt/obj/far.h"
#include "rt/wire/buf.h"

struct process;
struct large_in_packet;

/* Whose something is, as the sender of a packet says: its own (of a name: or nobody's), its receiver's, or
 * that of a node that follows. */
enum whose { WHOSE_SENDER, WHOSE_RECEIVER, WHOSE_OTHER };

struct packet {
    const uint8_t *at, *end;
    bool is_bad;                        /* something did not fit: what was read since is zeros */
    const struct large_in_packet *held; /* its value has been read (large_in.h); or NULL */
};

static inline struct packet packet_of(const uint8_t *body, size_t n)
{
    return (struct packet){body, body + n, false, NULL};
}
uint8_t packet_byte(struct packet *f);
uint64_t packet_varint(struct packet *f);
/* The next n bytes; NULL: there are not so many. */
const uint8_t *packet_bytes(struct packet *f, size_t n);
/* `text`, valid UTF-8; NULL: it is none. */
const uint8_t *packet_text(struct packet *f, size_t *n_out);
/* A process of the sender, the run number `boot`. */
struct far packet_far(struct packet *f, uint32_t boot);
/* `node`: its index; 0 when it is this run, or nothing was read. */
uint32_t packet_node(struct worker *w, struct packet *f);
/* A process of this run; NULL: there is none (any more), or the mac is wrong. */
struct process *packet_near(struct worker *w, struct packet *f);
/* Everything was there, and no more than that. */
static inline bool packet_is_read(const struct packet *f) { return !f->is_bad && f->at == f->end; }

/* The key (rt/node/channel/channel.h) of packets that go to, or are about, the process with that
 * serial: the same as that of messages to it. Never 0, which a serial may be. */
static inline uint64_t packet_key(uint64_t serial) { return serial + 1; }

/* A process or a tag of this run, by its serial. */
void packet_put_own(struct worker *w, struct wire_buf *out, enum far_kind kind, uint64_t serial);
/* A process of the receiver. */
void packet_put_far(struct wire_buf *out, const struct far *far);
void packet_put_node(struct worker *w, struct wire_buf *out, uint32_t index);
void packet_put_text(struct wire_buf *out, const void *bytes, size_t n);

#endif
