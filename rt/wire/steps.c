/* Values that are written and read in steps. What is written is old from the first
 * step on, so it does not move: everything that is reachable from a value is old
 * right after a minor collection, and older things refer to younger ones only where
 * a variable or a promise was set since (encode.c waits there for the next one). */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/boots.h"
#include "rt/wire/checksum.h"
#include "rt/wire/state.h"
#include "rt/wire/zip.h"

struct wire_putting {
    struct wire_putting *next, **prev;
    struct encoder encoder;
    struct wire_ends ends;
    bool is_file;
    size_t n_front; /* bytes in front of the body */
    tt_word root;
    bool is_begun;
    bool is_old;     /* there was a collection since it had to wait */
    struct zip *zip; /* written, and being compressed */
    size_t start;    /* of `out` */
};

struct wire_getting {
    struct wire_getting *next, **prev;
    struct decoder decoder;
    struct wire_ends ends;
    bool is_file;
    size_t n_front;
    const uint8_t *bytes;
    size_t n;
    struct wire_buf unzipped;
    struct unzip *unzip; /* not read yet, but being unzipped */
    bool is_begun;
};

#define LINK(head, item)                                                                                     \
    do {                                                                                                     \
        (item)->next = (head);                                                                               \
        (item)->prev = &(head);                                                                              \
        if ((item)->next) (item)->next->prev = &(item)->next;                                                \
        (head) = (item);                                                                                     \
    } while (0)

#define UNLINK(item)                                                                                         \
    do {                                                                                                     \
        *(item)->prev = (item)->next;                                                                        \
        if ((item)->next) (item)->next->prev = (item)->prev;                                                 \
    } while (0)

/* -- the collectors -------------------------------------------------------- */

void steps_push(const struct wire_state *state)
{
    for (const struct wire_putting *p = state->puttings; p; p = p->next)
        heap_push(&p->root, &p->root + 1);
    for (const struct wire_getting *g = state->gettings; g; g = g->next)
        decoder_push(&g->decoder);
}

void steps_visit(struct worker *w, struct wire_state *state)
{
    for (struct wire_putting *p = state->puttings; p; p = p->next) {
        heap_visit(w, &p->root);
        p->is_old = true;
    }
}

/* -- runs that values name ------------------------------------------------- */

static void mark_written(const struct encoder *e)
{
    struct boots *boots = e->w->node->boots;
    for (size_t i = 0; i < e->boots.n; i += sizeof(uint32_t)) {
        uint32_t index;
        memcpy(&index, e->boots.bytes + i, sizeof index);
        boots_mark(boots, index);
    }
}

static void mark_read(const struct decoder *d)
{
    for (size_t i = 0; i < d->n_boots; i++)
        boots_mark(d->w->node->boots, d->boots[i]);
}

void wire_mark_boots(struct worker *w)
{
    const struct wire_state *state = w->wire;
    for (const struct wire_putting *p = state ? state->puttings : NULL; p; p = p->next)
        mark_written(&p->encoder);
    for (const struct wire_getting *g = state ? state->gettings : NULL; g; g = g->next)
        mark_read(&g->decoder);
}

/* -- writing --------------------------------------------------------------- */

struct wire_putting *wire_put_begin(struct worker *w, tt_word v, const struct wire_ends *ends)
{
    struct wire_state *state = wire_state_of(w);
    struct wire_putting *p = state ? calloc(1, sizeof *p) : NULL;
    if (!p) return NULL;
    p->encoder.w = w;
    p->is_file = !ends;
    p->ends = ends ? *ends : (struct wire_ends){.zips = true};
    p->n_front = ends ? 1 : WIRE_HEADER_BYTES;
    p->root = v;
    LINK(state->puttings, p);
    heap_want_collection(w);
    return p;
}

static enum wire_progress put_some(struct wire_putting *p, struct wire_buf *out)
{
    assert(!p->zip);
    struct encoder *e = &p->encoder;
    e->run_max = WIRE_STEP_BYTES / 2;
    e->pause_at = out->n + WIRE_STEP_BYTES;
    if (p->is_begun) return encode_more(e);
    e->ends = p->is_file ? NULL : &p->ends;
    e->may_pause = true;
    p->start = out->n;
    p->is_begun = true;
    buf_put(out, p->is_file ? wire_file_front : (const uint8_t[]){0}, p->n_front);
    e->pause_at += p->n_front;
    return encode_begin(e, p->root);
}

/* True: it is to be compressed. */
static bool begin_zip(struct wire_putting *p, const struct wire_buf *out)
{
    p->zip = p->ends.zips ? zip_begin(out, p->start + p->n_front) : NULL;
    return p->zip != NULL;
}

static enum wire_progress zip_some(struct wire_putting *p, struct wire_buf *out)
{
    assert(p->zip && p->is_begun);
    enum zip_progress progress = zip_step(p->zip, out);
    if (progress == ZIP_GOES_ON) return WIRE_GOES_ON;
    zip_end(p->zip);
    p->zip = NULL;
    if (progress == ZIP_DONE) out->bytes[p->start + p->n_front - 1] |= WIRE_FLAG_ZIPPED;
    return WIRE_DONE;
}

static enum wire_progress seal(const struct wire_putting *p, const struct wire_buf *out,
                               enum wire_progress progress)
{
    if (progress == WIRE_DONE && p->is_file) checksum_put(out->bytes + p->start, out->n - p->start);
    return progress;
}

static enum wire_progress write_some(struct wire_putting *p, bool hurry, struct wire_buf *out,
                                     struct wire_failure *failure)
{
    struct encoder *e = &p->encoder;
    e->out = out;
    e->failure = failure;
    e->hurries = hurry;
    enum wire_progress progress = put_some(p, out);
    if (failure->status == WIRE_NOT_SERIALIZABLE) jobs_describe(&e->jobs, &failure->path);
    if (progress == WIRE_FAILED && p->is_begun) {
        out->n = p->start;
        buf_return_loans(out);
    }
    if (progress == WIRE_GOES_ON && e->waits) p->is_old = false;
    return progress == WIRE_DONE && begin_zip(p, out) ? WIRE_GOES_ON : progress;
}

enum wire_progress wire_put_step(struct wire_putting *p, bool hurry, struct wire_buf *out,
                                 struct wire_failure *failure)
{
    *failure = (struct wire_failure){.status = WIRE_OK};
    if (p->zip) return seal(p, out, zip_some(p, out));
    if (!p->is_old && !hurry) {
        heap_want_collection(p->encoder.w);
        return WIRE_WAITS;
    }
    return seal(p, out, write_some(p, hurry, out, failure));
}

void wire_put_end(struct wire_putting *p)
{
    assert(*p->prev == p);
    UNLINK(p);
    if (p->zip) zip_end(p->zip);
    share_free(&p->encoder.share);
    jobs_free(&p->encoder.jobs);
    buf_free(&p->encoder.boots);
    free(p);
}

/* -- reading --------------------------------------------------------------- */

size_t wire_value_bytes(const uint8_t *bytes, size_t n)
{
    size_t size = n && bytes[0] & WIRE_FLAG_ZIPPED ? zip_content_size(bytes + 1, n - 1) : n;
    return size <= WIRE_MAX_UNZIPPED ? size : n;
}

struct wire_getting *wire_get_begin(struct worker *w, const uint8_t *bytes, size_t n,
                                    const struct wire_ends *ends)
{
    struct wire_state *state = wire_state_of(w);
    struct wire_getting *g = state ? calloc(1, sizeof *g) : NULL;
    if (!g) return NULL;
    g->decoder.w = w;
    g->decoder.root = TT_FALSE;
    g->is_file = !ends;
    if (ends) g->ends = *ends;
    g->n_front = ends ? 1 : WIRE_HEADER_BYTES;
    g->bytes = bytes;
    g->n = n;
    LINK(state->gettings, g);
    return g;
}

static enum wire_progress fail_front(struct wire_failure *failure, enum wire_status status)
{
    failure->status = status;
    return WIRE_FAILED;
}

static enum wire_progress begin_decoding(struct wire_getting *g, const uint8_t *body, size_t n)
{
    decode_begin(&g->decoder, body, n, g->is_file ? NULL : &g->ends);
    return WIRE_GOES_ON;
}

static enum wire_status check_front(const struct wire_getting *g, struct wire_failure *failure)
{
    if (g->is_file) return wire_check_header(g->bytes, g->n, &failure->version);
    if (g->n == 0) return WIRE_TRUNCATED;
    return g->bytes[0] > WIRE_FLAG_ZIPPED ? WIRE_BAD_FLAGS : WIRE_OK;
}

static enum wire_progress get_first(struct wire_getting *g, struct wire_failure *failure)
{
    enum wire_status status = check_front(g, failure);
    if (status != WIRE_OK) return fail_front(failure, status);
    const uint8_t *body = g->bytes + g->n_front;
    size_t n = g->n - g->n_front, most = g->ends.max_bytes ? g->ends.max_bytes : WIRE_MAX_UNZIPPED;
    bool too_large;
    if (g->bytes[g->n_front - 1] & WIRE_FLAG_ZIPPED) {
        g->unzip = unzip_begin(body, n, most, &g->unzipped, &too_large);
        return g->unzip ? WIRE_GOES_ON : fail_front(failure, unzip_status(&g->unzipped, too_large));
    }
    return n > most ? fail_front(failure, WIRE_TOO_LARGE) : begin_decoding(g, body, n);
}

static enum wire_progress unzip_some(struct wire_getting *g, struct wire_failure *failure)
{
    enum zip_progress progress = unzip_step(g->unzip, &g->unzipped);
    if (progress == ZIP_GOES_ON) return WIRE_GOES_ON;
    unzip_end(g->unzip);
    g->unzip = NULL;
    if (progress == ZIP_FAILED) return fail_front(failure, unzip_status(&g->unzipped, false));
    return begin_decoding(g, g->unzipped.bytes, g->unzipped.n);
}

static enum wire_progress decode_some(struct wire_getting *g, struct wire_failure *failure)
{
    enum wire_progress progress = decode_step(&g->decoder, WIRE_STEP_BYTES, failure);
    if (progress == WIRE_FAILED) failure->offset += g->n_front;
    return progress;
}

enum wire_progress wire_get_step(struct wire_getting *g, tt_word *out, struct wire_failure *failure)
{
    *failure = (struct wire_failure){.status = WIRE_OK};
    *out = TT_FALSE;
    bool is_first = !g->is_begun;
    g->is_begun = true;
    enum wire_progress progress = is_first   ? get_first(g, failure)
                                  : g->unzip ? unzip_some(g, failure)
                                             : decode_some(g, failure);
    if (progress == WIRE_DONE) *out = g->decoder.root;
    return progress;
}

void wire_get_end(struct wire_getting *g)
{
    UNLINK(g);
    if (g->unzip) unzip_end(g->unzip);
    decoder_free(&g->decoder);
    buf_free(&g->unzipped);
    free(g);
}
