/* Values of primitive operations that are known when compiling. */
#ifndef IR_FOLD_H
#define IR_FOLD_H

#include "ir/cps.h"

/* The result of `id` applied to resolved `args`, when it is a constant or one
 * of the arguments. */
bool fold_prim(CpsProgram *program, PrimId id, const CpsAtom *args, uint32_t n_args, CpsAtom *result_out);
/* What a condition decides, when it is known. */
bool fold_test(PrimId id, const CpsAtom *args, uint32_t n_args, bool *result_out);
bool fold_truth(CpsAtom atom, bool *result_out);

#endif
