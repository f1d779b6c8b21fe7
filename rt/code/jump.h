/* Code points written in C: the calling convention of generated code.
 *
 * Every code point has the signature below and ends in a JUMP (a guaranteed
 * tail call). `sp` points to the frame to return to: word 0 is its RETURN code
 * point. `hp` is the allocation pointer. Arguments beyond TT_REG_ARGS_MAX stand
 * in worker.xargs[i]. Returning value v: JUMP_RETURN(w, sp, hp, v).
 *
 * Two kinds of C code points:
 *
 *   JUMP_CODE(tt_entry_slow) { ... }   entered by its name only (entry.def)
 *   POINT_CODE(tt_proc_yield) { ... }  entered through a code word that stands in
 *                                      a closure or a frame, so it needs a
 *                                      descriptor: rows of procs.def, special.def
 *
 * C cannot place the 4-byte descriptor offset in front of a function. So the
 * code point of a POINT_CODE is a stub in assembler that jumps to the C body
 * (rt/code/points.c writes the stubs and descriptors of all rows):
 *
 *          .long  descriptor - tt_proc_yield
 *   tt_proc_yield:
 *          jmp    tt_proc_yield__body
 */
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

/* No AddressSanitizer: it cannot instrument frames in this convention. */
#define JUMP_CODE(name)                                                                           \
    __attribute__((no_sanitize("address")))                                                       \
    TT_CONV void name(struct worker *w, tt_word *sp, tt_word hp, tt_word self, tt_word argc,      \
                      tt_word a0, tt_word a1, tt_word a2, tt_word a3, tt_word a4, tt_word a5)
#define POINT_CODE(name) JUMP_CODE(name##__body)
#define JUMP(code, ...)                                                                           \
    __attribute__((musttail)) return ((tt_code_fn *)(code))(__VA_ARGS__)
#define JUMP_RETURN(w, sp, hp, v) JUMP((sp)[0], w, sp, hp, 0, 1, v, 0, 0, 0, 0, 0)
/* Calls the closure f with one argument. */
#define JUMP_CALL1(f, w, sp, hp, x) JUMP(tt_closure(f)->code, w, sp, hp, f, 1, x, 0, 0, 0, 0, 0)
/* All arguments as they came, to another code point. */
#define JUMP_ON(code) JUMP(code, w, sp, hp, self, argc, a0, a1, a2, a3, a4, a5)

/* Entered by tail calls of generated code, see rt/abi/entry.def. */
#define ENTRY_JUMP(name) JUMP_CODE(name);
#define ENTRY_CALL(name, result, args)
#include "rt/abi/entry.def"
#undef ENTRY_JUMP
#undef ENTRY_CALL

/* Code points (stubs) and C bodies of the runtime's procedures and special
 * return points; a procedure's static closure is name##_closure. */
#define PROC(id, text, min, max, name)                                                            \
    extern JUMP_CODE(name);                                                                       \
    extern POINT_CODE(name);                                                                      \
    extern const struct tt_closure name##_closure;
#include "rt/abi/procs.def"
#undef PROC
#define SPECIAL(name, number, n_slots)                                                            \
    extern JUMP_CODE(tt_special_##name);                                                          \
    extern POINT_CODE(tt_special_##name);
#include "rt/code/special.def"
#undef SPECIAL
extern JUMP_CODE(tt_continuation); /* code of what %capture makes */
extern POINT_CODE(tt_continuation);

static inline const struct tt_code_desc *tt_desc_of(tt_word code)
{
    return (const struct tt_code_desc *)(code + (tt_word)(tt_sword) * (const int32_t *)(code - 4));
}

/* Of the first class CODE in desc->classes; those of the next ones stand behind it. */
static inline const int32_t *tt_desc_codes(const struct tt_code_desc *desc)
{
    size_t n = sizeof *desc + desc->n_slots + desc->n_params;
    return (const int32_t *)((const char *)desc + (n + 3) / 4 * 4);
}

/* The code that one of them is. */
static inline tt_word tt_desc_code(const int32_t *place) { return (tt_word)place + (tt_word)(tt_sword)*place; }

#endif
