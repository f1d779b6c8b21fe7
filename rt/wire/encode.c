/* The encoder: one pass over the graph with a stack of jobs, in the order that
 * FORMAT.md prescribes, so that equal graphs give equal bytes. */
#include "rt/wire/encoder.h"

#include <string.h>

#include "rt/code/frames.h"
#include "rt/obj/string.h"

bool enc_fail(struct encoder *e, enum wire_status status)
{
    e->failure->status = status;
    return false;
}

bool enc_refuse(struct encoder *e, tt_word object)
{
    e->failure->object = object;
    return enc_fail(e, WIRE_NOT_SERIALIZABLE);
}

bool enc_push(struct encoder *e, struct job job)
{
    return jobs_push(&e->jobs, job) || enc_fail(e, WIRE_NO_MEMORY);
}

bool enc_push_words(struct encoder *e, tt_word owner, const tt_word *words, size_t n)
{
    return n == 0 ||
           enc_push(e, (struct job){.kind = JOB_WORDS, .owner = owner, .at = words, .left = n, .total = n});
}

/* Gives the address the next number of `counter` if it has none: *is_new. */
bool enc_number(struct encoder *e, const void *address, uint32_t *counter, uint32_t *number_out,
                   bool *is_new)
{
    uint32_t *slot = share_slot(&e->share, address);
    if (!slot) return enc_fail(e, WIRE_NO_MEMORY);
    *is_new = *slot == 0;
    if (*is_new && *counter == WIRE_MAX_OBJECTS) return enc_fail(e, WIRE_TOO_LARGE);
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
bool enc_begin_object(struct encoder *e, tt_word v, bool *is_new)
{
    uint32_t n;
    const void *address = tt_is_immediate(v) ? address_of_immediate(v) : tt_words(v);
    if (!enc_number(e, address, &e->n_objects, &n, is_new)) return false;
    if (!*is_new) {
        buf_put_byte(e->out, WIRE_REF);
        buf_put_varint(e->out, n - 1);
    }
    return true;
}

/* -- lists ----------------------------------------------------------------- */

/* The pairs from a list on that are new. */
struct run {
    size_t n;
    bool only_integers;
    tt_word tail; /* what follows */
};

/* Room for the tag and the length of a run, which are known when it is written. */
#define RUN_FRONT (1 + WIRE_VARINT_MAX_BYTES)

/* Where the elements are written. Kept apart from the buffer, whose fields the
 * compiler would otherwise read again after every byte. */
struct elements {
    struct wire_buf *out;
    uint8_t *at, *limit; /* there is room for one more as long as at <= limit */
};

static bool elements_grow(struct elements *to)
{
    struct wire_buf *out = to->out;
    size_t used = to->at ? (size_t)(to->at - out->bytes) - out->n : RUN_FRONT;
    if (out->capacity - out->n < used + WIRE_VARINT_MAX_BYTES && !buf_grow(out, used + WIRE_VARINT_MAX_BYTES))
        return false;
    to->at = out->bytes + out->n + used;
    to->limit = out->bytes + out->capacity - WIRE_VARINT_MAX_BYTES;
    return true;
}

static inline uint8_t *write_integer(uint8_t *at, int64_t integer)
{
    uint64_t z = wire_zigzag(integer);
    if (z >= 0x4000) return varint_write(at, z);
    at[0] = (uint8_t)(z | (z >= 0x80 ? 0x80 : 0));
    at[1] = (uint8_t)(z >> 7);
    return at + 1 + (z >= 0x80);
}

/* Numbers the run; writes its elements behind RUN_FRONT bytes as long as they are
 * integers. *end_out: behind what was written. */
static bool take_run(struct encoder *e, tt_word list, struct run *run, size_t *end_out)
{
    struct elements to = {.out = e->out};
    struct share_page page = e->share.last;
    uint32_t n_objects = e->n_objects;
    if (!elements_grow(&to)) return enc_fail(e, WIRE_NO_MEMORY);
    *run = (struct run){.only_integers = true};
    for (; tt_is_pair(list); list = tt_cdr(list)) {
        int64_t integer;
        uint32_t *slot = share_page_slot(&page, tt_words(list));
        if (!slot) {
            slot = share_slot_far(&e->share, tt_words(list));
            page = e->share.last;
        }
        if (!slot) return enc_fail(e, WIRE_NO_MEMORY);
        if (*slot) break;
        if (n_objects == WIRE_MAX_OBJECTS) return enc_fail(e, WIRE_TOO_LARGE);
        *slot = ++n_objects;
        if (!run->only_integers) continue;
        if (!enc_is_short(tt_car(list), &integer)) {
            run->only_integers = false;
            continue;
        }
        if (to.at > to.limit && !elements_grow(&to)) return enc_fail(e, WIRE_NO_MEMORY);
        to.at = write_integer(to.at, integer);
    }
    run->n = n_objects - e->n_objects;
    run->tail = list;
    e->n_objects = n_objects;
    *end_out = (size_t)(to.at - e->out->bytes);
    return true;
}

/* Puts tag and length in front of the elements, which move up to them. */
static void close_run(struct encoder *e, size_t n, size_t end)
{
    uint8_t *front = e->out->bytes + e->out->n, *elements = front + RUN_FRONT;
    size_t size = (size_t)(e->out->bytes + end - elements);
    *front++ = WIRE_INTEGERS;
    front = varint_write(front, n);
    memmove(front, elements, size);
    e->out->n = (size_t)(front - e->out->bytes) + size;
}

static bool put_value(struct encoder *e, tt_word v);

/* The tail of a run is no new pair, so this does not recurse any deeper. */
static bool put_list(struct encoder *e, tt_word v)
{
    uint32_t *slot = share_slot(&e->share, tt_words(v));
    if (!slot) return enc_fail(e, WIRE_NO_MEMORY);
    if (*slot) {
        buf_put_byte(e->out, WIRE_REF);
        buf_put_varint(e->out, *slot - 1);
        return true;
    }
    struct run run;
    size_t end;
    if (!take_run(e, v, &run, &end)) return false;
    if (run.only_integers) {
        close_run(e, run.n, end);
        return put_value(e, run.tail);
    }
    buf_put_byte(e->out, WIRE_LIST);
    buf_put_varint(e->out, run.n);
    return enc_push(e, (struct job){.kind = JOB_LIST,
                                    .owner = run.tail,
                                    .at = tt_words(v),
                                    .left = run.n,
                                    .total = run.n});
}

/* -- objects --------------------------------------------------------------- */

static bool put_record_type(struct encoder *e, tt_word type)
{
    bool is_new;
    if (!enc_begin_object(e, type, &is_new)) return false;
    if (!is_new) return true;
    const struct tt_obj_RECORD_TYPE *t = TT_OBJ(RECORD_TYPE, type);
    bool has_uid = tt_is_type(t->uid, TT_TYPE_STRING);
    if (!tt_is_type(t->name, TT_TYPE_SYMBOL) || !(has_uid || t->uid == TT_FALSE)) return enc_refuse(e, type);
    buf_put_byte(e->out, WIRE_RECORD_TYPE);
    buf_put_byte(e->out, has_uid);
    if (has_uid) enc_sized(e, string_bytes(t->uid), string_length(t->uid));
    size_t n = 0;
    for (tt_word fields = t->fields; tt_is_pair(fields); fields = tt_cdr(fields))
        n++;
    if (!enc_symbol(e, t->name)) return false;
    buf_put_varint(e->out, n);
    for (tt_word fields = t->fields; tt_is_pair(fields); fields = tt_cdr(fields)) {
        if (!tt_is_type(tt_car(fields), TT_TYPE_SYMBOL)) return enc_refuse(e, type);
        if (!enc_symbol(e, tt_car(fields))) return false;
    }
    return true;
}

static bool put_record(struct encoder *e, tt_word v)
{
    struct tt_obj_RECORD *record = TT_OBJ(RECORD, v);
    if (!tt_is_type(record->type, TT_TYPE_RECORD_TYPE)) return enc_refuse(e, v);
    buf_put_byte(e->out, WIRE_RECORD);
    if (!put_record_type(e, record->type)) return false;
    buf_put_varint(e->out, record->length);
    return enc_push_words(e, v, record->ref, record->length);
}

/* `n` fields or elements from `words`, behind the tag and, for a vector, their number. */
static bool put_fields(struct encoder *e, enum wire_tag tag, tt_word v, const tt_word *words, size_t n)
{
    buf_put_byte(e->out, tag);
    if (tag == WIRE_VECTOR || tag == WIRE_VALUES) buf_put_varint(e->out, n);
    return enc_push_words(e, v, words, n);
}

static bool put_bytes(struct encoder *e, enum wire_tag tag, const void *bytes, size_t n)
{
    buf_put_byte(e->out, tag);
    enc_sized(e, bytes, n);
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
    case TT_TYPE_PID:
    case TT_TYPE_TAG:
    case TT_TYPE_FAR_PORT: return enc_far(e, v);
    case TT_TYPE_PORT: return enc_port(e, v);
    case TT_TYPE_SERVICE: return put_fields(e, WIRE_SERVICE, v, &TT_OBJ(SERVICE, v)->node, 2);
    case TT_TYPE_SIGNAL:
        if (!e->ends || !e->ends->is_image) return enc_refuse(e, v);
        return put_fields(e, WIRE_SIGNAL, v, &TT_OBJ(SIGNAL, v)->kind, 3);
    case TT_TYPE_NODE: return put_fields(e, WIRE_NODE, v, &TT_OBJ(NODE, v)->host, 2);
    default: return enc_refuse(e, v);
    }
}

static bool put_object(struct encoder *e, tt_word v)
{
    switch (tt_header_type(*tt_words(v))) {
    case TT_TYPE_BIGNUM: enc_exact_integer(e, v); return true;
    case TT_TYPE_RATNUM:
        buf_put_byte(e->out, WIRE_RATIONAL);
        enc_exact_integer(e, TT_OBJ(RATNUM, v)->numerator);
        enc_exact_integer(e, TT_OBJ(RATNUM, v)->denominator);
        return true;
    case TT_TYPE_SYMBOL: return enc_symbol(e, v);
    case TT_TYPE_RECORD_TYPE: return put_record_type(e, v);
    case TT_TYPE_STACK: return enc_refuse(e, v);
    }
    bool is_new;
    if (!enc_begin_object(e, v, &is_new)) return false;
    return !is_new || put_new_object(e, v);
}

static bool put_value(struct encoder *e, tt_word v)
{
    switch (tt_tag(v)) {
    case TT_TAG_FIXNUM: enc_integer(e, tt_fixnum_value(v)); return true;
    case TT_TAG_PAIR: return put_list(e, v);
    case TT_TAG_OBJECT: return put_object(e, v);
    case TT_TAG_CLOSURE: return enc_closure(e, v);
    case TT_TAG_FLONUM: enc_flonum(e, TT_OBJ(FLONUM, v)->number); return true;
    default: return v == TT_UNBOUND ? enc_refuse(e, v) : enc_immediate(e, v);
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

static bool step(struct encoder *e)
{
    switch (e->jobs.items[e->jobs.n - 1].kind) {
    case JOB_LIST: return step_list(e);
    case JOB_FRAMES: return enc_step_frames(e);
    default: return step_words(e);
    }
}

bool encode_body(struct encoder *e, tt_word v)
{
    size_t most = e->ends && e->ends->max_bytes ? e->ends->max_bytes : WIRE_MAX_UNZIPPED, start = e->out->n;
    bool ok = put_value(e, v);
    while (ok && e->jobs.n > 0 && !e->out->failed && e->out->n - start <= most)
        ok = step(e);
    if (e->out->failed) return enc_fail(e, WIRE_NO_MEMORY);
    if (ok && e->out->n - start > most) return enc_fail(e, WIRE_TOO_LARGE);
    return ok;
}

void encoder_reset(struct encoder *e)
{
    share_reset(&e->share);
    if (e->jobs.capacity * sizeof *e->jobs.items > WIRE_KEEP_BYTES) jobs_free(&e->jobs);
    *e = (struct encoder){.w = e->w, .share = e->share, .jobs = {e->jobs.items, 0, e->jobs.capacity}};
}
