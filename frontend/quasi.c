/* quasiquote: nested levels, vectors, splicing. Parts without anything to
 * evaluate stay constants and are shared with the template. */
#include "frontend/forms.h"

typedef enum QuasiKind { QUASI_NONE, QUASI_QUASIQUOTE, QUASI_UNQUOTE, QUASI_SPLICING } QuasiKind;

/* Is the datum (keyword x)? Which keyword? */
static QuasiKind quasi_kind(Expander *x, const Datum *datum) {
    if (!is_pair(datum) || !is_identifier(car(datum)) || !is_pair(cdr(datum)) || !is_nil(cddr(datum)))
        return QUASI_NONE;
    const Datum *head = car(datum);
    if (is_auxiliary(x, head, AUX_UNQUOTE)) return QUASI_UNQUOTE;
    if (is_auxiliary(x, head, AUX_UNQUOTE_SPLICING)) return QUASI_SPLICING;
    const Binding *binding = scope_lookup(&x->scopes, head->as.symbol);
    bool is_quasi = binding && binding->kind == BIND_FORM && binding->as.form->id == FORM_QUASIQUOTE;
    return is_quasi ? QUASI_QUASIQUOTE : QUASI_NONE;
}

/* NULL: the template is a constant. */
static Core *build(Expander *x, Datum *template, unsigned level);

static Core *constant(Expander *x, Datum *template) {
    return core_const(x->arena, template->span, syntax_strip(x->arena, template));
}

static Core *build_or_constant(Expander *x, Datum *template, unsigned level) {
    Core *core = build(x, template, level);
    return core ? core : constant(x, template);
}

/* (keyword inner) one level further in or out. */
static Core *build_nested(Expander *x, Datum *template, unsigned level) {
    Core *inner = build(x, cadr(template), level);
    if (!inner) return NULL;
    Arena *arena = x->arena;
    Span span = template->span;
    Core *tail = core_prim2(arena, span, PRIM_CONS, inner, core_nil(arena, span));
    return core_prim2(arena, span, PRIM_CONS, constant(x, car(template)), tail);
}

/* The elements in order; then conses from the end. What follows the last element that needs
 * evaluation is one constant tail. */
static Core *build_list(Expander *x, Datum *template, unsigned level) {
    long count = list_pairs(template);
    if (count < 0) {
        expand_error(x, template->span, "a quasiquote template cannot be cyclic");
        return error_core(x, template->span);
    }
    Arena *arena = x->arena;
    Datum **cells = ARENA_ARRAY(arena, Datum *, count);
    Core **cores = ARENA_ARRAY(arena, Core *, count);
    bool *is_splice = ARENA_ARRAY(arena, bool, count);
    long n_used = 0; /* cells up to the last that needs evaluation */
    Datum *rest = template;
    long i = 0;
    for (; i < count && is_pair(rest); i++, rest = cdr(rest)) {
        if (i > 0 && quasi_kind(x, rest) != QUASI_NONE) break; /* (a . ,b) reads as (a unquote b) */
        cells[i] = rest;
        is_splice[i] = level == 1 && quasi_kind(x, car(rest)) == QUASI_SPLICING;
        cores[i] = is_splice[i] ? expand(x, cadr(car(rest))) : build(x, car(rest), level);
        if (cores[i]) n_used = i + 1;
    }
    Core *tail = is_nil(rest) ? NULL : build(x, rest, level);
    if (tail) n_used = i;
    if (n_used == 0 && !tail) return NULL;
    if (!tail) tail = constant(x, n_used < i ? cells[n_used] : rest);
    while (n_used-- > 0) {
        Datum *cell = cells[n_used];
        bool is_end = tail->kind == CORE_CONST && tail->as.datum->kind == DATUM_NIL;
        if (is_splice[n_used] && is_end) tail = cores[n_used];
        else if (is_splice[n_used]) tail = core_prim2(arena, cell->span, PRIM_APPEND2, cores[n_used], tail);
        else tail = core_prim2(arena, cell->span, PRIM_CONS,
                               cores[n_used] ? cores[n_used] : constant(x, car(cell)), tail);
    }
    return tail;
}

static Core *build_pair(Expander *x, Datum *template, unsigned level) {
    switch (quasi_kind(x, template)) {
    case QUASI_UNQUOTE:
        return level == 1 ? expand(x, cadr(template)) : build_nested(x, template, level - 1);
    case QUASI_SPLICING:
        if (level > 1) return build_nested(x, template, level - 1);
        expand_error(x, template->span, "unquote-splicing (`,@`) stands where there is no list around it");
        return error_core(x, template->span);
    case QUASI_QUASIQUOTE: return build_nested(x, template, level + 1);
    case QUASI_NONE: break;
    }
    return build_list(x, template, level);
}

static Core *build(Expander *x, Datum *template, unsigned level) {
    if (template->kind != DATUM_PAIR && template->kind != DATUM_VECTOR) return NULL;
    nest(x, template->span);
    Core *core;
    if (template->kind == DATUM_PAIR) {
        core = build_pair(x, template, level);
    } else {
        core = build_list(x, syntax_vector_to_list(x->arena, template), level);
        if (core) core = core_prim1(x->arena, template->span, PRIM_LIST_TO_VECTOR, core);
    }
    unnest(x);
    return core;
}

Core *form_quasiquote(Expander *x, Datum *form) { return build_or_constant(x, cadr(form), 1); }
