/* Tree shaking: which globals and top-level forms the program needs. */
#ifndef IR_SHAKE_H
#define IR_SHAKE_H

#include "frontend/core.h"

typedef struct Shaken {
    uint32_t n_forms;
    Core **forms; /* that must run, in order */
    uint32_t n_globals;
    Global **globals;  /* that can be reached, in the order of the program */
    Global *call_main; /* lib-scm's %call-main when the program defines `main` and lib-scm is there */
} Shaken;

/* Roots are the program's forms that have an effect, the hooks, `main` and
 * lib-scm's procedure that calls it. A
 * definition that nothing reaches is dropped; of lib-scm's also when its right
 * side calls something, as those create values and have no other effect. */
Shaken core_shake(Arena *arena, const CoreProgram *program);

#endif
