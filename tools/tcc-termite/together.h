/* Work for several machines at once: steps that run in processes of their own, as
 * many at a time as there are processors. */
#ifndef TOOLS_TCC_TERMITE_TOGETHER_H
#define TOOLS_TCC_TERMITE_TOGETHER_H

#include "frontend/base/compilation.h"
#include "tools/tcc-termite/machines.h"

/* A step towards the file `place`, in a process of its own. It may leave files whose
 * names begin with `place` to the next step; what it says goes to stderr. */
typedef bool TogetherStep(void *context, const Machine *machine, const char *place);

typedef struct Together {
    Compilation *compilation;
    const Machine *machines;
    size_t n_machines;
    const char *const *outputs; /* one for each machine */
    TogetherStep *const *steps; /* for each machine, one after the other */
    size_t n_steps;
    void *context;
} Together;

/* When all steps are done, the results take their outputs' names; after a failure,
 * which is reported, none does. Messages come in the order of the machines. */
bool together_run(const Together *work);

#endif
