/* CPS to Clo. */
#ifndef IR_CLOSURE_CONVERT_H
#define IR_CLOSURE_CONVERT_H

#include "ir/cps.h"

/* Requires: use counts exact, replacements applied. Code that nothing reaches
 * from `main` and the hooks is left out. */
CloProgram *closure_convert(CpsProgram *program);

#endif
