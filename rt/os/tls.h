/* TLS 1.3 between nodes, as a filter: bytes of the network go in and out through
 * memory, whoever owns the socket moves them. Each side proves that it has the
 * key, by a pre-shared key that the cookie gives (X25519 for forward secrecy), or
 * by a certificate when there is one. No tickets, no early data.
 *
 * The implementation (rt/os/tls/, with OpenSSL) is in a library of its own, which
 * only programs are linked with that may talk to other machines: `tls_methods` is
 * weak, see TLS_IS_WANTED.
 *
 * A context may be used by all threads; a session by one at a time. */
#ifndef RT_OS_TLS_H
#define RT_OS_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_KEY_BYTES    32
#define TLS_IDENTITY_MAX 24
#define TLS_PSKS_MAX     2
#define TLS_WHY_MAX      600
#define TLS_FIRST_BYTE   0x16 /* what a TLS connection begins with; no HELLO does */

struct tls_config {
    unsigned n_psks; /* a client offers the first, a server takes any */
    struct {
        uint8_t key[TLS_KEY_BYTES];
        char identity[TLS_IDENTITY_MAX]; /* is seen on the network */
    } psks[TLS_PSKS_MAX];
    /* Paths of PEM files: all or none. With them both sides show certificates,
     * which `ca` has signed, and the keys above are not used. */
    const char *cert, *key, *ca;
};

enum tls_state {
    TLS_HANDSHAKE,
    TLS_READY,
    TLS_ENDED, /* the peer has ended it in an orderly way */
    TLS_FAILED /* what is in the output is sent, then the connection closed */
};

struct tls_context;
struct tls;

struct tls_methods {
    /* NULL: `why` says in one line what is wrong with the files. */
    struct tls_context *(*context_new)(const struct tls_config *config, char why[TLS_WHY_MAX]);
    void (*context_free)(struct tls_context *context);

    /* A client has its first bytes in the output at once. NULL: no memory. */
    struct tls *(*new)(struct tls_context *context, bool is_client);
    void (*free)(struct tls *t);
    enum tls_state (*state)(const struct tls *t);
    /* FAILED: why, in a few words; and whether the reason is that one side did not
     * believe the other (another cookie, a bad certificate). */
    const char *(*why)(const struct tls *t);
    bool (*is_auth_failure)(const struct tls *t);
    /* READY: the same 32 bytes on both sides, other ones in every session. */
    const uint8_t *(*binding)(const struct tls *t);

    /* Takes bytes that came from the network (moves *bytes and *n), goes on with the
     * handshake, gives what was in them for us: at most `capacity` bytes. To be
     * called until it returns 0; then *n is 0, or the state ENDED or FAILED. */
    size_t (*read)(struct tls *t, const uint8_t **bytes, size_t *n, uint8_t *plain, size_t capacity);
    /* READY: adds these bytes to the output. False: FAILED. */
    bool (*write)(struct tls *t, const uint8_t *plain, size_t n);
    /* What is to be sent, valid until the next call; and how much of it was. */
    const uint8_t *(*output)(const struct tls *t, size_t *n_out);
    void (*sent)(struct tls *t, size_t n);
};
extern const struct tls_methods tls_methods __attribute__((weak));

/* A file that says TLS_IS_WANTED; makes the linker add the implementation to all
 * programs that the file itself is added to (if the driver offers it: rt/os/tls_absent.c). */
extern const char tls_wanted;
#define TLS_IS_WANTED __attribute__((used)) static const char *const tls_is_wanted = &tls_wanted

static inline bool tls_is_linked(void) { return &tls_methods != NULL; }

#endif
