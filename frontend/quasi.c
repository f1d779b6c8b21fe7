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

/* The cells of a list template up to where its tail begins. */
typedef struct Cells {
    long count;
    Datum **cells;
    Core **cores;    /* of the elements that need evaluation, else NULL */
    bool *is_splice;
    Datum *tail;
    long n_used;     /* cells up to the last that needs evaluation */
} Cells;

static void build_cells(Expander *x, Datum *template, unsigned level, Cells *out) {
    Datum *rest = template;
    for (; is_pair(rest); rest = cdr(rest)) {
        if (out->count && quasi_kind(x, rest) != QUASI_NONE) break; /* (a . ,b) reads as (a unquote b) */
        Datum *element = car(rest);
        long i = out->count++;
        out->cells[i] = rest;
        out->is_splice[i] = level == 1 && quasi_kind(x, element) == QUASI_SPLICING;
        out->cores[i] = out->is_splice[i] ? expand(x, cadr(element)) : build(x, element, level);
        if (out->cores[i]) out->n_used = i + 1;
    }
    out->tail = rest;
}

static Core *join_cell(Expander *x, const Cells *cells, long i, Core *tail) {
    Datum *cell = cells->cells[i];
    bool is_end = tail->kind == CORE_CONST && is_nil(tail->as.datum);
    if (cells->is_splice[i])
        return is_end ? cells->cores[i] : core_prim2(x->arena, cell->span, PRIM_APPEND2, cells->cores[i], tail);
    Core *element = cells->cores[i] ? cells->cores[i] : constant(x, car(cell));
    return core_prim2(x->arena, cell->span, PRIM_CONS, element, tail);
}

/* Elements are expanded in order, then joined from the end; what follows the last
 * that needs evaluation is one constant. */
static Core *build_list(Expander *x, Datum *template, unsigned level) {
    long count = list_pairs(template);
    if (count < 0) {
        expand_error(x, template->span, "a quasiquote template cannot be cyclic");
        return error_core(x, template->span);
    }
    Cells cells = {.cells = ARENA_ARRAY(x->arena, Datum *, count), .cores = ARENA_ARRAY(x->arena, Core *, count),
                   .is_splice = ARENA_ARRAY(x->arena, bool, count)};
    build_cells(x, template, level, &cells);
    Core *tail = build(x, cells.tail, level);
    if (tail) cells.n_used = cells.count;
    if (cells.n_used == 0) return tail;
    if (!tail) tail = constant(x, cells.n_used < cells.count ? cells.cells[cells.n_used] : cells.tail);
    for (long i = cells.n_used; i-- > 0;) tail = join_cell(x, &cells, i, tail);
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
