/* The sending half of a channel. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/node/channel/channel_parts.h"

#define DRAFT_MIN_BYTES 256
/* What is shorter is copied to the output, so that the draft remains a small
 * buffer, whatever has been waiting in `out`. */
#define DRAFT_COPIED_BYTES 1024
/* A buffer that has become larger than this is not kept. */
#define DRAFT_KEPT_BYTES ((size_t)2 << 20)
#define OUT_KEPT_BYTES   ((size_t)16 << 20)

static size_t unwritten(const struct sending *s) { return s->out.n - s->out_sent; }
static bool has_piece(const struct sending *s) { return s->piece.head > 0; }
static size_t piece_left(const struct piece *piece)
{
    return piece->head + piece->n + piece->tail - piece->done;
}

/* -- the message that is being written */

struct wire_buf *channel_begin(struct channel *c, struct heading heading)
{
    struct wire_buf *draft = &c->s.draft;
    if (draft->capacity > DRAFT_KEPT_BYTES) buf_free(draft);
    draft->n = 0;
    draft->failed = false;
    c->s.heading = heading;
    if (buf_room(draft, DRAFT_MIN_BYTES)) draft->n = DRAFT_ROOM;
    return draft;
}

void channel_abandon(struct channel *c)
{
    c->s.draft.n = 0;
    buf_return_loans(&c->s.draft);
}

const struct wire_buf *channel_draft(const struct channel *c, struct heading *heading_out)
{
    *heading_out = c->s.heading;
    return &c->s.draft;
}

/* What was written is at the front of `out` no more, if it is much. */
static void out_compact(struct sending *s)
{
    assert(s->out_sent <= s->out.n);
    if (s->out_sent == 0 || s->out_sent < unwritten(s)) return;
    memmove(s->out.bytes, s->out.bytes + s->out_sent, unwritten(s));
    s->out.n = unwritten(s);
    s->out_sent = 0;
}

/* All of it, or nothing and false. There is room for a tag behind it. */
static bool out_put(struct sending *s, const void *bytes, size_t n)
{
    if (s->out.capacity - s->out.n < n + SEAL_TAG_BYTES) out_compact(s);
    s->out.failed = false;
    uint8_t *at = buf_room(&s->out, n + SEAL_TAG_BYTES);
    if (!at) return false;
    memcpy(at, bytes, n);
    s->out.n += n;
    return true;
}

/* The last `n` bytes of a buffer, with room behind them, are the next packet: with its tag, if it gets one. */
static void seal_last(struct sending *s, struct wire_buf *buf, size_t n)
{
    assert(n >= PACKET_HEADER_BYTES && n <= buf->n &&
           buf->capacity - buf->n >= (s->seal.is_on ? SEAL_TAG_BYTES : 0));
    if (!s->seal.is_on) return;
    seal_write(&s->seal, s->seal.number++, buf->bytes + buf->n - n, n);
    buf->n += SEAL_TAG_BYTES;
}

static bool out_put_packet(struct sending *s, const void *packet, size_t n)
{
    if (!out_put(s, packet, n)) return false;
    seal_last(s, &s->out, n);
    return true;
}

static bool out_put_draft(struct sending *s)
{
    assert(s->draft.n >= DRAFT_ROOM && !s->draft.failed && !s->draft.loans);
    size_t start = DRAFT_ROOM - PACKET_HEADER_BYTES, n = s->draft.n - start;
    packet_header_write(s->draft.bytes + start, (uint8_t)s->heading.type, s->draft.n - DRAFT_ROOM);
    bool is_copied = unwritten(s) > 0 || s->draft.n <= DRAFT_COPIED_BYTES;
    if (is_copied) return out_put_packet(s, s->draft.bytes + start, n);
    if (!buf_room(&s->draft, SEAL_TAG_BYTES)) return false;
    seal_last(s, &s->draft, n);
    struct wire_buf empty = s->out;
    s->out = s->draft;
    s->out_sent = start;
    s->draft = empty;
    return true;
}

/* The message that is being written, of n bytes, goes in one packet. */
static bool is_small(const struct channel *c, size_t n)
{
    return n <= c->limits.fragment_bytes || control_flags((uint8_t)c->s.heading.type) & PACKET_WHOLE;
}

static bool may_go_at_once(const struct channel *c, size_t n, size_t cost)
{
    const struct sending *s = &c->s;
    if (!s->has_started || !is_small(c, n) || waiting_blocks(&s->waiting, &s->heading)) return false;
    return cost == 0 || (cost <= s->credit && s->waiting.n_small == 0);
}

static bool go_at_once(struct channel *c, size_t cost)
{
    if (!out_put_draft(&c->s)) return false;
    c->s.credit -= cost;
    c->counters.packets_out++;
    return true;
}

static struct outgoing *outgoing_new(struct sending *s, bool is_small, size_t n)
{
    struct outgoing *m = malloc(sizeof *m + (is_small ? DRAFT_ROOM + n : 0));
    if (!m) return NULL;
    *m = (struct outgoing){.key = s->heading.key,
                           .from = s->heading.from,
                           .type = (uint8_t)s->heading.type,
                           .is_in_turn = s->heading.from && control_is_in_turn(s->heading.type),
                           .is_small = is_small,
                           .n = n};
    m->is_free = is_small && !(control_flags(m->type) & PACKET_USES_CREDIT);
    if (is_small) {
        m->body = m->small + DRAFT_ROOM;
        memcpy(m->body, s->draft.bytes + DRAFT_ROOM, n);
    } else {
        m->owned = s->draft;
        m->at = buf_place(&m->owned, DRAFT_ROOM);
        s->draft = s->n_spares ? s->spares[--s->n_spares] : (struct wire_buf){0};
    }
    return m;
}

static bool wait_with_draft(struct channel *c, size_t n)
{
    struct sending *s = &c->s;
    if (s->draft.n_lent && !sending_reserve_scratch(c)) return false;
    struct outgoing *m = outgoing_new(s, is_small(c, n), n);
    if (!m) return false;
    if (!waiting_add(&s->waiting, m)) {
        buf_free(&m->owned);
        free(m);
        return false;
    }
    if (s->waiting.first == m) s->is_blocked = false;
    return true;
}

bool channel_end(struct channel *c)
{
    struct sending *s = &c->s;
    size_t n = s->draft.n - DRAFT_ROOM + s->draft.n_lent; /* what has been lent makes it a stream */
    size_t cost = control_flags((uint8_t)s->heading.type) & PACKET_USES_CREDIT ? n : 0;
    bool is_good = !s->draft.failed && n <= c->limits.message_max_bytes && !s->goodbye && !s->is_closed;
    bool is_sent = is_good && (may_go_at_once(c, n, cost) ? go_at_once(c, cost) : wait_with_draft(c, n));
    s->was_stream = !is_small(c, n);
    channel_abandon(c);
    return is_sent;
}

size_t channel_backlog(const struct channel *c)
{
    return c->s.waiting.n_bytes + unwritten(&c->s) + piece_left(&c->s.piece);
}

bool channel_is_congested(const struct channel *c)
{
    size_t passed = c->s.was_stream ? 0 : c->s.waiting.n_stream_bytes;
    return channel_backlog(c) - passed > c->limits.credit_bytes;
}

/* -- packets of the channel itself */

static bool put_packet(struct channel *c, enum control type, uint64_t number)
{
    uint8_t packet[PACKET_HEADER_BYTES + 10], *end = varint_write(packet + PACKET_HEADER_BYTES, number);
    packet_header_write(packet, (uint8_t)type, (size_t)(end - packet) - PACKET_HEADER_BYTES);
    if (!out_put_packet(&c->s, packet, (size_t)(end - packet))) return false;
    c->counters.packets_out++;
    return true;
}

static void put_credit(struct channel *c)
{
    if (c->r.taken < c->limits.credit_bytes / 4 || !put_packet(c, CONTROL_CREDIT, c->r.taken)) return;
    c->r.used -= c->r.taken;
    c->r.taken = 0;
}

static void put_signs_of_life(struct channel *c)
{
    struct sending *s = &c->s;
    if (s->owes_tick) s->owes_tick = !put_packet(c, CONTROL_TICK, c->steps);
    if (s->owes_probe) s->owes_probe = !put_packet(c, CONTROL_PROBE, s->probe);
    if (s->owes_probed) s->owes_probed = !put_packet(c, CONTROL_PROBED, s->probed);
}

static void put_goodbye(struct channel *c)
{
    if (put_packet(c, CONTROL_GOODBYE, c->s.goodbye)) c->s.is_closed = true;
}

/* -- what waits */

static bool has_stream(const struct channel *c, const struct outgoing *m)
{
    const struct sending *s = &c->s;
    return m->stream || (s->streams_open < c->limits.streams_max &&
                         m->n <= c->limits.streams_max_bytes - s->streams_open_bytes);
}

/* A quarter of the credit is kept for small messages, unless such ones wait, too. */
static bool has_credit_for_fragment(const struct channel *c, size_t credit)
{
    size_t most = c->limits.fragment_bytes + FRAGMENT_HEADER_MAX_BYTES;
    size_t kept = c->s.waiting.n_small ? 0 : c->limits.credit_bytes / 4;
    return credit >= most + kept;
}

static void open_stream(struct channel *c, struct outgoing *m)
{
    assert(c->s.streams_open < c->limits.streams_max);
    m->stream = ++c->s.streams;
    c->s.streams_open++;
    c->s.streams_open_bytes += m->n;
    c->counters.streams_out++;
}

/* Of the fragment behind the first `sent` bytes, of which it has *n_out. Returns the header's length. */
static size_t write_header(const struct channel *c, const struct outgoing *m, uint64_t stream, size_t sent,
                           uint8_t header[FRAGMENT_HEADER_MAX_BYTES], size_t *n_out)
{
    size_t n = m->n - sent;
    bool is_first = sent == 0, is_last = n <= c->limits.fragment_bytes;
    if (!is_last) n = c->limits.fragment_bytes;
    uint8_t *at = varint_write(header + PACKET_HEADER_BYTES, stream);
    *at++ = (uint8_t)((is_first ? FRAGMENT_FIRST : 0) | (is_last ? FRAGMENT_LAST : 0));
    if (is_first) {
        *at++ = m->type;
        at = varint_write(at, m->n);
    }
    size_t head = (size_t)(at - header);
    packet_header_write(header, CONTROL_FRAGMENT, head - PACKET_HEADER_BYTES + n);
    *n_out = n;
    return head;
}

/* Of the packet before which so many others are still to be written. Returns the length of its tag. */
static size_t seal_fragment(struct channel *c, const struct outgoing *m, size_t sent, size_t n_before,
                            const uint8_t *header, size_t head, const struct buf_place *at, size_t n,
                            uint8_t tag[SEAL_TAG_BYTES])
{
    struct sending *s = &c->s;
    if (!s->seal.is_on) return 0;
    sending_seal_fragment(s, m, sent, s->seal.number + n_before, header, head, at, n, tag);
    return SEAL_TAG_BYTES;
}

static void begin_piece(struct channel *c, struct outgoing *m)
{
    assert(!has_piece(&c->s) && unwritten(&c->s) == 0);
    struct piece *piece = &c->s.piece;
    if (!m->stream) open_stream(c, m);
    piece->head = write_header(c, m, m->stream, m->sent, piece->header, &piece->n);
    piece->tail = seal_fragment(c, m, m->sent, 0, piece->header, piece->head, &m->at, piece->n, piece->tag);
    c->s.seal.number += piece->tail > 0;
    piece->done = 0;
    piece->at = m->at;
    buf_spans(&m->owned, &m->at, piece->n, NULL);
    c->s.credit -= piece->head - PACKET_HEADER_BYTES + piece->n;
    waiting_sent(&c->s.waiting, piece->n);
    c->counters.packets_out++;
}

static void keep_spare(struct sending *s, struct wire_buf *buf)
{
    buf_return_loans(buf);
    if (s->n_spares == SENDING_SPARES || buf->capacity > DRAFT_KEPT_BYTES) return;
    s->spares[s->n_spares++] = *buf;
    *buf = (struct wire_buf){0};
}

static void end_piece(struct channel *c)
{
    assert(has_piece(&c->s) && piece_left(&c->s.piece) == 0);
    struct sending *s = &c->s;
    struct outgoing *m = s->waiting.first;
    s->piece.head = s->piece.n = s->piece.tail = s->piece.done = 0;
    if (m->sent < m->n) {
        waiting_rotate(&s->waiting);
        return;
    }
    s->streams_open--;
    s->streams_open_bytes -= m->n;
    keep_spare(s, &m->owned);
    waiting_shift(&s->waiting);
}

static size_t small_cost(const struct outgoing *m) { return m->is_free ? 0 : m->n; }

static bool serve_small(struct channel *c, struct outgoing *m)
{
    struct sending *s = &c->s;
    uint8_t *packet = m->body - PACKET_HEADER_BYTES;
    packet_header_write(packet, m->type, m->n);
    if (!out_put_packet(s, packet, PACKET_HEADER_BYTES + m->n)) return false;
    s->credit -= small_cost(m);
    waiting_sent(&s->waiting, m->n);
    waiting_shift(&s->waiting);
    c->counters.packets_out++;
    return true;
}

/* One that may not open a stream now lets the others go first: those whose
 * streams are open are among them. */
static struct outgoing *first_with_stream(struct channel *c)
{
    struct waiting *w = &c->s.waiting;
    while (!w->first->is_small && !has_stream(c, w->first))
        waiting_rotate(w);
    return w->first;
}

/* The first of what waits moves to the output. False: it has no credit, what is
 * in `out` must be written first, or there is no memory. */
static bool serve_one(struct channel *c)
{
    struct sending *s = &c->s;
    if (!s->waiting.first || s->is_blocked) return false;
    struct outgoing *m = first_with_stream(c);
    s->is_blocked = m->is_small ? small_cost(m) > s->credit : !has_credit_for_fragment(c, s->credit);
    if (s->is_blocked) return false;
    if (m->is_small) return serve_small(c, m);
    if (unwritten(s) == 0) begin_piece(c, m);
    return has_piece(s);
}

static void fill_output(struct channel *c)
{
    struct sending *s = &c->s;
    if (s->is_closed || unwritten(s) >= c->limits.output_low_bytes) return;
    put_credit(c);
    put_signs_of_life(c);
    while (!has_piece(s) && unwritten(s) < c->limits.output_low_bytes && serve_one(c))
        continue;
    if (s->goodbye && !s->waiting.first) put_goodbye(c);
}

/* -- output */

/* So much of the piece has been written that is not its header. */
static size_t piece_behind_header(const struct piece *piece)
{
    return piece->done > piece->head ? piece->done - piece->head : 0;
}

/* What is left of the piece. */
static size_t piece_spans(const struct channel *c, struct span *spans)
{
    const struct piece *piece = &c->s.piece;
    struct buf_place at = piece->at;
    size_t n_spans = 0, behind = piece_behind_header(piece), tag_left = piece->tail;
    if (piece->done < piece->head)
        spans[n_spans++] = (struct span){piece->header + piece->done, piece->head - piece->done};
    if (behind > piece->n) tag_left -= behind - piece->n;
    size_t n = behind < piece->n ? piece->n - behind : 0;
    n_spans += buf_spans(&c->s.waiting.first->owned, &at, n, spans + n_spans);
    if (tag_left) spans[n_spans++] = (struct span){piece->tag + piece->tail - tag_left, tag_left};
    return n_spans;
}

/* Those that begin_piece will give, one after the other, when the piece is written. Each
 * message has its turn, so only of one that is alone. */
static size_t spans_ahead(struct channel *c, struct span *spans)
{
    struct sending *s = &c->s;
    const struct outgoing *m = s->waiting.first;
    if (unwritten(s) > 0 || s->waiting.first != s->waiting.last) return 0;
    struct buf_place at = m->at;
    size_t n_spans = 0, sent = m->sent, credit = s->credit, n;
    for (size_t i = 0; i < FRAGMENTS_AHEAD && sent < m->n && has_credit_for_fragment(c, credit); i++) {
        uint8_t *header = s->ahead[i].header, *tag = s->ahead[i].tag;
        size_t head = write_header(c, m, m->stream, sent, header, &n);
        size_t tail = seal_fragment(c, m, sent, i, header, head, &at, n, tag);
        spans[n_spans++] = (struct span){header, head};
        n_spans += buf_spans(&m->owned, &at, n, spans + n_spans);
        if (tail) spans[n_spans++] = (struct span){tag, tail};
        sent += n;
        credit -= head - PACKET_HEADER_BYTES + n;
    }
    return n_spans;
}

size_t channel_output(struct channel *c, struct span spans[CHANNEL_SPANS])
{
    struct sending *s = &c->s;
    if (!has_piece(s)) fill_output(c);
    if (has_piece(s)) {
        size_t n = piece_spans(c, spans);
        return n + spans_ahead(c, spans + n);
    }
    if (unwritten(s) == 0) return 0;
    spans[0] = (struct span){s->out.bytes + s->out_sent, unwritten(s)};
    return 1;
}

/* Returns how much of it belongs to the piece. */
static size_t wrote_piece(struct channel *c, size_t n)
{
    struct piece *piece = &c->s.piece;
    size_t left = piece_left(piece), before = piece_behind_header(piece);
    if (n > left) n = left;
    piece->done += n;
    size_t behind = piece_behind_header(piece);
    if (behind > piece->n) behind = piece->n;
    if (behind > before) buf_spans(&c->s.waiting.first->owned, &piece->at, behind - before, NULL);
    if (n == left) end_piece(c);
    return n;
}

static void wrote_out(struct sending *s, size_t n)
{
    assert(n <= unwritten(s));
    s->out_sent += n;
    if (s->out_sent < s->out.n) return;
    s->out.n = s->out_sent = 0;
    if (s->out.capacity > OUT_KEPT_BYTES) buf_free(&s->out);
}

void channel_wrote(struct channel *c, size_t n, int64_t now_ns)
{
    struct sending *s = &c->s;
    if (n == 0) return;
    c->wrote_ns = now_ns;
    c->counters.bytes_out += n;
    if (!has_piece(s)) {
        wrote_out(s, n);
        return;
    }
    for (n -= wrote_piece(c, n); n > 0; n -= wrote_piece(c, n))
        begin_piece(c, s->waiting.first);
}

/* -- for the other parts */

bool sending_credit(struct channel *c, uint64_t n)
{
    if (n == 0 || n > c->limits.credit_bytes - c->s.credit) return false;
    c->s.credit += n;
    c->s.is_blocked = false;
    c->blocked_ns = 0;
    return true;
}

bool sending_pass_on(struct channel *from, struct channel *to)
{
    assert(!from->s.has_started && unwritten(&from->s) == 0 && !has_piece(&from->s));
    bool is_lent = from->s.scratch != NULL;
    if (is_lent && !sending_reserve_scratch(to)) return false;
    to->s.is_blocked = false;
    return waiting_pass_on(&from->s.waiting, &to->s.waiting);
}

/* In `out`, in place of what stands there behind it. */
static void keep_piece(struct channel *c)
{
    struct sending *s = &c->s;
    struct span spans[FRAGMENT_SPANS];
    size_t n = piece_spans(c, spans);
    s->out.n = s->out_sent = 0;
    for (size_t i = 0; i < n && !s->is_closed; i++)
        s->is_closed = !out_put(s, spans[i].bytes, spans[i].n);
    s->piece.head = s->piece.n = s->piece.tail = s->piece.done = 0;
}

/* A packet that was begun must be ended, or there can be no goodbye. What stands
 * in `out` behind it was not begun. */
void sending_drop_waiting(struct channel *c)
{
    struct sending *s = &c->s;
    if (has_piece(s)) keep_piece(c);
    waiting_clear(&s->waiting);
    s->streams_open = s->streams_open_bytes = 0;
}

void sending_rest(struct sending *s)
{
    if (s->out.n == 0) buf_free(&s->out);
    while (s->n_spares)
        buf_free(&s->spares[--s->n_spares]);
    if (s->waiting.first) return;
    free(s->scratch);
    s->scratch = NULL;
}

void sending_free(struct sending *s)
{
    waiting_clear(&s->waiting);
    s->out.n = 0;
    sending_rest(s);
    buf_free(&s->draft);
}
