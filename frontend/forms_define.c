/* Definition forms, and the forms that splice others into a body. */
#include "frontend/forms.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/library.h"
#include "frontend/read.h"
#include "frontend/rules.h"

/* -- define ----------------------------------------------------------------- */

static void define_variable(Expander *x, Body *body, Datum *form)
{
    Datum *name = cadr(form);
    if (!is_nil(cddr(form)) && is_nil(cdr(cddr(form)))) {
        Target target = body_define(x, body, name);
        body_add(x, body, (Item){ITEM_VALUE, form->span, target, .value = car(cddr(form))});
        return;
    }
    if (is_nil(cddr(form)))
        expand_error(x, form->span, "define: the value of `%s` is missing", name->as.symbol->text);
    else
        expand_error(x, form->span, "define: `%s` is given several values", name->as.symbol->text);
    diag_note(x->diag, form->span, "the form is %s", forms_table[FORM_DEFINE].usage);
}

static void define_procedure(Expander *x, Body *body, Datum *form)
{
    Datum *head = cadr(form);
    if (!is_pair(head) || !is_identifier(car(head))) {
        expand_error(x, head->span, "define: an identifier is needed here");
    } else if (is_nil(cddr(form))) {
        expand_error(x, form->span, "define: the body of `%s` is missing", car(head)->as.symbol->text);
    } else {
        Target target = body_define(x, body, car(head));
        Datum *value = syntax_pair(x->arena, form->span, cdr(head), cddr(form));
        body_add(x, body, (Item){ITEM_PROCEDURE, form->span, target, .value = value});
        return;
    }
    diag_note(x->diag, form->span, "the form is %s", forms_table[FORM_DEFINE].usage);
}

void define_define(Expander *x, Body *body, Datum *form)
{
    if (is_identifier(cadr(form)))
        define_variable(x, body, form);
    else
        define_procedure(x, body, form);
}

void define_inline(Expander *x, Body *body, Datum *form)
{
    if (!is_system_code(form)) {
        expand_error(x, form->span, "`define-inline` is only for the library: use `define`");
        return;
    }
    size_t index = body->items.count;
    define_define(x, body, form);
    if (index == body->items.count) return; /* reported */
    Global *global = body->items.items[index].target.global;
    if (global) global->is_inline = true;
}

/* -- define-values ---------------------------------------------------------- */

/* The values travel in a hidden variable, as a list. */
static Target hidden_list(Expander *x, const Body *body, Span span)
{
    return body_define_hidden(x, body, symbol_of(x->compilation->symbols, "values"), span);
}

static void define_element(Expander *x, Body *body, const Datum *name, Core *value)
{
    if (!is_identifier(name)) {
        expand_error(x, name->span, "define-values: an identifier is needed here");
        return;
    }
    Target target = body_define(x, body, name);
    body_add(x, body, (Item){ITEM_READY, name->span, target, .core = value});
}

void define_values(Expander *x, Body *body, Datum *form)
{
    Arena *arena = x->arena;
    Datum *formals = cadr(form);
    long count = list_pairs(formals);
    if (count < 0) {
        expand_error(x, formals->span, "define-values: the list of variables is cyclic");
        return;
    }
    Span span = form->span;
    Target list = hidden_list(x, body, span);
    Item item = {ITEM_VALUES, span, list, .value = car(cddr(form)), .n_values = (uint32_t)count};
    size_t index = body->items.count;
    body_add(x, body, item);
    Core *tail = target_ref(x, span, list);
    for (; is_pair(formals); formals = cdr(formals)) {
        define_element(x, body, car(formals), core_prim1(arena, span, PRIM_CAR, tail));
        Target rest = is_nil(cdr(formals)) ? list : hidden_list(x, body, span);
        if (is_nil(cdr(formals))) break;
        tail = core_prim1(arena, span, PRIM_CDR, tail);
        body_add(x, body, (Item){ITEM_READY, span, rest, .core = tail});
        tail = target_ref(x, span, rest);
    }
    if (is_nil(formals) || is_pair(formals)) return;
    body->items.items[index].has_rest = true;
    define_element(x, body, formals, tail);
}

/* -- define-syntax ---------------------------------------------------------- */

void define_syntax(Expander *x, Body *body, Datum *form)
{
    Datum *name = cadr(form);
    if (!is_identifier(name)) {
        expand_error(x, name->span, "define-syntax: the keyword must be an identifier");
        return;
    }
    Symbol *symbol = name->as.symbol;
    const Binding *first = body->is_top ? scope_find_own(&x->scopes, x->scopes.top, symbol)
                                        : scope_find_innermost(&x->scopes, symbol);
    if (first && (first->is_defined || !body->is_top)) {
        expand_error(x, name->span, "`%s` is defined a second time", symbol->text);
        diag_note(x->diag, first->span, "the first definition is here");
        return;
    }
    Binding *binding = macro_bind(x, car(cddr(form)));
    if (!binding) return;
    binding->span = name->span;
    binding->is_defined = true;
    if (body->is_top)
        scope_bind_top(&x->scopes, x->scopes.top, symbol, binding);
    else
        scope_bind(&x->scopes, symbol, binding);
}

/* -- splicing --------------------------------------------------------------- */

void define_begin(Expander *x, Body *body, Datum *form) { body_scan_list(x, body, cdr(form)); }

static bool same_file(const char *a, const char *b)
{
    char a_path[PATH_MAX], b_path[PATH_MAX];
    return strcmp(a, b) == 0 || (realpath(a, a_path) && realpath(b, b_path) && strcmp(a_path, b_path) == 0);
}

static const char *beside(Expander *x, const Source *source, const char *name)
{
    const char *slash = source && name[0] != '/' ? strrchr(source->name, '/') : NULL;
    return slash ? arena_printf(x->arena, "%.*s/%s", (int)(slash - source->name), source->name, name) : name;
}

/* The file is being included already, further out. */
static bool is_cycle(Expander *x, const Source *source, const char *path)
{
    for (; source; source = map_get(x->included_by, source))
        if (same_file(source->name, path)) return true;
    return false;
}

/* A directive in front, on a line that belongs to nobody's code. */
static Source *folded(Expander *x, const Source *source)
{
    const char *text = arena_printf(x->arena, "#!fold-case %.*s", (int)source->length, source->text);
    return source_from_text(x->arena, source->name, text, source->length + strlen("#!fold-case "));
}

static bool include_file(Expander *x, const Datum *name, bool fold_case, Datum ***hole)
{
    const Source *includer = name->span.source;
    const char *path = beside(x, includer, name->as.string.text);
    if (is_cycle(x, includer, path)) {
        expand_error(x, name->span, "include: `%s` includes itself", path);
        return false;
    }
    const char *why = NULL;
    Source *source = source_read(x->arena, path, &why);
    if (!source) {
        expand_error(x, name->span, "include: `%s`: %s", path, why);
        return false;
    }
    expand_report_file(x, source);
    if (fold_case) source = folded(x, source);
    source->is_system = includer && includer->is_system;
    map_set(x->included_by, source, (void *)includer);
    DatumList data;
    if (!read_all(x->compilation, source, &data)) {
        x->errors++;
        return false;
    }
    for (size_t i = 0; i < data.count; i++) {
        **hole = syntax_pair(x->arena, name->span, data.items[i], NULL);
        *hole = &(**hole)->as.pair.cdr;
    }
    return true;
}

Datum *include_forms(Expander *x, Datum *form, bool fold_case)
{
    Datum *first = NULL, **hole = &first;
    for (Datum *rest = cdr(form); is_pair(rest); rest = cdr(rest)) {
        if (car(rest)->kind != DATUM_STRING) {
            expand_error(x, car(rest)->span, "include: a file name must be a string");
            return NULL;
        }
        if (!include_file(x, car(rest), fold_case, &hole)) return NULL;
    }
    *hole = syntax_nil(x->arena, form->span);
    return first;
}

static void scan_included(Expander *x, Body *body, Datum *form, bool fold_case)
{
    Datum *forms = include_forms(x, form, fold_case);
    if (forms) body_scan_list(x, body, forms);
}

void define_include(Expander *x, Body *body, Datum *form) { scan_included(x, body, form, false); }

void define_include_ci(Expander *x, Body *body, Datum *form) { scan_included(x, body, form, true); }

/* -- cond-expand ------------------------------------------------------------ */

static bool requirement_holds(Expander *x, Datum *requirement);

static bool all_hold(Expander *x, Datum *list)
{
    for (; is_pair(list); list = cdr(list))
        if (!requirement_holds(x, car(list))) return false;
    return true;
}

static bool any_holds(Expander *x, Datum *list)
{
    for (; is_pair(list); list = cdr(list))
        if (requirement_holds(x, car(list))) return true;
    return false;
}

static bool compound_holds(Expander *x, Datum *requirement)
{
    Datum *head = car(requirement), *operands = cdr(requirement);
    long count = list_length(operands);
    if (count >= 0 && is_spelled(head, "and")) return all_hold(x, operands);
    if (count >= 0 && is_spelled(head, "or")) return any_holds(x, operands);
    if (count == 1 && is_spelled(head, "not")) return !requirement_holds(x, car(operands));
    if (count == 1 && is_spelled(head, "library")) return library_exists(x, car(operands));
    expand_error(x, requirement->span, "cond-expand: this is no requirement");
    diag_note(x->diag, requirement->span,
              "a requirement is a feature, (library name), (and ...), (or ...) or (not ...)");
    return false;
}

static bool requirement_holds(Expander *x, Datum *requirement)
{
    nest(x, requirement->span);
    bool holds = false;
    if (is_identifier(requirement))
        holds = is_auxiliary(x, requirement, AUX_ELSE) || library_has_feature(requirement->as.symbol->text);
    else if (is_pair(requirement))
        holds = compound_holds(x, requirement);
    else
        expand_error(x, requirement->span, "cond-expand: this is no requirement");
    unnest(x);
    return holds;
}

Datum *cond_expand_forms(Expander *x, Datum *form)
{
    unsigned errors = x->errors;
    for (Datum *rest = cdr(form); is_pair(rest); rest = cdr(rest)) {
        Datum *clause = car(rest);
        if (list_length(clause) < 1) {
            expand_error(x, clause->span, "cond-expand: a clause must be (requirement form ...)");
            return NULL;
        }
        if (requirement_holds(x, car(clause))) return cdr(clause);
        if (x->errors != errors) return NULL;
    }
    return syntax_nil(x->arena, form->span);
}

void define_cond_expand(Expander *x, Body *body, Datum *form)
{
    Datum *forms = cond_expand_forms(x, form);
    if (forms) body_scan_list(x, body, forms);
}

/* -- libraries -------------------------------------------------------------- */

/* Those at the beginning of a program were taken before expansion (frontend.c). */
void define_import(Expander *x, Body *body, Datum *form)
{
    expand_error(x, form->span, "`import` must stand at the beginning of the program");
}

void define_library(Expander *x, Body *body, Datum *form)
{
    expand_error(x, form->span, "`define-library` must stand at the beginning of the program");
}
