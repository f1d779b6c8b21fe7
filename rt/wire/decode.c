/* The decoder: builds the graph front to back, with a stack of slots that are
 * still to be filled.
 *
 * Invariant, for libgc, which may mark at any allocation: every object stands in
 * a slot of its parent (the first one in decoder.root) before anything else is
 * allocated. The collector may meet an unfinished object, now or after a failure:
 * its slots are fixnums 0, its frames and closures have their code from the start. */
#include <stdlib.h>
#include <string.h>

#include "rt/code/frames.h"
#include "rt/mem/heap.h"
#include "rt/obj/bignum.h"
#include "rt/obj/record_type.h"
#include "rt/os/sizes.h"
#include "rt/wire/decoder.h"

/* Longer messages make old objects at once: they would not fit the young ones' area. */
#define YOUNG_MAX_BYTES 8192

/* -- objects --------------------------------------------------------------- */

/* An object whose fields follow as values. */
static bool read_fields(struct decoder *d, enum tt_type type, size_t n, const uint8_t *classes, tt_word *slot)
{
    tt_word *object = dec_allocate(d, TT_W, n);
    if (!object) return false;
    object[0] = TT_HEADER((tt_word)type);
    *slot = tt_tagged(object, TT_TAG_OBJECT);
    return dec_add_object(d, *slot) && dec_push_words(d, object + 1, n, classes);
}

/* VECTOR or VALUES. */
static bool read_elements(struct decoder *d, enum tt_type type, tt_word *slot)
{
    size_t n;
    if (!dec_count(d, &n)) return false;
    struct tt_obj_VECTOR *v = dec_allocate(d, sizeof *v, n);
    if (!v) return false;
    v->header = TT_HEADER((tt_word)type);
    v->length = n;
    *slot = tt_tagged(v, TT_TAG_OBJECT);
    return dec_add_object(d, *slot) && dec_push_words(d, v->ref, n, NULL);
}

static bool read_condition(struct decoder *d, tt_word *slot)
{
    static const uint8_t classes[] = {CLASS_SYMBOL, CLASS_ANY, CLASS_ANY};
    struct tt_obj_CONDITION *condition = dec_allocate(d, sizeof *condition, 0);
    if (!condition) return false;
    condition->header = TT_HEADER((tt_word)TT_TYPE_CONDITION);
    condition->site = TT_FALSE;
    *slot = tt_tagged(condition, TT_TAG_OBJECT);
    return dec_add_object(d, *slot) && dec_push_words(d, &condition->kind, 3, classes);
}

static bool read_field_names(struct decoder *d, size_t n, tt_word *names)
{
    for (size_t i = 0; i < n; i++)
        if (!dec_symbol(d, &names[i])) return false;
    return true;
}

static bool read_record_type(struct decoder *d, tt_word *slot)
{
    uint8_t has_uid;
    const uint8_t *uid = NULL;
    size_t uid_length = 0, chars, n, number = d->n_objects;
    tt_word name;
    if (!dec_add_object(d, TT_FALSE) || !dec_byte(d, &has_uid)) return false;
    if (has_uid > 1) return dec_fail(d, WIRE_BAD_RECORD);
    if ((has_uid && !dec_text(d, &uid, &uid_length, &chars)) || !dec_symbol(d, &name) || !dec_count(d, &n))
        return false;
    if (!dec_charge(d, 2 * n)) return false;
    tt_word *names = items_new(n + 1, sizeof *names); /* d->symbols keeps them alive */
    if (!names) return dec_fail(d, WIRE_NO_MEMORY);
    bool mismatch = false;
    bool ok = read_field_names(d, n, names);
    tt_word type = ok ? record_type_import(d->w, name, names, n, uid, uid_length, &mismatch) : TT_FAIL;
    free(names);
    if (type == TT_FAIL)
        return dec_fail(d, mismatch ? WIRE_BAD_RECORD : WIRE_NO_MEMORY); /* keeps an earlier status */
    *slot = d->objects[number] = type;
    return true;
}

static bool read_type_of_record(struct decoder *d, tt_word *out)
{
    uint8_t tag;
    if (!dec_byte(d, &tag)) return false;
    if (tag == WIRE_RECORD_TYPE) return read_record_type(d, out);
    if (tag != WIRE_REF) return dec_fail(d, WIRE_BAD_RECORD);
    return dec_ref(d, out) && (tt_is_type(*out, TT_TYPE_RECORD_TYPE) || dec_fail(d, WIRE_BAD_RECORD));
}

static bool read_record(struct decoder *d, tt_word *slot)
{
    size_t n, number = d->n_objects;
    /* The type stands in the slot until the record does. */
    if (!dec_add_object(d, TT_FALSE) || !read_type_of_record(d, slot) || !dec_count(d, &n)) return false;
    tt_word type = *slot;
    if (n != record_type_size(type)) return dec_fail(d, WIRE_BAD_RECORD);
    struct tt_obj_RECORD *record = dec_allocate(d, sizeof *record, n);
    if (!record) return false;
    record->header = TT_HEADER((tt_word)TT_TYPE_RECORD);
    record->length = n;
    record->type = type;
    *slot = d->objects[number] = tt_tagged(record, TT_TAG_OBJECT);
    return dec_push_words(d, record->ref, n, NULL);
}

/* -- values ---------------------------------------------------------------- */

static bool read_tagged(struct decoder *d, uint8_t tag, tt_word *slot, uint8_t class)
{
    static const uint8_t variable[] = {CLASS_VARIABLE}, promise[] = {CLASS_BOOLEAN, CLASS_ANY},
                         node[] = {CLASS_STRING, CLASS_TCP_PORT}, service[] = {CLASS_NODE, CLASS_SYMBOL},
                         signal[] = {CLASS_SYMBOL, CLASS_ANY, CLASS_ANY};
    switch (tag) {
    case WIRE_LIST: return dec_list(d, slot);
    case WIRE_INTEGERS: return dec_integers(d, slot);
    case WIRE_VECTOR: return read_elements(d, TT_TYPE_VECTOR, slot);
    case WIRE_RECORD: return read_record(d, slot);
    case WIRE_RECORD_TYPE: return read_record_type(d, slot);
    case WIRE_VALUES: return read_elements(d, TT_TYPE_VALUES, slot);
    case WIRE_BOX: return read_fields(d, TT_TYPE_BOX, 1, variable, slot);
    case WIRE_PROMISE: return read_fields(d, TT_TYPE_PROMISE, 2, promise, slot);
    case WIRE_CONDITION: return read_condition(d, slot);
    case WIRE_CLOSURE: return dec_closure(d, slot);
    case WIRE_CONTINUATION: return dec_continuation(d, slot);
    case WIRE_NODE: return read_fields(d, TT_TYPE_NODE, 2, node, slot);
    case WIRE_SERVICE: return read_fields(d, TT_TYPE_SERVICE, 2, service, slot);
    case WIRE_SIGNAL:
        if (!d->ends || !d->ends->is_image) return dec_fail(d, WIRE_BAD_TAG);
        return read_fields(d, TT_TYPE_SIGNAL, 3, signal, slot);
    default: return dec_atom(d, tag, slot, class);
    }
}

/* What compiled code relies on; types and tags are there as soon as an object is. */
static bool has_class(tt_word v, uint8_t class)
{
    switch (class) {
    case CLASS_ANY:
    case CLASS_VARIABLE: return true;
    case CLASS_PAIR: return tt_is_pair(v);
    case CLASS_CLOSURE:
    case CLASS_CODE: return tt_is_closure(v);
    case CLASS_BOOLEAN: return v == TT_FALSE || v == TT_TRUE;
    case CLASS_INTEGER: return int_is(v);
    case CLASS_FLONUM: return tt_is_flonum(v);
    case CLASS_VECTOR: return tt_is_type(v, TT_TYPE_VECTOR);
    case CLASS_STRING: return tt_is_type(v, TT_TYPE_STRING);
    case CLASS_SYMBOL: return tt_is_type(v, TT_TYPE_SYMBOL);
    case CLASS_BOX: return tt_is_type(v, TT_TYPE_BOX);
    case CLASS_NODE: return tt_is_type(v, TT_TYPE_NODE);
    case CLASS_TCP_PORT: return tt_is_fixnum(v) && v <= tt_fixnum(UINT16_MAX);
    default: return false;
    }
}

static bool read_value(struct decoder *d, tt_word *slot, uint8_t class)
{
    uint8_t tag;
    if (!dec_byte(d, &tag)) return false;
    if (tag >= WIRE_SMALL)
        *slot = tt_fixnum((tt_sword)tag - WIRE_SMALL + WIRE_SMALL_MIN);
    else if (!read_tagged(d, tag, slot, class))
        return false;
    return has_class(*slot, class) || dec_fail(d, WIRE_BAD_CLASS);
}

/* -- the loop -------------------------------------------------------------- */

/* Two places of a program may have the same code, with one id: what is read is one of them. */
static bool is_same_code(tt_word code, tt_word expected)
{
    return code == expected ||
           memcmp(tt_desc_of(code)->id, tt_desc_of(expected)->id, sizeof tt_desc_of(code)->id) == 0;
}

/* Each of these takes the next thing off the innermost entry, and the entry
 * itself with the last of them, before it reads: reading may push. */
static bool fill_typed(struct decoder *d, struct fill *fill)
{
    tt_word *slot = fill->at++;
    struct typing *typing = &d->typings[d->n_typings - 1];
    uint8_t class = *typing->classes++;
    const int32_t *code = class == CLASS_CODE ? typing->codes++ : NULL;
    if (--fill->left == 0) {
        d->n_fills--;
        d->n_typings--;
    }
    if (!read_value(d, slot, class)) return false;
    return !code || is_same_code(tt_closure(*slot)->code, tt_desc_code(code)) || dec_fail(d, WIRE_BAD_CLASS);
}

/* Of a vector and the like, until one of them has parts to be read first. */
static bool fill_words(struct decoder *d)
{
    size_t depth = d->n_fills;
    bool is_last;
    do {
        struct fill *fill = &d->fills[depth - 1]; /* the table may have moved */
        tt_word *slot = fill->at++;
        is_last = --fill->left == 0;
        if (is_last) d->n_fills--;
        if (!read_value(d, slot, CLASS_ANY)) return false;
    } while (!is_last && d->n_fills == depth && d->at < d->pause_at);
    return true;
}

/* The same of a list. */
static bool fill_elements(struct decoder *d)
{
    size_t depth = d->n_fills;
    bool is_last;
    do {
        struct fill *fill = &d->fills[depth - 1]; /* the table may have moved */
        struct tt_pair *pair = (struct tt_pair *)fill->at;
        is_last = --fill->left == 0;
        if (is_last)
            d->n_fills--;
        else
            fill->at = tt_words(pair->cdr);
        if (!read_value(d, &pair->car, CLASS_ANY)) return false;
    } while (!is_last && d->n_fills == depth && d->at < d->pause_at);
    return true;
}

static bool fill_frame(struct decoder *d, struct fill *fill)
{
    tt_word *frame = fill->at;
    fill->at = frame_next(frame);
    if (--fill->left == 0) d->n_fills--;
    return dec_push_slots(d, frame + 1, tt_desc_of(frame[0]));
}

static bool step(struct decoder *d)
{
    struct fill *fill = &d->fills[d->n_fills - 1];
    switch (fill->kind) {
    case FILL_LIST: return fill_elements(d);
    case FILL_FRAMES: return fill_frame(d, fill);
    case FILL_TYPED: return fill_typed(d, fill);
    case FILL_PAIRS: return dec_fill_pairs(d);
    case FILL_INTEGERS: return dec_fill_integers(d);
    case FILL_BYTES: return dec_fill_bytes(d);
    case FILL_TEXT: return dec_fill_text(d);
    default: return fill_words(d);
    }
}

static bool read_graph(struct decoder *d)
{
    if (!read_value(d, &d->root, CLASS_ANY)) return false;
    while (d->n_fills > 0)
        if (!step(d)) return false;
    return d->at == d->end || dec_fail(d, WIRE_TRAILING);
}

/* The root is the first thing to be filled. */
void decode_begin(struct decoder *d, const uint8_t *body, size_t n, const struct wire_ends *ends)
{
    d->start = d->at = body;
    d->end = body + n;
    d->ends = ends;
    d->makes_old = true;
}

/* What takes bytes comes to pause_at; making pairs takes none. */
static enum wire_progress run_step(struct decoder *d)
{
    if (d->at == d->start && !read_value(d, &d->root, CLASS_ANY)) return WIRE_FAILED;
    for (bool pauses = false; d->n_fills > 0 && !pauses;) {
        bool makes_pairs = d->fills[d->n_fills - 1].kind == FILL_PAIRS;
        if (!step(d)) return WIRE_FAILED;
        pauses = d->at >= d->pause_at || makes_pairs;
    }
    if (d->n_fills > 0) return WIRE_GOES_ON;
    return d->at == d->end || dec_fail(d, WIRE_TRAILING) ? WIRE_DONE : WIRE_FAILED;
}

enum wire_progress decode_step(struct decoder *d, size_t bytes, struct wire_failure *failure)
{
    d->failure = failure;
    d->pause_at = dec_bytes_left(d) > bytes ? d->at + bytes : d->end;
    return run_step(d);
}

/* -- before and after ------------------------------------------------------ */

/* Ready for the next one: tables that have become large go. */
#define TABLE_RESET(d, table)                                                                                \
    table_reset(&(d)->table, &(d)->n_##table, &(d)->table##_capacity, sizeof *(d)->table)
static void table_reset(void *items, size_t *n, size_t *capacity, size_t item_bytes)
{
    *n = 0;
    if (*capacity * item_bytes <= WIRE_KEEP_BYTES) return;
    void *old, *none = NULL;
    memcpy(&old, items, sizeof old);
    memcpy(items, &none, sizeof none);
    *capacity = 0;
    free(old);
}

static void reset(struct decoder *d)
{
    TABLE_RESET(d, fills);
    TABLE_RESET(d, typings);
    TABLE_RESET(d, runs);
    TABLE_RESET(d, frame_runs);
    TABLE_RESET(d, objects);
    TABLE_RESET(d, symbols);
    TABLE_RESET(d, positions);
    TABLE_RESET(d, codes);
    TABLE_RESET(d, boots);
    d->root = TT_FALSE;
    d->n_words = 0;
}

void decoder_free(struct decoder *d)
{
    free(d->fills);
    free(d->typings);
    free(d->runs);
    free(d->frame_runs);
    free(d->objects);
    free(d->symbols);
    free(d->positions);
    free(d->codes);
    free(d->boots);
}

bool decode_body(struct decoder *d, const uint8_t *body, size_t n, const struct wire_ends *ends, tt_word *out,
                 struct wire_failure *failure)
{
    d->start = d->at = body;
    d->end = d->pause_at = body + n;
    d->ends = ends;
    d->failure = failure;
    d->makes_old = n > YOUNG_MAX_BYTES;
    bool ok = read_graph(d);
    *out = d->root;
    reset(d);
    return ok;
}

void decoder_push(const struct decoder *d)
{
    heap_push(&d->root, &d->root + 1);
    if (d->n_symbols) heap_push(d->symbols, d->symbols + d->n_symbols);
}
