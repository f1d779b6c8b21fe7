#include "frontend/calls.h"

#include <stdlib.h>
#include <string.h>

#include "frontend/forms.h"

/* -- how a procedure is called ------------------------------------------------- */

/* The clauses of a lambda, those with fewer parameters first. */
typedef struct Clauses {
    uint32_t n;
    const CoreClause **items;
} Clauses;

static bool is_before(const CoreClause *a, const CoreClause *b)
{
    return a->n_params != b->n_params ? a->n_params < b->n_params : !a->rest && b->rest;
}

static Clauses sorted_clauses(Expander *x, const Core *lambda)
{
    Clauses clauses = {lambda->as.lambda.n_clauses,
                       ARENA_ARRAY(x->arena, const CoreClause *, lambda->as.lambda.n_clauses)};
    for (uint32_t i = 0; i < clauses.n; i++) {
        const CoreClause *clause = &lambda->as.lambda.clauses[i];
        uint32_t at = i;
        for (; at > 0 && is_before(clause, clauses.items[at - 1]); at--)
            clauses.items[at] = clauses.items[at - 1];
        clauses.items[at] = clause;
    }
    return clauses;
}

/* Each clause has the parameters of the one before and one more: optional ones. */
static bool are_optional(Clauses clauses)
{
    for (uint32_t i = 1; i < clauses.n; i++) {
        const CoreClause *before = clauses.items[i - 1], *clause = clauses.items[i];
        if (before->rest || clause->n_params != before->n_params + 1) return false;
        for (uint32_t k = 0; k < before->n_params; k++)
            if (before->params[k]->name != clause->params[k]->name) return false;
    }
    return true;
}

/* A separator, then the word; the separator is a blank from then on. */
static void print_word(FILE *out, const char **separator, const char *before, const Symbol *word,
                       const char *after)
{
    fprintf(out, "%s%s%s%s", *separator, before, word->text, after);
    *separator = " ";
}

static void print_params(FILE *out, const char **separator, const CoreClause *clause)
{
    for (uint32_t i = 0; i < clause->n_params; i++)
        print_word(out, separator, "", clause->params[i]->name, "");
}

static void print_rest(FILE *out, const char **separator, const CoreClause *clause)
{
    if (clause->rest) print_word(out, separator, "", clause->rest->name, " ...");
}

/* As in `a [b [c]] rest ...`, of the parameters of clauses with optional ones. */
static void print_optional(FILE *out, const char *separator, Clauses clauses)
{
    print_params(out, &separator, clauses.items[0]);
    for (uint32_t i = 1; i < clauses.n; i++)
        print_word(out, &separator, "[", clauses.items[i]->params[clauses.items[i]->n_params - 1]->name, "");
    print_rest(out, &separator, clauses.items[clauses.n - 1]);
    for (uint32_t i = 1; i < clauses.n; i++)
        fputc(']', out);
}

/* The clauses as few shapes as possible: all in one where they are optional parameters. */
static uint32_t count_shapes(Clauses clauses) { return are_optional(clauses) ? 1 : clauses.n; }

static Clauses nth_shape(Clauses clauses, uint32_t n)
{
    return are_optional(clauses) ? clauses : (Clauses){1, clauses.items + n};
}

typedef void PrintShape(FILE *out, const char *name, Clauses shape);

static const char *text_of_shape(Expander *x, PrintShape *print, const char *name, Clauses shape)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) return "";
    print(out, name, shape);
    fclose(out);
    const char *copy = arena_strdup(x->arena, text, size);
    free(text);
    return copy;
}

static void print_call(FILE *out, const char *name, Clauses shape)
{
    fprintf(out, "(%s", name);
    print_optional(out, " ", shape);
    fputc(')', out);
}

static void print_operands(FILE *out, const char *name, Clauses shape) { print_optional(out, "", shape); }

/* As in `(f a [b [c]] rest ...)`; several shapes with "or" between. */
static const char *shape_of(Expander *x, const char *name, const Core *lambda)
{
    Clauses clauses = sorted_clauses(x, lambda);
    const char *text = "";
    for (uint32_t i = 0; i < count_shapes(clauses); i++) {
        const char *shape = text_of_shape(x, print_call, name, nth_shape(clauses, i));
        text = arena_printf(x->arena, "%s%s%s", text, i ? " or " : "", shape);
    }
    return text;
}

static Datum *integer_datum(Expander *x, Span span, long value)
{
    return core_integer(x->arena, span, value)->as.datum;
}

/* (text fewest most), most -1: any number. */
static Datum *usage_of_shape(Expander *x, Span span, Clauses shape)
{
    const CoreClause *first = shape.items[0], *last = shape.items[shape.n - 1];
    Datum *most = integer_datum(x, span, last->rest ? -1 : (long)last->n_params);
    Datum *rest = syntax_pair(x->arena, span, most, syntax_nil(x->arena, span));
    rest = syntax_pair(x->arena, span, integer_datum(x, span, (long)first->n_params), rest);
    return syntax_pair(x->arena, span,
                       syntax_string(x->arena, span, text_of_shape(x, print_operands, NULL, shape)), rest);
}

Datum *calls_usage(Expander *x, const Global *global)
{
    Datum *list = syntax_nil(x->arena, global->span);
    if (!global->value || global->value->kind != CORE_LAMBDA) return list;
    Clauses clauses = sorted_clauses(x, global->value);
    for (uint32_t i = count_shapes(clauses); i-- > 0;)
        list =
            syntax_pair(x->arena, global->span, usage_of_shape(x, global->span, nth_shape(clauses, i)), list);
    return list;
}

/* -- warnings -------------------------------------------------------------------- */

static void warn_arity(Expander *x, Span span, const char *name, int min, int max, uint32_t n_args)
{
    char wanted[64];
    if (max < 0)
        snprintf(wanted, sizeof wanted, "at least %d", min);
    else if (min == max)
        snprintf(wanted, sizeof wanted, "%d", min);
    else
        snprintf(wanted, sizeof wanted, "%d to %d", min, max);
    diag_warning(x->diag, span, "`%s` takes %s argument%s but is given %u", name, wanted,
                 max < 0    ? (min == 1 ? "" : "s")
                 : max == 1 ? ""
                            : "s",
                 n_args);
}

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (length == n && memcmp(at, word, n) == 0) return true;
        at += length;
    }
    return false;
}

void calls_warn_prim(Expander *x, Span span, const PrimInfo *info, uint32_t n_args)
{
    static const struct {
        const char *names, *parameters;
    } shapes[] = {
#define SHAPE(names, parameters) {names, parameters},
#include "rt/abi/shapes.def"
#undef SHAPE
    };
    warn_arity(x, span, info->name, info->min, info->max, n_args);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (has_word(shapes[i].names, info->name))
            diag_note(x->diag, span, "it is called as (%s %s)", info->name, shapes[i].parameters);
}

static bool lambda_accepts(const Core *lambda, uint32_t n_args)
{
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

static Callee find_callee(const Expander *x, const Core *fn)
{
    if (fn->kind == CORE_GLOBAL)
        return (Callee){fn->as.global->name, fn->as.global->span, fn->as.global->value};
    if (fn->kind == CORE_LOCAL)
        return (Callee){fn->as.local->name, fn->as.local->span, map_get(x->values, fn->as.local)};
    return (Callee){NULL, fn->span, fn};
}

static bool is_program_text(Span span) { return span.source && !span.source->is_system; }

static void check_arity(Expander *x, const Core *call, Callee callee)
{
    uint32_t n_args = call->as.call.n_args;
    if (lambda_accepts(callee.value, n_args)) return;
    const char *name = callee.name ? callee.name->text : "lambda";
    if (callee.value->as.lambda.n_clauses == 1) {
        const CoreClause *clause = &callee.value->as.lambda.clauses[0];
        int min = (int)clause->n_params;
        warn_arity(x, call->span, name, min, clause->rest ? -1 : min, n_args);
    } else {
        diag_warning(x->diag, call->span, "`%s` does not take %u argument%s", name, n_args,
                     n_args == 1 ? "" : "s");
    }
    if (!callee.name) return;
    const char *shape = shape_of(x, name, callee.value);
    if (is_program_text(callee.span))
        diag_note(x->diag, callee.span, "it is defined here; it is called as %s", shape);
    else
        diag_note(x->diag, call->span, "it is called as %s", shape);
}

/* What the value is, if it is no procedure: as text; else NULL. */
static const char *text_of_no_procedure(Expander *x, const Core *value)
{
    if (value->kind == CORE_CONST && value->as.datum->kind != DATUM_VOID)
        return arena_printf(x->arena, "`%s`", datum_brief(x, value->as.datum));
    if (value->kind != CORE_PRIM) return NULL;
    const PrimInfo *info = &core_prims[value->as.prim.id];
    bool is_number = info->flags & (PRIM_NARY | PRIM_NARY_INV | PRIM_CHAIN);
    if ((info->class == PRIM_CLASS_ANY && !is_number) || info->class == PRIM_CLASS_CLOSURE ||
        info->name[0] == '%')
        return NULL;
    return arena_printf(x->arena, "a result of `%s`", info->name);
}

static void check_procedure(Expander *x, const Core *call, Callee callee)
{
    const char *text = text_of_no_procedure(x, callee.value);
    if (!text) return;
    if (!callee.name) {
        diag_warning(x->diag, call->span, "%s is called here, but it is not a procedure", text);
        return;
    }
    diag_warning(x->diag, call->span, "`%s` is called here, but it is not a procedure: it is %s",
                 callee.name->text, text);
    if (is_program_text(callee.span)) diag_note(x->diag, callee.span, "it is defined here");
}

void calls_check(Expander *x)
{
    for (size_t i = 0; i < x->calls.count; i++) {
        const Core *call = x->calls.items[i];
        Callee callee = find_callee(x, call->as.call.fn);
        if (!callee.value || !is_program_text(call->span)) continue;
        if (callee.value->kind == CORE_LAMBDA)
            check_arity(x, call, callee);
        else
            check_procedure(x, call, callee);
    }
}

void calls_note_value(Expander *x, const Var *var, Core *value)
{
    if (is_program_text(value->span)) map_set(x->values, var, value);
}
