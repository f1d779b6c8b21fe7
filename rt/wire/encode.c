/* The encoder: one pass over the graph with a stack of jobs, in the order that
 * FORMAT.md prescribes, so that equal graphs give equal bytes. */
#include "rt/wire/encoder.h"

#include <assert.h>
#include <string.h>

#include "rt/code/frames.h"
#include "rt/mem/heap.h"
#include "rt/obj/string.h"
#include "rt/os/sizes.h"
#include "rt/wire/loan.h"
#include "rt/wire/zip.h"

/* Longer strings and bytevectors are copied in steps. */
#define BYTES_AT_ONCE WIRE_STEP_BYTES

bool enc_fail(struct encoder *e, enum wire_status status)
{
    e->failure->status = status;
    return false;
}

bool enc_refuse(struct encoder *e, tt_word object)
{
    assert(e->failure->status == WIRE_OK);
    e->failure->object = object;
    return enc_fail(e, WIRE_NOT_SERIALIZABLE);
}

bool enc_push(struct encoder *e, struct job job)
{
    return jobs_push(&e->jobs, job) || enc_fail(e, WIRE_NO_MEMORY);
}

bool enc_push_words(struct encoder *e, tt_word owner, const tt_word *words, size_t n)
{
    assert(n == 0 || words);
    if (!size_take(&e->n_slots, n, WIRE_MAX_WORDS)) return enc_fail(e, WIRE_TOO_LARGE);
    return n == 0 ||
           enc_push(e, (struct job){.kind = JOB_WORDS, .owner = owner, .at = words, .left = n, .total = n});
}

/* Gives the address the next number of `counter` if it has none: *is_new. */
bool enc_number(struct encoder *e, const void *address, uint32_t *counter, uint32_t *number_out, bool *is_new)
{
    uint32_t *slot = share_slot(&e->share, address);
    if (!slot) return enc_fail(e, WIRE_NO_MEMORY);
    *is_new = *slot == 0;
    if (*is_new && *counter == WIRE_MAX_OBJECTS) return enc_fail(e, WIRE_TOO_LARGE);
    if (*is_new) *slot = ++*counter;
    *number_out = *slot;
    return true;
}

/* Stands for an address: own pids and tags, where they are immediates, are objects on
 * other nodes, so they have numbers too. No object is in the upper half of the address space. */
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
    bool is_cut;  /* there may be more of them */
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
    bool fits = e->run_max < WIRE_MAX_OBJECTS - n_objects;
    size_t limit = fits ? n_objects + e->run_max : WIRE_MAX_OBJECTS;
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
        if (n_objects == limit) {
            if (!fits) return enc_fail(e, WIRE_TOO_LARGE);
            run->is_cut = true;
            break;
        }
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
    e->n_slots += run->n;
    *end_out = (size_t)(to.at - e->out->bytes);
    return true;
}

/* Puts tag and length in front of the elements, which move up to them. */
static void close_run(struct encoder *e, size_t n, size_t end)
{
    assert(n > 0 && end >= e->out->n + RUN_FRONT && end <= e->out->capacity);
    uint8_t *front = e->out->bytes + e->out->n, *elements = front + RUN_FRONT;
    size_t size = (size_t)(e->out->bytes + end - elements);
    *front++ = WIRE_INTEGERS;
    front = varint_write(front, n);
    memmove(front, elements, size);
    e->out->n = (size_t)(front - e->out->bytes) + size;
}

static bool put_value(struct encoder *e, tt_word v);

/* What was written of its elements is lost: their number comes first. */
static bool put_long_list(struct encoder *e, tt_word v, const struct run *run)
{
    assert(run->is_cut && run->n > 0);
    if (!e->may_pause) return enc_fail(e, WIRE_LARGE);
    e->pause_at = 0;
    return enc_push(e, (struct job){.kind = JOB_NUMBERS,
                                    .owner = run->tail,
                                    .at = tt_words(v),
                                    .total = run->n,
                                    .only_integers = run->only_integers});
}

static void put_list_front(struct encoder *e, enum wire_tag tag, size_t n)
{
    buf_put_byte(e->out, tag);
    buf_put_varint(e->out, n);
}

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
    if (run.is_cut) return put_long_list(e, v, &run);
    if (run.only_integers) {
        close_run(e, run.n, end);
        return put_value(e, run.tail);
    }
    put_list_front(e, WIRE_LIST, run.n);
    return enc_push(
        e,
        (struct job){.kind = JOB_LIST, .owner = run.tail, .at = tt_words(v), .left = run.n, .total = run.n});
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
    assert(tt_is_type(v, TT_TYPE_RECORD));
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

/* What is young would move; what shrinks well is compressed with the whole message. */
static bool may_lend(const struct encoder *e, tt_word v, const uint8_t *bytes, size_t n)
{
    if (!e->ends || !e->ends->lends || n < WIRE_LEND_BYTES || heap_is_young(e->w, v)) return false;
    return !e->ends->zips || !zip_is_worth_trying(bytes, n);
}

static bool lend(struct encoder *e, tt_word v, const uint8_t *bytes, size_t n)
{
    assert(!heap_is_young(e->w, v) && e->ends->lends);
    struct loan *loan = loan_new(e->w, v, bytes, n);
    if (!loan) return enc_fail(e, WIRE_NO_MEMORY);
    buf_put_varint(e->out, n);
    buf_lend(e->out, loan);
    return true;
}

static bool put_bytes(struct encoder *e, enum wire_tag tag, tt_word v, const uint8_t *bytes, size_t n)
{
    buf_put_byte(e->out, tag);
    if (n <= BYTES_AT_ONCE) {
        enc_sized(e, bytes, n);
        return true;
    }
    if (n > e->most) return enc_fail(e, WIRE_TOO_LARGE);
    if (may_lend(e, v, bytes, n)) return lend(e, v, bytes, n);
    if (!e->may_pause && n > e->pause_at) return enc_fail(e, WIRE_LARGE);
    buf_put_varint(e->out, n);
    if (n > 0) buf_room(e->out, n);
    return enc_push(e, (struct job){.kind = JOB_BYTES, .owner = v, .bytes = bytes, .left = n, .total = n});
}

/* Objects with identity, met for the first time. */
static bool put_new_object(struct encoder *e, tt_word v)
{
    switch (tt_header_type(*tt_words(v))) {
    case TT_TYPE_STRING: return put_bytes(e, WIRE_STRING, v, string_bytes(v), string_length(v));
    case TT_TYPE_BYTEVECTOR:
        return put_bytes(e, WIRE_BYTEVECTOR, v, TT_OBJ(BYTEVECTOR, v)->byte, TT_OBJ(BYTEVECTOR, v)->length);
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
    case TT_TYPE_DEADLINE: return enc_deadline(e, v);
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
    while (e->jobs.n == depth && e->out->n < e->pause_at) {
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

/* A variable or a promise has been set since the last step, and its value would move. */
static bool must_wait(struct encoder *e, tt_word v)
{
    if (e->hurries || !heap_is_young(e->w, v)) return false;
    e->waits = true;
    e->pause_at = 0;
    return true;
}

/* The two words of a promise belong together: no pause is between them. */
static bool must_pause(struct encoder *e, const struct job *job)
{
    if (must_wait(e, *job->at)) return true;
    if (job->left != 2 || !tt_is_type(job->owner, TT_TYPE_PROMISE)) return false;
    if (must_wait(e, job->at[1])) return true;
    if (e->pause_at < e->out->n + WIRE_VARINT_MAX_BYTES) e->pause_at = e->out->n + WIRE_VARINT_MAX_BYTES;
    return false;
}

static bool step_words(struct encoder *e)
{
    size_t depth = e->jobs.n;
    while (e->jobs.n == depth && e->out->n < e->pause_at) {
        struct job *job = &e->jobs.items[depth - 1];
        if (job->left == 0) {
            e->jobs.n--;
            return true;
        }
        if (e->may_pause && must_pause(e, job)) return true;
        job->left--;
        if (!put_value(e, *job->at++)) return false;
    }
    return true;
}

static bool step_bytes(struct encoder *e)
{
    struct job *job = &e->jobs.items[e->jobs.n - 1];
    size_t room = e->pause_at - e->out->n, n = job->left < room ? job->left : room;
    buf_put(e->out, job->bytes, n);
    job->bytes += n;
    job->left -= n;
    if (job->left == 0) e->jobs.n--;
    return true;
}

/* The list is numbered to its end: the same bytes as of a shorter one. */
static void begin_elements(struct encoder *e, struct job *job)
{
    put_list_front(e, job->only_integers ? WIRE_INTEGERS : WIRE_LIST, job->total);
    job->kind = job->only_integers ? JOB_INTEGERS : JOB_LIST;
    job->left = job->total;
}

static bool step_numbers(struct encoder *e)
{
    struct job *job = &e->jobs.items[e->jobs.n - 1];
    for (size_t i = 0; i < e->run_max; i++, job->owner = tt_cdr(job->owner)) {
        int64_t integer;
        uint32_t *slot = tt_is_pair(job->owner) ? share_slot(&e->share, tt_words(job->owner)) : NULL;
        if (!slot && tt_is_pair(job->owner)) return enc_fail(e, WIRE_NO_MEMORY);
        if (!slot || *slot) {
            begin_elements(e, job);
            break;
        }
        if (e->n_objects == WIRE_MAX_OBJECTS) return enc_fail(e, WIRE_TOO_LARGE);
        *slot = ++e->n_objects;
        e->n_slots++;
        job->total++;
        job->only_integers = job->only_integers && enc_is_short(tt_car(job->owner), &integer);
    }
    e->pause_at = 0;
    return true;
}

static bool step_integers(struct encoder *e)
{
    struct job *job = &e->jobs.items[e->jobs.n - 1];
    for (; job->left > 0 && e->out->n < e->pause_at; job->at = tt_words(job->at[1])) {
        int64_t integer;
        uint8_t *at = buf_room(e->out, WIRE_VARINT_MAX_BYTES);
        if (!at) return enc_fail(e, WIRE_NO_MEMORY);
        enc_is_short(job->at[0], &integer);
        e->out->n = (size_t)(write_integer(at, integer) - e->out->bytes);
        if (--job->left == 0) break; /* what follows the last pair need not be one */
    }
    if (job->left > 0) return true;
    tt_word tail = job->owner;
    e->jobs.n--;
    return put_value(e, tail);
}

static bool step(struct encoder *e)
{
    switch (e->jobs.items[e->jobs.n - 1].kind) {
    case JOB_BYTES: return step_bytes(e);
    case JOB_NUMBERS: return step_numbers(e);
    case JOB_INTEGERS: return step_integers(e);
    case JOB_LIST: return step_list(e);
    case JOB_FRAMES: return enc_step_frames(e);
    default: return step_words(e);
    }
}

/* A word of each object, and its slots: no less than its reader counts (WIRE_MAX_WORDS), but for the second
 * words of some. */
static bool is_too_large(const struct encoder *e)
{
    return e->out->n - e->start + e->out->n_lent > e->most || e->n_objects + e->n_slots > WIRE_MAX_WORDS;
}

static enum wire_progress run(struct encoder *e, bool ok)
{
    while (ok && e->jobs.n > 0 && !e->out->failed && !is_too_large(e) && e->out->n < e->pause_at)
        ok = step(e);
    if (ok && e->out->failed) ok = enc_fail(e, WIRE_NO_MEMORY);
    if (ok && is_too_large(e)) ok = enc_fail(e, WIRE_TOO_LARGE);
    if (ok && e->jobs.n > 0 && !e->may_pause) ok = enc_fail(e, WIRE_LARGE);
    return !ok ? WIRE_FAILED : e->jobs.n > 0 ? WIRE_GOES_ON : WIRE_DONE;
}

enum wire_progress encode_begin(struct encoder *e, tt_word v)
{
    e->most = e->ends && e->ends->max_bytes ? e->ends->max_bytes : WIRE_MAX_UNZIPPED;
    e->start = e->out->n;
    return run(e, put_value(e, v));
}

enum wire_progress encode_more(struct encoder *e)
{
    e->waits = false;
    return run(e, true);
}

void encoder_reset(struct encoder *e)
{
    share_reset(&e->share);
    if (e->jobs.capacity * sizeof *e->jobs.items > WIRE_KEEP_BYTES) jobs_free(&e->jobs);
    *e = (struct encoder){.w = e->w, .share = e->share, .jobs = {e->jobs.items, 0, e->jobs.capacity}};
}
