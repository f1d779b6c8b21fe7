/* Lines over socket pairs whose buffers are small, so that most writes are partial:
 * plain, with TLS, and with TLS on one side only. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "rt/os/line.h"

TLS_IS_WANTED;

struct ends {
    struct line a, b;
    struct tls_context *context_a, *context_b;
};

static struct tls_context *new_context(char key)
{
    struct tls_config config = {.n_psks = 1};
    memset(config.psks[0].key, key, sizeof config.psks[0].key);
    snprintf(config.psks[0].identity, sizeof config.psks[0].identity, "%c", key);
    char why[TLS_WHY_MAX];
    return tls_methods.context_new(&config, why);
}

static struct ends new_ends(char key_a, char key_b)
{
    struct ends e;
    int fds[2], size = 4096;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    for (int i = 0; i < 2; i++)
        setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    line_init(&e.a, fds[0]);
    line_init(&e.b, fds[1]);
    e.context_a = key_a ? new_context(key_a) : NULL;
    e.context_b = key_b ? new_context(key_b) : NULL;
    if (key_a) assert_true(line_start_tls(&e.a, e.context_a, true));
    if (key_b) assert_true(line_start_tls(&e.b, e.context_b, false));
    return e;
}

static void free_ends(struct ends *e)
{
    close(e->a.fd);
    close(e->b.fd);
    line_free(&e->a);
    line_free(&e->b);
    if (e->context_a) tls_methods.context_free(e->context_a);
    if (e->context_b) tls_methods.context_free(e->context_b);
}

/* Reads of a handshake give no bytes. Returns the last codes. */
static void shake(struct ends *e, ptrdiff_t *a_out, ptrdiff_t *b_out)
{
    uint8_t byte;
    for (int round = 0; round < 6; round++) {
        line_flush(&e->a);
        *b_out = line_read(&e->b, &byte, 1);
        line_flush(&e->b);
        *a_out = line_read(&e->a, &byte, 1);
    }
}

enum { N = 1000000 };
static uint8_t sent[N], got[N];

/* All bytes go from one end to the other, in pieces of at most `most`. */
static void transfer(struct line *from, struct line *to, size_t most)
{
    size_t n_sent = 0, n_got = 0;
    memset(got, 0, sizeof got);
    while (n_got < N) {
        size_t wanted = N - n_sent < most ? N - n_sent : most;
        ptrdiff_t n = wanted ? line_write(from, sent + n_sent, wanted) : line_flush(from);
        if (wanted && n > 0) n_sent += (size_t)n;
        assert_true(n >= 0 || n == SOCKET_AGAIN);
        do {
            n = line_read(to, got + n_got, N - n_got < most ? N - n_got : most);
            if (n > 0) n_got += (size_t)n;
        } while (n > 0 && (line_has_input(to) || rand() % 4));
        assert_true(n > 0 || n == SOCKET_AGAIN || n_got == N);
    }
    assert_memory_equal(sent, got, N);
}

static void transfer_both(struct ends *e)
{
    static const size_t pieces[] = {100, 5000, 100000, N};
    for (size_t i = 0; i < N; i++)
        sent[i] = (uint8_t)(i * 31 + i / 1000);
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        transfer(&e->a, &e->b, pieces[k]);
        transfer(&e->b, &e->a, pieces[k]);
    }
}

static void plain(void **state)
{
    struct ends e = new_ends(0, 0);
    transfer_both(&e);
    free_ends(&e);
}

static void secure(void **state)
{
    struct ends e = new_ends('k', 'k');
    ptrdiff_t a, b;
    shake(&e, &a, &b);
    assert_int_equal(a, SOCKET_AGAIN);
    assert_int_equal(b, SOCKET_AGAIN);
    assert_true(line_is_secure(&e.a) && line_is_secure(&e.b));
    transfer_both(&e);
    close(e.a.fd);
    e.a.fd = -1;
    uint8_t byte;
    assert_int_equal(line_read(&e.b, &byte, 1), 0);
    free_ends(&e);
}

/* What one read has no room for is not forgotten, although the socket is empty. */
static void input_that_waits(void **state)
{
    struct ends e = new_ends('k', 'k');
    ptrdiff_t a, b;
    shake(&e, &a, &b);
    assert_int_equal(line_write(&e.a, "0123456789", 10), 10);
    uint8_t bytes[10];
    assert_int_equal(line_read(&e.b, bytes, 4), 4);
    assert_true(line_has_input(&e.b));
    assert_int_equal(line_read(&e.b, bytes + 4, 6), 6);
    assert_memory_equal(bytes, "0123456789", 10);
    assert_int_equal(line_read(&e.b, bytes, 6), SOCKET_AGAIN);
    assert_false(line_has_input(&e.b));
    free_ends(&e);
}

static void the_first_byte(void **state)
{
    struct ends e = new_ends(0, 0);
    uint8_t byte, bytes[10];
    assert_int_equal(line_first_byte(&e.b, &byte), SOCKET_AGAIN);
    assert_int_equal(line_write(&e.a, "hello", 5), 5);
    assert_int_equal(line_first_byte(&e.b, &byte), 1);
    assert_int_equal(line_write(&e.a, " you", 4), 4);
    assert_int_equal(byte, 'h');
    assert_true(line_has_input(&e.b));
    assert_int_equal(line_read(&e.b, bytes, 2), 2);
    assert_int_equal(line_read(&e.b, bytes + 2, 8), 3);
    assert_int_equal(line_read(&e.b, bytes + 5, 5), 4);
    assert_memory_equal(bytes, "hello you", 9);
    free_ends(&e);

    e = new_ends('k', 0); /* it is TLS: the server begins when it has seen that */
    line_flush(&e.a);
    assert_int_equal(line_first_byte(&e.b, &byte), 1);
    assert_int_equal(byte, TLS_FIRST_BYTE);
    e.context_b = new_context('k');
    assert_true(line_start_tls(&e.b, e.context_b, false));
    ptrdiff_t a, b;
    shake(&e, &a, &b);
    assert_true(line_is_secure(&e.a) && line_is_secure(&e.b));
    free_ends(&e);
}

static void another_key(void **state)
{
    struct ends e = new_ends('k', 'l');
    ptrdiff_t a, b;
    shake(&e, &a, &b);
    assert_int_equal(a, SOCKET_FAILED);
    assert_int_equal(b, SOCKET_FAILED);
    assert_non_null(line_why(&e.a));
    assert_string_equal(line_why(&e.b), "the peer has another cookie");
    assert_false(line_is_secure(&e.a) || line_is_secure(&e.b));
    free_ends(&e);
}

static void tls_on_one_side_only(void **state)
{
    struct ends e = new_ends(0, 'k');
    uint8_t byte;
    line_write(&e.a, "TTN1 and so on", 14);
    assert_int_equal(line_read(&e.b, &byte, 1), SOCKET_FAILED);
    assert_non_null(line_why(&e.b));
    assert_true(line_write(&e.b, "x", 1) == SOCKET_FAILED);
    free_ends(&e);
    e = new_ends('k', 0);
    line_write(&e.b, "TTN1 and so on", 14);
    assert_int_equal(line_read(&e.a, &byte, 1), SOCKET_FAILED);
    free_ends(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain),
                                       cmocka_unit_test(secure),
                                       cmocka_unit_test(input_that_waits),
                                       cmocka_unit_test(the_first_byte),
                                       cmocka_unit_test(another_key),
                                       cmocka_unit_test(tls_on_one_side_only)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
