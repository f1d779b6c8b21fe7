/* Values between two runs, in one process: what a run has made and how it comes home, times, images, limits,
 * compression that lies, and what a hostile message may cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gc.h>
#include <zstd.h>

#include "rt/abi/program.h"
#include "rt/code/jump.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/boots.h"
#include "rt/obj/deadline.h"
#include "rt/obj/equal.h"
#include "rt/obj/far.h"
#include "rt/obj/hash.h"
#include "rt/obj/port.h"
#include "rt/obj/record_type.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/wire/format.h"
#include "rt/wire/wire.h"

/* Return points with many slots, by number of slots; never entered. */
#define CODE_SLOTS_MAX 128
static const struct code {
    struct tt_code_desc desc;
    uint8_t classes[CODE_SLOTS_MAX];
} codes[] = {
    {.desc = {.kind = TT_CODE_RETURN, .n_slots = 64, .id = "64 slots"}},
    {.desc = {.kind = TT_CODE_RETURN, .n_slots = 128, .id = "long, 128 slots"}},
};
#define N_CODES (sizeof codes / sizeof *codes)
static int32_t code_table[N_CODES];
const struct tt_program tt_program = {
    .abi_version = TT_ABI_VERSION, .name = "test", .code_table = code_table, .n_codes = N_CODES};

struct side {
    struct node node;
    struct worker worker;
    tt_word stack[4];
    struct wire_ends out, in;
};
static struct side a = {.node.boot_id = "run a", .node.mac_key = "key a"};
static struct side b = {.node.boot_id = "run b", .node.mac_key = "key b"};

/* The linker puts it in the place of clock_now_ns. */
static int64_t now_ns;
int64_t __wrap_clock_now_ns(void);
int64_t __wrap_clock_now_ns(void) { return now_ns; }

static void start(struct side *side)
{
    struct worker *w = &side->worker;
    w->node = &side->node;
    w->winds = w->handlers = w->params = TT_NIL;
    w->stack_base = side->stack;
    w->stack_top = side->stack + 4;
    side->stack[3] = (tt_word)tt_special_exit;
    w->saved_sp = side->stack + 3;
    heap_init_worker(w, NULL);
    side->node.program = &tt_program;
    side->node.symbols = symbol_table_new();
    side->node.record_types = record_type_table_new();
    side->node.boots = boots_new(side->node.boot_id);
    side->node.far = far_table_new();
}

static void introduce(struct side *side, const struct side *other)
{
    uint32_t peer = boots_index(side->node.boots, other->node.boot_id, "", 0, 0);
    side->out = (struct wire_ends){.sender = 0, .receiver = peer};
    side->in = (struct wire_ends){.sender = peer, .receiver = 0};
}

static int set_up(void **state)
{
    heap_init_process((size_t)1 << 30);
    for (size_t i = 0; i < N_CODES; i++)
        code_table[i] = (int32_t)((const char *)&codes[i] - (const char *)&code_table[i]);
    start(&a);
    start(&b);
    introduce(&a, &b);
    introduce(&b, &a);
    return 0;
}

/* -- helpers --------------------------------------------------------------- */

static struct wire_buf put(struct side *side, tt_word v)
{
    struct wire_buf out = {0};
    struct wire_failure failure;
    assert_true(wire_put(&side->worker, v, &side->out, &out, &failure));
    return out;
}

static enum wire_status try_get(struct side *side, const struct wire_buf *message, tt_word *out)
{
    struct wire_failure failure;
    wire_get(&side->worker, message->bytes, message->n, &side->in, out, &failure);
    return failure.status;
}

/* `v` of one side, as it is on the other. */
static tt_word carry(struct side *from, struct side *to, tt_word v)
{
    struct wire_buf message = put(from, v);
    tt_word got = TT_NONE;
    assert_int_equal(try_get(to, &message, &got), WIRE_OK);
    buf_free(&message);
    return got;
}

static tt_word list2(struct side *side, tt_word x, tt_word y)
{
    return heap_cons(&side->worker, x, heap_cons(&side->worker, y, TT_NIL));
}

static tt_word pid_of(uint64_t serial) { return near_pid(&a.worker, serial); }
static tt_word tag_of(uint64_t serial) { return near_tag(&a.worker, serial); }

static void collect(struct side *side) { heap_collect_minor(&side->worker, NULL, 0, side->stack + 3); }

/* -- what a run has made --------------------------------------------------- */

static void check_goes_and_comes(tt_word v, enum far_kind kind, uint64_t serial)
{
    struct far far;
    tt_word there = carry(&a, &b, v);
    assert_true(tt_is_object(there));
    assert_int_equal(far_kind(there), kind);
    far_read(there, &far);
    assert_int_equal(far.boot, b.in.sender);
    assert_int_equal(far.serial, serial);
    assert_true(near_mac_is(&a.worker, kind, serial, far.mac));
    assert_true(carry(&a, &b, v) == there);
    assert_true(carry(&b, &a, there) == v);
    assert_true(carry(&a, &b, list2(&a, v, v)) != TT_NONE);
}

static void test_identities(void **state)
{
    check_goes_and_comes(pid_of(7), FAR_PID, 7);
    check_goes_and_comes(pid_of(((uint64_t)1 << FAR_SERIAL_BITS) - 1), FAR_PID,
                         ((uint64_t)1 << FAR_SERIAL_BITS) - 1);
    check_goes_and_comes(tag_of(0), FAR_TAG, 0);
    check_goes_and_comes(port_of_number(&a.worker, PORT_OUTPUT, false), FAR_PORT, PORT_OUTPUT);
    tt_word file = port_of_number(&a.worker, 1234, false);
    tt_word back = carry(&b, &a, carry(&a, &b, file));
    assert_true(tt_is_type(back, TT_TYPE_PORT) && port_number(back) == 1234);
    assert_true(value_eqv(back, file) && hash_value(back) == hash_value(file));
    assert_true(hash_value(carry(&a, &b, file)) == hash_value(file));
}

/* A pid hashes the same at home and elsewhere: tables travel. */
static void test_hashes(void **state)
{
    assert_int_equal(hash_value(pid_of(77)), hash_value(carry(&a, &b, pid_of(77))));
    assert_int_equal(hash_value(tag_of(77)), hash_value(carry(&a, &b, tag_of(77))));
    assert_int_not_equal(hash_value(tag_of(77)), hash_value(pid_of(77)));
}

/* Every bit of serial, kind and mac counts. */
static void test_forgery(void **state)
{
    tt_word got;
    struct wire_buf message = put(&b, carry(&a, &b, pid_of(5)));
    for (size_t i = 3; i < message.n; i++) { /* behind flags, tag, boot */
        message.bytes[i] ^= 1;
        assert_int_equal(try_get(&a, &message, &got), WIRE_BAD_PID);
        message.bytes[i] ^= 1;
    }
    message.bytes[1] = WIRE_TAG;
    assert_int_equal(try_get(&a, &message, &got), WIRE_BAD_PID);
    buf_free(&message);
}

/* A tag is not to be guessed: 2^18 attempts. */
static void test_guesses(void **state)
{
    uint8_t mac[FAR_MAC_BYTES] = {0};
    size_t n_right = 0;
    for (uint32_t i = 0; i < 1u << 18; i++) {
        memcpy(mac, &i, sizeof i);
        n_right += near_mac_is(&a.worker, FAR_TAG, 77, mac);
    }
    assert_int_equal(n_right, 0);
}

static void test_long_symbols(void **state)
{
    struct wire_buf message = {0};
    tt_word got;
    buf_put(&message, "\0\x08", 2);
    buf_put_varint(&message, WIRE_MAX_SYMBOL_CHARS + 1);
    for (size_t i = 0; i <= WIRE_MAX_SYMBOL_CHARS; i++)
        buf_put_byte(&message, 'a');
    assert_int_equal(try_get(&b, &message, &got), WIRE_TOO_LARGE);
    buf_free(&message);
}

/* The pid of a third run goes from hand to hand, with the address that was known first. */
static void test_third_party(void **state)
{
    struct far far = {.serial = 9, .mac = "0123456789abcde"};
    far.boot = boots_index(a.node.boots, (const uint8_t *)"the third run...", "far.example", 11, 4000);
    tt_word pid = far_intern(&a.worker, FAR_PID, &far), there = carry(&a, &b, list2(&a, pid, pid));
    assert_true(tt_car(there) == tt_car(tt_cdr(there)));
    far_read(tt_car(there), &far);
    const struct boot *boot = boots_at(b.node.boots, far.boot);
    assert_memory_equal(boot->id, "the third run...", 16);
    assert_string_equal(boot->host, "far.example");
    assert_int_equal(boot->port, 4000);
    assert_int_equal(boots_index(b.node.boots, boot->id, "other", 5, 1), far.boot);
    assert_string_equal(boot->host, "far.example");
    assert_true(carry(&b, &a, tt_car(there)) == pid);
}

static void test_services(void **state)
{
    struct tt_obj_NODE *node = heap_alloc(&a.worker, sizeof *node);
    *node = (struct tt_obj_NODE){TT_HEADER((tt_word)TT_TYPE_NODE), string_from_text(&a.worker, "h"),
                                 tt_fixnum(4000)};
    struct tt_obj_SERVICE *service = heap_alloc(&a.worker, sizeof *service);
    *service = (struct tt_obj_SERVICE){TT_HEADER((tt_word)TT_TYPE_SERVICE), tt_tagged(node, TT_TAG_OBJECT),
                                       symbol_intern_text(&a.worker, "log")};
    tt_word v = tt_tagged(service, TT_TAG_OBJECT), there = carry(&a, &b, v);
    assert_true(tt_is_type(there, TT_TYPE_SERVICE));
    assert_int_equal(hash_value(v), hash_value(there));
    assert_true(value_equal(v, carry(&b, &a, there)));
}

/* -- times, images, limits -------------------------------------------------- */

static void test_deadlines(void **state)
{
    now_ns = 5000000000;
    struct wire_buf message = put(&a, deadline_at(&a.worker, now_ns + 2000000, false));
    tt_word got;
    now_ns = 77;
    assert_int_equal(try_get(&b, &message, &got), WIRE_OK);
    assert_true(deadline_is(got) && deadline_ns(got) >= 77 + 2000000 && deadline_ns(got) < 77 + 2002000);
    buf_free(&message);
    now_ns = 9000000000;
    assert_int_equal(deadline_ns(carry(&a, &b, deadline_at(&a.worker, 1, false))), now_ns); /* it is over */
}

static tt_word signal_of(struct side *side)
{
    struct tt_obj_SIGNAL *signal = heap_alloc(&side->worker, sizeof *signal);
    *signal = (struct tt_obj_SIGNAL){TT_HEADER((tt_word)TT_TYPE_SIGNAL), TT_SYM(NOPROC), TT_NIL, pid_of(1)};
    return tt_tagged(signal, TT_TAG_OBJECT);
}

static void test_images(void **state)
{
    struct wire_buf out = {0};
    struct wire_failure failure;
    tt_word v = list2(&a, tt_fixnum(1), signal_of(&a)), got;
    assert_false(wire_put(&a.worker, v, &a.out, &out, &failure));
    assert_int_equal(failure.status, WIRE_NOT_SERIALIZABLE);
    assert_int_equal(failure.path.n, strlen("element 1 of a list"));
    assert_memory_equal(failure.path.bytes, "element 1 of a list", failure.path.n);
    assert_int_equal(out.n, 0);
    text_free(&failure.path);
    a.out.is_image = true;
    assert_true(wire_put(&a.worker, v, &a.out, &out, &failure));
    a.out.is_image = false;
    assert_int_equal(try_get(&b, &out, &got), WIRE_BAD_TAG);
    b.in.is_image = true;
    assert_int_equal(try_get(&b, &out, &got), WIRE_OK);
    b.in.is_image = false;
    assert_true(tt_is_type(tt_car(tt_cdr(got)), TT_TYPE_SIGNAL));
    buf_free(&out);
}

static tt_word bytes_of(struct side *side, size_t n)
{
    struct tt_obj_BYTEVECTOR *v = heap_alloc_atomic(&side->worker, sizeof *v + n);
    v->header = TT_HEADER((tt_word)TT_TYPE_BYTEVECTOR);
    v->length = n;
    memset(v->byte, 'x', n);
    return tt_tagged(v, TT_TAG_OBJECT);
}

/* The sender is told, and nothing of it goes out. */
static void test_too_large(void **state)
{
    struct wire_buf out = {0};
    struct wire_failure failure;
    buf_put(&out, "front", 5);
    a.out.max_bytes = 1000;
    assert_false(wire_put(&a.worker, bytes_of(&a, 1000), &a.out, &out, &failure));
    assert_int_equal(failure.status, WIRE_TOO_LARGE);
    assert_int_equal(out.n, 5);
    assert_true(wire_put(&a.worker, bytes_of(&a, 900), &a.out, &out, &failure));
    a.out.max_bytes = 0;
    buf_free(&out);
}

/* What is too large is found out when so much has been written, and not behind all of it. */
static void test_too_large_early(void **state)
{
    struct wire_buf out = {0};
    struct wire_failure failure;
    tt_word numbers = TT_NIL, texts = TT_NIL, text = string_from_text(&a.worker, "text");
    for (tt_sword i = 0; i < 1000000; i++) {
        numbers = heap_cons(&a.worker, tt_fixnum(i), numbers);
        texts = heap_cons(&a.worker, text, texts);
    }
    tt_word values[] = {numbers, texts, heap_cons(&a.worker, TT_FALSE, numbers),
                        heap_cons(&a.worker, texts, TT_NIL)};
    a.out.max_bytes = 1000;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_false(wire_put(&a.worker, values[i], &a.out, &out, &failure));
        assert_int_equal(failure.status, WIRE_TOO_LARGE);
        assert_int_equal(out.n, 0);
        assert_in_range(out.capacity, 0, 100000);
    }
    a.out.max_bytes = 0;
    buf_free(&out);
}

/* -- compression ------------------------------------------------------------ */

static void test_zip(void **state)
{
    struct wire_buf zipped, plain = put(&a, bytes_of(&a, 100000));
    tt_word got;
    a.out.zips = true;
    zipped = put(&a, bytes_of(&a, 100000));
    struct wire_buf small = put(&a, bytes_of(&a, 900));
    a.out.zips = false;
    assert_true(zipped.n < plain.n / 100 && zipped.bytes[0] == WIRE_FLAG_ZIPPED && small.bytes[0] == 0);
    assert_int_equal(try_get(&b, &zipped, &got), WIRE_OK);
    assert_int_equal(TT_OBJ(BYTEVECTOR, got)->length, 100000);
    b.in.max_bytes = 50000;
    assert_int_equal(try_get(&b, &zipped, &got), WIRE_TOO_LARGE);
    b.in.max_bytes = 0;
    for (size_t n = 0; n < zipped.n; n++) {
        struct wire_buf cut = {zipped.bytes, n, n, false};
        assert_int_not_equal(try_get(&b, &cut, &got), WIRE_OK);
    }
    buf_free(&zipped);
    buf_free(&plain);
    buf_free(&small);
}

struct zip_options {
    int window_log, content_size;
    const char *dictionary;
};

/* A message whose body, a vector of `n` small integers, is compressed with these options; the frame `times` times. */
static struct wire_buf zip_with(size_t n, struct zip_options options, unsigned times)
{
    struct wire_buf body = {0}, message = {0};
    buf_put_byte(&body, WIRE_VECTOR);
    buf_put_varint(&body, n);
    for (size_t i = 0; i < n; i++)
        buf_put_byte(&body, WIRE_SMALL);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, options.content_size);
    if (options.window_log) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, options.window_log);
    if (options.dictionary) ZSTD_CCtx_loadDictionary(context, options.dictionary, strlen(options.dictionary));
    size_t room = ZSTD_compressBound(body.n);
    uint8_t *out = malloc(room);
    size_t size = ZSTD_compress2(context, out, room, body.bytes, body.n);
    assert_false(ZSTD_isError(size));
    buf_put_byte(&message, WIRE_FLAG_ZIPPED);
    for (; times > 0; times--)
        buf_put(&message, out, size);
    free(out);
    ZSTD_freeCCtx(context);
    buf_free(&body);
    return message;
}

static void check_zip(struct wire_buf message, enum wire_status expected)
{
    tt_word got;
    assert_int_equal(try_get(&b, &message, &got), expected);
    buf_free(&message);
}

static void test_zip_lies(void **state)
{
    struct wire_buf message;
    check_zip(zip_with(1000, (struct zip_options){.content_size = 1}, 1), WIRE_OK);
    check_zip(zip_with(1000, (struct zip_options){.content_size = 0}, 1), WIRE_BAD_ZIP);
    check_zip(zip_with(1000, (struct zip_options){.content_size = 1}, 2), WIRE_BAD_ZIP); /* two frames */
    /* Frames of a known size need no window larger than that: it takes a large one to need 2^24. */
    check_zip(zip_with((size_t)20 << 20, (struct zip_options){.content_size = 1, .window_log = 24}, 1),
              WIRE_BAD_ZIP);
    check_zip(zip_with((size_t)9 << 20, (struct zip_options){.content_size = 1, .window_log = 22}, 1),
              WIRE_OK);
    check_zip(zip_with((size_t)300 << 20, (struct zip_options){.content_size = 1, .window_log = 20}, 1),
              WIRE_TOO_LARGE);
    /* A skippable frame alone, and in front. */
    static const uint8_t skip[] = {WIRE_FLAG_ZIPPED, 0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 'h', 'i'};
    message = (struct wire_buf){0};
    buf_put(&message, skip, sizeof skip);
    check_zip(message, WIRE_BAD_ZIP);
    struct wire_buf good = zip_with(1000, (struct zip_options){.content_size = 1}, 1);
    message = (struct wire_buf){0};
    buf_put(&message, skip, sizeof skip);
    buf_put(&message, good.bytes + 1, good.n - 1);
    buf_free(&good);
    check_zip(message, WIRE_BAD_ZIP);
    /* A frame header that wants dictionary 7: descriptor with a one-byte id, size 10. */
    static const uint8_t wants[] = {WIRE_FLAG_ZIPPED, 0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 10, 1, 0, 0};
    message = (struct wire_buf){0};
    buf_put(&message, wants, sizeof wants);
    check_zip(message, WIRE_BAD_ZIP);
}

/* -- what a message may cost ------------------------------------------------- */

/* Malloc'd bytes, by the linker's --wrap: the tables. */
static size_t n_malloced;
void *__real_realloc(void *old, size_t n);
void *__wrap_realloc(void *old, size_t n);
void *__wrap_realloc(void *old, size_t n)
{
    n_malloced += n;
    return __real_realloc(old, n);
}

/* A message of about `bytes` bytes that begins with `front`, repeats `unit`, and is cut off there: what it
 * has allocated until then, per byte. Tables double, so what all steps took together is twice the last one. */
static double cost_of(const char *front, size_t n_front, const char *unit, size_t n_unit, size_t bytes)
{
    struct wire_buf message = {0};
    tt_word got;
    buf_put_byte(&message, 0);
    buf_put(&message, front, n_front);
    while (message.n < bytes)
        buf_put(&message, unit, n_unit);
    n_malloced = 0;
    size_t before = GC_get_total_bytes();
    assert_int_not_equal(try_get(&b, &message, &got), WIRE_OK);
    double cost = (double)(GC_get_total_bytes() - before + n_malloced / 2);
    buf_free(&message);
    collect(&b);
    return cost / (double)bytes;
}

#define COST(unit)           cost_of(COUNTED, sizeof COUNTED - 1, unit, sizeof unit - 1, (size_t)1 << 20)
#define COST_IN(front, unit) cost_of(front, sizeof front - 1, unit, sizeof unit - 1, (size_t)1 << 20)
/* A vector of 2^19 elements, in varint. */
#define COUNTED "\x0d\x80\x80\x20"

static void test_cost(void **state)
{
    static const double most = 48;               /* FORMAT.md */
    assert_true(COST_IN("", "\x12") < most);     /* boxes in boxes */
    assert_true(COST_IN("", "\x0d\x02") < most); /* vectors of two, nested in front */
    assert_true(COST_IN("", "\x0b\x01") < most); /* lists of one, nested in front */
    assert_true(COST_IN("", "\x0b\x02") < most);
    assert_true(COST("\x07\x00") < most);                    /* empty strings */
    assert_true(COST("\x0d\x00") < most);                    /* empty vectors */
    assert_true(COST("\x0e\x00") < most);                    /* empty bytevectors */
    assert_true(COST("\x0c\x01\x00\x81") < most);            /* lists of one integer */
    assert_true(COST("\x06\0\0\0\0\0\0\0\0") < most);        /* flonums */
    assert_true(COST("\x05\x91\x92") < most);                /* rationals */
    assert_true(COST("\x16\x00\x00\x00") < most);            /* empty continuations */
    assert_true(COST_IN("\x0b\x80\x80\x20", "\x81") < most); /* a long list */
    assert_true(COST_IN("\x0c\x80\x80\x20", "\x00") < most);
    assert_true(COST("\x13\x01\x01") < most); /* promises in promises */
}

static void put_code(struct wire_buf *out, const char *id, uint8_t kind, uint64_t n_slots)
{
    uint8_t bytes[16] = {0};
    memcpy(bytes, id, strlen(id));
    buf_put_byte(out, 0);
    buf_put(out, bytes, sizeof bytes);
    buf_put_byte(out, kind);
    buf_put_varint(out, n_slots);
    buf_put_byte(out, 0);
}

/* A continuation of the exit frame alone, and one of n frames of the same code above that. */
static struct wire_buf many_frames(size_t n, const struct tt_code_desc *desc)
{
    struct wire_buf message = {0};
    buf_put(&message, (const uint8_t[]){0, WIRE_VECTOR, 2, WIRE_CONTINUATION, 0, 1, 0}, 7);
    put_code(&message, "exit", TT_CODE_SPECIAL, 0);
    buf_put(&message, (const uint8_t[]){WIRE_CONTINUATION, 0}, 2);
    buf_put_varint(&message, n);
    buf_put_byte(&message, 1);
    put_code(&message, (const char *)desc->id, TT_CODE_RETURN, desc->n_slots);
    memset(buf_room(&message, n - 1), 2, n - 1);
    message.n += n - 1;
    return message;
}

/* All slots together are 2^32, or a little more: 0 where sizes have 32 bits. */
static void test_slots_wrap(void **state)
{
    static const size_t n_frames[N_CODES] = {(size_t)1 << 26, (size_t)1 << 25};
    for (size_t i = 0; i < N_CODES; i++)
        for (size_t more = 0; more < 2; more++) {
            struct wire_buf message = many_frames(n_frames[i] + more, &codes[i].desc);
            bool is_beyond_limit = 1 + n_frames[i] + more > WIRE_MAX_OBJECTS;
            tt_word got;
            assert_int_equal(try_get(&b, &message, &got), is_beyond_limit ? WIRE_TOO_LARGE : WIRE_TRUNCATED);
            buf_free(&message);
        }
}

/* Something with a count that is refused although so many bytes are there; what it allocates until then. */
static size_t cost_of_count(const char *front, size_t n_front, size_t n)
{
    struct wire_buf message = {0};
    tt_word got;
    buf_put_byte(&message, 0);
    buf_put(&message, front, n_front);
    buf_put_varint(&message, n);
    assert_non_null(buf_room(&message, n + 100));
    size_t before = GC_get_total_bytes();
    n_malloced = 0;
    memset(message.bytes + message.n, WIRE_SMALL, n + 100);
    message.n += n + 100;
    assert_int_equal(try_get(&b, &message, &got), WIRE_TOO_LARGE);
    size_t cost = GC_get_total_bytes() - before + n_malloced;
    buf_free(&message);
    return cost;
}

static void test_counts(void **state)
{
    static const size_t most = 4096;
    assert_true(cost_of_count("\x0b", 1, WIRE_MAX_OBJECTS + 1) < most); /* list */
    assert_true(cost_of_count("\x0c", 1, WIRE_MAX_OBJECTS + 1) < most); /* integers */
    assert_true(cost_of_count("\x0c", 1, 200000000) < most);
    assert_true(cost_of_count("\x0d", 1, WIRE_MAX_WORDS) < most); /* vector: it has a header, too */
    assert_true(cost_of_count("\x11", 1, WIRE_MAX_WORDS) < most); /* values */
    assert_true(cost_of_count("\x10\x00\x08\x01t", 5, WIRE_MAX_WORDS) < most); /* fields of a record type */
    assert_true(cost_of_count("\x16\x00", 2, WIRE_MAX_OBJECTS + 1) < most);    /* frames */
}

/* What a count promises costs next to nothing when the bytes are not there. */
static void test_promises(void **state)
{
    static const char *const fronts[] = {"\x0b", "\x0c", "\x0d",     "\x0e", "\x07",
                                         "\x08", "\x11", "\x16\x00", "\x04"};
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++) {
        struct wire_buf message = {0};
        tt_word got;
        buf_put_byte(&message, 0);
        buf_put(&message, fronts[i], fronts[i][0] == 0x16 ? 2 : 1);
        buf_put_varint(&message, (uint64_t)4 << 30);
        buf_put(&message, "\x81\x81\x81\x81", 4);
        n_malloced = 0;
        size_t before = GC_get_total_bytes();
        assert_int_not_equal(try_get(&b, &message, &got), WIRE_OK);
        assert_true(GC_get_total_bytes() - before + n_malloced < (size_t)64 << 10);
        buf_free(&message);
    }
}

/* What a peer has named is forgotten when nothing uses it any more. */
static void test_symbols_go(void **state)
{
    enum { MESSAGES = 200, SYMBOLS = 1000 };
    size_t before = symbol_table_count(b.node.symbols);
    for (unsigned i = 0; i < MESSAGES; i++) {
        struct wire_buf message = {0};
        tt_word got;
        buf_put_byte(&message, 0);
        buf_put_byte(&message, WIRE_VECTOR);
        buf_put_varint(&message, SYMBOLS);
        for (unsigned j = 0; j < SYMBOLS; j++) {
            uint32_t name[2] = {0x41414141 + i, 0x42424242 + j};
            buf_put(&message, "\x08\x08", 2);
            for (size_t k = 0; k < 8; k++)
                buf_put_byte(&message, (uint8_t)(name[k / 4] >> k % 4 * 7 & 0x7f));
        }
        assert_int_equal(try_get(&b, &message, &got), WIRE_OK);
        buf_free(&message);
    }
    collect(&b);
    heap_collect_major();
    assert_true(symbol_table_count(b.node.symbols) - before < MESSAGES * SYMBOLS / 20);
    assert_true(symbol_intern_text(&b.worker, "timeout") == TT_SYM(TIMEOUT));
}

/* Any cut and any changed byte: an error or a value. */
static void test_damage(void **state)
{
    tt_word v = list2(&a, pid_of(3), list2(&a, tag_of(4), symbol_intern_text(&a.worker, "x")));
    v = list2(&a, v, list2(&a, deadline_at(&a.worker, 5, false), port_of_number(&a.worker, 1, false)));
    struct wire_buf message = put(&a, v);
    tt_word got;
    for (size_t i = 0; i < message.n; i++) {
        struct wire_buf cut = {message.bytes, i, i, false};
        assert_int_not_equal(try_get(&b, &cut, &got), WIRE_OK);
        for (unsigned bit = 0; bit < 8; bit++) {
            message.bytes[i] ^= (uint8_t)(1 << bit);
            try_get(&b, &message, &got);
            message.bytes[i] ^= (uint8_t)(1 << bit);
        }
    }
    assert_int_equal(try_get(&b, &message, &got), WIRE_OK);
    buf_free(&message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identities),      cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_forgery),         cmocka_unit_test(test_third_party),
        cmocka_unit_test(test_guesses),         cmocka_unit_test(test_long_symbols),
        cmocka_unit_test(test_services),        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_images),          cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_too_large_early), cmocka_unit_test(test_zip),
        cmocka_unit_test(test_zip_lies),        cmocka_unit_test(test_cost),
        cmocka_unit_test(test_promises),        cmocka_unit_test(test_symbols_go),
        cmocka_unit_test(test_damage),          cmocka_unit_test(test_slots_wrap),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
