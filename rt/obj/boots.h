/* Runs of programs that this one has heard of, by their boot ids: its own has
 * index 0. An index is a short name for a boot id in objects and tables. Entries never
 * move. What nothing refers to any more is given back (rt/node/net/forget.h), and its index
 * used again for another run; what its peers tell a node of runs that it has never met
 * has a limit besides, behind which it can still be reached. Owned by the worker. */
#ifndef RT_OBJ_BOOTS_H
#define RT_OBJ_BOOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOOT_ID_BYTES   16
#define BOOTS_MAX       (1u << 24)
#define BOOTS_HEARD_MAX (1u << 20) /* of which so many may never have come themselves */

struct peer; /* rt/node/net/peer.h */

struct boot {
    uint8_t id[BOOT_ID_BYTES];
    char *host; /* where it can be reached; "" and 0: not known, or nowhere */
    uint16_t port;
    struct peer *peer; /* what rt/node has of it, or NULL */
    /* The rest belongs to boots.c. */
    bool is_used, is_heard, is_marked;
    uint32_t next_free;
};

struct boots;
/* NULL: no memory. */
struct boots *boots_new(const uint8_t own_id[BOOT_ID_BYTES]);
/* Nobody has an index any more. */
void boots_free(struct boots *boots);
/* The index of that run, new ones are added; the address is noted when none was.
 * UINT32_MAX: too many, or no memory. */
uint32_t boots_index(struct boots *boots, const uint8_t id[BOOT_ID_BYTES], const char *host,
                     size_t host_bytes, uint16_t port);
/* The same for a run that somebody else has named, which need not exist. */
uint32_t boots_hear(struct boots *boots, const uint8_t id[BOOT_ID_BYTES], const char *host, size_t host_bytes,
                    uint16_t port);
/* The same for a run that has proved that it is that one: what it says of its own address counts. */
uint32_t boots_meet(struct boots *boots, const uint8_t id[BOOT_ID_BYTES], const char *host, size_t host_bytes,
                    uint16_t port);
/* UINT32_MAX: not known. */
uint32_t boots_find(const struct boots *boots, const uint8_t id[BOOT_ID_BYTES]);
struct boot *boots_at(const struct boots *boots, uint32_t index);
/* How many are known. */
uint32_t boots_count(const struct boots *boots);

/* Forgetting: whatever has an index marks it, then all others go that have no peer
 * and are not this run. */
void boots_begin_marking(struct boots *boots);
void boots_mark(struct boots *boots, uint32_t index);
bool boots_is_marked(const struct boots *boots, uint32_t index);
void boots_forget_unmarked(struct boots *boots);
/* The own address changes: this run listens there now. */
void boots_set_own_address(struct boots *boots, const char *host, uint16_t port);

#endif
