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

void opt_run(Cg *cg)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(cg->module, pipelines[cg->options->level], cg->machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error) return;
    char *message = LLVMGetErrorMessage(error);
    ICE("LLVM passes: %s", message);
}
