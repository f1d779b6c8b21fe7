/* The runtime's small operations (rt/inline), compiled to bitcode when the
 * runtime is built, become part of every module and go into their callers. */
#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <string.h>

#include "codegen/cg.h"

static LLVMModuleRef read_bitcode(Cg *cg, const char *path)
{
    LLVMMemoryBufferRef buffer;
    char *message = NULL;
    if (LLVMCreateMemoryBufferWithContentsOfFile(path, &buffer, &message)) {
        diag_error(cg->compilation->diag, (Span){0}, "cannot read %s: %s", path, message);
        LLVMDisposeMessage(message);
        return NULL;
    }
    LLVMModuleRef module;
    bool failed = LLVMParseBitcodeInContext(cg->context, buffer, &module, &message);
    LLVMDisposeMemoryBuffer(buffer);
    if (!failed) return module;
    diag_error(cg->compilation->diag, (Span){0}, "%s is not bitcode of this LLVM: %s", path, message);
    LLVMDisposeMessage(message);
    return NULL;
}

/* Attributes that say how clang compiled the file, not what the function does;
 * with them LLVM would not inline into our functions, which have none. */
static void make_inlinable(LLVMValueRef fn)
{
    static const char *const drop[] = {"target-cpu",
                                       "target-features",
                                       "tune-cpu",
                                       "frame-pointer",
                                       "stack-protector-buffer-size",
                                       "min-legal-vector-width",
                                       "uwtable"};
    for (size_t i = 0; i < sizeof drop / sizeof drop[0]; i++)
        shim_remove_function_attribute(fn, drop[i]);
    LLVMSetLinkage(fn, LLVMInternalLinkage);
    if (!shim_has_function_attribute(fn, "noinline")) shim_add_function_attribute(fn, "alwaysinline");
}

/* What the operations call is the runtime's, in the same executable: its address
 * need not be looked up, and is computed in the slow path that needs it. */
bool inline_bc_link(Cg *cg)
{
    const char *path = arena_printf(cg->arena, "%s/inline.bc", cg->options->runtime_dir);
    LLVMModuleRef operations = read_bitcode(cg, path);
    if (!operations) return false;
    LLVMSetTarget(operations, LLVMGetTarget(cg->module));
    LLVMSetDataLayout(operations, LLVMGetDataLayoutStr(cg->module));
    if (LLVMLinkModules2(cg->module, operations)) {
        diag_error(cg->compilation->diag, (Span){0}, "cannot link %s into the program", path);
        return false;
    }
    for (LLVMValueRef fn = LLVMGetFirstFunction(cg->module); fn; fn = LLVMGetNextFunction(fn))
        if (!LLVMIsDeclaration(fn))
            make_inlinable(fn);
        else if (!LLVMGetIntrinsicID(fn))
            LLVMSetVisibility(fn, LLVMHiddenVisibility);
    return true;
}

/* One pass from the last function to the first is not enough when operations
 * use each other, so it repeats until nothing goes. */
void inline_bc_drop_unused(Cg *cg)
{
    bool again = true;
    while (again) {
        again = false;
        LLVMValueRef next;
        for (LLVMValueRef fn = LLVMGetFirstFunction(cg->module); fn; fn = next) {
            next = LLVMGetNextFunction(fn);
            if (LLVMGetFunctionCallConv(fn) != LLVMCCallConv || LLVMGetFirstUse(fn)) continue;
            LLVMDeleteFunction(fn);
            again = true;
        }
    }
}
