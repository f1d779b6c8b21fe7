/* Tags of packets (PROTOCOL.md, "Tags"): who does not know the keys of the session can
 * neither make a packet, nor change, repeat, leave out or move one. Pure. */
#ifndef RT_NODE_CHANNEL_SEAL_H
#define RT_NODE_CHANNEL_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEAL_TAG_BYTES 16

/* What one side of a session makes its tags with. */
struct seal_key {
    uint8_t packets[16], digests[16];
};

/* One direction of a session: the key and the number of the next packet. */
struct seal {
    struct seal_key key;
    uint64_t number;
    bool is_on; /* false: packets have no tags */
};

/* The tag of that packet, `n` bytes, goes behind the packet, where room for it is. The packet
 * counts as the one with that number. */
void seal_write(const struct seal *seal, uint64_t number, uint8_t *packet, size_t n);
/* Whether the tag behind the packet is right for the next number, which it then uses up.
 * What is behind the packet is overwritten. */
bool seal_check(struct seal *seal, uint8_t *packet, size_t n);
/* What stands for the bytes of a fragment in the packet whose tag is made. */
void seal_digest(const struct seal *seal, const void *bytes, size_t n, uint8_t digest[SEAL_TAG_BYTES]);

#endif
