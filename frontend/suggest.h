/* "Did you mean ...?" */
#ifndef FRONTEND_SUGGEST_H
#define FRONTEND_SUGGEST_H

#include "frontend/scope.h"

/* The name visible in the environment that is nearest to `name` by spelling;
 * NULL when none is near. */
const char *suggest_name(const Environment *environment, const Symbol *name);

#endif
