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

/* -- compressing ----------------------------------------------------------- */

static void set_level(ZSTD_CCtx *context)
{
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
}

static bool is_worth_trying(ZSTD_CCtx *context, const uint8_t *bytes, size_t n)
{
    uint8_t scratch[SAMPLE_BYTES / 5 * 2]; /* clearly: an attempt in vain costs much */
    return n <= 4 * SAMPLE_BYTES ||
           !ZSTD_isError(ZSTD_compress2(context, scratch, sizeof scratch, bytes + n / 2, SAMPLE_BYTES));
}

bool zip_is_worth_trying(const uint8_t *bytes, size_t n)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (context) set_level(context);
    bool is_worth = context && is_worth_trying(context, bytes, n);
    ZSTD_freeCCtx(context);
    return is_worth;
}

struct zip {
    ZSTD_CCtx *context;
    size_t start, at;    /* of the message: where its body begins, what comes next */
    size_t most;         /* more than that is not worth it */
    struct wire_buf out; /* what stands in front of the body, and what is compressed of it */
};

static bool prepare(struct zip *z, const struct wire_buf *message, size_t start)
{
    size_t n = message->n - start;
    if (!z->context) return false;
    set_level(z->context);
    if (!is_worth_trying(z->context, message->bytes + start, n)) return false;
    buf_put(&z->out, message->bytes, start);
    return !z->out.failed && !ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(z->context, n));
}

struct zip *zip_begin(const struct wire_buf *message, size_t start)
{
    if (message->failed || message->n_lent || message->n - start < MIN_BYTES ||
        message->n - start > WIRE_MAX_UNZIPPED)
        return NULL;
    struct zip *z = malloc(sizeof *z);
    if (!z) return NULL;
    *z = (struct zip){
        .context = ZSTD_createCCtx(), .start = start, .at = start, .most = start + worth(message->n - start)};
    if (prepare(z, message, start)) return z;
    zip_end(z);
    return NULL;
}

void zip_end(struct zip *z)
{
    ZSTD_freeCCtx(z->context);
    buf_free(&z->out);
    free(z);
}

/* The next piece of the message, which may fill the room several times. */
static bool compress(struct zip *z, const struct wire_buf *message, size_t n, ZSTD_EndDirective mode)
{
    ZSTD_inBuffer in = {message->bytes + z->at, n, 0};
    for (size_t left = 1; mode == ZSTD_e_end ? left > 0 : in.pos < n;) {
        size_t room = z->most - z->out.n < STEP_BYTES ? z->most - z->out.n : STEP_BYTES;
        uint8_t *at = room ? buf_room(&z->out, room) : NULL;
        if (!at) return false;
        ZSTD_outBuffer piece = {at, room, 0};
        left = ZSTD_compressStream2(z->context, &piece, &in, mode);
        if (ZSTD_isError(left)) return false;
        z->out.n += piece.pos;
    }
    z->at += n;
    return true;
}

enum zip_progress zip_step(struct zip *z, struct wire_buf *message)
{
    size_t n = message->n - z->at;
    bool is_last = n <= STEP_BYTES;
    if (!compress(z, message, is_last ? n : STEP_BYTES, is_last ? ZSTD_e_end : ZSTD_e_continue))
        return ZIP_FAILED;
    if (!is_last) return ZIP_GOES_ON;
    struct wire_buf plain = *message;
    *message = z->out;
    z->out = plain;
    return ZIP_DONE;
}

bool zip_body(struct wire_buf *message, size_t start)
{
    struct zip *z = zip_begin(message, start);
    if (!z) return false;
    enum zip_progress progress;
    do
        progress = zip_step(z, message);
    while (progress == ZIP_GOES_ON);
    zip_end(z);
    return progress == ZIP_DONE;
}

/* -- and back -------------------------------------------------------------- */

struct unzip {
    ZSTD_DCtx *context;
    ZSTD_inBuffer in;
    size_t begin, size; /* of `out`: where it begins there, and how much it is */
};

size_t zip_content_size(const uint8_t *bytes, size_t n)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes, n);
    bool is_known = size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR;
    return is_known && size < SIZE_MAX ? (size_t)size : SIZE_MAX;
}

struct unzip *unzip_begin(const uint8_t *bytes, size_t n, size_t most, struct wire_buf *out,
                          bool *too_large_out)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes, n);
    *too_large_out = size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR && size > most;
    if (size > most || size == 0) return NULL; /* no body is empty; a skippable frame has no size */
    struct unzip *u = malloc(sizeof *u);
    ZSTD_DCtx *context = u ? ZSTD_createDCtx() : NULL;
    if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX))) {
        out->failed = true;
        ZSTD_freeDCtx(context);
        free(u);
        return NULL;
    }
    *u = (struct unzip){context, {bytes, n, 0}, out->n, (size_t)size};
    return u;
}

/* One frame, to its end, that holds exactly `size` bytes. */
enum zip_progress unzip_step(struct unzip *u, struct wire_buf *out)
{
    size_t missing = u->size - (out->n - u->begin), step = missing < STEP_BYTES ? missing : STEP_BYTES;
    uint8_t *at = buf_room(out, step + 1);
    if (!at) return ZIP_FAILED;
    ZSTD_outBuffer piece = {at, step, 0};
    size_t in_before = u->in.pos, left = ZSTD_decompressStream(u->context, &piece, &u->in);
    if (ZSTD_isError(left) || (piece.pos == 0 && u->in.pos == in_before && left != 0)) return ZIP_FAILED;
    out->n += piece.pos;
    if (left != 0) return ZIP_GOES_ON;
    return u->in.pos == u->in.size && out->n - u->begin == u->size ? ZIP_DONE : ZIP_FAILED;
}

void unzip_end(struct unzip *u)
{
    ZSTD_freeDCtx(u->context);
    free(u);
}

bool unzip_body(const uint8_t *bytes, size_t n, size_t most, struct wire_buf *out, bool *too_large_out)
{
    struct unzip *u = unzip_begin(bytes, n, most, out, too_large_out);
    if (!u) return false;
    enum zip_progress progress;
    do
        progress = unzip_step(u, out);
    while (progress == ZIP_GOES_ON);
    unzip_end(u);
    return progress == ZIP_DONE;
}
