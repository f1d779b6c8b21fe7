/* Two nodes in two OS processes, with frames but without Scheme: connecting, one
 * connection per pair, order, large messages, ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rt/actor/sched.h"
#include "rt/mem/node.h"
#include "rt/node/net/net_state.h"
#include "rt/os/clock.h"
#include "rt/os/options.h"
#include "rt/os/random.h"
#include "rt/os/tls.h"

#define SECOND CLOCK_SECOND_NS
/* What a loaded machine may add to any time; how exact times are, tests/sim shows. */
#define LATE (60 * SECOND)
#ifdef TT_HOSTILE
#define LARGE_BYTES (200 * 1024) /* in fragments of a few bytes */
#else
#define LARGE_BYTES (20 * 1024 * 1024)
#endif

struct seen {
    unsigned ups, downs, messages;
    enum goodbye why;
    uint64_t next, bytes; /* messages are numbered */
    bool in_order, echoes;
    struct peer *peer;
};
static struct seen seen;
/* Of the test that runs; the link threads of earlier ones still have theirs. */
struct parts {
    struct node node;
    struct worker worker;
    struct scheduler sched;
    struct options options;
};
static struct parts *parts;
static struct node *node;
static char cookie[] = "/tmp/test_net_cookie_XXXXXX", other_cookie[] = "/tmp/test_net_cookie_XXXXXX";
static const char *cookie_of_child = cookie;
/* All tests run over Unix-domain sockets, over TCP, and with TLS: how this process and its child use it. */
static size_t tls, tls_of_child, local;

TLS_IS_WANTED;

/* What a node has lives as long as its process. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }

static void on_up(struct worker *w, struct peer *peer)
{
    seen.ups++;
    seen.peer = peer;
}

static void on_down(struct worker *w, struct peer *peer, enum goodbye why)
{
    seen.downs++;
    seen.why = why;
}

static bool send_bytes(struct peer *peer, const void *bytes, size_t n)
{
    struct wire_buf *out = peer_begin(peer, CONTROL_SEND, 1);
    if (!out) return false;
    buf_put(out, bytes, n);
    return peer_end(peer);
}

static bool on_message(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n)
{
    uint64_t number;
    memcpy(&number, body, sizeof number);
    seen.in_order &= number == seen.next++;
    seen.messages++;
    seen.bytes += n;
    if (seen.echoes) send_bytes(peer, body, n);
    return type == CONTROL_SEND;
}

static const struct peer_events events = {.up = on_up, .down = on_down, .message = on_message};

/* Each OS process is one node. */
static void begin_node(int64_t tick_timeout_ns)
{
    parts = calloc(1, sizeof *parts);
    node = &parts->node;
    seen = (struct seen){.in_order = true};
    parts->options.cookie_file = cookie;
    parts->options.net_tick_timeout = tick_timeout_ns;
    parts->options.linger = 2 * SECOND;
    parts->options.tls = tls;
    parts->options.local = local;
    parts->sched.look_at = UINT64_MAX;
    parts->worker.sched = &parts->sched;
    parts->worker.node = node;
    node->worker = &parts->worker;
    node->options = &parts->options;
    random_bytes(node->boot_id, sizeof node->boot_id);
    node->boots = boots_new(node->boot_id);
    assert_true(net_init(node, &events));
}

static void wait_until(const unsigned *counter, unsigned value, int64_t limit_ns)
{
    int64_t end = clock_now_ns() + limit_ns + LATE;
    while (*counter < value && clock_now_ns() < end)
        net_wait(node, end - clock_now_ns());
}

static uint16_t listen_here(uint16_t port)
{
    const char *why = "";
    if (!net_listen(node, "127.0.0.1", port, &why)) fail_msg("%s", why);
    assert_true(net_accept(node));
    return boots_at(node->boots, 0)->port;
}

/* Runs `body` as a node of its own that listens. */
static pid_t start_node(void (*body)(void), uint16_t *port_out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        tls = tls_of_child;
        begin_node(15 * SECOND);
        parts->options.cookie_file = cookie_of_child;
        uint16_t port = listen_here(0);
        if (write(ends[1], &port, sizeof port) != sizeof port) _exit(9);
        body();
        net_stop(node);
        _exit(0);
    }
    assert_int_equal(read(ends[0], port_out, sizeof *port_out), sizeof *port_out);
    close(ends[0]);
    close(ends[1]);
    return child;
}

static void echo(void)
{
    seen.echoes = true;
    wait_until(&seen.downs, 1, 20 * SECOND);
}

static int exit_code(pid_t child)
{
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_echo(void **state)
{
    uint16_t port;
    pid_t child = start_node(echo, &port);
    begin_node(15 * SECOND);
    struct peer *peer = peer_of_address(node, "127.0.0.1", port);
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(send_bytes(peer, &i, sizeof i));
    wait_until(&seen.messages, 1000, 5 * SECOND);
    assert_int_equal(seen.messages, 1000);
    assert_true(seen.in_order);
    assert_int_equal(seen.ups, 1);
    assert_int_equal(peer->state, PEER_UP);
    assert_int_equal(peer->epoch, 1);
    bool has_tls = tls == OPTION_TLS_ALWAYS || tls_of_child == OPTION_TLS_ALWAYS;
    enum net_way way = has_tls ? NET_TLS : local == OPTION_LOCAL_TCP ? NET_TCP : NET_LOCAL;
    assert_int_equal(node->net->went_up[way], 1);
    net_stop(node);
    assert_int_equal(seen.downs, 1);
    assert_int_equal(exit_code(child), 0);
}

static void test_large(void **state)
{
    uint16_t port;
    size_t n = LARGE_BYTES;
    uint8_t *bytes = calloc(1, n);
    pid_t child = start_node(echo, &port);
    begin_node(15 * SECOND);
    struct peer *peer = peer_of_address(node, "127.0.0.1", port);
    for (uint64_t i = 0; i < 3; i++) {
        memcpy(bytes, &i, sizeof i);
        assert_true(send_bytes(peer, bytes, n));
    }
    assert_true(peer_is_congested(peer));
    wait_until(&seen.messages, 3, 20 * SECOND);
    assert_int_equal(seen.messages, 3);
    assert_int_equal(seen.bytes, 3 * n);
    assert_true(seen.in_order);
    free(bytes);
    net_stop(node);
    assert_int_equal(exit_code(child), 0);
}

static void test_unreachable(void **state)
{
    begin_node(15 * SECOND);
    uint16_t port = listen_here(0);
    struct peer *peer = peer_of_address(node, "127.0.0.1", port == 1 ? 2 : 1);
    uint64_t zero = 0;
    int64_t before = clock_now_ns();
    assert_true(send_bytes(peer, &zero, sizeof zero));
    wait_until(&seen.downs, 1, 10 * SECOND);
    int64_t took = clock_now_ns() - before;
    assert_int_equal(seen.downs, 1);
    assert_int_equal(seen.why, GOODBYE_UNREACHABLE);
    assert_true(took >= 3 * SECOND && took < 5 * SECOND + LATE);
    assert_false(send_bytes(peer, &zero, sizeof zero)); /* at once, for a while */
    assert_int_equal(seen.downs, 1);
    net_stop(node);
}

static void test_killed(void **state)
{
    uint16_t port;
    pid_t child = start_node(echo, &port);
    begin_node(15 * SECOND);
    struct peer *peer = peer_of_address(node, "127.0.0.1", port);
    uint64_t zero = 0;
    send_bytes(peer, &zero, sizeof zero);
    wait_until(&seen.messages, 1, 5 * SECOND);
    kill(child, SIGKILL);
    int64_t before = clock_now_ns();
    wait_until(&seen.downs, 1, 5 * SECOND);
    assert_int_equal(seen.why, GOODBYE_CLOSED);
    assert_true(clock_now_ns() - before < SECOND + LATE);
    assert_int_equal(exit_code(child), -1);
}

static void test_silent(void **state)
{
    uint16_t port;
    pid_t child = start_node(echo, &port);
    begin_node(SECOND);
    struct peer *peer = peer_of_address(node, "127.0.0.1", port);
    uint64_t zero = 0;
    int64_t before = clock_now_ns();
    send_bytes(peer, &zero, sizeof zero);
    wait_until(&seen.messages, 1, 5 * SECOND);
    kill(child, SIGSTOP);
    wait_until(&seen.downs, 1, 5 * SECOND);
    int64_t took = clock_now_ns() - before;
    kill(child, SIGKILL);
    assert_int_equal(seen.downs, 1);
    assert_int_equal(seen.why, GOODBYE_TICK_TIMEOUT);
    assert_true(took > SECOND / 2 && took < 3 * SECOND / 2 + LATE);
    assert_int_equal(exit_code(child), -1);
}

/* Nothing arrives, and the reason is told once. */
static void assert_refused(enum goodbye why)
{
    uint16_t port;
    pid_t child = start_node(echo, &port);
    begin_node(15 * SECOND);
    uint64_t zero = 0;
    assert_true(send_bytes(peer_of_address(node, "127.0.0.1", port), &zero, sizeof zero));
    wait_until(&seen.downs, 1, 10 * SECOND);
    assert_int_equal(seen.downs, 1);
    assert_int_equal(seen.why, why);
    assert_int_equal(seen.ups + seen.messages, 0);
    kill(child, SIGKILL);
    exit_code(child);
    net_stop(node);
}

static void test_another_cookie(void **state)
{
    cookie_of_child = other_cookie;
    assert_refused(GOODBYE_AUTH_FAILED);
    cookie_of_child = cookie;
}

/* Another node is at the address where this one says that it listens. */
static uint16_t hub_port;

static void befriend_hub(void)
{
    uint64_t zero = 0;
    send_bytes(peer_of_address(node, "127.0.0.1", hub_port), &zero, sizeof zero);
    wait_until(&seen.messages, 1, 5 * SECOND);
    raise(SIGSTOP); /* connected */
    wait_until(&seen.downs, 1, 20 * SECOND);
}

static void test_name_in_use(void **state)
{
    uint16_t namesake_port;
    uint64_t zero = 0;
    pid_t hub = start_node(echo, &hub_port), namesake = start_node(befriend_hub, &namesake_port);
    assert_int_equal(waitpid(namesake, NULL, WUNTRACED), namesake);
    kill(namesake, SIGCONT);
    begin_node(15 * SECOND);
    boots_set_own_address(node->boots, "127.0.0.1", namesake_port);
    assert_true(send_bytes(peer_of_address(node, "127.0.0.1", hub_port), &zero, sizeof zero));
    wait_until(&seen.downs, 1, 5 * SECOND);
    assert_int_equal(seen.why, GOODBYE_NAME_IN_USE);
    assert_true(node->net->name_is_taken); /* the refusal is proved */
    net_stop(node);
    kill(namesake, SIGKILL);
    assert_int_equal(exit_code(namesake), -1);
    assert_int_equal(exit_code(hub), 0);
}

/* A node that wants TLS here does not take cleartext; one that does not want it takes TLS. */
static void test_tls_on_one_side(void **state)
{
    size_t before = tls;
    tls = OPTION_TLS_AUTO;
    tls_of_child = OPTION_TLS_ALWAYS;
    assert_refused(GOODBYE_TLS_FAILED);
    tls = OPTION_TLS_ALWAYS;
    tls_of_child = OPTION_TLS_AUTO;
    test_echo(state);
    tls = tls_of_child = before;
}

static void test_address_beyond(void **state)
{
    const char *why = NULL;
    begin_node(15 * SECOND);
    if (!net_listen(node, "0.0.0.0", 0, &why)) fail_msg("%s", why); /* TLS is linked here */
    net_stop(node);
    begin_node(15 * SECOND);
    parts->options.tls_cert = parts->options.tls_key = parts->options.tls_ca = "/tmp/no/such.pem";
    assert_false(net_listen(node, "0.0.0.0", 0, &why));
    assert_non_null(strstr(why, "/tmp/no/such.pem: cannot be read"));
}

static void make_cookie(char *path, char first)
{
    char text[] = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n";
    text[0] = first;
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, text, sizeof text - 1) != (ssize_t)sizeof text - 1) exit(9);
    close(fd);
}

int main(void)
{
    make_cookie(cookie, 'M');
    make_cookie(other_cookie, 'N');
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_echo),           cmocka_unit_test(test_large),
        cmocka_unit_test(test_unreachable),    cmocka_unit_test(test_killed),
        cmocka_unit_test(test_silent),         cmocka_unit_test(test_name_in_use),
        cmocka_unit_test(test_another_cookie), cmocka_unit_test(test_tls_on_one_side),
        cmocka_unit_test(test_address_beyond),
    };
    int failed = cmocka_run_group_tests_name("local", tests, NULL, NULL);
    local = OPTION_LOCAL_TCP;
    failed += cmocka_run_group_tests_name("TCP", tests, NULL, NULL);
    tls = tls_of_child = OPTION_TLS_ALWAYS;
    failed += cmocka_run_group_tests_name("TLS", tests, NULL, NULL);
    unlink(cookie);
    unlink(other_cookie);
    return failed;
}
