#include "wire_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/abi/program.h"
#include "rt/code/jump.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/boots.h"
#include "rt/obj/far.h"
#include "rt/obj/record_type.h"
#include "rt/obj/symbol.h"

/* A program without code of its own: closures and frames are those of the runtime. */
const struct tt_program tt_program = {.abi_version = TT_ABI_VERSION, .name = "fuzz"};
static struct node node = {.program = &tt_program};
struct worker worker = {.node = &node, .winds = TT_NIL, .handlers = TT_NIL, .params = TT_NIL};
struct wire_ends run_ends_in = {.is_image = true}, run_ends_out = {.is_image = true};

int64_t __wrap_clock_now_ns(void);
int64_t __wrap_clock_now_ns(void) { return 0; }

void run_start(void)
{
    if (node.symbols) return;
    heap_init_process((size_t)1 << 30);
    heap_init_worker(&worker, NULL);
    node.symbols = symbol_table_new();
    node.record_types = record_type_table_new();
    memcpy(node.boot_id, "0123456789abcdef", sizeof node.boot_id);
    node.boots = boots_new(node.boot_id);
    node.far = far_table_new();
    uint32_t other = boots_index(node.boots, (const uint8_t *)"fedcba9876543210", "", 0, 0);
    run_ends_in.sender = run_ends_out.receiver = other;
}

void run_require(bool condition, const char *what)
{
    if (condition) return;
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

static void encode(tt_word v, const struct wire_ends *ends, struct wire_buf *out)
{
    struct wire_failure failure;
    bool ok = ends ? wire_put(&worker, v, ends, out, &failure) : wire_encode(&worker, v, out, &failure);
    text_free(&failure.path);
    run_require(ok, "a decoded value does not encode");
}

void run_check_again(tt_word v, const struct wire_ends *ends)
{
    struct wire_buf first = {0}, second = {0};
    struct wire_failure failure;
    tt_word again;
    encode(v, ends, &first);
    bool ok = ends ? wire_get(&worker, first.bytes, first.n, ends, &again, &failure)
                   : wire_decode(&worker, first.bytes, first.n, &again, &failure);
    run_require(ok, "its bytes do not decode");
    encode(again, ends, &second);
    run_require(first.n == second.n && memcmp(first.bytes, second.bytes, first.n) == 0, "its bytes change");
    buf_free(&first);
    buf_free(&second);
}

void run_collect(tt_word *value)
{
    tt_word bottom[] = {(tt_word)tt_special_exit};
    worker.stack_top = bottom + 1;
    heap_collect_minor(&worker, value, 1, bottom);
}

static enum wire_status get_in_steps(const uint8_t *bytes, size_t n, const struct wire_ends *ends,
                                     tt_word *out)
{
    struct wire_getting *g = wire_get_begin(&worker, bytes, n, ends);
    struct wire_failure failure;
    tt_word nothing = TT_FALSE;
    enum wire_progress progress;
    while ((progress = wire_get_step(g, out, &failure)) == WIRE_GOES_ON)
        run_collect(&nothing);
    wire_get_end(g);
    run_require((progress == WIRE_DONE) == (failure.status == WIRE_OK), "a step with two ends");
    return failure.status;
}

static void put_in_steps(tt_word *v, const struct wire_ends *ends, struct wire_buf *out)
{
    struct wire_putting *p = wire_put_begin(&worker, *v, ends);
    struct wire_failure failure;
    enum wire_progress progress;
    while ((progress = wire_put_step(p, false, out, &failure)) >= WIRE_GOES_ON)
        run_collect(v);
    run_require(progress == WIRE_DONE, "a decoded value does not encode in steps");
    wire_put_end(p);
}

void run_check_steps(const uint8_t *bytes, size_t n, const struct wire_ends *get_ends,
                     const struct wire_ends *put_ends)
{
    struct wire_failure failure;
    struct wire_buf first = {0}, second = {0};
    tt_word v, again;
    bool ok = wire_get(&worker, bytes, n, get_ends, &v, &failure);
    run_require(get_in_steps(bytes, n, get_ends, &again) == failure.status, "another failure in steps");
    if (!ok) return;
    encode(again, put_ends, &first);
    put_in_steps(&again, put_ends, &second);
    run_require(first.n == second.n && memcmp(first.bytes, second.bytes, first.n) == 0,
                "other bytes in steps");
    buf_free(&first);
    buf_free(&second);
}
