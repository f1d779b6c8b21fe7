/* LLVM's passes. The ir has done what needs to know Scheme; here the inlined
 * operations of the runtime are cleaned up: locals become registers, checks that
 * repeat go away, self tail calls become loops. Chosen by measurement
 * (README.md, "Passes"): LLVM's own inliner, vectorisers and most loop passes
 * cost more time than they give on code points. */
#include <llvm-c/Error.h>
#include <llvm-c/ErrorHandling.h>
#include <llvm-c/Support.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include "codegen/cg.h"

#define COMBINE "instcombine<no-verify-fixpoint>"
#define CLEAN                                                                                                \
    "sroa,early-cse,simplifycfg," COMBINE ",early-cse,jump-threading,gvn,dse," COMBINE ",simplifycfg"
#define LOOPS "tailcallelim,simplifycfg,loop-simplify,loop-mssa(loop-rotate,licm)," COMBINE ",simplifycfg"
#define PEEL  "loop-simplify,loop(loop-unroll-full)," COMBINE ",simplifycfg"

static const char *const pipelines[] = {
    "always-inline,function(sroa),globaldce",
    "always-inline,function(sroa,early-cse," COMBINE ",simplifycfg),globaldce",
    /* Operations go in and are cleaned up; loops get their test at the end; then
     * code points of opt_wants_inline go in (which is not possible while they
     * call themselves), and the first round of a loop, where the frame to return
     * to is known, comes off it. */
    "always-inline,function(" CLEAN "," LOOPS "),always-inline,function(early-cse,gvn,simplifycfg," PEEL
    "),globaldce",
    "always-inline,function(" CLEAN ",correlated-propagation,reassociate,sccp,adce," LOOPS "),always-inline,"
    "function(" CLEAN "," PEEL "),globaldce",
};

static void on_fatal_error(const char *reason) { ICE("LLVM: %s", reason); }

/* Merging the ends of paths, LLVM would make one indirect jump of many returns,
 * which the processor then predicts badly: fib takes a third longer. Nor may it
 * make branches of selects again: what picks the larger of two values cannot be
 * predicted (smith, a fifth). The scheduler's time is quadratic in the stores of
 * a block, up to a limit that is too high for frames with hundreds of slots. */
void opt_init(void)
{
    static const char *const args[] = {"tcc-termite", "-enable-tail-merge=0", "-x86-cmov-converter=0",
                                       "-dag-maps-huge-region=100", "-dag-maps-reduction-size=50"};
    LLVMParseCommandLineOptions(sizeof args / sizeof args[0], args, NULL);
    LLVMInstallFatalErrorHandler(on_fatal_error);
}

#define SMALL_POINT 24 /* nodes */

/* Nodes of a body, counted up to `limit`. */
static unsigned count_nodes(const Clo *node, unsigned limit)
{
    unsigned n = 0;
    for (; node && n < limit; node = node->body) {
        n++;
        if (node->kind == CLO_IF) {
            n += count_nodes(node->as.branch.then, limit - n);
            node = node->as.branch.otherwise;
            return n + (n < limit ? count_nodes(node, limit - n) : 0);
        }
        if (node->kind == CLO_JOIN) n += count_nodes(node->as.join.join_body, limit - n);
    }
    return n;
}

static bool is_small(const CloCode *code)
{
    return code->kind == CLO_CODE_DIRECT && count_nodes(code->body, SMALL_POINT) < SMALL_POINT;
}

static bool is_same_procedure(const Symbol *a, const Symbol *b)
{
    return a->text == b->text && a->outer == b->outer; /* an inlined one has a name of its own (ir/adopt.h) */
}

/* The small entry of a recursive procedure goes into its own return points and
 * larger code points: a return then often meets the frame that was just pushed,
 * and the processor sees more places that return from. (What one procedure takes
 * of another is the ir's decision.) */
bool opt_wants_inline(Cg *cg, const CloCode *caller, const CloCode *callee)
{
    return cg->options->level >= 2 && callee != caller && is_same_procedure(callee->name, caller->name) &&
           callee->span.source == caller->span.source && !is_small(caller) && is_small(callee);
}

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
