#include "codegen/target.h"

#include <llvm-c/Target.h>
#include <stddef.h>
#include <string.h>

#include "codegen/llvm_shim.h"
#include "rt/abi/word.h"

/* The baseline: what Debian's packages of the architecture may use; and the least level of
 * LLVM's code generator. */
#define CPU_x86_64           "x86-64"
#define FEATURES_x86_64      ""
#define ABI_x86_64           ""
#define LEVEL_x86_64         0
#define CPU_aarch64          "generic"
#define FEATURES_aarch64     "+neon,+outline-atomics"
#define ABI_aarch64          ""
#define LEVEL_aarch64        0
#define CPU_riscv64          "generic-rv64"
#define FEATURES_riscv64     "+m,+a,+f,+d,+c"
#define ABI_riscv64          "lp64d"
#define LEVEL_riscv64        0
#define CPU_s390x            "z10"
#define FEATURES_s390x       ""
#define ABI_s390x            ""
#define LEVEL_s390x          0
#define CPU_powerpc64le      "pwr8"
#define FEATURES_powerpc64le ""
#define ABI_powerpc64le      "elfv2"
#define LEVEL_powerpc64le    0
/* ARM instructions, not Thumb's: a code address has no tag. Level 0 would select
 * instructions in a way of its own, which has no guaranteed tail calls. */
#define CPU_arm      "generic"
#define FEATURES_arm "+armv7-a,+vfp3d16,-neon,-thumb-mode"
#define ABI_arm      "aapcs-linux"
#define LEVEL_arm    1
/* More than Debian's i686: x87 would round flonums twice, and so differently. */
#define CPU_i386      "pentium4"
#define FEATURES_i386 ""
#define ABI_i386      ""
#define LEVEL_i386    0

enum {
#define TARGET(arch, llvm, triple, libraries, word, loader, convention, reg_args, self, jump, code_align)    \
    TARGET_##arch,
#include "rt/abi/targets.def"
#undef TARGET
};

enum {
    DIRECT,
    THUNK,
    IN_REGISTER,
    IN_WORKER,
    CONVENTION_C = LLVMCCallConv,
    CONVENTION_PRESERVE_NONE = LLVM_CONV_PRESERVE_NONE
};

static const Target targets[] = {
#define TARGET(arch, llvm, triple, libraries, word, loader, convention, reg_args, self, jump, code_align)    \
    {#arch,                                                                                                  \
     triple,                                                                                                 \
     libraries,                                                                                              \
     CPU_##arch,                                                                                             \
     FEATURES_##arch,                                                                                        \
     ABI_##arch,                                                                                             \
     LEVEL_##arch,                                                                                           \
     loader,                                                                                                 \
     word,                                                                                                   \
     CONVENTION_##convention,                                                                                \
     reg_args,                                                                                               \
     self == IN_WORKER,                                                                                      \
     jump == THUNK,                                                                                          \
     code_align},
#include "rt/abi/targets.def"
#undef TARGET
};
#define N_TARGETS (sizeof targets / sizeof targets[0])

static const char names[] =
#define TARGET(arch, llvm, triple, libraries, word, loader, convention, reg_args, self, jump, code_align)    \
    " " #arch
#include "rt/abi/targets.def"
#undef TARGET
    ;
const char *const target_names = &names[1];

#if defined(__x86_64__)
#define HOST_ARCH "x86_64"
#elif defined(__aarch64__)
#define HOST_ARCH "aarch64"
#else
#error "codegen/target.c: no row for this host yet"
#endif

/* Other names of the same machine. */
static const char *normal_arch(const char *arch, size_t *length)
{
    static const char *const same[][2] = {
        {"amd64", "x86_64"}, {"arm64", "aarch64"},       {"armhf", "arm"},
        {"armv7", "arm"},    {"armv7l", "arm"},          {"armv7a", "arm"},
        {"i686", "i386"},    {"ppc64el", "powerpc64le"}, {"ppc64le", "powerpc64le"},
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (strlen(same[i][0]) == *length && memcmp(same[i][0], arch, *length) == 0) {
            *length = strlen(same[i][1]);
            return same[i][1];
        }
    return arch;
}

/* An architecture alone, or a triple of it for Linux with the GNU C library (of ARM,
 * the one that passes floating point numbers in registers). */
static bool is_supported_system(const char *rest)
{
    static const char *const others[] = {"musl", "android", "uclibc", "gnux32", "gnu_ilp32"};
    if (!*rest) return true;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strstr(rest, others[i])) return false;
    return strstr(rest, "-linux") && (!strstr(rest, "eabi") || strstr(rest, "eabihf"));
}

const Target *target_find(const char *triple)
{
    const char *arch = triple ? triple : HOST_ARCH;
    size_t length = strcspn(arch, "-");
    if (!is_supported_system(arch + length)) return NULL;
    arch = normal_arch(arch, &length);
    for (size_t i = 0; i < N_TARGETS; i++)
        if (strlen(targets[i].arch) == length && memcmp(targets[i].arch, arch, length) == 0)
            return &targets[i];
    return NULL;
}

bool target_is_host(const Target *target) { return strcmp(target->arch, HOST_ARCH) == 0; }

void target_initialise(const Target *target)
{
    switch (target - targets) {
#define TARGET(arch, llvm, triple, libraries, word, loader, convention, reg_args, self, jump, code_align)    \
    case TARGET_##arch:                                                                                      \
        LLVMInitialize##llvm##TargetInfo();                                                                  \
        LLVMInitialize##llvm##Target();                                                                      \
        LLVMInitialize##llvm##TargetMC();                                                                    \
        LLVMInitialize##llvm##AsmPrinter();                                                                  \
        LLVMInitialize##llvm##AsmParser(); /* rt/inline/aside.h */                                           \
        break;
#include "rt/abi/targets.def"
#undef TARGET
    }
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
