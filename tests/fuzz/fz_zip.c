/* Any bytes as the compressed body of a message: what comes out is no longer than was allowed, and memory follows
 * what has come out, not what a header promises. The first byte says how much is allowed. */
#include "rt/wire/zip.h"

#include "rt/wire/format.h"
#include "wire_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_unzip(const uint8_t *bytes, size_t n, size_t most)
{
    struct wire_buf out = {0};
    bool too_large, ok = unzip_body(bytes, n, most, &out, &too_large);
    run_require(out.n <= most, "more came out than was allowed");
    run_require(!(ok && too_large), "too large, and yet taken");
    run_require(out.capacity <= 4 * out.n + ((size_t)512 << 10), "memory for what did not come out");
    buf_free(&out);
}

static void check_message(const uint8_t *bytes, size_t n)
{
    struct wire_buf message = {0};
    struct wire_failure failure;
    tt_word v;
    buf_put_byte(&message, WIRE_FLAG_ZIPPED);
    buf_put(&message, bytes, n);
    if (wire_get(&worker, message.bytes, message.n, &run_ends_in, &v, &failure))
        run_check_again(v, &run_ends_out);
    buf_free(&message);
    run_collect(&v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    run_start();
    check_unzip(data + 1, size - 1, (size_t)1 << (data[0] % 24));
    check_message(data + 1, size - 1);
    return 0;
}
