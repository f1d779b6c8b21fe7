/* Peers by the address where they can be dialled, or where their runs say that they
 * listen: a hash table whose entries are parts of the peers. Several entries may have
 * one address. The hash has a random key: nobody outside can choose addresses that have
 * the same one. Owned by the worker. */
#ifndef RT_NODE_NET_PEER_MAP_H
#define RT_NODE_NET_PEER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer;

struct peer_entry {
    struct peer *peer;
    const char *host; /* whoever adds the entry keeps it as long as it is there; NULL: it is not */
    uint16_t port;
    uint64_t hash;
    struct peer_entry *next;
};

struct peer_map {
    struct peer_entry **buckets;
    size_t capacity, n; /* capacity: a power of two */
    uint8_t key[16];
};

/* False: no memory. */
bool peer_map_init(struct peer_map *map);
void peer_map_free(struct peer_map *map);
/* The entry gets that address. */
void peer_map_add(struct peer_map *map, struct peer_entry *entry, struct peer *peer, const char *host,
                  uint16_t port);
void peer_map_remove(struct peer_map *map, struct peer_entry *entry); /* if it is there */
/* The peer whose entry was added last of those with that address; NULL: there is none. */
struct peer *peer_map_find(const struct peer_map *map, const char *host, uint16_t port);
/* "localhost" and 127.0.0.1 are one address. */
const char *peer_map_canonical(const char *host);

#endif
