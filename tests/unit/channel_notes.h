/* What the tests of the channel share: limits that are soon met, messages that
 * know what they are, and frames by hand. */
#ifndef TESTS_UNIT_CHANNEL_NOTES_H
#define TESTS_UNIT_CHANNEL_NOTES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/channel_pair.h"
#include "tests/unit/counted_memory.h"

#define SECOND INT64_C(1000000000)
#define T      (8 * SECOND)

/* Small enough for every limit to be met in a short test. */
static const struct channel_limits tiny = {
    .tick_timeout_ns = T,
    .fragment_bytes = 40,
    .packet_max_bytes = 200,
    .message_max_bytes = 10000,
    .credit_bytes = 640,
    .streams_max = 3,
    .streams_max_bytes = 20000,
    .output_low_bytes = 100,
};

/* -- messages that know what they are: key, number, size, and bytes made of these */

struct note {
    uint64_t key;
    uint32_t number, size;
};

static inline uint8_t pattern(const struct note *note, size_t i)
{
    return (uint8_t)(note->key * 31 + note->number * 7 + i * 13 + (i >> 8));
}

static inline bool send_note(struct side *side, enum control type, uint64_t key, uint32_t number, size_t size)
{
    struct note note = {key, number, (uint32_t)size};
    struct wire_buf *buf = channel_begin(side->channel, (struct heading){type, key, 0});
    buf_put(buf, &note, sizeof note);
    for (size_t i = sizeof note; i < size; i++)
        buf_put_byte(buf, pattern(&note, i));
    return channel_end(side->channel);
}

#define KEYS 128
#define LOG  4096
static struct log {
    uint32_t last[KEYS]; /* number of each key's last note */
    struct note notes[LOG];
    size_t n, bytes;
    bool refuses;
} seen;

static inline bool take_note(void *context, enum control type, const uint8_t *body, size_t n)
{
    struct note note;
    if (seen.refuses) return false;
    assert_true(n >= sizeof note);
    memcpy(&note, body, sizeof note);
    assert_int_equal(note.size, n);
    for (size_t i = sizeof note; i < n; i++)
        assert_int_equal(body[i], pattern(&note, i));
    if (note.key) {
        assert_true(note.number > seen.last[note.key]);
        seen.last[note.key] = note.number;
    }
    seen.notes[seen.n++ % LOG] = note;
    seen.bytes += n;
    return true;
}

static inline bool take_any(void *context, enum control type, const uint8_t *body, size_t n)
{
    seen.n++;
    seen.bytes += n;
    return true;
}

static struct side a, b;

static inline void open_pair(const struct channel_limits *limits)
{
    memset(&seen, 0, sizeof seen);
    memory_blocks = 0;
    pair_now = SECOND;
    side_open(&a, limits, take_note, NULL);
    side_open(&b, limits, take_note, NULL);
}

static inline void close_pair(void)
{
    side_close(&a);
    side_close(&b);
    assert_int_equal(memory_blocks, 0);
}

/* -- bytes by hand */

static inline void raw_frame(struct side *to, uint8_t type, const void *body, size_t n)
{
    uint8_t header[] = {type, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16)};
    buf_put(&to->inbox, header, sizeof header);
    buf_put(&to->inbox, body, n);
}

static inline void raw_number(struct side *to, uint8_t type, uint64_t number)
{
    uint8_t body[10];
    raw_frame(to, type, body, (size_t)(varint_write(body, number) - body));
}

enum { FIRST = 1, LAST = 2, ABORTED = 4 };

static inline void raw_fragment(struct side *to, uint64_t stream, uint8_t flags, uint8_t type, uint64_t size,
                                size_t n)
{
    uint8_t body[512] = {0}, *at = varint_write(body, stream);
    *at++ = flags;
    if (flags & FIRST) {
        *at++ = type;
        at = varint_write(at, size);
    }
    raw_frame(to, CONTROL_FRAGMENT, body, (size_t)(at - body) + n);
}

static inline enum goodbye fate_of_bytes(const struct channel_limits *limits, void (*bytes)(struct side *))
{
    memset(&seen, 0, sizeof seen);
    memory_blocks = 0;
    side_open(&b, limits, take_any, NULL);
    bytes(&b);
    take_input(&b, SIZE_MAX);
    enum goodbye fate = channel_failure(b.channel);
    side_close(&b);
    assert_int_equal(memory_blocks, 0);
    return fate;
}

#endif
