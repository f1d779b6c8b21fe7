#include "rt/wire/decoder.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"

bool dec_fail(struct decoder *d, enum wire_status status)
{
    if (d->failure->status == WIRE_OK) {
        d->failure->status = status;
        d->failure->offset = (size_t)(d->at - d->start);
    }
    return false;
}

bool dec_table_grow(struct decoder *d, void *items, size_t n, size_t *capacity, size_t item_bytes)
{
    if (n < *capacity) return true;
    void *old, *larger;
    memcpy(&old, items, sizeof old);
    size_t new_capacity = *capacity ? 2 * *capacity : 16;
    larger = realloc(old, new_capacity * item_bytes);
    if (!larger) return dec_fail(d, WIRE_NO_MEMORY);
    memcpy(items, &larger, sizeof larger);
    *capacity = new_capacity;
    return true;
}

bool dec_push(struct decoder *d, struct fill fill)
{
    if (fill.left == 0) return true;
    if (!TABLE_ROOM(d, fills)) return false;
    d->fills[d->n_fills++] = fill;
    return true;
}

bool dec_push_words(struct decoder *d, tt_word *words, size_t n, const uint8_t *classes)
{
    return dec_push(d, (struct fill){FILL_WORDS, words, n, classes, NULL});
}

bool dec_push_slots(struct decoder *d, tt_word *slots, const struct tt_code_desc *desc)
{
    return dec_push(d, (struct fill){FILL_WORDS, slots, desc->n_slots, desc->classes, tt_desc_codes(desc)});
}

bool dec_add_object(struct decoder *d, tt_word v)
{
    if (d->n_objects == WIRE_MAX_OBJECTS) return dec_fail(d, WIRE_TOO_LARGE);
    if (!TABLE_ROOM(d, objects)) return false;
    d->objects[d->n_objects++] = v;
    return true;
}

void *dec_allocate(struct decoder *d, size_t bytes)
{
    void *object = d->makes_old ? heap_alloc_old(d->w, bytes) : heap_alloc(d->w, bytes);
    if (!object) dec_fail(d, WIRE_NO_MEMORY);
    return object;
}

void *dec_allocate_atomic(struct decoder *d, size_t bytes)
{
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
