/* syntax-rules: patterns and templates are compiled when the macro is defined. */
#ifndef FRONTEND_RULES_H
#define FRONTEND_RULES_H

#include "frontend/expand.h"

/* What a keyword is bound to by a transformer: `(syntax-rules ...)`, or another
 * keyword, whose meaning it takes. The scopes that are open now are those of the
 * templates. NULL when errors were reported. */
Binding *macro_bind(Expander *x, Datum *transformer);
/* Where its transformer stands. */
Span macro_span(const Macro *macro);
/* What a use expands to; NULL (and an error) when no rule matches. */
Datum *macro_expand(Expander *x, Macro *macro, Datum *form);

#endif
