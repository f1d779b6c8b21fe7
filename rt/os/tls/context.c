/* What all sessions of a node share: the rules, the keys, the certificates. All
 * that can be wrong with the files is found here, not at the first connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "rt/os/crypto.h"
#include "rt/os/secret.h"
#include "rt/os/tls/parts.h"

#define KEY_FILE_MAX 65536
/* A peer that is not known yet may send so much: a ClientHello with a key has
 * about 300 bytes, a chain of certificates some thousands. */
#define HANDSHAKE_MAX_PSK          4096
#define HANDSHAKE_MAX_CERTIFICATES 65536

/* `path` may be NULL. */
static bool fail(char why[TLS_WHY_MAX], const char *path, const char *what)
{
    snprintf(why, TLS_WHY_MAX, "%.400s%s%s", path ? path : "", path ? ": " : "", what);
    return false;
}

/* With what OpenSSL says about it. */
static bool fail_openssl(char why[TLS_WHY_MAX], const char *path, const char *what)
{
    char text[160];
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    snprintf(text, sizeof text, "%s%s%s", what, reason ? ": " : "", reason ? reason : "");
    return fail(why, path, text);
}

/* -- certificates */

static bool is_file(const char *path, char why[TLS_WHY_MAX])
{
    struct stat status;
    if (stat(path, &status) != 0) return fail(why, path, "cannot be read");
    return S_ISREG(status.st_mode) || fail(why, path, "not a regular file");
}

/* A key with a passphrase is refused: nobody is there to be asked. */
static int no_passphrase(char *buffer, int size, int for_writing, void *context) { return -1; }

static bool use_key(SSL_CTX *ssl, const char *path, char why[TLS_WHY_MAX])
{
    char *text = malloc(KEY_FILE_MAX);
    size_t n;
    if (!text) return fail(why, path, "no memory");
    bool good = secret_read(path, text, KEY_FILE_MAX, &n, why);
    BIO *bio = good ? BIO_new_mem_buf(text, (int)n) : NULL;
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;
    if (good && !key) good = fail(why, path, "no private key without a passphrase (PEM)");
    if (key && SSL_CTX_use_PrivateKey(ssl, key) != 1)
        good = fail_openssl(why, path, "the key is not that of the certificate");
    EVP_PKEY_free(key);
    BIO_free(bio);
    crypto_wipe(text, KEY_FILE_MAX);
    free(text);
    return good;
}

/* Others would refuse our certificate for the same reasons. */
static bool verify_own(SSL_CTX *ssl, const char *purpose, const char *path, char why[TLS_WHY_MAX])
{
    STACK_OF(X509) *chain = NULL;
    SSL_CTX_get_extra_chain_certs(ssl, &chain);
    X509_STORE_CTX *store = X509_STORE_CTX_new();
    if (!store) return fail(why, path, "no memory");
    bool good =
        X509_STORE_CTX_init(store, SSL_CTX_get_cert_store(ssl), SSL_CTX_get0_certificate(ssl), chain) == 1 &&
        X509_STORE_CTX_set_default(store, purpose) == 1 && X509_verify_cert(store) == 1;
    if (!good) fail(why, path, X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)));
    X509_STORE_CTX_free(store);
    return good;
}

static bool use_certificates(SSL_CTX *ssl, const struct tls_config *config, char why[TLS_WHY_MAX])
{
    if (!config->cert || !config->key || !config->ca)
        return fail(why, NULL, "a certificate, its key and a CA are needed, all three");
    if (!is_file(config->cert, why) || !is_file(config->ca, why)) return false;
    if (SSL_CTX_use_certificate_chain_file(ssl, config->cert) != 1)
        return fail_openssl(why, config->cert, "no certificate (PEM)");
    if (!use_key(ssl, config->key, why)) return false;
    if (SSL_CTX_load_verify_locations(ssl, config->ca, NULL) != 1)
        return fail_openssl(why, config->ca, "no certificates (PEM)");
    return verify_own(ssl, "ssl_client", config->cert, why) &&
           verify_own(ssl, "ssl_server", config->cert, why);
}

/* -- the context */

/* TLS 1.3 with an exchange of keys in every session, nothing that outlives it. */
static bool set_rules(SSL_CTX *ssl)
{
    SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    /* what the peer shows is always checked; with keys that it shows no certificate at all */
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return SSL_CTX_set_min_proto_version(ssl, TLS1_3_VERSION) &&
           SSL_CTX_set_max_proto_version(ssl, TLS1_3_VERSION) &&
           SSL_CTX_set_ciphersuites(ssl, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256") &&
           SSL_CTX_set1_groups_list(ssl, "X25519") && SSL_CTX_set_num_tickets(ssl, 0);
}

static void context_free(struct tls_context *context)
{
    SSL_CTX_free(context->ssl);
    BIO_meth_free(context->memory);
    crypto_wipe(context, sizeof *context);
    free(context);
}

static bool fill(struct tls_context *context, char why[TLS_WHY_MAX])
{
    const struct tls_config *config = &context->config;
    context->has_certificates = config->cert || config->key || config->ca;
    context->handshake_max_bytes = context->has_certificates ? HANDSHAKE_MAX_CERTIFICATES : HANDSHAKE_MAX_PSK;
    context->memory = tls_memory_new();
    context->ssl = SSL_CTX_new(TLS_method());
    if (!context->memory || !context->ssl || !set_rules(context->ssl)) return fail_openssl(why, NULL, "TLS");
    if (context->has_certificates) return use_certificates(context->ssl, config, why);
    if (config->n_psks == 0) return fail(why, NULL, "TLS needs a key");
    tls_set_psk_callbacks(context->ssl);
    return true;
}

static struct tls_context *context_new(const struct tls_config *config, char why[TLS_WHY_MAX])
{
    why[0] = 0;
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
    ERR_clear_error();
    struct tls_context *context = calloc(1, sizeof *context);
    if (!context) {
        fail(why, NULL, "no memory");
        return NULL;
    }
    context->config = *config;
    bool good = fill(context, why);
    context->config.cert = context->config.key = context->config.ca = NULL;
    if (good) return context;
    context_free(context);
    return NULL;
}

const char tls_wanted = 1;

const struct tls_methods tls_methods = {
    .context_new = context_new,
    .context_free = context_free,
    .new = tls_new,
    .free = tls_close,
    .state = tls_state,
    .why = tls_why,
    .is_auth_failure = tls_is_auth_failure,
    .binding = tls_binding,
    .read = tls_read,
    .write = tls_write,
    .output = tls_output,
    .sent = tls_sent,
};
