#include "rt/obj/boots.h"

#include <stdlib.h>
#include <string.h>

#include "rt/obj/hash.h"

#define CHUNK 4096 /* entries stay where they are: they come in chunks */

struct boots {
    struct boot *chunks[BOOTS_MAX / CHUNK];
    uint32_t n, n_heard; /* n_heard: added by boots_hear */
    size_t capacity; /* of `by_id`, a power of two */
    uint32_t *by_id; /* index + 1 by hash of the id, at most half full; 0: free */
};

struct boot *boots_at(const struct boots *boots, uint32_t index)
{
    return &boots->chunks[index / CHUNK][index % CHUNK];
}

/* The place of that id, or the free one for it. */
static uint32_t *find(const struct boots *boots, uint32_t *by_id, size_t capacity, const uint8_t *id)
{
    for (size_t i = hash_bytes(id, BOOT_ID_BYTES);; i++) {
        uint32_t *place = &by_id[i & (capacity - 1)];
        if (!*place || memcmp(boots_at(boots, *place - 1)->id, id, BOOT_ID_BYTES) == 0) return place;
    }
}

static bool grow(struct boots *boots)
{
    size_t capacity = boots->capacity ? 2 * boots->capacity : 64;
    uint32_t *by_id = calloc(capacity, sizeof *by_id);
    if (!by_id) return false;
    for (uint32_t i = 0; i < boots->n; i++)
        *find(boots, by_id, capacity, boots_at(boots, i)->id) = i + 1;
    free(boots->by_id);
    boots->by_id = by_id;
    boots->capacity = capacity;
    return true;
}

static bool set_address(struct boot *boot, const char *host, size_t n, uint16_t port)
{
    char *copy = malloc(n + 1);
    if (!copy) return false;
    if (n) memcpy(copy, host, n);
    copy[n] = 0;
    free(boot->host);
    boot->host = copy;
    boot->port = port;
    return true;
}

static uint32_t add(struct boots *boots, const uint8_t *id, const char *host, size_t host_bytes, uint16_t port)
{
    if (boots->n == BOOTS_MAX || (2 * (boots->n + (size_t)1) > boots->capacity && !grow(boots)))
        return UINT32_MAX;
    struct boot **chunk = &boots->chunks[boots->n / CHUNK];
    if (!*chunk && !(*chunk = calloc(CHUNK, sizeof **chunk))) return UINT32_MAX;
    struct boot *boot = boots_at(boots, boots->n);
    memcpy(boot->id, id, BOOT_ID_BYTES);
    if (!set_address(boot, host, host_bytes, port)) return UINT32_MAX;
    *find(boots, boots->by_id, boots->capacity, id) = boots->n + 1;
    return boots->n++;
}

/* Index + 1; 0: not known. */
static uint32_t known_as(const struct boots *boots, const uint8_t *id)
{
    return boots->n ? *find(boots, boots->by_id, boots->capacity, id) : 0;
}

uint32_t boots_hear(struct boots *boots, const uint8_t id[BOOT_ID_BYTES], const char *host, size_t host_bytes,
                    uint16_t port)
{
    if (!known_as(boots, id)) {
        if (boots->n_heard == BOOTS_HEARD_MAX) return UINT32_MAX;
        boots->n_heard++;
    }
    return boots_index(boots, id, host, host_bytes, port);
}

uint32_t boots_index(struct boots *boots, const uint8_t id[BOOT_ID_BYTES], const char *host, size_t host_bytes,
                     uint16_t port)
{
    uint32_t known = known_as(boots, id);
    if (!known) return add(boots, id, host, host_bytes, port);
    struct boot *boot = boots_at(boots, known - 1);
    /* What this run says of its own address is nobody else's to say. */
    if (known > 1 && boot->port == 0 && port != 0 && !set_address(boot, host, host_bytes, port))
        return UINT32_MAX;
    return known - 1;
}

struct boots *boots_new(const uint8_t own_id[BOOT_ID_BYTES])
{
    struct boots *boots = calloc(1, sizeof *boots);
    if (boots && add(boots, own_id, "", 0, 0) == 0) return boots;
    free(boots);
    return NULL;
}

void boots_set_own_address(struct boots *boots, const char *host, uint16_t port)
{
    set_address(boots_at(boots, 0), host, strlen(host), port);
}
