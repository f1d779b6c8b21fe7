/* Calls of what is known: warnings of a wrong number of arguments, and of what is no procedure. */
#ifndef FRONTEND_CALLS_H
#define FRONTEND_CALLS_H

#include "frontend/expand.h"

/* The variable's value is now known: calls of it can be checked. */
void calls_note_value(Expander *x, const Var *var, Core *value);
/* A primitive is called with a number of arguments that it does not take. */
void calls_warn_prim(Expander *x, Span span, const PrimInfo *info, uint32_t n_args);
/* How a procedure is called from a command line: a list of (text fewest most), most -1 for any number of arguments; empty
 * if the global is not bound to a lambda. */
Datum *calls_usage(Expander *x, const Global *global);
/* After all definitions. */
void calls_check(Expander *x);

#endif
