/* The module as a whole: code points, their tables, and `tt_program`, the one
 * structure that the runtime reads (rt/abi/program.h). */
#include <llvm-c/Analysis.h>
#include <string.h>

#include "codegen/cg.h"
#include "codegen/emit.h"
#include "rt/abi/program.h"
#include "rt/abi/tables.h"

static LLVMTargetMachineRef new_machine(const Target *target, int level)
{
    static const LLVMCodeGenOptLevel levels[] = {LLVMCodeGenLevelNone, LLVMCodeGenLevelLess,
                                                 LLVMCodeGenLevelDefault, LLVMCodeGenLevelAggressive};
    opt_init();
    target_initialise(target);
    LLVMTargetRef llvm_target;
    char *message = NULL;
    if (LLVMGetTargetFromTriple(target->triple, &llvm_target, &message)) ICE("%s", message);
    LLVMTargetMachineOptionsRef options = LLVMCreateTargetMachineOptions();
    LLVMTargetMachineOptionsSetCPU(options, target->cpu);
    LLVMTargetMachineOptionsSetFeatures(options, target->features);
    if (*target->abi) LLVMTargetMachineOptionsSetABI(options, target->abi);
    LLVMTargetMachineOptionsSetCodeGenOptLevel(options,
                                               levels[level < target->min_level ? target->min_level : level]);
    LLVMTargetMachineOptionsSetRelocMode(options, LLVMRelocPIC);
    LLVMTargetMachineOptionsSetCodeModel(options, LLVMCodeModelSmall);
    LLVMTargetMachineRef machine = LLVMCreateTargetMachineWithOptions(llvm_target, target->triple, options);
    LLVMDisposeTargetMachineOptions(options);
    return machine;
}

static void set_layout(Cg *cg)
{
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(cg->machine);
    LLVMSetModuleDataLayout(cg->module, layout);
    LLVMDisposeTargetData(layout);
    LLVMSetTarget(cg->module, cg->target->triple);
}

/* The operations' bitcode brings the flags that clang gave it. */
static void set_flag(Cg *cg, const char *name, uint32_t value)
{
    size_t length = strlen(name);
    if (LLVMGetModuleFlag(cg->module, name, length)) return;
    LLVMAddModuleFlag(cg->module, LLVMModuleFlagBehaviorError, name, length,
                      LLVMValueAsMetadata(cg_i32(cg, value)));
}

static void init(Cg *cg)
{
    cg->context = LLVMContextCreate();
    cg->module = LLVMModuleCreateWithNameInContext(cg->program->name, cg->context);
    LLVMSetSourceFileName(cg->module, cg->program->name, strlen(cg->program->name));
    cg->builder = LLVMCreateBuilderInContext(cg->context);
    cg->machine = new_machine(cg->target, cg->options->level);
    types_init(cg);
    set_layout(cg);
    cg->global_slots = map_new(cg->arena);
    cg->literals = map_new(cg->arena);
    cg->symbols = map_new(cg->arena);
    cg->names = map_new(cg->arena);
    cg->call_sites = map_new(cg->arena);
}

static void dispose(Cg *cg)
{
    if (cg->di) LLVMDisposeDIBuilder(cg->di);
    LLVMDisposeBuilder(cg->builder);
    LLVMDisposeModule(cg->module);
    LLVMDisposeTargetMachine(cg->machine);
    LLVMContextDispose(cg->context);
}

/* -- globals ------------------------------------------------------------------ */

static LLVMValueRef new_array(Cg *cg, const char *name, LLVMValueRef *items, size_t n, bool is_constant)
{
    LLVMValueRef array = LLVMAddGlobal(cg->module, LLVMArrayType2(cg->word, n), name);
    LLVMSetInitializer(array, LLVMConstArray2(cg->word, items, n));
    LLVMSetLinkage(array, LLVMInternalLinkage);
    LLVMSetGlobalConstant(array, is_constant);
    return array;
}

static void emit_globals(Cg *cg)
{
    size_t n = cg->program->n_globals;
    LLVMValueRef *slots = ARENA_ARRAY(cg->arena, LLVMValueRef, n + 1);
    for (size_t i = 0; i < n; i++) {
        slots[i] = cg_immediate(cg, IMMEDIATE_UNBOUND);
        map_set(cg->global_slots, cg->program->globals[i], (void *)(i + 1));
    }
    cg->globals = new_array(cg, "tt.globals", slots, n, false);
}

LLVMValueRef program_global_slot(Cg *cg, const Global *global)
{
    size_t slot = (size_t)map_get(cg->global_slots, global);
    if (!slot) ICE("global %s has no slot", global->name->text);
    LLVMValueRef index[] = {cg_i32(cg, 0), cg_word(cg, slot - 1)};
    return LLVMConstInBoundsGEP2(LLVMGlobalGetValueType(cg->globals), cg->globals, index, 2);
}

/* -- tt_program ---------------------------------------------------------------- */

static LLVMValueRef hook_array(Cg *cg)
{
    static const char *const names[] = {
#define HOOK(id, name, n_args) name,
#include "rt/abi/hooks.def"
#undef HOOK
    };
    size_t n = sizeof names / sizeof names[0];
    Point nowhere = {.cg = cg};
    LLVMValueRef none[sizeof names / sizeof names[0]];
    for (size_t i = 0; i < n; i++)
        none[i] = cg_immediate(cg, IMMEDIATE_FALSE);
    /* Clo text may leave the hooks out; such a module is for looking at only. */
    LLVMValueRef *hooks = cg->program->hooks ? expr_atoms(&nowhere, cg->program->hooks, (unsigned)n) : none;
    return new_array(cg, "tt.hooks", hooks, n, true);
}

/* FNV-1a of the tables that compiler and runtime must agree on. */
static uint64_t tables_hash(void)
{
    uint64_t hash = TT_TABLES_HASH_START;
    for (const char *at = tt_tables_text; *at; at++)
        hash = (hash ^ (unsigned char)*at) * TT_TABLES_HASH_FACTOR;
    return hash;
}

static void emit_program_struct(Cg *cg)
{
    LLVMValueRef hooks = hook_array(cg);
    LLVMValueRef symbols = new_array(cg, "tt.symbols", cg->own_symbols.items, cg->own_symbols.count, true);
    LLVMValueRef fields[] = {
        cg_word(cg, TT_ABI_VERSION),
        cg_word(cg, tables_hash()),
        frames_name(cg, cg->program->name, strlen(cg->program->name)),
        literal_closure(cg, cg->program->main),
        hooks,
        cg->globals,
        cg_word(cg, cg->program->n_globals),
        symbols,
        cg_word(cg, cg->own_symbols.count),
        frames_code_table(cg),
        cg_word(cg, cg->program->n_codes),
    };
    unsigned n = sizeof fields / sizeof fields[0];
    LLVMValueRef content = LLVMConstStructInContext(cg->context, fields, n, 0);
    LLVMValueRef program = LLVMAddGlobal(cg->module, LLVMTypeOf(content), "tt_program");
    LLVMSetInitializer(program, content);
    LLVMSetGlobalConstant(program, 1);
    LLVMSetAlignment(program, cg->target->word_bytes);
}

/* -- all ------------------------------------------------------------------------- */

static void emit_codes(Cg *cg)
{
    const CloProgram *program = cg->program;
    for (uint32_t i = 0; i < program->n_codes; i++)
        func_declare(cg, program->codes[i]);
    for (uint32_t i = 0; i < program->n_codes; i++) {
        frames_emit_descriptor(cg, program->codes[i]);
        debug_function(cg, program->codes[i]);
    }
    for (uint32_t i = 0; i < program->n_codes; i++)
        func_emit(cg, program->codes[i]);
}

static void verify(Cg *cg)
{
    char *message = NULL;
    if (LLVMVerifyModule(cg->module, LLVMReturnStatusAction, &message)) ICE("LLVM module: %s", message);
    LLVMDisposeMessage(message);
}

static bool build_module(Cg *cg)
{
    if (!inline_bc_link(cg)) return false;
    set_flag(cg, "PIC Level", 2);
    set_flag(cg, "PIE Level", 2);
    debug_init(cg);
    emit_globals(cg);
    emit_codes(cg);
    literal_fill(cg); /* the last one that asks for symbols */
    emit_program_struct(cg);
    debug_finish(cg);
    inline_bc_drop_unused(cg);
    verify(cg);
    opt_run(cg);
    return true;
}

bool cg_program(Compilation *compilation, const CloProgram *program, const CgOptions *options, CgEmit emit,
                const char *path)
{
    Cg *cg = ARENA_NEW(compilation->arena, Cg);
    cg->compilation = compilation;
    cg->arena = compilation->arena;
    cg->program = program;
    cg->options = options;
    cg->target = target_find(options->triple);
    if (!cg->target) {
        diag_error(compilation->diag, (Span){0}, "unknown target %s (there are: %s)", options->triple,
                   target_names);
        return false;
    }
    init(cg);
    bool ok = build_module(cg) && emit_module(cg, emit, path);
    dispose(cg);
    return ok;
}
