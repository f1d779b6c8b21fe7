/* From a failure to a condition, to the hook that raises it. */
#include <stdio.h>
#include <string.h>

#include "rt/code/backtrace.h"
#include "rt/code/entry_calls.h"
#include "rt/code/failure.h"
#include "rt/code/point.h"
#include "rt/code/xargs.h"
#include "rt/mem/heap.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

static const struct condition_row {
    const char *kind, *message;
} condition_rows[] = {
#define CONDITION(id, kind, message) {kind, message},
#include "rt/abi/conditions.def"
#undef CONDITION
};

static tt_word make_message(struct worker *w, const struct condition_row *row, const char *operation)
{
    const char *hole = strstr(row->message, "%s");
    if (!hole)
        return string_from_text(w, row->message);
    if (!operation) /* "%s: text" without an operation is "text" */
        return string_from_text(w, hole[2] == ':' ? hole + 4 : hole + 2);
    char text[256];
    snprintf(text, sizeof text, "%.*s%s%s", (int)(hole - row->message), row->message, operation, hole + 2);
    return string_from_text(w, text);
}

/* The condition object for worker.failure, or the object to raise itself. */
static tt_word make_condition(struct worker *w)
{
    struct tt_failure *failure = &w->failure;
    tt_word raise = failure->raise;
    failure->raise = TT_NONE;
    if (raise != TT_NONE)
        return raise;
    const struct condition_row *row = &condition_rows[failure->condition];
    tt_word kind = symbol_intern_text(w, row->kind);
    tt_word message = make_message(w, row, failure->operation);
    struct tt_obj_CONDITION *condition = heap_alloc(w, sizeof *condition);
    if (!condition || message == TT_FAIL)
        return TT_FAIL;
    condition->header = TT_HEADER((tt_word)TT_TYPE_CONDITION);
    condition->kind = kind;
    condition->message = message;
    condition->irritants = failure->irritants;
    condition->site = site_value(w->site);
    return tt_tagged(condition, TT_TAG_OBJECT);
}

JUMP_CODE(tt_raise_failure)
{
    w->saved_sp = sp;
    tt_word object = make_condition(w);
    w->site = 0;
    w->failure.irritants = TT_NIL;
    if (object == TT_FAIL) /* not even room for a condition */
        object = symbol_intern_text(w, "heap-exhausted");
    JUMP_CALL1(hook_closure(w, HOOK_RAISE_FAILURE), w, sp, hp, object);
}

static const char *closure_name(tt_word closure)
{
    const struct tt_code_desc *desc = tt_desc_of(tt_closure(closure)->code);
    return (const char *)desc + desc->name_off;
}

JUMP_CODE(tt_arity_error)
{
    tt_word args = tt_rest_list(w, argc, 0, a0, a1, a2, a3, a4, a5);
    /* The caller is not known; the report names its frame, or, when no caller is in the
     * program's own code, the procedure. */
    struct place caller;
    struct places callers = {.items = &caller, .limit = 1};
    places_add_frames(&callers, w, sp);
    w->site = callers.n ? 0 : site_of_code(tt_desc_of(tt_closure(self)->code));
    fail_condition(w, CONDITION_ARITY, closure_name(self), args);
    JUMP_RAISE(w, sp, hp);
}

JUMP_CODE(tt_call_non_procedure)
{
    tt_word args = tt_rest_list(w, argc, 0, a0, a1, a2, a3, a4, a5);
    fail_condition(w, CONDITION_NOT_PROCEDURE, NULL, heap_cons(w, self, args));
    JUMP_RAISE(w, sp, hp);
}

void tt_fail_unbound(struct worker *w, tt_word symbol)
{
    fail_condition(w, CONDITION_UNBOUND, NULL, heap_cons(w, symbol, TT_NIL));
}

void tt_define_global(struct worker *w, void *slot, tt_word value)
{
    heap_write(w, slot, value);
}
