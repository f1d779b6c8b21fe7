/* The channel between two nodes: order, fragments, credit, ticks with a clock of
 * the test's own, bytes that no node sends, ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/channel_pair.h"
#include "tests/unit/counted_memory.h"

#define SECOND INT64_C(1000000000)
#define T (8 * SECOND)

/* Small enough for every limit to be met in a short test. */
static const struct channel_limits tiny = {
    .tick_timeout_ns = T,
    .fragment_bytes = 40,
    .frame_max_bytes = 200,
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

static uint8_t pattern(const struct note *note, size_t i)
{
    return (uint8_t)(note->key * 31 + note->number * 7 + i * 13 + (i >> 8));
}

static bool send_note(struct side *side, enum control type, uint64_t key, uint32_t number, size_t size)
{
    struct note note = {key, number, (uint32_t)size};
    struct wire_buf *buf = channel_begin(side->channel, type, key);
    buf_put(buf, &note, sizeof note);
    for (size_t i = sizeof note; i < size; i++)
        buf_put_byte(buf, pattern(&note, i));
    return channel_end(side->channel);
}

#define KEYS 128
#define LOG 4096
static struct log {
    uint32_t last[KEYS]; /* number of each key's last note */
    struct note notes[LOG];
    size_t n, bytes;
    bool refuses;
} seen;

static bool take_note(void *context, enum control type, const uint8_t *body, size_t n)
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

static bool take_any(void *context, enum control type, const uint8_t *body, size_t n)
{
    seen.n++;
    seen.bytes += n;
    return true;
}

static struct side a, b;

static void open_pair(const struct channel_limits *limits)
{
    memset(&seen, 0, sizeof seen);
    memory_blocks = 0;
    pair_now = SECOND;
    side_open(&a, limits, take_note, NULL);
    side_open(&b, limits, take_note, NULL);
}

static void close_pair(void)
{
    side_close(&a);
    side_close(&b);
    assert_int_equal(memory_blocks, 0);
}

/* -- bytes by hand */

static void raw_frame(struct side *to, uint8_t type, const void *body, size_t n)
{
    uint8_t header[] = {type, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16)};
    buf_put(&to->inbox, header, sizeof header);
    buf_put(&to->inbox, body, n);
}

static void raw_number(struct side *to, uint8_t type, uint64_t number)
{
    uint8_t body[10];
    raw_frame(to, type, body, (size_t)(varint_write(body, number) - body));
}

enum { FIRST = 1, LAST = 2, ABORTED = 4 };

static void raw_fragment(struct side *to, uint64_t stream, uint8_t flags, uint8_t type, uint64_t size, size_t n)
{
    uint8_t body[512] = {0}, *at = varint_write(body, stream);
    *at++ = flags;
    if (flags & FIRST) {
        *at++ = type;
        at = varint_write(at, size);
    }
    raw_frame(to, CONTROL_FRAGMENT, body, (size_t)(at - body) + n);
}

static enum goodbye fate_of_bytes(const struct channel_limits *limits, void (*bytes)(struct side *))
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

/* -- messages */

static void messages_arrive(void **state)
{
    static const size_t sizes[] = {16, 17, 127, 128, 65535, 65536, 65537, 131072, 1 << 20, 5000003};
    open_pair(&channel_default_limits);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_true(send_note(&a, CONTROL_SEND, 1, (uint32_t)i + 1, sizes[i]));
        settle(&a, &b);
        assert_int_equal(seen.n, i + 1);
    }
    assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
    assert_int_equal(channel_backlog(a.channel), 0);
    close_pair();
}

static void empty_messages_arrive(void **state)
{
    open_pair(&channel_default_limits);
    b.receiver.message = take_any;
    side_send(&a, CONTROL_SEND, 0, NULL, 0);
    settle(&a, &b);
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.bytes, 0);
    close_pair();
}

static void what_is_abandoned_is_not_sent(void **state)
{
    open_pair(&tiny);
    buf_put(channel_begin(a.channel, CONTROL_SEND, 1), "abc", 3);
    channel_abandon(a.channel);
    size_t n;
    channel_output(a.channel, &n);
    assert_int_equal(n, 0);
    assert_false(send_note(&a, CONTROL_SEND, 1, 1, tiny.message_max_bytes + 1));
    assert_true(send_note(&a, CONTROL_SEND, 1, 2, tiny.message_max_bytes));
    settle(&a, &b);
    assert_int_equal(seen.n, 1);
    close_pair();
}

static void small_ones_overtake_a_large_one(void **state)
{
    open_pair(&channel_default_limits);
    send_note(&a, CONTROL_SEND, 1, 1, 50 << 20);
    for (int i = 0; i < 100; i++)
        move_output(&a, &b, SIZE_MAX);
    size_t before = b.inbox.n;
    send_note(&a, CONTROL_SEND, 2, 1, 100);
    send_note(&a, CONTROL_SEND, 1, 2, 100); /* behind the large one */
    for (int i = 0; i < 3; i++)
        move_output(&a, &b, SIZE_MAX);
    take_input(&b, SIZE_MAX);
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.notes[0].key, 2);
    assert_true(before < 10 << 20);
    settle(&a, &b);
    assert_int_equal(seen.n, 3);
    assert_int_equal(seen.last[1], 2);
    close_pair();
}

/* A receiver that takes nothing leaves room for small messages. */
static void a_large_one_leaves_credit_to_small_ones(void **state)
{
    open_pair(&channel_default_limits);
    send_note(&a, CONTROL_SEND, 1, 1, 50 << 20);
    while (move_output(&a, &b, SIZE_MAX))
        continue;
    assert_true(b.inbox.n < channel_default_limits.credit_bytes);
    send_note(&a, CONTROL_SEND, 2, 1, 1000);
    assert_int_equal(move_output(&a, &b, SIZE_MAX), 1004);
    settle(&a, &b);
    close_pair();
}

/* Many large ones share the connection: none ends long before the others. */
static void streams_take_turns(void **state)
{
    open_pair(&channel_default_limits);
    for (uint32_t key = 1; key <= 8; key++)
        send_note(&a, CONTROL_SEND, key, 1, 640 << 10);
    while (seen.n == 0) {
        assert_true(move_output(&a, &b, SIZE_MAX) > 0);
        take_input(&b, SIZE_MAX);
        move_output(&b, &a, SIZE_MAX);
        take_input(&a, SIZE_MAX);
    }
    assert_true(channel_counters(b.channel)->bytes_in > 7 * 9 * 65536);
    settle(&a, &b);
    assert_int_equal(seen.n, 8);
    close_pair();
}

static void more_streams_than_are_allowed_wait(void **state)
{
    open_pair(&tiny);
    for (uint32_t key = 1; key <= 20; key++)
        for (uint32_t i = 1; i <= 3; i++)
            assert_true(send_note(&a, CONTROL_SEND, key, i, 100 * key));
    settle(&a, &b);
    assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
    assert_int_equal(seen.n, 60);
    close_pair();
}

static void streams_share_a_limit_of_bytes(void **state)
{
    struct channel_limits limits = tiny;
    limits.streams_max = 100;
    open_pair(&limits);
    for (uint32_t key = 1; key <= 20; key++)
        assert_true(send_note(&a, CONTROL_SEND, key, 1, 9000));
    settle(&a, &b);
    assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
    assert_int_equal(seen.n, 20);
    close_pair();
}

/* -- credit */

static void without_credit_messages_wait(void **state)
{
    open_pair(&tiny);
    uint32_t sent = 0;
    for (; sent < 60; sent++)
        send_note(&a, CONTROL_SEND, 1 + sent % 4, sent + 1, 20);
    assert_true(channel_backlog(a.channel) > tiny.credit_bytes);
    while (move_output(&a, &b, SIZE_MAX))
        continue;
    assert_int_equal(b.inbox.n, tiny.credit_bytes / 20 * 24);
    assert_true(channel_backlog(a.channel) > 0);
    settle(&a, &b);
    assert_int_equal(seen.n, sent);
    assert_int_equal(channel_backlog(a.channel), 0);
    close_pair();
}

static void frames_without_credit_pass(void **state)
{
    open_pair(&tiny);
    for (uint32_t i = 1; i <= 200; i++)
        send_note(&a, CONTROL_SEND, 1, i, 20);
    while (move_output(&a, &b, SIZE_MAX))
        continue;
    send_note(&a, CONTROL_END, 2, 1, 30);
    send_note(&a, CONTROL_END, 1, 201, 30); /* keeps behind the mail of its pair */
    move_output(&a, &b, SIZE_MAX);
    take_input(&b, SIZE_MAX);
    assert_int_equal(seen.last[2], 1);
    assert_true(seen.last[1] < 200);
    settle(&a, &b);
    assert_int_equal(seen.last[1], 201);
    close_pair();
}

static void credit_does_not_leak(void **state)
{
    open_pair(&tiny);
    for (uint32_t i = 1; i <= 2000; i++) {
        send_note(&a, i % 3 ? CONTROL_SEND : CONTROL_END, i % 5 + 1, i, 16 + i % 300);
        if (i % 7 == 0) settle(&a, &b);
    }
    settle(&a, &b);
    assert_int_equal(seen.n, 2000);
    close_pair();
}

static void uses_all_credit(struct side *to)
{
    uint8_t body[64] = {0};
    for (int i = 0; i < 10; i++)
        raw_frame(to, CONTROL_SEND, body, 64);
}

static void uses_more_credit(struct side *to)
{
    uses_all_credit(to);
    raw_frame(to, CONTROL_SEND, "", 1);
}

static void announces_more_credit_than_it_has(struct side *to)
{
    uses_all_credit(to);
    buf_put(&to->inbox, (uint8_t[]){CONTROL_SEND, 1, 0, 0}, 4);
}

static void gives_credit_back_that_was_not_used(struct side *to) { raw_number(to, CONTROL_CREDIT, 1); }

static void credit_is_enforced(void **state)
{
    assert_int_equal(fate_of_bytes(&tiny, uses_all_credit), GOODBYE_NONE);
    assert_int_equal(seen.n, 10);
    assert_int_equal(fate_of_bytes(&tiny, uses_more_credit), GOODBYE_PROTOCOL_ERROR);
    assert_int_equal(fate_of_bytes(&tiny, announces_more_credit_than_it_has), GOODBYE_PROTOCOL_ERROR);
    assert_int_equal(fate_of_bytes(&tiny, gives_credit_back_that_was_not_used), GOODBYE_PROTOCOL_ERROR);
}

static void credit_is_given_back_once(void **state)
{
    open_pair(&tiny);
    send_note(&a, CONTROL_SEND, 1, 1, 40);
    settle(&a, &b);
    raw_number(&a, CONTROL_CREDIT, 40); /* it was used */
    take_input(&a, SIZE_MAX);
    assert_int_equal(channel_failure(a.channel), GOODBYE_NONE);
    raw_number(&a, CONTROL_CREDIT, 1);
    take_input(&a, SIZE_MAX);
    assert_int_equal(channel_failure(a.channel), GOODBYE_PROTOCOL_ERROR);
    close_pair();
}

/* -- bad bytes */

static void duplicate_first(struct side *to)
{
    raw_fragment(to, 1, FIRST, CONTROL_SEND, 100, 10);
    raw_fragment(to, 1, FIRST, CONTROL_SEND, 100, 10);
}
static void number_reused(struct side *to)
{
    raw_fragment(to, 1, FIRST | LAST, CONTROL_SEND, 10, 10);
    raw_fragment(to, 1, FIRST | LAST, CONTROL_SEND, 10, 10);
}
static void number_left_out(struct side *to) { raw_fragment(to, 2, FIRST, CONTROL_SEND, 100, 10); }
static void no_first(struct side *to) { raw_fragment(to, 1, LAST, 0, 0, 10); }
static void data_after_abort(struct side *to)
{
    raw_fragment(to, 1, FIRST, CONTROL_SEND, 100, 10);
    raw_fragment(to, 1, ABORTED, 0, 0, 0);
    raw_fragment(to, 1, 0, 0, 0, 10);
}
static void abort_with_data(struct side *to)
{
    raw_fragment(to, 1, FIRST, CONTROL_SEND, 100, 10);
    raw_fragment(to, 1, ABORTED, 0, 0, 1);
}
static void abort_at_once(struct side *to) { raw_fragment(to, 1, FIRST | ABORTED, CONTROL_SEND, 100, 0); }
static void too_much_data(struct side *to)
{
    raw_fragment(to, 1, FIRST, CONTROL_SEND, 10, 5);
    raw_fragment(to, 1, 0, 0, 0, 6);
}
static void too_little_data(struct side *to) { raw_fragment(to, 1, FIRST | LAST, CONTROL_SEND, 11, 10); }
static void too_large(struct side *to) { raw_fragment(to, 1, FIRST, CONTROL_SEND, 10001, 10); }
static void huge(struct side *to) { raw_fragment(to, 1, FIRST, CONTROL_SEND, UINT64_MAX, 10); }
static void unknown_inside(struct side *to) { raw_fragment(to, 1, FIRST, 250, 100, 10); }
static void tick_inside(struct side *to) { raw_fragment(to, 1, FIRST, CONTROL_TICK, 100, 10); }
static void fragment_inside(struct side *to) { raw_fragment(to, 1, FIRST, CONTROL_FRAGMENT, 100, 10); }
static void unknown_flag(struct side *to) { raw_fragment(to, 1, FIRST | 8, CONTROL_SEND, 100, 10); }
static void too_many_streams(struct side *to)
{
    for (uint64_t i = 1; i <= 4; i++)
        raw_fragment(to, i, FIRST, CONTROL_SEND, 10, 1);
}
static void too_many_bytes_announced(struct side *to)
{
    for (uint64_t i = 1; i <= 3; i++)
        raw_fragment(to, i, FIRST, CONTROL_SEND, 10000, 1);
}
static void empty_fragment_body(struct side *to) { raw_frame(to, CONTROL_FRAGMENT, "", 0); }
static void stream_only(struct side *to) { raw_frame(to, CONTROL_FRAGMENT, "\1", 1); }
static void no_type(struct side *to) { raw_frame(to, CONTROL_FRAGMENT, "\1\1", 2); }
static void no_size(struct side *to) { raw_frame(to, CONTROL_FRAGMENT, "\1\1\20", 3); }
static void padded_stream(struct side *to) { raw_frame(to, CONTROL_FRAGMENT, "\x81\x00\1\20\5hello", 10); }
static void long_frame(struct side *to) { raw_frame(to, CONTROL_END, (uint8_t[201]){0}, 201); }
static void longest_frame(struct side *to) { buf_put(&to->inbox, "\x1b\xff\xff\xff", 4); }
static void padded_number(struct side *to) { raw_frame(to, CONTROL_TICK, "\x81\x00", 2); }
static void overflowing_number(struct side *to) { raw_frame(to, CONTROL_TICK, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\2", 10); }
static void cut_number(struct side *to) { raw_frame(to, CONTROL_TICK, "\x81", 1); }
static void no_number(struct side *to) { raw_frame(to, CONTROL_TICK, "", 0); }
static void number_and_more(struct side *to) { raw_frame(to, CONTROL_TICK, "\1\1", 2); }
static void credit_of_nothing(struct side *to) { raw_number(to, CONTROL_CREDIT, 0); }
static void credit_overflow(struct side *to) { raw_number(to, CONTROL_CREDIT, UINT64_MAX); }
static void answer_to_no_probe(struct side *to) { raw_number(to, CONTROL_PROBED, 1); }
static void goodbye_without_reason(struct side *to) { raw_frame(to, CONTROL_GOODBYE, "", 0); }
static void goodbye_for_nothing(struct side *to) { raw_frame(to, CONTROL_GOODBYE, "\0", 1); }
static void goodbye_of_our_own(struct side *to) { raw_frame(to, CONTROL_GOODBYE, "\x20", 1); }

static void bad_bytes_end_the_connection(void **state)
{
    static void (*const cases[])(struct side *) = {
        duplicate_first, number_reused, number_left_out, no_first, data_after_abort, abort_with_data,
        abort_at_once, too_much_data, too_little_data, too_large, huge, unknown_inside, tick_inside,
        fragment_inside, unknown_flag, too_many_streams, too_many_bytes_announced, empty_fragment_body,
        stream_only, no_type, no_size, padded_stream, long_frame, longest_frame, padded_number,
        overflowing_number, cut_number, no_number, number_and_more, credit_of_nothing, credit_overflow,
        answer_to_no_probe, goodbye_without_reason, goodbye_for_nothing, goodbye_of_our_own};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memory_largest = 0;
        if (fate_of_bytes(&tiny, cases[i]) != GOODBYE_PROTOCOL_ERROR) fail_msg("case %zu passes", i);
        assert_true(memory_largest <= 64 << 10);
    }
}

static void unknown_types_end_the_connection(void **state)
{
    for (int type = 0; type < 256; type++) {
        side_open(&b, &tiny, take_any, NULL);
        raw_frame(&b, (uint8_t)type, "\1", 1);
        take_input(&b, SIZE_MAX);
        if (!control_name((enum control)type))
            assert_int_equal(channel_failure(b.channel), GOODBYE_PROTOCOL_ERROR);
        else if (type >= CONTROL_SEND)
            assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
        side_close(&b);
    }
}

/* What is announced costs nothing until it comes. */
static void memory_grows_with_what_came(void **state)
{
    side_open(&b, &channel_default_limits, take_any, NULL);
    memory_largest = 0;
    raw_fragment(&b, 1, FIRST, CONTROL_SEND, 256 << 20, 100);
    raw_fragment(&b, 2, FIRST, CONTROL_SEND, 256 << 20, 100);
    take_input(&b, SIZE_MAX);
    assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
    assert_true(memory_largest <= 64 << 10);
    side_close(&b);
    assert_int_equal(memory_blocks, 0);
}

static void a_hundred_streams_one_aborted_one_unfinished(void **state)
{
    side_open(&b, &channel_default_limits, take_any, NULL);
    memset(&seen, 0, sizeof seen);
    for (uint64_t i = 1; i <= 100; i++)
        raw_fragment(&b, i, FIRST, CONTROL_SEND, 300, 100);
    for (uint64_t i = 1; i <= 100; i++)
        raw_fragment(&b, i, 0, 0, 0, 100);
    raw_fragment(&b, 50, ABORTED, 0, 0, 0);
    take_input(&b, SIZE_MAX);
    for (uint64_t i = 1; i <= 99; i++)
        if (i != 50) raw_fragment(&b, i, LAST, 0, 0, 100);
    take_input(&b, SIZE_MAX);
    assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
    assert_int_equal(seen.n, 98);
    assert_int_equal(seen.bytes, 98 * 300);
    raw_fragment(&b, 99, FIRST, CONTROL_SEND, 300, 100);
    take_input(&b, SIZE_MAX);
    assert_int_equal(channel_failure(b.channel), GOODBYE_PROTOCOL_ERROR);
    side_close(&b);
    assert_int_equal(memory_blocks, 0);
}

/* The bytes of a session with all that a channel sends. */
static struct wire_buf record_session(size_t *n_messages)
{
    struct wire_buf bytes = {0};
    open_pair(&tiny);
    for (uint32_t i = 1; i <= 12; i++) {
        send_note(&a, i % 4 ? CONTROL_SEND : CONTROL_END, i % 3 + 1, i, 16 + i * 17);
        if (i == 6) channel_probe(a.channel, pair_now);
    }
    for (size_t moved = 1; moved;) {
        size_t n;
        const uint8_t *at = channel_output(a.channel, &n);
        buf_put(&bytes, at, n);
        moved = move_output(&a, &b, SIZE_MAX);
        take_input(&b, SIZE_MAX);
        moved += move_output(&b, &a, SIZE_MAX);
        take_input(&a, SIZE_MAX);
    }
    *n_messages = seen.n;
    side_close(&a);
    side_close(&b);
    return bytes;
}

/* The receiver's credit comes back to a reader of recorded bytes, too. */
static void replay(const uint8_t *bytes, size_t n, size_t cut)
{
    memset(&seen, 0, sizeof seen);
    side_open(&b, &tiny, take_note, NULL);
    for (size_t at = 0, step; at < n && !channel_failure(b.channel); at += step) {
        step = n - at < cut ? n - at : cut;
        buf_put(&b.inbox, bytes + at, step);
        take_input(&b, SIZE_MAX);
        size_t out;
        while (channel_output(b.channel, &out) && out)
            channel_wrote(b.channel, out, pair_now);
    }
}

static void a_session_cut_anywhere_gives_whole_messages(void **state)
{
    size_t n_messages, last = 0;
    struct wire_buf session = record_session(&n_messages);
    assert_int_equal(n_messages, 12);
    for (size_t n = 0; n <= session.n; n++) {
        uint8_t *exact = malloc(n + 1);
        memcpy(exact, session.bytes, n);
        replay(exact, n, 1 + n % 50);
        assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
        assert_true(seen.n == last || seen.n == last + 1);
        last = seen.n;
        side_close(&b);
        free(exact);
    }
    assert_int_equal(last, n_messages);
    buf_free(&session);
    assert_int_equal(memory_blocks, 0);
}

static void a_flipped_bit_ends_the_connection_or_changes_a_message(void **state)
{
    size_t n_messages, failures = 0;
    struct wire_buf session = record_session(&n_messages);
    for (size_t bit = 0; bit < 8 * session.n; bit++) {
        session.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        memset(&seen, 0, sizeof seen);
        side_open(&b, &tiny, take_any, NULL);
        for (size_t at = 0; at < session.n; at += 200) {
            buf_put(&b.inbox, session.bytes + at, session.n - at < 200 ? session.n - at : 200);
            take_input(&b, SIZE_MAX);
            size_t out;
            while (channel_output(b.channel, &out) && out)
                channel_wrote(b.channel, out, pair_now);
        }
        assert_true(seen.n <= n_messages + 1 && seen.bytes <= session.n);
        failures += channel_failure(b.channel) == GOODBYE_PROTOCOL_ERROR;
        side_close(&b);
        session.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(failures > 0);
    buf_free(&session);
    assert_int_equal(memory_blocks, 0);
}

/* -- time */

/* Both look at the clock when they asked to; the network of one can be cut. */
static int64_t run_until_failure(int64_t cut_at, int64_t end)
{
    while (pair_now < end) {
        int64_t next_a = channel_tick(a.channel, pair_now, 1, false);
        int64_t next_b = channel_tick(b.channel, pair_now, 1, false);
        if (channel_failure(a.channel)) return pair_now;
        while (move_output(&a, &b, SIZE_MAX) + move_output(&b, &a, SIZE_MAX))
            continue;
        if (pair_now < cut_at) {
            take_input(&a, SIZE_MAX);
            take_input(&b, SIZE_MAX);
        }
        int64_t next = next_a < next_b ? next_a : next_b;
        assert_true(next > pair_now);
        pair_now = pair_now < cut_at && next > cut_at ? cut_at : next;
    }
    return 0;
}

static void ticks_keep_a_connection(void **state)
{
    open_pair(&tiny);
    assert_int_equal(run_until_failure(INT64_MAX, 1000 * SECOND), 0);
    uint64_t frames = channel_counters(a.channel)->frames_in;
    assert_in_range(frames, 999 * SECOND / (T / 4) - 2, 999 * SECOND / (T / 4) + 2);
    close_pair();
}

static void silence_is_seen_in_time(void **state)
{
    for (int64_t phase = 0; phase < T; phase += T / 37) {
        open_pair(&tiny);
        int64_t cut = 100 * SECOND + phase, failed = run_until_failure(cut, 1000 * SECOND);
        assert_true(failed - cut >= 3 * T / 4 && failed - cut <= 5 * T / 4);
        assert_int_equal(channel_failure(a.channel), GOODBYE_TICK_TIMEOUT);
        size_t n;
        channel_output(a.channel, &n);
        assert_int_equal(n, 0);
        close_pair();
    }
}

static void unread_bytes_are_a_sign_of_life(void **state)
{
    open_pair(&tiny);
    for (int i = 0; i < 10; i++) {
        pair_now += T / 2;
        channel_tick(a.channel, pair_now, 1, true);
        move_output(&a, &b, SIZE_MAX);
    }
    assert_int_equal(channel_failure(a.channel), GOODBYE_NONE);
    pair_now += T;
    channel_tick(a.channel, pair_now, 1, false);
    assert_int_equal(channel_failure(a.channel), GOODBYE_TICK_TIMEOUT);
    close_pair();
}

/* Bytes that come again with nothing new behind them are no sign of life. */
static void old_bytes_are_no_sign_of_life(void **state)
{
    open_pair(&tiny);
    buf_put(&a.inbox, "\x10\x20", 2);
    for (int i = 0; i < 8; i++) {
        take_input(&a, SIZE_MAX);
        channel_tick(a.channel, pair_now, 1, false);
        pair_now += T / 4;
    }
    assert_int_equal(channel_failure(a.channel), GOODBYE_TICK_TIMEOUT);
    close_pair();
}

/* The peer ticks, but takes nothing. */
static void no_credit_for_long_is_congestion(void **state)
{
    open_pair(&tiny);
    for (uint32_t i = 1; i <= 100; i++)
        send_note(&a, CONTROL_SEND, 1, i, 30);
    int64_t start = pair_now;
    while (!channel_failure(a.channel)) {
        assert_true(pair_now < start + 3 * T);
        while (move_output(&a, &b, SIZE_MAX))
            continue;
        raw_number(&a, CONTROL_TICK, (uint64_t)pair_now);
        take_input(&a, SIZE_MAX);
        channel_tick(a.channel, pair_now, 1, false);
        pair_now += T / 8;
    }
    assert_int_equal(channel_failure(a.channel), GOODBYE_CONGESTED);
    assert_true(pair_now - start >= T && pair_now - start <= T + T / 2);
    b.inbox.n = 0;
    while (move_output(&a, &b, SIZE_MAX))
        continue;
    take_input(&b, SIZE_MAX);
    assert_int_equal(channel_failure(b.channel), GOODBYE_CONGESTED);
    close_pair();
}

static void a_slow_peer_is_not_congested(void **state)
{
    open_pair(&tiny);
    for (uint32_t i = 1; i <= 500; i++)
        send_note(&a, CONTROL_SEND, 1, i, 40);
    while (channel_backlog(a.channel)) {
        while (move_output(&a, &b, SIZE_MAX))
            continue;
        take_input(&b, 500);
        move_output(&b, &a, SIZE_MAX);
        take_input(&a, SIZE_MAX);
        pair_now += T / 2;
        channel_tick(a.channel, pair_now, 1, true);
        assert_int_equal(channel_failure(a.channel), GOODBYE_NONE);
    }
    close_pair();
}

static void a_stuck_scheduler_is_seen(void **state)
{
    open_pair(&tiny);
    for (uint64_t i = 0; i < 40; i++) {
        channel_tick(b.channel, pair_now, i < 20 ? i : 20, true);
        move_output(&b, &a, SIZE_MAX);
        take_input(&a, SIZE_MAX);
        if (i <= 20) assert_int_equal(channel_peer_stalled_ns(a.channel, pair_now), 0);
        pair_now += T / 4;
    }
    assert_true(channel_peer_stalled_ns(a.channel, pair_now) >= 4 * T);
    send_note(&b, CONTROL_SEND, 1, 1, 20);
    move_output(&b, &a, SIZE_MAX);
    take_input(&a, SIZE_MAX);
    assert_int_equal(channel_peer_stalled_ns(a.channel, pair_now), 0);
    close_pair();
}

static void a_probe_is_answered(void **state)
{
    open_pair(&tiny);
    assert_int_equal(channel_probed_since(a.channel), 0);
    int64_t asked = pair_now;
    channel_probe(a.channel, pair_now);
    pair_now += SECOND;
    channel_probe(a.channel, pair_now);
    assert_int_equal(channel_probed_since(a.channel), asked);
    settle(&a, &b);
    assert_int_equal(channel_probed_since(a.channel), 0);
    close_pair();
}

static void many_probes_get_one_answer(void **state)
{
    open_pair(&tiny);
    for (uint64_t i = 1; i <= 1000; i++)
        raw_number(&b, CONTROL_PROBE, i);
    take_input(&b, SIZE_MAX);
    assert_true(move_output(&b, &a, SIZE_MAX) <= 8);
    assert_int_equal(move_output(&b, &a, SIZE_MAX), 0);
    close_pair();
}

/* -- ends */

static void shutdown_is_said_behind_everything(void **state)
{
    open_pair(&tiny);
    for (uint32_t i = 1; i <= 50; i++)
        send_note(&a, CONTROL_SEND, i % 4 + 1, i, 16 + i * 10);
    channel_say_goodbye(a.channel, GOODBYE_SHUTDOWN);
    assert_false(send_note(&a, CONTROL_SEND, 1, 51, 20));
    assert_false(channel_is_drained(a.channel));
    settle(&a, &b);
    assert_true(channel_is_drained(a.channel));
    assert_int_equal(seen.n, 50);
    assert_int_equal(channel_failure(b.channel), GOODBYE_SHUTDOWN);
    close_pair();
}

static void other_goodbyes_are_said_at_once(void **state)
{
    for (size_t cut = 1; cut < 120; cut++) {
        open_pair(&tiny);
        for (uint32_t i = 1; i <= 20; i++)
            send_note(&a, CONTROL_SEND, i % 4 + 1, i, 100);
        for (size_t moved = 0; moved < cut;)
            moved += move_output(&a, &b, cut - moved);
        channel_say_goodbye(a.channel, GOODBYE_RESTARTED);
        settle(&a, &b);
        assert_int_equal(channel_failure(b.channel), GOODBYE_RESTARTED);
        assert_true(channel_is_drained(a.channel));
        assert_int_equal(seen.n, 0);
        close_pair();
    }
}

static void nothing_comes_behind_a_goodbye(void **state)
{
    open_pair(&tiny);
    b.receiver.message = take_any;
    raw_frame(&b, CONTROL_SEND, "1", 1);
    raw_frame(&b, CONTROL_GOODBYE, "\1", 1);
    raw_frame(&b, CONTROL_SEND, "2", 1);
    take_input(&b, SIZE_MAX);
    raw_frame(&b, CONTROL_SEND, "3", 1);
    take_input(&b, SIZE_MAX);
    assert_int_equal(seen.n, 1);
    assert_false(side_send(&b, CONTROL_SEND, 1, "x", 1));
    assert_int_equal(move_output(&b, &a, SIZE_MAX), 0);
    close_pair();
}

static void nothing_is_delivered_after_our_own_goodbye(void **state)
{
    open_pair(&tiny);
    channel_say_goodbye(b.channel, GOODBYE_SHUTDOWN);
    send_note(&a, CONTROL_SEND, 1, 1, 20);
    move_output(&a, &b, SIZE_MAX);
    take_input(&b, SIZE_MAX);
    assert_int_equal(seen.n, 0);
    close_pair();
}

static void later_reasons_mean_closed(void **state)
{
    open_pair(&tiny);
    raw_frame(&b, CONTROL_GOODBYE, "\x1f", 1);
    take_input(&b, SIZE_MAX);
    assert_int_equal(channel_failure(b.channel), GOODBYE_CLOSED);
    close_pair();
}

static void a_refused_message_ends_the_connection(void **state)
{
    open_pair(&tiny);
    send_note(&a, CONTROL_SEND, 1, 1, 20);
    send_note(&a, CONTROL_SEND, 1, 2, 20);
    seen.refuses = true;
    settle(&a, &b);
    assert_int_equal(seen.n, 0);
    assert_int_equal(channel_failure(b.channel), GOODBYE_PROTOCOL_ERROR);
    assert_int_equal(channel_failure(a.channel), GOODBYE_PROTOCOL_ERROR);
    close_pair();
}

/* -- answers from within */

static bool answer(void *context, enum control type, const uint8_t *body, size_t n)
{
    struct side *side = context;
    if (type == CONTROL_ASK) return side_send(side, CONTROL_ANSWER, 1, body, n);
    seen.n++;
    seen.bytes += n;
    return true;
}

static void a_receiver_may_send(void **state)
{
    open_pair(&tiny);
    a.receiver = (struct channel_receiver){answer, &a};
    b.receiver = (struct channel_receiver){answer, &b};
    uint8_t body[300] = {0};
    for (size_t i = 0; i < 300; i++)
        side_send(&a, CONTROL_ASK, i % 3, body, i);
    settle(&a, &b);
    assert_int_equal(seen.n, 300);
    assert_int_equal(seen.bytes, 299 * 300 / 2);
    close_pair();
}

/* -- chance */

static void random_session(unsigned seed, size_t longest)
{
    srand(seed);
    uint32_t numbers[2][KEYS] = {{0}};
    size_t sent = 0;
    open_pair(&tiny);
    for (int step = 0; step < 400; step++) {
        switch (rand() % 4) {
        case 0:
        case 1: {
            uint32_t key = 1 + (uint32_t)rand() % 5;
            size_t size = 16 + (size_t)rand() % (rand() % 4 ? 60 : longest);
            sent += send_note(&a, rand() % 3 ? CONTROL_SEND : CONTROL_END, key, ++numbers[0][key], size);
            break;
        }
        case 2:
            move_output(&a, &b, (size_t)rand() % 200);
            move_output(&b, &a, (size_t)rand() % 20);
            break;
        default:
            take_input(&a, 1 + (size_t)rand() % 50);
            take_input(&b, 1 + (size_t)rand() % 300);
        }
    }
    settle(&a, &b);
    assert_int_equal(channel_failure(a.channel), GOODBYE_NONE);
    assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
    assert_int_equal(seen.n, sent);
    close_pair();
}

static void random_sessions(void **state)
{
    for (unsigned seed = 1; seed <= 300; seed++)
        random_session(seed, seed % 2 ? 200 : 5000);
}

/* -- memory */

/* Each allocation fails once: a message that was not refused arrives, in order,
 * or the connection says why it does not. */
static void every_allocation_may_fail(void **state)
{
    for (size_t fails_at = 1;; fails_at++) {
        open_pair(&tiny);


        size_t accepted = 0;
        memory_fails_at = fails_at;
        for (uint32_t i = 1; i <= 60; i++)
            accepted += send_note(&a, CONTROL_SEND, i % 3 + 1, i, 16 + i * 7);
        bool is_over = memory_fails_at > 1;
        for (int i = 0; i < 2000; i++) {
            size_t n;
            const uint8_t *at = channel_output(a.channel, &n);
            size_t used = channel_input(b.channel, at, n, pair_now, &b.receiver);
            channel_wrote(a.channel, used, pair_now);
            at = channel_output(b.channel, &n);
            used = channel_input(a.channel, at, n, pair_now, &a.receiver);
            channel_wrote(b.channel, used, pair_now);
        }
        is_over = is_over && memory_fails_at > 1;
        memory_fails_at = 0;
        if (channel_failure(b.channel))
            assert_int_equal(channel_failure(b.channel), GOODBYE_OUT_OF_MEMORY);
        else
            assert_int_equal(seen.n, accepted);
        close_pair();
        if (is_over) return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_arrive),
        cmocka_unit_test(empty_messages_arrive),
        cmocka_unit_test(what_is_abandoned_is_not_sent),
        cmocka_unit_test(small_ones_overtake_a_large_one),
        cmocka_unit_test(a_large_one_leaves_credit_to_small_ones),
        cmocka_unit_test(streams_take_turns),
        cmocka_unit_test(more_streams_than_are_allowed_wait),
        cmocka_unit_test(streams_share_a_limit_of_bytes),
        cmocka_unit_test(without_credit_messages_wait),
        cmocka_unit_test(frames_without_credit_pass),
        cmocka_unit_test(credit_does_not_leak),
        cmocka_unit_test(credit_is_enforced),
        cmocka_unit_test(credit_is_given_back_once),
        cmocka_unit_test(bad_bytes_end_the_connection),
        cmocka_unit_test(unknown_types_end_the_connection),
        cmocka_unit_test(memory_grows_with_what_came),
        cmocka_unit_test(a_hundred_streams_one_aborted_one_unfinished),
        cmocka_unit_test(a_session_cut_anywhere_gives_whole_messages),
        cmocka_unit_test(a_flipped_bit_ends_the_connection_or_changes_a_message),
        cmocka_unit_test(ticks_keep_a_connection),
        cmocka_unit_test(silence_is_seen_in_time),
        cmocka_unit_test(unread_bytes_are_a_sign_of_life),
        cmocka_unit_test(old_bytes_are_no_sign_of_life),
        cmocka_unit_test(no_credit_for_long_is_congestion),
        cmocka_unit_test(a_slow_peer_is_not_congested),
        cmocka_unit_test(a_stuck_scheduler_is_seen),
        cmocka_unit_test(a_probe_is_answered),
        cmocka_unit_test(many_probes_get_one_answer),
        cmocka_unit_test(shutdown_is_said_behind_everything),
        cmocka_unit_test(other_goodbyes_are_said_at_once),
        cmocka_unit_test(nothing_comes_behind_a_goodbye),
        cmocka_unit_test(nothing_is_delivered_after_our_own_goodbye),
        cmocka_unit_test(later_reasons_mean_closed),
        cmocka_unit_test(a_refused_message_ends_the_connection),
        cmocka_unit_test(a_receiver_may_send),
        cmocka_unit_test(random_sessions),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
