/* What codegen knows of a target. Every size and offset in the emitted module
 * comes from here; nothing else in codegen may assume 64-bit words. */
#ifndef CODEGEN_TARGET_H
#define CODEGEN_TARGET_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Target {
    const char *arch;      /* first part of the triple */
    const char *triple;    /* the normal one for this architecture */
    const char *libraries; /* Debian's name of the sysroot and its folder of libraries */
    const char *cpu;       /* baseline */
    const char *features, *abi;
    int min_level; /* of LLVM's code generator */
    const char *dynamic_linker;
    unsigned word_bytes;
    unsigned convention; /* LLVM's number of the calling convention of code points */
    unsigned reg_args;   /* arguments of a call that are parameters of the code point */
    bool self_in_worker; /* `self` and `argc` stand in the worker, not in parameters */
    bool jumps_by_thunk; /* to code points of other modules and unknown ones */
    unsigned code_align; /* of code points; the tag bits of a code address are 0 */
} Target;

/* NULL: not supported. `triple` NULL means the host. */
const Target *target_find(const char *triple);
bool target_is_host(const Target *target);
/* The names of all, for messages: "x86_64 aarch64 ...". */
extern const char *const target_names;
/* Makes LLVM know the target. */
void target_initialise(const Target *target);

/* Bytes that an object of `n` words takes: objects begin at multiples of TT_ALIGN. */
uint64_t target_object_bytes(const Target *target, uint64_t n_words);
int64_t target_fixnum_max(const Target *target);

#endif
