/* Two channels with pipes between them, for tests: what one of them writes comes
 * to the other one when it is moved, in pieces of any size. */
#ifndef TESTS_UNIT_CHANNEL_PAIR_H
#define TESTS_UNIT_CHANNEL_PAIR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/node/channel/channel.h"

struct side {
    struct channel *channel;
    struct wire_buf inbox; /* bytes on their way to it */
    struct channel_receiver receiver;
};

static int64_t pair_now = 1;

static inline void side_open(struct side *side, const struct channel_limits *limits,
                             bool (*message)(void *, enum control, const uint8_t *, size_t), void *context)
{
    *side = (struct side){.channel = channel_new(limits, pair_now), .receiver = {message, context}};
    channel_start(side->channel, pair_now);
}

static inline void side_close(struct side *side)
{
    channel_free(side->channel);
    buf_free(&side->inbox);
}

static inline bool side_send(struct side *side, enum control type, uint64_t key, const void *bytes, size_t n)
{
    buf_put(channel_begin(side->channel, (struct heading){type, key, 0}), bytes, n);
    return channel_end(side->channel);
}

/* What a channel has to write, in one piece; until the next call. NULL: nothing. */
static inline uint8_t *whole_output(struct channel *c, size_t *n_out)
{
    static uint8_t bytes[1 << 20];
    struct span spans[CHANNEL_SPANS];
    size_t n_spans = channel_output(c, spans);
    *n_out = 0;
    for (size_t i = 0; i < n_spans; i++) {
        size_t n = spans[i].n < sizeof bytes - *n_out ? spans[i].n : sizeof bytes - *n_out;
        memcpy(bytes + *n_out, spans[i].bytes, n);
        *n_out += n;
    }
    return *n_out ? bytes : NULL;
}

/* At most `most` bytes leave one side. Returns how many did. */
static inline size_t move_output(struct side *from, struct side *to, size_t most)
{
    size_t n;
    const uint8_t *bytes = whole_output(from->channel, &n);
    if (n > most) n = most;
    if (n == 0) return 0;
    buf_put(&to->inbox, bytes, n);
    channel_wrote(from->channel, n, pair_now);
    return n;
}

/* The bytes of a fragment go to their place every other time. */
static inline size_t place_input(struct side *to, size_t n)
{
    static unsigned turn;
    size_t room;
    uint8_t *place = n && turn++ % 2 ? channel_place(to->channel, &room) : NULL;
    if (!place) return 0;
    if (n > room) n = room;
    memcpy(place, to->inbox.bytes, n);
    channel_placed(to->channel, n, pair_now, &to->receiver);
    return n;
}

/* At most `most` bytes enter a side, in a buffer of exactly that size. Returns how
 * many were used. */
static inline size_t take_input(struct side *to, size_t most)
{
    size_t n = to->inbox.n < most ? to->inbox.n : most, used = place_input(to, n);
    n -= used;
    uint8_t *exact = malloc(n ? n : 1);
    if (n) memcpy(exact, to->inbox.bytes + used, n);
    used += channel_input(to->channel, exact, n, pair_now, &to->receiver);
    free(exact);
    if (used) memmove(to->inbox.bytes, to->inbox.bytes + used, to->inbox.n - used);
    to->inbox.n -= used;
    return used;
}

/* Until nothing moves any more. */
static inline void settle(struct side *a, struct side *b)
{
    for (size_t moved = 1; moved;) {
        moved = move_output(a, b, SIZE_MAX) + move_output(b, a, SIZE_MAX);
        moved += take_input(a, SIZE_MAX) + take_input(b, SIZE_MAX);
    }
}

#endif
