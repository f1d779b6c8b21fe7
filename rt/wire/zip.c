#include "rt/wire/zip.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "rt/wire/format.h"

/* Below this, a message hardly shrinks, and the work is not worth it. */
#define MIN_BYTES      1024
#define LEVEL          1
#define WINDOW_LOG_MAX 23
#define STEP_BYTES     ((size_t)128 << 10)

/* A sample from the middle says whether a long message is worth the time. */
#define SAMPLE_BYTES ((size_t)16 << 10)
/* Compressed must be at most half of the original. */
static size_t worth(size_t n) { return n / 2; }

/* Bytes that came out, 0 if they do not fit the room. */
static size_t compress(ZSTD_CCtx *context, const uint8_t *bytes, size_t n, uint8_t *out, size_t room)
{
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t size = ZSTD_compress2(context, out, room, bytes, n);
    return ZSTD_isError(size) ? 0 : size;
}

static bool is_worth_trying(ZSTD_CCtx *context, const uint8_t *bytes, size_t n, uint8_t *scratch)
{
    size_t room = SAMPLE_BYTES / 5 * 2; /* clearly: an attempt in vain costs much */
    return n <= 4 * SAMPLE_BYTES || compress(context, bytes + n / 2, SAMPLE_BYTES, scratch, room) > 0;
}

static size_t compress_if_worth(const uint8_t *bytes, size_t n, uint8_t *out)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context) return 0;
    size_t size = is_worth_trying(context, bytes, n, out) ? compress(context, bytes, n, out, worth(n)) : 0;
    ZSTD_freeCCtx(context);
    return size;
}

bool zip_is_worth_trying(const uint8_t *bytes, size_t n)
{
    uint8_t scratch[SAMPLE_BYTES / 5 * 2];
    ZSTD_CCtx *context = ZSTD_createCCtx();
    bool is_worth = context && is_worth_trying(context, bytes, n, scratch);
    ZSTD_freeCCtx(context);
    return is_worth;
}

bool zip_body(struct wire_buf *message, size_t start)
{
    if (message->failed || message->n_lent || message->n - start < MIN_BYTES || message->n - start > WIRE_MAX_UNZIPPED)
        return false;
    size_t n = message->n - start;
    uint8_t *zipped = malloc(worth(n));
    size_t size = zipped ? compress_if_worth(message->bytes + start, n, zipped) : 0;
    if (size > 0) {
        memcpy(message->bytes + start, zipped, size);
        message->n = start + size;
    }
    free(zipped);
    return size > 0;
}

/* One frame, to its end, that holds exactly `size` bytes. */
static bool decompress(ZSTD_DCtx *context, const uint8_t *bytes, size_t n, size_t size, struct wire_buf *out)
{
    ZSTD_inBuffer in = {bytes, n, 0};
    size_t begin = out->n, left;
    do {
        size_t step = size - (out->n - begin) < STEP_BYTES ? size - (out->n - begin) : STEP_BYTES;
        uint8_t *at = buf_room(out, step + 1);
        if (!at) return false;
        ZSTD_outBuffer piece = {at, step, 0};
        size_t in_before = in.pos;
        left = ZSTD_decompressStream(context, &piece, &in);
        if (ZSTD_isError(left) || (piece.pos == 0 && in.pos == in_before && left != 0)) return false;
        out->n += piece.pos;
    } while (left != 0);
    return in.pos == n && out->n - begin == size;
}

bool unzip_body(const uint8_t *bytes, size_t n, size_t most, struct wire_buf *out, bool *too_large_out)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes, n);
    *too_large_out = size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR && size > most;
    if (size > most || size == 0) return false; /* no body is empty; a skippable frame has no size */
    ZSTD_DCtx *context = ZSTD_createDCtx();
    bool ok = context &&
              !ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)) &&
              decompress(context, bytes, n, (size_t)size, out);
    ZSTD_freeDCtx(context);
    return ok;
}
