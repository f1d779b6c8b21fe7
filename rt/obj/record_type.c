#include "rt/obj/record_type.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/hash.h"
#include "rt/obj/string.h"

#define INITIAL_CAPACITY 64 /* a power of two; at most half full; 0 = free */

struct record_type_table {
    pthread_mutex_t lock;
    tt_word *slots;
    size_t n, capacity;
};

static void push_slots(void *context)
{
    struct record_type_table *table = context;
    heap_push(table->slots, table->slots + table->capacity);
}

struct record_type_table *record_type_table_new(void)
{
    struct record_type_table *table = calloc(1, sizeof *table);
    if (table) table->slots = calloc(INITIAL_CAPACITY, sizeof *table->slots);
    if (!table || !table->slots) abort();
    table->capacity = INITIAL_CAPACITY;
    pthread_mutex_init(&table->lock, NULL);
    heap_add_major_scanner(push_slots, table);
    return table;
}

static tt_word *find(tt_word *slots, size_t capacity, const void *uid, size_t length)
{
    for (size_t i = hash_bytes(uid, length);; i++) {
        tt_word *slot = &slots[i & (capacity - 1)];
        if (!*slot) return slot;
        tt_word name = TT_OBJ(RECORD_TYPE, *slot)->uid;
        if (string_length(name) == length && memcmp(string_bytes(name), uid, length) == 0) return slot;
    }
}

static bool grow(struct record_type_table *table)
{
    size_t capacity = 2 * table->capacity;
    tt_word *slots = calloc(capacity, sizeof *slots), *old = table->slots;
    if (!slots) return false;
    for (size_t i = 0; i < table->capacity; i++) {
        if (!old[i]) continue;
        tt_word uid = TT_OBJ(RECORD_TYPE, old[i])->uid;
        *find(slots, capacity, string_bytes(uid), string_length(uid)) = old[i];
    }
    /* The old slots are freed after the new ones are in place: libgc may look meanwhile. */
    table->slots = slots;
    table->capacity = capacity;
    free(old);
    return true;
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

static tt_word find_or_make(struct worker *w, tt_word name, tt_word fields, tt_word uid)
{
    struct record_type_table *table = w->node->record_types;
    tt_word *slot = find(table->slots, table->capacity, string_bytes(uid), string_length(uid));
    if (*slot && TT_OBJ(RECORD_TYPE, *slot)->name == name &&
        same_fields(TT_OBJ(RECORD_TYPE, *slot)->fields, fields))
        return *slot;
    tt_word type = new_type(w, name, fields, uid);
    if (type == TT_FAIL) return TT_FAIL;
    if (!*slot && 2 * (table->n + 1) > table->capacity) {
        if (!grow(table)) {
            heap_fail(w);
            return TT_FAIL;
        }
        slot = find(table->slots, table->capacity, string_bytes(uid), string_length(uid));
    }
    if (!*slot) table->n++;
    return *slot = type; /* the program's own definition counts from now on */
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
    struct record_type_table *table = w->node->record_types;
    pthread_mutex_lock(&table->lock);
    tt_word type = *find(table->slots, table->capacity, uid, uid_length);
    pthread_mutex_unlock(&table->lock);
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
