/* Numbers, text, symbols, immediates; what this run and others have made. */
#include <string.h>

#include "rt/mem/node.h"
#include "rt/obj/boots.h"
#include "rt/obj/deadline.h"
#include "rt/obj/far.h"
#include "rt/obj/port.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/os/clock.h"
#include "rt/wire/encoder.h"

void enc_sized(struct encoder *e, const void *bytes, size_t n)
{
    buf_put_varint(e->out, n);
    buf_put(e->out, bytes, n);
}

void enc_integer(struct encoder *e, int64_t n)
{
    uint8_t *at = buf_room(e->out, 1 + WIRE_VARINT_MAX_BYTES);
    if (!at) return;
    if (n >= WIRE_SMALL_MIN && n <= WIRE_SMALL_MAX) {
        *at++ = (uint8_t)(WIRE_SMALL + (n - WIRE_SMALL_MIN));
    } else {
        *at++ = WIRE_INTEGER;
        at = varint_write(at, wire_zigzag(n));
    }
    e->out->n = (size_t)(at - e->out->bytes);
}

static uint8_t magnitude_byte(const struct tt_obj_BIGNUM *big, size_t i)
{
    const tt_word *limbs = (const tt_word *)big->byte;
    return (uint8_t)(limbs[i / TT_W] >> i % TT_W * 8);
}

/* Bytes of the magnitude, without leading zeros. */
static size_t magnitude_length(const struct tt_obj_BIGNUM *big)
{
    size_t n = big->length;
    while (magnitude_byte(big, n - 1) == 0)
        n--;
    return n;
}

bool enc_is_short_big(tt_word v, int64_t *out)
{
    if (!tt_is_type(v, TT_TYPE_BIGNUM)) return false;
    const struct tt_obj_BIGNUM *big = TT_OBJ(BIGNUM, v);
    size_t n = magnitude_length(big);
    if (n > 8) return false;
    uint64_t magnitude = 0;
    for (size_t i = n; i-- > 0;)
        magnitude = magnitude << 8 | magnitude_byte(big, i);
    if (magnitude > (uint64_t)WIRE_INTEGER_MAX + (big->negative != 0)) return false;
    *out = big->negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

void enc_exact_integer(struct encoder *e, tt_word v)
{
    int64_t n;
    if (enc_is_short(v, &n)) {
        enc_integer(e, n);
        return;
    }
    const struct tt_obj_BIGNUM *big = TT_OBJ(BIGNUM, v);
    size_t length = magnitude_length(big);
    buf_put_byte(e->out, WIRE_BIG);
    buf_put_varint(e->out, (uint64_t)length << 1 | (big->negative != 0));
    for (size_t i = 0; i < length; i++)
        buf_put_byte(e->out, magnitude_byte(big, i));
}

void enc_flonum(struct encoder *e, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (number != number) bits = WIRE_NAN;
    uint8_t bytes[9] = {WIRE_FLONUM};
    for (size_t i = 0; i < 8; i++)
        bytes[1 + i] = (uint8_t)(bits >> i * 8);
    buf_put(e->out, bytes, sizeof bytes);
}

bool enc_symbol(struct encoder *e, tt_word symbol)
{
    uint32_t n;
    bool is_new;
    if (!enc_number(e, tt_words(symbol), &e->n_symbols, &n, &is_new)) return false;
    tt_word name = symbol_name(symbol);
    buf_put_byte(e->out, is_new ? WIRE_SYMBOL : WIRE_SYMBOL_REF);
    if (is_new)
        enc_sized(e, string_bytes(name), string_length(name));
    else
        buf_put_varint(e->out, n - 1);
    return true;
}

/* -- what a run has made --------------------------------------------------- */

static void put_new_boot(struct encoder *e, const struct boot *boot)
{
    buf_put_byte(e->out, 0);
    buf_put(e->out, boot->id, WIRE_ID_BYTES);
    enc_sized(e, boot->host, strlen(boot->host));
    buf_put_varint(e->out, boot->port);
}

/* The two ends of a connection have the numbers 0 and 1 in every message. */
static bool put_boot(struct encoder *e, uint32_t index)
{
    uint32_t n, n_ends = e->ends ? 2 : 0;
    bool is_new = false;
    const struct boot *boot = boots_at(e->w->node->boots, index);
    if (e->ends && index == e->ends->sender)
        n = 1;
    else if (e->ends && index == e->ends->receiver)
        n = 2;
    else if (enc_number(e, boot, &e->n_boots, &n, &is_new))
        n += n_ends;
    else
        return false;
    if (is_new && e->may_pause) buf_put(&e->boots, &index, sizeof index);
    if (is_new)
        put_new_boot(e, boot);
    else
        buf_put_varint(e->out, n);
    return !e->boots.failed || enc_fail(e, WIRE_NO_MEMORY);
}

static bool put_identity(struct encoder *e, enum far_kind kind, const struct far *far)
{
    static const enum wire_tag tags[] = {[FAR_PID] = WIRE_PID, [FAR_TAG] = WIRE_TAG, [FAR_PORT] = WIRE_PORT};
    buf_put_byte(e->out, tags[kind]);
    if (!put_boot(e, far->boot)) return false;
    buf_put_varint(e->out, far->serial);
    buf_put(e->out, far->mac, FAR_MAC_BYTES);
    return true;
}

static bool put_near(struct encoder *e, enum far_kind kind, uint64_t serial)
{
    struct far far = {.boot = 0, .serial = serial};
    near_mac(e->w, kind, serial, far.mac);
    return put_identity(e, kind, &far);
}

static bool put_own(struct encoder *e, enum far_kind kind, tt_word v)
{
    bool is_new;
    return enc_begin_object(e, v, &is_new) && (!is_new || put_near(e, kind, near_serial(v)));
}

/* A file outlives the run that opened a port: there would be nobody to write to. */
static bool may_put_port(struct encoder *e, tt_word port) { return e->ends || enc_refuse(e, port); }

bool enc_port(struct encoder *e, tt_word port)
{
    return may_put_port(e, port) && put_near(e, FAR_PORT, port_number(port));
}

bool enc_far(struct encoder *e, tt_word v)
{
    struct far far;
    far_read(v, &far);
    if (far_kind(v) == FAR_PORT && !may_put_port(e, v)) return false;
    if (far.boot == 0) return put_near(e, far_kind(v), far.serial);
    return put_identity(e, far_kind(v), &far);
}

/* -- immediates ------------------------------------------------------------ */

/* The time that remains. */
bool enc_deadline(struct encoder *e, tt_word v)
{
    int64_t left = deadline_ns(v) - clock_now_ns();
    uint64_t us = left > 0 ? ((uint64_t)left + 999) / 1000 : 0;
    buf_put_byte(e->out, WIRE_DEADLINE);
    buf_put_varint(e->out, us < WIRE_MAX_DEADLINE_US ? us : WIRE_MAX_DEADLINE_US);
    return true;
}

bool enc_immediate(struct encoder *e, tt_word v)
{
    tt_word payload = v >> TT_IMM_SHIFT;
    if (tt_is_sub(v, TT_SUB_CHAR)) {
        buf_put_byte(e->out, WIRE_CHAR);
        buf_put_varint(e->out, payload);
        return true;
    }
    if (tt_is_sub(v, TT_SUB_PID)) return put_own(e, FAR_PID, v);
    if (tt_is_sub(v, TT_SUB_TAG)) return put_own(e, FAR_TAG, v);
    if (deadline_is(v)) return enc_deadline(e, v);
    if (v == TT_NONE || v == TT_FORWARD || v == TT_FAIL || !tt_is_sub(v, TT_SUB_CONSTANT))
        return enc_refuse(e, v);
    buf_put_byte(e->out, WIRE_CONSTANT);
    buf_put_byte(e->out, (uint8_t)payload);
    return true;
}
