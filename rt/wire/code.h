/* Which code of the runtime stays at home. */
#ifndef RT_WIRE_CODE_H
#define RT_WIRE_CODE_H

#include "rt/code/jump.h"

/* Procedures for lib-scm only trust their arguments; no program has them as values. */
static inline bool code_is_private(tt_word code)
{
#define PROC(id, text, min, max, name)                                                                       \
    if (text[0] == '%' && code == (tt_word)name) return true;
#include "rt/abi/procs.def"
#undef PROC
    return false;
}

#endif
