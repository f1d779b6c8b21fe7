/* What codegen knows of a target. Every size and offset in the emitted module
 * comes from here; nothing else in codegen may assume 64-bit words. */
#ifndef CODEGEN_TARGET_H
#define CODEGEN_TARGET_H

#include <stdint.h>

typedef struct Target {
    const char *arch;   /* first part of the triple */
    const char *triple; /* the normal one for this architecture */
    const char *cpu;    /* baseline */
    const char *features;
    const char *dynamic_linker;
    unsigned word_bytes;
    unsigned convention; /* LLVM's number of the calling convention of code points */
    unsigned code_align; /* of code points; the tag bits of a code address are 0 */
} Target;

/* NULL: not supported. `triple` NULL means the host. */
const Target *target_find(const char *triple);

/* Bytes that an object of `n` words takes: objects begin at multiples of TT_ALIGN. */
uint64_t target_object_bytes(const Target *target, uint64_t n_words);
int64_t target_fixnum_max(const Target *target);

#endif
