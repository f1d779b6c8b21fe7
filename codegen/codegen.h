/* Codegen's public door: Clo to LLVM to object file to executable. */
#ifndef CODEGEN_CODEGEN_H
#define CODEGEN_CODEGEN_H

#include "ir/clo.h"

typedef enum CgEmit { CG_EMIT_OBJECT, CG_EMIT_ASSEMBLY, CG_EMIT_LLVM, CG_EMIT_BITCODE } CgEmit;

/* Whether an executable gets TLS: when it uses other nodes, or in any case. */
typedef enum CgTls { CG_TLS_AUTO, CG_TLS_ALWAYS, CG_TLS_NEVER } CgTls;

typedef struct CgOptions {
    const char *triple;       /* target; NULL = host */
    int level;                /* 0..3 */
    bool debug_info;          /* DWARF: always line tables; with -g variables too */
    const char *runtime_dir;  /* where libtermite.a, libtermite_tls.a, inline.bc are */
    const char *sysroot;      /* what else is linked comes from there; NULL: this machine */
    const char *sysroot_tool; /* the script that fetches sysroots, for messages */
    CgTls tls;                /* for cg_link */
} CgOptions;

/* Compiles and writes the result to `path` (temporary file, then rename).
 * False when an error was reported. */
bool cg_program(Compilation *compilation, const CloProgram *program, const CgOptions *options, CgEmit emit,
                const char *path);
/* Where to make what becomes `path` when it is finished: beside it, or, if `path`
 * is a device or a pipe, among the temporary files. */
const char *cg_temporary_name(Compilation *compilation, const char *path, const char *suffix);
/* Makes the finished temporary file the result, or removes it and reports why not. */
bool cg_commit(Compilation *compilation, const char *temporary, const char *path);
/* Links an object file with the runtime into an executable (same rule). */
bool cg_link(Compilation *compilation, const char *object, const char *output, const CgOptions *options,
             bool is_static);

#endif
