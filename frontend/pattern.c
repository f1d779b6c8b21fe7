#include "frontend/pattern.h"

#include <stdlib.h>

/* -- building --------------------------------------------------------------- */

void pattern_require(ClauseCode *code, Span span, Core *test)
{
    Core *failure = core_void(code->x->arena, span);
    vec_push(code->x->arena, &code->failures, failure);
    *code->hole = core_if(code->x->arena, span, test, NULL, failure);
    code->hole = &(*code->hole)->as.branch.then;
}

static Var *bind_part(ClauseCode *code, const Datum *pattern, Core *value)
{
    bool is_named = is_identifier(pattern);
    Var *var = is_named ? var_new(code->x, symbol_base(pattern->as.symbol), pattern->span)
                        : var_temp(code->x, "part", pattern->span);
    *code->hole = core_let1(code->x->arena, pattern->span, var, value, NULL);
    code->hole = &(*code->hole)->as.let.body;
    return var;
}

static Core *ref(const ClauseCode *code, Span span, Var *var)
{
    return core_local(code->x->arena, span, var);
}

/* A part of the subject: taken only if the pattern looks at it. */
void pattern_part(ClauseCode *code, Datum *pattern, Core *value)
{
    if (is_auxiliary(code->x, pattern, AUX_UNDERSCORE)) return;
    pattern_compile(code, pattern, bind_part(code, pattern, value));
}

/* -- leaves ----------------------------------------------------------------- */

static void match_datum(ClauseCode *code, Datum *datum, Span span, Var *subject)
{
    Arena *arena = code->x->arena;
    datum = syntax_strip(arena, datum);
    if (is_nil(datum)) {
        pattern_require(code, span, core_prim1(arena, span, PRIM_NULLP, ref(code, span, subject)));
        return;
    }
    PrimId op = datum_is_eq_comparable(datum) ? PRIM_EQ : PRIM_EQUAL;
    Core *constant = core_const(arena, span, datum);
    pattern_require(code, span, core_prim2(arena, span, op, ref(code, span, subject), constant));
}

static void match_equal(ClauseCode *code, Span span, Var *subject, Core *value)
{
    Core *test = core_prim2(code->x->arena, span, PRIM_EQUAL, ref(code, span, subject), value);
    pattern_require(code, span, test);
}

static void match_variable(ClauseCode *code, const Datum *pattern, Var *subject)
{
    Symbol *name = pattern->as.symbol;
    if (is_auxiliary(code->x, pattern, AUX_UNDERSCORE)) return;
    if (is_auxiliary(code->x, pattern, AUX_ELLIPSIS)) {
        expand_error(code->x, pattern->span, "a pattern cannot have an ellipsis");
        diag_note(code->x->diag, pattern->span, "(p . rest) matches a list of any length and binds its rest");
        return;
    }
    const PatternWord *word = pattern_word(code->x, pattern);
    if (word) {
        pattern_report_word(code->x, word, pattern->span);
        return;
    }
    for (size_t i = 0; i < code->variables.count; i++) {
        const PatternVar *variable = &code->variables.items[i];
        if (variable->name != name) continue;
        match_equal(code, pattern->span, subject, ref(code, pattern->span, variable->var));
        return;
    }
    PatternVar variable = {name, subject, pattern->span, pattern_variable_advice(pattern), NULL};
    vec_push(code->x->arena, &code->variables, variable);
}

/* ,expr: the expression sees the scope around the form, not the pattern's variables. */
static void match_unquote(ClauseCode *code, Datum *pattern, Var *subject)
{
    Expander *x = code->x;
    size_t n_references = x->references.count;
    Core *value = expand(x, cadr(pattern));
    if (is_identifier(cadr(pattern)) && x->references.count > n_references)
        x->references.items[n_references].in_pattern = true;
    if (value->kind == CORE_LOCAL) vec_push(x->arena, &code->compared, value->as.local);
    match_equal(code, pattern->span, subject, value);
}

/* -- compounds -------------------------------------------------------------- */

static void match_vector(ClauseCode *code, const Datum *pattern, Var *subject)
{
    Arena *arena = code->x->arena;
    Span span = pattern->span;
    size_t count = pattern->as.vector.count;
    pattern_require(code, span, core_prim1(arena, span, PRIM_VECTORP, ref(code, span, subject)));
    Core *length = core_prim1(arena, span, PRIM_VECTOR_LENGTH, ref(code, span, subject));
    pattern_require(code, span,
                    core_prim2(arena, span, PRIM_EQ, length, core_integer(arena, span, (long)count)));
    for (size_t i = 0; i < count; i++) {
        Core *index = core_integer(arena, span, (long)i);
        pattern_part(code, pattern->as.vector.items[i],
                     core_prim2(arena, span, PRIM_VECTOR_REF, ref(code, span, subject), index));
    }
}

static bool is_form_name(const Datum *head, const Binding *binding, FormId id)
{
    if (!binding) return is_spelled(head, forms_table[id].name); /* not imported: no other meaning */
    return binding->kind == BIND_FORM && binding->as.form->id == id;
}

typedef enum ListMeaning { LIST_PLAIN, LIST_QUOTE, LIST_QUASIQUOTE, LIST_UNQUOTE, LIST_WORD } ListMeaning;

/* What a list pattern means, by its head. */
static ListMeaning list_meaning(Expander *x, const Datum *pattern, const PatternWord **word_out)
{
    const Datum *head = car(pattern);
    if (!is_identifier(head)) return LIST_PLAIN;
    const Binding *binding = scope_lookup(&x->scopes, head->as.symbol);
    long length = list_length(pattern);
    if (length == 2 && is_form_name(head, binding, FORM_QUOTE)) return LIST_QUOTE;
    if (length == 2 && is_form_name(head, binding, FORM_QUASIQUOTE)) return LIST_QUASIQUOTE;
    if (length == 2 && is_auxiliary(x, head, AUX_UNQUOTE)) return LIST_UNQUOTE;
    *word_out = pattern_word(x, head);
    return *word_out ? LIST_WORD : LIST_PLAIN;
}

static void report_quasiquote(Expander *x, const Datum *pattern)
{
    expand_error(x, pattern->span, "a pattern cannot be quasiquoted");
    diag_note(x->diag, pattern->span,
              "in ('tag x ,e) the quoted part is itself, `x` is bound, and `,e` is compared "
              "with the value of `e`");
}

static bool match_special(ClauseCode *code, Datum *pattern, Var *subject)
{
    const PatternWord *word = NULL;
    switch (list_meaning(code->x, pattern, &word)) {
    case LIST_PLAIN: return false;
    case LIST_QUOTE: match_datum(code, cadr(pattern), pattern->span, subject); return true;
    case LIST_QUASIQUOTE: report_quasiquote(code->x, pattern); return true;
    case LIST_UNQUOTE: match_unquote(code, pattern, subject); return true;
    case LIST_WORD: pattern_match_word(code, word, pattern, subject); return true;
    }
    ICE("list pattern");
}

/* The parts that were taken before the clause. Returns what is left of the
 * pattern, and its subject. */
static Datum *match_known(ClauseCode *code, Datum *pattern, Var **subject)
{
    const KnownSpine *known = code->known;
    for (uint32_t i = 0; i < known->n_pairs; i++, pattern = cdr(pattern)) {
        pattern_compile(code, car(pattern), known->firsts[i]);
        *subject = known->rests[i];
    }
    return pattern;
}

/* Along the list without recursion; (a . ,b) reads as (a unquote b). */
static void match_pairs(ClauseCode *code, Datum *pattern, Var *subject)
{
    Arena *arena = code->x->arena;
    if (code->known && code->known->subject == subject) pattern = match_known(code, pattern, &subject);
    while (is_pair(pattern)) {
        if (match_special(code, pattern, subject)) return;
        Span span = pattern->span;
        Datum *first = car(pattern), *rest = cdr(pattern);
        pattern_require(code, span, core_prim1(arena, span, PRIM_PAIRP, ref(code, span, subject)));
        pattern_part(code, first, core_prim1(arena, span, PRIM_CAR, ref(code, span, subject)));
        if (is_auxiliary(code->x, rest, AUX_UNDERSCORE)) return;
        subject = bind_part(code, rest, core_prim1(arena, span, PRIM_CDR, ref(code, span, subject)));
        pattern = rest;
    }
    pattern_compile(code, pattern, subject);
}

static void match_list(ClauseCode *code, Datum *pattern, Var *subject)
{
    if (list_pairs(pattern) < 0) {
        expand_error(code->x, pattern->span, "a pattern cannot be cyclic");
        return;
    }
    size_t first = code->variables.count;
    match_pairs(code, pattern, subject);
    if (!is_identifier(car(pattern)) || code->variables.count == first) return;
    PatternVar *variable = &code->variables.items[first];
    if (variable->name == car(pattern)->as.symbol) variable->advice = pattern_advice(code->x, pattern);
}

void pattern_compile(ClauseCode *code, Datum *pattern, Var *subject)
{
    nest(code->x, pattern->span);
    switch (pattern->kind) {
    case DATUM_SYMBOL: match_variable(code, pattern, subject); break;
    case DATUM_PAIR: match_list(code, pattern, subject); break;
    case DATUM_VECTOR: match_vector(code, pattern, subject); break;
    default: match_datum(code, pattern, pattern->span, subject); break;
    }
    unnest(code->x);
}

/* -- clauses ---------------------------------------------------------------- */

ScopeMark pattern_open_scope(ClauseCode *code)
{
    ScopeMark mark = scope_enter(&code->x->scopes);
    for (size_t i = 0; i < code->variables.count; i++) {
        PatternVar *variable = &code->variables.items[i];
        Binding *binding = binding_new(code->x->arena, BIND_LOCAL, variable->span);
        binding->as.var = variable->var;
        scope_bind(&code->x->scopes, variable->name, binding);
        variable->binding = binding;
    }
    return mark;
}

void pattern_check_words(const ClauseCode *code)
{
    for (size_t i = 0; i < code->variables.count; i++) {
        const PatternVar *variable = &code->variables.items[i];
        if (!variable->advice || variable->binding->is_value) continue;
        diag_warning(code->x->diag, variable->span, "`%s` is a variable of this pattern",
                     variable->name->text);
        diag_note(code->x->diag, variable->span, "%s", variable->advice);
    }
}

uint32_t pattern_spine(Expander *x, const Datum *pattern)
{
    const PatternWord *word;
    uint32_t n_pairs = 0;
    if (list_pairs(pattern) < 0) return 0;
    for (; is_pair(pattern) && list_meaning(x, pattern, &word) == LIST_PLAIN; pattern = cdr(pattern))
        n_pairs++;
    return n_pairs;
}

const KnownSpine *pattern_take_spine(ClauseCode *code, Var *subject, uint32_t n_pairs)
{
    Arena *arena = code->x->arena;
    Span span = code->span;
    KnownSpine *known = ARENA_NEW(arena, KnownSpine);
    *known = (KnownSpine){subject, n_pairs, ARENA_ARRAY(arena, Var *, n_pairs),
                          ARENA_ARRAY(arena, Var *, n_pairs)};
    Datum *nameless = syntax_nil(arena, span);
    for (uint32_t i = 0; i < n_pairs; i++) {
        pattern_require(code, span, core_prim1(arena, span, PRIM_PAIRP, ref(code, span, subject)));
        known->firsts[i] =
            bind_part(code, nameless, core_prim1(arena, span, PRIM_CAR, ref(code, span, subject)));
        known->rests[i] =
            bind_part(code, nameless, core_prim1(arena, span, PRIM_CDR, ref(code, span, subject)));
        subject = known->rests[i];
    }
    return known;
}

Core *pattern_link_clause(Expander *x, ClauseCode *code, Core *next)
{
    if (code->failures.count == 0) return code->root;
    if (code->failures.count == 1) {
        *code->failures.items[0] = *next;
        return code->root;
    }
    Span span = code->span;
    Var *otherwise = var_temp(x, "otherwise", span);
    for (size_t i = 0; i < code->failures.count; i++)
        *code->failures.items[i] = *core_call0(x->arena, span, core_local(x->arena, span, otherwise));
    Core *thunk = core_lambda(x->arena, span, x->procedure, 0, NULL, NULL, next);
    return core_let1(x->arena, span, otherwise, thunk, code->root);
}

Core *pattern_link(Expander *x, ClauseCode *clauses, size_t count)
{
    Core *result = clauses[count - 1].root;
    for (size_t i = count - 1; i-- > 0;) {
        if (clauses[i].failures.count == 0)
            diag_warning(x->diag, clauses[i + 1].span,
                         "this clause is never reached: the one before takes everything");
        result = pattern_link_clause(x, &clauses[i], result);
    }
    return result;
}
