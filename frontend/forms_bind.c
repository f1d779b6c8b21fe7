/* Forms that bind variables or keywords around a body. */
#include "frontend/calls.h"
#include "frontend/forms.h"
#include "frontend/rules.h"

/* `((variable value) ...)`, taken apart. */
typedef struct Bindings {
    uint32_t count;
    Datum **names;
    Datum **values;
    Datum **rests; /* what follows the value: the step of `do` */
} Bindings;

static void note_usage(Expander *x, Datum *form)
{
    const Binding *binding = head_binding(x, form);
    if (binding && binding->kind == BIND_FORM)
        diag_note(x->diag, form->span, "the form is %s", binding->as.form->usage);
}

/* One `(name value rest ...)`; the form's spelling of the name is checked by the caller. */
static bool parse_binding(Expander *x, Datum *form, Datum *binding, bool has_step)
{
    long length = list_length(binding);
    if (length == 2 || (has_step && length == 3)) return true;
    expand_error(x, binding->span, "a binding must be (variable %s)", has_step ? "init [step]" : "value");
    note_usage(x, form);
    return false;
}

static bool parse_bindings(Expander *x, Datum *form, Datum *list, bool has_step, Bindings *out)
{
    long count = list_length(list);
    if (count < 0) {
        expand_error(x, list->span, "a list of bindings is needed here");
        note_usage(x, form);
        return false;
    }
    if (is_pair(list) && is_identifier(car(list))) {
        expand_error(x, list->span, "the bindings must be a list of lists: ((variable value) ...)");
        note_usage(x, form);
        return false;
    }
    out->count = (uint32_t)count;
    out->names = ARENA_ARRAY(x->arena, Datum *, count);
    out->values = ARENA_ARRAY(x->arena, Datum *, count);
    out->rests = ARENA_ARRAY(x->arena, Datum *, count);
    bool ok = true;
    for (long i = 0; i < count; i++, list = cdr(list)) {
        Datum *binding = car(list);
        if (!parse_binding(x, form, binding, has_step)) {
            ok = false;
            continue;
        }
        out->names[i] = car(binding);
        out->values[i] = cadr(binding);
        out->rests[i] = cddr(binding);
    }
    return ok;
}

static bool check_names(Expander *x, const Bindings *bindings)
{
    bool ok = true;
    for (uint32_t i = 0; i < bindings->count; i++) {
        if (is_identifier(bindings->names[i])) continue;
        expand_error(x, bindings->names[i]->span, "a variable to bind must be an identifier");
        ok = false;
    }
    return ok;
}

static Var **bind_all(Expander *x, const Bindings *bindings)
{
    Var **vars = ARENA_ARRAY(x->arena, Var *, bindings->count);
    for (uint32_t i = 0; i < bindings->count; i++)
        vars[i] = bind_variable(x, bindings->names[i], "variable");
    return vars;
}

static void note_values(Expander *x, const Bindings *bindings, Var **vars, Core **inits)
{
    for (uint32_t i = 0; i < bindings->count; i++)
        calls_note_value(x, vars[i], inits[i]);
}

static Core **expand_values(Expander *x, const Bindings *bindings)
{
    Core **inits = ARENA_ARRAY(x->arena, Core *, bindings->count);
    for (uint32_t i = 0; i < bindings->count; i++) {
        Symbol *name = is_identifier(bindings->names[i]) ? symbol_base(bindings->names[i]->as.symbol) : NULL;
        inits[i] = expand_named(x, bindings->values[i], name);
    }
    return inits;
}

/* -- let -------------------------------------------------------------------- */

/* (let loop ((v init) ...) body ...): the values are outside of the scope of `loop`. */
static Core *named_let(Expander *x, Datum *form)
{
    Datum *name = cadr(form), *rest = cddr(form);
    Bindings bindings;
    if (list_length(rest) < 2) {
        expand_error(x, form->span, "let: the body is missing");
        note_usage(x, form);
        return error_core(x, form->span);
    }
    if (!parse_bindings(x, form, car(rest), false, &bindings) || !check_names(x, &bindings))
        return error_core(x, form->span);
    Arena *arena = x->arena;
    Span span = form->span;
    Core **inits = expand_values(x, &bindings);
    ScopeMark outer = scope_enter(&x->scopes);
    Var *loop = bind_variable(x, name, "variable");
    ScopeMark inner = scope_enter(&x->scopes);
    Var **vars = bind_all(x, &bindings);
    Symbol *procedure = x->procedure;
    x->procedure = loop->name;
    Core *body = expand_body(x, cdr(rest), span);
    x->procedure = procedure;
    scope_leave(&x->scopes, inner);
    scope_leave(&x->scopes, outer);
    Core **lambda = ARENA_NEW(arena, Core *);
    *lambda = core_lambda(arena, span, loop->name, bindings.count, vars, NULL, body);
    calls_note_value(x, loop, *lambda);
    Var **loops = ARENA_NEW(arena, Var *);
    *loops = loop;
    Core *call = core_call(arena, span, core_local(arena, name->span, loop), bindings.count, inits);
    return core_letrec(arena, span, 1, loops, lambda, call);
}

Core *form_let(Expander *x, Datum *form)
{
    if (is_identifier(cadr(form))) return named_let(x, form);
    Bindings bindings;
    if (!parse_bindings(x, form, cadr(form), false, &bindings) || !check_names(x, &bindings))
        return error_core(x, form->span);
    Core **inits = expand_values(x, &bindings);
    ScopeMark mark = scope_enter(&x->scopes);
    Var **vars = bind_all(x, &bindings);
    Core *body = expand_body(x, cddr(form), form->span);
    scope_leave(&x->scopes, mark);
    note_values(x, &bindings, vars, inits);
    return core_let(x->arena, form->span, bindings.count, vars, inits, body);
}

Core *form_let_star(Expander *x, Datum *form)
{
    Bindings bindings;
    if (!parse_bindings(x, form, cadr(form), false, &bindings) || !check_names(x, &bindings))
        return error_core(x, form->span);
    ScopeMark *marks = ARENA_ARRAY(x->arena, ScopeMark, bindings.count);
    Var **vars = ARENA_ARRAY(x->arena, Var *, bindings.count);
    Core **inits = ARENA_ARRAY(x->arena, Core *, bindings.count);
    for (uint32_t i = 0; i < bindings.count; i++) {
        nest(x, form->span);
        inits[i] = expand_named(x, bindings.values[i], symbol_base(bindings.names[i]->as.symbol));
        marks[i] = scope_enter(&x->scopes);
        vars[i] = bind_variable(x, bindings.names[i], "variable");
    }
    Core *body = expand_body(x, cddr(form), form->span);
    for (uint32_t i = bindings.count; i-- > 0;) {
        scope_leave(&x->scopes, marks[i]);
        body = core_let1(x->arena, form->span, vars[i], inits[i], body);
        unnest(x);
    }
    return body;
}

Core *form_letrec(Expander *x, Datum *form)
{
    Bindings bindings;
    if (!parse_bindings(x, form, cadr(form), false, &bindings) || !check_names(x, &bindings))
        return error_core(x, form->span);
    ScopeMark mark = scope_enter(&x->scopes);
    Var **vars = bind_all(x, &bindings);
    Core **inits = expand_values(x, &bindings);
    Core *body = expand_body(x, cddr(form), form->span);
    scope_leave(&x->scopes, mark);
    note_values(x, &bindings, vars, inits);
    return core_letrec(x->arena, form->span, bindings.count, vars, inits, body);
}

/* -- do --------------------------------------------------------------------- */

static Core *do_body(Expander *x, Datum *form, const Bindings *bindings, Var *loop)
{
    Arena *arena = x->arena;
    Datum *exit = car(cddr(form)), *commands = cdr(cddr(form));
    Core *test = expand(x, car(exit));
    Core *result =
        is_nil(cdr(exit)) ? core_void(arena, exit->span) : expand_sequence(x, cdr(exit), exit->span);
    uint32_t n_commands = (uint32_t)list_length(commands);
    Core **exprs = ARENA_ARRAY(arena, Core *, n_commands + 1);
    for (uint32_t i = 0; i < n_commands; i++, commands = cdr(commands))
        exprs[i] = expand(x, car(commands));
    Core **steps = ARENA_ARRAY(arena, Core *, bindings->count);
    for (uint32_t i = 0; i < bindings->count; i++) {
        Datum *rest = bindings->rests[i];
        steps[i] = expand(x, is_nil(rest) ? bindings->names[i] : car(rest));
    }
    exprs[n_commands] =
        core_call(arena, form->span, core_local(arena, form->span, loop), bindings->count, steps);
    return core_if(arena, form->span, test, result, core_seq(arena, form->span, n_commands + 1, exprs));
}

Core *form_do(Expander *x, Datum *form)
{
    Bindings bindings;
    Datum *exit = car(cddr(form));
    if (list_length(exit) < 1) {
        expand_error(x, exit->span, "do: (test result ...) is needed here");
        note_usage(x, form);
        return error_core(x, form->span);
    }
    if (!parse_bindings(x, form, cadr(form), true, &bindings) || !check_names(x, &bindings))
        return error_core(x, form->span);
    Arena *arena = x->arena;
    Core **inits = expand_values(x, &bindings);
    Var **loops = ARENA_NEW(arena, Var *);
    *loops = var_temp(x, "do-loop", form->span);
    ScopeMark mark = scope_enter(&x->scopes);
    Var **vars = bind_all(x, &bindings);
    Core *body = do_body(x, form, &bindings, *loops);
    scope_leave(&x->scopes, mark);
    Core **lambda = ARENA_NEW(arena, Core *);
    *lambda = core_lambda(arena, form->span, x->procedure, bindings.count, vars, NULL, body);
    Core *call = core_call(arena, form->span, core_local(arena, form->span, *loops), bindings.count, inits);
    return core_letrec(arena, form->span, 1, loops, lambda, call);
}

/* -- several values --------------------------------------------------------- */

static Core *bind_values(Expander *x, Span span, Core *value, const CoreClause *clause)
{
    Core *consumer =
        core_lambda(x->arena, span, NULL, clause->n_params, clause->params, clause->rest, clause->body);
    return core_call2(x->arena, span, expand_library_ref(x, span, "call-with-values"),
                      core_thunk(x->arena, span, value), consumer);
}

/* The parameters of Erlang's receive would be a clause. */
static bool is_clause(const Datum *formals) { return is_pair(formals) && !is_identifier(car(formals)); }

Core *form_receive(Expander *x, Datum *form)
{
    if (is_clause(cadr(form))) {
        expand_error(x, cadr(form)->span, "receive: a list of variables is needed here");
        note_usage(x, form);
        note_recv(x, form->span);
        return error_core(x, form->span);
    }
    Core *value = expand(x, car(cddr(form)));
    CoreClause clause;
    if (!expand_clause(x, cadr(form), cdr(cddr(form)), form->span, &clause)) return error_core(x, form->span);
    return bind_values(x, form->span, value, &clause);
}

/* The formals of all clauses are bound in one scope, after all expressions. */
Core *form_let_values(Expander *x, Datum *form)
{
    Bindings bindings;
    if (!parse_bindings(x, form, cadr(form), false, &bindings)) return error_core(x, form->span);
    Core **inits = expand_values(x, &bindings);
    CoreClause *clauses = ARENA_ARRAY(x->arena, CoreClause, bindings.count);
    ScopeMark mark = scope_enter(&x->scopes);
    bool ok = true;
    for (uint32_t i = 0; i < bindings.count; i++)
        ok &= bind_formals(x, bindings.names[i], &clauses[i]);
    Core *body = expand_body(x, cddr(form), form->span);
    scope_leave(&x->scopes, mark);
    if (!ok) return error_core(x, form->span);
    for (uint32_t i = bindings.count; i-- > 0;) {
        clauses[i].body = body;
        body = bind_values(x, form->span, inits[i], &clauses[i]);
    }
    return body;
}

Core *form_let_star_values(Expander *x, Datum *form)
{
    Bindings bindings;
    if (!parse_bindings(x, form, cadr(form), false, &bindings)) return error_core(x, form->span);
    ScopeMark *marks = ARENA_ARRAY(x->arena, ScopeMark, bindings.count);
    CoreClause *clauses = ARENA_ARRAY(x->arena, CoreClause, bindings.count);
    Core **inits = ARENA_ARRAY(x->arena, Core *, bindings.count);
    bool ok = true;
    for (uint32_t i = 0; i < bindings.count; i++) {
        nest(x, form->span);
        inits[i] = expand(x, bindings.values[i]);
        marks[i] = scope_enter(&x->scopes);
        ok &= bind_formals(x, bindings.names[i], &clauses[i]);
    }
    Core *body = expand_body(x, cddr(form), form->span);
    for (uint32_t i = bindings.count; i-- > 0;) {
        scope_leave(&x->scopes, marks[i]);
        unnest(x);
        clauses[i].body = body;
        body = ok ? bind_values(x, form->span, inits[i], &clauses[i]) : body;
    }
    return body;
}

/* -- keywords --------------------------------------------------------------- */

static void bind_keyword(Expander *x, const Datum *name, Binding *binding)
{
    if (!binding) return;
    binding->span = name->span;
    if (scope_bind(&x->scopes, name->as.symbol, binding)) return;
    const Binding *first = scope_find_innermost(&x->scopes, name->as.symbol);
    expand_error(x, name->span, "keyword `%s` appears twice", name->as.symbol->text);
    diag_note(x->diag, first->span, "the first one is here");
}

/* `is_recursive`: the transformers see the keywords. */
static Core *bind_keywords(Expander *x, Datum *form, bool is_recursive)
{
    Bindings bindings;
    if (!parse_bindings(x, form, cadr(form), false, &bindings) || !check_names(x, &bindings))
        return error_core(x, form->span);
    Binding **transformers = ARENA_ARRAY(x->arena, Binding *, bindings.count);
    if (!is_recursive)
        for (uint32_t i = 0; i < bindings.count; i++)
            transformers[i] = macro_bind(x, bindings.values[i]);
    ScopeMark mark = scope_enter(&x->scopes);
    for (uint32_t i = 0; i < bindings.count; i++) {
        if (is_recursive) transformers[i] = macro_bind(x, bindings.values[i]);
        bind_keyword(x, bindings.names[i], transformers[i]);
    }
    Core *body = expand_body(x, cddr(form), form->span);
    scope_leave(&x->scopes, mark);
    return body;
}

Core *form_let_syntax(Expander *x, Datum *form) { return bind_keywords(x, form, false); }

Core *form_letrec_syntax(Expander *x, Datum *form) { return bind_keywords(x, form, true); }
