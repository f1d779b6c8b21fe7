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
#include "rt/code/modules.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/bignum.h"
#include "rt/obj/record_type.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/wire/format.h"
#include "rt/wire/wire.h"
#include "rt/wire/zip.h"

enum {
#define CLASS(name, number, text) CLASS_##name = number,
#include "rt/abi/classes.def"
#undef CLASS
    CLASS_VARIABLE = 255, /* content of a box: any value, or UNBOUND */
};

/* Longer messages make old objects at once: they would not fit the young ones' area. */
#define YOUNG_MAX_BYTES 8192

enum fill_kind { FILL_WORDS, FILL_LIST, FILL_FRAMES };

struct fill {
    enum fill_kind kind;
    tt_word *at; /* WORDS: the next slot; LIST: the next pair; FRAMES: the next frame */
    size_t left;
    const uint8_t *classes; /* WORDS: of the next slot and those behind it; NULL: any */
};

/* In front of a frame. */
struct position {
    tt_word stack;
    size_t offset;
};

struct decoder {
    struct worker *w;
    const struct wire_hooks *hooks;
    const uint8_t *start, *at, *end;
    struct wire_failure *failure;
    tt_word root;
    bool makes_old;
    struct fill *fills;
    tt_word *objects, *symbols; /* by number; reachable from root and the symbol table */
    struct position *positions;
    const struct tt_code_desc **codes;
    uint8_t (*boots)[WIRE_ID_BYTES];
    size_t n_fills, n_objects, n_symbols, n_positions, n_codes, n_boots;
    size_t fills_capacity, objects_capacity, symbols_capacity, positions_capacity, codes_capacity,
        boots_capacity;
};

static bool fail(struct decoder *d, enum wire_status status)
{
    if (d->failure->status == WIRE_OK) {
        d->failure->status = status;
        d->failure->offset = (size_t)(d->at - d->start);
    }
    return false;
}

/* Room for one more item behind the n that are in *items. */
static bool table_grow(struct decoder *d, void *items, size_t n, size_t *capacity, size_t item_bytes)
{
    if (n < *capacity) return true;
    void *old, *larger;
    memcpy(&old, items, sizeof old);
    size_t new_capacity = *capacity ? 2 * *capacity : 16;
    larger = realloc(old, new_capacity * item_bytes);
    if (!larger) return fail(d, WIRE_NO_MEMORY);
    memcpy(items, &larger, sizeof larger);
    *capacity = new_capacity;
    return true;
}
#define TABLE_ROOM(d, table)                                                                                 \
    table_grow(d, &(d)->table, (d)->n_##table, &(d)->table##_capacity, sizeof *(d)->table)

static bool push(struct decoder *d, struct fill fill)
{
    if (fill.left == 0) return true;
    if (!TABLE_ROOM(d, fills)) return false;
    d->fills[d->n_fills++] = fill;
    return true;
}

static bool push_words(struct decoder *d, tt_word *words, size_t n, const uint8_t *classes)
{
    return push(d, (struct fill){FILL_WORDS, words, n, classes});
}

static bool add_object(struct decoder *d, tt_word v)
{
    if (d->n_objects == WIRE_MAX_OBJECTS) return fail(d, WIRE_TOO_LARGE);
    if (!TABLE_ROOM(d, objects)) return false;
    d->objects[d->n_objects++] = v;
    return true;
}

/* All objects of a message are old, or else all may be young: old ones that are
 * made here point to each other, so that nobody need remember them. */
static void *allocate(struct decoder *d, size_t bytes)
{
    void *object = d->makes_old ? heap_alloc_old(d->w, bytes) : heap_alloc(d->w, bytes);
    if (!object) fail(d, WIRE_NO_MEMORY);
    return object;
}

static struct tt_pair *allocate_pair(struct decoder *d)
{
    if (!d->makes_old) { /* pairs have no header: heap.h wants to know that they are pairs */
        tt_word v = heap_cons(d->w, tt_fixnum(0), TT_NIL);
        if (v != TT_FAIL) return tt_pair(v);
        fail(d, WIRE_NO_MEMORY);
        return NULL;
    }
    struct tt_pair *pair = allocate(d, sizeof *pair);
    if (pair) pair->cdr = TT_NIL;
    return pair;
}

static void *allocate_atomic(struct decoder *d, size_t bytes)
{
    void *object = d->makes_old ? heap_alloc_old_atomic(d->w, bytes) : heap_alloc_atomic(d->w, bytes);
    if (!object) fail(d, WIRE_NO_MEMORY);
    return object;
}

/* -- reading --------------------------------------------------------------- */

static size_t bytes_left(const struct decoder *d) { return (size_t)(d->end - d->at); }

static bool read_byte(struct decoder *d, uint8_t *out)
{
    if (d->at == d->end) return fail(d, WIRE_TRUNCATED);
    *out = *d->at++;
    return true;
}

static bool read_long_varint(struct decoder *d, uint64_t *out)
{
    const uint8_t *end = varint_read(d->at, d->end, out);
    if (!end) return fail(d, *out ? WIRE_BAD_VARINT : WIRE_TRUNCATED);
    d->at = end;
    return true;
}

static inline bool read_varint(struct decoder *d, uint64_t *out)
{
    if (d->at == d->end || *d->at >= 0x80) return read_long_varint(d, out);
    *out = *d->at++;
    return true;
}

/* A number of things that take at least a byte each: more than there are bytes
 * left is refused here, before anything is allocated for them. */
static bool read_count(struct decoder *d, size_t *out)
{
    uint64_t n;
    if (!read_varint(d, &n)) return false;
    if (n > bytes_left(d)) return fail(d, WIRE_TRUNCATED);
    *out = (size_t)n;
    return true;
}

static bool read_bytes(struct decoder *d, size_t n, const uint8_t **out)
{
    if (n > bytes_left(d)) return fail(d, WIRE_TRUNCATED);
    *out = d->at;
    d->at += n;
    return true;
}

static bool read_sized(struct decoder *d, const uint8_t **bytes_out, size_t *n_out)
{
    return read_count(d, n_out) && read_bytes(d, *n_out, bytes_out);
}

/* -- numbers and text ------------------------------------------------------ */

/* A bignum from magnitude bytes, lowest first, the last of them not 0. */
static bool make_big(struct decoder *d, const uint8_t *bytes, size_t n, bool negative, tt_word *slot)
{
    size_t limbs_bytes = (n + TT_W - 1) / TT_W * TT_W;
    struct tt_obj_BIGNUM *big = allocate_atomic(d, sizeof *big + limbs_bytes);
    if (!big) return false;
    big->header = TT_HEADER((tt_word)TT_TYPE_BIGNUM);
    big->length = limbs_bytes;
    big->negative = negative;
    tt_word *limbs = (tt_word *)big->byte;
    memset(limbs, 0, limbs_bytes);
    for (size_t i = 0; i < n; i++)
        limbs[i / TT_W] |= (tt_word)bytes[i] << i % TT_W * 8;
    *slot = tt_tagged(big, TT_TAG_OBJECT);
    return true;
}

/* Any number of 61 bits. Nodes with short words need a bignum for some. */
static bool make_integer(struct decoder *d, int64_t n, tt_word *slot)
{
    if (n >= TT_FIXNUM_MIN && n <= TT_FIXNUM_MAX) {
        *slot = tt_fixnum((tt_sword)n);
        return true;
    }
    uint64_t magnitude = n < 0 ? -(uint64_t)n : (uint64_t)n;
    uint8_t bytes[8];
    size_t length = 0;
    for (; magnitude; magnitude >>= 8)
        bytes[length++] = (uint8_t)magnitude;
    return make_big(d, bytes, length, n < 0, slot);
}

static bool read_zigzag(struct decoder *d, int64_t *out)
{
    uint64_t z;
    if (!read_varint(d, &z)) return false;
    *out = wire_unzigzag(z);
    return (*out >= WIRE_INTEGER_MIN && *out <= WIRE_INTEGER_MAX) || fail(d, WIRE_BAD_NUMBER);
}

static bool read_integer(struct decoder *d, tt_word *slot)
{
    int64_t n;
    if (!read_zigzag(d, &n)) return false;
    if (n >= WIRE_SMALL_MIN && n <= WIRE_SMALL_MAX) return fail(d, WIRE_BAD_NUMBER);
    return make_integer(d, n, slot);
}

static bool is_beyond_61_bits(const uint8_t *bytes, size_t n, bool negative)
{
    if (n != 8) return n > 8;
    uint64_t magnitude = 0;
    for (size_t i = 8; i-- > 0;)
        magnitude = magnitude << 8 | bytes[i];
    return magnitude > (uint64_t)WIRE_INTEGER_MAX + negative;
}

static bool read_big(struct decoder *d, tt_word *slot)
{
    uint64_t head;
    const uint8_t *bytes;
    if (!read_varint(d, &head)) return false;
    if (head >> 1 > INT_MAX_BITS / 8) return fail(d, WIRE_TOO_LARGE);
    size_t n = (size_t)(head >> 1);
    bool negative = head & 1;
    if (!read_bytes(d, n, &bytes)) return false;
    if (n == 0 || bytes[n - 1] == 0 || !is_beyond_61_bits(bytes, n, negative))
        return fail(d, WIRE_BAD_NUMBER);
    return make_big(d, bytes, n, negative, slot);
}

static bool read_exact_integer(struct decoder *d, tt_word *slot)
{
    uint8_t tag;
    if (!read_byte(d, &tag)) return false;
    if (tag >= WIRE_SMALL) {
        *slot = tt_fixnum((tt_sword)tag - WIRE_SMALL + WIRE_SMALL_MIN);
        return true;
    }
    if (tag == WIRE_INTEGER) return read_integer(d, slot);
    return tag == WIRE_BIG ? read_big(d, slot) : fail(d, WIRE_BAD_NUMBER);
}

static bool read_rational(struct decoder *d, tt_word *slot)
{
    struct tt_obj_RATNUM *ratio = allocate(d, sizeof *ratio);
    if (!ratio) return false;
    ratio->header = TT_HEADER((tt_word)TT_TYPE_RATNUM);
    *slot = tt_tagged(ratio, TT_TAG_OBJECT);
    if (!read_exact_integer(d, &ratio->numerator) || !read_exact_integer(d, &ratio->denominator))
        return false;
    if (int_compare(ratio->denominator, tt_fixnum(1)) <= 0) return fail(d, WIRE_BAD_NUMBER);
    tt_word divisor = int_gcd(d->w, ratio->numerator, ratio->denominator);
    if (divisor == TT_FAIL) return fail(d, WIRE_NO_MEMORY);
    return divisor == tt_fixnum(1) || fail(d, WIRE_BAD_NUMBER);
}

static bool read_flonum(struct decoder *d, tt_word *slot)
{
    const uint8_t *bytes;
    if (!read_bytes(d, 8, &bytes)) return false;
    uint64_t bits = 0;
    for (size_t i = 8; i-- > 0;)
        bits = bits << 8 | bytes[i];
    double number;
    memcpy(&number, &bits, sizeof number);
    if (number != number && bits != WIRE_NAN) return fail(d, WIRE_BAD_NUMBER);
    struct tt_obj_FLONUM *flonum = allocate_atomic(d, sizeof *flonum);
    if (!flonum) return false;
    flonum->header = TT_HEADER((tt_word)TT_TYPE_FLONUM);
    flonum->number = number;
    *slot = tt_tagged(flonum, TT_TAG_FLONUM);
    return true;
}

static bool read_text(struct decoder *d, const uint8_t **bytes_out, size_t *n_out, size_t *chars_out)
{
    if (!read_sized(d, bytes_out, n_out)) return false;
    return utf8_count(*bytes_out, *n_out, chars_out) || fail(d, WIRE_BAD_TEXT);
}

/* A NUL behind the bytes, as rt/obj/string.h has it. */
static bool make_string(struct decoder *d, const void *bytes, size_t n, size_t chars, tt_word *slot)
{
    struct tt_obj_STRING *string = allocate_atomic(d, sizeof *string + n + 1);
    if (!string) return false;
    string->header = TT_HEADER((tt_word)TT_TYPE_STRING);
    string->length = n;
    string->chars = chars;
    memcpy(string->byte, bytes, n);
    string->byte[n] = 0;
    *slot = tt_tagged(string, TT_TAG_OBJECT);
    return true;
}

static bool read_string(struct decoder *d, tt_word *slot)
{
    const uint8_t *bytes;
    size_t n, chars;
    return read_text(d, &bytes, &n, &chars) && make_string(d, bytes, n, chars, slot) && add_object(d, *slot);
}

static bool read_bytevector(struct decoder *d, tt_word *slot)
{
    const uint8_t *bytes;
    size_t n;
    if (!read_sized(d, &bytes, &n)) return false;
    struct tt_obj_BYTEVECTOR *v = allocate_atomic(d, sizeof *v + n);
    if (!v) return false;
    v->header = TT_HEADER((tt_word)TT_TYPE_BYTEVECTOR);
    v->length = n;
    memcpy(v->byte, bytes, n);
    *slot = tt_tagged(v, TT_TAG_OBJECT);
    return add_object(d, *slot);
}

static bool read_new_symbol(struct decoder *d, tt_word *slot)
{
    const uint8_t *bytes;
    size_t n, chars;
    if (!read_text(d, &bytes, &n, &chars) || !TABLE_ROOM(d, symbols)) return false;
    tt_word symbol = symbol_intern(d->w, bytes, n);
    if (symbol == TT_FAIL) return fail(d, WIRE_NO_MEMORY);
    d->symbols[d->n_symbols++] = *slot = symbol;
    return true;
}

static bool read_symbol_ref(struct decoder *d, tt_word *slot)
{
    uint64_t n;
    if (!read_varint(d, &n)) return false;
    if (n >= d->n_symbols) return fail(d, WIRE_BAD_REFERENCE);
    *slot = d->symbols[n];
    return true;
}

static bool read_symbol(struct decoder *d, tt_word *slot)
{
    uint8_t tag;
    if (!read_byte(d, &tag)) return false;
    if (tag == WIRE_SYMBOL) return read_new_symbol(d, slot);
    return tag == WIRE_SYMBOL_REF ? read_symbol_ref(d, slot) : fail(d, WIRE_BAD_RECORD);
}

/* -- immediates and references --------------------------------------------- */

static bool read_constant(struct decoder *d, tt_word *slot, uint8_t class)
{
    uint8_t payload;
    if (!read_byte(d, &payload)) return false;
    switch (payload) {
    case TT_PAYLOAD_FALSE:
    case TT_PAYLOAD_TRUE:
    case TT_PAYLOAD_NIL:
    case TT_PAYLOAD_EOF:
    case TT_PAYLOAD_VOID:
    case TT_PAYLOAD_DEFAULT: break;
    case TT_PAYLOAD_UNBOUND:
        if (class == CLASS_VARIABLE) break;
        return fail(d, WIRE_BAD_CONSTANT);
    default: return fail(d, WIRE_BAD_CONSTANT);
    }
    *slot = TT_IMM(TT_SUB_CONSTANT, (tt_word)payload);
    return true;
}

static bool read_char(struct decoder *d, tt_word *slot)
{
    uint64_t c;
    if (!read_varint(d, &c)) return false;
    if (!utf8_is_scalar(c)) return fail(d, WIRE_BAD_CHAR);
    *slot = tt_char((uint32_t)c);
    return true;
}

static bool read_ref(struct decoder *d, tt_word *slot)
{
    uint64_t n;
    if (!read_varint(d, &n)) return false;
    if (n >= d->n_objects) return fail(d, WIRE_BAD_REFERENCE);
    *slot = d->objects[n];
    return true;
}

static bool read_boot(struct decoder *d, uint8_t id[WIRE_ID_BYTES])
{
    uint64_t n;
    const uint8_t *bytes;
    if (!read_varint(d, &n)) return false;
    if (n > d->n_boots) return fail(d, WIRE_BAD_REFERENCE);
    if (n == 0) {
        if (!read_bytes(d, WIRE_ID_BYTES, &bytes) || !TABLE_ROOM(d, boots)) return false;
        memcpy(d->boots[d->n_boots++], bytes, WIRE_ID_BYTES);
        n = d->n_boots;
    }
    memcpy(id, d->boots[n - 1], WIRE_ID_BYTES);
    return true;
}

static bool make_boot_string(struct decoder *d, const uint8_t id[WIRE_ID_BYTES], tt_word *slot)
{
    char digits[2 * WIRE_ID_BYTES];
    for (size_t i = 0; i < sizeof digits; i++)
        digits[i] = "0123456789abcdef"[id[i / 2] >> (i % 2 ? 0 : 4) & 15];
    return make_string(d, digits, sizeof digits, sizeof digits, slot);
}

/* PID and TAG objects have the same fields. */
static bool make_foreign(struct decoder *d, enum tt_type type, const uint8_t id[WIRE_ID_BYTES],
                         uint64_t serial, tt_word *slot)
{
    struct tt_obj_PID *object = allocate(d, sizeof *object);
    if (!object) return false;
    object->header = TT_HEADER((tt_word)type);
    *slot = tt_tagged(object, TT_TAG_OBJECT);
    return make_boot_string(d, id, &object->node) && make_integer(d, (int64_t)serial, &object->serial);
}

/* What this run gave out comes back as the immediate that it was. */
static bool read_identity(struct decoder *d, enum tt_type type, unsigned sub, tt_word *slot)
{
    uint8_t id[WIRE_ID_BYTES];
    uint64_t serial;
    if (!read_boot(d, id) || !read_varint(d, &serial)) return false;
    if (serial >> (TT_PID_INDEX_BITS + TT_PID_SERIAL_BITS)) return fail(d, WIRE_BAD_PID);
    if (memcmp(id, d->w->node->boot_id, WIRE_ID_BYTES) != 0)
        return make_foreign(d, type, id, serial, slot) && add_object(d, *slot);
    tt_word v = TT_IMM(sub, (tt_word)serial);
    if (sub == TT_SUB_PID && !d->hooks->pid_was_made(d->w, v)) return fail(d, WIRE_BAD_PID);
    *slot = v;
    return add_object(d, v);
}

/* -- lists ----------------------------------------------------------------- */

/* `n` pairs, the cdr of the last one being *tail_out; numbered. */
static bool make_pairs(struct decoder *d, size_t n, tt_word *slot, tt_word **tail_out)
{
    for (; n > 0; n--) {
        struct tt_pair *pair = allocate_pair(d);
        if (!pair) return false;
        *slot = tt_tagged(pair, TT_TAG_PAIR);
        if (!add_object(d, *slot)) return false;
        slot = &pair->cdr;
    }
    *tail_out = slot;
    return true;
}

/* The elements come first, then the tail: two entries on the stack. */
static bool read_list(struct decoder *d, tt_word *slot)
{
    size_t n;
    tt_word *tail;
    if (!read_count(d, &n)) return false;
    if (n == 0) return fail(d, WIRE_BAD_REFERENCE);
    return make_pairs(d, n, slot, &tail) && push_words(d, tail, 1, NULL) &&
           push(d, (struct fill){FILL_LIST, tt_words(*slot), n, NULL});
}

static bool read_integers(struct decoder *d, tt_word *slot)
{
    size_t n;
    tt_word *tail;
    if (!read_count(d, &n)) return false;
    if (n == 0) return fail(d, WIRE_BAD_REFERENCE);
    if (!make_pairs(d, n, slot, &tail)) return false;
    for (struct tt_pair *pair = tt_pair(*slot); n > 0; n--) {
        int64_t integer;
        if (!read_zigzag(d, &integer) || !make_integer(d, integer, &pair->car)) return false;
        if (n > 1) pair = tt_pair(pair->cdr);
    }
    return push_words(d, tail, 1, NULL);
}

/* -- objects --------------------------------------------------------------- */

/* An object whose fields follow as values. */
static bool read_fields(struct decoder *d, enum tt_type type, size_t n, const uint8_t *classes, tt_word *slot)
{
    tt_word *object = allocate(d, (1 + n) * TT_W);
    if (!object) return false;
    object[0] = TT_HEADER((tt_word)type);
    *slot = tt_tagged(object, TT_TAG_OBJECT);
    return add_object(d, *slot) && push_words(d, object + 1, n, classes);
}

/* VECTOR or VALUES. */
static bool read_elements(struct decoder *d, enum tt_type type, tt_word *slot)
{
    size_t n;
    if (!read_count(d, &n)) return false;
    struct tt_obj_VECTOR *v = allocate(d, sizeof *v + n * TT_W);
    if (!v) return false;
    v->header = TT_HEADER((tt_word)type);
    v->length = n;
    *slot = tt_tagged(v, TT_TAG_OBJECT);
    return add_object(d, *slot) && push_words(d, v->ref, n, NULL);
}

static bool read_condition(struct decoder *d, tt_word *slot)
{
    static const uint8_t classes[] = {CLASS_SYMBOL, CLASS_ANY, CLASS_ANY};
    struct tt_obj_CONDITION *condition = allocate(d, sizeof *condition);
    if (!condition) return false;
    condition->header = TT_HEADER((tt_word)TT_TYPE_CONDITION);
    condition->site = TT_FALSE;
    *slot = tt_tagged(condition, TT_TAG_OBJECT);
    return add_object(d, *slot) && push_words(d, &condition->kind, 3, classes);
}

static bool read_field_names(struct decoder *d, size_t n, tt_word *names)
{
    for (size_t i = 0; i < n; i++)
        if (!read_symbol(d, &names[i])) return false;
    return true;
}

static bool read_record_type(struct decoder *d, tt_word *slot)
{
    uint8_t has_uid;
    const uint8_t *uid = NULL;
    size_t uid_length = 0, chars, n, number = d->n_objects;
    tt_word name;
    if (!add_object(d, TT_FALSE) || !read_byte(d, &has_uid)) return false;
    if (has_uid > 1) return fail(d, WIRE_BAD_RECORD);
    if ((has_uid && !read_text(d, &uid, &uid_length, &chars)) || !read_symbol(d, &name) || !read_count(d, &n))
        return false;
    tt_word *names = malloc((n + 1) * sizeof *names); /* symbols: the symbol table keeps them alive */
    if (!names) return fail(d, WIRE_NO_MEMORY);
    bool mismatch = false;
    bool ok = read_field_names(d, n, names);
    tt_word type = ok ? record_type_import(d->w, name, names, n, uid, uid_length, &mismatch) : TT_FAIL;
    free(names);
    if (type == TT_FAIL)
        return fail(d, mismatch ? WIRE_BAD_RECORD : WIRE_NO_MEMORY); /* keeps an earlier status */
    *slot = d->objects[number] = type;
    return true;
}

static bool read_type_of_record(struct decoder *d, tt_word *out)
{
    uint8_t tag;
    if (!read_byte(d, &tag)) return false;
    if (tag == WIRE_RECORD_TYPE) return read_record_type(d, out);
    if (tag != WIRE_REF) return fail(d, WIRE_BAD_RECORD);
    return read_ref(d, out) && (tt_is_type(*out, TT_TYPE_RECORD_TYPE) || fail(d, WIRE_BAD_RECORD));
}

static bool read_record(struct decoder *d, tt_word *slot)
{
    size_t n, number = d->n_objects;
    /* The type stands in the slot until the record does. */
    if (!add_object(d, TT_FALSE) || !read_type_of_record(d, slot) || !read_count(d, &n)) return false;
    tt_word type = *slot;
    if (n != record_type_size(type)) return fail(d, WIRE_BAD_RECORD);
    struct tt_obj_RECORD *record = allocate(d, sizeof *record + n * TT_W);
    if (!record) return false;
    record->header = TT_HEADER((tt_word)TT_TYPE_RECORD);
    record->length = n;
    record->type = type;
    *slot = d->objects[number] = tt_tagged(record, TT_TAG_OBJECT);
    return push_words(d, record->ref, n, NULL);
}

/* -- code ------------------------------------------------------------------ */

static bool read_new_code(struct decoder *d, const struct tt_code_desc **out)
{
    const uint8_t *id;
    uint8_t kind;
    uint64_t n_slots;
    if (!read_bytes(d, WIRE_ID_BYTES, &id) || !read_byte(d, &kind) || !read_varint(d, &n_slots)) return false;
    const struct tt_code_desc *desc = module_find(d->w->node->program, id);
    if (!desc || desc->kind != kind || desc->n_slots != n_slots) {
        memcpy(d->failure->code_id, id, WIRE_ID_BYTES);
        return fail(d, desc ? WIRE_WRONG_CODE : WIRE_UNKNOWN_CODE);
    }
    if (!TABLE_ROOM(d, codes)) return false;
    *out = d->codes[d->n_codes++] = desc;
    return true;
}

static bool read_code(struct decoder *d, const struct tt_code_desc **out)
{
    uint64_t n;
    if (!read_varint(d, &n)) return false;
    if (n > d->n_codes) return fail(d, WIRE_BAD_REFERENCE);
    if (n == 0) return read_new_code(d, out);
    *out = d->codes[n - 1];
    return true;
}

/* Continuations have a form of their own, which makes sure that theirs are a stack and a frame in it. */
static bool is_closure_code(const struct tt_code_desc *desc)
{
    return desc->kind == TT_CODE_CLOSURE && code_of_desc(desc) != (tt_word)tt_continuation;
}

static struct tt_closure *make_closure(struct decoder *d, tt_word code, size_t n_slots, tt_word *slot)
{
    struct tt_closure *closure = allocate(d, sizeof *closure + n_slots * TT_W);
    if (!closure) return NULL;
    closure->code = code;
    *slot = tt_tagged(closure, TT_TAG_CLOSURE);
    return closure;
}

static bool read_closure(struct decoder *d, tt_word *slot)
{
    const struct tt_code_desc *desc;
    if (!read_code(d, &desc)) return false;
    if (!is_closure_code(desc)) return fail(d, WIRE_WRONG_CODE);
    if (desc->n_slots > bytes_left(d)) return fail(d, WIRE_TRUNCATED);
    struct tt_closure *closure = make_closure(d, code_of_desc(desc), desc->n_slots, slot);
    return closure && add_object(d, *slot) && push_words(d, closure->slots, desc->n_slots, desc->classes);
}

/* -- continuations --------------------------------------------------------- */

static bool is_exit(const struct tt_code_desc *desc)
{
    return code_of_desc(desc) == (tt_word)tt_special_exit;
}

/* The codes of n frames. *words_out: what the frames take. The exit frame is the
 * last one, and is there exactly if nothing follows. */
static bool read_frame_codes(struct decoder *d, size_t n, bool is_bottom, const struct tt_code_desc **codes,
                             size_t *words_out)
{
    size_t n_slots = 0;
    for (size_t i = 0; i < n; i++) {
        if (!read_code(d, &codes[i])) return false;
        if (is_exit(codes[i]) != (is_bottom && i == n - 1)) return fail(d, WIRE_BAD_STACK);
        if (codes[i]->kind != TT_CODE_RETURN && !is_exit(codes[i])) return fail(d, WIRE_WRONG_CODE);
        n_slots += codes[i]->n_slots;
    }
    if (n_slots > bytes_left(d)) return fail(d, WIRE_TRUNCATED);
    *words_out = n + n_slots;
    return true;
}

static bool lay_frames(struct decoder *d, tt_word stack, size_t n, const struct tt_code_desc *const *codes)
{
    size_t offset = 0;
    for (size_t i = 0; i < n; i++) {
        if (!TABLE_ROOM(d, positions)) return false;
        d->positions[d->n_positions++] = (struct position){stack, offset};
        TT_OBJ(STACK, stack)->word[offset] = code_of_desc(codes[i]);
        offset += 1 + codes[i]->n_slots;
        TT_OBJ(STACK, stack)->length = offset; /* covers what is a frame already */
    }
    return true;
}

static bool make_stack(struct decoder *d, struct position below, size_t n,
                       const struct tt_code_desc *const *codes, size_t words, tt_word *slot)
{
    struct tt_obj_STACK *stack = allocate(d, sizeof *stack + words * TT_W);
    if (!stack) return false;
    stack->header = TT_HEADER((tt_word)TT_TYPE_STACK);
    stack->below = below.stack;
    stack->below_offset = tt_fixnum((tt_sword)below.offset);
    *slot = tt_tagged(stack, TT_TAG_OBJECT);
    return lay_frames(d, *slot, n, codes) && push(d, (struct fill){FILL_FRAMES, stack->word, n, NULL});
}

/* A run of new frames on top of an older one (number `tail`), which is complete
 * as far as its frames go: so there are no circular stacks. */
static bool read_frames(struct decoder *d, tt_word *slot)
{
    size_t n, words;
    uint64_t tail;
    if (!read_count(d, &n) || !read_varint(d, &tail)) return false;
    if (tail > d->n_positions) return fail(d, WIRE_BAD_REFERENCE);
    if (n == 0) return tail == 0 || fail(d, WIRE_BAD_STACK);
    struct position below = tail ? d->positions[tail - 1] : (struct position){TT_FALSE, 0};
    const struct tt_code_desc **codes = malloc(n * sizeof *codes);
    if (!codes) return fail(d, WIRE_NO_MEMORY);
    bool ok = read_frame_codes(d, n, tail == 0, codes, &words) && make_stack(d, below, n, codes, words, slot);
    free(codes);
    return ok;
}

static bool read_continuation(struct decoder *d, tt_word *slot)
{
    uint64_t n;
    struct tt_closure *k = make_closure(d, (tt_word)tt_continuation, 2, slot);
    if (!k || !add_object(d, *slot)) return false;
    k->slots[0] = TT_FALSE;
    if (!read_varint(d, &n)) return false;
    if (n > d->n_positions) return fail(d, WIRE_BAD_REFERENCE);
    if (n == 0) return read_frames(d, &k->slots[0]);
    k->slots[0] = d->positions[n - 1].stack;
    k->slots[1] = tt_fixnum((tt_sword)d->positions[n - 1].offset);
    return true;
}

/* -- values ---------------------------------------------------------------- */

static bool read_tagged(struct decoder *d, uint8_t tag, tt_word *slot, uint8_t class)
{
    static const uint8_t variable[] = {CLASS_VARIABLE}, promise[] = {CLASS_BOOLEAN, CLASS_ANY},
                         node[] = {CLASS_STRING, CLASS_INTEGER};
    switch (tag) {
    case WIRE_CONSTANT: return read_constant(d, slot, class);
    case WIRE_CHAR: return read_char(d, slot);
    case WIRE_INTEGER: return read_integer(d, slot);
    case WIRE_BIG: return read_big(d, slot);
    case WIRE_RATIONAL: return read_rational(d, slot);
    case WIRE_FLONUM: return read_flonum(d, slot);
    case WIRE_STRING: return read_string(d, slot);
    case WIRE_SYMBOL: return read_new_symbol(d, slot);
    case WIRE_SYMBOL_REF: return read_symbol_ref(d, slot);
    case WIRE_REF: return read_ref(d, slot);
    case WIRE_LIST: return read_list(d, slot);
    case WIRE_INTEGERS: return read_integers(d, slot);
    case WIRE_VECTOR: return read_elements(d, TT_TYPE_VECTOR, slot);
    case WIRE_BYTEVECTOR: return read_bytevector(d, slot);
    case WIRE_RECORD: return read_record(d, slot);
    case WIRE_RECORD_TYPE: return read_record_type(d, slot);
    case WIRE_VALUES: return read_elements(d, TT_TYPE_VALUES, slot);
    case WIRE_BOX: return read_fields(d, TT_TYPE_BOX, 1, variable, slot);
    case WIRE_PROMISE: return read_fields(d, TT_TYPE_PROMISE, 2, promise, slot);
    case WIRE_CONDITION: return read_condition(d, slot);
    case WIRE_CLOSURE: return read_closure(d, slot);
    case WIRE_CONTINUATION: return read_continuation(d, slot);
    case WIRE_PID: return read_identity(d, TT_TYPE_PID, TT_SUB_PID, slot);
    case WIRE_TAG: return read_identity(d, TT_TYPE_TAG, TT_SUB_TAG, slot);
    case WIRE_NODE: return read_fields(d, TT_TYPE_NODE, 2, node, slot);
    default: return fail(d, WIRE_BAD_TAG);
    }
}

/* What compiled code relies on; types and tags are there as soon as an object is. */
static bool has_class(tt_word v, uint8_t class)
{
    switch (class) {
    case CLASS_ANY:
    case CLASS_VARIABLE: return true;
    case CLASS_PAIR: return tt_is_pair(v);
    case CLASS_CLOSURE: return tt_is_closure(v);
    case CLASS_BOOLEAN: return v == TT_FALSE || v == TT_TRUE;
    case CLASS_INTEGER: return int_is(v);
    case CLASS_FLONUM: return tt_is_flonum(v);
    case CLASS_VECTOR: return tt_is_type(v, TT_TYPE_VECTOR);
    case CLASS_STRING: return tt_is_type(v, TT_TYPE_STRING);
    case CLASS_SYMBOL: return tt_is_type(v, TT_TYPE_SYMBOL);
    case CLASS_BOX: return tt_is_type(v, TT_TYPE_BOX);
    default: return false;
    }
}

static bool read_value(struct decoder *d, tt_word *slot, uint8_t class)
{
    uint8_t tag;
    if (!read_byte(d, &tag)) return false;
    if (tag >= WIRE_SMALL)
        *slot = tt_fixnum((tt_sword)tag - WIRE_SMALL + WIRE_SMALL_MIN);
    else if (!read_tagged(d, tag, slot, class))
        return false;
    return has_class(*slot, class) || fail(d, WIRE_BAD_CLASS);
}

/* -- the loop -------------------------------------------------------------- */

/* Each of these takes the next thing off the innermost entry, and the entry
 * itself with the last of them, before it reads: reading may push. */
static bool fill_word(struct decoder *d, struct fill *fill)
{
    tt_word *slot = fill->at++;
    uint8_t class = fill->classes ? *fill->classes++ : CLASS_ANY;
    if (--fill->left == 0) d->n_fills--;
    return read_value(d, slot, class);
}

static bool fill_element(struct decoder *d, struct fill *fill)
{
    struct tt_pair *pair = (struct tt_pair *)fill->at;
    if (--fill->left == 0)
        d->n_fills--;
    else
        fill->at = tt_words(pair->cdr);
    return read_value(d, &pair->car, CLASS_ANY);
}

static bool fill_frame(struct decoder *d, struct fill *fill)
{
    tt_word *frame = fill->at;
    fill->at = frame_next(frame);
    if (--fill->left == 0) d->n_fills--;
    return push_words(d, frame + 1, frame_slots(frame), tt_desc_of(frame[0])->classes);
}

static bool step(struct decoder *d)
{
    struct fill *fill = &d->fills[d->n_fills - 1];
    switch (fill->kind) {
    case FILL_LIST: return fill_element(d, fill);
    case FILL_FRAMES: return fill_frame(d, fill);
    default: return fill_word(d, fill);
    }
}

static bool read_graph(struct decoder *d)
{
    if (!read_value(d, &d->root, CLASS_ANY)) return false;
    while (d->n_fills > 0)
        if (!step(d)) return false;
    return d->at == d->end || fail(d, WIRE_TRAILING);
}

static bool decode_body(struct decoder *d)
{
    bool ok = read_graph(d);
    free(d->fills);
    free(d->objects);
    free(d->symbols);
    free(d->positions);
    free(d->codes);
    free(d->boots);
    return ok;
}

static bool check_header(struct decoder *d)
{
    const uint8_t *header;
    if (!read_bytes(d, WIRE_HEADER_BYTES, &header)) return false;
    if (memcmp(header, "TTW", 3) != 0) return fail(d, WIRE_NOT_A_MESSAGE);
    return (header[3] == WIRE_VERSION && header[4] <= WIRE_FLAG_ZIPPED) || fail(d, WIRE_BAD_VERSION);
}

static bool unzip(struct decoder *d, struct wire_buf *unzipped)
{
    bool too_large;
    if (!unzip_message(d->start, (size_t)(d->end - d->start), WIRE_MAX_UNZIPPED, unzipped, &too_large))
        return fail(d, unzipped->failed ? WIRE_NO_MEMORY : too_large ? WIRE_TOO_LARGE : WIRE_BAD_ZIP);
    d->start = unzipped->bytes;
    d->at = d->start + WIRE_HEADER_BYTES;
    d->end = d->start + unzipped->n;
    return true;
}

bool wire_decode(struct worker *w, const uint8_t *bytes, size_t n, const struct wire_hooks *hooks,
                 tt_word *out, struct wire_failure *failure)
{
    *failure = (struct wire_failure){.status = WIRE_OK};
    struct decoder d = {.w = w,
                        .hooks = hooks,
                        .start = bytes,
                        .at = bytes,
                        .end = bytes + n,
                        .failure = failure,
                        .root = TT_FALSE};
    struct wire_buf unzipped = {0};
    bool ok = check_header(&d);
    if (ok && bytes[WIRE_HEADER_BYTES - 1] & WIRE_FLAG_ZIPPED) ok = unzip(&d, &unzipped);
    d.makes_old = d.end - d.at > YOUNG_MAX_BYTES;
    ok = ok && decode_body(&d);
    buf_free(&unzipped);
    *out = d.root;
    return ok;
}
