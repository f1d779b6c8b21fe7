/* Calls from an inlined operation to its slow path or its failure.
 *
 * An ordinary C call, even one that is hardly ever made, costs the code point
 * around it a stack frame and a shuffle of its argument registers on the fast
 * path too. So where there is an assembler version, the call is hidden from the
 * compiler: tt_call_aside (rt/code/aside.c) keeps every register but the one of the
 * result, and the code point stays a leaf. (Code points have no red zone for this
 * reason. On aarch64 not even the link register changes: the way back is in x17.) */
#ifndef RT_INLINE_ASIDE_H
#define RT_INLINE_ASIDE_H

#include "rt/mem/worker.h"

typedef tt_word aside_fn(struct worker *w, tt_word a, tt_word b);

static inline __attribute__((always_inline)) tt_word call_aside(struct worker *w, aside_fn *fn, tt_word a,
                                                                tt_word b)
{
#if defined(__x86_64__)
    register struct worker *in_w __asm__("r12") = w;
    register tt_word in_a __asm__("r10") = a, in_b __asm__("rbx") = b;
    register tt_word in_fn_out_result __asm__("rax") = (tt_word)fn;
    __asm__ volatile("call tt_call_aside"
                     : "+r"(in_fn_out_result)
                     : "r"(in_w), "r"(in_a), "r"(in_b)
                     : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                       "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    return in_fn_out_result;
#elif defined(__aarch64__)
    register struct worker *in_w __asm__("x20") = w;
    register tt_word in_a __asm__("x10") = a, in_b __asm__("x11") = b;
    register tt_word in_fn_out_result __asm__("x16") = (tt_word)fn;
    __asm__ volatile("adr x17, 0f\n\tb tt_call_aside\n0:"
                     : "+r"(in_fn_out_result)
                     : "r"(in_w), "r"(in_a), "r"(in_b)
                     : "memory", "cc", "x17", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9",
                       "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21",
                       "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
    return in_fn_out_result;
#else
    return fn(w, a, b);
#endif
}

/* The operation fails: `fail` (rt/code/failure.h) fills worker.failure. */
#define FAIL_ASIDE(w, fail, operation, value)                                                                \
    (call_aside(w, (aside_fn *)(fail), (tt_word)(operation), value), false)

#endif
