/* The encoder: one pass over the graph with a stack of jobs, in the order that
 * FORMAT.md prescribes, so that equal graphs give equal bytes. */
#include <stdlib.h>
#include <string.h>

#include "rt/code/frames.h"
#include "rt/mem/node.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/wire/code.h"
#include "rt/wire/format.h"
#include "rt/wire/jobs.h"
#include "rt/wire/share.h"
#include "rt/wire/wire.h"

struct encoder {
    struct worker *w;
    struct wire_buf *out;
    struct share share; /* numbers of objects, positions, codes, symbols: which, the address tells */
    uint32_t n_objects, n_positions, n_codes, n_symbols;
    struct jobs jobs;
    uint8_t (*boots)[WIRE_ID_BYTES];
    size_t n_boots, boots_capacity;
    struct wire_failure *failure;
};

static bool fail(struct encoder *e, enum wire_status status)
{
    e->failure->status = status;
    return false;
}

static bool refuse(struct encoder *e, tt_word object)
{
    e->failure->object = object;
    return fail(e, WIRE_NOT_SERIALIZABLE);
}

static bool push(struct encoder *e, struct job job)
{
    return jobs_push(&e->jobs, job) || fail(e, WIRE_NO_MEMORY);
}

static bool push_words(struct encoder *e, tt_word owner, const tt_word *words, size_t n)
{
    return n == 0 ||
           push(e, (struct job){.kind = JOB_WORDS, .owner = owner, .at = words, .left = n, .total = n});
}

/* Gives the address the next number of `counter` if it has none: *is_new. */
static bool number(struct encoder *e, const void *address, uint32_t *counter, uint32_t *number_out,
                   bool *is_new)
{
    uint32_t *slot = share_slot(&e->share, address);
    if (!slot) return fail(e, WIRE_NO_MEMORY);
    *is_new = *slot == 0;
    if (*is_new && *counter == WIRE_MAX_OBJECTS) return fail(e, WIRE_TOO_LARGE);
    if (*is_new) *slot = ++*counter;
    *number_out = *slot;
    return true;
}

/* Stands for an address: pids and tags are objects on other nodes, so they have
 * numbers too. No object is in the upper half of the address space. */
static const void *address_of_immediate(tt_word v)
{
    tt_word sub = (v & TT_IMM_SUBTAG_MASK) >> TT_TAG_BITS, payload = v >> TT_IMM_SHIFT;
    return (const void *)((tt_word)1 << (TT_W * 8 - 1) | sub << (TT_W * 8 - 5) | payload << TT_TAG_BITS);
}

/* Writes a reference if the object was met before; else *is_new, and the caller writes it. */
static bool begin_object(struct encoder *e, tt_word v, bool *is_new)
{
    uint32_t n;
    const void *address = tt_is_immediate(v) ? address_of_immediate(v) : tt_words(v);
    if (!number(e, address, &e->n_objects, &n, is_new)) return false;
    if (!*is_new) {
        buf_put_byte(e->out, WIRE_REF);
        buf_put_varint(e->out, n - 1);
    }
    return true;
}

/* -- atoms ----------------------------------------------------------------- */

static void put_sized(struct encoder *e, const void *bytes, size_t n)
{
    buf_put_varint(e->out, n);
    buf_put(e->out, bytes, n);
}

static void put_integer(struct encoder *e, int64_t n)
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

/* Whether an exact integer fits INTEGER, which is a fixnum where words are long enough. */
static bool is_short_integer(tt_word v, int64_t *out)
{
    if (tt_is_fixnum(v)) {
        *out = tt_fixnum_value(v);
        return true;
    }
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

static void put_exact_integer(struct encoder *e, tt_word v)
{
    int64_t n;
    if (is_short_integer(v, &n)) {
        put_integer(e, n);
        return;
    }
    const struct tt_obj_BIGNUM *big = TT_OBJ(BIGNUM, v);
    size_t length = magnitude_length(big);
    buf_put_byte(e->out, WIRE_BIG);
    buf_put_varint(e->out, (uint64_t)length << 1 | (big->negative != 0));
    for (size_t i = 0; i < length; i++)
        buf_put_byte(e->out, magnitude_byte(big, i));
}

static void put_flonum(struct encoder *e, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (number != number) bits = WIRE_NAN;
    uint8_t bytes[9] = {WIRE_FLONUM};
    for (size_t i = 0; i < 8; i++)
        bytes[1 + i] = (uint8_t)(bits >> i * 8);
    buf_put(e->out, bytes, sizeof bytes);
}

static bool put_symbol(struct encoder *e, tt_word symbol)
{
    uint32_t n;
    bool is_new;
    if (!number(e, tt_words(symbol), &e->n_symbols, &n, &is_new)) return false;
    tt_word name = symbol_name(symbol);
    buf_put_byte(e->out, is_new ? WIRE_SYMBOL : WIRE_SYMBOL_REF);
    if (is_new)
        put_sized(e, string_bytes(name), string_length(name));
    else
        buf_put_varint(e->out, n - 1);
    return true;
}

/* A boot id: its place among those of this message, or 0 and the id. */
static bool put_boot(struct encoder *e, const uint8_t id[WIRE_ID_BYTES])
{
    for (size_t i = 0; i < e->n_boots; i++) {
        if (memcmp(e->boots[i], id, WIRE_ID_BYTES) == 0) {
            buf_put_varint(e->out, i + 1);
            return true;
        }
    }
    if (e->n_boots == e->boots_capacity) {
        size_t capacity = e->boots_capacity ? 2 * e->boots_capacity : 4;
        void *boots = realloc(e->boots, capacity * WIRE_ID_BYTES);
        if (!boots) return fail(e, WIRE_NO_MEMORY);
        e->boots = boots;
        e->boots_capacity = capacity;
    }
    memcpy(e->boots[e->n_boots++], id, WIRE_ID_BYTES);
    buf_put_byte(e->out, 0);
    buf_put(e->out, id, WIRE_ID_BYTES);
    return true;
}

static bool put_own(struct encoder *e, enum wire_tag tag, tt_word v)
{
    bool is_new;
    if (!begin_object(e, v, &is_new)) return false;
    if (!is_new) return true;
    buf_put_byte(e->out, tag);
    if (!put_boot(e, e->w->node->boot_id)) return false;
    buf_put_varint(e->out, v >> TT_IMM_SHIFT);
    return true;
}

static bool put_immediate(struct encoder *e, tt_word v)
{
    tt_word payload = v >> TT_IMM_SHIFT;
    if (tt_is_sub(v, TT_SUB_CHAR)) {
        buf_put_byte(e->out, WIRE_CHAR);
        buf_put_varint(e->out, payload);
        return true;
    }
    if (tt_is_sub(v, TT_SUB_PID)) return put_own(e, WIRE_PID, v);
    if (tt_is_sub(v, TT_SUB_TAG)) return put_own(e, WIRE_TAG, v);
    if (v == TT_NONE || v == TT_FORWARD || v == TT_FAIL || !tt_is_sub(v, TT_SUB_CONSTANT))
        return refuse(e, v);
    buf_put_byte(e->out, WIRE_CONSTANT);
    buf_put_byte(e->out, (uint8_t)payload);
    return true;
}

/* A pid or tag of another node: its boot id as hexadecimal digits, and a serial. */
static bool put_foreign(struct encoder *e, enum wire_tag tag, tt_word v)
{
    tt_word node = TT_OBJ(PID, v)->node, serial = TT_OBJ(PID, v)->serial;
    uint8_t id[WIRE_ID_BYTES];
    int64_t n;
    if (!tt_is_type(node, TT_TYPE_STRING) || !boot_id_parse(node, id) || !is_short_integer(serial, &n) ||
        n < 0)
        return refuse(e, v);
    buf_put_byte(e->out, tag);
    if (!put_boot(e, id)) return false;
    buf_put_varint(e->out, (uint64_t)n);
    return true;
}

/* -- lists ----------------------------------------------------------------- */

/* The pairs from `list` on that are new: numbers them. *tail_out is what follows. */
static bool number_run(struct encoder *e, tt_word list, size_t *n_out, bool *only_integers, tt_word *tail_out)
{
    *n_out = 0;
    *only_integers = true;
    for (*tail_out = list; tt_is_pair(*tail_out); *tail_out = tt_cdr(*tail_out)) {
        uint32_t n;
        int64_t integer;
        bool is_new;
        if (!number(e, tt_words(*tail_out), &e->n_objects, &n, &is_new)) return false;
        if (!is_new) break;
        *only_integers = *only_integers && is_short_integer(tt_car(*tail_out), &integer);
        ++*n_out;
    }
    return true;
}

static void put_integers(struct encoder *e, tt_word list, size_t n)
{
    for (; n > 0; n--, list = tt_cdr(list)) {
        int64_t integer = 0;
        is_short_integer(tt_car(list), &integer);
        uint8_t *at = buf_room(e->out, WIRE_VARINT_MAX_BYTES);
        if (!at) return;
        e->out->n = (size_t)(varint_write(at, wire_zigzag(integer)) - e->out->bytes);
    }
}

static bool put_value(struct encoder *e, tt_word v);

/* The tail of a run is no new pair, so this does not recurse any deeper. */
static bool put_list(struct encoder *e, tt_word v)
{
    uint32_t *slot = share_slot(&e->share, tt_words(v));
    if (!slot) return fail(e, WIRE_NO_MEMORY);
    if (*slot) {
        buf_put_byte(e->out, WIRE_REF);
        buf_put_varint(e->out, *slot - 1);
        return true;
    }
    size_t n;
    bool only_integers;
    tt_word tail;
    if (!number_run(e, v, &n, &only_integers, &tail)) return false;
    buf_put_byte(e->out, only_integers ? WIRE_INTEGERS : WIRE_LIST);
    buf_put_varint(e->out, n);
    if (!only_integers)
        return push(e,
                    (struct job){.kind = JOB_LIST, .owner = tail, .at = tt_words(v), .left = n, .total = n});
    put_integers(e, v, n);
    return put_value(e, tail);
}

/* -- code, closures, continuations ------------------------------------------ */

static bool put_code(struct encoder *e, const struct tt_code_desc *desc)
{
    uint32_t n;
    bool is_new;
    if (!number(e, desc, &e->n_codes, &n, &is_new)) return false;
    buf_put_varint(e->out, is_new ? 0 : n);
    if (is_new) {
        buf_put(e->out, desc->id, WIRE_ID_BYTES);
        buf_put_byte(e->out, desc->kind);
        buf_put_varint(e->out, desc->n_slots);
    }
    return true;
}

/* A place in a frozen stack, in front of a frame; stack #f: the bottom. */
struct position {
    tt_word stack;
    size_t offset;
};

/* The end of a STACK object is the place in the one below. */
static struct position normal(struct position p)
{
    while (p.stack != TT_FALSE && p.offset == TT_OBJ(STACK, p.stack)->length) {
        p.offset = (size_t)tt_fixnum_value(TT_OBJ(STACK, p.stack)->below_offset);
        p.stack = TT_OBJ(STACK, p.stack)->below;
    }
    return p;
}

static const tt_word *frame_at(struct position p) { return &TT_OBJ(STACK, p.stack)->word[p.offset]; }

static struct position next_position(struct position p)
{
    return normal((struct position){p.stack, p.offset + frame_words(frame_at(p))});
}

/* Numbers the frames from `p` on that are new; *tail_out: the number of the frame that follows, 0 at the
 * bottom. */
static bool number_frames(struct encoder *e, struct position p, size_t *n_out, uint32_t *tail_out)
{
    *n_out = 0;
    *tail_out = 0;
    for (; p.stack != TT_FALSE; p = next_position(p)) {
        bool is_new;
        uint32_t n;
        if (!number(e, frame_at(p), &e->n_positions, &n, &is_new)) return false;
        if (!is_new) {
            *tail_out = n;
            break;
        }
        ++*n_out;
    }
    return true;
}

static bool put_frame_codes(struct encoder *e, tt_word k, struct position p, size_t n)
{
    for (; n > 0; n--, p = next_position(p)) {
        const tt_word *frame = frame_at(p);
        const struct tt_code_desc *desc = tt_desc_of(frame[0]);
        if (desc->kind != TT_CODE_RETURN && frame[0] != (tt_word)tt_special_exit) return refuse(e, k);
        if (!put_code(e, desc)) return false;
    }
    return true;
}

static bool put_continuation(struct encoder *e, tt_word k)
{
    struct position p = {tt_closure(k)->slots[0], (size_t)tt_fixnum_value(tt_closure(k)->slots[1])};
    p = normal(p);
    buf_put_byte(e->out, WIRE_CONTINUATION);
    uint32_t *slot = p.stack == TT_FALSE ? NULL : share_slot(&e->share, frame_at(p));
    if (p.stack != TT_FALSE && !slot) return fail(e, WIRE_NO_MEMORY);
    if (slot && *slot) {
        buf_put_varint(e->out, *slot);
        return true;
    }
    size_t n;
    uint32_t tail;
    if (!number_frames(e, p, &n, &tail)) return false;
    buf_put_byte(e->out, 0);
    buf_put_varint(e->out, n);
    buf_put_varint(e->out, tail);
    return put_frame_codes(e, k, p, n) &&
           (n == 0 ||
            push(e, (struct job){
                        .kind = JOB_FRAMES, .owner = p.stack, .offset = p.offset, .left = n, .total = n}));
}

static bool put_closure(struct encoder *e, tt_word v)
{
    bool is_new;
    if (!begin_object(e, v, &is_new)) return false;
    if (!is_new) return true;
    if (tt_closure(v)->code == (tt_word)tt_continuation) return put_continuation(e, v);
    if (code_is_private(tt_closure(v)->code)) return refuse(e, v);
    buf_put_byte(e->out, WIRE_CLOSURE);
    return put_code(e, tt_desc_of(tt_closure(v)->code)) &&
           push_words(e, v, tt_closure(v)->slots, closure_slots(v));
}

/* -- objects --------------------------------------------------------------- */

static bool put_record_type(struct encoder *e, tt_word type)
{
    bool is_new;
    if (!begin_object(e, type, &is_new)) return false;
    if (!is_new) return true;
    const struct tt_obj_RECORD_TYPE *t = TT_OBJ(RECORD_TYPE, type);
    bool has_uid = tt_is_type(t->uid, TT_TYPE_STRING);
    if (!tt_is_type(t->name, TT_TYPE_SYMBOL) || !(has_uid || t->uid == TT_FALSE)) return refuse(e, type);
    buf_put_byte(e->out, WIRE_RECORD_TYPE);
    buf_put_byte(e->out, has_uid);
    if (has_uid) put_sized(e, string_bytes(t->uid), string_length(t->uid));
    size_t n = 0;
    for (tt_word fields = t->fields; tt_is_pair(fields); fields = tt_cdr(fields))
        n++;
    if (!put_symbol(e, t->name)) return false;
    buf_put_varint(e->out, n);
    for (tt_word fields = t->fields; tt_is_pair(fields); fields = tt_cdr(fields)) {
        if (!tt_is_type(tt_car(fields), TT_TYPE_SYMBOL)) return refuse(e, type);
        if (!put_symbol(e, tt_car(fields))) return false;
    }
    return true;
}

static bool put_record(struct encoder *e, tt_word v)
{
    struct tt_obj_RECORD *record = TT_OBJ(RECORD, v);
    if (!tt_is_type(record->type, TT_TYPE_RECORD_TYPE)) return refuse(e, v);
    buf_put_byte(e->out, WIRE_RECORD);
    if (!put_record_type(e, record->type)) return false;
    buf_put_varint(e->out, record->length);
    return push_words(e, v, record->ref, record->length);
}

/* `n` fields or elements from `words`, behind the tag and, for a vector, their number. */
static bool put_fields(struct encoder *e, enum wire_tag tag, tt_word v, const tt_word *words, size_t n)
{
    buf_put_byte(e->out, tag);
    if (tag == WIRE_VECTOR || tag == WIRE_VALUES) buf_put_varint(e->out, n);
    return push_words(e, v, words, n);
}

static bool put_bytes(struct encoder *e, enum wire_tag tag, const void *bytes, size_t n)
{
    buf_put_byte(e->out, tag);
    put_sized(e, bytes, n);
    return true;
}

/* Objects with identity, met for the first time. */
static bool put_new_object(struct encoder *e, tt_word v)
{
    switch (tt_header_type(*tt_words(v))) {
    case TT_TYPE_STRING: return put_bytes(e, WIRE_STRING, string_bytes(v), string_length(v));
    case TT_TYPE_BYTEVECTOR:
        return put_bytes(e, WIRE_BYTEVECTOR, TT_OBJ(BYTEVECTOR, v)->byte, TT_OBJ(BYTEVECTOR, v)->length);
    case TT_TYPE_VECTOR:
        return put_fields(e, WIRE_VECTOR, v, TT_OBJ(VECTOR, v)->ref, TT_OBJ(VECTOR, v)->length);
    case TT_TYPE_VALUES:
        return put_fields(e, WIRE_VALUES, v, TT_OBJ(VALUES, v)->ref, TT_OBJ(VALUES, v)->length);
    case TT_TYPE_RECORD: return put_record(e, v);
    case TT_TYPE_BOX:
        if (TT_OBJ(BOX, v)->value != TT_UNBOUND) return put_fields(e, WIRE_BOX, v, &TT_OBJ(BOX, v)->value, 1);
        buf_put(e->out, (const uint8_t[]){WIRE_BOX, WIRE_CONSTANT, TT_PAYLOAD_UNBOUND}, 3);
        return true;
    case TT_TYPE_PROMISE: return put_fields(e, WIRE_PROMISE, v, &TT_OBJ(PROMISE, v)->done, 2);
    case TT_TYPE_CONDITION: /* not its site, which is an address */
        return put_fields(e, WIRE_CONDITION, v, &TT_OBJ(CONDITION, v)->kind, 3);
    case TT_TYPE_PID: return put_foreign(e, WIRE_PID, v);
    case TT_TYPE_TAG: return put_foreign(e, WIRE_TAG, v);
    case TT_TYPE_NODE: return put_fields(e, WIRE_NODE, v, &TT_OBJ(NODE, v)->host, 2);
    default: return refuse(e, v);
    }
}

static bool put_object(struct encoder *e, tt_word v)
{
    switch (tt_header_type(*tt_words(v))) {
    case TT_TYPE_BIGNUM: put_exact_integer(e, v); return true;
    case TT_TYPE_RATNUM:
        buf_put_byte(e->out, WIRE_RATIONAL);
        put_exact_integer(e, TT_OBJ(RATNUM, v)->numerator);
        put_exact_integer(e, TT_OBJ(RATNUM, v)->denominator);
        return true;
    case TT_TYPE_SYMBOL: return put_symbol(e, v);
    case TT_TYPE_RECORD_TYPE: return put_record_type(e, v);
    case TT_TYPE_PORT:
    case TT_TYPE_SIGNAL:
    case TT_TYPE_STACK: return refuse(e, v);
    }
    bool is_new;
    if (!begin_object(e, v, &is_new)) return false;
    return !is_new || put_new_object(e, v);
}

static bool put_value(struct encoder *e, tt_word v)
{
    switch (tt_tag(v)) {
    case TT_TAG_FIXNUM: put_integer(e, tt_fixnum_value(v)); return true;
    case TT_TAG_PAIR: return put_list(e, v);
    case TT_TAG_OBJECT: return put_object(e, v);
    case TT_TAG_CLOSURE: return put_closure(e, v);
    case TT_TAG_FLONUM: put_flonum(e, TT_OBJ(FLONUM, v)->number); return true;
    default: return v == TT_UNBOUND ? refuse(e, v) : put_immediate(e, v);
    }
}

/* -- the loop -------------------------------------------------------------- */

/* Elements until one of them has parts to be written first. */
static bool step_list(struct encoder *e)
{
    size_t depth = e->jobs.n;
    while (e->jobs.n == depth) {
        struct job *job = &e->jobs.items[depth - 1];
        if (job->left == 0) {
            tt_word tail = job->owner;
            e->jobs.n--;
            return put_value(e, tail);
        }
        tt_word element = job->at[0];
        if (--job->left > 0) job->at = tt_words(job->at[1]);
        if (!put_value(e, element)) return false;
    }
    return true;
}

static bool step_words(struct encoder *e)
{
    size_t depth = e->jobs.n;
    while (e->jobs.n == depth) {
        struct job *job = &e->jobs.items[depth - 1];
        if (job->left == 0) {
            e->jobs.n--;
            return true;
        }
        job->left--;
        if (!put_value(e, *job->at++)) return false;
    }
    return true;
}

static bool step_frames(struct encoder *e)
{
    struct job *job = &e->jobs.items[e->jobs.n - 1];
    if (job->left == 0) {
        e->jobs.n--;
        return true;
    }
    struct position p = {job->owner, job->offset}, next = next_position(p);
    const tt_word *frame = frame_at(p);
    job->left--;
    job->owner = next.stack;
    job->offset = next.offset;
    return push_words(e, TT_FALSE, frame + 1, frame_slots(frame));
}

static bool step(struct encoder *e)
{
    switch (e->jobs.items[e->jobs.n - 1].kind) {
    case JOB_LIST: return step_list(e);
    case JOB_FRAMES: return step_frames(e);
    default: return step_words(e);
    }
}

static bool put_graph(struct encoder *e, tt_word v)
{
    if (!put_value(e, v)) return false;
    while (e->jobs.n > 0 && !e->out->failed)
        if (!step(e)) return false;
    return !e->out->failed || fail(e, WIRE_NO_MEMORY);
}

bool wire_encode(struct worker *w, tt_word v, struct wire_buf *out, struct wire_failure *failure)
{
    struct encoder e = {.w = w, .out = out, .failure = failure};
    *failure = (struct wire_failure){.status = WIRE_OK};
    buf_put(out, (const uint8_t[]){'T', 'T', 'W', WIRE_VERSION, 0}, WIRE_HEADER_BYTES);
    bool ok = put_graph(&e, v);
    if (failure->status == WIRE_NOT_SERIALIZABLE) jobs_describe(&e.jobs, &failure->path);
    jobs_free(&e.jobs);
    share_free(&e.share);
    free(e.boots);
    return ok;
}
