/* Where terms stand, for reports, when a body takes the place of a call.
 *
 * The procedure that a term was written in (Cps.proc) is a name, and of an inlined procedure also the call that its
 * body stands for (Symbol.inlined); what that call was written in may itself be inlined, and so on: a report shows the
 * frames that there would be without inlining.
 *
 * Local functions that are bound in the body keep their places: they have frames of their own, or take the place of
 * their calls (or of their FIX) later. */
#ifndef IR_ADOPT_H
#define IR_ADOPT_H

#include "ir/cps.h"

typedef struct CallPlace {
    Span span;
    const Symbol *proc;
} CallPlace;

/* `body`, of a clause of `fun`, stands where `call` was. What the library or a form has made
 * has no place in the program: in such a function that gets the place of the call. */
void adopt_inlined(CpsProgram *program, const CpsFun *fun, Cps *body, const Cps *call);
/* `body` is now part of the function in which `fix` binds `fun`. */
void adopt_local(CpsProgram *program, const CpsFun *fun, Cps *body, const Cps *fix);

#endif
