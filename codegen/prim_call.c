/* Primitive operations: calls of the row's C function, by its lowering. What
 * rt/inline holds as bitcode disappears into the caller in opt.c. */
#include "codegen/cg.h"
#include "ir/prim.h"

static const char *const symbols[] = {
#define PRIM(id, name, min, max, flags, class, lowering, symbol) #symbol,
#include "rt/abi/prims.def"
#undef PRIM
};

static bool returns_bool(PrimLowering lowering) { return lowering != LOWER_VALUE && lowering != LOWER_CALL; }

static bool has_out(PrimLowering lowering) { return lowering == LOWER_TEST_CK || lowering == LOWER_VALUE_CK; }

/* w, the arguments, and where the result goes if the C function returns success. */
static LLVMTypeRef prim_type(Cg *cg, PrimLowering lowering, unsigned n_args)
{
    LLVMTypeRef *params = ARENA_ARRAY(cg->arena, LLVMTypeRef, n_args + 2);
    unsigned n = 0;
    params[n++] = cg->ptr;
    while (n <= n_args)
        params[n++] = cg->word;
    if (has_out(lowering)) params[n++] = cg->ptr;
    return LLVMFunctionType(returns_bool(lowering) ? cg->i1 : cg->word, params, n, 0);
}

static void declare(Cg *cg, PrimId id, unsigned n_args)
{
    CgFunction *f = &cg->prims[id];
    f->type = prim_type(cg, prim_infos[id].lowering, n_args);
    f->fn = LLVMGetNamedFunction(cg->module, symbols[id]);
    f->is_inline = f->fn && !LLVMIsDeclaration(f->fn);
    if (f->fn) {
        if (LLVMGlobalGetValueType(f->fn) != f->type) ICE("%s: C type differs from its row", symbols[id]);
        return;
    }
    f->fn = LLVMAddFunction(cg->module, symbols[id], f->type);
    shim_add_function_attribute(f->fn, "nounwind");
    if (returns_bool(prim_infos[id].lowering)) shim_add_result_attribute(f->fn, "zeroext");
}

/* Where the C function writes its result. One that is inlined gets a local of
 * its own, which becomes a register; the others share one. */
static LLVMValueRef out_local(Point *p, PrimId id)
{
    Cg *cg = p->cg;
    bool is_test = prim_infos[id].lowering == LOWER_TEST_CK;
    LLVMTypeRef type = is_test ? cg->i8 : cg->word;
    if (cg->prims[id].is_inline) return func_local(p, type);
    LLVMValueRef *shared = is_test ? &p->shared_bool : &p->shared_word;
    if (!*shared) *shared = func_local(p, type);
    return *shared;
}

/* Calls the C function; raises its failure. The result: i1 for tests, else a word. */
static LLVMValueRef call(Point *p, PrimId id, LLVMValueRef *args, unsigned n_args, Span span)
{
    Cg *cg = p->cg;
    const PrimInfo *row = &prim_infos[id];
    if (!cg->prims[id].fn) declare(cg, id, n_args);
    const CgFunction *f = &cg->prims[id];
    LLVMValueRef *all = ARENA_ARRAY(cg->arena, LLVMValueRef, n_args + 2);
    all[0] = p->regs[REG_W];
    for (unsigned i = 0; i < n_args; i++)
        all[i + 1] = args[i];
    LLVMValueRef out = has_out(row->lowering) ? all[n_args + 1] = out_local(p, id) : NULL;

    LLVMValueRef result = LLVMBuildCall2(cg->builder, f->type, f->fn, all, n_args + 1 + (out != NULL), "");
    if (out) {
        func_fail_if(p, LLVMBuildNot(cg->builder, result, ""), span);
        if (row->lowering == LOWER_VALUE_CK) return LLVMBuildLoad2(cg->builder, cg->word, out, "");
        return LLVMBuildTrunc(cg->builder, LLVMBuildLoad2(cg->builder, cg->i8, out, ""), cg->i1, "");
    }
    if (row->lowering == LOWER_CALL && (row->flags & PRIM_CHECKED)) {
        LLVMValueRef fail = cg_immediate(cg, IMMEDIATE_FAIL);
        func_fail_if(p, LLVMBuildICmp(cg->builder, LLVMIntEQ, result, fail, ""), span);
    }
    return result;
}

LLVMValueRef prim_value(Point *p, PrimId id, LLVMValueRef *args, unsigned n_args, Span span)
{
    Cg *cg = p->cg;
    if (prim_infos[id].lowering == LOWER_BUILD) return alloc_build(p, id, args, n_args);
    LLVMValueRef result = call(p, id, args, n_args, span);
    if (!prim_is_test(id)) return result;
    return LLVMBuildSelect(cg->builder, result, cg_immediate(cg, IMMEDIATE_TRUE),
                           cg_immediate(cg, IMMEDIATE_FALSE), "");
}

LLVMValueRef prim_condition(Point *p, PrimId id, LLVMValueRef *args, unsigned n_args, Span span)
{
    Cg *cg = p->cg;
    if (prim_is_test(id)) return call(p, id, args, n_args, span);
    LLVMValueRef value = prim_value(p, id, args, n_args, span);
    return LLVMBuildICmp(cg->builder, LLVMIntNE, value, cg_immediate(cg, IMMEDIATE_FALSE), "");
}
