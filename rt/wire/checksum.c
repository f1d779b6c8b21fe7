#include "rt/wire/checksum.h"

#include "rt/wire/format.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Of the flags and the body as it stands; a change of what is in front of them is seen without. */
static uint64_t checksum_of(const uint8_t *message, size_t n)
{
    return XXH64(message + WIRE_FLAGS_AT, n - WIRE_FLAGS_AT, 0);
}

void checksum_put(uint8_t *message, size_t n)
{
    uint64_t sum = checksum_of(message, n);
    for (size_t i = 0; i < WIRE_CHECKSUM_BYTES; i++)
        message[WIRE_CHECKSUM_AT + i] = (uint8_t)(sum >> 8 * i);
}

bool checksum_is_right(const uint8_t *message, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = WIRE_CHECKSUM_BYTES; i-- > 0;)
        sum = sum << 8 | message[WIRE_CHECKSUM_AT + i];
    return sum == checksum_of(message, n);
}
