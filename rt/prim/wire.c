/* Values as bytevectors, and back. */
#include "rt/wire/wire.h"

#include <string.h>

#include "rt/actor/process.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/string.h"
#include "rt/prim/arg.h"
#include "rt/wire/zip.h"

#define TO_BYTES  "object->bytevector"
#define TO_OBJECT "bytevector->object"

static tt_word two_irritants(struct worker *w, tt_word first, tt_word second)
{
    tt_word rest = second == TT_FAIL ? TT_FAIL : heap_cons(w, second, TT_NIL);
    return rest == TT_FAIL ? TT_FAIL : heap_cons(w, first, rest);
}

static tt_word fail_encode(struct worker *w, struct wire_failure *failure)
{
    if (failure->status == WIRE_TOO_LARGE) return fail_too_large(w, TO_BYTES);
    if (failure->status != WIRE_NOT_SERIALIZABLE) {
        heap_fail(w);
        return TT_FAIL;
    }
    tt_word path = string_from_bytes(w, failure->path.bytes, failure->path.n);
    return fail_condition(w, CONDITION_NOT_SERIALIZABLE, TO_BYTES, two_irritants(w, failure->object, path));
}

static tt_word make_bytevector(struct worker *w, const struct wire_buf *message)
{
    struct tt_obj_BYTEVECTOR *v = heap_alloc_atomic(w, sizeof *v + message->n);
    if (!v) return TT_FAIL;
    v->header = TT_HEADER(TT_TYPE_BYTEVECTOR);
    v->length = message->n;
    memcpy(v->byte, message->bytes, message->n);
    return tt_tagged(v, TT_TAG_OBJECT);
}

tt_word tt_prim_object_to_bytevector(struct worker *w, tt_word v)
{
    struct wire_buf message = {0};
    struct wire_failure failure;
    tt_word result;
    if (wire_encode(w, v, &message, &failure)) {
        zip_message(&message);
        result = make_bytevector(w, &message);
    } else {
        result = fail_encode(w, &failure);
    }
    text_free(&failure.path);
    buf_free(&message);
    return result;
}

/* The slot exists and was used as often as the serial says. */
static bool pid_was_made(struct worker *w, tt_word pid)
{
    const struct process_table *table = w->node->processes;
    uint32_t index = process_index(pid);
    if (index >> PROCESS_SLAB_BITS >= table->n_slabs) return false;
    const struct process *p = &table->slabs[index >> PROCESS_SLAB_BITS][index & (PROCESS_SLAB_SIZE - 1)];
    return pid >> TT_IMM_SHIFT >> TT_PID_INDEX_BITS <= p->serial;
}

static tt_word fail_decode(struct worker *w, const struct wire_failure *failure)
{
    if (failure->status == WIRE_NO_MEMORY) {
        heap_fail(w);
        return TT_FAIL;
    }
    if (failure->status == WIRE_UNKNOWN_CODE) {
        char digits[2 * sizeof failure->code_id];
        for (size_t i = 0; i < sizeof digits; i++)
            digits[i] = "0123456789abcdef"[failure->code_id[i / 2] >> (i % 2 ? 0 : 4) & 15];
        tt_word id = string_from_bytes(w, digits, sizeof digits);
        return fail_condition(w, CONDITION_UNKNOWN_CODE, TO_OBJECT,
                              id == TT_FAIL ? TT_FAIL : heap_cons(w, id, TT_NIL));
    }
    tt_word what = string_from_text(w, wire_status_text(failure->status));
    tt_word irritants =
        what == TT_FAIL ? TT_FAIL : two_irritants(w, what, tt_fixnum((tt_sword)failure->offset));
    return fail_condition(w, CONDITION_BAD_DATA, TO_OBJECT, irritants);
}

tt_word tt_prim_bytevector_to_object(struct worker *w, tt_word v)
{
    static const struct wire_hooks hooks = {.pid_was_made = pid_was_made};
    if (!arg_is_type(w, TO_OBJECT, v, TT_TYPE_BYTEVECTOR)) return TT_FAIL;
    struct wire_failure failure;
    tt_word result;
    if (wire_decode(w, TT_OBJ(BYTEVECTOR, v)->byte, TT_OBJ(BYTEVECTOR, v)->length, &hooks, &result, &failure))
        return result;
    return fail_decode(w, &failure);
}
