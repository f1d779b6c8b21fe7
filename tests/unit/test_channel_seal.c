/* Tags: frames that somebody without the keys has made, changed, repeated, left out or moved end
 * the connection, and nothing of them is delivered. */
#include "tests/unit/channel_notes.h"

static const struct seal_key key_a = {.packets = "of a, for frames", .digests = "of a for digests"},
                             key_b = {.packets = "of b, for frames", .digests = "of b for digests"};

static void open_sealed(const struct channel_limits *limits)
{
    open_pair(limits);
    channel_seal(a.channel, &key_a, &key_b);
    channel_seal(b.channel, &key_b, &key_a);
}

static void assert_all_came(size_t n)
{
    assert_int_equal(channel_failure(a.channel), GOODBYE_NONE);
    assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
    assert_int_equal(seen.n, n);
}

/* Small ones, streams, frames of the channel, in pieces of all sizes. */
static void sealed_messages_come(void **state)
{
    for (size_t piece = 1; piece < 400; piece += piece < 40 ? 1 : 37) {
        open_sealed(&tiny);
        for (uint32_t i = 1; i <= 40; i++)
            assert_true(
                send_note(&a, i % 4 ? CONTROL_SEND : CONTROL_END, i % 3 + 1, (i - 1) / 3 + 1, 16 + i * 9));
        channel_probe(a.channel, pair_now);
        for (size_t moved = 1; moved;) {
            moved = move_output(&a, &b, piece) + move_output(&b, &a, SIZE_MAX);
            moved += take_input(&b, SIZE_MAX) + take_input(&a, SIZE_MAX);
        }
        assert_all_came(40);
        assert_int_equal(channel_probed_since(a.channel), 0);
        close_pair();
    }
}

/* What was put in before there was a connection gets its tags when there is one. */
static void sealed_later(void **state)
{
    open_pair(&tiny);
    channel_free(a.channel);
    a.channel = channel_new(&tiny, pair_now);
    for (uint32_t i = 1; i <= 30; i++)
        assert_true(send_note(&a, CONTROL_SEND, 1, i, 16 + (i * 37) % 90));
    channel_start(a.channel, pair_now);
    channel_seal(a.channel, &key_a, &key_b);
    channel_seal(b.channel, &key_b, &key_a);
    assert_true(send_note(&a, CONTROL_SEND, 1, 31, 500));
    settle(&a, &b);
    assert_all_came(31);
    close_pair();
}

/* What waits in a channel without a connection goes over another one, in its order. */
static void passed_on(void **state)
{
    open_sealed(&tiny);
    struct side other = {.channel = channel_new(&tiny, pair_now)};
    for (uint32_t i = 1; i <= 20; i++)
        assert_true(send_note(&a, CONTROL_SEND, i % 2 + 1, (i + 1) / 2, 30 + i * 11));
    for (uint32_t i = 21; i <= 60; i++)
        assert_true(
            send_note(&other, i % 3 ? CONTROL_SEND : CONTROL_END, i % 2 + 1, (i + 1) / 2, 30 + i * 5));
    assert_true(channel_pass_on(other.channel, a.channel));
    assert_int_equal(channel_backlog(other.channel), 0);
    side_close(&other);
    settle(&a, &b);
    assert_all_came(60);
    close_pair();
}

/* -- a recording of what a sends, frame by frame */

#define FRAMES 64
static struct recording {
    uint8_t bytes[8192];
    size_t n, starts[FRAMES + 1], n_frames;
} recording;

static void record(void)
{
    open_sealed(&tiny);
    recording.n = recording.n_frames = 0;
    for (uint32_t i = 1; i <= 6; i++)
        send_note(&a, CONTROL_SEND, i == 4 ? 2 : 1, i == 4 ? 1 : i < 4 ? i : i - 1, i == 4 ? 150 : 20 + i);
    for (size_t n = 1; n;) {
        const uint8_t *bytes = whole_output(a.channel, &n);
        if (n) memcpy(recording.bytes + recording.n, bytes, n);
        recording.n += n;
        channel_wrote(a.channel, n, pair_now);
    }
    for (size_t at = 0; at < recording.n; recording.n_frames++) {
        recording.starts[recording.n_frames] = at;
        at += 4 + (recording.bytes[at + 1] | (size_t)recording.bytes[at + 2] << 8) + SEAL_TAG_BYTES;
        recording.starts[recording.n_frames + 1] = at;
    }
    close_pair();
}

static void play(const uint8_t *bytes, size_t n)
{
    buf_put(&b.inbox, bytes, n);
    for (size_t used = 1; used && !channel_failure(b.channel);)
        used = take_input(&b, SIZE_MAX);
}

static void play_frame(size_t i)
{
    play(recording.bytes + recording.starts[i], recording.starts[i + 1] - recording.starts[i]);
}

static void assert_refused(size_t delivered)
{
    assert_int_equal(channel_failure(b.channel), GOODBYE_PROTOCOL_ERROR);
    assert_true(seen.n <= delivered);
    close_pair();
}

static void as_it_was(void **state)
{
    record();
    assert_true(recording.n_frames > 8);
    open_sealed(&tiny);
    play(recording.bytes, recording.n);
    assert_all_came(6);
    close_pair();
}

/* A length that has become larger waits for what never comes. */
static void each_bit_flipped(void **state)
{
    record();
    for (size_t bit = 0; bit < 8 * recording.n; bit++) {
        open_sealed(&tiny);
        recording.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        play(recording.bytes, recording.n);
        recording.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        size_t whole = 0;
        while (recording.starts[whole + 1] <= bit / 8)
            whole++;
        if (seen.n > whole) fail_msg("bit %zu: %zu messages of %zu frames before it", bit, seen.n, whole);
        if (!channel_failure(b.channel)) assert_true(b.inbox.n > 0);
        close_pair();
    }
}

static void a_frame_repeated(void **state)
{
    record();
    for (size_t i = 0; i < recording.n_frames; i++) {
        open_sealed(&tiny);
        for (size_t k = 0; k <= i; k++)
            play_frame(k);
        play_frame(i);
        assert_refused(i + 1);
    }
}

static void a_frame_left_out(void **state)
{
    record();
    for (size_t i = 0; i + 1 < recording.n_frames; i++) {
        open_sealed(&tiny);
        for (size_t k = 0; k < recording.n_frames; k++)
            if (k != i) play_frame(k);
        assert_refused(i);
    }
}

static void two_frames_exchanged(void **state)
{
    record();
    for (size_t i = 0; i + 1 < recording.n_frames; i++) {
        open_sealed(&tiny);
        for (size_t k = 0; k < recording.n_frames; k++)
            play_frame(k == i ? i + 1 : k == i + 1 ? i : k);
        assert_refused(i);
    }
}

/* One of another maker: no tag, a guessed one, and what the other side has said itself. */
static void a_frame_injected(void **state)
{
    static const uint8_t guessed[SEAL_TAG_BYTES] = {1, 2, 3};
    record();
    for (size_t i = 0; i < recording.n_frames; i++) {
        open_sealed(&tiny);
        for (size_t k = 0; k < i; k++)
            play_frame(k);
        raw_frame(&b, CONTROL_SEND, "hello", 5);
        play(guessed, sizeof guessed);
        assert_refused(i);
    }
}

static void a_reflection(void **state)
{
    open_sealed(&tiny);
    assert_true(send_note(&b, CONTROL_SEND, 1, 1, 50));
    move_output(&b, &b, SIZE_MAX);
    take_input(&b, SIZE_MAX);
    assert_refused(0);
}

/* A cut at any byte delivers whole frames only, and is no reason to end. */
static void a_cut_anywhere(void **state)
{
    record();
    for (size_t n = 0; n < recording.n; n++) {
        open_sealed(&tiny);
        play(recording.bytes, n);
        assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
        size_t whole = 0;
        while (recording.starts[whole + 1] <= n)
            whole++;
        assert_true(seen.n <= whole);
        close_pair();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_messages_come),
        cmocka_unit_test(sealed_later),
        cmocka_unit_test(passed_on),
        cmocka_unit_test(as_it_was),
        cmocka_unit_test(each_bit_flipped),
        cmocka_unit_test(a_frame_repeated),
        cmocka_unit_test(a_frame_left_out),
        cmocka_unit_test(two_frames_exchanged),
        cmocka_unit_test(a_frame_injected),
        cmocka_unit_test(a_reflection),
        cmocka_unit_test(a_cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
