/* TLS sessions with each other over memory: keys, certificates, and what must not
 * get through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "rt/os/tls.h"

#define DAY 86400

TLS_IS_WANTED;

static char directory[] = "/tmp/tls-XXXXXX";

/* -- pairs of sessions */

static struct tls_context *new_context(const struct tls_config *config)
{
    char why[TLS_WHY_MAX];
    struct tls_context *context = tls_methods.context_new(config, why);
    if (!context) fail_msg("%s", why);
    return context;
}

static struct tls_config keys(const char *first, const char *second)
{
    struct tls_config config = {.n_psks = second ? 2 : 1};
    const char *names[] = {first, second};
    for (unsigned i = 0; i < config.n_psks; i++) {
        memset(config.psks[i].key, names[i][0], sizeof config.psks[i].key);
        snprintf(config.psks[i].identity, sizeof config.psks[i].identity, "tt1 %s", names[i]);
    }
    return config;
}

struct pair {
    struct tls_context *contexts[2];
    struct tls *client, *server;
};

static struct pair new_pair(const struct tls_config *client, const struct tls_config *server)
{
    struct pair pair = {{new_context(client), new_context(server)}, NULL, NULL};
    pair.client = tls_methods.new(pair.contexts[0], true);
    pair.server = tls_methods.new(pair.contexts[1], false);
    return pair;
}

static void free_pair(struct pair *pair)
{
    tls_methods.free(pair->client);
    tls_methods.free(pair->server);
    tls_methods.context_free(pair->contexts[0]);
    tls_methods.context_free(pair->contexts[1]);
}

/* What `from` has to send goes to `to`, `piece` bytes at a time; returns how much
 * comes out there. */
static size_t move(struct tls *from, struct tls *to, size_t piece, uint8_t *out, size_t capacity)
{
    size_t n, got = 0;
    for (const uint8_t *bytes; (bytes = tls_methods.output(from, &n)) && n > 0;) {
        size_t here = n < piece ? n : piece, left = here, more;
        do {
            more = tls_methods.read(to, &bytes, &left, out ? out + got : NULL, out ? capacity - got : 0);
            got += more;
        } while (more > 0);
        tls_methods.sent(from, here);
    }
    return got;
}

static void shake(struct pair *pair, size_t piece)
{
    for (int round = 0; round < 4; round++) {
        move(pair->client, pair->server, piece, NULL, 0);
        move(pair->server, pair->client, piece, NULL, 0);
    }
}

static void assert_failed(const struct tls *t, bool is_auth_failure, const char *why)
{
    assert_int_equal(tls_methods.state(t), TLS_FAILED);
    if (!strstr(tls_methods.why(t), why)) fail_msg("%s: expected: %s", tls_methods.why(t), why);
    assert_int_equal(tls_methods.is_auth_failure(t), is_auth_failure);
}

static void assert_ready(struct pair *pair)
{
    if (tls_methods.state(pair->client) == TLS_FAILED) fail_msg("client: %s", tls_methods.why(pair->client));
    if (tls_methods.state(pair->server) == TLS_FAILED) fail_msg("server: %s", tls_methods.why(pair->server));
    assert_int_equal(tls_methods.state(pair->client), TLS_READY);
    assert_int_equal(tls_methods.state(pair->server), TLS_READY);
    assert_memory_equal(tls_methods.binding(pair->client), tls_methods.binding(pair->server), 32);
}

/* -- keys */

static void with_the_same_key(void **state)
{
    struct tls_config config = keys("a", NULL);
    uint8_t last_binding[32] = {0};
    for (size_t piece = 1; piece < 600; piece += 37) {
        struct pair pair = new_pair(&config, &config);
        shake(&pair, piece);
        assert_ready(&pair);
        assert_memory_not_equal(last_binding, tls_methods.binding(pair.client), 32);
        memcpy(last_binding, tls_methods.binding(pair.client), 32);
        free_pair(&pair);
    }
}

static void data_goes_both_ways(void **state)
{
    enum { N = 300000 };
    struct tls_config config = keys("a", NULL);
    struct pair pair = new_pair(&config, &config);
    shake(&pair, 1000);
    uint8_t *sent = malloc(N), *got = malloc(N + 1);
    for (size_t i = 0; i < N; i++)
        sent[i] = (uint8_t)(i * 7 + i / 256);
    for (size_t n = 1; n <= N; n = n * 3 + 1) {
        assert_true(tls_methods.write(pair.client, sent, n));
        assert_int_equal(move(pair.client, pair.server, 5000, got, N + 1), n);
        assert_memory_equal(sent, got, n);
        assert_true(tls_methods.write(pair.server, sent, n));
        assert_int_equal(move(pair.server, pair.client, 100000, got, N + 1), n);
        assert_memory_equal(sent, got, n);
    }
    free(sent);
    free(got);
    free_pair(&pair);
}

/* The receiver takes what there is in small steps. */
static void small_reads(void **state)
{
    struct tls_config config = keys("a", NULL);
    struct pair pair = new_pair(&config, &config);
    shake(&pair, 1000);
    assert_true(tls_methods.write(pair.client, (const uint8_t *)"0123456789", 10));
    size_t n, got = 0;
    const uint8_t *bytes = tls_methods.output(pair.client, &n);
    uint8_t out[10];
    for (size_t more; (more = tls_methods.read(pair.server, &bytes, &n, out + got, 3)) > 0; got += more)
        assert_true(more <= 3);
    assert_int_equal(n, 0);
    assert_memory_equal(out, "0123456789", 10);
    free_pair(&pair);
}

static void with_another_key(void **state)
{
    struct tls_config a = keys("a", NULL), b = keys("b", NULL), same_name = keys("a", NULL);
    struct pair pair = new_pair(&a, &b);
    shake(&pair, 1000);
    assert_failed(pair.server, true, "another cookie");
    assert_failed(pair.client, true, "alert");
    free_pair(&pair);

    same_name.psks[0].key[31] ^= 1;
    pair = new_pair(&a, &same_name);
    shake(&pair, 1000);
    assert_failed(pair.server, true, "binder does not verify");
    assert_failed(pair.client, false, "alert"); /* two nodes with one name for two keys: somebody lies */
    free_pair(&pair);
}

static void with_two_keys(void **state)
{
    struct tls_config old = keys("old", NULL), new = keys("new", NULL), both = keys("new", "old");
    const struct tls_config *clients[] = {&old, &new, &both};
    for (int i = 0; i < 3; i++) {
        struct pair pair = new_pair(clients[i], &both);
        shake(&pair, 1000);
        assert_ready(&pair);
        free_pair(&pair);
    }
    struct pair pair = new_pair(&both, &old);
    shake(&pair, 1000);
    assert_failed(pair.server, true, "another cookie");
    free_pair(&pair);
}

static void other_bytes(void **state)
{
    static const char *const openings[] = {"TTN1\x5a\x00\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                                           "GET / HTTP/1.1\r\nHost: one\r\n\r\n",
                                           "SSH-2.0-OpenSSH_9.2p1\r\n"};
    struct tls_config config = keys("a", NULL);
    struct tls_context *context = new_context(&config);
    for (int is_client = 0; is_client < 2; is_client++)
        for (int i = 0; i < 4; i++) {
            struct tls *t = tls_methods.new(context, is_client);
            static uint8_t noise[1 << 20];
            srand((unsigned)i);
            for (size_t k = 0; k < sizeof noise; k++)
                noise[k] = (uint8_t)(rand() >> 7);
            if (i < 3) memcpy(noise, openings[i], 17);
            const uint8_t *bytes = noise;
            size_t n = sizeof noise;
            assert_int_equal(tls_methods.read(t, &bytes, &n, NULL, 0), 0);
            assert_int_equal(tls_methods.state(t), TLS_FAILED);
            assert_true(sizeof noise - n <= 4096);
            assert_false(tls_methods.write(t, noise, 10));
            tls_methods.free(t);
        }
    tls_methods.context_free(context);
}

/* A client that never finishes, but sends ever more of its handshake. */
static void an_endless_handshake(void **state)
{
    struct tls_config config = keys("a", NULL);
    struct tls_context *context = new_context(&config);
    struct tls *t = tls_methods.new(context, false);
    uint8_t records[20 * 1005];
    for (int i = 0; i < 20; i++) {
        static const uint8_t header[] = {0x16, 3, 1, 0x03, 0xe8}, hello[] = {1, 0, 0xff, 0xff};
        memset(records + 1005 * i, 0, 1005);
        memcpy(records + 1005 * i, header, sizeof header);
        if (i == 0) memcpy(records + 5, hello, sizeof hello);
    }
    const uint8_t *bytes = records;
    size_t n = sizeof records;
    tls_methods.read(t, &bytes, &n, NULL, 0);
    assert_failed(t, false, "too long");
    assert_true(sizeof records - n <= 4096);
    tls_methods.free(t);
    tls_methods.context_free(context);
}

/* What the client says in a good session comes again, to a new one of the server. */
static void a_replay(void **state)
{
    struct tls_config config = keys("a", NULL);
    struct pair pair = new_pair(&config, &config);
    uint8_t record[5000];
    size_t recorded = 0, n;
    for (int round = 0; round < 3; round++) {
        const uint8_t *bytes = tls_methods.output(pair.client, &n);
        if (n) memcpy(record + recorded, bytes, n);
        recorded += n;
        move(pair.client, pair.server, 1000, NULL, 0);
        move(pair.server, pair.client, 1000, NULL, 0);
    }
    assert_ready(&pair);
    struct tls *fresh = tls_methods.new(pair.contexts[1], false);
    const uint8_t *bytes = record;
    n = recorded;
    tls_methods.read(fresh, &bytes, &n, NULL, 0);
    assert_int_equal(tls_methods.state(fresh), TLS_FAILED);
    tls_methods.free(fresh);
    free_pair(&pair);
}

/* A byte that changes on its way ends the session, and is not delivered. */
static void each_byte_flipped(void **state)
{
    struct tls_config config = keys("a", NULL);
    size_t length = 1;
    for (size_t at = 0; at < length; at++) {
        struct pair pair = new_pair(&config, &config);
        shake(&pair, 1000);
        assert_true(tls_methods.write(pair.client, (const uint8_t *)"message", 7));
        uint8_t record[200], out[100];
        const uint8_t *bytes = tls_methods.output(pair.client, &length);
        assert_true(length <= sizeof record);
        memcpy(record, bytes, length);
        record[at] ^= 0x10;
        bytes = record;
        size_t n = length;
        assert_int_equal(tls_methods.read(pair.server, &bytes, &n, out, sizeof out), 0);
        bool waits = tls_methods.state(pair.server) == TLS_READY; /* the length became larger */
        assert_true(waits ? at == 3 || at == 4 : tls_methods.state(pair.server) == TLS_FAILED);
        free_pair(&pair);
    }
}

/* -- certificates */

static char *in_directory(const char *name)
{
    static char paths[64][100];
    static unsigned next;
    char *path = paths[next++ % 64];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

struct authority {
    EVP_PKEY *key;
    X509 *certificate;
};

static X509 *make_certificate(EVP_PKEY *key, const char *name, const struct authority *by, long from, long to)
{
    X509 *x = X509_new();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), rand());
    X509_gmtime_adj(X509_getm_notBefore(x), from);
    X509_gmtime_adj(X509_getm_notAfter(x), to);
    X509_set_pubkey(x, key);
    X509_NAME *subject = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(x, by ? X509_get_subject_name(by->certificate) : subject);
    X509_EXTENSION *basic =
        X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, by ? "CA:FALSE" : "critical,CA:TRUE");
    X509_add_ext(x, basic, -1);
    X509_EXTENSION_free(basic);
    assert_true(X509_sign(x, by ? by->key : key, EVP_sha256()) > 0);
    return x;
}

static const char *write_certificate(const char *name, X509 *x)
{
    FILE *file = fopen(in_directory(name), "w");
    PEM_write_X509(file, x);
    fclose(file);
    return in_directory(name);
}

static const char *write_key(const char *name, EVP_PKEY *key, const char *passphrase, mode_t mode)
{
    unlink(in_directory(name));
    FILE *file = fopen(in_directory(name), "w");
    PEM_write_PrivateKey(file, key, passphrase ? EVP_aes_128_cbc() : NULL, (const unsigned char *)passphrase,
                         passphrase ? (int)strlen(passphrase) : 0, NULL, NULL);
    fclose(file);
    chmod(in_directory(name), mode);
    return in_directory(name);
}

static struct authority make_authority(const char *file)
{
    struct authority ca = {EVP_EC_gen("P-256"), NULL};
    ca.certificate = make_certificate(ca.key, file, NULL, -DAY, DAY);
    write_certificate(file, ca.certificate);
    return ca;
}

/* A node's files NAME.cert and NAME.key; `trusts` is the file of a CA. */
static struct tls_config make_node(const char *name, const struct authority *by, const char *trusts,
                                   long from, long to)
{
    char file[40];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key, name, by, from, to);
    snprintf(file, sizeof file, "%s.cert", name);
    struct tls_config config = {.cert = write_certificate(file, certificate), .ca = in_directory(trusts)};
    snprintf(file, sizeof file, "%s.key", name);
    config.key = write_key(file, key, NULL, 0400);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return config;
}

static void free_authority(struct authority *ca)
{
    X509_free(ca->certificate);
    EVP_PKEY_free(ca->key);
}

static void with_certificates(void **state)
{
    struct authority ca = make_authority("ca");
    struct tls_config one = make_node("one", &ca, "ca", -DAY, DAY),
                      two = make_node("two", &ca, "ca", -DAY, DAY);
    struct pair pair = new_pair(&one, &two);
    shake(&pair, 700);
    assert_ready(&pair);
    free_pair(&pair);

    /* a client without a certificate, but with a key that would be good */
    struct tls_config key = keys("a", NULL);
    pair = new_pair(&key, &two);
    shake(&pair, 700);
    assert_int_equal(tls_methods.state(pair.client), TLS_FAILED); /* does not believe any certificate */
    assert_int_equal(tls_methods.state(pair.server), TLS_FAILED);
    free_pair(&pair);
    pair = new_pair(&one, &key);
    shake(&pair, 700);
    assert_int_equal(tls_methods.state(pair.client), TLS_FAILED);
    assert_int_equal(tls_methods.state(pair.server), TLS_FAILED);
    free_pair(&pair);
    free_authority(&ca);
}

/* A client by OpenSSL's own means, which shows no certificate, or one that its own
 * node would not start with. Returns what the server thinks of it. */
static void shake_with_any(SSL *client, const struct tls_config *server_config, bool is_auth_failure,
                           const char *why)
{
    struct tls_context *context = new_context(server_config);
    struct tls *server = tls_methods.new(context, false);
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
    SSL_set_bio(client, in, out);
    SSL_set_connect_state(client);
    for (int round = 0; round < 4; round++) {
        SSL_do_handshake(client);
        char *data;
        size_t n = (size_t)BIO_get_mem_data(out, &data);
        const uint8_t *bytes = (const uint8_t *)data;
        tls_methods.read(server, &bytes, &n, NULL, 0);
        BIO_reset(out);
        bytes = tls_methods.output(server, &n);
        if (n) BIO_write(in, bytes, (int)n);
        tls_methods.sent(server, n);
    }
    assert_failed(server, is_auth_failure, why);
    tls_methods.free(server);
    tls_methods.context_free(context);
}

static void bad_clients(void **state)
{
    struct authority ca = make_authority("ca"), other = make_authority("other");
    struct tls_config server = make_node("server", &ca, "ca", -DAY, DAY);
    struct tls_config none = {0}, expired = make_node("expired", &ca, "ca", -2 * DAY, -DAY),
                      early = make_node("early", &ca, "ca", DAY, 2 * DAY),
                      wrong = make_node("wrong", &other, "other", -DAY, DAY);
    const struct {
        const struct tls_config *config;
        const char *why;
    } cases[] = {{&none, "did not return a certificate"},
                 {&expired, "expired"},
                 {&early, "not yet valid"},
                 {&wrong, "unable to get local issuer certificate"}};
    for (size_t i = 0; i < 4; i++) {
        SSL_CTX *context = SSL_CTX_new(TLS_method());
        if (cases[i].config->cert) {
            assert_int_equal(SSL_CTX_use_certificate_chain_file(context, cases[i].config->cert), 1);
            assert_int_equal(SSL_CTX_use_PrivateKey_file(context, cases[i].config->key, SSL_FILETYPE_PEM), 1);
        }
        SSL *client = SSL_new(context);
        shake_with_any(client, &server, true, cases[i].why);
        SSL_free(client);
        SSL_CTX_free(context);
    }
    /* TLS 1.2 */
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    SSL *client = SSL_new(context);
    shake_with_any(client, &server, false, "unsupported protocol");
    SSL_free(client);
    SSL_CTX_free(context);
    free_authority(&ca);
    free_authority(&other);
}

/* The two nodes do not trust the same CA. */
static void another_authority(void **state)
{
    struct authority ca = make_authority("ca"), other = make_authority("other");
    struct tls_config one = make_node("one", &ca, "ca", -DAY, DAY),
                      two = make_node("two", &other, "other", -DAY, DAY);
    struct pair pair = new_pair(&one, &two);
    shake(&pair, 700);
    assert_failed(pair.client, true, "certificate verify failed");
    assert_failed(pair.server, true, "alert");
    free_pair(&pair);
    free_authority(&ca);
    free_authority(&other);
}

static void assert_refused(struct tls_config config, const char *why_expected)
{
    char why[TLS_WHY_MAX];
    assert_null(tls_methods.context_new(&config, why));
    if (!strstr(why, why_expected)) fail_msg("%s: expected: %s", why, why_expected);
    assert_null(strchr(why, '\n'));
}

static void bad_files(void **state)
{
    struct authority ca = make_authority("ca"), other = make_authority("other");
    struct tls_config good = make_node("one", &ca, "ca", -DAY, DAY), bad = good,
                      two = make_node("two", &ca, "ca", -DAY, DAY);
    assert_refused((struct tls_config){0}, "needs a key");
    bad.key = NULL;
    assert_refused(bad, "all three");
    bad.key = two.key;
    assert_refused(bad, "not that of the certificate");
    bad.key = good.ca;
    chmod(good.ca, 0600);
    assert_refused(bad, "no private key");
    bad.key = in_directory("none");
    assert_refused(bad, "No such file");
    EVP_PKEY *key = EVP_EC_gen("P-256");
    bad.key = write_key("secret.key", key, "passphrase", 0400);
    assert_refused(bad, "without a passphrase");
    bad.key = write_key("open.key", key, NULL, 0644);
    assert_refused(bad, "open to all");
    EVP_PKEY_free(key);
    bad = good;
    bad.cert = good.key;
    assert_refused(bad, "no certificate");
    bad.cert = directory;
    assert_refused(bad, "not a regular file");
    bad = good;
    bad.ca = good.key;
    assert_refused(bad, "no certificates");
    bad.ca = in_directory("none");
    assert_refused(bad, "cannot be read");
    bad.ca = in_directory("other");
    assert_refused(bad, "unable to get local issuer");
    assert_refused(make_node("old", &ca, "ca", -2 * DAY, -DAY), "expired");
    assert_refused(make_node("early", &ca, "ca", DAY, 2 * DAY), "not yet valid");
    mkfifo(in_directory("fifo"), 0600);
    alarm(10); /* if it hangs */
    bad = good;
    bad.cert = in_directory("fifo");
    assert_refused(bad, "not a regular file");
    bad = good;
    bad.key = in_directory("fifo");
    assert_refused(bad, "not a regular file");
    alarm(0);
    free_authority(&ca);
    free_authority(&other);
}

static int make_directory(void **state) { return mkdtemp(directory) ? 0 : -1; }

static int remove_directory(void **state)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(with_the_same_key),
                                       cmocka_unit_test(data_goes_both_ways),
                                       cmocka_unit_test(small_reads),
                                       cmocka_unit_test(with_another_key),
                                       cmocka_unit_test(with_two_keys),
                                       cmocka_unit_test(other_bytes),
                                       cmocka_unit_test(an_endless_handshake),
                                       cmocka_unit_test(a_replay),
                                       cmocka_unit_test(each_byte_flipped),
                                       cmocka_unit_test(with_certificates),
                                       cmocka_unit_test(bad_clients),
                                       cmocka_unit_test(another_authority),
                                       cmocka_unit_test(bad_files)};
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
