/* What depends on the LLVM version, or what LLVM's C API says in too many words.
 * Pinned to LLVM 19: `LLVMSetTailCallKind` (guaranteed tail calls) is absent in
 * the C API of Debian's default LLVM 14, and calling convention numbers are not
 * in the C enum of any version. */
#ifndef CODEGEN_LLVM_SHIM_H
#define CODEGEN_LLVM_SHIM_H

#include <llvm-c/Core.h>
#include <llvm/Config/llvm-config.h>
#include <stdbool.h>

#if LLVM_VERSION_MAJOR != 19
#error "codegen needs the C API of LLVM 19"
#endif

#define LLVM_CONV_PRESERVE_NONE 21 /* llvm/IR/CallingConv.h */

/* Adds a function attribute without a value ("nounwind", "cold", ...). */
void shim_add_function_attribute(LLVMValueRef fn, const char *name);
void shim_remove_function_attribute(LLVMValueRef fn, const char *name);
bool shim_has_function_attribute(LLVMValueRef fn, const char *name);
void shim_add_param_attribute(LLVMValueRef fn, unsigned param, const char *name);
void shim_add_result_attribute(LLVMValueRef fn, const char *name);
/* Call and `ret void`: the callee replaces the caller (musttail). The call. */
LLVMValueRef shim_tail_call(LLVMBuilderRef builder, LLVMTypeRef type, LLVMValueRef fn, LLVMValueRef *args,
                            unsigned n_args, unsigned convention);
/* LLVM's always-inline pass puts the callee's body in place of this call. */
void shim_inline_call(LLVMValueRef call);
/* The conditional branch hardly ever goes to its successor `unlikely` (0 or 1). */
void shim_mark_unlikely(LLVMContextRef context, LLVMValueRef branch, unsigned unlikely);

#endif
