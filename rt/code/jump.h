/* Code points written in C: the calling convention of generated code.
 *
 * Every code point has the signature below and ends in a JUMP (a guaranteed
 * tail call). `sp` points to the frame to return to: word 0 is its RETURN code
 * point. `hp` is the allocation pointer. Arguments beyond TT_REG_ARGS_MAX stand
 * in worker.xargs[i]; on some targets more stands in the worker (targets.def), which
 * the macros below hide. Returning value v: JUMP_RETURN(w, sp, hp, v).
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

#include <stddef.h>

#include "rt/abi/code_desc.h"
#include "rt/mem/worker.h"

#define TT_STEP_PARAMS                                                                                       \
    struct worker *w, tt_word *sp, tt_word hp, tt_word self, tt_word argc, tt_word a0, tt_word a1,           \
        tt_word a2, tt_word a3, tt_word a4, tt_word a5

#if defined(__x86_64__) || defined(__aarch64__) || defined(__i386__)

#define TT_REG_ARGS       6
#define TT_SELF_IN_WORKER 0
#if defined(__i386__)
#define TT_CONV
#else
#define TT_CONV __attribute__((preserve_none))
#endif
#define TT_CODE_PARAMS TT_STEP_PARAMS

/* No AddressSanitizer: it cannot instrument frames in this convention. */
#define JUMP_DECLARE(name) __attribute__((no_sanitize("address"))) TT_CONV void name(TT_CODE_PARAMS)
#define JUMP_CODE(name)    JUMP_DECLARE(name)
#define JUMP(code, ...)    __attribute__((musttail)) return ((tt_code_fn *)(code))(__VA_ARGS__)

#else

/* Fewer words can be passed on: the others go through the worker (targets.def).
 * The body becomes a function of its own, `name__step`, with the parameters of the
 * other targets; it ends by saying in *next where to go and with what. */
#define TT_CONV
#if defined(__riscv) || defined(__powerpc64__)
#define TT_REG_ARGS       3
#define TT_SELF_IN_WORKER 0
#define TT_CODE_PARAMS                                                                                       \
    struct worker *w, tt_word *sp, tt_word hp, tt_word self, tt_word argc, tt_word a0, tt_word a1, tt_word a2
#define TT_ENTERED self, argc, a0, a1, a2, xargs[3]
#define TT_PASSED  next.sp, next.hp, next.self, next.argc, next.a0, next.a1, next.a2
#elif defined(__s390x__) || defined(__arm__)
#define TT_REG_ARGS       1
#define TT_SELF_IN_WORKER 1
#define TT_CODE_PARAMS    struct worker *w, tt_word *sp, tt_word hp, tt_word a0
#define TT_ENTERED        w->self, w->argc, a0, xargs[1], xargs[2], xargs[3]
#define TT_PASSED         next.sp, next.hp, next.a0
#else
#error "rt/code/jump.h: no calling convention for this target yet"
#endif

struct tt_next {
    tt_word code, *sp, hp, self, argc, a0, a1, a2;
};

#define JUMP_DECLARE(name) void name(TT_CODE_PARAMS)
#if defined(__powerpc64__)
/* A tail call can reach only what is in the same file and not to be left out: this,
 * which goes on to where worker.jump says. */
#define TT_GO_ON(name)                                                                                       \
    __attribute__((naked, noinline, visibility("hidden"))) void name##__go(TT_CODE_PARAMS)                   \
    {                                                                                                        \
        __asm__("ld 12, %0(3)\n\tmtctr 12\n\tbctr" : : "i"(offsetof(struct worker, jump)));                  \
    }
#define TT_GO(name, code, w, ...)                                                                            \
    w->jump = (code);                                                                                        \
    __attribute__((musttail)) return name##__go(w, __VA_ARGS__);
#else
#define TT_GO_ON(name)
#define TT_GO(name, code, w, ...) __attribute__((musttail)) return ((tt_code_fn *)(code))(w, __VA_ARGS__);
#endif
#define JUMP_CODE(name)                                                                                      \
    void name(TT_CODE_PARAMS);                                                                               \
    static void name##__step(TT_STEP_PARAMS, struct tt_next *at);                                            \
    TT_GO_ON(name)                                                                                           \
    void name(TT_CODE_PARAMS)                                                                                \
    {                                                                                                        \
        const tt_word *xargs = (const tt_word *)w->xargs;                                                    \
        struct tt_next next;                                                                                 \
        name##__step(w, sp, hp, TT_ENTERED, xargs[4], xargs[5], &next);                                      \
        TT_GO(name, next.code, w, TT_PASSED)                                                                 \
    }                                                                                                        \
    static inline __attribute__((always_inline)) void name##__step(TT_STEP_PARAMS, struct tt_next *at)

static inline __attribute__((always_inline)) void tt_go_on(struct tt_next *at, tt_word code, TT_STEP_PARAMS)
{
    tt_word *xargs = (tt_word *)w->xargs;
    if (TT_SELF_IN_WORKER) w->self = self, w->argc = argc;
    if (TT_REG_ARGS <= 1) xargs[1] = a1;
    if (TT_REG_ARGS <= 2) xargs[2] = a2;
    xargs[3] = a3, xargs[4] = a4, xargs[5] = a5;
    *at = (struct tt_next){code, sp, hp, self, argc, a0, a1, a2};
}

#define JUMP(code, ...)                                                                                      \
    do {                                                                                                     \
        tt_go_on(at, (tt_word)(code), __VA_ARGS__);                                                          \
        return;                                                                                              \
    } while (0)

#endif

typedef TT_CONV void tt_code_fn(TT_CODE_PARAMS);

/* From C into the closure f, with one argument. */
static inline void jump_enter(struct worker *w, tt_word *sp, tt_word hp, tt_word f, tt_word x)
{
    tt_code_fn *code = (tt_code_fn *)tt_closure(f)->code;
#ifdef TT_PASSED
    struct tt_next next;
    tt_go_on(&next, tt_closure(f)->code, w, sp, hp, f, 1, x, 0, 0, 0, 0, 0);
    code(w, TT_PASSED);
#else
    code(w, sp, hp, f, 1, x, 0, 0, 0, 0, 0);
#endif
}

#define POINT_CODE(name)          JUMP_CODE(name##__body)
#define POINT_DECLARE(name)       JUMP_DECLARE(name##__body)
#define JUMP_RETURN(w, sp, hp, v) JUMP((sp)[0], w, sp, hp, 0, 1, v, 0, 0, 0, 0, 0)
/* Calls the closure f with one argument. */
#define JUMP_CALL1(f, w, sp, hp, x) JUMP(tt_closure(f)->code, w, sp, hp, f, 1, x, 0, 0, 0, 0, 0)
/* All arguments as they came, to another code point. */
#define JUMP_ON(code) JUMP(code, w, sp, hp, self, argc, a0, a1, a2, a3, a4, a5)

/* Entered by tail calls of generated code, see rt/abi/entry.def. */
#define ENTRY_JUMP(name) JUMP_DECLARE(name);
#define ENTRY_CALL(name, result, args)
#include "rt/abi/entry.def"
#undef ENTRY_JUMP
#undef ENTRY_CALL

/* Code points (stubs) and C bodies of the runtime's procedures and special
 * return points; a procedure's static closure is name##_closure. */
#define PROC(id, text, min, max, name)                                                                       \
    extern JUMP_DECLARE(name);                                                                               \
    extern POINT_DECLARE(name);                                                                              \
    extern const struct tt_closure name##_closure;
#include "rt/abi/procs.def"
#undef PROC
#define SPECIAL(name, number, n_slots)                                                                       \
    extern JUMP_DECLARE(tt_special_##name);                                                                  \
    extern POINT_DECLARE(tt_special_##name);
#include "rt/code/special.def"
#undef SPECIAL
extern JUMP_DECLARE(tt_continuation); /* code of what %capture makes */
extern POINT_DECLARE(tt_continuation);

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
static inline tt_word tt_desc_code(const int32_t *place)
{
    return (tt_word)place + (tt_word)(tt_sword)*place;
}

#endif
