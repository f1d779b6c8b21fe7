/* Output to pipes, socket pairs, and pipes that cannot be opened again: nobody waits for a reader who does
 * not read; all comes out, once and in order, when he does; whoever waits for room hears of it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "rt/os/clock.h"
#include "rt/os/output.h"

#define PATIENCE_NS (60 * CLOCK_SECOND_NS)
#define MOST_BYTES  ((size_t)4 << 20)

static atomic_int n_ready;

static void note_ready(void *context)
{
    assert_null(context);
    atomic_fetch_add(&n_ready, 1);
}

static char byte_at(size_t i) { return (char)(i * 2654435761u >> 13); }

/* Pieces of many sizes until it is full. Gives the bytes that it has taken. */
static size_t fill(struct output *o, size_t from)
{
    static char piece[100000];
    int error;
    for (size_t n = 1; !output_is_full(o); n = n * 7 % 99991) {
        for (size_t i = 0; i < n; i++)
            piece[i] = byte_at(from + i);
        assert_true(output_write(o, piece, n, &error));
        from += n;
        assert_true(from < MOST_BYTES);
    }
    return from;
}

static void read_all(int fd, size_t from, size_t to)
{
    char piece[5000];
    while (from < to) {
        size_t wanted = to - from < sizeof piece ? to - from : sizeof piece;
        ssize_t n = read(fd, piece, wanted);
        assert_true(n > 0);
        for (ssize_t i = 0; i < n; i++)
            assert_int_equal(piece[i], byte_at(from + (size_t)i));
        from += (size_t)n;
    }
}

/* Full, read, and again. */
static void check(int reader, struct output *o)
{
    size_t end = 0;
    output_on_ready(o, note_ready, NULL);
    for (int round = 0; round < 3; round++) {
        size_t start = end;
        int before = atomic_load(&n_ready);
        end = fill(o, start);
        assert_int_equal(output_mark(o), end);
        assert_false(output_drain(o, clock_now_ns()));
        assert_false(output_has_room(o));
        assert_false(output_is_written(o, end));
        read_all(reader, start, end);
        assert_true(output_drain(o, clock_now_ns() + PATIENCE_NS));
        assert_true(output_is_written(o, end));
        assert_true(output_has_room(o));
        while (atomic_load(&n_ready) == before)
            usleep(1000);
    }
}

static void test_pipe(void **state)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    check(ends[0], output_new(ends[1]));
    assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
}

static void test_socket(void **state)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    check(ends[0], output_new(ends[1]));
    assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
}

static void test_cannot_be_opened_again(void **state)
{
    int ends[2], error;
    struct rlimit before, now;
    assert_int_equal(pipe(ends), 0);
    struct output *o = output_new(ends[1]);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    now = before;
    now.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
    assert_true(output_flush(o, &error));
    char first = byte_at(0);
    assert_true(output_write_through(o, &first, 1, &error)); /* it looks how to write now */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    read_all(ends[0], 0, 1);
    assert_true(output_drain(o, clock_now_ns() + PATIENCE_NS));
    size_t end = fill(o, 1);
    read_all(ends[0], 1, end);
    assert_true(output_drain(o, clock_now_ns() + PATIENCE_NS));
}

/* Nobody flushes. */
static void test_leaves_in_time(void **state)
{
    int ends[2], error;
    assert_int_equal(pipe(ends), 0);
    struct output *o = output_new(ends[1]);
    char first = byte_at(0);
    assert_true(output_write(o, &first, 1, &error));
    read_all(ends[0], 0, 1);
}

/* Told once, to whoever asks next; who waits is woken. */
static void test_reader_goes(void **state)
{
    int ends[2], error = 0, before = atomic_load(&n_ready);
    assert_int_equal(pipe(ends), 0);
    struct output *o = output_new(ends[1]);
    output_on_ready(o, note_ready, NULL);
    fill(o, 0);
    assert_false(output_has_room(o));
    close(ends[0]);
    while (atomic_load(&n_ready) == before)
        usleep(1000);
    assert_true(output_has_room(o));
    assert_true(output_flush(o, NULL));
    assert_false(output_write(o, "x", 1, &error));
    assert_int_equal(error, EPIPE);
    assert_int_equal(output_kept(o), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_socket),
        cmocka_unit_test(test_cannot_be_opened_again),
        cmocka_unit_test(test_leaves_in_time),
        cmocka_unit_test(test_reader_goes),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
