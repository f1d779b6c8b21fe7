/* Helpers for the bodies of code points in C. */
#ifndef RT_CODE_POINT_H
#define RT_CODE_POINT_H

#include "rt/abi/program.h"
#include "rt/code/jump.h"
#include "rt/mem/node.h"

/* At the start of a procedure's body. */
#define CHECK_ARGS(condition)                                                                                \
    do {                                                                                                     \
        if (!(condition)) JUMP_ON(tt_arity_error);                                                           \
    } while (0)

/* worker.failure is set: raise it. */
#define JUMP_RAISE(w, sp, hp) JUMP(tt_raise_failure, w, sp, hp, 0, 0, 0, 0, 0, 0, 0, 0)

enum tt_hook {
#define HOOK(id, name, n_args) HOOK_##id,
#include "rt/abi/hooks.def"
#undef HOOK
};
static inline tt_word hook_closure(const struct worker *w, enum tt_hook hook)
{
    return w->node->program->hooks[hook];
}

#endif
