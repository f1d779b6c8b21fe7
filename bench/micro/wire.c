/* wire [REPEATS]: what encoding and decoding cost: long lists, large bytevectors, a small message with the
 * macs of its pid and tag. Times are of this thread's CPU, the best of five rounds, collections included. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rt/abi/program.h"
#include "rt/code/jump.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/boots.h"
#include "rt/obj/far.h"
#include "rt/obj/record_type.h"
#include "rt/obj/symbol.h"
#include "rt/wire/wire.h"

#define ROUNDS 5

const struct tt_program tt_program = {.abi_version = TT_ABI_VERSION, .name = "micro"};

/* Two runs in one process: `here` sends to `there`. */
struct side {
    struct node node;
    struct worker worker;
    struct wire_ends out, in;
};
static struct side here = {.node.boot_id = "here", .node.mac_key = "one"};
static struct side there = {.node.boot_id = "there", .node.mac_key = "two"};

static void start(struct side *side, const struct side *other)
{
    struct worker *w = &side->worker;
    w->node = &side->node;
    w->winds = w->handlers = w->params = TT_NIL;
    heap_init_worker(w, NULL);
    side->node.program = &tt_program;
    side->node.symbols = symbol_table_new();
    side->node.record_types = record_type_table_new();
    side->node.boots = boots_new(side->node.boot_id);
    side->node.far = far_table_new();
    uint32_t peer = boots_index(side->node.boots, other->node.boot_id, "localhost", 9, 24000);
    side->out = (struct wire_ends){.sender = 0, .receiver = peer};
    side->in = (struct wire_ends){.sender = peer, .receiver = 0};
}

/* A young list does not survive: the collection that a worker would make at its next safe point. */
static void collect(struct side *side, tt_word *value)
{
    tt_word bottom[] = {(tt_word)tt_special_exit};
    side->worker.stack_top = bottom + 1;
    heap_collect_minor(&side->worker, value, 1, bottom);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static tt_word get(struct side *side, const struct wire_buf *message)
{
    struct wire_failure failure;
    tt_word v;
    if (!wire_get(&side->worker, message->bytes, message->n, &side->in, &v, &failure)) {
        fprintf(stderr, "wire: %s\n", wire_status_text(failure.status));
        exit(1);
    }
    return v;
}

static void put(struct side *side, tt_word v, struct wire_buf *out)
{
    struct wire_failure failure;
    out->n = 0;
    if (!wire_put(&side->worker, v, &side->out, out, &failure)) exit(1);
}

static double time_put(tt_word v, unsigned repeats, struct wire_buf *message)
{
    double best = 1e30;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        for (unsigned i = 0; i < repeats; i++)
            put(&here, v, message);
        double took = (now() - begin) / repeats;
        if (took < best) best = took;
    }
    return best;
}

static double time_get(unsigned repeats, const struct wire_buf *message)
{
    double best = 1e30;
    for (int round = 0; round < ROUNDS; round++) {
        double begin = now();
        for (unsigned i = 0; i < repeats; i++) {
            tt_word v = get(&there, message);
            if (heap_wants_collection(&there.worker)) {
                v = TT_NIL;
                collect(&there, &v);
            }
        }
        double took = (now() - begin) / repeats;
        if (took < best) best = took;
    }
    return best;
}

static void report(const char *what, tt_word v, unsigned repeats, double units, const char *unit)
{
    struct wire_buf message = {0};
    double encode = time_put(v, repeats, &message);
    v = TT_NIL; /* the reader has nothing else to keep */
    collect(&here, &v);
    double decode = time_get(repeats, &message);
    printf("%-28s %9zu bytes   encode %8.2f  decode %8.2f  ns per %s\n", what, message.n, encode / units,
           decode / units, unit);
    buf_free(&message);
}

static tt_word list_of(size_t n, tt_sword step, tt_word element)
{
    tt_word list = TT_NIL;
    for (size_t i = n; i-- > 0;)
        list = heap_cons(&here.worker, element ? element : tt_fixnum((tt_sword)i * step), list);
    collect(&here, &list);
    return list;
}

static tt_word flonums_of(size_t n)
{
    tt_word list = TT_NIL;
    for (size_t i = n; i-- > 0;)
        list = heap_cons(&here.worker, heap_flonum(&here.worker, (double)i / 3), list);
    collect(&here, &list);
    return list;
}

static tt_word small_message(void)
{
    tt_word tail = heap_cons(&here.worker, symbol_intern_text(&here.worker, "ping"), TT_NIL);
    tail = heap_cons(&here.worker, near_tag(&here.worker, 77), tail);
    tt_word list = heap_cons(&here.worker, near_pid(&here.worker, 5), tail);
    collect(&here, &list);
    return list;
}

static tt_word bytes_of(size_t n)
{
    struct tt_obj_BYTEVECTOR *v = heap_alloc_old_atomic(&here.worker, sizeof *v + n);
    v->header = TT_HEADER((tt_word)TT_TYPE_BYTEVECTOR);
    v->length = n;
    memset(v->byte, 'x', n);
    return tt_tagged(v, TT_TAG_OBJECT);
}

int main(int argc, char **argv)
{
    unsigned repeats = argc > 1 ? (unsigned)atoi(argv[1]) : 100;
    heap_init_process((size_t)1 << 30);
    start(&here, &there);
    start(&there, &here);
    report("200 000 integers 0 1 2 ...", list_of(200000, 1, 0), repeats, 200000, "element");
    report("200 000 times 7", list_of(200000, 0, tt_fixnum(7)), repeats, 200000, "element");
    report("200 000 symbols", list_of(200000, 0, TT_SYM(TIMEOUT)), repeats, 200000, "element");
    report("200 000 flonums", flonums_of(200000), repeats, 200000, "element");
    report("1000 integers", list_of(1000, 1, 0), 100 * repeats, 1000, "element");
    report("bytevector of 1 MB", bytes_of((size_t)1 << 20), repeats, 1024, "KB");
    report("(pid tag ping)", small_message(), 10000 * repeats, 1, "message");
    return 0;
}
