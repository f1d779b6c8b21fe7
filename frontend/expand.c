#include "frontend/expand.h"

#include <stdarg.h>

#include "frontend/calls.h"
#include "frontend/forms.h"
#include "frontend/rules.h"
#include "frontend/undefined.h"

/* -- checks ----------------------------------------------------------------- */

void expand_report_file(Expander *x, const Source *file)
{
    if (x->options->on_file) x->options->on_file(x->options->on_file_context, file);
}

void expand_error(Expander *x, Span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list copy;
    va_copy(copy, args);
    int length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    char *text = arena_alloc(x->arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    x->errors++;
    diag_error(x->diag, span, "%s", text);
    note_expansion(x, expansion_at(x, span));
}

const Expansion *expansion_at(const Expander *x, Span span)
{
    for (const Expansion *expansion = x->expansion; expansion; expansion = expansion->outer) {
        const Span *use = &expansion->span;
        if (use->source == span.source && use->start == span.start && use->end == span.end) return expansion;
    }
    return NULL;
}

void note_expansion(Expander *x, const Expansion *expansion)
{
    if (!expansion) return;
    Span span = macro_span(expansion->macro);
    if (span.source && !span.source->is_system)
        diag_note(x->diag, span, "this comes from the macro `%s`, which is defined here",
                  expansion->keyword->text);
}

Core *error_core(Expander *x, Span span) { return core_void(x->arena, span); }

void nest(Expander *x, Span span)
{
    if (++x->nesting <= x->nesting_limit) return;
    expand_error(x, span, "the program is nested too deeply here (more than %lu levels)", x->nesting_limit);
    diag_stop(x->diag);
}

bool is_system_code(const Datum *form) { return form->span.source && form->span.source->is_system; }

bool is_auxiliary(Expander *x, const Datum *datum, AuxiliaryId id)
{
    if (!is_identifier(datum)) return false;
    const Binding *binding = scope_lookup(&x->scopes, datum->as.symbol);
    bool is_free = !binding || (binding->kind == BIND_GLOBAL && !binding->is_defined);
    if (is_free) return is_spelled(datum, forms_auxiliary_names[id]); /* not imported: no other meaning */
    return binding->kind == BIND_AUXILIARY && binding->as.auxiliary == id;
}

bool is_shadowed(Expander *x, const Datum *datum, AuxiliaryId id)
{
    return is_spelled(datum, forms_auxiliary_names[id]) && !is_auxiliary(x, datum, id);
}

void note_binding(Expander *x, const Datum *identifier)
{
    const Binding *binding = scope_lookup(&x->scopes, identifier->as.symbol);
    if (binding && binding->span.source)
        diag_note(x->diag, binding->span, "`%s` is bound here", identifier->as.symbol->text);
}

bool same_meaning(Expander *x, Symbol *a, Environment *a_environment, uint32_t a_depth, Symbol *b)
{
    if (a == b && a_depth == x->scopes.depth && a_environment == x->scopes.top) return true;
    const Binding *a_binding = scope_lookup_at(&x->scopes, a, a_environment, a_depth);
    const Binding *b_binding = scope_lookup(&x->scopes, b);
    /* A global that is only used, never defined, is as good as unbound. */
    if (a_binding && a_binding->kind == BIND_GLOBAL && !a_binding->is_defined) a_binding = NULL;
    if (b_binding && b_binding->kind == BIND_GLOBAL && !b_binding->is_defined) b_binding = NULL;
    if (a_binding || b_binding) return a_binding == b_binding;
    return symbol_base(a) == symbol_base(b);
}

/* -- variables -------------------------------------------------------------- */

Var *var_new(Expander *x, Symbol *name, Span span)
{
    Var *var = ARENA_NEW(x->arena, Var);
    *var = (Var){name, span, x->n_vars++};
    return var;
}

Var *var_temp(Expander *x, const char *name, Span span)
{
    return var_new(x, symbol_of(x->compilation->symbols, name), span);
}

Var *bind_variable(Expander *x, const Datum *identifier, const char *what)
{
    Symbol *symbol = identifier->as.symbol;
    Var *var = var_new(x, symbol_base(symbol), identifier->span);
    Binding *binding = binding_new(x->arena, BIND_LOCAL, identifier->span);
    binding->as.var = var;
    if (!scope_bind(&x->scopes, symbol, binding)) {
        expand_error(x, identifier->span, "%s `%s` appears twice", what, symbol->text);
        const Binding *first = scope_find_innermost(&x->scopes, symbol);
        diag_note(x->diag, first->span, "the first one is here");
    }
    return var;
}

Global *global_new(Expander *x, Symbol *name, Span span, const char *module)
{
    Global *global = ARENA_NEW(x->arena, Global);
    global->name = name;
    global->span = span;
    global->module = module;
    global->id = (uint32_t)x->globals.count;
    vec_push(x->arena, &x->globals, global);
    return global;
}

/* Nothing binds the identifier: a global that may be defined later. */
static Binding *bind_undefined(Expander *x, const Datum *identifier)
{
    Symbol *symbol;
    Environment *environment;
    scope_origin(&x->scopes, identifier->as.symbol, &symbol, &environment);
    Binding *binding = binding_new(x->arena, BIND_GLOBAL, identifier->span);
    binding->as.global = global_new(x, symbol, (Span){0}, environment->module);
    binding->guess = undefined_guess(x, identifier);
    scope_bind_top(&x->scopes, environment, symbol, binding);
    return binding;
}

static Core *global_ref(Expander *x, const Datum *identifier, Binding *binding)
{
    Core *core = core_global(x->arena, identifier->span, binding->as.global);
    if (!binding->is_defined) {
        Reference reference = {core, binding, NULL, NULL, false, NULL};
        if (symbol_alias(identifier->as.symbol)) reference.expansion = expansion_at(x, identifier->span);
        scope_origin(&x->scopes, identifier->as.symbol, &reference.symbol, &reference.environment);
        vec_push(x->arena, &x->references, reference);
    }
    return core;
}

/* A primitive as a value: lib-scm's procedure of that name, else a wrapper. */
static Core *prim_value(Expander *x, Span span, const Binding *binding)
{
    const PrimInfo *info = &core_prims[binding->as.prim.id];
    if (binding->as.prim.procedure) return core_global(x->arena, span, binding->as.prim.procedure);
    if (info->min == info->max) return core_prim_ref(x->arena, span, binding->as.prim.id);
    expand_error(x, span, "the library has no procedure `%s`: only calls of it work", info->name);
    return error_core(x, span);
}

static Core *mutation_error(Expander *x, const Datum *identifier, const Binding *binding)
{
    const char *name = identifier->as.symbol->text;
    expand_error(x, identifier->span, "`%s` does not exist: data and variables are immutable in Termite",
                 name);
    if (binding->as.advice)
        diag_note(x->diag, identifier->span, "%s", binding->as.advice);
    else
        diag_note(x->diag, identifier->span,
                  "keep changing state in a process, for example a cell: `make-cell`, "
                  "`cell-ref`, `cell-set!`");
    return error_core(x, identifier->span);
}

static Core *absent_error(Expander *x, const Datum *identifier, const Binding *binding)
{
    expand_error(x, identifier->span, "`%s` does not exist here", identifier->as.symbol->text);
    diag_note(x->diag, identifier->span, "%s", binding->as.advice);
    return error_core(x, identifier->span);
}

static bool is_foreign(const Binding *binding)
{
    return binding && (binding->kind == BIND_MUTATOR || binding->kind == BIND_ABSENT);
}

static bool is_undefined(const Binding *binding)
{
    return !binding || (binding->kind == BIND_GLOBAL && !binding->is_defined);
}

/* What the identifier means; if nothing binds it, whether other systems have a form or mutator of that name, then a
 * global that is not defined. */
static Binding *resolve(Expander *x, const Datum *identifier)
{
    Binding *binding = scope_lookup(&x->scopes, identifier->as.symbol);
    if (!is_undefined(binding) && !is_foreign(binding)) return binding;
    Symbol *symbol;
    Environment *environment;
    scope_origin(&x->scopes, identifier->as.symbol, &symbol, &environment);
    Binding *foreign = is_foreign(binding) ? binding : scope_find_top(&x->scopes, x->system, symbol);
    if (is_foreign(foreign) && !undefined_find_renamed(x, symbol, environment)) return foreign;
    return is_undefined(binding) && binding ? binding : bind_undefined(x, identifier);
}

static Core *expand_reference(Expander *x, const Datum *identifier)
{
    Binding *binding = resolve(x, identifier);
    switch (binding->kind) {
    case BIND_LOCAL: binding->is_value = true; return core_local(x->arena, identifier->span, binding->as.var);
    case BIND_GLOBAL: return global_ref(x, identifier, binding);
    case BIND_PRIM: return prim_value(x, identifier->span, binding);
    case BIND_PROC: return core_proc(x->arena, identifier->span, binding->as.proc);
    case BIND_MUTATOR: return mutation_error(x, identifier, binding);
    case BIND_ABSENT: return absent_error(x, identifier, binding);
    case BIND_FORM:
    case BIND_AUXILIARY:
    case BIND_MACRO: break;
    }
    expand_error(x, identifier->span, "`%s` is syntax and cannot be used as a value",
                 identifier->as.symbol->text);
    if (binding->kind == BIND_FORM)
        diag_note(x->diag, identifier->span, "the form is %s", binding->as.form->usage);
    if (binding->kind == BIND_AUXILIARY)
        diag_note(x->diag, identifier->span, "%s", forms_auxiliary_places[binding->as.auxiliary]);
    return error_core(x, identifier->span);
}

Core *expand_library_ref(Expander *x, Span span, const char *name)
{
    Symbol *symbol = symbol_of(x->compilation->symbols, name);
    Binding *binding = scope_find_top(&x->scopes, x->system, symbol);
    if (binding && binding->kind == BIND_GLOBAL) return core_global(x->arena, span, binding->as.global);
    if (binding && binding->kind == BIND_PROC) return core_proc(x->arena, span, binding->as.proc);
    if (binding && binding->kind == BIND_PRIM) return prim_value(x, span, binding);
    expand_error(x, span, "the library has no procedure `%s`, which this form needs", name);
    return error_core(x, span);
}

/* -- calls -------------------------------------------------------------------- */

static Core *binary(Expander *x, Span span, PrimId id, Core *a, Core *b)
{
    return core_prim2(x->arena, span, id, a, b);
}

static Core *fold_left(Expander *x, Span span, PrimId id, uint32_t n_args, Core **args)
{
    Core *result = args[0];
    for (uint32_t i = 1; i < n_args; i++)
        result = binary(x, span, id, result, args[i]);
    return result;
}

static Core *prim_nary(Expander *x, Span span, PrimId id, uint32_t n_args, Core **args)
{
    Core *unit = core_integer(x->arena, span, id == PRIM_MUL ? 1 : 0);
    if (n_args == 0) return unit;
    if (n_args == 1) return binary(x, span, id, unit, args[0]);
    return fold_left(x, span, id, n_args, args);
}

static Core *prim_nary_inverse(Expander *x, Span span, PrimId id, uint32_t n_args, Core **args)
{
    if (n_args > 1) return fold_left(x, span, id, n_args, args);
    if (id == PRIM_SUB) return core_prim1(x->arena, span, PRIM_NEG, args[0]);
    return binary(x, span, id, core_integer(x->arena, span, 1), args[0]);
}

/* (< a b c): all arguments are evaluated before the first comparison. */
static Core *prim_chain(Expander *x, Span span, PrimId id, uint32_t n_args, Core **args)
{
    Arena *arena = x->arena;
    if (n_args == 2) return binary(x, span, id, args[0], args[1]);
    if (n_args == 1) /* compares with a number only for its type check */
        return core_if(arena, span, binary(x, span, id, args[0], core_integer(arena, span, 0)),
                       core_boolean(arena, span, true), core_boolean(arena, span, true));
    Var **vars = ARENA_ARRAY(arena, Var *, n_args);
    for (uint32_t i = 0; i < n_args; i++)
        vars[i] = var_temp(x, "operand", args[i]->span);
    Core *result = NULL;
    for (uint32_t i = n_args - 1; i > 0; i--) {
        Core *test =
            binary(x, span, id, core_local(arena, span, vars[i - 1]), core_local(arena, span, vars[i]));
        result = result ? core_if(arena, span, test, result, core_boolean(arena, span, false)) : test;
    }
    return core_let(arena, span, n_args, vars, args, result);
}

static Core *expand_prim_call(Expander *x, Span span, const Binding *binding, Span head, uint32_t n_args,
                              Core **args)
{
    PrimId id = binding->as.prim.id;
    const PrimInfo *info = &core_prims[id];
    if ((int)n_args < info->min || (info->max >= 0 && (int)n_args > info->max)) {
        if (binding->as.prim.procedure) {
            Core *call = core_call(x->arena, span, core_global(x->arena, head, binding->as.prim.procedure),
                                   n_args, args);
            vec_push(x->arena, &x->calls, call);
            return call;
        }
        calls_warn_prim(x, span, info, n_args);
        return core_call(x->arena, span, prim_value(x, head, binding), n_args, args);
    }
    if (info->flags & PRIM_NARY) return prim_nary(x, span, id, n_args, args);
    if (info->flags & PRIM_NARY_INV) return prim_nary_inverse(x, span, id, n_args, args);
    if (info->flags & PRIM_CHAIN) return prim_chain(x, span, id, n_args, args);
    return core_prim_n(x->arena, span, id, n_args, args);
}

Core **expand_each(Expander *x, Datum *forms, uint32_t *count_out)
{
    long count = list_length(forms);
    Core **cores = ARENA_ARRAY(x->arena, Core *, count);
    for (long i = 0; i < count; i++, forms = cdr(forms))
        cores[i] = expand(x, car(forms));
    *count_out = (uint32_t)count;
    return cores;
}

/* ((lambda (a ...) body) x ...) binds like let. */
static bool is_let(const Core *fn, uint32_t n_args)
{
    return fn->kind == CORE_LAMBDA && fn->as.lambda.n_clauses == 1 && !fn->as.lambda.clauses[0].rest &&
           fn->as.lambda.clauses[0].n_params == n_args;
}

Core *call_of(Expander *x, Span span, Core *fn, uint32_t n_args, Core **args)
{
    if (is_let(fn, n_args)) {
        const CoreClause *clause = &fn->as.lambda.clauses[0];
        return core_let(x->arena, span, n_args, clause->params, args, clause->body);
    }
    if (fn->kind == CORE_PRIM_REF && (int)n_args == core_prims[fn->as.prim_ref].min)
        return core_prim_n(x->arena, span, fn->as.prim_ref, n_args, args);
    Core *call = core_call(x->arena, span, fn, n_args, args);
    vec_push(x->arena, &x->calls, call);
    return call;
}

/* A call of an undefined name that means syntax: only the name is evaluated, which raises. */
static Core *expand_misspelled(Expander *x, Datum *form, Binding *binding)
{
    undefined_note_form(x, binding->guess, form);
    return core_call(x->arena, form->span, global_ref(x, car(form), binding), 0, NULL);
}

static Core *expand_call(Expander *x, Datum *form, Binding *binding)
{
    if (binding && binding->kind == BIND_PRIM) {
        uint32_t n_args;
        Core **args = expand_each(x, cdr(form), &n_args);
        return expand_prim_call(x, form->span, binding, car(form)->span, n_args, args);
    }
    bool is_local = binding && binding->kind == BIND_LOCAL;
    Core *fn = is_local ? core_local(x->arena, car(form)->span, binding->as.var) : expand(x, car(form));
    uint32_t n_args;
    Core **args = expand_each(x, cdr(form), &n_args);
    return call_of(x, form->span, fn, n_args, args);
}

/* -- dispatch ----------------------------------------------------------------- */

Binding *head_binding(Expander *x, const Datum *form)
{
    if (!is_pair(form) || !is_identifier(car(form))) return NULL;
    return scope_lookup(&x->scopes, car(form)->as.symbol);
}

Datum *expand_macro_use(Expander *x, Datum *form, const Binding *binding)
{
    if (x->fuel-- == 0) {
        expand_error(x, form->span,
                     "endless macro expansion: `%s` and others were used more often than the limit allows",
                     car(form)->as.symbol->text);
        diag_stop(x->diag);
    }
    Datum *expanded = macro_expand(x, binding->as.macro, form);
    Expansion *expansion = ARENA_NEW(x->arena, Expansion);
    *expansion = (Expansion){x->expansion, form->span, car(form)->as.symbol, binding->as.macro};
    x->expansion = expansion;
    return expanded;
}

void note_recv(Expander *x, Span span)
{
    diag_note(x->diag, span, "a message is taken by %s", forms_table[FORM_RECV].usage);
}

/* The number of operands fits; reports if not. */
static bool check_operands(Expander *x, const Form *entry, Datum *form)
{
    long count = list_length(form);
    if (count < 0)
        expand_error(x, form->span, "%s: this is not a proper list", entry->name);
    else if (count - 1 < entry->min)
        expand_error(x, form->span, "%s: something is missing", entry->name);
    else if (entry->max >= 0 && count - 1 > entry->max)
        expand_error(x, form->span, "%s: too many parts", entry->name);
    else
        return true;
    diag_note(x->diag, form->span, "the form is %s", entry->usage);
    if (entry->id == FORM_RECEIVE) note_recv(x, form->span);
    return false;
}

/* A definition form in the place of an expression; `begin`, `include` and
 * `cond-expand` may be either. */
static Core *expand_definition_form(Expander *x, const Form *entry, Datum *form)
{
    switch (entry->id) {
    case FORM_BEGIN:
        if (!is_nil(cdr(form))) return expand_sequence(x, cdr(form), form->span);
        expand_error(x, form->span, "begin: an empty `begin` has no value");
        return error_core(x, form->span);
    case FORM_INCLUDE:
    case FORM_INCLUDE_CI: {
        Datum *forms = include_forms(x, form, entry->id == FORM_INCLUDE_CI);
        return forms ? expand_sequence(x, forms, form->span) : error_core(x, form->span);
    }
    case FORM_COND_EXPAND: {
        Datum *forms = cond_expand_forms(x, form);
        if (!forms) return error_core(x, form->span);
        return is_nil(forms) ? core_void(x->arena, form->span) : expand_sequence(x, forms, form->span);
    }
    default: break;
    }
    expand_error(x, form->span, "`%s` cannot stand here: an expression is needed", entry->name);
    diag_note(x->diag, form->span, "definitions stand at top level or at the beginning of a body");
    return error_core(x, form->span);
}

static Core *expand_form(Expander *x, const Form *entry, Datum *form)
{
    if (!check_operands(x, entry, form)) return error_core(x, form->span);
    return entry->expand ? entry->expand(x, form) : expand_definition_form(x, entry, form);
}

static Core *expand_pair(Expander *x, Datum *form)
{
    for (;;) {
        Binding *binding = head_binding(x, form);
        if (binding && binding->kind == BIND_MACRO) {
            form = expand_macro_use(x, form, binding);
            if (!form) return core_void(x->arena, (Span){0}); /* reported */
            if (!is_pair(form)) return expand(x, form);
            continue;
        }
        if (binding && binding->kind == BIND_FORM) return expand_form(x, binding->as.form, form);
        if (is_identifier(car(form)) && (is_undefined(binding) || is_foreign(binding)))
            binding = resolve(x, car(form));
        if (is_foreign(binding)) return expand_reference(x, car(form));
        if (is_undefined(binding) && binding && binding->guess->is_syntax)
            return expand_misspelled(x, form, binding);
        if (list_length(form) < 0) {
            expand_error(x, form->span, "a procedure call must be a proper list");
            return error_core(x, form->span);
        }
        return expand_call(x, form, binding);
    }
}

static Core *expand_datum(Expander *x, Datum *form)
{
    switch (form->kind) {
    case DATUM_SYMBOL: return expand_reference(x, form);
    case DATUM_PAIR: return expand_pair(x, form);
    case DATUM_NIL:
        expand_error(x, form->span, "() is not an expression");
        diag_note(x->diag, form->span, "the empty list is written '()");
        return error_core(x, form->span);
    case DATUM_VECTOR: return core_const(x->arena, form->span, syntax_strip(x->arena, form));
    default: return core_const(x->arena, form->span, form);
    }
}

Core *expand(Expander *x, Datum *form)
{
    nest(x, form->span);
    const Expansion *outer = x->expansion;
    Core *core = expand_datum(x, form);
    x->expansion = outer;
    unnest(x);
    return core;
}

void name_procedure(Core *value, Symbol *name)
{
    for (;;) {
        switch (value->kind) {
        case CORE_LAMBDA:
            if (!value->as.lambda.name) value->as.lambda.name = name;
            return;
        case CORE_LET:
        case CORE_LETREC: value = value->as.let.body; continue;
        default: return;
        }
    }
}

static bool is_lambda_form(const Binding *binding)
{
    if (!binding || binding->kind != BIND_FORM) return false;
    return binding->as.form->id == FORM_LAMBDA || binding->as.form->id == FORM_CASE_LAMBDA;
}

Core *expand_named(Expander *x, Datum *form, Symbol *name)
{
    Symbol *outer = x->procedure;
    if (name && is_lambda_form(head_binding(x, form))) x->procedure = name;
    Core *core = expand(x, form);
    x->procedure = outer;
    name_procedure(core, name);
    return core;
}

Core *expand_sequence(Expander *x, Datum *forms, Span span)
{
    uint32_t count;
    Core **cores = expand_each(x, forms, &count);
    return core_seq(x->arena, span, count, cores);
}

/* -- procedures --------------------------------------------------------------- */

bool bind_formals(Expander *x, Datum *formals, CoreClause *out)
{
    long count = list_pairs(formals);
    if (count < 0) {
        expand_error(x, formals->span, "the parameter list is cyclic");
        return false;
    }
    out->n_params = (uint32_t)count;
    out->params = ARENA_ARRAY(x->arena, Var *, count);
    for (long i = 0; i < count; i++, formals = cdr(formals)) {
        if (!is_identifier(car(formals))) {
            expand_error(x, car(formals)->span, "a parameter must be an identifier");
            return false;
        }
        out->params[i] = bind_variable(x, car(formals), "parameter");
    }
    if (is_identifier(formals)) {
        out->rest = bind_variable(x, formals, "parameter");
    } else if (!is_nil(formals)) {
        expand_error(x, formals->span, "a parameter must be an identifier");
        return false;
    }
    return true;
}

bool expand_clause(Expander *x, Datum *formals, Datum *body, Span span, CoreClause *out)
{
    *out = (CoreClause){0};
    ScopeMark mark = scope_enter(&x->scopes);
    bool ok = bind_formals(x, formals, out);
    if (ok) out->body = expand_body(x, body, span);
    scope_leave(&x->scopes, mark);
    return ok;
}

Core *expand_lambda(Expander *x, Span span, Symbol *name, Datum *formals, Datum *body)
{
    CoreClause clause;
    Symbol *outer = x->procedure;
    if (name) x->procedure = name;
    bool ok = expand_clause(x, formals, body, span, &clause);
    x->procedure = outer;
    if (!ok) return error_core(x, span);
    return core_lambda(x->arena, span, name, clause.n_params, clause.params, clause.rest, clause.body);
}
