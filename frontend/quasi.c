/* quasiquote: nested levels, vectors, splicing; as in R6RS, `unquote` and `unquote-splicing` take any number of
 * expressions where a list is around them, which is what makes ,,@ and ,@,@ of nested templates mean something. Parts without anything to
 * evaluate stay constants and are shared with the template. */
#include "frontend/forms.h"

typedef enum QuasiKind { QUASI_NONE, QUASI_QUASIQUOTE, QUASI_UNQUOTE, QUASI_SPLICING } QuasiKind;

static bool has_one_operand(const Datum *form) { return is_pair(cdr(form)) && is_nil(cddr(form)); }

/* Is the datum (quasiquote x), or (unquote x ...) or (unquote-splicing x ...)? */
static QuasiKind quasi_kind(Expander *x, const Datum *datum)
{
    if (!is_pair(datum) || !is_identifier(car(datum)) || list_length(datum) < 0) return QUASI_NONE;
    const Datum *head = car(datum);
    if (is_auxiliary(x, head, AUX_UNQUOTE)) return QUASI_UNQUOTE;
    if (is_auxiliary(x, head, AUX_UNQUOTE_SPLICING)) return QUASI_SPLICING;
    const Binding *binding = scope_lookup(&x->scopes, head->as.symbol);
    bool is_quasi = has_one_operand(datum) && binding && binding->kind == BIND_FORM &&
                    binding->as.form->id == FORM_QUASIQUOTE;
    return is_quasi ? QUASI_QUASIQUOTE : QUASI_NONE;
}

/* NULL: the template is a constant. */
static Core *build(Expander *x, Datum *template, unsigned level);

static Core *constant(Expander *x, Datum *template)
{
    return core_const(x->arena, template->span, syntax_strip(x->arena, template));
}

static Core *build_or_constant(Expander *x, Datum *template, unsigned level)
{
    Core *core = build(x, template, level);
    return core ? core : constant(x, template);
}

static Core *build_list(Expander *x, Datum *template, unsigned level);

/* (keyword inner ...) one level further in or out. */
static Core *build_nested(Expander *x, Datum *template, unsigned level)
{
    if (is_nil(cdr(template))) return NULL;
    Core *inner = build_list(x, cdr(template), level);
    if (!inner) return NULL;
    return core_prim2(x->arena, template->span, PRIM_CONS, constant(x, car(template)), inner);
}

/* The values of the expressions joined by `prim`, `last` behind them. */
static Core *join_values(Expander *x, Datum *expressions, Span span, PrimId prim, Core *last)
{
    uint32_t count;
    Core **values = expand_each(x, expressions, &count);
    Core *result = prim == PRIM_APPEND2 && count ? values[--count] : last;
    while (count > 0)
        result = core_prim2(x->arena, span, prim, values[--count], result);
    return result;
}

/* An element that stands for any number of elements: their list; NULL if it stands for one. */
static Core *build_splice(Expander *x, Datum *element, unsigned level)
{
    QuasiKind kind = level == 1 ? quasi_kind(x, element) : QUASI_NONE;
    Core *nil = core_nil(x->arena, element->span);
    if (kind == QUASI_SPLICING) return join_values(x, cdr(element), element->span, PRIM_APPEND2, nil);
    if (kind == QUASI_UNQUOTE && !has_one_operand(element))
        return join_values(x, cdr(element), element->span, PRIM_CONS, nil);
    return NULL;
}

/* The cells of a list template up to where its tail begins. */
typedef struct Cells {
    long count;
    Datum **cells;
    Core **cores; /* of the elements that need evaluation, else NULL */
    bool *is_splice;
    Datum *tail;
    long n_used; /* cells up to the last that needs evaluation */
} Cells;

static void build_cells(Expander *x, Datum *template, unsigned level, Cells *out)
{
    Datum *rest = template;
    for (; is_pair(rest); rest = cdr(rest)) {
        /* (a . ,b) reads as (a unquote b) */
        if (out->count && quasi_kind(x, rest) != QUASI_NONE && has_one_operand(rest)) break;
        Datum *element = car(rest);
        long i = out->count++;
        out->cells[i] = rest;
        Core *splice = build_splice(x, element, level);
        out->is_splice[i] = splice != NULL;
        out->cores[i] = splice ? splice : build(x, element, level);
        if (out->cores[i]) out->n_used = i + 1;
    }
    out->tail = rest;
}

static Core *join_cell(Expander *x, const Cells *cells, long i, Core *tail)
{
    Datum *cell = cells->cells[i];
    bool is_end = tail->kind == CORE_CONST && is_nil(tail->as.datum);
    if (cells->is_splice[i])
        return is_end ? cells->cores[i]
                      : core_prim2(x->arena, cell->span, PRIM_APPEND2, cells->cores[i], tail);
    Core *element = cells->cores[i] ? cells->cores[i] : constant(x, car(cell));
    return core_prim2(x->arena, cell->span, PRIM_CONS, element, tail);
}

/* Elements are expanded in order, then joined from the end; what follows the last
 * that needs evaluation is one constant. */
static Core *build_list(Expander *x, Datum *template, unsigned level)
{
    long count = list_pairs(template);
    if (count < 0) {
        expand_error(x, template->span, "a quasiquote template cannot be cyclic");
        return error_core(x, template->span);
    }
    Cells cells = {.cells = ARENA_ARRAY(x->arena, Datum *, count),
                   .cores = ARENA_ARRAY(x->arena, Core *, count),
                   .is_splice = ARENA_ARRAY(x->arena, bool, count)};
    build_cells(x, template, level, &cells);
    Core *tail = build(x, cells.tail, level);
    if (tail) cells.n_used = cells.count;
    if (cells.n_used == 0) return tail;
    if (!tail) tail = constant(x, cells.n_used < cells.count ? cells.cells[cells.n_used] : cells.tail);
    for (long i = cells.n_used; i-- > 0;)
        tail = join_cell(x, &cells, i, tail);
    return tail;
}

static Core *build_pair(Expander *x, Datum *template, unsigned level)
{
    switch (quasi_kind(x, template)) {
    case QUASI_UNQUOTE:
        if (level > 1) return build_nested(x, template, level - 1);
        if (has_one_operand(template)) return expand(x, cadr(template));
        expand_error(x, template->span,
                     "unquote (`,`) takes one expression where there is no list around it");
        return error_core(x, template->span);
    case QUASI_SPLICING:
        if (level > 1) return build_nested(x, template, level - 1);
        expand_error(x, template->span, "unquote-splicing (`,@`) stands where there is no list around it");
        return error_core(x, template->span);
    case QUASI_QUASIQUOTE: return build_nested(x, template, level + 1);
    case QUASI_NONE: break;
    }
    return build_list(x, template, level);
}

static Core *build(Expander *x, Datum *template, unsigned level)
{
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
