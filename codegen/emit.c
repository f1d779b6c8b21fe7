#include "codegen/emit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <llvm-c/BitWriter.h>

/* Something that a rename would destroy: a device, a pipe. */
static bool is_special(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

const char *cg_temporary_name(Compilation *compilation, const char *path, const char *suffix)
{
    long pid = (long)getpid();
    if (!is_special(path)) return arena_printf(compilation->arena, "%s.%ld.%s", path, pid, suffix);
    const char *directory = getenv("TMPDIR");
    if (!directory || !*directory) directory = "/tmp";
    return arena_printf(compilation->arena, "%s/tcc-termite.%ld.%s", directory, pid, suffix);
}

static bool report(Compilation *compilation, const char *path, const char *why)
{
    diag_error(compilation->diag, (Span){0}, "cannot write %s: %s", path, why);
    return false;
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

/* errno says why not. */
static bool copy_file(const char *from, const char *to)
{
    LLVMMemoryBufferRef buffer;
    char *message = NULL;
    if (LLVMCreateMemoryBufferWithContentsOfFile(from, &buffer, &message)) {
        LLVMDisposeMessage(message);
        errno = EIO;
        return false;
    }
    bool ok = write_all(to, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return ok;
}

bool cg_commit(Compilation *compilation, const char *temporary, const char *path)
{
    bool special = is_special(path);
    bool ok = special ? copy_file(temporary, path) : rename(temporary, path) == 0;
    int error = errno;
    if (!ok || special) unlink(temporary);
    return ok || report(compilation, path, strerror(error));
}

static bool write_file(Compilation *compilation, const char *path, const char *data, size_t size)
{
    if (strcmp(path, "-") == 0) {
        bool ok = fwrite(data, 1, size, stdout) == size && fflush(stdout) == 0;
        return ok || report(compilation, "standard output", strerror(errno));
    }
    const char *temporary = cg_temporary_name(compilation, path, "tmp");
    if (write_all(temporary, data, size)) return cg_commit(compilation, temporary, path);
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
