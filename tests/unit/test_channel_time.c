/* Ticks, probes and silence, with a clock of the test's own. */
#include "tests/unit/channel_notes.h"

/* -- time */

/* Both look at the clock when they asked to; the network of one can be cut. */
static int64_t run_until_failure(int64_t cut_at, int64_t end)
{
    while (pair_now < end) {
        int64_t next_a = channel_tick(a.channel, pair_now, 1, false);
        int64_t next_b = channel_tick(b.channel, pair_now, 1, false);
        if (channel_failure(a.channel) || channel_failure(b.channel)) return pair_now;
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
    uint64_t frames = channel_counters(a.channel)->packets_in;
    assert_in_range(frames, 999 * SECOND / (T / 4) - 2, 999 * SECOND / (T / 4) + 2);
    close_pair();
}

/* T of one side is a fifth of the other's: it hears of that often enough, and the other way round. */
static void each_ticks_by_the_others_time(void **state)
{
    struct channel_limits quick = tiny;
    quick.tick_timeout_ns = T / 5;
    open_pair(&tiny);
    side_close(&b);
    side_open(&b, &quick, take_note, NULL);
    channel_heed(a.channel, quick.tick_timeout_ns);
    channel_heed(b.channel, tiny.tick_timeout_ns);
    assert_int_equal(run_until_failure(INT64_MAX, 1000 * SECOND), 0);
    assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
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
        whole_output(a.channel, &n);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_keep_a_connection),          cmocka_unit_test(silence_is_seen_in_time),
        cmocka_unit_test(unread_bytes_are_a_sign_of_life),  cmocka_unit_test(old_bytes_are_no_sign_of_life),
        cmocka_unit_test(no_credit_for_long_is_congestion), cmocka_unit_test(a_slow_peer_is_not_congested),
        cmocka_unit_test(a_stuck_scheduler_is_seen),        cmocka_unit_test(a_probe_is_answered),
        cmocka_unit_test(many_probes_get_one_answer),       cmocka_unit_test(each_ticks_by_the_others_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
