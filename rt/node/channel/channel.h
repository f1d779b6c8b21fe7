/* What runs on a connection after the handshake: packets, fragments, credit,
 * ticks (PROTOCOL.md). A pure state machine: bytes and the time go in, bytes and
 * messages come out. It knows no socket, no lock, no Scheme value; memory is
 * malloc'd and belongs to the channel.
 *
 *   channel_begin/end --> [out: whole packets] ----------+--> channel_output --> socket
 *                    \--> [waiting: by key, in a ring] -+
 *   socket --> channel_input --> receiver->message, in order
 *
 * Small messages go to `out` at once. One that is longer than a fragment, that keeps
 * its order with one which is not out yet, or that has no credit waits; those that
 * wait are served round robin, one fragment each, when little is in `out`. Streams
 * leave a quarter of the credit to small messages, so these overtake them.
 *
 * Threads: channel_begin and the buffer that it gives belong to the worker, so
 * that a message can be written without a lock. A lock of the caller protects all
 * else. It may be let go while receiver->message runs: everything but
 * channel_input and channel_free may be called meanwhile, by that function too. */
#ifndef RT_NODE_CHANNEL_CHANNEL_H
#define RT_NODE_CHANNEL_CHANNEL_H

#include "rt/node/channel/seal.h"
#include "rt/wire/buf.h"

enum control {
#define CONTROL(name, number, flags, fields) CONTROL_##name = number,
#include "rt/abi/control.def"
#undef CONTROL
};
const char *control_name(enum control type); /* NULL: no such type */
bool control_is_in_turn(enum control type);

/* What a message is, and what it keeps its order with: messages with the same `key` (the
 * receiver; 0: none) arrive in order. So do those of one sender, `from` (0: nobody's), of which
 * one is IN_TURN (rt/abi/control.def) with all the others of that sender. */
struct heading {
    enum control type;
    uint64_t key, from;
};

enum goodbye {
    GOODBYE_NONE = 0,
#define GOODBYE(id, number, text) GOODBYE_##id = number,
#include "rt/node/channel/goodbyes.def"
#undef GOODBYE
};
const char *goodbye_text(enum goodbye why);

struct channel_limits {
    int64_t tick_timeout_ns; /* T of this side */
    size_t fragment_bytes;   /* most bytes of a body in one packet */
    size_t packet_max_bytes;
    size_t message_max_bytes;
    size_t credit_bytes;      /* both directions: at least twice what a fragment costs */
    size_t streams_max;       /* open at a time, */
    size_t streams_max_bytes; /* and all their messages together */
    size_t output_low_bytes;  /* what waits moves to the output while less than this is there */
};
extern const struct channel_limits channel_default_limits;

/* What comes out. `body` is valid during the call only. False: the bytes are no
 * message that a node sends; the connection ends. */
struct channel_receiver {
    bool (*message)(void *context, enum control type, const uint8_t *body, size_t n);
    void *context;
};

#define CHANNEL_INPUT_MAX (81920 + 4 + SEAL_TAG_BYTES) /* a packet */

struct channel;
struct channel *channel_new(const struct channel_limits *limits, int64_t now_ns); /* NULL: no memory */
void channel_free(struct channel *c);
/* The connection stands from now on. What was sent since channel_new has waited for that. */
void channel_start(struct channel *c, int64_t now_ns);
/* All that waits in a channel that has not started goes over another one. False: some of it is lost,
 * for want of memory. */
bool channel_pass_on(struct channel *from, struct channel *to);
/* The peer takes this side for lost when it has been silent for so long. Before: as here. */
void channel_heed(struct channel *c, int64_t peer_tick_timeout_ns);
/* Each packet has a tag, from the first one on: before anything is written or has come. */
void channel_seal(struct channel *c, const struct seal_key *own, const struct seal_key *peer);

/* -- sending */

/* Begins a message: its body is to be appended to the buffer that this gives;
 * then channel_end or channel_abandon, before anything else is called. */
struct wire_buf *channel_begin(struct channel *c, struct heading heading);
/* What was begun. Its buffer may be exchanged for one whose first CHANNEL_ROOM bytes
 * are the channel's, too. */
#define CHANNEL_ROOM 32
const struct wire_buf *channel_draft(const struct channel *c, struct heading *heading_out);
/* False: no memory, larger than a message may be, or the connection has ended
 * (nothing is sent). */
bool channel_end(struct channel *c);
void channel_abandon(struct channel *c);
/* Bytes of messages that wait here for credit or for the socket. */
size_t channel_backlog(const struct channel *c);
/* More than limits.credit_bytes waits, so the sender of the last message should be
 * parked. If that was small, streams do not count: it passes them. */
bool channel_is_congested(const struct channel *c);
/* The last thing that is sent; nothing is delivered any more. SHUTDOWN: after all
 * that waits; other reasons: what waits is dropped. channel_is_drained: it is out. */
void channel_say_goodbye(struct channel *c, enum goodbye why);
bool channel_is_drained(const struct channel *c);
void channel_probe(struct channel *c, int64_t now_ns); /* asks for a sign of life */

/* What to write next; returns the number of spans, 0: nothing. It is valid until another function
 * for sending is called; when it is called again before something was written, it
 * gives the same bytes, perhaps elsewhere and more of them. Then how much was written. */
#define CHANNEL_SPANS 28
size_t channel_output(struct channel *c, struct span spans[CHANNEL_SPANS]);
void channel_wrote(struct channel *c, size_t n, int64_t now_ns);

/* -- receiving */

/* Takes bytes, gives all messages that are complete. Messages in the caller's
 * buffer are given in place; an unfinished packet at the end (less than
 * CHANNEL_INPUT_MAX bytes) is not used, but for a fragment, whose bytes are taken as
 * they come: returns the number of bytes used. The others come again at the beginning
 * of the next call, with more behind them. Tags of whole packets are overwritten. */
size_t channel_input(struct channel *c, uint8_t *bytes, size_t n, int64_t now_ns,
                     const struct channel_receiver *receiver);
/* In the middle of a fragment: where its next *n_out bytes belong; they may be read right there
 * instead of being given to channel_input. NULL: they may not. Then how many have been, at least one. */
uint8_t *channel_place(struct channel *c, size_t *n_out);
void channel_placed(struct channel *c, size_t n, int64_t now_ns, const struct channel_receiver *receiver);
/* So many bytes of messages in fragments that have begun are still to come. */
size_t channel_expected(const struct channel *c);
/* Within receiver->message: the bytes of a message that came in fragments become the
 * caller's; false: it came in one packet. */
bool channel_keep_message(struct channel *c, struct wire_buf *out);
/* GOODBYE_NONE: all is well. Else why the connection must end: the peer's
 * goodbye, a protocol error, no sign of life, no credit. What channel_output still
 * gives then tells the peer. */
enum goodbye channel_failure(const struct channel *c);
/* Why nothing is sent any more: the failure, or the goodbye that was said. */
enum goodbye channel_over(const struct channel *c);

/* -- time */

/* To be called at times, at the latest at the one that it gives (INT64_MAX: never):
 * adds a tick to the output when one is due, fails when the peer has been silent
 * (`has_unread`: there are bytes from it which nobody has taken yet, so it was not)
 * or when nothing of what waits could be sent for T. `steps` is a number that grows
 * while our scheduler makes progress. */
int64_t channel_tick(struct channel *c, int64_t now_ns, uint64_t steps, bool has_unread);
/* For how long the peer's own `steps` have not grown. */
int64_t channel_peer_stalled_ns(const struct channel *c, int64_t now_ns);
/* An answer to channel_probe is still missing since then; 0: none is. */
int64_t channel_probed_since(const struct channel *c);

struct channel_counters {
    uint64_t packets_in, packets_out, bytes_in, bytes_out, streams_in, streams_out;
};
const struct channel_counters *channel_counters(const struct channel *c);

#endif
