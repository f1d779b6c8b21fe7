/* A channel as a whole: its life, and time. Sending is in channel_out.c,
 * receiving in channel_in.c, the tags of fragments that are sent in channel_seal.c. */
#include <assert.h>
#include <stdlib.h>

#include "rt/node/channel/channel_parts.h"
#include "rt/os/check.h"

#define SECOND_NS       INT64_C(1000000000)
#define TICKS_A_TIMEOUT 4
/* Whatever a peer asks for. */
#define TICK_EVERY_MIN_NS (SECOND_NS / 200)

/* Two nodes agree on these numbers (PROTOCOL.md) but for the fragments and the
 * output; so a node of the hostile build talks to such ones only. */
const struct channel_limits channel_default_limits = {
    .tick_timeout_ns = 15 * SECOND_NS,
    .packet_max_bytes = 81920,
    .message_max_bytes = (size_t)256 << 20,
    .streams_max_bytes = (size_t)512 << 20,
#ifdef TT_HOSTILE
    .fragment_bytes = 40,
    .credit_bytes = 640,
    .streams_max = 3,
    .output_low_bytes = 100,
#else
    .fragment_bytes = 65536,
    .credit_bytes = (size_t)4 << 20,
    .streams_max = 1024,
    .output_low_bytes = 65536,
#endif
};

static void note_start(struct channel *c, int64_t now_ns)
{
    c->heard_ns = c->wrote_ns = c->peer_progress_ns = now_ns;
    c->blocked_ns = 0;
}

struct channel *channel_new(const struct channel_limits *limits, int64_t now_ns)
{
    struct channel *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->limits = *limits;
    c->s.credit = limits->credit_bytes;
    channel_heed(c, limits->tick_timeout_ns);
    note_start(c, now_ns);
    return c;
}

void channel_start(struct channel *c, int64_t now_ns)
{
    assert(!c->s.has_started && !c->failure);
    note_start(c, now_ns);
    c->s.has_started = true;
}

bool channel_pass_on(struct channel *from, struct channel *to)
{
    if (from->s.has_started) tt_panic("a channel that has started keeps its messages");
    return sending_pass_on(from, to);
}

void channel_heed(struct channel *c, int64_t peer_tick_timeout_ns)
{
    assert(peer_tick_timeout_ns > 0);
    c->tick_every_ns = peer_tick_timeout_ns / TICKS_A_TIMEOUT;
    if (c->tick_every_ns < TICK_EVERY_MIN_NS) c->tick_every_ns = TICK_EVERY_MIN_NS;
}

void channel_seal(struct channel *c, const struct seal_key *own, const struct seal_key *peer)
{
    if (c->s.out.n || c->s.piece.head || c->counters.bytes_out)
        tt_panic("a channel is sealed that has written something");
    c->r.seal = (struct seal){.key = *peer, .is_on = true};
    c->s.seal = (struct seal){.key = *own, .is_on = true};
}

void channel_free(struct channel *c)
{
    if (!c) return;
    sending_free(&c->s);
    receiving_free(&c->r);
    free(c);
}

/* -- ends */

void channel_say_goodbye(struct channel *c, enum goodbye why)
{
    assert(why != GOODBYE_NONE);
    if (c->s.goodbye || c->s.is_closed) return;
    c->s.goodbye = why;
    if (why != GOODBYE_SHUTDOWN) sending_drop_waiting(c);
}

bool channel_is_drained(const struct channel *c) { return c->s.is_closed && channel_backlog(c) == 0; }

void channel_fail(struct channel *c, enum goodbye why)
{
    assert(why != GOODBYE_NONE);
    if (c->failure) return;
    c->failure = why;
    channel_say_goodbye(c, why);
}

void channel_lose(struct channel *c, enum goodbye why)
{
    assert(why != GOODBYE_NONE);
    if (c->failure) return;
    c->failure = why;
    sending_drop_waiting(c);
    c->s.out.n = c->s.out_sent = 0;
    c->s.is_closed = true;
}

enum goodbye channel_failure(const struct channel *c) { return c->failure; }
enum goodbye channel_over(const struct channel *c) { return c->failure ? c->failure : c->s.goodbye; }

/* -- time */

/* For how long something could not be sent: it has no credit, or the socket
 * takes nothing. */
static bool is_congested(struct channel *c, int64_t now_ns)
{
    if (!c->s.waiting.first || !c->s.is_blocked)
        c->blocked_ns = 0;
    else if (!c->blocked_ns)
        c->blocked_ns = now_ns;
    bool has_no_credit = c->blocked_ns && now_ns - c->blocked_ns >= c->limits.tick_timeout_ns;
    return has_no_credit || (channel_backlog(c) && now_ns - c->wrote_ns >= c->limits.tick_timeout_ns);
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static void note_tick(struct channel *c, int64_t now_ns)
{
    assert(!c->failure && c->s.has_started);
    struct span spans[CHANNEL_SPANS];
    if (channel_output(c, spans) > 0 || now_ns - c->wrote_ns < c->tick_every_ns) return;
    sending_rest(&c->s);
    buf_free(&c->r.spare);
    c->s.owes_tick = true;
}

int64_t channel_tick(struct channel *c, int64_t now_ns, uint64_t steps, bool has_unread)
{
    c->steps = steps;
    if (c->failure) return INT64_MAX;
    if (has_unread) c->heard_ns = now_ns;
    if (now_ns - c->heard_ns >= c->limits.tick_timeout_ns)
        channel_lose(c, GOODBYE_TICK_TIMEOUT);
    else if (is_congested(c, now_ns))
        channel_fail(c, GOODBYE_CONGESTED);
    else
        note_tick(c, now_ns);
    if (c->failure) return INT64_MAX;
    int64_t next_tick_ns = c->wrote_ns + c->tick_every_ns;
    if (next_tick_ns <= now_ns) next_tick_ns = now_ns + c->tick_every_ns;
    return earlier(next_tick_ns, c->heard_ns + c->limits.tick_timeout_ns);
}

int64_t channel_peer_stalled_ns(const struct channel *c, int64_t now_ns)
{
    return now_ns - c->peer_progress_ns;
}

void channel_probe(struct channel *c, int64_t now_ns)
{
    assert(c->s.has_started);
    c->s.probe++;
    c->s.owes_probe = true;
    if (!c->probed_ns) c->probed_ns = now_ns;
}

int64_t channel_probed_since(const struct channel *c) { return c->probed_ns; }

const struct channel_counters *channel_counters(const struct channel *c) { return &c->counters; }
