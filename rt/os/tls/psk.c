/* Pre-shared keys: an SSL session that was never resumed, only given a key. */
#include <string.h>

#include <openssl/crypto.h>

#include "rt/os/tls/parts.h"

static const unsigned char cipher_id[] = {0x13,
                                          0x01}; /* TLS_AES_128_GCM_SHA256; the key is for all with SHA-256 */

static SSL_SESSION *make_session(SSL *ssl, const uint8_t key[TLS_KEY_BYTES])
{
    SSL_SESSION *session = SSL_SESSION_new();
    const SSL_CIPHER *cipher = SSL_CIPHER_find(ssl, cipher_id);
    if (session && cipher && SSL_SESSION_set1_master_key(session, key, TLS_KEY_BYTES) &&
        SSL_SESSION_set_cipher(session, cipher) && SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION))
        return session;
    SSL_SESSION_free(session);
    return NULL;
}

/* `hash` is set when the server has chosen one that is not ours: then no key fits. */
static int offer(SSL *ssl, const EVP_MD *hash, const unsigned char **identity, size_t *n,
                 SSL_SESSION **session)
{
    const struct tls *t = SSL_get_app_data(ssl);
    *session = NULL;
    if (hash && EVP_MD_get_type(hash) != NID_sha256) return 1;
    *identity = (const unsigned char *)t->context->config.psks[0].identity;
    *n = strlen(t->context->config.psks[0].identity);
    *session = make_session(ssl, t->context->config.psks[0].key);
    return *session != NULL;
}

/* Without a session the handshake goes on to fail, since there is no certificate. */
static int find(SSL *ssl, const unsigned char *identity, size_t n, SSL_SESSION **session)
{
    struct tls *t = SSL_get_app_data(ssl);
    const struct tls_config *config = &t->context->config;
    *session = NULL;
    for (unsigned i = 0; i < config->n_psks; i++) {
        const char *known = config->psks[i].identity;
        if (strlen(known) != n || CRYPTO_memcmp(known, identity, n) != 0) continue;
        *session = make_session(ssl, config->psks[i].key);
        return *session != NULL;
    }
    t->is_psk_unknown = true;
    return 1;
}

void tls_set_psk_callbacks(SSL_CTX *ssl)
{
    SSL_CTX_set_psk_use_session_callback(ssl, offer);
    SSL_CTX_set_psk_find_session_callback(ssl, find);
}
