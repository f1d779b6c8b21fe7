/* The handshake against itself and against what others may send: every byte
 * flipped, every truncation, replay, reflection, other versions, no node at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rt/node/net/handshake.h"

static const uint8_t no_binding[HANDSHAKE_BINDING_BYTES];

static struct handshake_self self_of(uint8_t id)
{
    struct handshake_self self = {.port = (uint16_t)(4000 + id),
                                  .version_min = 1,
                                  .version_max = 1,
                                  .features = id,
                                  .tick_timeout_ms = 15000};
    memset(self.boot_id, id, sizeof self.boot_id);
    memset(self.nonce, 100 + id, sizeof self.nonce);
    memset(self.digest, 200, sizeof self.digest);
    strcpy(self.host, id == 1 ? "one.example" : "::1");
    return self;
}

static struct handshake_keys keys_of(const char *first, const char *second)
{
    struct handshake_keys keys = {0};
    handshake_add_cookie(&keys, (const uint8_t *)first, strlen(first));
    if (second) handshake_add_cookie(&keys, (const uint8_t *)second, strlen(second));
    return keys;
}

struct pair {
    struct handshake_keys keys_i, keys_a;
    struct handshake i, a;
};

static void init_pair(struct pair *pair, const char *cookie_i, const char *cookie_a)
{
    struct handshake_self self_i = self_of(1), self_a = self_of(2);
    pair->keys_i = keys_of(cookie_i, NULL);
    pair->keys_a = keys_of(cookie_a, NULL);
    handshake_init(&pair->i, ROLE_INITIATOR, &self_i, &pair->keys_i, no_binding);
    handshake_init(&pair->a, ROLE_ACCEPTOR, &self_a, &pair->keys_a, no_binding);
}

/* Moves what `from` says, at most `piece` bytes at a time, to `to`. */
static void move(struct handshake *from, struct handshake *to, size_t piece)
{
    while (from->output_bytes > 0 && to->state == HANDSHAKE_RUNS) {
        size_t n = from->output_bytes < piece ? from->output_bytes : piece;
        assert_int_equal(handshake_input(to, from->output, n), n);
        handshake_sent(from, n);
    }
}

static void talk(struct pair *pair, size_t piece)
{
    for (int round = 0; round < 4; round++) {
        move(&pair->i, &pair->a, piece);
        if (pair->a.state == HANDSHAKE_JUDGE) handshake_accept(&pair->a);
        move(&pair->a, &pair->i, piece);
    }
}

static void assert_failed(const struct handshake *h, enum refusal why, bool by_peer)
{
    assert_int_equal(h->state, HANDSHAKE_FAILED);
    assert_int_equal(h->refusal, why);
    assert_int_equal(h->refused_by_peer, by_peer);
}

static void both_get_ready(void **state)
{
    for (size_t piece = 1; piece < 500; piece += 7) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        talk(&pair, piece);
        assert_int_equal(pair.i.state, HANDSHAKE_READY);
        assert_int_equal(pair.a.state, HANDSHAKE_READY);
        assert_int_equal(pair.i.version, 1);
        assert_int_equal(pair.a.peer.port, 4001);
        assert_string_equal(pair.a.peer.host, "one.example");
        assert_string_equal(pair.i.peer.host, "::1");
        assert_int_equal(pair.i.peer.boot_id[15], 2);
        assert_int_equal(pair.i.features, 1 & 2);
    }
}

/* Frames may follow at once; they stay with the caller. */
static void what_follows_is_left(void **state)
{
    struct pair pair;
    init_pair(&pair, "cookie", "cookie");
    move(&pair.i, &pair.a, 1000);
    move(&pair.a, &pair.i, 1000);
    uint8_t bytes[100] = {0};
    size_t n = pair.i.output_bytes;
    memcpy(bytes, pair.i.output, n);
    assert_int_equal(handshake_input(&pair.a, bytes, sizeof bytes), n);
    assert_int_equal(pair.a.state, HANDSHAKE_JUDGE);
    assert_int_equal(handshake_input(&pair.a, bytes, sizeof bytes), 0);
    handshake_accept(&pair.a);
    n = pair.a.output_bytes;
    memcpy(bytes, pair.a.output, n);
    assert_int_equal(handshake_input(&pair.i, bytes, sizeof bytes), n);
    assert_int_equal(pair.i.state, HANDSHAKE_READY);
}

static void another_cookie(void **state)
{
    struct pair pair;
    init_pair(&pair, "cookie", "Cookie");
    talk(&pair, 64);
    assert_failed(&pair.a, REFUSAL_AUTH_FAILED, false);
    assert_failed(&pair.i, REFUSAL_AUTH_FAILED, true);
}

/* The initiator has the new cookie or the old one, the acceptor knows both. */
static void cookies_are_changed(void **state)
{
    const char *cookies[] = {"new", "old"};
    for (unsigned k = 0; k < 2; k++) {
        struct pair pair;
        init_pair(&pair, cookies[k], "new");
        pair.keys_a = keys_of("new", "old");
        talk(&pair, 1000);
        assert_int_equal(pair.i.state, HANDSHAKE_READY);
        assert_int_equal(pair.a.state, HANDSHAKE_READY);
        assert_int_equal(pair.a.key, k);
    }
    struct pair pair; /* an initiator does not take an answer with its second cookie */
    init_pair(&pair, "new", "old");
    pair.keys_i = keys_of("new", "old");
    talk(&pair, 1000);
    assert_failed(&pair.a, REFUSAL_AUTH_FAILED, false);
    struct handshake_keys one = keys_of("new", NULL), two = keys_of("old", NULL);
    assert_string_not_equal(one.of[0].tls_name, two.of[0].tls_name);
    assert_memory_not_equal(one.of[0].tls, one.of[0].hmac, 32);
}

/* An acceptor that does not know the cookie, but lets the initiator in. */
static void a_false_acceptor(void **state)
{
    struct pair pair;
    init_pair(&pair, "cookie", "guess");
    move(&pair.i, &pair.a, 1000);
    move(&pair.a, &pair.i, 1000);
    handshake_sent(&pair.i, pair.i.output_bytes);
    handshake_accept(&pair.a);
    move(&pair.a, &pair.i, 1000);
    assert_failed(&pair.i, REFUSAL_AUTH_FAILED, false);
}

static void another_binding(void **state)
{
    struct pair pair;
    init_pair(&pair, "cookie", "cookie");
    pair.a.binding[31] = 1;
    talk(&pair, 1000);
    assert_failed(&pair.a, REFUSAL_AUTH_FAILED, false);
    assert_failed(&pair.i, REFUSAL_AUTH_FAILED, true);
}

/* All that one side has sent, in a good handshake or in one that has been played. */
struct far_link {
    uint8_t bytes[2 * HANDSHAKE_HELLO_MAX];
    size_t n;
};

static void record(struct far_link *r, const struct handshake *h)
{
    memcpy(r->bytes + r->n, h->output, h->output_bytes);
    r->n += h->output_bytes;
}

static void far_link_both(struct far_link *of_i, struct far_link *of_a)
{
    struct pair pair;
    init_pair(&pair, "cookie", "cookie");
    for (int round = 0; round < 3; round++) {
        record(of_i, &pair.i);
        move(&pair.i, &pair.a, 1000);
        if (pair.a.state == HANDSHAKE_JUDGE) handshake_accept(&pair.a);
        record(of_a, &pair.a);
        move(&pair.a, &pair.i, 1000);
    }
    assert_int_equal(pair.i.state, HANDSHAKE_READY);
}

/* Plays a recording to a fresh side with another nonce. */
static void a_replay(void **state)
{
    struct far_link of_i = {.n = 0}, of_a = {.n = 0};
    far_link_both(&of_i, &of_a);
    for (int role = 0; role < 2; role++) {
        struct handshake h;
        struct handshake_keys keys = keys_of("cookie", NULL);
        struct handshake_self self = self_of((uint8_t)(role + 1));
        self.nonce[0] ^= 1;
        handshake_init(&h, (enum handshake_role)role, &self, &keys, no_binding);
        const struct far_link *r = role == ROLE_ACCEPTOR ? &of_i : &of_a;
        handshake_input(&h, r->bytes, r->n);
        assert_failed(&h, REFUSAL_AUTH_FAILED, false);
    }
}

/* Selfie: the bytes of a side come back to it. */
static void a_reflection(void **state)
{
    struct handshake h, other;
    struct handshake_keys keys = keys_of("cookie", NULL);
    struct handshake_self self = self_of(1);
    handshake_init(&h, ROLE_INITIATOR, &self, &keys, no_binding);
    handshake_input(&h, h.output, h.output_bytes);
    assert_failed(&h, REFUSAL_PROTOCOL_ERROR, false);

    /* with the role changed, as a man in the middle would */
    handshake_init(&h, ROLE_INITIATOR, &self, &keys, no_binding);
    uint8_t hello[HANDSHAKE_HELLO_MAX];
    size_t n = h.output_bytes;
    memcpy(hello, h.output, n);
    hello[12] = ROLE_ACCEPTOR;
    handshake_input(&h, hello, n);
    assert_failed(&h, REFUSAL_SELF, false);

    /* and with the boot id changed too: its own AUTH is none of an acceptor */
    handshake_init(&h, ROLE_INITIATOR, &self, &keys, no_binding);
    hello[13] ^= 1;
    handshake_input(&h, hello, n);
    assert_int_equal(h.state, HANDSHAKE_RUNS);
    handshake_sent(&h, n);
    handshake_input(&h, h.output, h.output_bytes);
    assert_failed(&h, REFUSAL_AUTH_FAILED, false);

    /* a node that has dialled itself */
    handshake_init(&h, ROLE_INITIATOR, &self, &keys, no_binding);
    handshake_init(&other, ROLE_ACCEPTOR, &self, &keys, no_binding);
    move(&h, &other, 1000);
    assert_failed(&other, REFUSAL_SELF, false);
}

static void a_truncated_session(void **state)
{
    struct far_link of_i = {.n = 0}, of_a = {.n = 0};
    far_link_both(&of_i, &of_a);
    for (size_t n = 0; n < of_i.n; n++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        assert_int_equal(handshake_input(&pair.a, of_i.bytes, n), n);
        assert_int_equal(pair.a.state, HANDSHAKE_RUNS);
    }
    for (size_t n = 0; n < of_a.n; n++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        assert_int_equal(handshake_input(&pair.i, of_a.bytes, n), n);
        assert_int_equal(pair.i.state, HANDSHAKE_RUNS);
    }
}

static void each_bit_flipped(void **state)
{
    struct far_link of_i = {.n = 0}, of_a = {.n = 0};
    far_link_both(&of_i, &of_a);
    for (size_t bit = 0; bit < 8 * of_i.n; bit++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        of_i.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        handshake_input(&pair.a, of_i.bytes, of_i.n);
        /* a length that became larger is still waiting; nothing else is */
        assert_true(pair.a.state == HANDSHAKE_FAILED || (pair.a.state == HANDSHAKE_RUNS && bit / 8 - 4 < 2));
        of_i.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * of_a.n; bit++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        of_a.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        handshake_input(&pair.i, of_a.bytes, of_a.n);
        assert_true(pair.i.state == HANDSHAKE_FAILED || (pair.i.state == HANDSHAKE_RUNS && bit / 8 - 4 < 2));
        of_a.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* A bit of the initiator's HELLO changes on its way, all else arrives: the MACs cover it. */
static void a_changed_hello(void **state)
{
    struct pair pair;
    init_pair(&pair, "cookie", "cookie");
    size_t n = pair.i.output_bytes;
    for (size_t bit = 0; bit < 8 * n; bit++) {
        init_pair(&pair, "cookie", "cookie");
        pair.i.output[bit / 8] ^= (uint8_t)(1 << bit % 8);
        talk(&pair, 1000);
        assert_int_not_equal(pair.a.state, HANDSHAKE_READY);
        assert_int_not_equal(pair.i.state, HANDSHAKE_READY);
    }
}

static void versions(void **state)
{
    static const struct {
        uint8_t own_min, own_max, peer_min, peer_max, agreed;
    } cases[] = {{1, 1, 1, 1, 1}, {1, 3, 2, 5, 3}, {2, 5, 1, 3, 3}, {1, 1, 2, 9, 0},
                 {2, 2, 1, 1, 0}, {1, 1, 2, 1, 0}, {1, 4, 5, 2, 0}, {1, 255, 0, 255, 255}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        struct handshake_self self_i = self_of(1), self_a = self_of(2);
        self_a.version_min = cases[k].own_min;
        self_a.version_max = cases[k].own_max;
        self_i.version_min = cases[k].peer_min;
        self_i.version_max = cases[k].peer_max;
        self_i.features = 0x80000005;
        self_a.features = 4;
        handshake_init(&pair.i, ROLE_INITIATOR, &self_i, &pair.keys_i, no_binding);
        handshake_init(&pair.a, ROLE_ACCEPTOR, &self_a, &pair.keys_a, no_binding);
        talk(&pair, 1000);
        if (cases[k].agreed) {
            assert_int_equal(pair.i.state, HANDSHAKE_READY);
            assert_int_equal(pair.i.version, cases[k].agreed);
            assert_int_equal(pair.a.version, cases[k].agreed);
            assert_int_equal(pair.a.features, 4); /* unknown bits are ignored */
        } else {
            assert_failed(&pair.a, REFUSAL_VERSION_MISMATCH, false);
            assert_failed(&pair.i, REFUSAL_VERSION_MISMATCH, false);
            assert_int_equal(pair.i.peer.version_max, cases[k].own_max); /* it knows theirs */
        }
    }
}

/* A HELLO with more behind the host, as a later version may send, and with less. */
static void lengths_of_a_hello(void **state)
{
    for (size_t body = 0; body < 1100; body++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        uint8_t hello[2000] = {0};
        memcpy(hello, pair.i.output, pair.i.output_bytes);
        size_t own_body = pair.i.output_bytes - 6;
        hello[4] = (uint8_t)body;
        hello[5] = (uint8_t)(body >> 8);
        assert_int_equal(handshake_input(&pair.a, hello, 6 + body), 6 + body);
        if (body >= own_body && body <= 1024)
            assert_int_equal(pair.a.state, HANDSHAKE_RUNS);
        else
            assert_failed(&pair.a, REFUSAL_PROTOCOL_ERROR, false);
    }
}

static void hosts(void **state)
{
    static const struct {
        const char *host;
        bool is_good;
    } cases[] = {{"", true},
                 {"b\xc3\xbc"
                  "cher.example",
                  true},
                 {"\xff", false},
                 {"a\nb", false},
                 {"\x7f", false},
                 {"\xed\xa0\x80", false}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        struct handshake_self self = self_of(1);
        strcpy(self.host, cases[k].host);
        handshake_init(&pair.i, ROLE_INITIATOR, &self, &pair.keys_i, no_binding);
        talk(&pair, 1000);
        assert_int_equal(pair.a.state, cases[k].is_good ? HANDSHAKE_READY : HANDSHAKE_FAILED);
    }
    struct pair pair;
    init_pair(&pair, "cookie", "cookie");
    struct handshake_self self = self_of(1);
    memset(self.host, 'h', HANDSHAKE_HOST_MAX);
    self.host[HANDSHAKE_HOST_MAX] = 0;
    handshake_init(&pair.i, ROLE_INITIATOR, &self, &pair.keys_i, no_binding);
    talk(&pair, 1000);
    assert_int_equal(pair.a.state, HANDSHAKE_READY);
    assert_int_equal(strlen(pair.a.peer.host), HANDSHAKE_HOST_MAX);
}

static void refusals(void **state)
{
    static const enum refusal known[] = {
#define REFUSAL(id, number, text) REFUSAL_##id,
#include "rt/node/net/refusals.def"
#undef REFUSAL
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        move(&pair.i, &pair.a, 1000);
        move(&pair.a, &pair.i, 1000);
        move(&pair.i, &pair.a, 1000);
        assert_int_equal(pair.a.state, HANDSHAKE_JUDGE);
        handshake_refuse(&pair.a, known[k]);
        move(&pair.a, &pair.i, 1);
        assert_failed(&pair.i, known[k], true);
        assert_string_not_equal(refusal_text(known[k]), "unknown");
    }
    for (unsigned byte = 0; byte < 256; byte++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        handshake_input(&pair.i, (uint8_t[]){'X', (uint8_t)byte}, 2);
        assert_int_equal(pair.i.state, HANDSHAKE_FAILED);
        assert_int_not_equal(pair.i.refusal, REFUSAL_NONE);
    }
}

/* What is no node gets no answer, and little of it is kept. */
static void assert_no_node(const void *bytes, size_t n, size_t piece)
{
    struct pair pair;
    init_pair(&pair, "cookie", "cookie");
    for (size_t at = 0; at < n; at += piece) {
        size_t here = n - at < piece ? n - at : piece;
        assert_int_equal(handshake_input(&pair.a, (const uint8_t *)bytes + at, here), here);
        assert_true(pair.a.input_bytes <= HANDSHAKE_HELLO_MAX);
    }
    assert_failed(&pair.a, REFUSAL_PROTOCOL_ERROR, false);
    assert_int_equal(pair.a.output_bytes, 0);
}

static void other_protocols(void **state)
{
    static const char *const banners[] = {
        "GET / HTTP/1.1\r\nHost: one\r\n\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n", "TTN2", "TTn", "\n", "A", "T\0"};
    for (size_t k = 0; k < sizeof banners / sizeof banners[0]; k++)
        for (size_t piece = 1; piece < 10; piece++)
            assert_no_node(banners[k], strlen(banners[k]) + 1, piece);
    static const uint8_t client_hello[] = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03};
    assert_no_node(client_hello, sizeof client_hello, 4);
    size_t n = 1 << 20;
    uint8_t *noise = malloc(n);
    srand(7);
    for (size_t i = 0; i < n; i++)
        noise[i] = (uint8_t)(rand() >> 7);
    noise[0] = 0x80;
    assert_no_node(noise, n, 4096);
    free(noise);
}

/* Behind a good HELLO: noise in place of AUTH. */
static void noise_after_hello(void **state)
{
    srand(8);
    for (int round = 0; round < 2000; round++) {
        struct pair pair;
        init_pair(&pair, "cookie", "cookie");
        move(&pair.i, &pair.a, 1000);
        uint8_t noise[5000];
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (uint8_t)(rand() >> 7);
        if (round & 1) noise[0] = 'A';
        assert_int_equal(handshake_input(&pair.a, noise, sizeof noise), sizeof noise);
        assert_int_equal(pair.a.state, HANDSHAKE_FAILED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_get_ready),
                                       cmocka_unit_test(what_follows_is_left),
                                       cmocka_unit_test(another_cookie),
                                       cmocka_unit_test(cookies_are_changed),
                                       cmocka_unit_test(a_false_acceptor),
                                       cmocka_unit_test(another_binding),
                                       cmocka_unit_test(a_replay),
                                       cmocka_unit_test(a_reflection),
                                       cmocka_unit_test(a_truncated_session),
                                       cmocka_unit_test(each_bit_flipped),
                                       cmocka_unit_test(a_changed_hello),
                                       cmocka_unit_test(versions),
                                       cmocka_unit_test(lengths_of_a_hello),
                                       cmocka_unit_test(hosts),
                                       cmocka_unit_test(refusals),
                                       cmocka_unit_test(other_protocols),
                                       cmocka_unit_test(noise_after_hello)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
