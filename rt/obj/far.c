#include "rt/obj/far.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/mem/weak.h"
#include "rt/obj/boots.h"
#include "rt/os/crypto.h"
#include "rt/os/random.h"

static const enum tt_type types[] = {
    [FAR_PID] = TT_TYPE_PID, [FAR_TAG] = TT_TYPE_TAG, [FAR_PORT] = TT_TYPE_FAR_PORT};
#define KINDS (sizeof types / sizeof types[0])

struct far_table {
    struct weak *sets[KINDS];
    uint64_t key[3];    /* random: nobody outside can make many that have one hash */
    struct far checked; /* the pid of this run whose code was checked last, with boot 1; boot 0: none was */
};

struct far_table *far_table_new(void)
{
    struct far_table *table = calloc(1, sizeof *table);
    if (table) random_bytes(table->key, sizeof table->key);
    for (size_t kind = 0; table && kind < KINDS; kind++) {
        if ((table->sets[kind] = weak_new())) continue;
        free(table);
        table = NULL;
    }
    return table;
}

enum far_kind far_kind(tt_word v)
{
    return tt_is_type(v, TT_TYPE_PID) ? FAR_PID : tt_is_type(v, TT_TYPE_TAG) ? FAR_TAG : FAR_PORT;
}

void far_read(tt_word v, struct far *out)
{
    const struct tt_obj_PID *object = TT_OBJ(PID, v);
    out->boot = (uint32_t)object->boot;
    memcpy(&out->serial, object->byte, sizeof out->serial);
    memcpy(out->mac, object->byte + sizeof out->serial, FAR_MAC_BYTES);
}

static bool is_same(tt_word member, const void *key)
{
    const struct far *wanted = key;
    const struct tt_obj_PID *object = TT_OBJ(PID, member);
    return object->boot == wanted->boot &&
           memcmp(object->byte, &wanted->serial, sizeof wanted->serial) == 0 &&
           memcmp(object->byte + sizeof wanted->serial, wanted->mac, FAR_MAC_BYTES) == 0;
}

static uint32_t hash_of(const struct far_table *table, const struct far *far)
{
    uint64_t mac[2];
    memcpy(mac, far->mac, sizeof mac);
    uint64_t who = far->serial ^ (uint64_t)far->boot << 40;
    uint64_t hash = (mac[0] ^ table->key[0]) * ((mac[1] ^ table->key[1]) | 1) + who * (table->key[2] | 1);
    return (uint32_t)(hash >> 32);
}

static tt_word make(struct worker *w, enum far_kind kind, const struct far *far)
{
    struct tt_obj_PID *object = heap_alloc_old_atomic(w, sizeof *object + FAR_TAIL_BYTES);
    if (!object) return TT_FAIL;
    object->header = TT_HEADER((tt_word)types[kind]);
    object->length = FAR_TAIL_BYTES;
    object->boot = far->boot;
    memcpy(object->byte, &far->serial, sizeof far->serial);
    memcpy(object->byte + sizeof far->serial, far->mac, FAR_MAC_BYTES);
    return tt_tagged(object, TT_TAG_OBJECT);
}

tt_word far_intern(struct worker *w, enum far_kind kind, const struct far *far)
{
    struct weak *set = w->node->far->sets[kind];
    uint32_t hash = hash_of(w->node->far, far);
    tt_word found = weak_find(set, hash, is_same, far);
    if (found) return found;
    tt_word object = make(w, kind, far);
    if (object == TT_FAIL) return TT_FAIL;
    tt_word interned = weak_intern(set, hash, is_same, far, object);
    if (interned) return interned;
    heap_fail(w);
    return TT_FAIL;
}

static void mark_boot(tt_word member, void *boots) { boots_mark(boots, (uint32_t)TT_OBJ(PID, member)->boot); }

size_t far_mark_boots(const struct far_table *table, struct boots *boots)
{
    size_t n = 0;
    for (size_t kind = 0; kind < KINDS; kind++) {
        weak_each(table->sets[kind], mark_boot, boots);
        n += weak_count(table->sets[kind]);
    }
    return n;
}

void near_mac(const struct worker *w, enum far_kind kind, uint64_t serial, uint8_t mac[FAR_MAC_BYTES])
{
    uint8_t text[9] = {(uint8_t)kind};
    for (size_t i = 0; i < 8; i++)
        text[1 + i] = (uint8_t)(serial >> 8 * i);
    crypto_siphash(w->node->mac_key, text, sizeof text, mac);
}

bool near_mac_is(const struct worker *w, enum far_kind kind, uint64_t serial,
                 const uint8_t mac[FAR_MAC_BYTES])
{
    uint8_t right[FAR_MAC_BYTES];
    near_mac(w, kind, serial, right);
    return crypto_equal(right, mac, FAR_MAC_BYTES);
}

/* In constant time. */
static bool is_same_mac(const uint8_t a[FAR_MAC_BYTES], const uint8_t b[FAR_MAC_BYTES])
{
    uint64_t x[2], y[2];
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

bool near_pid_is_ours(struct worker *w, uint64_t serial, const uint8_t mac[FAR_MAC_BYTES])
{
    struct far *last = &w->node->far->checked;
    if (last->boot && last->serial == serial) return is_same_mac(last->mac, mac);
    if (!near_mac_is(w, FAR_PID, serial, mac)) return false;
    *last = (struct far){.boot = 1, .serial = serial};
    memcpy(last->mac, mac, FAR_MAC_BYTES);
    return true;
}
