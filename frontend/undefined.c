#include "frontend/undefined.h"

#include "frontend/foreign.h"
#include "frontend/forms.h"
#include "frontend/library.h"
#include "frontend/suggest.h"

/* -- guesses ------------------------------------------------------------------ */

static void take_binding(Guess *guess, const Binding *binding)
{
    guess->is_syntax = binding->kind == BIND_FORM || binding->kind == BIND_MACRO;
    guess->form = binding->kind == BIND_FORM ? binding->as.form : NULL;
}

static bool guess_near(Guess *guess, Suggestion suggestion)
{
    if (!suggestion.name) return false;
    guess->kind = GUESS_NEAR;
    guess->text = suggestion.name->text;
    take_binding(guess, suggestion.binding);
    return true;
}

static bool guess_library(Expander *x, Guess *guess, Symbol *symbol)
{
    const Binding *binding = NULL;
    guess->text = library_exporting(x, symbol, &binding);
    if (!guess->text) return false;
    guess->kind = GUESS_LIBRARY;
    take_binding(guess, binding);
    return true;
}

static bool guess_foreign(Guess *guess, const Symbol *symbol)
{
    guess->text = foreign_advice(symbol);
    if (guess->text) guess->kind = GUESS_FOREIGN;
    return guess->text != NULL;
}

const Guess *undefined_guess(Expander *x, const Datum *identifier)
{
    Symbol *symbol;
    Environment *environment;
    scope_origin(&x->scopes, identifier->as.symbol, &symbol, &environment);
    Guess *guess = ARENA_NEW(x->arena, Guess);
    bool sees_locals = symbol == identifier->as.symbol; /* a template's symbol was written elsewhere */
    Suggestion local = sees_locals ? suggest_local(&x->scopes, symbol) : (Suggestion){0};
    if (local.name && local.distance <= 1 && guess_near(guess, local)) return guess;
    if (guess_library(x, guess, symbol) || guess_foreign(guess, symbol)) return guess;
    guess_near(guess, suggest_nearer(local, suggest_top(&x->scopes, environment, symbol)));
    return guess;
}

static void note_definitions(Expander *x, const Datum *form)
{
    nest(x, form->span);
    for (; is_pair(form); form = cdr(form)) {
        if (is_identifier(car(form)))
            map_set(x->misdefined, car(form)->as.symbol, x);
        else if (is_pair(car(form)))
            note_definitions(x, car(form));
    }
    unnest(x);
}

void undefined_note_form(Expander *x, const Guess *guess, const Datum *form)
{
    bool may_define = !guess->form || guess->form->define;
    if (may_define && list_pairs(form) > 0) note_definitions(x, cdr(form));
}

/* -- warnings ----------------------------------------------------------------- */

static void warn_undefined(Expander *x, const Reference *reference)
{
    const char *name = reference->symbol->text;
    Span span = reference->core->span;
    const Guess *guess = reference->binding->guess;
    diag_warning(x->diag, span, "`%s` is not defined", name);
    note_expansion(x, reference->expansion);
    if (reference->in_pattern) {
        diag_note(x->diag, span, "a pattern `,%s` compares with the value of `%s`; to bind it, write `%s`",
                  name, name, name);
        return;
    }
    switch (guess->kind) {
    case GUESS_NEAR: diag_note(x->diag, span, "did you mean `%s`?", guess->text); break;
    case GUESS_LIBRARY: diag_note(x->diag, span, "it is in a library: (import %s)", guess->text); break;
    case GUESS_FOREIGN: diag_note(x->diag, span, "here: %s", guess->text); break;
    case GUESS_NOTHING:
        diag_note(x->diag, span, "when it is reached, it raises an unbound-variable condition");
        break;
    }
    if (guess->kind == GUESS_NEAR && guess->form)
        diag_note(x->diag, span, "the form is %s", guess->form->usage);
}

/* A program may use the one global of that spelling by its plain name, as in systems that do not rename definitions. */
Global *undefined_find_renamed(const Expander *x, const Symbol *symbol, const Environment *environment)
{
    Global *found = NULL;
    for (size_t i = 0; i < x->renamed.count; i++) {
        const RenamedGlobal *renamed = &x->renamed.items[i];
        if (renamed->base != symbol || renamed->environment != environment) continue;
        if (found) return NULL;
        found = renamed->global;
    }
    return found;
}

void undefined_resolve(Expander *x)
{
    Map *warned = map_new(x->arena);
    for (size_t i = 0; i < x->references.count; i++) {
        const Reference *reference = &x->references.items[i];
        if (reference->binding->is_defined) continue;
        Global *renamed = undefined_find_renamed(x, reference->symbol, reference->environment);
        if (renamed) reference->core->as.global = renamed;
        /* After errors, a definition may only seem to be missing. */
        if (renamed || x->errors || map_has(warned, reference->binding)) continue;
        if (map_has(x->misdefined, reference->symbol)) continue;
        map_set(warned, reference->binding, reference->binding);
        warn_undefined(x, reference);
    }
}
