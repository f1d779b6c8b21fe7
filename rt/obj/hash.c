#include "rt/obj/hash.h"

#include <string.h>

#include "rt/obj/far.h"
#include "rt/obj/port.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

#define OFFSET_BASIS 0xcbf29ce484222325u
#define PRIME        0x100000001b3u
/* How many values of a structure are looked at. */
#define MAX_VALUES 64

/* FNV-1a, 64 bits. */
static inline uint64_t add_byte(uint64_t hash, uint8_t byte) { return (hash ^ byte) * PRIME; }

static uint64_t add_bytes(uint64_t hash, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hash = add_byte(hash, bytes[i]);
    return hash;
}

static uint32_t finish(uint64_t hash) { return (uint32_t)((hash ^ hash >> 32) & ((1u << HASH_BITS) - 1)); }

uint32_t hash_bytes(const void *bytes, size_t n) { return finish(add_bytes(OFFSET_BASIS, bytes, n)); }

/* Bytes of a magnitude from the least significant one, without leading zeros:
 * the same for a fixnum here and a bignum on a smaller machine. */
static uint64_t add_limbs(uint64_t hash, const tt_word *limbs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tt_word limb = limbs[i];
        for (size_t byte = 0; byte < TT_W && (limb || i + 1 < n); byte++) {
            hash = add_byte(hash, (uint8_t)limb);
            limb >>= 8;
        }
    }
    return hash;
}

static uint64_t add_fixnum(uint64_t hash, tt_word v)
{
    tt_sword n = tt_fixnum_value(v);
    tt_word magnitude = n < 0 ? -(tt_word)n : (tt_word)n;
    return add_limbs(add_byte(hash, n < 0), &magnitude, 1);
}

static uint64_t add_double(uint64_t hash, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    for (int shift = 0; shift < 64; shift += 8)
        hash = add_byte(hash, (uint8_t)(bits >> shift));
    return hash;
}

static uint64_t add_serial(uint64_t hash, uint64_t serial)
{
    for (int shift = 0; shift < FAR_SERIAL_BITS; shift += 8)
        hash = add_byte(hash, (uint8_t)(serial >> shift));
    return hash;
}

static uint64_t far_serial(tt_word v)
{
    struct far far;
    far_read(v, &far);
    return far.serial;
}

/* The values still to look at, last in first out. */
struct walk {
    uint64_t hash;
    tt_word stack[MAX_VALUES];
    size_t depth;
    size_t budget;
};

static void later(struct walk *walk, tt_word v)
{
    if (walk->depth < MAX_VALUES) walk->stack[walk->depth++] = v;
}

static void later_all(struct walk *walk, const tt_word *values, size_t n)
{
    if (n > MAX_VALUES) n = MAX_VALUES;
    while (n > 0)
        later(walk, values[--n]);
}

static void add_object(struct walk *walk, tt_word v)
{
    unsigned type = tt_header_type(*tt_words(v));
    if (type == TT_TYPE_FAR_PORT) type = TT_TYPE_PORT; /* as at home */
    walk->hash = add_byte(walk->hash, (uint8_t)type);
    switch (type) {
    case TT_TYPE_BIGNUM:
        walk->hash = add_byte(walk->hash, TT_OBJ(BIGNUM, v)->negative != 0);
        walk->hash =
            add_limbs(walk->hash, (const tt_word *)TT_OBJ(BIGNUM, v)->byte, TT_OBJ(BIGNUM, v)->length / TT_W);
        return;
    case TT_TYPE_RATNUM:
        later(walk, TT_OBJ(RATNUM, v)->numerator);
        later(walk, TT_OBJ(RATNUM, v)->denominator);
        return;
    case TT_TYPE_STRING: walk->hash = add_bytes(walk->hash, string_bytes(v), string_length(v)); return;
    case TT_TYPE_SYMBOL:
        walk->hash = add_bytes(walk->hash, string_bytes(symbol_name(v)), string_length(symbol_name(v)));
        return;
    case TT_TYPE_BYTEVECTOR:
        walk->hash = add_bytes(walk->hash, TT_OBJ(BYTEVECTOR, v)->byte, TT_OBJ(BYTEVECTOR, v)->length);
        return;
    case TT_TYPE_VECTOR:
        walk->hash = add_fixnum(walk->hash, tt_fixnum((tt_sword)TT_OBJ(VECTOR, v)->length));
        later_all(walk, TT_OBJ(VECTOR, v)->ref, TT_OBJ(VECTOR, v)->length);
        return;
    case TT_TYPE_PID:
    case TT_TYPE_TAG: walk->hash = add_serial(walk->hash, far_serial(v)); return;
    case TT_TYPE_PORT:
        walk->hash = add_serial(walk->hash, tt_is_type(v, TT_TYPE_PORT) ? port_number(v) : far_serial(v));
        return;
    case TT_TYPE_NODE:
    case TT_TYPE_SERVICE:
        later(walk, tt_words(v)[1]);
        later(walk, tt_words(v)[2]);
        return;
    case TT_TYPE_RECORD: later_all(walk, TT_OBJ(RECORD, v)->ref, TT_OBJ(RECORD, v)->length); return;
    default: /* the type is all that is stable: objects may move, and travel */ return;
    }
}

static void add_value(struct walk *walk, tt_word v)
{
    switch (tt_tag(v)) {
    case TT_TAG_FIXNUM: walk->hash = add_fixnum(add_byte(walk->hash, TT_TYPE_BIGNUM), v); return;
    case TT_TAG_PAIR:
        walk->hash = add_byte(walk->hash, 0xfe);
        later(walk, tt_cdr(v));
        later(walk, tt_car(v));
        return;
    case TT_TAG_FLONUM:
        walk->hash = add_double(add_byte(walk->hash, TT_TYPE_FLONUM), TT_OBJ(FLONUM, v)->number);
        return;
    case TT_TAG_CLOSURE: walk->hash = add_byte(walk->hash, 0xff); return;
    case TT_TAG_OBJECT: add_object(walk, v); return;
    default:
        if (tt_is_sub(v, TT_SUB_PID) ||
            tt_is_sub(v, TT_SUB_TAG)) { /* as on other nodes, where it is an object */
            walk->hash = add_byte(walk->hash, tt_is_sub(v, TT_SUB_PID) ? TT_TYPE_PID : TT_TYPE_TAG);
            walk->hash = add_serial(walk->hash, near_serial(v));
            return;
        }
        for (tt_word rest = v; rest; rest >>= 8)
            walk->hash = add_byte(walk->hash, (uint8_t)rest);
    }
}

uint32_t hash_value(tt_word v)
{
    if (tt_is_fixnum(v)) return finish(add_fixnum(add_byte(OFFSET_BASIS, TT_TYPE_BIGNUM), v));
    struct walk walk; /* no initialiser: that would clear the stack, too */
    walk.hash = OFFSET_BASIS;
    walk.budget = MAX_VALUES;
    walk.depth = 0;
    later(&walk, v);
    while (walk.depth > 0 && walk.budget-- > 0)
        add_value(&walk, walk.stack[--walk.depth]);
    return finish(walk.hash);
}
