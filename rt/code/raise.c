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
    if (!hole) return string_from_text(w, row->message);
    if (!operation) /* "%s: text" without an operation is "text" */
        return string_from_text(w, hole[2] == ':' ? hole + 4 : hole + 2);
    char text[256];
    snprintf(text, sizeof text, "%.*s%s%s", (int)(hole - row->message), row->message, operation, hole + 2);
    return string_from_text(w, text);
}

/* `range`: what would have been right, (low . high), or #f. It stands beside the site, which does not travel. */
static tt_word new_condition(struct worker *w, tt_word kind, tt_word message, tt_word irritants, tt_word site,
                             tt_word range)
{
    tt_word where = range == TT_FALSE ? site_value(site) : heap_cons(w, site_value(site), range);
    if (where == TT_FAIL) return TT_FAIL;
    struct tt_obj_CONDITION *condition = heap_alloc(w, sizeof *condition);
    if (!condition) return TT_FAIL;
    *condition =
        (struct tt_obj_CONDITION){TT_HEADER((tt_word)TT_TYPE_CONDITION), kind, message, irritants, where};
    return tt_tagged(condition, TT_TAG_OBJECT);
}

/* The condition object for worker.failure, or the object to raise itself. */
static tt_word make_condition(struct worker *w)
{
    struct tt_failure *failure = &w->failure;
    tt_word raise = failure->raise;
    failure->raise = TT_NONE;
    if (raise != TT_NONE) return raise;
    const struct condition_row *row = &condition_rows[failure->condition];
    tt_word kind = symbol_intern_text(w, row->kind);
    tt_word message = make_message(w, row, failure->operation);
    tt_word range =
        failure->has_range ? heap_cons(w, tt_fixnum(failure->low), tt_fixnum(failure->high)) : TT_FALSE;
    if (message == TT_FAIL || range == TT_FAIL) return TT_FAIL;
    return new_condition(w, kind, message, failure->irritants, w->site, range);
}

POINT_CODE(tt_proc_make_condition)
{
    CHECK_ARGS(argc == 3 || argc == 5);
    w->saved_sp = sp;
    tt_word range = argc == 5 ? heap_cons(w, a3, a4) : TT_FALSE;
    tt_word condition =
        range == TT_FAIL ? TT_FAIL : new_condition(w, a0, a1, a2, site_of_frames(w, sp), range);
    if (condition == TT_FAIL) JUMP_RAISE(w, sp, hp);
    JUMP_RETURN(w, sp, hp, condition);
}

JUMP_CODE(tt_raise_failure)
{
    w->saved_sp = sp;
    if (!w->site || !site_is_program(w->site)) /* of the library, which the program called */
        w->site = site_of_frames(w, sp);
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
    const char *name = (const char *)desc + desc->name_off;
    return *name == '%' ? "procedure" : name; /* those of the library's own are nothing to a program */
}

JUMP_CODE(tt_arity_error)
{
    tt_word args = tt_rest_list(w, argc, 0, a0, a1, a2, a3, a4, a5);
    /* The caller is not known; the report names its frame, or, when no caller is in the
     * program's own code, the procedure. */
    w->site = site_of_frames(w, sp);
    if (!w->site) w->site = site_of_code(tt_desc_of(tt_closure(self)->code));
    fail_condition(w, CONDITION_ARITY, closure_name(self), args);
    const struct tt_code_desc *desc = tt_desc_of(tt_closure(self)->code);
    w->failure.has_range = args != TT_FAIL;
    w->failure.low = desc->min_args;
    w->failure.high = desc->max_args == 0xffff ? -1 : desc->max_args;
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

void tt_define_global(struct worker *w, void *slot, tt_word value) { heap_write(w, slot, value); }
