/* Patterns of `match` and `recv` to tests and bindings.
 *
 * A clause is compiled in the order of its text: each test is an `if` whose
 * false side is a *failure*, a node left open until it is known what comes next:
 * the following clause, or what happens when none is left. So the first clause
 * that matches wins by construction, and each part of the datum is taken once
 * per clause. */
#ifndef FRONTEND_PATTERN_H
#define FRONTEND_PATTERN_H

#include "frontend/forms.h"

typedef struct PatternVar {
    Symbol *name;
    Var *var;
    Span span;
    const char
        *advice; /* what to write if the word was meant as one that begins a pattern; NULL: no such word */
    Binding *binding; /* in the scope of the clause's body */
} PatternVar;

/* Parts of the subject that were taken before the clause, because all clauses of
 * a run take them: its first pairs along the list. */
typedef struct KnownSpine {
    Var *subject;
    uint32_t n_pairs;
    Var **firsts, **rests;
} KnownSpine;

typedef struct ClauseCode {
    Expander *x;
    Span span;
    const KnownSpine *known; /* or NULL */
    Core *root;              /* of the clause */
    Core **hole;             /* where the next test or binding goes */
    VEC(Core *) failures;
    VEC(PatternVar) variables; /* bound by the pattern, in order */
    VEC(Var *) compared;       /* local variables v that the datum must hold for `,v` */
} ClauseCode;

/* Tests of the pattern against the variable's value. */
void pattern_compile(ClauseCode *code, Datum *pattern, Var *subject);
/* A part of the subject: taken only if the pattern looks at it. */
void pattern_part(ClauseCode *code, Datum *pattern, Core *value);
/* Goes on only if the test is true. */
void pattern_require(ClauseCode *code, Span span, Core *test);
/* Opens a scope with the pattern's variables. */
ScopeMark pattern_open_scope(ClauseCode *code);
/* After the body: warns of variables that look like words of other systems' patterns, or name a record type, and whose
 * value nobody uses. */
void pattern_check_words(const ClauseCode *code);
/* How many pairs along the list the pattern surely takes apart. */
uint32_t pattern_spine(Expander *x, const Datum *pattern);
/* Takes the first pairs of the subject apart; `code` is what is put in front of a run. */
const KnownSpine *pattern_take_spine(ClauseCode *code, Var *subject, uint32_t n_pairs);
/* All failures of a clause lead to `next`. */
Core *pattern_link_clause(Expander *x, ClauseCode *code, Core *next);
/* The clauses one after the other; the failures of the last one stay open. */
Core *pattern_link(Expander *x, ClauseCode *clauses, size_t count);

/* -- pattern_word.c: patterns that begin with a word ------------------------- */

typedef struct PatternWord PatternWord;
/* The word that the identifier is, as `or:`, or NULL. */
const PatternWord *pattern_word(Expander *x, const Datum *head);
/* (word ...) */
void pattern_match_word(ClauseCode *code, const PatternWord *word, Datum *pattern, Var *subject);
/* A word that stands where it begins nothing. */
void pattern_report_word(Expander *x, const PatternWord *word, Span span);
/* What to write in place of the list pattern, if its first variable is a word of patterns of other systems, or the
 * name of a record type; else NULL. */
const char *pattern_advice(Expander *x, const Datum *pattern);
/* The same of a variable anywhere that looks like an ellipsis of other systems. */
const char *pattern_variable_advice(const Datum *variable);

#endif
