/* What context.c and session.c share. */
#ifndef RT_OS_TLS_PARTS_H
#define RT_OS_TLS_PARTS_H

#include <openssl/ssl.h>

#include "rt/os/tls.h"

struct tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *memory; /* what sessions read from and write to: session.c */
    bool has_certificates;
    size_t handshake_max_bytes; /* that a peer may send before it has proved itself */
    struct tls_config config;   /* the paths in it are not kept */
};

/* The bytes of the network, on both sides of an SSL. The input belongs to the
 * caller of tls_read and is there during the call only. */
struct tls {
    struct tls_context *context;
    SSL *ssl;
    enum tls_state state;
    bool is_auth_failure, is_psk_unknown;
    const uint8_t *input;
    size_t input_bytes;
    size_t handshake_bytes; /* taken from the input so far */
    uint8_t *output;        /* malloc'd; [output_start, output_end) is to be sent */
    size_t output_start, output_end, output_capacity;
    uint8_t binding[32];
    char why[TLS_WHY_MAX];
};

BIO_METHOD *tls_memory_new(void);
/* The callbacks by which OpenSSL asks for the pre-shared keys. */
void tls_set_psk_callbacks(SSL_CTX *ssl);

struct tls *tls_new(struct tls_context *context, bool is_client);
void tls_close(struct tls *t);
enum tls_state tls_state(const struct tls *t);
const char *tls_why(const struct tls *t);
bool tls_is_auth_failure(const struct tls *t);
const uint8_t *tls_binding(const struct tls *t);
size_t tls_read(struct tls *t, const uint8_t **bytes, size_t *n, uint8_t *plain, size_t capacity);
bool tls_write(struct tls *t, const uint8_t *plain, size_t n);
const uint8_t *tls_output(const struct tls *t, size_t *n_out);
void tls_sent(struct tls *t, size_t n);

#endif
