/* The tags of fragments that a channel sends, whose bytes stay where they are in the message. */
#include <stdlib.h>
#include <string.h>

#include "rt/node/channel/channel_parts.h"

bool sending_reserve_scratch(struct channel *c)
{
    struct sending *s = &c->s;
    if (!s->scratch) s->scratch = malloc(c->limits.fragment_bytes);
    return s->scratch != NULL;
}

/* Side by side: only where something lent begins or ends they have to be copied. */
static const uint8_t *bytes_of_fragment(struct sending *s, const struct outgoing *m, struct buf_place at,
                                        size_t n)
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
    uint8_t packet[FRAGMENT_HEADER_MAX_BYTES + 2 * SEAL_TAG_BYTES];
    memcpy(packet, header, head);
    memcpy(packet + head, digest_of(s, m, sent, at, n)->bytes, SEAL_TAG_BYTES);
    seal_write(&s->seal, number, packet, head + SEAL_TAG_BYTES);
    memcpy(tag, packet + head + SEAL_TAG_BYTES, SEAL_TAG_BYTES);
}
