/* Values as bytevectors, and back. */
#include "rt/prim/wire.h"

#include <stdio.h>
#include <string.h>

#include "rt/mem/heap.h"
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
    bool ok = wire_encode(w, v, &message, &failure);
    tt_word result = ok ? make_bytevector(w, &message) : wire_fail_encode(w, TO_BYTES, &failure);
    buf_free(&message);
    return result;
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

tt_word tt_prim_bytevector_to_object(struct worker *w, tt_word v)
{
    if (!arg_is_type(w, TO_OBJECT, v, TT_TYPE_BYTEVECTOR)) return TT_FAIL;
    struct wire_failure failure;
    tt_word result;
    if (wire_decode(w, TT_OBJ(BYTEVECTOR, v)->byte, TT_OBJ(BYTEVECTOR, v)->length, &result, &failure))
        return result;
    return fail_decode(w, &failure);
}
