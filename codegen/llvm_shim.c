#include "codegen/llvm_shim.h"

#include <string.h>

static unsigned attribute_kind(const char *name)
{
    return LLVMGetEnumAttributeKindForName(name, strlen(name));
}

static LLVMAttributeRef attribute(LLVMValueRef fn, const char *name)
{
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(fn));
    return LLVMCreateEnumAttribute(context, attribute_kind(name), 0);
}

void shim_add_function_attribute(LLVMValueRef fn, const char *name)
{
    LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, attribute(fn, name));
}

void shim_remove_function_attribute(LLVMValueRef fn, const char *name)
{
    LLVMAttributeIndex index = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
    unsigned kind = attribute_kind(name);
    if (kind)
        LLVMRemoveEnumAttributeAtIndex(fn, index, kind);
    else
        LLVMRemoveStringAttributeAtIndex(fn, index, name, (unsigned)strlen(name));
}

bool shim_has_function_attribute(LLVMValueRef fn, const char *name)
{
    LLVMAttributeIndex index = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
    return LLVMGetEnumAttributeAtIndex(fn, index, attribute_kind(name)) != NULL;
}

void shim_add_param_attribute(LLVMValueRef fn, unsigned param, const char *name)
{
    LLVMAddAttributeAtIndex(fn, param + 1, attribute(fn, name));
}

void shim_add_result_attribute(LLVMValueRef fn, const char *name)
{
    LLVMAddAttributeAtIndex(fn, LLVMAttributeReturnIndex, attribute(fn, name));
}

LLVMValueRef shim_tail_call(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef fn, LLVMValueRef *args,
                            unsigned n_args, unsigned convention)
{
    LLVMValueRef call = LLVMBuildCall2(builder, type, fn, args, n_args, "");
    LLVMSetInstructionCallConv(call, convention);
    LLVMSetTailCallKind(call, LLVMTailCallKindMustTail);
    LLVMBuildRetVoid(builder);
    return call;
}

void shim_inline_call(LLVMValueRef call)
{
    LLVMContextRef context = LLVMGetTypeContext(LLVMTypeOf(LLVMGetCalledValue(call)));
    LLVMAddCallSiteAttribute(call, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                             LLVMCreateEnumAttribute(context, attribute_kind("alwaysinline"), 0));
}

void shim_mark_unlikely(LLVMContextRef context, LLVMValueRef branch, unsigned unlikely)
{
    LLVMTypeRef i32 = LLVMInt32TypeInContext(context);
    LLVMMetadataRef items[] = {
        LLVMMDStringInContext2(context, "branch_weights", strlen("branch_weights")),
        LLVMValueAsMetadata(LLVMConstInt(i32, unlikely == 0 ? 1 : 1 << 20, 0)),
        LLVMValueAsMetadata(LLVMConstInt(i32, unlikely == 1 ? 1 : 1 << 20, 0)),
    };
    LLVMMetadataRef node = LLVMMDNodeInContext2(context, items, 3);
    LLVMSetMetadata(branch, LLVMGetMDKindIDInContext(context, "prof", 4), LLVMMetadataAsValue(context, node));
}
