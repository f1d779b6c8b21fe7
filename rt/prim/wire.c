/* Values as bytevectors, and back. */
#include "rt/prim/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/string.h"
#include "rt/prim/arg.h"
#include "rt/wire/format.h"

#define TO_BYTES  "object->bytevector"
#define TO_OBJECT "bytevector->object"

static tt_word two_irritants(struct worker *w, tt_word first, tt_word second)
{
    tt_word rest = second == TT_FAIL ? TT_FAIL : heap_cons(w, second, TT_NIL);
    return rest == TT_FAIL ? TT_FAIL : heap_cons(w, first, rest);
}

static tt_word condition_of(struct worker *w, const char *operation, const struct wire_failure *failure)
{
    if (failure->status == WIRE_TOO_LARGE) return fail_too_large(w, operation);
    if (failure->status != WIRE_NOT_SERIALIZABLE) {
        heap_fail(w);
        return TT_FAIL;
    }
    tt_word path = string_from_bytes(w, failure->path.bytes, failure->path.n);
    return fail_condition(w, CONDITION_NOT_SERIALIZABLE, operation, two_irritants(w, failure->object, path));
}

tt_word wire_fail_encode(struct worker *w, const char *operation, struct wire_failure *failure)
{
    tt_word result = condition_of(w, operation, failure);
    text_free(&failure->path);
    return result;
}

static struct tt_obj_BYTEVECTOR *bytevector_alloc(struct worker *w, size_t n)
{
    struct tt_obj_BYTEVECTOR *v = heap_alloc_old_atomic(w, sizeof *v + n);
    if (!v) return NULL;
    v->header = TT_HEADER((tt_word)TT_TYPE_BYTEVECTOR);
    v->length = n;
    return v;
}

static tt_word make_bytevector(struct worker *w, const struct wire_buf *message)
{
    struct tt_obj_BYTEVECTOR *v = heap_alloc_atomic(w, sizeof *v + message->n);
    if (!v) return TT_FAIL;
    v->header = TT_HEADER((tt_word)TT_TYPE_BYTEVECTOR);
    v->length = message->n;
    memcpy(v->byte, message->bytes, message->n);
    return tt_tagged(v, TT_TAG_OBJECT);
}

static tt_word fail_decode(struct worker *w, const struct wire_failure *failure)
{
    if (failure->status == WIRE_NO_MEMORY) {
        heap_fail(w);
        return TT_FAIL;
    }
    if (failure->status == WIRE_UNKNOWN_CODE) {
        return fail_condition(w, CONDITION_UNKNOWN_CODE, TO_OBJECT, wire_code_irritants(w, failure));
    }
    char text[128];
    snprintf(text, sizeof text, "%s", wire_status_text(failure->status));
    if (failure->status == WIRE_BAD_VERSION)
        snprintf(text, sizeof text, "of version %d of the format, and this program reads version %d",
                 failure->version, WIRE_VERSION);
    tt_word what = string_from_text(w, text);
    tt_word irritants =
        what == TT_FAIL ? TT_FAIL : two_irritants(w, what, tt_fixnum((tt_sword)failure->offset));
    return fail_condition(w, CONDITION_BAD_DATA, TO_OBJECT, irritants);
}

/* -- large ones, in steps --------------------------------------------------- */

#define COPY_BYTES ((size_t)512 << 10)

/* What a process has begun; of one that has ended, it stays until another process begins something. */
struct image_job {
    struct image_job *next;
    uint64_t owner; /* serial of its pid */
    struct wire_putting *putting;
    struct wire_getting *getting;
    struct wire_buf bytes; /* written so far, or a copy of young ones that are read */
    tt_word result;        /* an old bytevector, which the bytes are copied to; #f: not yet */
    size_t n_copied;
};
static struct image_job *jobs; /* the worker's */

static void push_jobs(void *context)
{
    for (struct image_job *job = jobs; job; job = job->next)
        heap_push(&job->result, &job->result + 1);
}

static void end_job(struct image_job **at)
{
    struct image_job *job = *at;
    *at = job->next;
    if (job->putting) wire_put_end(job->putting);
    if (job->getting) wire_get_end(job->getting);
    buf_free(&job->bytes);
    free(job);
}

static struct image_job **find_job(uint64_t owner)
{
    struct image_job **at = &jobs;
    while (*at && (*at)->owner != owner)
        at = &(*at)->next;
    return at;
}

/* NULL: no memory, which worker.failure says. */
static struct image_job *begin_job(struct worker *w)
{
    static bool is_scanned;
    if (!is_scanned) heap_add_major_scanner(push_jobs, NULL);
    is_scanned = true;
    uint64_t owner = process_serial(w->sched->running);
    for (struct image_job **at = &jobs; *at;) {
        bool is_over = (*at)->owner == owner || !process_at(w->node->processes, (*at)->owner);
        if (is_over)
            end_job(at);
        else
            at = &(*at)->next;
    }
    struct image_job *job = calloc(1, sizeof *job);
    if (!job) {
        heap_fail(w);
        return NULL;
    }
    *job = (struct image_job){.next = jobs, .owner = owner, .result = TT_FALSE};
    jobs = job;
    return job;
}

static tt_word no_memory(struct worker *w)
{
    heap_fail(w);
    return TT_FAIL;
}

static tt_word begin_writing(struct worker *w, tt_word v)
{
    struct image_job *job = begin_job(w);
    if (!job) return TT_FAIL;
    job->putting = wire_put_begin(w, v, NULL);
    return job->putting ? TT_UNBOUND : no_memory(w);
}

/* What is old does not move, and the caller keeps it alive. */
static tt_word begin_reading(struct worker *w, tt_word v)
{
    struct image_job *job = begin_job(w);
    if (!job) return TT_FAIL;
    const uint8_t *bytes = TT_OBJ(BYTEVECTOR, v)->byte;
    size_t n = TT_OBJ(BYTEVECTOR, v)->length;
    if (heap_is_young(w, v)) {
        buf_put(&job->bytes, bytes, n);
        bytes = job->bytes.bytes;
    }
    job->getting = job->bytes.failed ? NULL : wire_get_begin(w, bytes, n, NULL);
    return job->getting ? TT_UNBOUND : no_memory(w);
}

static tt_word write_step(struct worker *w, struct image_job **at)
{
    struct image_job *job = *at;
    struct wire_failure failure;
    enum wire_progress progress = wire_put_step(job->putting, false, &job->bytes, &failure);
    if (progress == WIRE_GOES_ON || progress == WIRE_WAITS) return TT_UNBOUND;
    if (progress == WIRE_FAILED) {
        end_job(at);
        return wire_fail_encode(w, TO_BYTES, &failure);
    }
    wire_put_end(job->putting);
    job->putting = NULL;
    struct tt_obj_BYTEVECTOR *v = bytevector_alloc(w, job->bytes.n);
    if (v)
        job->result = tt_tagged(v, TT_TAG_OBJECT);
    else
        end_job(at);
    return v ? TT_UNBOUND : TT_FAIL;
}

static tt_word copy_step(struct image_job **at)
{
    struct image_job *job = *at;
    size_t left = job->bytes.n - job->n_copied, n = left < COPY_BYTES ? left : COPY_BYTES;
    tt_word result = job->result;
    memcpy(TT_OBJ(BYTEVECTOR, result)->byte + job->n_copied, job->bytes.bytes + job->n_copied, n);
    job->n_copied += n;
    if (n < left) return TT_UNBOUND;
    end_job(at);
    return result;
}

static tt_word read_step(struct worker *w, struct image_job **at)
{
    struct wire_failure failure;
    tt_word result;
    enum wire_progress progress = wire_get_step((*at)->getting, &result, &failure);
    if (progress == WIRE_GOES_ON) return TT_UNBOUND;
    tt_word outcome = progress == WIRE_DONE ? result : fail_decode(w, &failure);
    end_job(at);
    return outcome;
}

tt_word tt_prim_image_step(struct worker *w, tt_word from)
{
    struct image_job **at = find_job(process_serial(w->sched->running));
    if (!*at) return no_memory(w); /* never: whoever got `unbound` has one */
    if ((*at)->getting) return read_step(w, at);
    return (*at)->putting ? write_step(w, at) : copy_step(at);
}

/* -- what programs call ------------------------------------------------------ */

tt_word tt_prim_object_to_bytevector(struct worker *w, tt_word v)
{
    struct wire_buf message = {0};
    struct wire_failure failure;
    bool ok = wire_encode_small(w, v, &message, &failure);
    bool is_large = !ok && failure.status == WIRE_LARGE;
    tt_word result = ok         ? make_bytevector(w, &message)
                     : is_large ? begin_writing(w, v)
                                : wire_fail_encode(w, TO_BYTES, &failure);
    buf_free(&message);
    return result;
}

static bool is_large(const uint8_t *bytes, size_t n)
{
    return n > WIRE_HEADER_BYTES && wire_is_large(bytes + WIRE_FLAGS_AT, n - WIRE_FLAGS_AT);
}

tt_word tt_prim_bytevector_to_object(struct worker *w, tt_word v)
{
    if (!arg_is_type(w, TO_OBJECT, v, TT_TYPE_BYTEVECTOR)) return TT_FAIL;
    struct wire_failure failure;
    tt_word result;
    if (is_large(TT_OBJ(BYTEVECTOR, v)->byte, TT_OBJ(BYTEVECTOR, v)->length)) return begin_reading(w, v);
    if (wire_decode(w, TT_OBJ(BYTEVECTOR, v)->byte, TT_OBJ(BYTEVECTOR, v)->length, &result, &failure))
        return result;
    return fail_decode(w, &failure);
}
