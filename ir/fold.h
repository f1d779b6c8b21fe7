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

/* The cheapest primitive that does the same on these arguments. */
PrimId fold_cheaper(PrimId id, const CpsAtom *args, uint32_t n_args);
/* A CHECKED operation that succeeds on these arguments. */
bool fold_succeeds(PrimId id, const CpsAtom *args);
/* The elements of a list that is built of known pairs: their number, or -1
 * when it is not known or there are more than `max`. */
int fold_list(CpsAtom list, CpsAtom *elements_out, int max);

#endif
