/* The input is a program for a small stack machine that builds a value, with sharing and cycles. What arrives when
 * it travels, compressed or not, encodes to the same bytes: they say all of its shape. */
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/obj/arith.h"
#include "rt/obj/bignum.h"
#include "rt/obj/deadline.h"
#include "rt/obj/equal.h"
#include "rt/obj/far.h"
#include "rt/obj/port.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "wire_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STACK_MAX 256
#define STEPS_MAX 4096

struct machine {
    const uint8_t *at, *end;
    tt_word stack[STACK_MAX];
    size_t n;
};

static uint8_t next(struct machine *m) { return m->at < m->end ? *m->at++ : 0; }

static uint64_t next_word(struct machine *m)
{
    uint64_t word = 0;
    for (int i = 0; i < 8; i++)
        word = word << 8 | next(m);
    return word;
}

static void push(struct machine *m, tt_word v)
{
    if (m->n < STACK_MAX && v != TT_FAIL) m->stack[m->n++] = v;
}

static tt_word pop(struct machine *m) { return m->n ? m->stack[--m->n] : TT_NIL; }

static tt_word make_object(enum tt_type type, size_t n_fields, struct machine *m)
{
    tt_word *object = heap_alloc(&worker, (1 + n_fields) * TT_W);
    object[0] = TT_HEADER((tt_word)type);
    for (size_t i = 1; i <= n_fields; i++)
        object[i] = pop(m);
    return tt_tagged(object, TT_TAG_OBJECT);
}

static tt_word make_vector(struct machine *m, size_t n)
{
    struct tt_obj_VECTOR *v = heap_alloc(&worker, sizeof *v + n * TT_W);
    v->header = TT_HEADER((tt_word)TT_TYPE_VECTOR);
    v->length = n;
    for (size_t i = 0; i < n; i++)
        v->ref[i] = pop(m);
    return tt_tagged(v, TT_TAG_OBJECT);
}

static tt_word make_promise(struct machine *m)
{
    tt_word v = make_object(TT_TYPE_PROMISE, 2, m);
    TT_OBJ(PROMISE, v)->done = tt_bool(TT_OBJ(PROMISE, v)->done != TT_NIL);
    return v;
}

static tt_word make_condition(struct machine *m)
{
    tt_word v = make_object(TT_TYPE_CONDITION, 4, m);
    TT_OBJ(CONDITION, v)->kind = TT_SYM(TIMEOUT);
    TT_OBJ(CONDITION, v)->site = TT_FALSE;
    return v;
}

static tt_word make_signal(struct machine *m)
{
    tt_word v = make_object(TT_TYPE_SIGNAL, 3, m);
    TT_OBJ(SIGNAL, v)->kind = TT_SYM(NORMAL);
    return v;
}

static tt_word make_bytes(struct machine *m)
{
    size_t n = next(m);
    struct tt_obj_BYTEVECTOR *v = heap_alloc_atomic(&worker, sizeof *v + n);
    v->header = TT_HEADER((tt_word)TT_TYPE_BYTEVECTOR);
    v->length = n;
    for (size_t i = 0; i < n; i++)
        v->byte[i] = next(m);
    return tt_tagged(v, TT_TAG_OBJECT);
}

static tt_word make_text(struct machine *m, bool symbol)
{
    char text[16];
    size_t n = next(m) % sizeof text;
    for (size_t i = 0; i < n; i++)
        text[i] = (char)(next(m) & 0x7f);
    return symbol ? symbol_intern(&worker, text, n) : string_from_bytes(&worker, text, n);
}

static tt_word make_big(struct machine *m)
{
    tt_word a =
        int_mul(&worker, tt_fixnum((tt_sword)next_word(m) >> 3), tt_fixnum((tt_sword)next_word(m) >> 3));
    return a;
}

static tt_word make_far(struct machine *m)
{
    struct far far = {.boot = run_ends_out.receiver, .serial = next(m)};
    memset(far.mac, next(m), sizeof far.mac);
    return far_intern(&worker, (enum far_kind)(next(m) % 3), &far);
}

static tt_word make_flonum(struct machine *m)
{
    uint64_t bits = next_word(m);
    double number;
    memcpy(&number, &bits, sizeof number);
    return heap_flonum(&worker, number == number ? number : 0.0);
}

/* Pairs and boxes that are there already may be changed: so cycles come about. */
static void tie(struct machine *m)
{
    tt_word what = pop(m);
    if (m->n == 0) return;
    tt_word v = m->stack[next(m) % m->n];
    if (tt_is_pair(what))
        *(next(m) % 2 ? &tt_pair(what)->car : &tt_pair(what)->cdr) = v;
    else if (tt_is_type(what, TT_TYPE_BOX))
        TT_OBJ(BOX, what)->value = v;
    push(m, what);
}

static bool step(struct machine *m)
{
    if (m->at == m->end) return false;
    uint8_t op = next(m);
    if (op >= 0x80) {
        push(m, tt_fixnum((tt_sword)op - 0xc0));
        return true;
    }
    switch (op % 24) {
    case 0: push(m, heap_cons(&worker, pop(m), pop(m))); break;
    case 1: push(m, make_vector(m, next(m) % 8)); break;
    case 2: push(m, make_object(TT_TYPE_BOX, 1, m)); break;
    case 3: push(m, make_promise(m)); break;
    case 4: push(m, make_condition(m)); break;
    case 5: push(m, make_signal(m)); break;
    case 6: push(m, make_bytes(m)); break;
    case 7: push(m, make_text(m, false)); break;
    case 8: push(m, make_text(m, true)); break;
    case 9: push(m, make_big(m)); break;
    case 10: push(m, make_far(m)); break;
    case 11: push(m, make_flonum(m)); break;
    case 12: push(m, near_pid(&worker, next_word(m) >> 8)); break;
    case 13: push(m, near_tag(&worker, next_word(m) >> 8)); break;
    case 14: push(m, port_of_number(&worker, next(m), false)); break;
    case 15: push(m, deadline_at(&worker, (int64_t)(next_word(m) >> 20), false)); break;
    case 16: push(m, tt_char(next(m))); break;
    case 17: push(m, m->n ? m->stack[next(m) % m->n] : TT_FALSE); break; /* sharing */
    case 18: tie(m); break;
    case 19: push(m, tt_fixnum((tt_sword)next_word(m) >> 3)); break;
    case 20: push(m, TT_NIL); break;
    case 21: push(m, TT_TRUE); break;
    case 22: push(m, TT_EOF); break;
    case 23: pop(m); break;
    }
    return true;
}

static tt_word build(const uint8_t *data, size_t size)
{
    struct machine m = {.at = data, .end = data + size};
    for (size_t i = 0; i < STEPS_MAX && step(&m); i++)
        continue;
    return make_vector(&m, m.n < 64 ? m.n : 64);
}

/* Of these equal? is more than the same bytes. */
static bool is_compared(tt_word v)
{
    return tt_is_fixnum(v) || tt_is_flonum(v) || tt_is_type(v, TT_TYPE_STRING);
}

static void check(tt_word v, const struct wire_ends *put_ends, const struct wire_ends *get_ends)
{
    struct wire_buf bytes = {0};
    struct wire_failure failure;
    tt_word copy;
    run_require(wire_put(&worker, v, put_ends, &bytes, &failure), "a value does not encode");
    run_require(wire_get(&worker, bytes.bytes, bytes.n, get_ends, &copy, &failure),
                "its bytes do not decode");
    for (size_t i = 0; i < TT_OBJ(VECTOR, v)->length; i++) {
        tt_word a = TT_OBJ(VECTOR, v)->ref[i], b = TT_OBJ(VECTOR, copy)->ref[i];
        if (is_compared(a)) run_require(value_equal(a, b), "a part of the value has changed");
    }
    buf_free(&bytes);
    run_check_again(v, put_ends);
}

/* `v` is old. */
static void check_steps(tt_word v, const struct wire_ends *put_ends)
{
    struct wire_buf bytes = {0};
    struct wire_failure failure;
    run_require(wire_put(&worker, v, put_ends, &bytes, &failure), "a value does not encode");
    run_check_steps(bytes.bytes, bytes.n, &run_ends_out, put_ends);
    buf_free(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run_start();
    tt_word v = build(data, size);
    /* The same run on both ends: what it has made comes home at once. */
    check(v, &run_ends_out, &run_ends_out);
    struct wire_ends zipping = run_ends_out;
    zipping.zips = true;
    check(v, &zipping, &run_ends_out);
    run_collect(&v);
    check_steps(v, &run_ends_out);
    check_steps(v, &zipping);
    return 0;
}
