/* Names of other systems (foreign.def). */
#ifndef FRONTEND_FOREIGN_H
#define FRONTEND_FOREIGN_H

#include "frontend/expand.h"

/* Binds the forms and the mutators: to an error where they are used. */
void foreign_bind_all(Expander *x, Environment *environment);
/* What to write instead of that procedure of other systems; NULL if none is known. */
const char *foreign_advice(const Symbol *name);

#endif
