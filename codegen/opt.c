/* LLVM's passes. The ir has done what needs to know Scheme; here the inlined
 * operations of the runtime are cleaned up: locals become registers, checks that
 * repeat go away. Chosen by measurement (README.md): loop passes, vectorisers and
 * LLVM's own inliner cost more time than they give on code points, which are
 * short and have no loops. */
#include <llvm-c/Error.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include "codegen/cg.h"

static const char *const pipelines[] = {
    "always-inline,function(sroa),globaldce",
    "always-inline,function(sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg),globaldce",
    "always-inline,function(sroa,early-cse,simplifycfg,instcombine<no-verify-fixpoint>,early-cse,jump-threading,"
    "gvn,dse,instcombine<no-verify-fixpoint>,simplifycfg),globaldce",
    "always-inline,function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,jump-threading,"
    "correlated-propagation,simplifycfg,reassociate,gvn,sccp,instcombine<no-verify-fixpoint>,dse,adce,"
    "instcombine<no-verify-fixpoint>,simplifycfg),globaldce",
};

/* A block that calls aside (rt/inline/aside.h) is a slow path or a failure. */
static bool is_cold(LLVMBasicBlockRef block)
{
    for (LLVMValueRef at = LLVMGetFirstInstruction(block); at; at = LLVMGetNextInstruction(at))
        if (LLVMIsACallInst(at) && LLVMIsAInlineAsm(LLVMGetCalledValue(at))) return true;
    return false;
}

/* Says which branches lead to cold blocks, so that the code generator moves those
 * out of the way. Done last: the passes above lose it when they merge branches. */
static void mark_cold_branches(Cg *cg, LLVMValueRef fn)
{
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(fn); block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef branch = LLVMGetBasicBlockTerminator(block);
        if (!LLVMIsABranchInst(branch) || !LLVMIsConditional(branch)) continue;
        bool first = is_cold(LLVMGetSuccessor(branch, 0)), second = is_cold(LLVMGetSuccessor(branch, 1));
        if (first != second) shim_mark_unlikely(cg->context, branch, first ? 0 : 1);
    }
}

void opt_run(Cg *cg)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(cg->module, pipelines[cg->options->level], cg->machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (error) ICE("LLVM passes: %s", LLVMGetErrorMessage(error));
    for (LLVMValueRef fn = LLVMGetFirstFunction(cg->module); fn; fn = LLVMGetNextFunction(fn))
        mark_cold_branches(cg, fn);
}
