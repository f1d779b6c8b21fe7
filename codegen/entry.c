/* What generated code knows of the runtime by name: rows of entry.def and
 * procs.def, and the fields of the worker (worker.def). */
#include <string.h>

#include "codegen/cg.h"

typedef struct EntryRow {
    const char *symbol;
    const char *result; /* NULL: a code point, entered by a jump */
    const char *args;   /* "(WORD argc, PTR slot ...)" */
} EntryRow;

static const EntryRow rows[] = {
#define ENTRY_JUMP(symbol)               {#symbol, NULL, NULL},
#define ENTRY_CALL(symbol, result, args) {#symbol, #result, #args},
#include "rt/abi/entry.def"
#undef ENTRY_JUMP
#undef ENTRY_CALL
};

#define MAX_ENTRY_ARGS 16

static LLVMTypeRef named_type(Cg *cg, const char *name)
{
    if (strncmp(name, "WORD", 4) == 0) return cg->word;
    if (strncmp(name, "PTR", 3) == 0) return cg->ptr;
    if (strncmp(name, "VOID", 4) == 0) return cg->void_type;
    ICE("entry.def: unknown type in `%s`", name);
}

/* The C type of a row: w, then the row's parameters. */
static LLVMTypeRef entry_type(Cg *cg, const EntryRow *row)
{
    LLVMTypeRef params[MAX_ENTRY_ARGS] = {cg->ptr};
    unsigned n = 1;
    for (const char *at = strchr(row->args, '('); at && at[1] != ')'; at = strchr(at + 1, ',')) {
        const char *name = at + 1 + strspn(at + 1, " ");
        if (n == MAX_ENTRY_ARGS) ICE("entry.def: too many parameters of %s", row->symbol);
        params[n++] = named_type(cg, name);
    }
    return LLVMFunctionType(named_type(cg, row->result), params, n, 0);
}

static void declare(Cg *cg, EntryId id)
{
    const EntryRow *row = &rows[id];
    CgFunction *f = &cg->entries[id];
    f->type = row->result ? entry_type(cg, row) : cg->code_type;
    f->fn = LLVMGetNamedFunction(cg->module, row->symbol);
    if (!f->fn) f->fn = LLVMAddFunction(cg->module, row->symbol, f->type);
    if (!row->result) {
        LLVMSetFunctionCallConv(f->fn, cg->target->convention);
        shim_add_function_attribute(f->fn, "cold");
    }
    shim_add_function_attribute(f->fn, "nounwind");
}

CgFunction *cg_entry(Cg *cg, EntryId id)
{
    if (!cg->entries[id].fn) declare(cg, id);
    return &cg->entries[id];
}

LLVMValueRef cg_call_entry(Point *p, EntryId id, LLVMValueRef *args, unsigned n_args)
{
    CgFunction *f = cg_entry(p->cg, id);
    LLVMValueRef all[MAX_ENTRY_ARGS] = {p->regs[REG_W]};
    if (n_args + 1 != LLVMCountParamTypes(f->type))
        ICE("%s called with %u arguments", rows[id].symbol, n_args);
    for (unsigned i = 0; i < n_args; i++)
        all[i + 1] = args[i];
    return LLVMBuildCall2(p->cg->builder, f->type, f->fn, all, n_args + 1, "");
}

LLVMValueRef cg_proc_closure(Cg *cg, ProcId id)
{
    static const char *const names[] = {
#define PROC(id, name, min, max, symbol) #symbol "_closure",
#include "rt/abi/procs.def"
#undef PROC
    };
    LLVMValueRef data = LLVMGetNamedGlobal(cg->module, names[id]);
    if (!data) {
        data = LLVMAddGlobal(cg->module, cg->word, names[id]);
        LLVMSetAlignment(data, TT_ALIGN);
        LLVMSetVisibility(data, LLVMHiddenVisibility);
    }
    return cg_tagged(cg, data, TT_TAG_CLOSURE);
}

LLVMValueRef cg_worker_field(Point *p, WorkerField field) { return func_word_at(p, p->regs[REG_W], field); }

LLVMValueRef cg_load_worker(Point *p, WorkerField field)
{
    return LLVMBuildLoad2(p->cg->builder, p->cg->word, cg_worker_field(p, field), "");
}

void cg_store_worker(Point *p, WorkerField field, LLVMValueRef value)
{
    LLVMBuildStore(p->cg->builder, value, cg_worker_field(p, field));
}
