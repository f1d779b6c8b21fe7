/* What stands around the body of a message: a header and compression in a file,
 * one byte of flags on a connection. */
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/wire/checksum.h"
#include "rt/wire/state.h"
#include "rt/wire/zip.h"

/* -- the worker's tables ---------------------------------------------------- */

static void push_state(void *context)
{
    const struct wire_state *state = context;
    decoder_push(&state->decoder);
    steps_push(state);
    loans_push(&state->loans);
}

static void visit_state(struct worker *w, void *context) { steps_visit(w, context); }

struct wire_state *wire_state_of(struct worker *w)
{
    if (!w->wire) {
        struct wire_state *state = calloc(1, sizeof *state);
        if (!state) return NULL;
        state->encoder.w = state->decoder.w = w;
        state->decoder.root = TT_FALSE;
        heap_add_major_scanner(push_state, state);
        heap_add_minor_scanner(w, visit_state, state);
        w->wire = state;
    }
    return w->wire;
}

/* -- writing --------------------------------------------------------------- */

static bool fail_memory(struct wire_failure *failure)
{
    *failure = (struct wire_failure){.status = WIRE_NO_MEMORY};
    return false;
}

/* Appends `front` and the body; front[n_front - 1] holds the flags. */
static bool write_message(struct worker *w, tt_word v, const struct wire_ends *ends, const uint8_t *front,
                          size_t n_front, bool zips, bool lets_go, struct wire_buf *out,
                          struct wire_failure *failure)
{
    struct wire_state *state = wire_state_of(w);
    if (!state) return fail_memory(failure);
    struct encoder *e = &state->encoder;
    size_t start = out->n;
    *failure = (struct wire_failure){.status = WIRE_OK};
    e->out = out;
    e->ends = ends;
    e->failure = failure;
    size_t most =
        ends && ends->max_bytes ? ends->max_bytes : WIRE_MAX_UNZIPPED; /* no more is written than that */
    e->pause_at = start + n_front + (lets_go ? WIRE_LARGE_BYTES : most + 1);
    e->run_max = lets_go ? WIRE_LARGE_BYTES / 8 : most;
    buf_put(out, front, n_front);
    bool ok = encode_begin(e, v) == WIRE_DONE;
    if (failure->status == WIRE_NOT_SERIALIZABLE) jobs_describe(&e->jobs, &failure->path);
    if (failure->status == WIRE_LARGE && !lets_go)
        failure->status = WIRE_TOO_LARGE; /* a list of more pairs */
    encoder_reset(e);
    if (!ok) {
        out->n = start;
        buf_return_loans(out);
    } else if (zips && zip_body(out, start + n_front)) {
        out->bytes[start + n_front - 1] |= WIRE_FLAG_ZIPPED;
    }
    return ok;
}

bool wire_put(struct worker *w, tt_word v, const struct wire_ends *ends, struct wire_buf *out,
              struct wire_failure *failure)
{
    static const uint8_t front[1] = {0};
    return write_message(w, v, ends, front, sizeof front, ends->zips, ends->lets_go, out, failure);
}

const uint8_t wire_file_front[WIRE_HEADER_BYTES] = {'T', 'T', 'W', WIRE_VERSION};

static bool encode(struct worker *w, tt_word v, bool lets_go, struct wire_buf *out,
                   struct wire_failure *failure)
{
    size_t start = out->n;
    if (!write_message(w, v, NULL, wire_file_front, WIRE_HEADER_BYTES, true, lets_go, out, failure))
        return false;
    checksum_put(out->bytes + start, out->n - start);
    return true;
}

bool wire_encode(struct worker *w, tt_word v, struct wire_buf *out, struct wire_failure *failure)
{
    return encode(w, v, false, out, failure);
}

bool wire_encode_small(struct worker *w, tt_word v, struct wire_buf *out, struct wire_failure *failure)
{
    return encode(w, v, true, out, failure);
}

/* -- reading --------------------------------------------------------------- */

static bool fail_front(struct wire_failure *failure, enum wire_status status, size_t offset)
{
    failure->status = status;
    failure->offset = offset;
    return false;
}

enum wire_status unzip_status(const struct wire_buf *out, bool too_large)
{
    return out->failed ? WIRE_NO_MEMORY : too_large ? WIRE_TOO_LARGE : WIRE_BAD_ZIP;
}

static bool unzip(const uint8_t *body, size_t n, size_t most, struct wire_buf *out,
                  struct wire_failure *failure)
{
    bool too_large;
    return unzip_body(body, n, most, out, &too_large) || fail_front(failure, unzip_status(out, too_large), 0);
}

/* The body behind the first n_front bytes. */
static bool read_message(struct worker *w, const uint8_t *bytes, size_t n, size_t n_front,
                         const struct wire_ends *ends, tt_word *out, struct wire_failure *failure)
{
    struct wire_state *state = wire_state_of(w);
    if (!state) return fail_memory(failure);
    size_t most = ends && ends->max_bytes ? ends->max_bytes : WIRE_MAX_UNZIPPED;
    const uint8_t *body = bytes + n_front;
    size_t n_body = n - n_front;
    struct wire_buf unzipped = {0};
    bool ok = true;
    if (bytes[n_front - 1] & WIRE_FLAG_ZIPPED) {
        ok = unzip(body, n_body, most, &unzipped, failure);
        body = unzipped.bytes;
        n_body = unzipped.n;
    } else if (n_body > most) {
        ok = fail_front(failure, WIRE_TOO_LARGE, 0);
    }
    ok = ok && decode_body(&state->decoder, body, n_body, ends, out, failure);
    if (!ok) failure->offset += n_front;
    buf_free(&unzipped);
    return ok;
}

bool wire_get(struct worker *w, const uint8_t *bytes, size_t n, const struct wire_ends *ends, tt_word *out,
              struct wire_failure *failure)
{
    *failure = (struct wire_failure){.status = WIRE_OK};
    *out = TT_FALSE;
    if (n == 0) return fail_front(failure, WIRE_TRUNCATED, 0);
    if (bytes[0] > WIRE_FLAG_ZIPPED) return fail_front(failure, WIRE_BAD_FLAGS, 0);
    return read_message(w, bytes, n, 1, ends, out, failure);
}

enum wire_status wire_check_header(const uint8_t *bytes, size_t n, uint8_t *version_out)
{
    *version_out = WIRE_VERSION;
    if (n <= WIRE_VERSION_AT) return WIRE_TRUNCATED;
    if (memcmp(bytes, "TTW", WIRE_VERSION_AT) != 0) return WIRE_NOT_A_MESSAGE;
    *version_out = bytes[WIRE_VERSION_AT];
    if (*version_out != WIRE_VERSION) return WIRE_BAD_VERSION;
    if (n < WIRE_HEADER_BYTES) return WIRE_TRUNCATED;
    if (!checksum_is_right(bytes, n)) return WIRE_BAD_CHECKSUM;
    return bytes[WIRE_FLAGS_AT] > WIRE_FLAG_ZIPPED ? WIRE_BAD_FLAGS : WIRE_OK;
}

bool wire_decode(struct worker *w, const uint8_t *bytes, size_t n, tt_word *out, struct wire_failure *failure)
{
    *failure = (struct wire_failure){.status = WIRE_OK};
    *out = TT_FALSE;
    enum wire_status status = wire_check_header(bytes, n, &failure->version);
    if (status != WIRE_OK) return fail_front(failure, status, 0);
    return read_message(w, bytes, n, WIRE_HEADER_BYTES, NULL, out, failure);
}
