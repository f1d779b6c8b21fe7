/* Bodies: sequences of definitions and expressions, of a procedure or at top
 * level. Two passes, because definitions may be used before they stand: first
 * every form is scanned (macro uses expanded) as far as it takes to see what it
 * defines; then the values are expanded, when all names are known. */
#ifndef FRONTEND_BODY_H
#define FRONTEND_BODY_H

#include "frontend/expand.h"

typedef enum ItemKind {
    ITEM_EXPRESSION, /* value: the expression */
    ITEM_VALUE,      /* value: the expression that gives the variable's value */
    ITEM_PROCEDURE,  /* value: (formals . body) */
    ITEM_VALUES,     /* value: expression of several values; their number is in formals */
    ITEM_READY,      /* core */
} ItemKind;

/* What a definition defines: a local variable or a global; neither: a value
 * that is dropped. */
typedef struct Target {
    Var *var;
    Global *global;
    Symbol *name;
} Target;

typedef struct Item {
    ItemKind kind;
    Span span;
    Target target;
    Datum *value;
    uint32_t n_values; /* ITEM_VALUES: required ones ... */
    bool has_rest;     /* ... and whether the last takes the others */
    Core *core;
    const Expansion *expansion; /* that made it */
} Item;

typedef struct Body {
    bool is_top;
    VEC(Item) items;
} Body;

/* Finds what one form defines and adds it to the items. */
void body_scan(Expander *x, Body *body, Datum *form);
void body_scan_list(Expander *x, Body *body, Datum *forms);
/* Makes the variable that a definition defines. */
Target body_define(Expander *x, Body *body, const Datum *identifier);
/* A variable that no identifier is bound to. */
Target body_define_hidden(Expander *x, const Body *body, Symbol *name, Span span);
/* The variable as an expression. */
Core *target_ref(Expander *x, Span span, Target target);
void body_add(Expander *x, Body *body, Item item);

/* A body in a scope of its own. `forms` is a proper list. */
Core *expand_body(Expander *x, Datum *forms, Span span);
/* Second pass of a top-level body: appends to x->forms. */
void body_finish_top(Expander *x, Body *body);

#endif
