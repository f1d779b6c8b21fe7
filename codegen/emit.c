#include "codegen/emit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <llvm-c/BitWriter.h>

const char *emit_temporary_name(Compilation *compilation, const char *path)
{
    return arena_printf(compilation->arena, "%s.%ld.tmp", path, (long)getpid());
}

static bool report(Compilation *compilation, const char *path, const char *why)
{
    diag_error(compilation->diag, (Span){0}, "cannot write %s: %s", path, why);
    return false;
}

bool emit_commit(Compilation *compilation, const char *temporary, const char *path)
{
    if (rename(temporary, path) == 0) return true;
    int error = errno;
    unlink(temporary);
    return report(compilation, path, strerror(error));
}

/* All of it reaches the file, or errno says why not. */
static bool write_all(const char *path, const char *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file) return false;
    bool ok = fwrite(data, 1, size, file) == size;
    int error = errno;
    if (fclose(file) != 0 && ok) {
        ok = false;
        error = errno;
    }
    errno = error;
    return ok;
}

static bool write_file(Compilation *compilation, const char *path, const char *data, size_t size)
{
    if (strcmp(path, "-") == 0) {
        bool ok = fwrite(data, 1, size, stdout) == size && fflush(stdout) == 0;
        return ok || report(compilation, "standard output", strerror(errno));
    }
    const char *temporary = emit_temporary_name(compilation, path);
    if (write_all(temporary, data, size)) return emit_commit(compilation, temporary, path);
    int error = errno;
    unlink(temporary);
    return report(compilation, path, strerror(error));
}

static bool write_buffer(Cg *cg, const char *path, LLVMMemoryBufferRef buffer)
{
    bool ok = write_file(cg->compilation, path, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return ok;
}

static bool write_text(Cg *cg, const char *path)
{
    char *text = LLVMPrintModuleToString(cg->module);
    bool ok = write_file(cg->compilation, path, text, strlen(text));
    LLVMDisposeMessage(text);
    return ok;
}

static bool write_machine_code(Cg *cg, const char *path, LLVMCodeGenFileType type)
{
    LLVMMemoryBufferRef buffer;
    char *message = NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(cg->machine, cg->module, type, &message, &buffer))
        ICE("LLVM code generation: %s", message);
    return write_buffer(cg, path, buffer);
}

bool emit_module(Cg *cg, CgEmit emit, const char *path)
{
    switch (emit) {
    case CG_EMIT_LLVM: return write_text(cg, path);
    case CG_EMIT_BITCODE: return write_buffer(cg, path, LLVMWriteBitcodeToMemoryBuffer(cg->module));
    case CG_EMIT_ASSEMBLY: return write_machine_code(cg, path, LLVMAssemblyFile);
    case CG_EMIT_OBJECT: return write_machine_code(cg, path, LLVMObjectFile);
    }
    ICE("emit kind %d", (int)emit);
}
