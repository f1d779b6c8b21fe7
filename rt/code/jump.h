/* Code points written in C: the calling convention of generated code.
 *
 *   JUMP_CODE(tt_proc_yield) { ... JUMP(code, w, sp, hp, self, argc, a0..a5); }
 *
 * Every code point has the signature below and ends in a JUMP (a guaranteed
 * tail call). `sp` points to the frame to return to: word 0 is its RETURN code
 * point. `hp` is the allocation pointer. Arguments beyond TT_REG_ARGS_MAX stand
 * in worker.xargs[i]. Returning value v: JUMP_RETURN(w, sp, hp, v). */
#ifndef RT_CODE_JUMP_H
#define RT_CODE_JUMP_H

#include "rt/abi/code_desc.h"
#include "rt/mem/worker.h"

#if defined(__x86_64__) || defined(__aarch64__)
#define TT_CONV __attribute__((preserve_none))
#else
#error "rt/code/jump.h: no calling convention for this target yet"
#endif

typedef TT_CONV void tt_code_fn(struct worker *w, tt_word *sp, tt_word hp, tt_word self, tt_word argc,
                                tt_word a0, tt_word a1, tt_word a2, tt_word a3, tt_word a4, tt_word a5);

#define JUMP_CODE(name)                                                                           \
    TT_CONV void name(struct worker *w, tt_word *sp, tt_word hp, tt_word self, tt_word argc,      \
                      tt_word a0, tt_word a1, tt_word a2, tt_word a3, tt_word a4, tt_word a5)
#define JUMP(code, ...)                                                                           \
    __attribute__((musttail)) return ((tt_code_fn *)(code))(__VA_ARGS__)
#define JUMP_RETURN(w, sp, hp, v) JUMP((sp)[0], w, sp, hp, 0, 1, v, 0, 0, 0, 0, 0)

static inline const struct tt_code_desc *tt_desc_of(tt_word code)
{
    return (const struct tt_code_desc *)(code + (tt_word)(tt_sword) * (const int32_t *)(code - 4));
}

#endif
