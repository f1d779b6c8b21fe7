#include "rt/node/net/peer_map.h"

#include <stdlib.h>
#include <string.h>

#include "rt/os/crypto.h"
#include "rt/os/random.h"

#define FIRST_CAPACITY 64

_Static_assert(sizeof((struct peer_map *)0)->key == CRYPTO_SIPHASH_KEY_BYTES, "the key is one of SipHash");

const char *peer_map_canonical(const char *host)
{
    return strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
}

bool peer_map_init(struct peer_map *map)
{
    random_bytes(map->key, sizeof map->key);
    map->capacity = FIRST_CAPACITY;
    map->buckets = calloc(map->capacity, sizeof *map->buckets);
    return map->buckets != NULL;
}

void peer_map_free(struct peer_map *map) { free(map->buckets); }

static uint64_t hash_of(const struct peer_map *map, const char *host, uint16_t port)
{
    uint8_t code[CRYPTO_SIPHASH_BYTES];
    uint64_t hash;
    crypto_siphash(map->key, host, strlen(host), code);
    memcpy(&hash, code, sizeof hash);
    return hash + port;
}

static struct peer_entry **bucket_of(const struct peer_map *map, uint64_t hash)
{
    return &map->buckets[hash & (map->capacity - 1)];
}

/* Without memory the chains become longer. */
static void grow(struct peer_map *map)
{
    size_t n = map->capacity;
    struct peer_entry **old = map->buckets, **buckets = calloc(2 * n, sizeof *buckets);
    if (!buckets) return;
    map->buckets = buckets;
    map->capacity = 2 * n;
    for (size_t i = 0; i < n; i++)
        for (struct peer_entry *e = old[i], *next; e; e = next) {
            next = e->next;
            e->next = *bucket_of(map, e->hash);
            *bucket_of(map, e->hash) = e;
        }
    free(old);
}

void peer_map_add(struct peer_map *map, struct peer_entry *entry, struct peer *peer, const char *host,
                  uint16_t port)
{
    if (map->n == map->capacity) grow(map);
    uint64_t hash = hash_of(map, peer_map_canonical(host), port);
    struct peer_entry **bucket = bucket_of(map, hash);
    *entry = (struct peer_entry){peer, host, port, hash, *bucket};
    *bucket = entry;
    map->n++;
}

void peer_map_remove(struct peer_map *map, struct peer_entry *entry)
{
    if (!entry->host) return;
    struct peer_entry **at = bucket_of(map, entry->hash);
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    entry->host = NULL;
    map->n--;
}

struct peer *peer_map_find(const struct peer_map *map, const char *host, uint16_t port)
{
    const char *wanted = peer_map_canonical(host);
    uint64_t hash = hash_of(map, wanted, port);
    for (const struct peer_entry *e = *bucket_of(map, hash); e; e = e->next)
        if (e->hash == hash && e->port == port && strcmp(peer_map_canonical(e->host), wanted) == 0)
            return e->peer;
    return NULL;
}
