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
    const KnownSpine *known;    /* or NULL */
    Core *root;                 /* of the clause */
    Core **hole;                /* where the next test or binding goes */
    VEC(Core *) failures;
    VEC(PatternVar) variables;  /* bound by the pattern, in order */
    VEC(Var *) compared;        /* local variables v that the datum must hold for `,v` */
} ClauseCode;

/* Tests of the pattern against the variable's value. */
void pattern_compile(ClauseCode *code, Datum *pattern, Var *subject);
/* Goes on only if the test is true. */
void pattern_require(ClauseCode *code, Span span, Core *test);
/* Opens a scope with the pattern's variables. */
ScopeMark pattern_open_scope(ClauseCode *code);
/* How many pairs along the list the pattern surely takes apart. */
uint32_t pattern_spine(Expander *x, const Datum *pattern);
/* Takes the first pairs of the subject apart; `code` is what is put in front of a run. */
const KnownSpine *pattern_take_spine(ClauseCode *code, Var *subject, uint32_t n_pairs);
/* The clauses one after the other; the failures of the last one stay open. */
Core *pattern_link(Expander *x, ClauseCode *clauses, size_t count);

#endif
