#include "frontend/calls.h"

#include <stdlib.h>

#include "frontend/forms.h"

/* -- how a procedure is called ------------------------------------------------- */

/* The clauses of a lambda, those with fewer parameters first. */
typedef struct Clauses {
    uint32_t n;
    const CoreClause **items;
} Clauses;

static bool is_before(const CoreClause *a, const CoreClause *b) {
    return a->n_params != b->n_params ? a->n_params < b->n_params : !a->rest && b->rest;
}

static Clauses sorted_clauses(Expander *x, const Core *lambda) {
    Clauses clauses = {lambda->as.lambda.n_clauses, ARENA_ARRAY(x->arena, const CoreClause *, lambda->as.lambda.n_clauses)};
    for (uint32_t i = 0; i < clauses.n; i++) {
        const CoreClause *clause = &lambda->as.lambda.clauses[i];
        uint32_t at = i;
        for (; at > 0 && is_before(clause, clauses.items[at - 1]); at--) clauses.items[at] = clauses.items[at - 1];
        clauses.items[at] = clause;
    }
    return clauses;
}

/* Each clause has the parameters of the one before and one more: optional ones. */
static bool are_optional(Clauses clauses) {
    for (uint32_t i = 1; i < clauses.n; i++) {
        const CoreClause *before = clauses.items[i - 1], *clause = clauses.items[i];
        if (before->rest || clause->n_params != before->n_params + 1) return false;
        for (uint32_t k = 0; k < before->n_params; k++)
            if (before->params[k]->name != clause->params[k]->name) return false;
    }
    return true;
}

static void print_params(FILE *out, const CoreClause *clause) {
    for (uint32_t i = 0; i < clause->n_params; i++) fprintf(out, " %s", clause->params[i]->name->text);
}

static void print_rest(FILE *out, const CoreClause *clause) {
    if (clause->rest) fprintf(out, " %s ...", clause->rest->name->text);
}

static void print_optional(FILE *out, const char *name, Clauses clauses) {
    fprintf(out, "(%s", name);
    print_params(out, clauses.items[0]);
    for (uint32_t i = 1; i < clauses.n; i++) fprintf(out, " [%s", clauses.items[i]->params[clauses.items[i]->n_params - 1]->name->text);
    print_rest(out, clauses.items[clauses.n - 1]);
    for (uint32_t i = 1; i < clauses.n; i++) fputc(']', out);
    fputc(')', out);
}

static void print_each(FILE *out, const char *name, Clauses clauses) {
    for (uint32_t i = 0; i < clauses.n; i++) {
        fprintf(out, "%s(%s", i ? " or " : "", name);
        print_params(out, clauses.items[i]);
        print_rest(out, clauses.items[i]);
        fputc(')', out);
    }
}

/* As in `(f a [b [c]] rest ...)`; several shapes with "or" between. */
static const char *shape_of(Expander *x, const char *name, const Core *lambda) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) return name;
    Clauses clauses = sorted_clauses(x, lambda);
    if (are_optional(clauses)) print_optional(out, name, clauses);
    else print_each(out, name, clauses);
    fclose(out);
    const char *copy = arena_strdup(x->arena, text, size);
    free(text);
    return copy;
}

/* -- warnings -------------------------------------------------------------------- */

void calls_warn_arity(Expander *x, Span span, const char *name, int min, int max, uint32_t n_args) {
    char wanted[64];
    if (max < 0) snprintf(wanted, sizeof wanted, "at least %d", min);
    else if (min == max) snprintf(wanted, sizeof wanted, "%d", min);
    else snprintf(wanted, sizeof wanted, "%d to %d", min, max);
    diag_warning(x->diag, span, "`%s` takes %s argument%s but is given %u", name, wanted,
                 max < 0 ? (min == 1 ? "" : "s") : max == 1 ? "" : "s", n_args);
}

static bool lambda_accepts(const Core *lambda, uint32_t n_args) {
    for (uint32_t i = 0; i < lambda->as.lambda.n_clauses; i++) {
        const CoreClause *clause = &lambda->as.lambda.clauses[i];
        if (n_args == clause->n_params || (clause->rest && n_args > clause->n_params)) return true;
    }
    return false;
}

typedef struct Callee {
    const Symbol *name; /* NULL: not a variable */
    Span span;          /* of its definition */
    const Core *value;  /* NULL: not known */
} Callee;

static Callee find_callee(const Expander *x, const Core *fn) {
    if (fn->kind == CORE_GLOBAL) return (Callee){fn->as.global->name, fn->as.global->span, fn->as.global->value};
    if (fn->kind == CORE_LOCAL) return (Callee){fn->as.local->name, fn->as.local->span, map_get(x->values, fn->as.local)};
    return (Callee){NULL, fn->span, fn};
}

static bool is_program_text(Span span) { return span.source && !span.source->is_system; }

static void check_arity(Expander *x, const Core *call, Callee callee) {
    uint32_t n_args = call->as.call.n_args;
    if (lambda_accepts(callee.value, n_args)) return;
    const char *name = callee.name ? callee.name->text : "lambda";
    if (callee.value->as.lambda.n_clauses == 1) {
        const CoreClause *clause = &callee.value->as.lambda.clauses[0];
        int min = (int)clause->n_params;
        calls_warn_arity(x, call->span, name, min, clause->rest ? -1 : min, n_args);
    } else {
        diag_warning(x->diag, call->span, "`%s` does not take %u argument%s", name, n_args, n_args == 1 ? "" : "s");
    }
    if (!callee.name) return;
    const char *shape = shape_of(x, name, callee.value);
    if (is_program_text(callee.span)) diag_note(x->diag, callee.span, "it is defined here; it is called as %s", shape);
    else diag_note(x->diag, call->span, "it is called as %s", shape);
}

/* What the value is, if it is no procedure: as text; else NULL. */
static const char *text_of_no_procedure(Expander *x, const Core *value) {
    if (value->kind == CORE_CONST && value->as.datum->kind != DATUM_VOID)
        return arena_printf(x->arena, "`%s`", datum_brief(x, value->as.datum));
    if (value->kind != CORE_PRIM) return NULL;
    const PrimInfo *info = &core_prims[value->as.prim.id];
    bool is_number = info->flags & (PRIM_NARY | PRIM_NARY_INV | PRIM_CHAIN);
    if ((info->class == PRIM_CLASS_ANY && !is_number) || info->class == PRIM_CLASS_CLOSURE || info->name[0] == '%') return NULL;
    return arena_printf(x->arena, "a result of `%s`", info->name);
}

static void check_procedure(Expander *x, const Core *call, Callee callee) {
    const char *text = text_of_no_procedure(x, callee.value);
    if (!text) return;
    if (!callee.name) {
        diag_warning(x->diag, call->span, "%s is called here, but it is not a procedure", text);
        return;
    }
    diag_warning(x->diag, call->span, "`%s` is called here, but it is not a procedure: it is %s", callee.name->text, text);
    if (is_program_text(callee.span)) diag_note(x->diag, callee.span, "it is defined here");
}

void calls_check(Expander *x) {
    for (size_t i = 0; i < x->calls.count; i++) {
        const Core *call = x->calls.items[i];
        Callee callee = find_callee(x, call->as.call.fn);
        if (!callee.value || !is_program_text(call->span)) continue;
        if (callee.value->kind == CORE_LAMBDA) check_arity(x, call, callee);
        else check_procedure(x, call, callee);
    }
}

void calls_note_value(Expander *x, const Var *var, Core *value) {
    if (is_program_text(value->span)) map_set(x->values, var, value);
}
