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

typedef struct ClauseCode {
    Expander *x;
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
/* The clauses one after the other, last one first; `final` makes what the last one fails to. */
Core *pattern_link(Expander *x, ClauseCode *clauses, const Datum *const *forms, size_t count,
                   Core *(*final)(Expander *x, void *context), void *context);

#endif
