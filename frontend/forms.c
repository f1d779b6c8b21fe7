#include "frontend/forms.h"

#include <stdlib.h>
#include <string.h>

#include "frontend/foreign.h"
#include "frontend/library.h"

#define BRIEF_BYTES 70

const Form forms_table[N_FORMS] = {
#define EXPRESSION(id, name, min, max, handler, usage) {FORM_##id, name, usage, min, max, handler, NULL},
#define DEFINITION(id, name, min, max, handler, usage) {FORM_##id, name, usage, min, max, NULL, handler},
#include "frontend/forms.def"
};

const char *const forms_auxiliary_names[N_AUXILIARIES] = {
#define AUXILIARY(id, name, where) name,
#include "frontend/forms.def"
};

const char *const forms_auxiliary_places[N_AUXILIARIES] = {
#define AUXILIARY(id, name, where) where,
#include "frontend/forms.def"
};

static Binding *bind_name(Expander *x, Environment *environment, const char *name, BindingKind kind)
{
    Binding *binding = binding_new(x->arena, kind, (Span){0});
    scope_bind_top(&x->scopes, environment, symbol_of(x->compilation->symbols, name), binding);
    return binding;
}

void forms_bind_all(Expander *x, Environment *environment)
{
    for (unsigned i = 0; i < N_FORMS; i++)
        bind_name(x, environment, forms_table[i].name, BIND_FORM)->as.form = &forms_table[i];
    for (unsigned i = 0; i < N_AUXILIARIES; i++)
        bind_name(x, environment, forms_auxiliary_names[i], BIND_AUXILIARY)->as.auxiliary = (AuxiliaryId)i;
    foreign_bind_all(x, environment);
    for (unsigned i = 0; i < N_PRIMS; i++)
        bind_name(x, environment, core_prims[i].name, BIND_PRIM)->as.prim.id = (PrimId)i;
    for (unsigned i = 0; i < N_PROCS; i++)
        bind_name(x, environment, core_procs[i].name, BIND_PROC)->as.proc = (ProcId)i;
}

/* -- quote, if, lambda ------------------------------------------------------ */

Core *form_quote(Expander *x, Datum *form)
{
    return core_const(x->arena, form->span, syntax_strip(x->arena, cadr(form)));
}

Core *form_if(Expander *x, Datum *form)
{
    Core *test = expand(x, cadr(form));
    Core *then = expand(x, car(cddr(form)));
    Datum *rest = cdr(cddr(form));
    Core *otherwise = is_nil(rest) ? core_void(x->arena, form->span) : expand(x, car(rest));
    return core_if(x->arena, form->span, test, then, otherwise);
}

Core *form_lambda(Expander *x, Datum *form)
{
    return expand_lambda(x, form->span, NULL, cadr(form), cddr(form));
}

Core *form_named_lambda(Expander *x, Datum *form)
{
    Datum *head = cadr(form);
    if (is_pair(head) && is_identifier(car(head)))
        return expand_lambda(x, form->span, symbol_base(car(head)->as.symbol), cdr(head), cddr(form));
    expand_error(x, head->span, "named-lambda: a name and parameters are needed here");
    diag_note(x->diag, form->span, "the form is %s", forms_table[FORM_NAMED_LAMBDA].usage);
    return error_core(x, form->span);
}

Core *form_case_lambda(Expander *x, Datum *form)
{
    long count = list_length(form) - 1;
    if (count == 0) {
        expand_error(x, form->span, "case-lambda: a clause is needed");
        return error_core(x, form->span);
    }
    Core *core = core_lambda(x->arena, form->span, NULL, 0, NULL, NULL, NULL);
    core->as.lambda.n_clauses = (uint32_t)count;
    core->as.lambda.clauses = ARENA_ARRAY(x->arena, CoreClause, count);
    bool ok = true;
    Datum *rest = cdr(form);
    for (long i = 0; i < count; i++, rest = cdr(rest)) {
        Datum *clause = car(rest);
        if (list_length(clause) >= 2) {
            ok &= expand_clause(x, car(clause), cdr(clause), clause->span, &core->as.lambda.clauses[i]);
            continue;
        }
        expand_error(x, clause->span, "case-lambda: a clause must be ((parameter ...) body ...)");
        ok = false;
    }
    return ok ? core : error_core(x, form->span);
}

/* -- conditionals ----------------------------------------------------------- */

static Core *and_of(Expander *x, Core **cores, uint32_t count, Span span)
{
    Core *result = cores[count - 1];
    for (uint32_t i = count - 1; i-- > 0;)
        result = core_if(x->arena, span, cores[i], result, core_boolean(x->arena, span, false));
    return result;
}

Core *form_and(Expander *x, Datum *form)
{
    uint32_t count;
    Core **cores = expand_each(x, cdr(form), &count);
    return count ? and_of(x, cores, count, form->span) : core_boolean(x->arena, form->span, true);
}

/* (let ((value test)) (if value then otherwise)). Clauses are expanded in the
 * order of the text, so `otherwise` is often not there yet: a *hole* is the place
 * where it goes. */
static Core **fill_value_if(Expander *x, Span span, Var *value, Core *test, Core *then, Core **hole)
{
    Core *branch = core_if(x->arena, span, core_local(x->arena, span, value), then, NULL);
    *hole = core_let1(x->arena, span, value, test, branch);
    return &branch->as.branch.otherwise;
}

static Core **fill_or(Expander *x, Span span, Core *test, Core **hole)
{
    Var *value = var_temp(x, "value", span);
    return fill_value_if(x, span, value, test, core_local(x->arena, span, value), hole);
}

static Core **fill_if(Expander *x, Span span, Core *test, Core *then, Core **hole)
{
    *hole = core_if(x->arena, span, test, then, NULL);
    return &(*hole)->as.branch.otherwise;
}

Core *form_or(Expander *x, Datum *form)
{
    uint32_t count;
    Core **cores = expand_each(x, cdr(form), &count);
    if (count == 0) return core_boolean(x->arena, form->span, false);
    Core *result = NULL, **hole = &result;
    for (uint32_t i = 0; i + 1 < count; i++)
        hole = fill_or(x, form->span, cores[i], hole);
    *hole = cores[count - 1];
    return result;
}

Core *form_when(Expander *x, Datum *form)
{
    Core *test = expand(x, cadr(form));
    Core *body = expand_sequence(x, cddr(form), form->span);
    return core_if(x->arena, form->span, test, body, core_void(x->arena, form->span));
}

Core *form_unless(Expander *x, Datum *form)
{
    Core *test = expand(x, cadr(form));
    Core *body = expand_sequence(x, cddr(form), form->span);
    return core_if(x->arena, form->span, test, core_void(x->arena, form->span), body);
}

/* `=> receiver` behind a test; reports what is wrong with it. */
static Datum *arrow_receiver(Expander *x, Datum *clause)
{
    Datum *rest = cddr(clause); /* behind the arrow */
    if (list_length(rest) == 1) return car(rest);
    expand_error(x, clause->span, "exactly one expression must follow `=>`");
    return NULL;
}

/* Has the clause the shape (head => ...)? */
static bool has_arrow(Expander *x, const Datum *clause)
{
    return is_pair(cdr(clause)) && is_auxiliary(x, cadr(clause), AUX_ARROW);
}

static Core **cond_arrow(Expander *x, Datum *clause, Core *test, Core **hole)
{
    Datum *receiver = arrow_receiver(x, clause);
    if (!receiver) return hole;
    Span span = clause->span;
    Var *value = var_temp(x, "value", span);
    Core *then = core_call1(x->arena, span, expand(x, receiver), core_local(x->arena, span, value));
    return fill_value_if(x, span, value, test, then, hole);
}

static Core **cond_clause(Expander *x, Datum *clause, Core **hole)
{
    Core *test = expand(x, car(clause));
    if (is_nil(cdr(clause))) return fill_or(x, clause->span, test, hole);
    if (has_arrow(x, clause)) return cond_arrow(x, clause, test, hole);
    return fill_if(x, clause->span, test, expand_sequence(x, cdr(clause), clause->span), hole);
}

/* The clauses of a form as an array, each a list with a head. NULL on errors. */
static Datum **clause_array(Expander *x, Datum *clauses, const char *form_name, long *count_out)
{
    long count = list_length(clauses);
    Datum **array = ARENA_ARRAY(x->arena, Datum *, count + 1);
    bool ok = true;
    for (long i = 0; i < count; i++, clauses = cdr(clauses)) {
        array[i] = car(clauses);
        if (list_length(array[i]) >= 1) continue;
        expand_error(x, array[i]->span, "%s: a clause must be a list that is not empty", form_name);
        ok = false;
    }
    *count_out = count;
    return ok ? array : NULL;
}

static bool check_else(Expander *x, Datum *clause, bool is_last, const char *form_name)
{
    if (!is_last)
        expand_error(x, clause->span, "%s: the `else` clause must be the last", form_name);
    else if (is_nil(cdr(clause)))
        expand_error(x, clause->span, "%s: the `else` clause is empty", form_name);
    else
        return true;
    return false;
}

Core *cond_clauses(Expander *x, Datum *clauses, Span span, const char *form_name, Core *otherwise)
{
    long count;
    Datum **array = clause_array(x, clauses, form_name, &count);
    if (!array) return error_core(x, span);
    Core *result = NULL, **hole = &result;
    if (!otherwise) otherwise = core_void(x->arena, span);
    for (long i = 0; i < count; i++) {
        if (!is_auxiliary(x, car(array[i]), AUX_ELSE)) {
            hole = cond_clause(x, array[i], hole);
        } else if (check_else(x, array[i], i == count - 1, form_name)) {
            otherwise = expand_sequence(x, cdr(array[i]), array[i]->span);
        }
    }
    *hole = otherwise;
    return result;
}

Core *form_cond(Expander *x, Datum *form) { return cond_clauses(x, cdr(form), form->span, "cond", NULL); }

/* Data for which eqv? is eq? whatever the target's word size. */
bool datum_is_eq_comparable(const Datum *datum)
{
    switch (datum->kind) {
    case DATUM_INTEGER:
        return mpz_fits_slong_p(datum->as.integer) && labs(mpz_get_si(datum->as.integer)) < 1 << 27;
    case DATUM_NIL:
    case DATUM_BOOLEAN:
    case DATUM_CHAR:
    case DATUM_SYMBOL:
    case DATUM_EOF:
    case DATUM_VOID:
    case DATUM_DEFAULT: return true;
    default: return false;
    }
}

/* `seen`: text of a datum -> the datum. Data that eq? cannot compare are left alone. */
static void warn_second_datum(Expander *x, Map *seen, Datum *datum)
{
    if (!datum_is_eq_comparable(datum)) return;
    const char *text = datum_text(x, datum);
    const Symbol *key = symbol_of(x->compilation->symbols, text);
    const Datum *first = map_get(seen, key);
    if (first) {
        diag_warning(x->diag, datum->span, "case: `%s` stands here a second time: this one is never chosen",
                     text);
        diag_note(x->diag, first->span, "the first one is here");
    } else {
        map_set(seen, key, datum);
    }
}

static Core *case_test(Expander *x, Datum *data, Var *key, Map *seen)
{
    long count = list_length(data);
    Core *result = core_boolean(x->arena, data->span, false);
    Datum **items = ARENA_ARRAY(x->arena, Datum *, count);
    for (long i = 0; i < count; i++, data = cdr(data)) {
        items[i] = syntax_strip(x->arena, car(data));
        warn_second_datum(x, seen, items[i]);
    }
    for (long i = count; i-- > 0;) {
        Span span = items[i]->span;
        PrimId op = datum_is_eq_comparable(items[i]) ? PRIM_EQ : PRIM_EQV;
        Core *test = core_prim2(x->arena, span, op, core_local(x->arena, span, key),
                                core_const(x->arena, span, items[i]));
        bool is_last = i == count - 1;
        result = is_last ? test : core_if(x->arena, span, test, core_boolean(x->arena, span, true), result);
    }
    return result;
}

static Core *case_body(Expander *x, Datum *clause, Var *key)
{
    if (!has_arrow(x, clause)) return expand_sequence(x, cdr(clause), clause->span);
    Datum *receiver = arrow_receiver(x, clause);
    if (!receiver) return error_core(x, clause->span);
    return core_call1(x->arena, clause->span, expand(x, receiver), core_local(x->arena, clause->span, key));
}

static Core **case_clause(Expander *x, Datum *clause, Var *key, Map *seen, Core **hole)
{
    if (list_length(car(clause)) >= 0 && !is_nil(cdr(clause))) {
        Core *test = case_test(x, car(clause), key, seen);
        return fill_if(x, clause->span, test, case_body(x, clause, key), hole);
    }
    expand_error(x, clause->span, "case: a clause must be ((datum ...) expression ...)");
    return hole;
}

Core *form_case(Expander *x, Datum *form)
{
    Core *value = expand(x, cadr(form));
    long count;
    Datum **array = clause_array(x, cddr(form), "case", &count);
    if (!array) return error_core(x, form->span);
    Var *key = var_temp(x, "key", cadr(form)->span);
    Core *result = NULL, **hole = &result;
    Core *otherwise = core_void(x->arena, form->span);
    Map *seen = map_new(x->arena);
    for (long i = 0; i < count; i++) {
        if (!is_auxiliary(x, car(array[i]), AUX_ELSE))
            hole = case_clause(x, array[i], key, seen, hole);
        else if (check_else(x, array[i], i == count - 1, "case"))
            otherwise = case_body(x, array[i], key);
    }
    *hole = otherwise;
    return core_let1(x->arena, form->span, key, value, result);
}

/* -- assertions ------------------------------------------------------------- */

/* (if e e (%assertion-failed 'e message)): the value of a true expression. */
Core *form_assert(Expander *x, Datum *form)
{
    Datum *expression = cadr(form);
    Span span = form->span;
    Core *datum = core_const(x->arena, expression->span, syntax_strip(x->arena, expression));
    Core *message = is_nil(cddr(form)) ? core_boolean(x->arena, span, false) : expand(x, car(cddr(form)));
    Core *failure =
        core_call2(x->arena, span, expand_library_ref(x, span, "%assertion-failed"), datum, message);
    Core *result = NULL;
    *fill_or(x, span, expand(x, expression), &result) = failure;
    return result;
}

/* The place of its operand, which is not evaluated, as "file:line:column". */
Core *form_source_location(Expander *x, Datum *form)
{
    Span span = cadr(form)->span;
    Position at = source_position(span.source, span.start);
    const char *text = arena_printf(x->arena, "%s:%u:%u", span.source->name, at.line, at.column);
    return core_const(x->arena, form->span, syntax_string(x->arena, form->span, text));
}

/* What cond-expand knows, as a list of symbols. */
Core *form_features(Expander *x, Datum *form)
{
    Datum *list = syntax_nil(x->arena, form->span);
    const char *name;
    for (size_t i = 0; (name = library_feature(i)); i++)
        list =
            syntax_pair(x->arena, form->span,
                        syntax_symbol(x->arena, form->span, symbol_of(x->compilation->symbols, name)), list);
    return core_const(x->arena, form->span, list);
}

const char *datum_text(Expander *x, const Datum *datum)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) return "";
    datum_print(out, datum);
    fclose(out);
    const char *copy = arena_strdup(x->arena, text, size);
    free(text);
    return copy;
}

const char *datum_brief(Expander *x, const Datum *datum)
{
    const char *text = datum_text(x, datum);
    char *out = arena_alloc(x->arena, BRIEF_BYTES + sizeof "...");
    size_t n = 0;
    bool is_blank = false;
    for (; *text && n < BRIEF_BYTES; text++) {
        bool is_space = *text == ' ' || *text == '\n';
        if (!is_space || !is_blank) out[n++] = is_space ? ' ' : *text;
        is_blank = is_space;
    }
    if (*text) {
        while (n && ((unsigned char)out[n - 1] & 0xc0) == 0x80)
            n--; /* no half of a character */
        if (n && (unsigned char)out[n - 1] >= 0xc0) n--;
    }
    strcpy(out + n, *text ? "..." : "");
    return out;
}

Core *form_syntax_error(Expander *x, Datum *form)
{
    Datum *message = cadr(form);
    const char *text = message->kind == DATUM_STRING ? message->as.string.text : "syntax-error";
    for (Datum *rest = cddr(form); is_pair(rest); rest = cdr(rest))
        text = arena_printf(x->arena, "%s %s", text, datum_text(x, syntax_strip(x->arena, car(rest))));
    expand_error(x, form->span, "%s", text);
    return error_core(x, form->span);
}
