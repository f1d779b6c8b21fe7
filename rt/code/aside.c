/* tt_call_aside: see rt/inline/aside.h. rax = aside_fn, r12 = w, r10 and rbx its
 * arguments; the result in rax; all other general registers as they were. It is
 * called with any stack alignment. */
#if defined(__x86_64__)

__asm__(".text\n"
        ".p2align 4\n"
        ".globl tt_call_aside\n"
        ".hidden tt_call_aside\n"
        ".type tt_call_aside, %function\n"
        "tt_call_aside:\n"
        ".cfi_startproc\n"
        "    pushq %rbp\n"
        ".cfi_def_cfa_offset 16\n"
        ".cfi_offset %rbp, -16\n"
        "    movq %rsp, %rbp\n"
        ".cfi_def_cfa_register %rbp\n"
        "    pushq %rdi\n"
        "    pushq %rsi\n"
        "    pushq %rdx\n"
        "    pushq %rcx\n"
        "    pushq %r8\n"
        "    pushq %r9\n"
        "    pushq %r10\n"
        "    pushq %r11\n"
        "    andq $-16, %rsp\n"
        "    movq %r12, %rdi\n"
        "    movq %r10, %rsi\n"
        "    movq %rbx, %rdx\n"
        "    callq *%rax\n"
        "    movq -8(%rbp), %rdi\n"
        "    movq -16(%rbp), %rsi\n"
        "    movq -24(%rbp), %rdx\n"
        "    movq -32(%rbp), %rcx\n"
        "    movq -40(%rbp), %r8\n"
        "    movq -48(%rbp), %r9\n"
        "    movq -56(%rbp), %r10\n"
        "    movq -64(%rbp), %r11\n"
        "    movq %rbp, %rsp\n"
        "    popq %rbp\n"
        ".cfi_def_cfa %rsp, 8\n"
        "    ret\n"
        ".cfi_endproc\n"
        ".size tt_call_aside, . - tt_call_aside\n");

#endif

typedef int aside_translation_unit_is_not_empty;
