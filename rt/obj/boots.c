#include "rt/obj/boots.h"

#include <stdlib.h>
#include <string.h>

#include "rt/os/crypto.h"
#include "rt/os/random.h"

#define FIRST_CAPACITY 64
#define CHUNK          4096 /* entries stay where they are: they come in chunks */

struct boots {
    struct boot *chunks[BOOTS_MAX / CHUNK];
    uint32_t n;                            /* entries, of which */
    uint32_t n_used;                       /* stand for a run, */
    uint32_t n_heard;                      /* so many of them added by boots_hear */
    uint32_t free;                         /* index of one that does not, 0: none */
    uint8_t key[CRYPTO_SIPHASH_KEY_BYTES]; /* random: nobody outside can make many ids that have one hash */
    size_t capacity;                       /* of `by_id`, a power of two */
    uint32_t *by_id;                       /* index + 1 by hash of the id, at most half full; 0: free */
};

struct boot *boots_at(const struct boots *boots, uint32_t index)
{
    return &boots->chunks[index / CHUNK][index % CHUNK];
}

static size_t hash_of(const struct boots *boots, const uint8_t *id)
{
    uint8_t hash[CRYPTO_SIPHASH_BYTES];
    size_t start;
    crypto_siphash(boots->key, id, BOOT_ID_BYTES, hash);
    memcpy(&start, hash, sizeof start);
    return start;
}

/* The place of that id, or the free one for it. */
static uint32_t *find(const struct boots *boots, uint32_t *by_id, size_t capacity, const uint8_t *id)
{
    for (size_t i = hash_of(boots, id);; i++) {
        uint32_t *place = &by_id[i & (capacity - 1)];
        if (!*place || memcmp(boots_at(boots, *place - 1)->id, id, BOOT_ID_BYTES) == 0) return place;
    }
}

/* The table is made anew, in `by_id`. */
static void index_all(struct boots *boots, uint32_t *by_id, size_t capacity)
{
    for (uint32_t i = 0; i < boots->n; i++)
        if (boots_at(boots, i)->is_used) *find(boots, by_id, capacity, boots_at(boots, i)->id) = i + 1;
    free(boots->by_id);
    boots->by_id = by_id;
    boots->capacity = capacity;
}

static bool has_room(struct boots *boots)
{
    if (2 * (boots->n_used + (size_t)1) <= boots->capacity) return true;
    size_t capacity = boots->capacity ? 2 * boots->capacity : FIRST_CAPACITY;
    uint32_t *by_id = calloc(capacity, sizeof *by_id);
    if (by_id) index_all(boots, by_id, capacity);
    return by_id != NULL;
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

/* The index of an entry that stands for no run. UINT32_MAX: too many, or no memory. */
static uint32_t free_index(struct boots *boots)
{
    if (boots->free) return boots->free;
    if (boots->n == BOOTS_MAX) return UINT32_MAX;
    struct boot **chunk = &boots->chunks[boots->n / CHUNK];
    if (!*chunk && !(*chunk = calloc(CHUNK, sizeof **chunk))) return UINT32_MAX;
    return boots->n;
}

static uint32_t add(struct boots *boots, const uint8_t *id, const char *host, size_t host_bytes,
                    uint16_t port)
{
    uint32_t index = has_room(boots) ? free_index(boots) : UINT32_MAX;
    if (index == UINT32_MAX) return UINT32_MAX;
    struct boot *boot = boots_at(boots, index);
    if (!set_address(boot, host, host_bytes, port)) return UINT32_MAX;
    memcpy(boot->id, id, BOOT_ID_BYTES);
    *find(boots, boots->by_id, boots->capacity, id) = index + 1;
    boot->is_used = true;
    boots->n_used++;
    if (index == boots->n)
        boots->n++;
    else
        boots->free = boot->next_free;
    return index;
}

uint32_t boots_find(const struct boots *boots, const uint8_t id[BOOT_ID_BYTES])
{
    return *find(boots, boots->by_id, boots->capacity, id) - 1; /* 0: free */
}

uint32_t boots_hear(struct boots *boots, const uint8_t id[BOOT_ID_BYTES], const char *host, size_t host_bytes,
                    uint16_t port)
{
    bool is_new = boots_find(boots, id) == UINT32_MAX;
    if (is_new && boots->n_heard == BOOTS_HEARD_MAX) return UINT32_MAX;
    uint32_t index = boots_index(boots, id, host, host_bytes, port);
    if (is_new && index != UINT32_MAX) {
        boots_at(boots, index)->is_heard = true;
        boots->n_heard++;
    }
    return index;
}

uint32_t boots_index(struct boots *boots, const uint8_t id[BOOT_ID_BYTES], const char *host,
                     size_t host_bytes, uint16_t port)
{
    uint32_t index = boots_find(boots, id);
    if (index == UINT32_MAX) return add(boots, id, host, host_bytes, port);
    struct boot *boot = boots_at(boots, index);
    /* What this run says of its own address is nobody else's to say. */
    bool is_news = index > 0 && boot->port == 0 && port != 0;
    return is_news && !set_address(boot, host, host_bytes, port) ? UINT32_MAX : index;
}

static bool is_address(const struct boot *boot, const char *host, size_t n, uint16_t port)
{
    return boot->port == port && strlen(boot->host) == n && memcmp(boot->host, host, n) == 0;
}

uint32_t boots_meet(struct boots *boots, const uint8_t id[BOOT_ID_BYTES], const char *host, size_t host_bytes,
                    uint16_t port)
{
    uint32_t index = boots_index(boots, id, host, host_bytes, port);
    if (index == UINT32_MAX || index == 0) return index;
    struct boot *boot = boots_at(boots, index);
    if (boot->is_heard) boots->n_heard--;
    boot->is_heard = false;
    bool is_news = port != 0 && !is_address(boot, host, host_bytes, port);
    return is_news && !set_address(boot, host, host_bytes, port) ? UINT32_MAX : index;
}

uint32_t boots_count(const struct boots *boots) { return boots->n_used; }

/* -- forgetting ------------------------------------------------------------ */

void boots_begin_marking(struct boots *boots)
{
    for (uint32_t i = 0; i < boots->n; i++)
        boots_at(boots, i)->is_marked = i == 0;
}

void boots_mark(struct boots *boots, uint32_t index)
{
    if (index < boots->n) boots_at(boots, index)->is_marked = true;
}

bool boots_is_marked(const struct boots *boots, uint32_t index) { return boots_at(boots, index)->is_marked; }

static void forget(struct boots *boots, uint32_t index)
{
    struct boot *boot = boots_at(boots, index);
    if (boot->is_heard) boots->n_heard--;
    free(boot->host);
    *boot = (struct boot){.next_free = boots->free};
    boots->free = index;
    boots->n_used--;
}

static bool is_needed(const struct boot *boot) { return boot->is_marked || boot->peer; }

/* Twice as large as it has to be, so that it is not made anew soon. */
static size_t capacity_for(uint32_t n)
{
    size_t capacity = FIRST_CAPACITY;
    while (capacity < 4 * (n + (size_t)1))
        capacity *= 2;
    return capacity;
}

void boots_forget_unmarked(struct boots *boots)
{
    uint32_t n_needed = 0;
    for (uint32_t i = 0; i < boots->n; i++)
        n_needed += boots_at(boots, i)->is_used && is_needed(boots_at(boots, i));
    size_t capacity = capacity_for(n_needed);
    uint32_t *by_id = n_needed < boots->n_used ? calloc(capacity, sizeof *by_id) : NULL;
    if (!by_id) return;                   /* nothing to forget, or another time */
    for (uint32_t i = boots->n; i-- > 0;) /* so that low indices are used again first */
        if (boots_at(boots, i)->is_used && !is_needed(boots_at(boots, i))) forget(boots, i);
    index_all(boots, by_id, capacity);
}

struct boots *boots_new(const uint8_t own_id[BOOT_ID_BYTES])
{
    struct boots *boots = calloc(1, sizeof *boots);
    if (boots) random_bytes(boots->key, sizeof boots->key);
    if (boots && add(boots, own_id, "", 0, 0) == 0) return boots;
    if (boots) boots_free(boots);
    return NULL;
}

void boots_free(struct boots *boots)
{
    for (uint32_t i = 0; i < boots->n; i++)
        free(boots_at(boots, i)->host);
    for (size_t i = 0; i < BOOTS_MAX / CHUNK && boots->chunks[i]; i++)
        free(boots->chunks[i]);
    free(boots->by_id);
    free(boots);
}

void boots_set_own_address(struct boots *boots, const char *host, uint16_t port)
{
    set_address(boots_at(boots, 0), host, strlen(host), port);
}
