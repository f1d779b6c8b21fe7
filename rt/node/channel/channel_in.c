/* The receiving half of a channel. Nothing that the peer says is trusted: memory
 * grows with what has come, never with what was announced. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/node/channel/channel_parts.h"
#include "rt/os/sizes.h"

/* What a stream gets at once, and what is kept of its buffer for another one. */
#define STREAM_MIN_BYTES ((size_t)64 << 10)
#define SPARE_MAX_BYTES  ((size_t)2 << 20)

struct stream {
    struct stream *next;
    uint64_t number;
    uint8_t type;
    size_t size;
    struct wire_buf body;
};

/* -- streams */

static struct stream **find_stream(struct receiving *r, uint64_t number)
{
    struct stream **at = &r->by_number[number % (sizeof r->by_number / sizeof *r->by_number)];
    while (*at && (*at)->number != number)
        at = &(*at)->next;
    return at;
}

static struct stream *open_stream(struct channel *c, uint64_t number, uint8_t type, size_t size)
{
    assert(number == c->r.streams + 1 && size <= c->limits.message_max_bytes);
    struct receiving *r = &c->r;
    struct stream *stream = malloc(sizeof *stream);
    if (!stream) return NULL;
    struct stream **at = find_stream(r, number);
    *stream = (struct stream){*at, number, type, size, r->spare};
    *at = stream;
    stream->body.n = 0;
    r->spare = (struct wire_buf){0};
    r->streams = number;
    r->streams_open++;
    r->streams_open_bytes += size;
    r->streams_left += size;
    c->counters.streams_in++;
    return stream;
}

static struct stream *unlink_stream(struct receiving *r, uint64_t number)
{
    struct stream **at = find_stream(r, number), *stream = *at;
    assert(stream && r->streams_open > 0 && r->streams_open_bytes >= stream->size &&
           stream->body.n <= stream->size);
    *at = stream->next;
    r->streams_open--;
    r->streams_open_bytes -= stream->size;
    r->streams_left -= stream->size - stream->body.n;
    return stream;
}

static void free_stream(struct receiving *r, struct stream *stream)
{
    if (!r->spare.bytes && stream->body.capacity <= SPARE_MAX_BYTES) {
        r->spare = stream->body;
    } else {
        buf_free(&stream->body);
    }
    free(stream);
}

static bool stream_reserve(struct stream *stream, size_t n)
{
    struct wire_buf *body = &stream->body;
    if (body->capacity - body->n >= n) return true;
    size_t wanted;
    if (!size_add(body->n, n, &wanted) || !size_multiply(wanted, 2, &wanted) || wanted > stream->size)
        wanted = stream->size;
    else if (wanted < STREAM_MIN_BYTES)
        wanted = stream->size < STREAM_MIN_BYTES ? stream->size : STREAM_MIN_BYTES;
    uint8_t *grown = realloc(body->bytes, wanted);
    if (!grown) return false;
    body->bytes = grown;
    body->capacity = wanted;
    return true;
}

/* -- fragments */

static bool read_fragment(const uint8_t *at, size_t n, struct fragment *f)
{
    const uint8_t *end = at + n;
    at = varint_read(at, end, &f->number);
    if (!at || at == end) return false;
    f->flags = *at++;
    if (f->flags > FRAGMENT_ABORTED || f->flags & FRAGMENT_FIRST) {
        if (f->flags > (FRAGMENT_FIRST | FRAGMENT_LAST) || at == end) return false;
        f->type = *at++;
        at = varint_read(at, end, &f->size);
        if (!at) return false;
    }
    f->bytes = at;
    f->n = (size_t)(end - at);
    return true;
}

static bool may_open(const struct channel *c, const struct fragment *f)
{
    uint8_t flags = control_flags(f->type);
    return flags & PACKET_IS_KNOWN && !(flags & PACKET_OF_CHANNEL) && f->number == c->r.streams + 1 &&
           f->size <= c->limits.message_max_bytes && c->r.streams_open < c->limits.streams_max &&
           f->size <= c->limits.streams_max_bytes - c->r.streams_open_bytes;
}

static bool deliver(struct channel *c, uint8_t type, const uint8_t *body, size_t n, int64_t now_ns,
                    const struct channel_receiver *receiver)
{
    c->peer_progress_ns = now_ns;
    return c->s.goodbye || receiver->message(receiver->context, type, body, n);
}

/* The receiver may let other functions run: the stream is not among the others then. */
static bool end_stream(struct channel *c, const struct fragment *f, int64_t now_ns,
                       const struct channel_receiver *receiver)
{
    struct stream *stream = unlink_stream(&c->r, f->number);
    c->r.delivered = stream;
    bool is_good = f->flags & FRAGMENT_ABORTED ||
                   (stream->body.n == stream->size &&
                    deliver(c, stream->type, stream->body.bytes, stream->size, now_ns, receiver));
    c->r.delivered = NULL;
    free_stream(&c->r, stream);
    return is_good;
}

bool channel_keep_message(struct channel *c, struct wire_buf *out)
{
    if (!c->r.delivered) return false;
    *out = c->r.delivered->body;
    c->r.delivered->body = (struct wire_buf){0};
    return true;
}

static bool end_fragment(struct channel *c, int64_t now_ns, const struct channel_receiver *receiver)
{
    assert(c->r.filling && c->r.fragment.n == 0);
    struct receiving *r = &c->r;
    r->filling = NULL;
    return !(r->fragment.flags & (FRAGMENT_LAST | FRAGMENT_ABORTED)) ||
           end_stream(c, &r->fragment, now_ns, receiver);
}

/* So many bytes of the fragment have come. Behind the last one comes the tag, if there is one. */
static bool fragment_came(struct channel *c, size_t n, int64_t now_ns,
                          const struct channel_receiver *receiver)
{
    assert(c->r.filling && n <= c->r.fragment.n && n <= c->r.streams_left);
    struct receiving *r = &c->r;
    r->filling->body.n += n;
    r->fragment.n -= n;
    r->streams_left -= n;
    return r->fragment.n > 0 || r->seal.is_on || end_fragment(c, now_ns, receiver);
}

/* All bytes of the fragment are there. The packet, with the digest in place of them, gets the
 * tag that has come behind it, and is checked. */
static bool is_fragment_genuine(struct receiving *r, const uint8_t tag[SEAL_TAG_BYTES])
{
    assert(r->seal.is_on && r->filling && r->fragment.n == 0 && r->fragment_start <= r->filling->body.n);
    uint8_t packet[FRAGMENT_HEADER_MAX_BYTES + 2 * SEAL_TAG_BYTES], *at = packet + r->n_fragment_head;
    const struct wire_buf *body = &r->filling->body;
    memcpy(packet, r->fragment_head, r->n_fragment_head);
    size_t n = body->n - r->fragment_start;
    seal_digest(&r->seal, n ? body->bytes + r->fragment_start : at, n,
                at); /* an empty one may have no buffer yet */
    memcpy(at + SEAL_TAG_BYTES, tag, SEAL_TAG_BYTES);
    return seal_check(&r->seal, packet, r->n_fragment_head + SEAL_TAG_BYTES);
}

/* Returns how many bytes it has used. */
static size_t take_fragment_tag(struct channel *c, uint8_t *at, size_t n, int64_t now_ns,
                                const struct channel_receiver *receiver)
{
    if (n < SEAL_TAG_BYTES) return 0;
    if (!is_fragment_genuine(&c->r, at) || !end_fragment(c, now_ns, receiver))
        channel_fail(c, GOODBYE_PROTOCOL_ERROR);
    return SEAL_TAG_BYTES;
}

/* What stands in front of the bytes of a fragment, in the first `n` bytes of the `length` that the
 * packet has. *used_out: where those begin. The packet's tag is not there yet: until it is, nothing
 * of what this does leaves the channel. */
static bool begin_fragment(struct channel *c, const uint8_t *body, size_t n, size_t length, size_t *used_out,
                           int64_t now_ns, const struct channel_receiver *receiver)
{
    struct receiving *r = &c->r;
    struct fragment *f = &r->fragment;
    if (!read_fragment(body, n, f)) return false;
    *used_out = n - f->n;
    f->n = length - *used_out;
    bool is_first = f->flags & FRAGMENT_FIRST;
    if (is_first && !may_open(c, f)) return false;
    struct stream *stream =
        is_first ? open_stream(c, f->number, f->type, f->size) : *find_stream(r, f->number);
    if (is_first && !stream) return channel_fail(c, GOODBYE_OUT_OF_MEMORY), true;
    if (!stream || f->n > stream->size - stream->body.n || (f->flags & FRAGMENT_ABORTED && f->n))
        return false;
    r->filling = stream;
    r->fragment_start = stream->body.n;
    r->n_fragment_head = PACKET_HEADER_BYTES + *used_out;
    memcpy(r->fragment_head, body - PACKET_HEADER_BYTES, r->n_fragment_head);
    return f->n > 0 || fragment_came(c, 0, now_ns, receiver);
}

/* Returns how many it has used. */
static size_t fill(struct channel *c, uint8_t *bytes, size_t n, int64_t now_ns,
                   const struct channel_receiver *receiver)
{
    struct stream *stream = c->r.filling;
    if (n > c->r.fragment.n) n = c->r.fragment.n;
    if (!stream_reserve(stream, n)) {
        channel_fail(c, GOODBYE_OUT_OF_MEMORY);
        return 0;
    }
    if (n) memcpy(stream->body.bytes + stream->body.n, bytes, n);
    if (!fragment_came(c, n, now_ns, receiver)) channel_fail(c, GOODBYE_PROTOCOL_ERROR);
    return n;
}

uint8_t *channel_place(struct channel *c, size_t *n_out)
{
    struct stream *stream = c->r.filling;
    if (c->failure || !stream || !c->r.fragment.n || !stream_reserve(stream, c->r.fragment.n)) return NULL;
    *n_out = c->r.fragment.n;
    return stream->body.bytes + stream->body.n;
}

void channel_placed(struct channel *c, size_t n, int64_t now_ns, const struct channel_receiver *receiver)
{
    assert(c->r.filling && n > 0);
    c->heard_ns = now_ns;
    c->counters.bytes_in += n;
    if (!fragment_came(c, n, now_ns, receiver)) channel_fail(c, GOODBYE_PROTOCOL_ERROR);
}

size_t channel_expected(const struct channel *c) { return c->r.streams_left; }

/* -- packets of the channel itself */

static bool take_tick(struct channel *c, uint64_t steps, int64_t now_ns)
{
    if (steps != c->peer_steps) c->peer_progress_ns = now_ns;
    c->peer_steps = steps;
    return true;
}

static bool take_probe(struct channel *c, uint64_t number)
{
    c->s.owes_probed = true;
    c->s.probed = number;
    return true;
}

static bool take_probed(struct channel *c, uint64_t number)
{
    if (number == c->s.probe) c->probed_ns = 0;
    return number <= c->s.probe;
}

static bool take_goodbye(struct channel *c, uint8_t reason)
{
    if (reason == 0 || reason >= 32) return false;
    channel_lose(c, goodbye_is_known(reason) ? reason : GOODBYE_CLOSED);
    return true;
}

static bool take_number(struct channel *c, uint8_t type, const uint8_t *body, size_t n, int64_t now_ns)
{
    uint64_t number;
    if (varint_read(body, body + n, &number) != body + n) return false;
    switch (type) {
    case CONTROL_TICK: return take_tick(c, number, now_ns);
    case CONTROL_CREDIT: return sending_credit(c, number);
    case CONTROL_PROBE: return take_probe(c, number);
    default: return take_probed(c, number);
    }
}

/* -- packets */

static bool take_packet(struct channel *c, uint8_t type, const uint8_t *body, size_t n, int64_t now_ns,
                        const struct channel_receiver *receiver)
{
    if (!(control_flags(type) & PACKET_OF_CHANNEL)) return deliver(c, type, body, n, now_ns, receiver);
    if (type == CONTROL_GOODBYE) return n == 1 && take_goodbye(c, *body);
    return take_number(c, type, body, n, now_ns);
}

static bool may_come(const struct channel *c, uint8_t type, size_t n)
{
    uint8_t flags = control_flags(type);
    if (!(flags & PACKET_IS_KNOWN) || n > c->limits.packet_max_bytes) return false;
    return !(flags & PACKET_USES_CREDIT) || n <= c->limits.credit_bytes - c->r.used;
}

static void use_credit(struct channel *c, uint8_t type, size_t n)
{
    assert(c->r.taken <= c->r.used);
    if (!(control_flags(type) & PACKET_USES_CREDIT)) return;
    c->r.used += n;
    c->r.taken += n;
}

/* What stands in front of the bytes of a fragment, if it is there: those are taken as they come.
 * Both of these return how many bytes they have used. */
static size_t take_fragment_head(struct channel *c, const uint8_t *at, size_t n, size_t length,
                                 int64_t now_ns, const struct channel_receiver *receiver)
{
    size_t there = n - PACKET_HEADER_BYTES, used;
    if (there < length && n < FRAGMENT_HEADER_MAX_BYTES) return 0;
    used = there = there < length ? there : length;
    c->counters.packets_in++;
    use_credit(c, *at, length);
    if (!begin_fragment(c, at + PACKET_HEADER_BYTES, there, length, &used, now_ns, receiver))
        channel_fail(c, GOODBYE_PROTOCOL_ERROR);
    return PACKET_HEADER_BYTES + used;
}

static size_t take_whole(struct channel *c, uint8_t *at, size_t n, size_t length, int64_t now_ns,
                         const struct channel_receiver *receiver)
{
    struct receiving *r = &c->r;
    size_t packet = PACKET_HEADER_BYTES + length, tag = r->seal.is_on ? SEAL_TAG_BYTES : 0;
    if (n < packet + tag) return 0;
    c->counters.packets_in++;
    use_credit(c, *at, length);
    bool is_genuine = !r->seal.is_on || seal_check(&r->seal, at, packet);
    if (!is_genuine || !take_packet(c, *at, at + PACKET_HEADER_BYTES, length, now_ns, receiver))
        channel_fail(c, GOODBYE_PROTOCOL_ERROR);
    return packet + tag;
}

/* The next packet if it is there. */
static size_t take_next(struct channel *c, uint8_t *at, size_t n, int64_t now_ns,
                        const struct channel_receiver *receiver)
{
    assert(!c->r.filling && !c->failure);
    if (n < PACKET_HEADER_BYTES) return 0;
    size_t length = packet_length(at);
    if (!may_come(c, *at, length)) {
        channel_fail(c, GOODBYE_PROTOCOL_ERROR);
        return 0;
    }
    return *at == CONTROL_FRAGMENT ? take_fragment_head(c, at, n, length, now_ns, receiver)
                                   : take_whole(c, at, n, length, now_ns, receiver);
}

static size_t take_some(struct channel *c, uint8_t *at, size_t n, int64_t now_ns,
                        const struct channel_receiver *receiver)
{
    if (!c->r.filling) return take_next(c, at, n, now_ns, receiver);
    return (c->r.fragment.n ? fill : take_fragment_tag)(c, at, n, now_ns, receiver);
}

size_t channel_input(struct channel *c, uint8_t *bytes, size_t n, int64_t now_ns,
                     const struct channel_receiver *receiver)
{
    size_t used = 0;
    if (n > c->r.left) c->heard_ns = now_ns;
    for (size_t step = 1; step > 0 && used < n && !c->failure; used += step)
        step = take_some(c, bytes + used, n - used, now_ns, receiver);
    c->r.left = n - used;
    c->counters.bytes_in += used;
    return used;
}

void receiving_free(struct receiving *r)
{
    for (size_t i = 0; i < sizeof r->by_number / sizeof *r->by_number; i++)
        for (struct stream *stream = r->by_number[i], *next; stream; stream = next) {
            next = stream->next;
            buf_free(&stream->body);
            free(stream);
        }
    buf_free(&r->spare);
}
