/* The code points whose bodies are C functions: for each row of procs.def and
 * special.def a stub with its descriptor (why: rt/code/jump.h), and the static
 * closures of the procedures. The code id is the row's ID or name, as text; the
 * compiler's ids are hashes, so no id is used twice. */
#include <stddef.h>

#include "rt/code/jump.h"

#if defined(__x86_64__)
#define BRANCH "jmp "
#elif defined(__aarch64__)
#define BRANCH "b "
#elif defined(__riscv)
#define BRANCH "tail "
#elif defined(__s390x__)
#define BRANCH "jg "
#elif defined(__powerpc64__) || defined(__arm__)
#define BRANCH "b "
#elif defined(__i386__)
#define BRANCH "jmp "
#endif

#if defined(__x86_64__)
#define ARCH x86_64
#elif defined(__aarch64__)
#define ARCH aarch64
#elif defined(__riscv)
#define ARCH riscv64
#elif defined(__s390x__)
#define ARCH s390x
#elif defined(__powerpc64__)
#define ARCH powerpc64le
#elif defined(__arm__)
#define ARCH arm
#elif defined(__i386__)
#undef i386 /* a macro of compilers for it */
#define ARCH i386
#endif

/* What rt/code/jump.h chose is what the table says. */
enum { DIRECT, THUNK, IN_REGISTER, IN_WORKER };
enum {
#define TARGET(arch, llvm, triple, libraries, word, loader, convention, reg_args, self, jump, code_align)    \
    reg_args_##arch = (reg_args), self_##arch = (self) == IN_WORKER, word_##arch = (word),
#include "rt/abi/targets.def"
#undef TARGET
};
#define OF_ARCH(fact, arch)  OF_ARCH_(fact, arch)
#define OF_ARCH_(fact, arch) fact##_##arch
_Static_assert(OF_ARCH(reg_args, ARCH) == TT_REG_ARGS, "arguments in registers");
_Static_assert(OF_ARCH(self, ARCH) == TT_SELF_IN_WORKER, "where self and argc stand");
_Static_assert(OF_ARCH(word, ARCH) == TT_W, "word size");

/* What the assembler text below lays out. */
_Static_assert(offsetof(struct tt_code_desc, inlined_off) == 32 && offsetof(struct tt_code_desc, id) == 36 &&
                   offsetof(struct tt_code_desc, classes) == 52,
               "a descriptor");

/* clang-format off */
#define STUB(symbol, id, text, kind, n_slots, n_params, min_args, max_args)     \
    __asm__(".section .rodata\n"                                                \
            ".p2align 3\n"                                                      \
            "0: .byte " #kind ", 2\n" /* TT_DESC_RUNTIME */                     \
            "   .2byte " #n_slots ", " #n_params ", " #min_args ", (" #max_args ") & 0xffff, 0\n" \
            "   .long 2f - 0b\n"                                                \
            "   .long 3f - 0b\n"                                                \
            "   .long 0, 0\n"                                                   \
            "   .long " symbol " - 0b\n"                                        \
            "   .long 0\n"                                                      \
            "1: .ascii \"" id "\"\n"                                            \
            "   .fill 16 - (. - 1b), 1, 0\n"                                    \
            "   .fill " #n_slots " + " #n_params ", 1, 0\n"                     \
            "2: .asciz \"" text "\"\n"                                          \
            "   .byte 0\n"                                                     \
            "3: .asciz \"runtime\"\n"                                           \
            ".text\n"                                                           \
            ".p2align 4\n"                                                      \
            ".skip 12\n"                                                        \
            ".long 0b - " symbol "\n"                                           \
            ".globl " symbol "\n"                                               \
            ".type " symbol ", %function\n"                                     \
            symbol ":\n"                                                        \
            "   " BRANCH symbol "__body\n"                                      \
            ".size " symbol ", . - " symbol "\n");
/* clang-format on */

#define KIND_CLOSURE 1
#define KIND_SPECIAL 4
_Static_assert(KIND_CLOSURE == TT_CODE_CLOSURE && KIND_SPECIAL == TT_CODE_SPECIAL,
               "kinds in the assembler text");

#define PROC(id, text, min, max, name) STUB(#name, #id, text, 1, 0, 0, min, max)
#include "rt/abi/procs.def"
#undef PROC
#define SPECIAL(name, number, n_slots) STUB("tt_special_" #name, #name, #name, 4, n_slots, 1, 0, 0)
#include "rt/code/special.def"
#undef SPECIAL
/* What %capture makes: a closure of two slots, entered with one value. */
STUB("tt_continuation", "continuation", "continuation", 1, 2, 0, 1, 1)

#define PROC(id, text, min, max, name)                                                                       \
    const struct tt_closure name##_closure __attribute__((aligned(TT_ALIGN))) = {(tt_word)name};
#include "rt/abi/procs.def"
#undef PROC
