/* "Did you mean ...?" */
#ifndef FRONTEND_SUGGEST_H
#define FRONTEND_SUGGEST_H

#include "frontend/scope.h"

/* A name that is near to another by spelling. */
typedef struct Suggestion {
    const Symbol *name; /* NULL: none is near */
    const Binding *binding;
    unsigned distance; /* 0: but for case, hyphens and underscores the same */
} Suggestion;

/* `other`, if it is near to `name`. */
Suggestion suggest_of(const Symbol *name, const Symbol *other, const Binding *binding);
/* The nearest of the local names that are visible now; of equals, the innermost. */
Suggestion suggest_local(const Scopes *scopes, const Symbol *name);
/* The nearest of the names that are visible in a top-level environment. */
Suggestion suggest_top(Scopes *scopes, const Environment *environment, const Symbol *name);
/* Of two, the nearer; `a` if they are equal. */
Suggestion suggest_nearer(Suggestion a, Suggestion b);

#endif
