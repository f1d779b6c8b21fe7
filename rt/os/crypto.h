/* Message authentication, keys, comparison: all that the runtime uses of
 * libsodium. Any thread may call these; nothing needs to be set up first, since
 * none of the functions behind them has a choice of implementations or a state. */
#ifndef RT_OS_CRYPTO_H
#define RT_OS_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPTO_SHA256_BYTES      32
#define CRYPTO_SIPHASH_KEY_BYTES 16
#define CRYPTO_SIPHASH_BYTES     16

struct crypto_part { /* `bytes` is not NULL, even when n is 0 */
    const void *bytes;
    size_t n;
};

/* HMAC-SHA256 of the parts, one behind the other. */
void crypto_hmac(const void *key, size_t key_bytes, const struct crypto_part *parts, size_t n_parts,
                 uint8_t mac[CRYPTO_SHA256_BYTES]);
/* HKDF-SHA256 (RFC 5869). An empty salt is "none"; n_out is at most 255 * 32. */
void crypto_hkdf(struct crypto_part salt, struct crypto_part input, struct crypto_part info, uint8_t *out,
                 size_t n_out);
/* SipHash-2-4 with a result of 128 bits. */
void crypto_siphash(const uint8_t key[CRYPTO_SIPHASH_KEY_BYTES], const void *bytes, size_t n,
                    uint8_t mac[CRYPTO_SIPHASH_BYTES]);
/* In a time that does not depend on where they differ. */
bool crypto_equal(const void *a, const void *b, size_t n);
/* Zeros that no optimisation removes. */
void crypto_wipe(void *secret, size_t n);

/* Base64 with `+`, `/` and padding. Encoding: `out` has room for
 * CRYPTO_BASE64_MAX(n) characters. Decoding: false, when it is not that or has
 * more than `capacity` bytes. */
#define CRYPTO_BASE64_MAX(n) (((n) + 2) / 3 * 4 + 1)
void crypto_base64_encode(const uint8_t *bytes, size_t n, char *out);
bool crypto_base64_decode(const char *text, size_t n, uint8_t *out, size_t capacity, size_t *n_out);

#endif
