/* LLVM types and constants of the target's words. */
#include "codegen/cg.h"

static LLVMTypeRef code_type(Cg *cg)
{
    LLVMTypeRef params[N_REGS];
    for (int reg = 0; reg < N_REGS; reg++)
        params[reg] = reg <= REG_HP ? cg->ptr : cg->word;
    return LLVMFunctionType(cg->void_type, params, N_REGS, 0);
}

void types_init(Cg *cg)
{
    LLVMContextRef c = cg->context;
    cg->void_type = LLVMVoidTypeInContext(c);
    cg->ptr = LLVMPointerTypeInContext(c, 0);
    cg->word = LLVMIntTypeInContext(c, cg->target->word_bytes * 8);
    cg->i1 = LLVMInt1TypeInContext(c);
    cg->i8 = LLVMInt8TypeInContext(c);
    cg->i16 = LLVMInt16TypeInContext(c);
    cg->i32 = LLVMInt32TypeInContext(c);
    cg->double_type = LLVMDoubleTypeInContext(c);
    cg->code_type = code_type(cg);
}

LLVMValueRef cg_word(Cg *cg, uint64_t value) { return LLVMConstInt(cg->word, value, 0); }

LLVMValueRef cg_i32(Cg *cg, uint32_t value) { return LLVMConstInt(cg->i32, value, 0); }

LLVMValueRef cg_immediate(Cg *cg, Immediate immediate)
{
    return cg_word(cg, TT_IMM(TT_SUB_CONSTANT, (uint64_t)immediate));
}

LLVMValueRef cg_tagged(Cg *cg, LLVMValueRef address, unsigned tag)
{
    return LLVMConstAdd(LLVMConstPtrToInt(address, cg->word), cg_word(cg, tag));
}

unsigned cg_object_fields(ObjectType type)
{
    switch (type) {
#define FIELD(name, kind) +1
#define OBJECT(name, number, fields, tail)                                                                   \
    case OBJECT_##name:                                                                                      \
        return 0 fields;
#include "rt/abi/objects.def"
#undef OBJECT
#undef FIELD
    }
    ICE("no object type %d", (int)type);
}
