/* Forms that are calls of the library with thunks. */
#include <string.h>

#include "frontend/forms.h"

static Core *body_thunk(Expander *x, Datum *forms, Span span)
{
    return core_thunk(x->arena, span, expand_body(x, forms, span));
}

/* -- promises --------------------------------------------------------------- */

/* A promise holds a value, or a thunk that gives the promise to go on with. */
static Core *lazy_promise(Expander *x, Span span, Core *promise)
{
    return core_prim2(x->arena, span, PRIM_MAKE_PROMISE2, core_boolean(x->arena, span, false),
                      core_thunk(x->arena, span, promise));
}

Core *form_delay(Expander *x, Datum *form)
{
    Span span = form->span;
    Core *value = expand(x, cadr(form));
    return lazy_promise(
        x, span, core_prim2(x->arena, span, PRIM_MAKE_PROMISE2, core_boolean(x->arena, span, true), value));
}

Core *form_delay_force(Expander *x, Datum *form)
{
    return lazy_promise(x, form->span, expand(x, cadr(form)));
}

/* -- dynamic environment ---------------------------------------------------- */

/* The same on every node that runs the program: where the parameter is defined and
 * its name, and a number if a macro defines several of one name. */
static Core *parameter_key(Expander *x, const Global *global, Span span)
{
    const char *uid = arena_printf(x->arena, "%s:%s", global->module, global->name->text);
    Symbol *key = symbol_of(x->compilation->symbols, uid);
    size_t n_before = (size_t)map_get(x->parameter_uids, key);
    map_set(x->parameter_uids, key, (void *)(n_before + 1));
    if (n_before)
        key = symbol_of(x->compilation->symbols, arena_printf(x->arena, "%s #%zu", uid, n_before + 1));
    return core_const(x->arena, span, syntax_symbol(x->arena, span, key));
}

Core *form_name_parameter(Expander *x, const Global *global, Core *value)
{
    if (value->kind != CORE_CALL || value->as.call.fn->kind != CORE_GLOBAL) return value;
    const Global *fn = value->as.call.fn->as.global;
    uint32_t n = value->as.call.n_args;
    if (strcmp(fn->module, "lib") || strcmp(fn->name->text, "make-parameter") || n < 1 || n > 2) return value;
    Core **args = ARENA_ARRAY(x->arena, Core *, n + 1);
    args[0] = parameter_key(x, global, value->span);
    memcpy(args + 1, value->as.call.args, n * sizeof *args);
    return core_call(x->arena, value->span, expand_library_ref(x, value->span, "%named-parameter"), n + 1,
                     args);
}

/* (%parameterize (list (cons parameter value) ...) thunk) */
Core *form_parameterize(Expander *x, Datum *form)
{
    Datum *bindings = cadr(form);
    long count = list_length(bindings);
    if (count < 0) {
        expand_error(x, bindings->span, "parameterize: a list of (parameter value) is needed here");
        return error_core(x, form->span);
    }
    Arena *arena = x->arena;
    Core **pairs = ARENA_ARRAY(arena, Core *, count);
    for (long i = 0; i < count; i++, bindings = cdr(bindings)) {
        Datum *binding = car(bindings);
        pairs[i] = error_core(x, binding->span);
        if (list_length(binding) != 2) {
            expand_error(x, binding->span, "parameterize: a binding must be (parameter value)");
            continue;
        }
        Core *parameter = expand(x, car(binding));
        pairs[i] = core_prim2(arena, binding->span, PRIM_CONS, parameter, expand(x, cadr(binding)));
    }
    Core *list = core_nil(arena, form->span);
    for (long i = count; i-- > 0;)
        list = core_prim2(arena, form->span, PRIM_CONS, pairs[i], list);
    Core *thunk = body_thunk(x, cddr(form), form->span);
    return core_call2(arena, form->span, expand_library_ref(x, form->span, "%parameterize"), list, thunk);
}

/* (with-exception-catcher handler (lambda () body ...)) */
Core *form_catch(Expander *x, Datum *form)
{
    Core *handler = expand(x, cadr(form));
    Core *thunk = body_thunk(x, cddr(form), form->span);
    return core_call2(x->arena, form->span, expand_library_ref(x, form->span, "with-exception-catcher"),
                      handler, thunk);
}

/* (%guard (lambda (variable reraise) clauses... else (reraise)) (lambda () body ...)).
 * `reraise` raises again, continuably, in the dynamic environment of the raise. */
Core *form_guard(Expander *x, Datum *form)
{
    Datum *spec = cadr(form);
    if (list_length(spec) < 1 || !is_identifier(car(spec))) {
        expand_error(x, spec->span, "guard: (variable clause ...) is needed here");
        diag_note(x->diag, form->span, "the form is %s", forms_table[FORM_GUARD].usage);
        return error_core(x, form->span);
    }
    Arena *arena = x->arena;
    Span span = form->span;
    Core *thunk = body_thunk(x, cddr(form), span);
    Var **params = ARENA_ARRAY(arena, Var *, 2);
    ScopeMark mark = scope_enter(&x->scopes);
    params[0] = bind_variable(x, car(spec), "variable");
    params[1] = var_temp(x, "reraise", span);
    Core *again = core_call0(arena, span, core_local(arena, span, params[1]));
    Core *clauses = cond_clauses(x, cdr(spec), spec->span, "guard", again);
    scope_leave(&x->scopes, mark);
    Core *handler = core_lambda(arena, span, NULL, 2, params, NULL, clauses);
    return core_call2(arena, span, expand_library_ref(x, span, "%guard"), handler, thunk);
}
