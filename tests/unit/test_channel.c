/* The channel between two nodes: whole messages, in order; credit; ends; failing memory. */
#include "rt/wire/loan.h"
#include "tests/unit/channel_notes.h"

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
    buf_put(channel_begin(a.channel, (struct heading){CONTROL_SEND, 1, 0}), "abc", 3);
    channel_abandon(a.channel);
    size_t n;
    whole_output(a.channel, &n);
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

/* However small fragments are, and without credit: nothing that is sent later comes first. */
static void what_is_whole_is_not_overtaken(void **state)
{
    open_pair(&tiny);
    send_note(&a, CONTROL_SEND, 1, 1, 40 * tiny.fragment_bytes);
    while (move_output(&a, &b, SIZE_MAX))
        continue;
    send_note(&a, CONTROL_NAMED, 2, 1, 4 * tiny.fragment_bytes);
    send_note(&a, CONTROL_END, 3, 1, tiny.fragment_bytes / 2);
    settle(&a, &b);
    assert_int_equal(seen.n, 3);
    assert_int_equal(seen.notes[0].key, 2);
    assert_int_equal(seen.notes[1].key, 3);
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
        default: take_input(&a, 1 + (size_t)rand() % 50); take_input(&b, 1 + (size_t)rand() % 300);
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

/* -- bytes that are lent */

#define LENT_MAX 64
static struct loan lent[LENT_MAX];
static uint8_t lent_bytes[LENT_MAX][400];
static size_t n_lent;

/* A loan is longer than a fragment. */
static size_t lend(struct wire_buf *buf, const struct note *note, size_t i)
{
    size_t n = 41 + (size_t)rand() % 300;
    if (n > note->size - i || n_lent == LENT_MAX) return 0;
    for (size_t k = 0; k < n; k++)
        lent_bytes[n_lent][k] = pattern(note, i + k);
    lent[n_lent] = (struct loan){.bytes = lent_bytes[n_lent], .n = n};
    buf_lend(buf, &lent[n_lent++]);
    return n;
}

static bool send_lent_note(struct side *side, uint64_t key, uint32_t number, size_t size)
{
    struct note note = {key, number, (uint32_t)size};
    struct wire_buf *buf = channel_begin(side->channel, (struct heading){CONTROL_SEND, key, 0});
    buf_put(buf, &note, sizeof note);
    for (size_t i = sizeof note; i < size;) {
        if (rand() % 30 == 0) i += lend(buf, &note, i);
        if (i < size) buf_put_byte(buf, pattern(&note, i++));
    }
    return channel_end(side->channel);
}

static void move_some(void)
{
    move_output(&a, &b, 1 + (size_t)rand() % 250);
    take_input(&b, 1 + (size_t)rand() % 250);
    move_output(&b, &a, SIZE_MAX);
    take_input(&a, SIZE_MAX);
}

/* The connection may end in the middle: all is given back, however far it was sent. */
static void lent_bytes_arrive_and_are_returned(void **state)
{
    for (unsigned seed = 1; seed <= 300; seed++) {
        srand(seed);
        open_pair(&tiny);
        n_lent = 0;
        for (uint32_t i = 1; i <= 6; i++)
            assert_true(send_lent_note(&a, 1 + i % 2, i, 500 + (size_t)rand() % 2000));
        for (int i = 0; seed % 3 == 0 ? i < rand() % 40 : seen.n < 6; i++)
            move_some();
        assert_int_equal(channel_failure(b.channel), GOODBYE_NONE);
        if (seed % 2) channel_say_goodbye(a.channel, GOODBYE_CONGESTED);
        for (int i = 0; i < 20; i++)
            move_some();
        if (seed % 3)
            assert_int_equal(channel_failure(b.channel), seed % 2 ? GOODBYE_CONGESTED : GOODBYE_NONE);
        close_pair();
        for (size_t i = 0; i < n_lent; i++)
            assert_true(lent[i].is_returned);
    }
}

static void what_is_abandoned_returns_its_loans(void **state)
{
    open_pair(&tiny);
    n_lent = 0;
    struct note note = {1, 1, 1000};
    while (!lend(channel_begin(a.channel, (struct heading){CONTROL_SEND, 1, 0}), &note, 0))
        continue;
    channel_abandon(a.channel);
    assert_true(lent[0].is_returned);
    close_pair();
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
            uint8_t *at = whole_output(a.channel, &n);
            size_t used = channel_input(b.channel, at, n, pair_now, &b.receiver);
            channel_wrote(a.channel, used, pair_now);
            at = whole_output(b.channel, &n);
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

/* -- the order of one sender ------------------------------------------------- */

#define SENDERS 3
#define EACH    400

struct turn {
    uint64_t from, number, in_turn; /* in_turn: the number of the newest one before it that is IN_TURN */
};
static uint64_t turns_come[SENDERS + 1], turns_highest[SENDERS + 1];

static bool is_in_turn(enum control type) { return type == CONTROL_SEND_NAME || type == CONTROL_HOLD; }

static bool take_turn(void *context, enum control type, const uint8_t *body, size_t n)
{
    struct turn t;
    memcpy(&t, body, sizeof t);
    if (is_in_turn(type)) {
        assert_int_equal(turns_come[t.from], t.number - 1);
        assert_int_equal(turns_highest[t.from], t.number - 1);
    }
    assert_true(turns_highest[t.from] >= t.in_turn);
    turns_come[t.from]++;
    if (t.number > turns_highest[t.from]) turns_highest[t.from] = t.number;
    return true;
}

static void send_turn(struct side *side, struct turn *t, size_t size)
{
    static const enum control types[] = {CONTROL_SEND, CONTROL_END, CONTROL_SEND, CONTROL_SEND_NAME,
                                         CONTROL_HOLD};
    enum control type = types[rand() % 10 < 7 ? rand() % 3 : 3 + rand() % 2];
    uint64_t key = 1 + (uint64_t)rand() % 4;
    t->number++;
    struct wire_buf *buf = channel_begin(side->channel, (struct heading){type, key, t->from});
    buf_put(buf, t, sizeof *t);
    if (size > 0) memset(buf_room(buf, size), 0, size);
    buf->n += size;
    assert_true(channel_end(side->channel));
    if (is_in_turn(type)) t->in_turn = t->number;
}

/* Long and short ones to several receivers: what is IN_TURN passes nothing of its sender, and is passed by
 * nothing of it. */
static void a_sender_keeps_its_order(void **state)
{
    open_pair(&tiny);
    b.receiver.message = take_turn;
    struct turn turns[SENDERS + 1] = {0};
    memset(turns_come, 0, sizeof turns_come);
    memset(turns_highest, 0, sizeof turns_highest);
    srand(7);
    for (int i = 0; i < SENDERS * EACH; i++) {
        struct turn *t = &turns[1 + rand() % SENDERS];
        t->from = (uint64_t)(t - turns);
        send_turn(&a, t, rand() % 4 ? (size_t)rand() % 30 : (size_t)rand() % 600);
        for (int k = rand() % 6; k > 0; k--) {
            move_output(&a, &b, (size_t)rand() % 200);
            take_input(&b, SIZE_MAX);
            move_output(&b, &a, SIZE_MAX);
            take_input(&a, SIZE_MAX);
        }
    }
    for (int i = 0; i < 20 * SENDERS * EACH; i++) {
        move_output(&a, &b, SIZE_MAX);
        take_input(&b, SIZE_MAX);
        move_output(&b, &a, SIZE_MAX);
        take_input(&a, SIZE_MAX);
    }
    for (int i = 1; i <= SENDERS; i++)
        assert_int_equal(turns_come[i], turns[i].number);
    close_pair();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_arrive),
        cmocka_unit_test(empty_messages_arrive),
        cmocka_unit_test(what_is_abandoned_is_not_sent),
        cmocka_unit_test(small_ones_overtake_a_large_one),
        cmocka_unit_test(a_large_one_leaves_credit_to_small_ones),
        cmocka_unit_test(what_is_whole_is_not_overtaken),
        cmocka_unit_test(streams_take_turns),
        cmocka_unit_test(more_streams_than_are_allowed_wait),
        cmocka_unit_test(streams_share_a_limit_of_bytes),
        cmocka_unit_test(without_credit_messages_wait),
        cmocka_unit_test(frames_without_credit_pass),
        cmocka_unit_test(credit_does_not_leak),
        cmocka_unit_test(credit_is_enforced),
        cmocka_unit_test(credit_is_given_back_once),
        cmocka_unit_test(shutdown_is_said_behind_everything),
        cmocka_unit_test(other_goodbyes_are_said_at_once),
        cmocka_unit_test(nothing_comes_behind_a_goodbye),
        cmocka_unit_test(nothing_is_delivered_after_our_own_goodbye),
        cmocka_unit_test(later_reasons_mean_closed),
        cmocka_unit_test(a_refused_message_ends_the_connection),
        cmocka_unit_test(a_receiver_may_send),
        cmocka_unit_test(random_sessions),
        cmocka_unit_test(lent_bytes_arrive_and_are_returned),
        cmocka_unit_test(what_is_abandoned_returns_its_loans),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_sender_keeps_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
