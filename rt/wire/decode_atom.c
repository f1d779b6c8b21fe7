/* Numbers, text, immediates, references. */
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/bignum.h"
#include "rt/obj/boots.h"
#include "rt/obj/deadline.h"
#include "rt/obj/far.h"
#include "rt/obj/port.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/os/clock.h"
#include "rt/wire/decoder.h"

/* -- numbers and text ------------------------------------------------------ */

/* A bignum from magnitude bytes, lowest first, the last of them not 0. */
static bool make_big(struct decoder *d, const uint8_t *bytes, size_t n, bool negative, tt_word *slot)
{
    size_t limbs_bytes = (n + TT_W - 1) / TT_W * TT_W;
    struct tt_obj_BIGNUM *big = dec_allocate_atomic(d, sizeof *big, limbs_bytes);
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
bool dec_make_integer(struct decoder *d, int64_t n, tt_word *slot)
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

bool dec_zigzag(struct decoder *d, int64_t *out)
{
    uint64_t z;
    if (!dec_varint(d, &z)) return false;
    *out = wire_unzigzag(z);
    return (*out >= WIRE_INTEGER_MIN && *out <= WIRE_INTEGER_MAX) || dec_fail(d, WIRE_BAD_NUMBER);
}

static bool read_integer(struct decoder *d, tt_word *slot)
{
    int64_t n;
    if (!dec_zigzag(d, &n)) return false;
    if (n >= WIRE_SMALL_MIN && n <= WIRE_SMALL_MAX) return dec_fail(d, WIRE_BAD_NUMBER);
    return dec_make_integer(d, n, slot);
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
    if (!dec_varint(d, &head)) return false;
    if (head >> 1 > INT_MAX_BITS / 8) return dec_fail(d, WIRE_TOO_LARGE);
    size_t n = (size_t)(head >> 1);
    bool negative = head & 1;
    if (!dec_bytes(d, n, &bytes)) return false;
    if (n == 0 || bytes[n - 1] == 0 || !is_beyond_61_bits(bytes, n, negative))
        return dec_fail(d, WIRE_BAD_NUMBER);
    return make_big(d, bytes, n, negative, slot);
}

static bool read_exact_integer(struct decoder *d, tt_word *slot)
{
    uint8_t tag;
    if (!dec_byte(d, &tag)) return false;
    if (tag >= WIRE_SMALL) {
        *slot = tt_fixnum((tt_sword)tag - WIRE_SMALL + WIRE_SMALL_MIN);
        return true;
    }
    if (tag == WIRE_INTEGER) return read_integer(d, slot);
    return tag == WIRE_BIG ? read_big(d, slot) : dec_fail(d, WIRE_BAD_NUMBER);
}

static bool read_rational(struct decoder *d, tt_word *slot)
{
    struct tt_obj_RATNUM *ratio = dec_allocate(d, sizeof *ratio, 0);
    if (!ratio) return false;
    ratio->header = TT_HEADER((tt_word)TT_TYPE_RATNUM);
    *slot = tt_tagged(ratio, TT_TAG_OBJECT);
    if (!read_exact_integer(d, &ratio->numerator) || !read_exact_integer(d, &ratio->denominator))
        return false;
    if (int_compare(ratio->denominator, tt_fixnum(1)) <= 0) return dec_fail(d, WIRE_BAD_NUMBER);
    tt_word divisor = int_gcd(d->w, ratio->numerator, ratio->denominator);
    if (divisor == TT_FAIL) return dec_fail(d, WIRE_NO_MEMORY);
    return divisor == tt_fixnum(1) || dec_fail(d, WIRE_BAD_NUMBER);
}

static bool read_flonum(struct decoder *d, tt_word *slot)
{
    const uint8_t *bytes;
    if (!dec_bytes(d, 8, &bytes)) return false;
    uint64_t bits = 0;
    for (size_t i = 8; i-- > 0;)
        bits = bits << 8 | bytes[i];
    double number;
    memcpy(&number, &bits, sizeof number);
    if (number != number && bits != WIRE_NAN) return dec_fail(d, WIRE_BAD_NUMBER);
    struct tt_obj_FLONUM *flonum = dec_allocate_atomic(d, sizeof *flonum, 0);
    if (!flonum) return false;
    flonum->header = TT_HEADER((tt_word)TT_TYPE_FLONUM);
    flonum->number = number;
    *slot = tt_tagged(flonum, TT_TAG_FLONUM);
    return true;
}

bool dec_text(struct decoder *d, const uint8_t **bytes_out, size_t *n_out, size_t *chars_out)
{
    if (!dec_sized(d, bytes_out, n_out)) return false;
    return utf8_count(*bytes_out, *n_out, chars_out) || dec_fail(d, WIRE_BAD_TEXT);
}

/* Its bytes follow in steps, `chars` counts what is there. As nobody knows yet how many they are, there is
 * room for the longest index. Nobody asks for the size of the object: it is not young. */
static bool read_long_string(struct decoder *d, size_t n, tt_word *slot)
{
    struct tt_obj_STRING *string = dec_allocate_atomic(d, string_object_bytes(n, n + 1), 0);
    if (!string) return false;
    string_begin(string, n, 0);
    *slot = tt_tagged(string, TT_TAG_OBJECT);
    return dec_add_object(d, *slot) && dec_push(d, FILL_TEXT, (tt_word *)string, n);
}

static bool read_string(struct decoder *d, tt_word *slot)
{
    const uint8_t *bytes;
    size_t n, chars;
    if (!dec_count(d, &n)) return false;
    if (dec_piece(d, n) < n) return read_long_string(d, n, slot);
    if (!dec_bytes(d, n, &bytes)) return false;
    if (!utf8_count(bytes, n, &chars)) return dec_fail(d, WIRE_BAD_TEXT);
    struct tt_obj_STRING *string = dec_allocate_atomic(d, string_object_bytes(n, chars), 0);
    if (!string) return false;
    string_begin(string, n, chars);
    memcpy(string->byte, bytes, n);
    *slot = string_finish(string);
    return dec_add_object(d, *slot);
}

/* Not in the middle of a character, as far as there are any. */
static size_t whole_characters(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < 4 && i < n; i++)
        if ((bytes[n - i] & 0xc0) != 0x80) return n - i;
    return n;
}

bool dec_fill_text(struct decoder *d)
{
    struct fill *fill = &d->fills[d->n_fills - 1];
    struct tt_obj_STRING *string = (struct tt_obj_STRING *)fill->at;
    size_t n = dec_piece(d, fill->left), chars;
    if (n < fill->left) n = whole_characters(d->at, n);
    if (!utf8_count(d->at, n, &chars)) {
        d->at += fill->left;
        return dec_fail(d, WIRE_BAD_TEXT);
    }
    size_t offset = string->length - fill->left;
    memcpy(string->byte + offset, d->at, n);
    string_add_entries(string, string->chars, string->chars + chars, offset, offset + n);
    string->chars += chars;
    d->at += n;
    fill->left -= (uint32_t)n;
    if (fill->left == 0) d->n_fills--;
    return true;
}

static bool read_bytevector(struct decoder *d, tt_word *slot)
{
    size_t n;
    if (!dec_count(d, &n)) return false;
    struct tt_obj_BYTEVECTOR *v = dec_allocate_atomic(d, sizeof *v, n);
    if (!v) return false;
    v->header = TT_HEADER((tt_word)TT_TYPE_BYTEVECTOR);
    v->length = n;
    *slot = tt_tagged(v, TT_TAG_OBJECT);
    if (!dec_add_object(d, *slot)) return false;
    if (dec_piece(d, n) < n) return dec_push(d, FILL_BYTES, (tt_word *)v->byte, n);
    memcpy(v->byte, d->at, n);
    d->at += n;
    return true;
}

bool dec_fill_bytes(struct decoder *d)
{
    struct fill *fill = &d->fills[d->n_fills - 1];
    size_t n = dec_piece(d, fill->left);
    memcpy(fill->at, d->at, n);
    fill->at = (tt_word *)((uint8_t *)fill->at + n);
    d->at += n;
    fill->left -= (uint32_t)n;
    if (fill->left == 0) d->n_fills--;
    return true;
}

static bool read_new_symbol(struct decoder *d, tt_word *slot)
{
    const uint8_t *bytes;
    size_t n, chars;
    if (!dec_text(d, &bytes, &n, &chars) || !TABLE_ROOM(d, symbols)) return false;
    if (chars > WIRE_MAX_SYMBOL_CHARS) return dec_fail(d, WIRE_TOO_LARGE);
    tt_word symbol = symbol_intern(d->w, bytes, n);
    if (symbol == TT_FAIL) return dec_fail(d, WIRE_NO_MEMORY);
    d->symbols[d->n_symbols++] = *slot = symbol;
    return true;
}

static bool read_symbol_ref(struct decoder *d, tt_word *slot)
{
    uint64_t n;
    if (!dec_varint(d, &n)) return false;
    if (n >= d->n_symbols) return dec_fail(d, WIRE_BAD_REFERENCE);
    *slot = d->symbols[n];
    return true;
}

bool dec_symbol(struct decoder *d, tt_word *slot)
{
    uint8_t tag;
    if (!dec_byte(d, &tag)) return false;
    if (tag == WIRE_SYMBOL) return read_new_symbol(d, slot);
    return tag == WIRE_SYMBOL_REF ? read_symbol_ref(d, slot) : dec_fail(d, WIRE_BAD_RECORD);
}

/* -- immediates --------------------------------------------------------- */

static bool read_constant(struct decoder *d, tt_word *slot, uint8_t class)
{
    uint8_t payload;
    if (!dec_byte(d, &payload)) return false;
    switch (payload) {
    case TT_PAYLOAD_FALSE:
    case TT_PAYLOAD_TRUE:
    case TT_PAYLOAD_NIL:
    case TT_PAYLOAD_EOF:
    case TT_PAYLOAD_VOID:
    case TT_PAYLOAD_DEFAULT: break;
    case TT_PAYLOAD_UNBOUND:
        if (class == CLASS_VARIABLE) break;
        return dec_fail(d, WIRE_BAD_CONSTANT);
    default: return dec_fail(d, WIRE_BAD_CONSTANT);
    }
    *slot = TT_IMM(TT_SUB_CONSTANT, (tt_word)payload);
    return true;
}

static bool read_char(struct decoder *d, tt_word *slot)
{
    uint64_t c;
    if (!dec_varint(d, &c)) return false;
    if (!utf8_is_scalar(c)) return dec_fail(d, WIRE_BAD_CHAR);
    *slot = tt_char((uint32_t)c);
    return true;
}

/* -- what a run has made --------------------------------------------------- */

static bool read_new_boot(struct decoder *d, uint32_t *out)
{
    const uint8_t *id, *host;
    size_t n, chars;
    uint64_t port;
    if (!dec_bytes(d, WIRE_ID_BYTES, &id) || !dec_text(d, &host, &n, &chars) || !dec_varint(d, &port))
        return false;
    if (n > WIRE_MAX_HOST_BYTES || port > UINT16_MAX) return dec_fail(d, WIRE_BAD_ADDRESS);
    if (!TABLE_ROOM(d, boots)) return false;
    *out = boots_hear(d->w->node->boots, id, (const char *)host, n, (uint16_t)port);
    if (*out == UINT32_MAX) return dec_fail(d, WIRE_TOO_LARGE);
    d->boots[d->n_boots++] = *out;
    return true;
}

/* Its index in node.boots. */
static bool read_boot(struct decoder *d, uint32_t *out)
{
    uint64_t n, n_ends = d->ends ? 2 : 0;
    if (!dec_varint(d, &n)) return false;
    if (n == 0) return read_new_boot(d, out);
    if (n > n_ends + d->n_boots) return dec_fail(d, WIRE_BAD_REFERENCE);
    *out = n > n_ends ? d->boots[n - n_ends - 1] : n == 1 ? d->ends->sender : d->ends->receiver;
    return true;
}

/* What this run has made comes back as what it was. */
static bool make_near(struct decoder *d, enum far_kind kind, uint64_t serial, tt_word *slot)
{
    switch (kind) {
    case FAR_PID: *slot = near_pid(d->w, serial); break;
    case FAR_TAG: *slot = near_tag(d->w, serial); break;
    case FAR_PORT: *slot = port_of_number(d->w, serial, d->makes_old); break;
    }
    return *slot != TT_FAIL || dec_fail(d, WIRE_NO_MEMORY);
}

static bool read_identity(struct decoder *d, enum far_kind kind, tt_word *slot)
{
    struct far far;
    const uint8_t *mac;
    if (!read_boot(d, &far.boot) || !dec_varint(d, &far.serial) || !dec_bytes(d, FAR_MAC_BYTES, &mac))
        return false;
    if (far.serial >> FAR_SERIAL_BITS) return dec_fail(d, WIRE_BAD_PID);
    if (far.boot == 0) {
        if (!near_mac_is(d->w, kind, far.serial, mac)) return dec_fail(d, WIRE_BAD_PID);
        return make_near(d, kind, far.serial, slot) && dec_add_object(d, *slot);
    }
    memcpy(far.mac, mac, FAR_MAC_BYTES);
    tt_word v = far_intern(d->w, kind, &far);
    if (v == TT_FAIL) return dec_fail(d, WIRE_NO_MEMORY);
    *slot = v;
    return dec_add_object(d, v);
}

/* An immediate, where words are long enough. */
#define DEADLINE_WORDS (TT_W == 8 ? 0 : sizeof(struct tt_obj_DEADLINE) / TT_W)

static bool read_deadline(struct decoder *d, tt_word *slot)
{
    uint64_t us;
    if (!dec_varint(d, &us)) return false;
    if (us > WIRE_MAX_DEADLINE_US) return dec_fail(d, WIRE_BAD_NUMBER);
    if (!dec_charge(d, DEADLINE_WORDS)) return false;
    *slot = deadline_at(d->w, clock_now_ns() + (int64_t)us * 1000, d->makes_old);
    return *slot != TT_FAIL || dec_fail(d, WIRE_NO_MEMORY);
}

bool dec_atom(struct decoder *d, uint8_t tag, tt_word *slot, uint8_t class)
{
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
    case WIRE_REF: return dec_ref(d, slot);
    case WIRE_BYTEVECTOR: return read_bytevector(d, slot);
    case WIRE_PID: return read_identity(d, FAR_PID, slot);
    case WIRE_TAG: return read_identity(d, FAR_TAG, slot);
    case WIRE_PORT: return d->ends ? read_identity(d, FAR_PORT, slot) : dec_fail(d, WIRE_BAD_TAG);
    case WIRE_DEADLINE: return read_deadline(d, slot);
    default: return dec_fail(d, WIRE_BAD_TAG);
    }
}
