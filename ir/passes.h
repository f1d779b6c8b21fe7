/* The table of passes and its runner. */
#ifndef IR_PASSES_H
#define IR_PASSES_H

#include "ir/cps.h"
#include "ir/ir.h"

#define PASS(id, name, function, description) bool function(CpsProgram *program);
#include "ir/passes.def"
#undef PASS

/* Optimises as options->level says, with dumps and checks after each pass.
 * False when options->stop_after was reached. */
bool passes_run(CpsProgram *program, const IrOptions *options);
/* One pass; false when there is none of that name. */
bool pass_run_by_name(CpsProgram *program, const char *name);

#endif
