#include "frontend/body.h"

#include "frontend/calls.h"
#include "frontend/forms.h"
#include "frontend/rules.h"

void body_add(Expander *x, Body *body, Item item)
{
    item.expansion = x->expansion;
    vec_push(x->arena, &body->items, item);
}

/* -- first pass ------------------------------------------------------------- */

static void report_second_definition(Expander *x, const Datum *identifier, const Binding *first)
{
    expand_error(x, identifier->span, "`%s` is defined a second time", identifier->as.symbol->text);
    diag_note(x->diag, first->span, "the first definition is here");
}

static Global *define_global(Expander *x, const Datum *identifier)
{
    Symbol *symbol = identifier->as.symbol;
    Environment *environment = x->scopes.top;
    Binding *binding = scope_find_own(&x->scopes, environment, symbol);
    Symbol *base = symbol_base(symbol);
    if (binding && binding->is_defined) report_second_definition(x, identifier, binding);
    if (binding && binding->kind == BIND_PRIM && environment == x->system && !binding->as.prim.procedure) {
        binding->span = identifier->span;
        binding->is_defined = true;
        return binding->as.prim.procedure = global_new(x, base, identifier->span, environment->module);
    }
    if (!binding || binding->is_defined || binding->kind != BIND_GLOBAL) {
        binding = binding_new(x->arena, BIND_GLOBAL, identifier->span);
        binding->as.global = global_new(x, base, identifier->span, environment->module);
        scope_bind_top(&x->scopes, environment, symbol, binding);
    }
    binding->is_defined = true;
    binding->span = identifier->span;
    binding->as.global->span = identifier->span;
    if (base != symbol) {
        RenamedGlobal renamed = {base, environment, binding->as.global};
        vec_push(x->arena, &x->renamed, renamed);
    }
    return binding->as.global;
}

Target body_define(Expander *x, Body *body, const Datum *identifier)
{
    Target target = {.name = symbol_base(identifier->as.symbol)};
    if (body->is_top)
        target.global = define_global(x, identifier);
    else
        target.var = bind_variable(x, identifier, "definition of");
    return target;
}

Target body_define_hidden(Expander *x, const Body *body, Symbol *name, Span span)
{
    if (!body->is_top) return (Target){.var = var_new(x, name, span), .name = name};
    return (Target){.global = global_new(x, name, span, x->scopes.top->module), .name = name};
}

Core *target_ref(Expander *x, Span span, Target target)
{
    return target.var ? core_local(x->arena, span, target.var) : core_global(x->arena, span, target.global);
}

static void scan_expression(Expander *x, Body *body, Datum *form)
{
    body_add(x, body, (Item){.kind = ITEM_EXPRESSION, .span = form->span, .value = form});
}

static void scan_definition(Expander *x, Body *body, const Form *entry, Datum *form)
{
    long count = list_length(form);
    if (count - 1 >= entry->min && (entry->max < 0 || count - 1 <= entry->max)) {
        entry->define(x, body, form);
        return;
    }
    expand_error(x, form->span, "%s: the form is not well made", entry->name);
    diag_note(x->diag, form->span, "the form is %s", entry->usage);
}

void body_scan(Expander *x, Body *body, Datum *form)
{
    nest(x, form->span);
    const Expansion *outer = x->expansion;
    for (;;) {
        const Binding *binding = head_binding(x, form);
        if (binding && binding->kind == BIND_MACRO) {
            form = expand_macro_use(x, form, binding);
            if (form) continue;
        } else if (binding && binding->kind == BIND_FORM && binding->as.form->define) {
            scan_definition(x, body, binding->as.form, form);
        } else {
            scan_expression(x, body, form);
        }
        break;
    }
    x->expansion = outer;
    unnest(x);
}

void body_scan_list(Expander *x, Body *body, Datum *forms)
{
    for (; is_pair(forms); forms = cdr(forms))
        body_scan(x, body, car(forms));
}

/* -- second pass ------------------------------------------------------------ */

/* The values as a list: cons cells of the required ones, ended by the rest. */
static Core *values_as_list(Expander *x, const Item *item)
{
    Arena *arena = x->arena;
    Span span = item->span;
    Core *producer = core_thunk(arena, span, expand(x, item->value));
    Var **params = ARENA_ARRAY(arena, Var *, item->n_values);
    for (uint32_t i = 0; i < item->n_values; i++)
        params[i] = var_temp(x, "value", span);
    Var *rest = item->has_rest ? var_temp(x, "values", span) : NULL;
    Core *list = rest ? core_local(arena, span, rest) : core_nil(arena, span);
    for (uint32_t i = item->n_values; i-- > 0;)
        list = core_prim2(arena, span, PRIM_CONS, core_local(arena, span, params[i]), list);
    Core *consumer = core_lambda(arena, span, NULL, item->n_values, params, rest, list);
    return core_call2(arena, span, expand_library_ref(x, span, "call-with-values"), producer, consumer);
}

static Core *expand_item(Expander *x, const Item *item)
{
    switch (item->kind) {
    case ITEM_EXPRESSION: return expand(x, item->value);
    case ITEM_VALUE: return expand_named(x, item->value, item->target.name);
    case ITEM_PROCEDURE:
        return expand_lambda(x, item->span, item->target.name, car(item->value), cdr(item->value));
    case ITEM_VALUES: return values_as_list(x, item);
    case ITEM_READY: return item->core;
    }
    ICE("item of kind %d", (int)item->kind);
}

static Core *item_value(Expander *x, const Item *item)
{
    const Expansion *outer = x->expansion;
    x->expansion = item->expansion;
    Core *core = expand_item(x, item);
    x->expansion = outer;
    return core;
}

static size_t count_definitions(const Body *body)
{
    size_t n_definitions = 0; /* up to the last one, with the expressions in between */
    for (size_t i = 0; i < body->items.count; i++)
        if (body->items.items[i].kind != ITEM_EXPRESSION) n_definitions = i + 1;
    return n_definitions;
}

static void report_no_expression(Expander *x, Span span, size_t n_definitions)
{
    expand_error(x, span, "the body has no expression%s", n_definitions ? " after its definitions" : "");
    diag_note(x->diag, span, "the value of a body is that of its last expression");
}

static Core *finish_body(Expander *x, const Body *body, Span span, bool has_errors)
{
    Arena *arena = x->arena;
    size_t n_definitions = count_definitions(body);
    size_t n_expressions = body->items.count - n_definitions;
    if (n_expressions == 0 && !has_errors) report_no_expression(x, span, n_definitions);
    Var **vars = ARENA_ARRAY(arena, Var *, n_definitions);
    Core **inits = ARENA_ARRAY(arena, Core *, n_definitions);
    for (size_t i = 0; i < n_definitions; i++) {
        const Item *item = &body->items.items[i];
        vars[i] = item->target.var ? item->target.var : var_temp(x, "unused", item->span);
        inits[i] = item_value(x, item);
        calls_note_value(x, vars[i], inits[i]);
    }
    if (n_expressions == 0) return error_core(x, span);
    Core **exprs = ARENA_ARRAY(arena, Core *, n_expressions);
    for (size_t i = 0; i < n_expressions; i++)
        exprs[i] = item_value(x, &body->items.items[n_definitions + i]);
    Core *result = core_seq(arena, span, (uint32_t)n_expressions, exprs);
    return core_letrec(arena, span, (uint32_t)n_definitions, vars, inits, result);
}

Core *expand_body(Expander *x, Datum *forms, Span span)
{
    if (list_length(forms) < 0) {
        expand_error(x, span, "the body is not a proper list");
        return error_core(x, span);
    }
    nest(x, span);
    ScopeMark mark = scope_enter(&x->scopes);
    Body body = {0};
    unsigned errors = x->errors;
    body_scan_list(x, &body, forms);
    Core *core = finish_body(x, &body, span, x->errors != errors);
    scope_leave(&x->scopes, mark);
    unnest(x);
    return core;
}

void body_finish_top(Expander *x, Body *body)
{
    for (size_t i = 0; i < body->items.count; i++) {
        const Item *item = &body->items.items[i];
        Core *value = item_value(x, item);
        Global *global = item->target.global;
        if (global) {
            value = form_name_parameter(x, global, value);
            global->value = value;
            value = core_define(x->arena, item->span, global, value);
        }
        vec_push(x->arena, &x->forms, value);
    }
}
