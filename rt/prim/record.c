/* Records, boxes, promises, multiple values, conditions. */
#include "rt/code/backtrace.h"
#include "rt/mem/heap.h"
#include "rt/obj/list.h"
#include "rt/obj/record_type.h"
#include "rt/prim/arg.h"

tt_word tt_prim_make_record_type(struct worker *w, tt_word name, tt_word fields, tt_word uid)
{
    return record_type_define(w, name, fields, uid);
}

tt_word tt_prim_box_set(struct worker *w, tt_word box, tt_word value)
{
    if (!arg_is_type(w, "variable", box, TT_TYPE_BOX)) return TT_FAIL;
    heap_write(w, &TT_OBJ(BOX, box)->value, value);
    return TT_VOID;
}

tt_word tt_prim_make_promise(struct worker *w, tt_word done, tt_word value)
{
    struct tt_obj_PROMISE *promise = heap_alloc(w, sizeof *promise);
    if (!promise) return TT_FAIL;
    *promise = (struct tt_obj_PROMISE){TT_HEADER(TT_TYPE_PROMISE), tt_bool(done != TT_FALSE), value};
    return tt_tagged(promise, TT_TAG_OBJECT);
}

tt_word tt_prim_promise_set(struct worker *w, tt_word promise, tt_word done, tt_word value)
{
    if (!arg_is_type(w, "force", promise, TT_TYPE_PROMISE)) return TT_FAIL;
    TT_OBJ(PROMISE, promise)->done = tt_bool(done != TT_FALSE);
    heap_write(w, &TT_OBJ(PROMISE, promise)->value, value);
    return TT_VOID;
}

/* One value is itself, with no object around it. */
tt_word tt_prim_list_to_values(struct worker *w, tt_word list)
{
    size_t n;
    if (!arg_list_length(w, "values", list, &n)) return TT_FAIL;
    if (n == 1) return tt_car(list);
    struct tt_obj_VALUES *values = heap_alloc(w, sizeof *values + n * TT_W);
    if (!values) return TT_FAIL;
    values->header = TT_HEADER(TT_TYPE_VALUES);
    values->length = n;
    struct list_cursor c = list_begin(list);
    for (size_t i = 0; list_next(&c); i++)
        values->ref[i] = c.item;
    return tt_tagged(values, TT_TAG_OBJECT);
}

tt_word tt_prim_values_to_list(struct worker *w, tt_word v)
{
    if (!tt_is_type(v, TT_TYPE_VALUES)) return heap_cons(w, v, TT_NIL);
    tt_word list = TT_NIL;
    for (size_t i = TT_OBJ(VALUES, v)->length; i > 0 && list != TT_FAIL; i--)
        list = heap_cons(w, TT_OBJ(VALUES, v)->ref[i - 1], list);
    return list;
}

/* -- conditions ------------------------------------------------------------ */

#define CONDITION_FIELD(function, scheme_name, field)                                                        \
    tt_word function(struct worker *w, tt_word v)                                                            \
    {                                                                                                        \
        if (!arg_is_type(w, scheme_name, v, TT_TYPE_CONDITION)) return TT_FAIL;                              \
        return TT_OBJ(CONDITION, v)->field;                                                                  \
    }
CONDITION_FIELD(tt_prim_condition_kind, "condition-kind", kind)
CONDITION_FIELD(tt_prim_condition_message, "error-object-message", message)
CONDITION_FIELD(tt_prim_condition_irritants, "error-object-irritants", irritants)
