#include "codegen/target.h"

#include <stddef.h>
#include <string.h>

#include "codegen/llvm_shim.h"
#include "rt/abi/word.h"

static const Target targets[] = {
    {
        .arch = "x86_64",
        .triple = "x86_64-pc-linux-gnu",
        .cpu = "x86-64",
        .features = "",
        .dynamic_linker = "/lib64/ld-linux-x86-64.so.2",
        .word_bytes = 8,
        .convention = LLVM_CONV_PRESERVE_NONE,
        .code_align = 16,
    },
};

#if defined(__x86_64__)
#define HOST_ARCH "x86_64"
#else
#error "codegen/target.c: no row for this host yet"
#endif

const Target *target_find(const char *triple)
{
    const char *arch = triple ? triple : HOST_ARCH;
    size_t length = strcspn(arch, "-");
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        if (strlen(targets[i].arch) == length && memcmp(targets[i].arch, arch, length) == 0)
            return &targets[i];
    return NULL;
}

uint64_t target_object_bytes(const Target *target, uint64_t n_words)
{
    uint64_t bytes = n_words * target->word_bytes;
    return (bytes + TT_ALIGN - 1) / TT_ALIGN * TT_ALIGN;
}

int64_t target_fixnum_max(const Target *target)
{
    return (INT64_C(1) << (TT_FIXNUM_BITS(target->word_bytes) - 1)) - 1;
}
