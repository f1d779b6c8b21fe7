/* Core to CPS. */
#ifndef IR_FROM_CORE_H
#define IR_FROM_CORE_H

#include "ir/cps.h"

/* Shakes the tree, then converts what is left. Use counts are exact. */
CpsProgram *cps_from_core(Compilation *compilation, const CoreProgram *core);

#endif
