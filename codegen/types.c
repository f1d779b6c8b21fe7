/* LLVM types and constants of the target's words. */
#include "codegen/cg.h"

bool cg_is_param(const Cg *cg, Reg reg)
{
    if (reg == REG_SELF || reg == REG_ARGC) return !cg->target->self_in_worker;
    return reg < REG_ARG0 || (unsigned)(reg - REG_ARG0) < cg->target->reg_args;
}

static LLVMTypeRef code_type(Cg *cg)
{
    LLVMTypeRef params[N_REGS];
    unsigned n = 0;
    for (int reg = 0; reg < N_REGS; reg++)
        if (cg_is_param(cg, reg)) params[n++] = reg <= REG_HP ? cg->ptr : cg->word;
    return LLVMFunctionType(cg->void_type, params, n, 0);
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
    case OBJECT_##name: return 0 fields;
#include "rt/abi/objects.def"
#undef OBJECT
#undef FIELD
    }
    ICE("no object type %d", (int)type);
}
