/* Frames between nodes (rt/node/channel/channel.h). An input is used twice:
 *   - as the bytes of a peer: they give messages or end the connection, with no
 *     more memory than came, and what the channel answers is what a node sends; behind
 *     tags, where the peer has no keys, they give no message;
 *   - as the choices of two honest nodes: what is sent, how much of it moves when;
 *     all messages come whole, once, and those with the same key in order. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/channel_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEYS 4

static const struct channel_limits limits = {
    .tick_timeout_ns = INT64_C(8000000000),
    .fragment_bytes = 40,
    .packet_max_bytes = 300,
    .message_max_bytes = 5000,
    .credit_bytes = 640,
    .streams_max = 3,
    .streams_max_bytes = 10000,
    .output_low_bytes = 100,
};

static void require(bool condition, const char *what)
{
    if (condition) return;
    fprintf(stderr, "fz_frame: %s\n", what);
    abort();
}

/* -- the bytes of a peer */

struct strange {
    struct channel *channel;
    size_t bytes;
};

/* Now and then the receiver answers. */
static bool take_strange(void *context, enum control type, const uint8_t *body, size_t n)
{
    struct strange *s = context;
    require(control_name(type) && type >= CONTROL_SEND, "a frame of the channel itself was delivered");
    s->bytes += n;
    if (n % 3 == 0) {
        buf_put(channel_begin(s->channel, (struct heading){CONTROL_ANSWER, n % 2, 0}), body, n);
        channel_end(s->channel);
    }
    return n != 77;
}

static bool take_any(void *context, enum control type, const uint8_t *body, size_t n) { return true; }

static const struct seal_key key_a = {.packets = "a"}, key_b = {.packets = "b"};

/* Without the keys nothing is delivered. */
static void be_strange(const uint8_t *data, size_t size, bool is_sealed)
{
    struct side peer, victim;
    struct strange s = {0};
    pair_now = 1;
    side_open(&peer, &limits, take_any, NULL);
    side_open(&victim, &limits, take_strange, &s);
    s.channel = victim.channel;
    if (is_sealed) {
        channel_seal(victim.channel, &key_a, &key_b);
        channel_seal(peer.channel, &key_b, &key_a);
    }
    for (size_t at = 0, step; at < size; at += step) {
        step = 1 + data[at] % 97;
        if (step > size - at) step = size - at;
        buf_put(&victim.inbox, data + at, step);
        take_input(&victim, SIZE_MAX);
        while (move_output(&victim, &peer, SIZE_MAX))
            continue;
        take_input(&peer, SIZE_MAX);
        pair_now += INT64_C(100000000);
        channel_tick(victim.channel, pair_now, at, false);
    }
    require(s.bytes <= (is_sealed ? 0 : size), "more came out than went in");
    /* The peer has sent nothing itself, so credit that it gets is too much for it. */
    enum goodbye end = channel_failure(peer.channel);
    require(end == GOODBYE_NONE || end == GOODBYE_PROTOCOL_ERROR || end == channel_failure(victim.channel),
            "the victim sends what no node sends");
    side_close(&victim);
    side_close(&peer);
}

/* -- two honest nodes */

struct honest {
    uint32_t sent[KEYS], come[KEYS];
    size_t n_sent, n_come;
};

struct note {
    uint32_t key, number, size;
};

static uint8_t pattern(const struct note *note, size_t i)
{
    return (uint8_t)(note->key + note->number * 7 + i * 13);
}

static bool take_note(void *context, enum control type, const uint8_t *body, size_t n)
{
    struct honest *h = context;
    struct note note;
    require(n >= sizeof note, "a message is too short");
    memcpy(&note, body, sizeof note);
    require(note.size == n && note.key < KEYS, "a message has another size");
    for (size_t i = sizeof note; i < n; i++)
        require(body[i] == pattern(&note, i), "a message is damaged");
    if (note.key) require(note.number == ++h->come[note.key], "messages have changed their order");
    h->n_come++;
    return true;
}

static void send_note(struct side *from, struct honest *h, uint32_t key, size_t size, bool has_credit)
{
    struct note note = {key, h->sent[key] + 1, (uint32_t)(size + sizeof note)};
    struct wire_buf *buf =
        channel_begin(from->channel, (struct heading){has_credit ? CONTROL_SEND : CONTROL_END, key, 0});
    buf_put(buf, &note, sizeof note);
    for (size_t i = sizeof note; i < note.size; i++)
        buf_put_byte(buf, pattern(&note, i));
    require(channel_end(from->channel), "a message is refused");
    h->sent[key]++;
    h->n_sent++;
}

static void be_honest(const uint8_t *data, size_t size)
{
    struct side a, b;
    struct honest to_a = {0}, to_b = {0};
    pair_now = 1;
    side_open(&a, &limits, take_note, &to_a);
    side_open(&b, &limits, take_note, &to_b);
    channel_seal(a.channel, &key_a, &key_b);
    channel_seal(b.channel, &key_b, &key_a);
    for (size_t i = 0; i + 1 < size && i < 600; i += 2) {
        struct side *from = data[i] & 1 ? &a : &b, *to = data[i] & 1 ? &b : &a;
        size_t much = data[i + 1];
        switch (data[i] >> 1 & 7) {
        case 0: move_output(from, to, much + 1); break;
        case 1: take_input(to, much + 1); break;
        case 2: channel_probe(from->channel, pair_now); break;
        case 3: move_output(from, to, SIZE_MAX); break;
        case 4: take_input(to, SIZE_MAX); break;
        default:
            send_note(from, data[i] & 1 ? &to_b : &to_a, data[i] >> 4 & 3,
                      data[i] & 64 ? much * 15 : much / 4, data[i] & 128);
        }
    }
    settle(&a, &b);
    require(!channel_failure(a.channel) && !channel_failure(b.channel),
            "an honest node is taken for another one");
    require(to_a.n_come == to_a.n_sent && to_b.n_come == to_b.n_sent, "a message has not come");
    side_close(&a);
    side_close(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    be_strange(data, size, false);
    be_strange(data, size, true);
    be_honest(data, size);
    return 0;
}
