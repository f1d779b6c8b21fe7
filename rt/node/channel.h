/* What runs on a connection after the handshake: frames, fragments, credit,
 * ticks (PROTOCOL.md). A pure state machine: bytes and the time go in, bytes and
 * messages come out. It knows no socket, no lock, no Scheme value; memory is
 * malloc'd and belongs to the channel.
 *
 *   channel_begin/end --> [out: small frames] --+--> channel_output --> socket
 *                    \--> [streams: fragments] -+
 *   socket --> channel_input --> receiver->message, in order
 *
 * Small frames go at once; a message that is longer than a fragment, or that has
 * the same key as such a one which is not out yet, waits its turn: streams are
 * served round robin, one fragment each, whenever little is waiting in `out`. */
#ifndef RT_NODE_CHANNEL_H
#define RT_NODE_CHANNEL_H

#include "rt/wire/buf.h"

enum control {
#define CONTROL(name, number, flags, fields) CONTROL_##name = number,
#include "rt/abi/control.def"
#undef CONTROL
};
const char *control_name(enum control type); /* NULL: no such type */

enum goodbye {
    GOODBYE_NONE = 0,
#define GOODBYE(id, number, text) GOODBYE_##id = number,
#include "rt/node/goodbyes.def"
#undef GOODBYE
};
const char *goodbye_text(enum goodbye why);

struct channel_limits {
    int64_t tick_timeout_ns;   /* T */
    size_t fragment_bytes;     /* most bytes of a body in one frame */
    size_t frame_max_bytes;
    size_t message_max_bytes;
    size_t credit_bytes;
    size_t streams_max;
    size_t output_low_bytes;   /* fragments are added while less than this is waiting */
};
extern const struct channel_limits channel_default_limits;

/* What comes out. `body` is valid during the call only. False: the bytes are no
 * message that a node sends; the connection ends. */
struct channel_receiver {
    bool (*message)(void *context, enum control type, const uint8_t *body, size_t n);
    void *context;
};

struct channel;
struct channel *channel_new(const struct channel_limits *limits, int64_t now_ns); /* NULL: no memory */
void channel_free(struct channel *c);

/* -- sending */

/* Begins a message: its body is to be appended to the buffer that this gives;
 * then channel_end or channel_abandon, before anything else is called. Messages
 * with the same `key`, if not 0, arrive in order. */
struct wire_buf *channel_begin(struct channel *c, enum control type, uint64_t key);
/* False: no memory, or larger than a message may be (nothing is sent). */
bool channel_end(struct channel *c);
void channel_abandon(struct channel *c);
/* Bytes of messages that wait here for credit or for the socket: above
 * limits.credit_bytes the sender of the last one should be parked. */
size_t channel_backlog(const struct channel *c);
void channel_say_goodbye(struct channel *c, enum goodbye why);
void channel_probe(struct channel *c);  /* asks for a sign of life */

/* What to write next, at least one byte if *n_out > 0; it stays valid until the
 * next call. Then how much of it was written. */
const uint8_t *channel_output(struct channel *c, size_t *n_out);
void channel_wrote(struct channel *c, size_t n, int64_t now_ns);

/* -- receiving */

/* Takes bytes, gives all messages that are complete. Messages in the caller's
 * buffer are given in place; an unfinished frame at the end is not used: returns
 * the number of bytes used. On an error `why` is set, see channel_failure. */
size_t channel_input(struct channel *c, const uint8_t *bytes, size_t n, int64_t now_ns,
                     const struct channel_receiver *receiver);
/* GOODBYE_NONE: all is well. Else why the connection must end: the peer's
 * goodbye, a protocol error, no sign of life, no credit. */
enum goodbye channel_failure(const struct channel *c);

/* -- time */

/* To be called at times, at the latest at the one that it gives: adds a tick to
 * the output when one is due, fails when the peer has been silent (`has_unread`:
 * there are bytes from it which nobody has taken yet, so it was not). `steps` is
 * a number that grows while our scheduler makes progress. */
int64_t channel_tick(struct channel *c, int64_t now_ns, uint64_t steps, bool has_unread);
/* For how long the peer's own `steps` have not grown. */
int64_t channel_peer_stalled_ns(const struct channel *c, int64_t now_ns);
/* An answer to channel_probe is still missing since then; 0: none is. */
int64_t channel_probed_since(const struct channel *c);

struct channel_counters {
    uint64_t frames_in, frames_out, bytes_in, bytes_out, streams_in, streams_out;
};
const struct channel_counters *channel_counters(const struct channel *c);

#endif
