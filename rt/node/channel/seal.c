#include "rt/node/channel/seal.h"

#include <assert.h>
#include <string.h>

#include "rt/os/crypto.h"

#define NUMBER_BYTES 8

_Static_assert(SEAL_TAG_BYTES == CRYPTO_SIPHASH_BYTES, "a tag is a SipHash");
_Static_assert(sizeof((struct seal_key *)0)->packets == CRYPTO_SIPHASH_KEY_BYTES,
               "the keys are keys of SipHash");
_Static_assert(sizeof((struct seal_key *)0)->digests == CRYPTO_SIPHASH_KEY_BYTES,
               "the keys are keys of SipHash");
_Static_assert(NUMBER_BYTES <= SEAL_TAG_BYTES, "the number stands where the tag will be");

void seal_write(const struct seal *seal, uint64_t number, uint8_t *packet, size_t n)
{
    assert(n >= 4);
    uint8_t tag[SEAL_TAG_BYTES];
    for (size_t i = 0; i < NUMBER_BYTES; i++)
        packet[n + i] = (uint8_t)(number >> 8 * i);
    crypto_siphash(seal->key.packets, packet, n + NUMBER_BYTES, tag);
    memcpy(packet + n, tag, sizeof tag);
}

bool seal_check(struct seal *seal, uint8_t *packet, size_t n)
{
    assert(seal->is_on);
    uint8_t tag[SEAL_TAG_BYTES];
    memcpy(tag, packet + n, sizeof tag);
    seal_write(seal, seal->number, packet, n);
    seal->number++;
    return crypto_equal(tag, packet + n, sizeof tag);
}

void seal_digest(const struct seal *seal, const void *bytes, size_t n, uint8_t digest[SEAL_TAG_BYTES])
{
    crypto_siphash(seal->key.digests, bytes, n, digest);
}
