#include "rt/wire/decoder.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/os/sizes.h"

bool dec_fail(struct decoder *d, enum wire_status status)
{
    if (d->failure->status == WIRE_OK) {
        d->failure->status = status;
        d->failure->offset = (size_t)(d->at - d->start);
    }
    return false;
}

static bool resize_table(struct decoder *d, void *items, size_t new_capacity, size_t *capacity,
                         size_t item_bytes)
{
    void *old, *larger;
    memcpy(&old, items, sizeof old);
    larger = items_resize(old, new_capacity, item_bytes);
    if (!larger) return dec_fail(d, WIRE_NO_MEMORY);
    memcpy(items, &larger, sizeof larger);
    *capacity = new_capacity;
    return true;
}

bool dec_table_grow(struct decoder *d, void *items, size_t n, size_t *capacity, size_t item_bytes)
{
    if (n < *capacity) return true;
    return resize_table(d, items, *capacity ? 2 * *capacity : 16, capacity, item_bytes);
}

bool dec_table_reserve(struct decoder *d, void *items, size_t n_there, size_t n, size_t *capacity,
                       size_t item_bytes)
{
    size_t wanted = n_there;
    if (!size_take(&wanted, n, WIRE_MAX_OBJECTS)) return dec_fail(d, WIRE_TOO_LARGE);
    if (*capacity >= wanted) return true;
    return resize_table(d, items, 2 * *capacity > wanted ? 2 * *capacity : wanted, capacity, item_bytes);
}

struct run *dec_find_run(struct run *runs, size_t n_runs, size_t number)
{
    size_t low = 0, high = n_runs; /* the last one that begins at or before the number is in front of `low` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs[middle].first <= number)
            low = middle + 1;
        else
            high = middle;
    }
    return low && number - runs[low - 1].first < runs[low - 1].n ? &runs[low - 1] : NULL;
}

bool dec_push(struct decoder *d, enum fill_kind kind, tt_word *at, size_t n)
{
    if (n == 0) return true;
    if (n > UINT32_MAX) return dec_fail(d, WIRE_TOO_LARGE);
    if (!TABLE_ROOM(d, fills)) return false;
    d->fills[d->n_fills++] = (struct fill){at, (uint32_t)n, kind};
    return true;
}

static bool push_typed(struct decoder *d, tt_word *slots, size_t n, struct typing typing)
{
    if (n == 0) return true;
    if (!TABLE_ROOM(d, typings)) return false;
    d->typings[d->n_typings++] = typing;
    return dec_push(d, FILL_TYPED, slots, n);
}

bool dec_push_words(struct decoder *d, tt_word *words, size_t n, const uint8_t *classes)
{
    return classes ? push_typed(d, words, n, (struct typing){classes, NULL})
                   : dec_push(d, FILL_WORDS, words, n);
}

bool dec_push_slots(struct decoder *d, tt_word *slots, const struct tt_code_desc *desc)
{
    return push_typed(d, slots, desc->n_slots, (struct typing){desc->classes, tt_desc_codes(desc)});
}

bool dec_add_object(struct decoder *d, tt_word v)
{
    if (d->n_objects == WIRE_MAX_OBJECTS) return dec_fail(d, WIRE_TOO_LARGE);
    if (!TABLE_ROOM(d, objects)) return false;
    d->objects[d->n_objects++] = v;
    return true;
}

bool dec_charge(struct decoder *d, size_t words)
{
    return size_take(&d->n_words, words, WIRE_MAX_WORDS) || dec_fail(d, WIRE_TOO_LARGE);
}

/* Bytes of an object with so many items behind its front, if the value may have it. */
static bool charge_object(struct decoder *d, size_t front, size_t n, size_t item_bytes, size_t *bytes_out)
{
    if (!size_of_items(front, n, item_bytes, bytes_out)) return dec_fail(d, WIRE_TOO_LARGE);
    return dec_charge(d, *bytes_out / TT_W + (*bytes_out % TT_W != 0));
}

void *dec_allocate(struct decoder *d, size_t front, size_t n)
{
    size_t bytes;
    if (!charge_object(d, front, n, TT_W, &bytes)) return NULL;
    void *object = d->makes_old ? heap_alloc_old(d->w, bytes) : heap_alloc(d->w, bytes);
    if (!object) dec_fail(d, WIRE_NO_MEMORY);
    return object;
}

void *dec_allocate_atomic(struct decoder *d, size_t front, size_t n)
{
    size_t bytes;
    if (!charge_object(d, front, n, 1, &bytes)) return NULL;
    void *object = d->makes_old ? heap_alloc_old_atomic(d->w, bytes) : heap_alloc_atomic(d->w, bytes);
    if (!object) dec_fail(d, WIRE_NO_MEMORY);
    return object;
}

/* -- reading --------------------------------------------------------------- */

bool dec_byte(struct decoder *d, uint8_t *out)
{
    if (d->at == d->end) return dec_fail(d, WIRE_TRUNCATED);
    *out = *d->at++;
    return true;
}

bool dec_long_varint(struct decoder *d, uint64_t *out)
{
    const uint8_t *end = varint_read(d->at, d->end, out);
    if (!end) return dec_fail(d, *out ? WIRE_BAD_VARINT : WIRE_TRUNCATED);
    d->at = end;
    return true;
}

bool dec_count(struct decoder *d, size_t *out)
{
    uint64_t n;
    if (!dec_varint(d, &n)) return false;
    if (n > dec_bytes_left(d)) return dec_fail(d, WIRE_TRUNCATED);
    *out = (size_t)n;
    return true;
}

bool dec_bytes(struct decoder *d, size_t n, const uint8_t **out)
{
    if (n > dec_bytes_left(d)) return dec_fail(d, WIRE_TRUNCATED);
    *out = d->at;
    d->at += n;
    return true;
}

bool dec_sized(struct decoder *d, const uint8_t **bytes_out, size_t *n_out)
{
    return dec_count(d, n_out) && dec_bytes(d, *n_out, bytes_out);
}
