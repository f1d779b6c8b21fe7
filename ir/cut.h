/* Large bodies in several code points. */
#ifndef IR_CUT_H
#define IR_CUT_H

#include "ir/cps.h"

/* LLVM's time grows faster than the size of a function. Where a body grows
 * beyond a limit, what follows becomes a continuation with code of its own.
 * Leaves the use counts exact. */
void cut_large_bodies(CpsProgram *program);

#endif
