/* Patterns that begin with a word: (record: type p ...), (is: predicate p ...), (and: p ...), (or: p ...), (not: p).
 *
 * The words end with a colon so that no list pattern of variables is one of them: (or x y) takes any list of three.
 * Where a pattern looks like one of another system's match, or begins with the name of a record type, a warning
 * says what to write. */
#include "frontend/pattern.h"

#include <ctype.h>
#include <string.h>

struct PatternWord {
    AuxiliaryId id;
    long min, max; /* parts behind the word; max -1: any number */
    void (*match)(ClauseCode *code, Datum *pattern, Var *subject);
    const char *usage;
};

static Core *ref(const ClauseCode *code, Span span, Var *var)
{
    return core_local(code->x->arena, span, var);
}

static void match_all(ClauseCode *code, Datum *patterns, Var *subject)
{
    for (; is_pair(patterns); patterns = cdr(patterns))
        pattern_compile(code, car(patterns), subject);
}

/* -- record: ---------------------------------------------------------------- */

/* One pattern for each field. */
static void match_record(ClauseCode *code, Datum *pattern, Var *subject)
{
    Expander *x = code->x;
    Span span = pattern->span;
    Datum *type = cadr(pattern), *rest = cddr(pattern);
    const Binding *binding = is_identifier(type) ? scope_lookup(&x->scopes, type->as.symbol) : NULL;
    const RecordInfo *record = binding ? binding->record : NULL;
    if (!record) {
        expand_error(x, type->span,
                     "a record type is needed here: the pattern is (record: type pattern ...)");
        return;
    }
    if (list_length(rest) != (long)record->n_fields) {
        expand_error(x, span, "the pattern of record `%s` needs %u part%s, one for each field",
                     type->as.symbol->text, record->n_fields, record->n_fields == 1 ? "" : "s");
        return;
    }
    Core *test = core_prim2(x->arena, span, PRIM_RECORDP, ref(code, span, subject), expand(x, type));
    pattern_require(code, span, test);
    for (long i = 0; is_pair(rest); i++, rest = cdr(rest)) {
        Core *index = core_integer(x->arena, span, i);
        pattern_part(
            code, car(rest),
            core_prim3(x->arena, span, PRIM_RECORD_REF, ref(code, span, subject), expand(x, type), index));
    }
}

/* -- is:, and: -------------------------------------------------------------- */

/* The predicate sees the scope around the form, as the expression of `,expr` does. */
static void match_is(ClauseCode *code, Datum *pattern, Var *subject)
{
    Expander *x = code->x;
    Datum *predicate = cadr(pattern);
    Core **args = ARENA_NEW(x->arena, Core *);
    *args = ref(code, predicate->span, subject);
    pattern_require(code, predicate->span, call_of(x, predicate->span, expand(x, predicate), 1, args));
    match_all(code, cddr(pattern), subject);
}

static void match_and(ClauseCode *code, Datum *pattern, Var *subject)
{
    match_all(code, cdr(pattern), subject);
}

/* -- or:, not: -------------------------------------------------------------- */

/* A pattern that may fail without the clause failing. Its variables follow those that the clause has already. */
static ClauseCode *attempt(const ClauseCode *clause, Datum *pattern, Var *subject)
{
    Arena *arena = clause->x->arena;
    ClauseCode *code = ARENA_NEW(arena, ClauseCode);
    *code = (ClauseCode){.x = clause->x, .span = pattern->span};
    code->hole = &code->root;
    for (size_t i = 0; i < clause->variables.count; i++)
        vec_push(arena, &code->variables, clause->variables.items[i]);
    pattern_compile(code, pattern, subject);
    return code;
}

static void fail_with(const ClauseCode *code, bool value)
{
    for (size_t i = 0; i < code->failures.count; i++)
        *code->failures.items[i] = *core_boolean(code->x->arena, code->span, value);
}

static void match_not(ClauseCode *code, Datum *pattern, Var *subject)
{
    ClauseCode *inner = attempt(code, cadr(pattern), subject);
    if (inner->variables.count > code->variables.count) {
        const PatternVar *variable = &inner->variables.items[code->variables.count];
        expand_error(code->x, variable->span, "`%s` gets no value in `not:`: write `_`",
                     variable->name->text);
        return;
    }
    *inner->hole = core_boolean(code->x->arena, inner->span, false);
    fail_with(inner, true);
    pattern_require(code, pattern->span, inner->root);
}

static PatternVar *find_variable(const ClauseCode *code, const Symbol *name)
{
    for (size_t i = 0; i < code->variables.count; i++)
        if (code->variables.items[i].name == name) return &code->variables.items[i];
    return NULL;
}

/* Every alternative binds what the others bind, beyond the first `n_outer` variables. */
static bool check_alike(Expander *x, ClauseCode **alternatives, long count, size_t n_outer)
{
    for (long i = 0; i < count; i++) {
        const ClauseCode *other = alternatives[i == 0 ? 1 : 0];
        for (size_t k = n_outer; k < alternatives[i]->variables.count && count > 1; k++) {
            const PatternVar *variable = &alternatives[i]->variables.items[k];
            if (find_variable(other, variable->name)) continue;
            expand_error(x, variable->span, "`%s` must be in every alternative of `or:`",
                         variable->name->text);
            diag_note(x->diag, other->span, "it is not in this one");
            return false;
        }
    }
    return true;
}

/* The alternatives one after the other; the failures of the last one stay open. */
static Core *link_alternatives(Expander *x, ClauseCode **alternatives, long count)
{
    Core *result = alternatives[count - 1]->root;
    for (long i = count - 1; i-- > 0;) {
        if (alternatives[i]->failures.count == 0)
            diag_warning(x->diag, alternatives[i + 1]->span,
                         "this alternative is never reached: the one before takes everything");
        result = pattern_link_clause(x, alternatives[i], result);
    }
    return result;
}

/* Alternatives that bind nothing are one test. */
static void require_any(ClauseCode *code, Span span, ClauseCode **alternatives, long count)
{
    for (long i = 0; i < count; i++)
        *alternatives[i]->hole = core_boolean(code->x->arena, span, true);
    fail_with(alternatives[count - 1], false);
    pattern_require(code, span, link_alternatives(code->x, alternatives, count));
}

/* (let ((matched (lambda (variable ...) rest of the clause))) alternatives, each ending in (matched value ...)) */
static void join_alternatives(ClauseCode *code, Span span, ClauseCode **alternatives, long count)
{
    Expander *x = code->x;
    Arena *arena = x->arena;
    size_t n_outer = code->variables.count;
    uint32_t n_params = (uint32_t)(alternatives[0]->variables.count - n_outer);
    Var *matched = var_temp(x, "matched", span), **params = ARENA_ARRAY(arena, Var *, n_params);
    for (uint32_t k = 0; k < n_params; k++) {
        PatternVar variable = alternatives[0]->variables.items[n_outer + k];
        params[k] = variable.var = var_new(x, symbol_base(variable.name), variable.span);
        vec_push(arena, &code->variables, variable);
    }
    for (long i = 0; i < count; i++) {
        Core **args = ARENA_ARRAY(arena, Core *, n_params);
        for (uint32_t k = 0; k < n_params; k++)
            args[k] =
                ref(code, span, find_variable(alternatives[i], code->variables.items[n_outer + k].name)->var);
        *alternatives[i]->hole = core_call(arena, span, ref(code, span, matched), n_params, args);
    }
    const ClauseCode *last = alternatives[count - 1];
    for (size_t i = 0; i < last->failures.count; i++)
        vec_push(arena, &code->failures, last->failures.items[i]);
    Core *rest = core_lambda(arena, span, x->procedure, n_params, params, NULL, NULL);
    *code->hole = core_let1(arena, span, matched, rest, link_alternatives(x, alternatives, count));
    code->hole = &rest->as.lambda.clauses[0].body;
}

/* The first alternative that matches decides what the variables are. */
static void match_or(ClauseCode *code, Datum *pattern, Var *subject)
{
    long count = list_length(cdr(pattern));
    ClauseCode **alternatives = ARENA_ARRAY(code->x->arena, ClauseCode *, count);
    unsigned errors = code->x->errors;
    Datum *rest = cdr(pattern);
    for (long i = 0; i < count; i++, rest = cdr(rest))
        alternatives[i] = attempt(code, car(rest), subject);
    if (code->x->errors != errors || !check_alike(code->x, alternatives, count, code->variables.count))
        return;
    bool is_test = alternatives[0]->variables.count == code->variables.count;
    (is_test ? require_any : join_alternatives)(code, pattern->span, alternatives, count);
}

/* -- words ------------------------------------------------------------------ */

static const PatternWord words[] = {
    {AUX_RECORD_PATTERN, 1, -1, match_record, "(record: type pattern ...)"},
    {AUX_IS_PATTERN, 1, -1, match_is, "(is: predicate pattern ...)"},
    {AUX_AND_PATTERN, 1, -1, match_and, "(and: pattern ...)"},
    {AUX_OR_PATTERN, 1, -1, match_or, "(or: pattern ...)"},
    {AUX_NOT_PATTERN, 1, 1, match_not, "(not: pattern)"},
};

const PatternWord *pattern_word(Expander *x, const Datum *head)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_auxiliary(x, head, words[i].id)) return &words[i];
    return NULL;
}

void pattern_report_word(Expander *x, const PatternWord *word, Span span)
{
    expand_error(x, span, "`%s` begins a pattern: %s", forms_auxiliary_names[word->id], word->usage);
}

void pattern_match_word(ClauseCode *code, const PatternWord *word, Datum *pattern, Var *subject)
{
    long count = list_length(pattern) - 1;
    if (count >= word->min && (word->max < 0 || count <= word->max))
        word->match(code, pattern, subject);
    else
        pattern_report_word(code->x, word, pattern->span);
}

/* -- what looks like a word ------------------------------------------------- */

static const struct {
    const char *name, *advice;
} lookalikes[] = {
    {"?", "a predicate is tested by (is: predicate pattern ...)"},
    {"and", "several patterns for one datum are (and: pattern ...)"},
    {"or", "alternatives are (or: pattern ...)"},
    {"not", "what must not match is (not: pattern)"},
    {"$", "a record is taken apart by (record: type pattern ...)"},
    {"@", "a record is taken apart by (record: type pattern ...)"},
    {"struct", "a record is taken apart by (record: type pattern ...)"},
    {"=",
     "bind the datum, and match what the procedure gives of it in the body, or test that in (where ...)"},
    {"app",
     "bind the datum, and match what the procedure gives of it in the body, or test that in (where ...)"},
    {"list", "a list is taken apart by (pattern ...)"},
    {"cons", "a pair is taken apart by (pattern . pattern)"},
    {"mcons", "a pair is taken apart by (pattern . pattern)"},
    {"cons*", "a list is taken apart by (pattern ... . rest)"},
    {"list*", "a list is taken apart by (pattern ... . rest)"},
    {"list-rest", "a list is taken apart by (pattern ... . rest)"},
    {"list-tail", "a list is taken apart by (pattern ... . rest)"},
    {"list-no-order", "a list is taken apart by (pattern ...), in order"},
    {"vector", "a vector is taken apart by #(pattern ...)"},
    {"==", "what is equal to the value of an expression is ,expression"},
    {"box", "bind the datum, and look into it in the body, or in (where ...)"},
    {"hash-table", "bind the datum, and look into it in the body, or in (where ...)"},
    {"regexp", "a text is tested by (is: predicate pattern ...)"},
    {"pregexp", "a text is tested by (is: predicate pattern ...)"},
    {"get!", "data cannot be changed; a plain variable binds the part"},
    {"set!", "data cannot be changed; a plain variable binds the part"},
};

/* Nothing in the program gives the name a meaning of its own. */
static bool is_of_library(const Binding *binding)
{
    if (!binding) return true;
    switch (binding->kind) {
    case BIND_LOCAL:
    case BIND_MACRO: return false;
    case BIND_GLOBAL: return !binding->is_defined || strcmp(binding->as.global->module, "lib") == 0;
    default: return true;
    }
}

/* A name that means something and ends as those of predicates do. */
static bool is_predicate_name(const Binding *binding, const char *name)
{
    size_t size = strlen(name);
    return binding && size > 1 && name[size - 1] == '?';
}

const char *pattern_advice(Expander *x, const Datum *pattern)
{
    const Datum *head = car(pattern);
    const char *name = head->as.symbol->text;
    /* Alone in parentheses any other of these words is more likely a message. */
    if (list_pairs(pattern) < 2 && strcmp(name, "list") != 0 && strcmp(name, "vector") != 0) return NULL;
    const Binding *binding = scope_lookup(&x->scopes, head->as.symbol);
    if (binding && binding->record)
        return arena_printf(
            x->arena, "a record is taken apart by (record: %s pattern ...); the symbol is '%s", name, name);
    if (is_predicate_name(binding, name))
        return arena_printf(x->arena, "a predicate is tested by (is: %s pattern ...); the symbol is '%s",
                            name, name);
    if (!is_of_library(binding)) return NULL;
    for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++)
        if (strcmp(lookalikes[i].name, name) == 0)
            return arena_printf(x->arena, "%s; the symbol is '%s", lookalikes[i].advice, name);
    return NULL;
}

/* ___, __1, ..1, ..=, ..*, =.., ***, **1 */
const char *pattern_variable_advice(const Datum *variable)
{
    static const char *const fixed[] = {"___", "..=", "..*", "=..", "***"}, *const counted[] = {"__", "..",
                                                                                                "**"};
    const char *name = variable->as.symbol->text;
    bool is_like = false;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        is_like = is_like || strcmp(name, fixed[i]) == 0;
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        is_like = is_like || (strncmp(name, counted[i], 2) == 0 && isdigit((unsigned char)name[2]));
    return is_like ? "there is no ellipsis: (pattern . rest) takes a list of any length and binds its rest"
                   : NULL;
}
