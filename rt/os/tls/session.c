/* One connection: OpenSSL between the bytes of the network, which are in memory,
 * and those of the node. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "rt/os/tls/parts.h"

#define BINDING_LABEL "EXPORTER-termite-node"

/* -- ends */

/* Alerts (RFC 8446, 6.2) by which a peer says that it does not believe us. */
static bool is_auth_alert(int alert)
{
    switch (alert) {
    case SSL_AD_HANDSHAKE_FAILURE: /* a server that does not know our key */
    case SSL_AD_DECRYPT_ERROR:
    case SSL_AD_UNKNOWN_PSK_IDENTITY:
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_CERTIFICATE_REQUIRED:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED: return true;
    default: return false;
    }
}

static bool is_auth_reason(int reason)
{
    return reason == SSL_R_BINDER_DOES_NOT_VERIFY || reason == SSL_R_CERTIFICATE_VERIFY_FAILED ||
           reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE ||
           (reason >= SSL_AD_REASON_OFFSET && is_auth_alert(reason - SSL_AD_REASON_OFFSET));
}

static void fail(struct tls *t, bool is_auth_failure, const char *what, const char *detail)
{
    t->state = TLS_FAILED;
    t->is_auth_failure = is_auth_failure;
    snprintf(t->why, sizeof t->why, "%s%s%s", what, detail ? ": " : "", detail ? detail : "");
}

static void fail_openssl(struct tls *t)
{
    unsigned long error = ERR_peek_error();
    int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
    const char *text = ERR_reason_error_string(error);
    if (t->is_psk_unknown)
        fail(t, true, "the peer has another cookie", NULL);
    else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        fail(t, true, text, X509_verify_cert_error_string(SSL_get_verify_result(t->ssl)));
    else if (reason >= SSL_AD_REASON_OFFSET)
        fail(t, is_auth_reason(reason), "the other side refuses", text);
    else
        fail(t, is_auth_reason(reason), text ? text : "TLS", NULL);
}

/* What a call of OpenSSL that did not succeed means. */
static void take_error(struct tls *t, int result)
{
    switch (SSL_get_error(t->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return;
    case SSL_ERROR_ZERO_RETURN: t->state = TLS_ENDED; return;
    default:
        if (t->state != TLS_FAILED) fail_openssl(t);
    }
}

/* -- memory instead of a socket */

static int read_memory(BIO *bio, char *out, size_t capacity, size_t *n_out)
{
    struct tls *t = BIO_get_data(bio);
    size_t n = t->input_bytes < capacity ? t->input_bytes : capacity;
    BIO_clear_retry_flags(bio);
    *n_out = n;
    if (n == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    if (t->state == TLS_HANDSHAKE) {
        t->handshake_bytes += n;
        if (t->handshake_bytes > t->context->handshake_max_bytes) {
            fail(t, false, "the handshake is too long", NULL);
            return 0;
        }
    }
    memcpy(out, t->input, n);
    t->input += n;
    t->input_bytes -= n;
    return 1;
}

static bool make_room(struct tls *t, size_t more)
{
    size_t held = t->output_end - t->output_start;
    if (t->output_start > 0) {
        memmove(t->output, t->output + t->output_start, held);
        t->output_start = 0;
        t->output_end = held;
    }
    if (t->output_capacity - held >= more) return true;
    size_t capacity = t->output_capacity ? t->output_capacity : 1024;
    while (capacity - held < more)
        capacity *= 2;
    uint8_t *output = realloc(t->output, capacity);
    if (!output) return false;
    t->output = output;
    t->output_capacity = capacity;
    return true;
}

static int write_memory(BIO *bio, const char *bytes, size_t n, size_t *n_out)
{
    struct tls *t = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    *n_out = n;
    if (t->output_capacity - t->output_end < n && !make_room(t, n)) {
        fail(t, false, "no memory", NULL);
        return 0;
    }
    memcpy(t->output + t->output_end, bytes, n);
    t->output_end += n;
    return 1;
}

static long control_memory(BIO *bio, int command, long number, void *pointer)
{
    return command == BIO_CTRL_FLUSH;
}

BIO_METHOD *tls_memory_new(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "memory of a session");
    if (method && BIO_meth_set_read_ex(method, read_memory) && BIO_meth_set_write_ex(method, write_memory) &&
        BIO_meth_set_ctrl(method, control_memory))
        return method;
    BIO_meth_free(method);
    return NULL;
}

/* -- the handshake */

static void finish(struct tls *t)
{
    /* with keys instead of certificates, a key must have been used */
    if (!t->context->has_certificates && !SSL_session_reused(t->ssl))
        fail(t, true, "no key was agreed", NULL);
    else if (SSL_export_keying_material(t->ssl, t->binding, sizeof t->binding, BINDING_LABEL,
                                        strlen(BINDING_LABEL), NULL, 0, 0) != 1)
        fail_openssl(t);
    else
        t->state = TLS_READY;
}

static void shake(struct tls *t)
{
    ERR_clear_error();
    int result = SSL_do_handshake(t->ssl);
    if (result == 1)
        finish(t);
    else
        take_error(t, result);
}

static bool set_up(struct tls *t, bool is_client)
{
    t->ssl = SSL_new(t->context->ssl);
    BIO *bio = BIO_new(t->context->memory);
    if (!t->ssl || !bio) {
        BIO_free(bio);
        return false;
    }
    BIO_set_data(bio, t);
    BIO_set_init(bio, 1);
    SSL_set_bio(t->ssl, bio, bio);
    SSL_set_app_data(t->ssl, t);
    if (is_client)
        SSL_set_connect_state(t->ssl);
    else
        SSL_set_accept_state(t->ssl);
    /* a server that checks its clients has to say what its sessions are for, even with none to resume */
    if (!is_client && SSL_set_session_id_context(t->ssl, (const unsigned char *)"termite", 7) != 1)
        return false;
    shake(t);
    return true;
}

struct tls *tls_new(struct tls_context *context, bool is_client)
{
    struct tls *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->context = context;
    t->state = TLS_HANDSHAKE;
    if (set_up(t, is_client)) return t;
    tls_close(t);
    return NULL;
}

void tls_close(struct tls *t)
{
    if (!t) return;
    SSL_free(t->ssl);
    free(t->output);
    free(t);
}

/* -- bytes */

size_t tls_read(struct tls *t, const uint8_t **bytes, size_t *n, uint8_t *plain, size_t capacity)
{
    size_t got = 0;
    t->input = *bytes;
    t->input_bytes = *n;
    if (t->state == TLS_HANDSHAKE) shake(t);
    if (t->state == TLS_READY && capacity > 0) {
        ERR_clear_error();
        int result = SSL_read_ex(t->ssl, plain, capacity, &got);
        if (result != 1) {
            got = 0;
            take_error(t, result);
        }
    }
    *bytes = t->input;
    *n = t->input_bytes;
    t->input = NULL;
    t->input_bytes = 0;
    return got;
}

bool tls_write(struct tls *t, const uint8_t *plain, size_t n)
{
    if (t->state != TLS_READY) return false;
    while (n > 0) {
        size_t written = 0;
        ERR_clear_error();
        int result = SSL_write_ex(t->ssl, plain, n, &written);
        if (result != 1) {
            if (t->state != TLS_FAILED) fail_openssl(t);
            return false;
        }
        plain += written;
        n -= written;
    }
    return true;
}

const uint8_t *tls_output(const struct tls *t, size_t *n_out)
{
    *n_out = t->output_end - t->output_start;
    return *n_out ? t->output + t->output_start : NULL;
}

void tls_sent(struct tls *t, size_t n)
{
    t->output_start += n;
    if (t->output_start == t->output_end) t->output_start = t->output_end = 0;
}

enum tls_state tls_state(const struct tls *t) { return t->state; }
const char *tls_why(const struct tls *t) { return t->why; }
bool tls_is_auth_failure(const struct tls *t) { return t->is_auth_failure; }
const uint8_t *tls_binding(const struct tls *t) { return t->binding; }
