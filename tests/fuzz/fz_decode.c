/* Any bytes are decoded to a value or to an error, without a crash; what decodes
 * encodes again, to bytes that give the same bytes once more. Two inputs in one: the
 * bytes as they are, and as the body behind a good header. */
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
#include "rt/wire/format.h"
#include "rt/wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A program without code of its own: closures and frames are those of the runtime. */
const struct tt_program tt_program = {.abi_version = TT_ABI_VERSION, .name = "fuzz"};
static struct node node = {.program = &tt_program};
static struct worker worker = {.node = &node, .winds = TT_NIL, .handlers = TT_NIL, .params = TT_NIL};

/* The linker puts it in the place of clock_now_ns: deadlines encode as they were. */
int64_t __wrap_clock_now_ns(void);
int64_t __wrap_clock_now_ns(void) { return 0; }

static void start(void)
{
    heap_init_process((size_t)1 << 30);
    heap_init_worker(&worker, NULL);
    node.symbols = symbol_table_new();
    node.record_types = record_type_table_new();
    memcpy(node.boot_id, "0123456789abcdef", sizeof node.boot_id);
    node.boots = boots_new(node.boot_id);
    node.far = far_table_new();
}

static void require(bool condition, const char *what)
{
    if (condition) return;
    fprintf(stderr, "fz_decode: %s\n", what);
    abort();
}

static void encode(tt_word v, struct wire_buf *out)
{
    struct wire_failure failure;
    require(wire_encode(&worker, v, out, &failure), "a decoded value does not encode");
    text_free(&failure.path);
}

static void check_again(tt_word v)
{
    struct wire_buf first = {0}, second = {0};
    struct wire_failure failure;
    tt_word again;
    encode(v, &first);
    require(wire_decode(&worker, first.bytes, first.n, &again, &failure), "its bytes do not decode");
    encode(again, &second);
    require(first.n == second.n && memcmp(first.bytes, second.bytes, first.n) == 0, "its bytes change");
    buf_free(&first);
    buf_free(&second);
}

/* What is left of one input, finished or not, must not trouble the collector. */
static void collect(tt_word *value)
{
    tt_word bottom[] = {(tt_word)tt_special_exit};
    worker.stack_top = bottom + 1;
    heap_collect_minor(&worker, value, 1, bottom);
}

static void decode(const uint8_t *bytes, size_t n)
{
    struct wire_failure failure;
    tt_word v;
    if (wire_decode(&worker, bytes, n, &v, &failure)) check_again(v);
    require(failure.offset <= n || n < WIRE_HEADER_BYTES || bytes[4], "an error behind the end");
    collect(&v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!node.symbols) start();
    decode(data, size);
    uint8_t *message = malloc(WIRE_HEADER_BYTES + size);
    memcpy(message, (const uint8_t[]){'T', 'T', 'W', WIRE_VERSION, 0}, WIRE_HEADER_BYTES);
    if (size) memcpy(message + WIRE_HEADER_BYTES, data, size);
    decode(message, WIRE_HEADER_BYTES + size);
    free(message);
    return 0;
}
