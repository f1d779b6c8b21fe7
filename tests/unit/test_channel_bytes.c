/* Bytes that no node sends end a connection; what comes in pieces, or not at all,
 * gives whole messages or none. */
#include "tests/unit/channel_notes.h"

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
static void overflowing_number(struct side *to)
{
    raw_frame(to, CONTROL_TICK, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\2", 10);
}
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
    static void (*const cases[])(struct side *) = {duplicate_first,
                                                   number_reused,
                                                   number_left_out,
                                                   no_first,
                                                   data_after_abort,
                                                   abort_with_data,
                                                   abort_at_once,
                                                   too_much_data,
                                                   too_little_data,
                                                   too_large,
                                                   huge,
                                                   unknown_inside,
                                                   tick_inside,
                                                   fragment_inside,
                                                   unknown_flag,
                                                   too_many_streams,
                                                   too_many_bytes_announced,
                                                   empty_fragment_body,
                                                   stream_only,
                                                   no_type,
                                                   no_size,
                                                   padded_stream,
                                                   long_frame,
                                                   longest_frame,
                                                   padded_number,
                                                   overflowing_number,
                                                   cut_number,
                                                   no_number,
                                                   number_and_more,
                                                   credit_of_nothing,
                                                   credit_overflow,
                                                   answer_to_no_probe,
                                                   goodbye_without_reason,
                                                   goodbye_for_nothing,
                                                   goodbye_of_our_own};
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
        const uint8_t *at = whole_output(a.channel, &n);
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
        while (whole_output(b.channel, &out) && out)
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
            while (whole_output(b.channel, &out) && out)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_bytes_end_the_connection),
        cmocka_unit_test(unknown_types_end_the_connection),
        cmocka_unit_test(memory_grows_with_what_came),
        cmocka_unit_test(a_hundred_streams_one_aborted_one_unfinished),
        cmocka_unit_test(a_session_cut_anywhere_gives_whole_messages),
        cmocka_unit_test(a_flipped_bit_ends_the_connection_or_changes_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
