/* Any bytes are decoded to a value or to an error, without a crash; what decodes
 * encodes again, to bytes that give the same bytes once more. Four inputs in one: the
 * bytes as they are, with the right checksum, as the body behind a good header, and as a value on a
 * connection. */
#include <stdlib.h>
#include <string.h>

#include "rt/wire/checksum.h"
#include "rt/wire/format.h"
#include "wire_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(const uint8_t *bytes, size_t n, const struct wire_ends *ends)
{
    struct wire_failure failure;
    tt_word v;
    bool ok =
        ends ? wire_get(&worker, bytes, n, ends, &v, &failure) : wire_decode(&worker, bytes, n, &v, &failure);
    bool zipped = n > 0 && (ends ? bytes[0] : n < WIRE_HEADER_BYTES || bytes[WIRE_FLAGS_AT]);
    run_require(failure.offset <= n || zipped, "an error behind the end");
    if (ok) run_check_again(v, ends ? &run_ends_out : NULL);
    run_collect(&v);
}

/* As the bytes of a file, whose checksum no fuzzer would guess. */
static void decode_with_checksum(const uint8_t *data, size_t size)
{
    if (size < WIRE_HEADER_BYTES) return;
    uint8_t *message = malloc(size);
    memcpy(message, data, size);
    checksum_put(message, size);
    decode(message, size, NULL);
    free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run_start();
    decode(data, size, NULL);
    decode_with_checksum(data, size);
    uint8_t *message = malloc(WIRE_HEADER_BYTES + size);
    memcpy(message, (const uint8_t[WIRE_HEADER_BYTES]){'T', 'T', 'W', WIRE_VERSION}, WIRE_HEADER_BYTES);
    if (size) memcpy(message + WIRE_HEADER_BYTES, data, size);
    checksum_put(message, WIRE_HEADER_BYTES + size);
    decode(message, WIRE_HEADER_BYTES + size, NULL);
    decode(message + WIRE_HEADER_BYTES - 1, 1 + size, &run_ends_in);
    run_check_steps(message + WIRE_HEADER_BYTES - 1, 1 + size, &run_ends_in, &run_ends_out);
    free(message);
    return 0;
}
