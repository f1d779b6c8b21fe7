#include "rt/obj/record_type.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/mem/weak.h"
#include "rt/obj/string.h"
#include "rt/os/crypto.h"
#include "rt/os/random.h"

/* A weak set by uid: types that only a message had go with its records. */
struct record_type_table {
    struct weak *types;
    pthread_mutex_t lock;                  /* of definitions: one after the other */
    uint8_t key[CRYPTO_SIPHASH_KEY_BYTES]; /* random: nobody outside can make many that have one place */
};

struct uid {
    const void *bytes;
    size_t length;
};

struct record_type_table *record_type_table_new(void)
{
    struct record_type_table *table = calloc(1, sizeof *table);
    if (table) table->types = weak_new();
    if (!table || !table->types) abort();
    random_bytes(table->key, sizeof table->key);
    pthread_mutex_init(&table->lock, NULL);
    return table;
}

static uint32_t place_of(const struct record_type_table *table, const struct uid *uid)
{
    uint8_t mac[CRYPTO_SIPHASH_BYTES];
    uint32_t place;
    crypto_siphash(table->key, uid->bytes, uid->length, mac);
    memcpy(&place, mac, sizeof place);
    return place;
}

static bool has_uid(tt_word type, const void *key)
{
    const struct uid *wanted = key;
    tt_word uid = TT_OBJ(RECORD_TYPE, type)->uid;
    return string_length(uid) == wanted->length &&
           memcmp(string_bytes(uid), wanted->bytes, wanted->length) == 0;
}

/* 0: there is none under that uid. */
static tt_word find(const struct record_type_table *table, const struct uid *uid)
{
    return weak_find(table->types, place_of(table, uid), has_uid, uid);
}

static tt_word new_type(struct worker *w, tt_word name, tt_word fields, tt_word uid)
{
    struct tt_obj_RECORD_TYPE *type = heap_alloc_old(w, sizeof *type);
    if (!type) return TT_FAIL;
    *type = (struct tt_obj_RECORD_TYPE){TT_HEADER(TT_TYPE_RECORD_TYPE), name, fields, uid};
    return tt_tagged(type, TT_TAG_OBJECT);
}

/* Symbols are interned, so that eq? compares them. */
static bool same_fields(tt_word a, tt_word b)
{
    for (; tt_is_pair(a) && tt_is_pair(b); a = tt_cdr(a), b = tt_cdr(b))
        if (tt_car(a) != tt_car(b)) return false;
    return a == b;
}

static tt_word find_or_make(struct worker *w, tt_word name, tt_word fields, tt_word uid_text)
{
    struct record_type_table *table = w->node->record_types;
    struct uid uid = {string_bytes(uid_text), string_length(uid_text)};
    tt_word old = find(table, &uid);
    if (old && TT_OBJ(RECORD_TYPE, old)->name == name &&
        same_fields(TT_OBJ(RECORD_TYPE, old)->fields, fields))
        return old;
    tt_word type = new_type(w, name, fields, uid_text);
    if (type == TT_FAIL) return TT_FAIL;
    uint32_t place = place_of(table, &uid);
    if (old)
        weak_remove(table->types, place, has_uid, &uid); /* the program's own definition counts from now on */
    if (weak_intern(table->types, place, has_uid, &uid, type)) return type;
    heap_fail(w);
    return TT_FAIL;
}

tt_word record_type_define(struct worker *w, tt_word name, tt_word fields, tt_word uid)
{
    if (!tt_is_type(uid, TT_TYPE_STRING)) {
        struct tt_obj_RECORD_TYPE *type = heap_alloc(w, sizeof *type);
        if (!type) return TT_FAIL;
        *type = (struct tt_obj_RECORD_TYPE){TT_HEADER(TT_TYPE_RECORD_TYPE), name, fields, TT_FALSE};
        return tt_tagged(type, TT_TAG_OBJECT);
    }
    pthread_mutex_lock(&w->node->record_types->lock);
    tt_word type = find_or_make(w, name, fields, uid);
    pthread_mutex_unlock(&w->node->record_types->lock);
    return type;
}

static tt_word old_list(struct worker *w, const tt_word *items, size_t n)
{
    tt_word list = TT_NIL;
    while (n > 0) {
        struct tt_pair *pair = heap_alloc_old(w, sizeof *pair);
        if (!pair) return TT_FAIL;
        *pair = (struct tt_pair){items[--n], list};
        list = tt_tagged(pair, TT_TAG_PAIR);
    }
    return list;
}

/* TT_NONE: there is none under that uid. */
static tt_word find_existing(struct worker *w, tt_word name, const tt_word *fields, size_t n_fields,
                             const void *uid, size_t uid_length, bool *mismatch)
{
    tt_word type = find(w->node->record_types, &(struct uid){uid, uid_length});
    if (!type) return TT_NONE;
    tt_word list = TT_OBJ(RECORD_TYPE, type)->fields;
    size_t i = 0;
    while (i < n_fields && tt_is_pair(list) && tt_car(list) == fields[i]) {
        i++;
        list = tt_cdr(list);
    }
    *mismatch = TT_OBJ(RECORD_TYPE, type)->name != name || i < n_fields || list != TT_NIL;
    return *mismatch ? TT_FAIL : type;
}

tt_word record_type_import(struct worker *w, tt_word name, const tt_word *fields, size_t n_fields,
                           const void *uid, size_t uid_length, bool *mismatch)
{
    *mismatch = false;
    if (uid) {
        tt_word type = find_existing(w, name, fields, n_fields, uid, uid_length, mismatch);
        if (type != TT_NONE) return type;
    }
    tt_word list = old_list(w, fields, n_fields);
    tt_word old_uid = uid ? string_old(w, uid, uid_length) : TT_FALSE;
    if (list == TT_FAIL || old_uid == TT_FAIL) return TT_FAIL;
    return uid ? record_type_define(w, name, list, old_uid) : new_type(w, name, list, TT_FALSE);
}

tt_word record_type_name(tt_word type)
{
    return tt_is_type(type, TT_TYPE_RECORD_TYPE) ? TT_OBJ(RECORD_TYPE, type)->name : TT_FALSE;
}

tt_word record_type_fields(tt_word type)
{
    return tt_is_type(type, TT_TYPE_RECORD_TYPE) ? TT_OBJ(RECORD_TYPE, type)->fields : TT_NIL;
}

size_t record_type_size(tt_word type)
{
    size_t n = 0;
    for (tt_word fields = TT_OBJ(RECORD_TYPE, type)->fields; tt_is_pair(fields); fields = tt_cdr(fields))
        n++;
    return n;
}
