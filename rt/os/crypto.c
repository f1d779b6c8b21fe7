#include "rt/os/crypto.h"

#include <sodium.h>
#include <string.h>

#include "rt/os/check.h"

_Static_assert(CRYPTO_SHA256_BYTES == crypto_auth_hmacsha256_BYTES, "size of an HMAC");
_Static_assert(CRYPTO_SIPHASH_KEY_BYTES == crypto_shorthash_siphashx24_KEYBYTES, "size of a key");
_Static_assert(CRYPTO_SIPHASH_BYTES == crypto_shorthash_siphashx24_BYTES, "size of a hash");

void crypto_hmac(const void *key, size_t key_bytes, const struct crypto_part *parts, size_t n_parts,
                 uint8_t mac[CRYPTO_SHA256_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_bytes);
    for (size_t i = 0; i < n_parts; i++)
        crypto_auth_hmacsha256_update(&state, parts[i].bytes, parts[i].n);
    crypto_auth_hmacsha256_final(&state, mac);
    crypto_wipe(&state, sizeof state);
}

void crypto_hkdf(struct crypto_part salt, struct crypto_part input, struct crypto_part info, uint8_t *out,
                 size_t n_out)
{
    if (n_out > 255 * CRYPTO_SHA256_BYTES) tt_panic("crypto_hkdf: %zu bytes wanted", n_out);
    uint8_t extracted[CRYPTO_SHA256_BYTES], block[CRYPTO_SHA256_BYTES];
    crypto_hmac(salt.bytes, salt.n, &input, 1, extracted);
    size_t block_bytes = 0; /* the first one has none before it */
    for (uint8_t number = 1; n_out > 0; number++) {
        struct crypto_part parts[] = {{block, block_bytes}, info, {&number, 1}};
        crypto_hmac(extracted, sizeof extracted, parts, 3, block);
        block_bytes = sizeof block;
        size_t n = n_out < sizeof block ? n_out : sizeof block;
        memcpy(out, block, n);
        out += n;
        n_out -= n;
    }
    crypto_wipe(extracted, sizeof extracted);
    crypto_wipe(block, sizeof block);
}

void crypto_siphash(const uint8_t key[CRYPTO_SIPHASH_KEY_BYTES], const void *bytes, size_t n,
                    uint8_t mac[CRYPTO_SIPHASH_BYTES])
{
    crypto_shorthash_siphashx24(mac, bytes, n, key);
}

bool crypto_equal(const void *a, const void *b, size_t n) { return sodium_memcmp(a, b, n) == 0; }

void crypto_wipe(void *secret, size_t n) { sodium_memzero(secret, n); }

void crypto_base64_encode(const uint8_t *bytes, size_t n, char *out)
{
    sodium_bin2base64(out, CRYPTO_BASE64_MAX(n), bytes, n, sodium_base64_VARIANT_ORIGINAL);
}

bool crypto_base64_decode(const char *text, size_t n, uint8_t *out, size_t capacity, size_t *n_out)
{
    const char *end;
    return sodium_base642bin(out, capacity, text, n, NULL, n_out, &end, sodium_base64_VARIANT_ORIGINAL) ==
               0 &&
           end == text + n;
}
