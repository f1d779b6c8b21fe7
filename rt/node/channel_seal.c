/* The tags of what a channel sends: of what was put in while there was no connection, and of
 * fragments, whose bytes stay where they are in the message. */
#include <stdlib.h>
#include <string.h>

#include "rt/node/channel_parts.h"
#include "rt/os/check.h"

/* -- what is in `out` already */

/* Copies the frame at `from`; returns its length. */
static size_t seal_frame(struct sending *s, struct wire_buf *to, const uint8_t *from)
{
    size_t n = FRAME_HEADER_BYTES + frame_length(from);
    uint8_t *at = buf_room(to, n + SEAL_TAG_BYTES);
    if (!at) return n;
    memcpy(at, from, n);
    seal_write(&s->seal, s->seal.number++, at, n);
    to->n += n + SEAL_TAG_BYTES;
    return n;
}

bool sending_seal(struct channel *c, const struct seal_key *key)
{
    struct sending *s = &c->s;
    if (s->seal.is_on || c->counters.bytes_out || s->piece.head) tt_panic("a channel is sealed that has written something");
    struct wire_buf sealed = {0};
    s->seal = (struct seal){.key = *key, .is_on = true};
    for (size_t at = s->out_sent; at < s->out.n && !sealed.failed;)
        at += seal_frame(s, &sealed, s->out.bytes + at);
    bool is_good = !sealed.failed;
    if (!is_good) {
        buf_free(&sealed);
    } else if (s->out.n) {
        buf_free(&s->out);
        s->out = sealed;
        s->out_sent = 0;
    }
    return is_good;
}

/* -- fragments */

bool sending_reserve_scratch(struct channel *c)
{
    struct sending *s = &c->s;
    if (!s->scratch) s->scratch = malloc(c->limits.fragment_bytes);
    return s->scratch != NULL;
}

/* Side by side: only where something lent begins or ends they have to be copied. */
static const uint8_t *bytes_of_fragment(struct sending *s, const struct outgoing *m, struct buf_place at, size_t n)
{
    struct span spans[FRAGMENT_SPANS];
    size_t n_spans = buf_spans(&m->owned, &at, n, spans), copied = 0;
    if (n_spans == 1) return spans[0].bytes;
    for (size_t i = 0; i < n_spans; copied += spans[i++].n)
        memcpy(s->scratch + copied, spans[i].bytes, spans[i].n);
    return s->scratch;
}

static struct digest *find_digest(struct sending *s, uint64_t stream, size_t sent)
{
    for (size_t i = 0; i < DIGESTS; i++)
        if (s->digests[i].stream == stream && s->digests[i].sent == sent) return &s->digests[i];
    return NULL;
}

/* A fragment is looked at again when it was not written whole at once, or not at all. */
static const struct digest *digest_of(struct sending *s, const struct outgoing *m, size_t sent,
                                      const struct buf_place *at, size_t n)
{
    struct digest *digest = find_digest(s, m->stream, sent);
    if (digest) return digest;
    digest = &s->digests[s->next_digest++ % DIGESTS];
    digest->stream = m->stream;
    digest->sent = sent;
    seal_digest(&s->seal, bytes_of_fragment(s, m, *at, n), n, digest->bytes);
    return digest;
}

void sending_seal_fragment(struct sending *s, const struct outgoing *m, size_t sent, uint64_t number,
                           const uint8_t *header, size_t head, const struct buf_place *at, size_t n,
                           uint8_t tag[SEAL_TAG_BYTES])
{
    uint8_t frame[FRAGMENT_HEADER_MAX_BYTES + 2 * SEAL_TAG_BYTES];
    memcpy(frame, header, head);
    memcpy(frame + head, digest_of(s, m, sent, at, n)->bytes, SEAL_TAG_BYTES);
    seal_write(&s->seal, number, frame, head + SEAL_TAG_BYTES);
    memcpy(tag, frame + head + SEAL_TAG_BYTES, SEAL_TAG_BYTES);
}
