/* Code points as LLVM functions: signature, entry check, argument dispatch,
 * tail calls, the way a failure leaves. */
#include <string.h>

#include "codegen/cg.h"

void func_declare(Cg *cg, CloCode *code)
{
    CgCode *mine = ARENA_NEW(cg->arena, CgCode);
    code->cg = mine;
    const char *name =
        arena_printf(cg->arena, "%.*s.%u", (int)code->name->length, code->name->text, code->index);
    mine->fn = LLVMAddFunction(cg->module, name, cg->code_type);
    LLVMSetLinkage(mine->fn, LLVMInternalLinkage);
    LLVMSetFunctionCallConv(mine->fn, cg->target->convention);
    LLVMSetAlignment(mine->fn, cg->target->code_align);
    shim_add_function_attribute(mine->fn, "nounwind");
    shim_add_function_attribute(mine->fn, "noredzone"); /* rt/inline/aside.h pushes a return address unseen */
    /* Stack and worker are reached through sp and w only: heap stores cannot change them. */
    shim_add_param_attribute(mine->fn, REG_SP, "noalias");
    shim_add_param_attribute(mine->fn, REG_W, "noalias");
}

/* -- blocks and words --------------------------------------------------------- */

LLVMBasicBlockRef func_new_block(Point *p, const char *name)
{
    return LLVMAppendBasicBlockInContext(p->cg->context, p->fn, name);
}

void func_enter_block(Point *p, LLVMBasicBlockRef block) { LLVMPositionBuilderAtEnd(p->cg->builder, block); }

LLVMBasicBlockRef func_begin_cold(Point *p, LLVMValueRef condition, const char *name)
{
    LLVMBasicBlockRef cold = func_new_block(p, name);
    LLVMBasicBlockRef on = func_new_block(p, "");
    shim_mark_unlikely(p->cg->context, LLVMBuildCondBr(p->cg->builder, condition, cold, on), 0);
    func_enter_block(p, cold);
    return on;
}

LLVMValueRef func_word_at(Point *p, LLVMValueRef base, uint64_t index)
{
    if (index == 0) return base;
    LLVMValueRef at = cg_word(p->cg, index);
    return LLVMBuildInBoundsGEP2(p->cg->builder, p->cg->word, base, &at, 1, "");
}

LLVMValueRef func_local(Point *p, LLVMTypeRef type)
{
    LLVMBuilderRef b = p->cg->builder;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(b);
    LLVMPositionBuilderBefore(b, LLVMGetBasicBlockTerminator(p->entry));
    LLVMValueRef local = LLVMBuildAlloca(b, type, "");
    func_enter_block(p, here);
    return local;
}

/* -- tail calls ------------------------------------------------------------------ */

static LLVMValueRef xargs(Point *p)
{
    return LLVMBuildIntToPtr(p->cg->builder, cg_load_worker(p, WORKER_xargs), p->cg->ptr, "xargs");
}

/* What the code point was entered with, wherever it stands. */
static LLVMValueRef func_reg(Point *p, Reg reg)
{
    if (p->regs[reg]) return p->regs[reg];
    if (reg == REG_SELF) return cg_load_worker(p, WORKER_self);
    if (reg == REG_ARGC) return cg_load_worker(p, WORKER_argc);
    return LLVMBuildLoad2(p->cg->builder, p->cg->word, func_word_at(p, xargs(p), reg - REG_ARG0), "");
}

/* Arguments beyond the registers go to memory. All arguments are in SSA values
 * by now, so storing one cannot destroy another. NULL: is there already. */
static void store_xargs(Point *p, LLVMValueRef *args, unsigned n_args)
{
    if (n_args <= p->cg->target->reg_args) return;
    LLVMValueRef array = xargs(p);
    for (unsigned i = p->cg->target->reg_args; i < n_args; i++)
        if (args[i]) LLVMBuildStore(p->cg->builder, args[i], func_word_at(p, array, i));
}

static void store_self(Point *p, LLVMValueRef self, LLVMValueRef argc)
{
    if (!p->cg->target->self_in_worker) return;
    if (self) cg_store_worker(p, WORKER_self, self);
    if (argc) cg_store_worker(p, WORKER_argc, argc);
}

static LLVMValueRef or_poison(Cg *cg, LLVMValueRef value) { return value ? value : LLVMGetPoison(cg->word); }

/* Jumps to worker.jump with all registers as they are. The only such function of
 * PowerPC, whose callee wants its own address in r12. */
static LLVMValueRef thunk(Cg *cg)
{
    if (cg->thunk) return cg->thunk;
    cg->thunk = LLVMAddFunction(cg->module, "tt.jump", cg->code_type);
    LLVMSetLinkage(cg->thunk, LLVMInternalLinkage);
    LLVMSetFunctionCallConv(cg->thunk, cg->target->convention);
    shim_add_function_attribute(cg->thunk, "naked");
    shim_add_function_attribute(cg->thunk, "noinline");
    shim_add_function_attribute(cg->thunk, "nounwind");
    LLVMBuilderRef b = LLVMCreateBuilderInContext(cg->context);
    LLVMPositionBuilderAtEnd(b, LLVMAppendBasicBlockInContext(cg->context, cg->thunk, ""));
    const char *text =
        arena_printf(cg->arena, "ld 12, %u(3)\nmtctr 12\nbctr", WORKER_jump * cg->target->word_bytes);
    LLVMTypeRef type = LLVMFunctionType(cg->void_type, NULL, 0, 0);
    LLVMValueRef assembly =
        LLVMGetInlineAsm(type, text, strlen(text), "", 0, 1, 0, LLVMInlineAsmDialectATT, 0);
    LLVMBuildCall2(b, type, assembly, NULL, 0, "");
    LLVMBuildUnreachable(b);
    LLVMDisposeBuilder(b);
    return cg->thunk;
}

static LLVMValueRef jump(Point *p, LLVMValueRef fn, const LLVMValueRef *regs)
{
    Cg *cg = p->cg;
    if (cg->target->jumps_by_thunk && !(LLVMIsAFunction(fn) && LLVMGetLinkage(fn) == LLVMInternalLinkage)) {
        cg_store_worker(p, WORKER_jump, LLVMBuildPtrToInt(cg->builder, fn, cg->word, ""));
        fn = thunk(cg);
    }
    LLVMValueRef params[N_REGS];
    unsigned n = 0;
    for (unsigned i = 0; i < N_REGS; i++)
        if (cg_is_param(cg, i)) params[n++] = regs[i];
    return shim_tail_call(cg->builder, cg->code_type, fn, params, n, cg->target->convention);
}

LLVMValueRef func_tail_call(Point *p, LLVMValueRef fn, LLVMValueRef sp, LLVMValueRef self, LLVMValueRef argc,
                            LLVMValueRef *args, unsigned n_args)
{
    Cg *cg = p->cg;
    store_xargs(p, args, n_args);
    store_self(p, self, argc);
    LLVMValueRef regs[N_REGS];
    regs[REG_W] = p->regs[REG_W];
    regs[REG_SP] = sp;
    regs[REG_HP] = p->hp;
    regs[REG_SELF] = or_poison(cg, self);
    regs[REG_ARGC] = or_poison(cg, argc);
    for (unsigned i = 0; i < TT_REG_ARGS_MAX; i++)
        regs[REG_ARG0 + i] = or_poison(cg, i < n_args ? args[i] : NULL);
    return jump(p, fn, regs);
}

/* To a code point of the runtime, all registers as they came. */
static void tail_call_entry(Point *p, EntryId id) { jump(p, cg_entry(p->cg, id)->fn, p->regs); }

/* -- failures ---------------------------------------------------------------------- */

void func_store_site(Point *p, Span span)
{
    LLVMValueRef site = frames_site(p->cg, p->proc, span);
    cg_store_worker(p, WORKER_site, LLVMConstPtrToInt(site, p->cg->word));
}

void func_raise(Point *p, Span span)
{
    func_store_site(p, span);
    func_tail_call(p, cg_entry(p->cg, ENTRY_tt_raise_failure)->fn, p->sp, NULL, NULL, NULL, 0);
}

void func_fail_if(Point *p, LLVMValueRef failed, Span span)
{
    LLVMBasicBlockRef on = func_begin_cold(p, failed, "fail");
    func_raise(p, span);
    func_enter_block(p, on);
}

/* -- entry ------------------------------------------------------------------------- */

static uint64_t stack_beyond_redzone(const Needs *needs)
{
    return needs->stack_words > TT_STACK_REDZONE_WORDS ? needs->stack_words - TT_STACK_REDZONE_WORDS : 0;
}

/* Other threads change the limits to preempt this one: a loop must load them anew. */
static LLVMValueRef load_limit(Point *p, WorkerField field)
{
    LLVMValueRef limit = cg_load_worker(p, field);
    LLVMSetOrdering(limit, LLVMAtomicOrderingMonotonic);
    return limit;
}

/* Not enough stack: sp, less what this point takes beyond the red zone, is below the
 * limit. A preempting thread changes both limits, so where the heap is checked as
 * well a loop may keep this one in a register. */
static LLVMValueRef stack_is_short(Point *p, uint64_t beyond, bool is_only_check)
{
    Cg *cg = p->cg;
    LLVMValueRef sp = LLVMBuildPtrToInt(cg->builder, p->regs[REG_SP], cg->word, "");
    LLVMValueRef limit = is_only_check ? load_limit(p, WORKER_sp_limit) : cg_load_worker(p, WORKER_sp_limit);
    if (beyond) sp = LLVMBuildSub(cg->builder, sp, cg_word(cg, beyond * cg->target->word_bytes), "");
    return LLVMBuildICmp(cg->builder, LLVMIntULT, sp, limit, "");
}

static LLVMValueRef heap_is_short(Point *p, uint64_t bytes)
{
    Cg *cg = p->cg;
    LLVMValueRef hp = LLVMBuildPtrToInt(cg->builder, p->regs[REG_HP], cg->word, "");
    LLVMValueRef end = LLVMBuildAdd(cg->builder, hp, cg_word(cg, bytes), "");
    return LLVMBuildICmp(cg->builder, LLVMIntUGT, end, load_limit(p, WORKER_hp_limit), "");
}

static void go_slow_if(Point *p, LLVMValueRef is_short, LLVMBasicBlockRef slow)
{
    LLVMBasicBlockRef on = func_new_block(p, "");
    shim_mark_unlikely(p->cg->context, LLVMBuildCondBr(p->cg->builder, is_short, slow, on), 0);
    func_enter_block(p, on);
}

/* Registers that hold something when this point is entered. The others are left
 * free, so that keeping them for the slow path costs the fast one nothing. */
static bool is_live_at_entry(const CloCode *code, Reg reg)
{
    if (reg <= REG_HP) return true;
    if (reg == REG_SELF) return code->kind == CLO_CODE_DIRECT && code->self;
    return reg >= REG_ARG0 && (uint32_t)(reg - REG_ARG0) < code->n_params;
}

/* The runtime makes room and enters this code point again. */
static void emit_slow_entry(Point *p, LLVMBasicBlockRef slow, const Needs *needs)
{
    Cg *cg = p->cg;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(cg->builder);
    func_enter_block(p, slow);
    cg_store_worker(p, WORKER_resume, LLVMConstPtrToInt(p->fn, cg->word));
    cg_store_worker(p, WORKER_want_words, cg_word(cg, needs->heap_bytes / cg->target->word_bytes));
    cg_store_worker(p, WORKER_want_stack, cg_word(cg, stack_beyond_redzone(needs)));
    LLVMValueRef regs[N_REGS];
    for (unsigned i = 0; i < N_REGS; i++)
        regs[i] = is_live_at_entry(p->code, (Reg)i) ? p->regs[i] : LLVMGetPoison(cg->word);
    jump(p, cg_entry(cg, ENTRY_tt_entry_slow)->fn, regs);
    func_enter_block(p, here);
}

/* Ensures room for everything that the body allocates and pushes, on any path.
 * This is the only place of a code point where a collection, a move of the stack
 * or a switch of process can happen. */
static void emit_entry_check(Point *p)
{
    Needs needs = alloc_needs(p->cg, p->code);
    uint64_t beyond = stack_beyond_redzone(&needs);
    bool checks_stack = p->code->checks_stack || beyond;
    if (!checks_stack && !needs.heap_bytes) return;
    LLVMBasicBlockRef slow = func_new_block(p, "slow");
    if (checks_stack) go_slow_if(p, stack_is_short(p, beyond, !needs.heap_bytes), slow);
    if (needs.heap_bytes) go_slow_if(p, heap_is_short(p, needs.heap_bytes), slow);
    emit_slow_entry(p, slow, &needs);
}

static void bind_closure_slots(Point *p)
{
    Cg *cg = p->cg;
    const CloCode *code = p->code;
    if (!code->self) return;
    LLVMValueRef self = code->self->cg = func_reg(p, REG_SELF);
    LLVMValueRef address = LLVMBuildSub(cg->builder, self, cg_word(cg, TT_TAG_CLOSURE), "");
    LLVMValueRef closure = LLVMBuildIntToPtr(cg->builder, address, cg->ptr, "");
    for (uint32_t i = 0; i < code->n_self_free; i++)
        if (code->free[i])
            code->free[i]->cg =
                LLVMBuildLoad2(cg->builder, cg->word, func_word_at(p, closure, 1 + (uint64_t)i), "");
}

static void bind_params(Point *p)
{
    const CloCode *code = p->code;
    uint32_t reg_args = p->cg->target->reg_args;
    LLVMValueRef array = code->n_params > reg_args ? xargs(p) : NULL;
    for (uint32_t i = 0; i < code->n_params; i++) {
        if (!code->params[i]) continue;
        LLVMBuilderRef b = p->cg->builder;
        code->params[i]->cg = i < reg_args ? p->regs[REG_ARG0 + i]
                                           : LLVMBuildLoad2(b, p->cg->word, func_word_at(p, array, i), "");
    }
}

static void pop_frame(Point *p)
{
    const CloCode *code = p->code;
    for (uint32_t i = 0; i < code->n_slots; i++) {
        if (!code->slots[i]) continue;
        LLVMValueRef place = func_word_at(p, p->regs[REG_SP], 1 + (uint64_t)i);
        code->slots[i]->cg = LLVMBuildLoad2(p->cg->builder, p->cg->word, place, "");
    }
    p->sp = func_word_at(p, p->regs[REG_SP], 1 + (uint64_t)code->n_slots);
}

/* -- CLOSURE: dispatch on the number of arguments --------------------------------- */

/* List of the arguments from `from` on; usually there are none. */
static LLVMValueRef rest_list(Point *p, uint32_t from)
{
    Cg *cg = p->cg;
    LLVMBuilderRef b = cg->builder;
    LLVMValueRef argc = func_reg(p, REG_ARGC);
    LLVMBasicBlockRef before = LLVMGetInsertBlock(b);
    LLVMBasicBlockRef some = func_new_block(p, "rest"), done = func_new_block(p, "");
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntEQ, argc, cg_word(cg, from), ""), done, some);

    func_enter_block(p, some);
    LLVMValueRef args[2 + TT_REG_ARGS_MAX] = {argc, cg_word(cg, from)};
    for (unsigned i = 0; i < TT_REG_ARGS_MAX; i++)
        args[2 + i] = func_reg(p, REG_ARG0 + i);
    LLVMValueRef list = cg_call_entry(p, ENTRY_tt_rest_list, args, 2 + TT_REG_ARGS_MAX);
    LLVMBuildBr(b, done);

    func_enter_block(p, done);
    LLVMValueRef phi = LLVMBuildPhi(b, cg->word, "");
    LLVMValueRef values[] = {cg_immediate(cg, IMMEDIATE_NIL), list};
    LLVMBasicBlockRef blocks[] = {before, some};
    LLVMAddIncoming(phi, values, blocks, 2);
    return phi;
}

/* Arguments stay where they came in, in registers and worker.xargs. */
static void enter_clause(Point *p, const CloArity *clause)
{
    uint32_t n = clause->n_required;
    LLVMValueRef args[TT_REG_ARGS_MAX];
    for (unsigned i = 0; i < TT_REG_ARGS_MAX; i++)
        args[i] = i < n ? p->regs[REG_ARG0 + i] : NULL;
    if (clause->has_rest) {
        LLVMValueRef list = rest_list(p, n);
        if (n < TT_REG_ARGS_MAX)
            args[n] = list;
        else
            LLVMBuildStore(p->cg->builder, list, func_word_at(p, xargs(p), n));
    }
    func_tail_call(p, cg_code(clause->direct)->fn, p->sp, p->regs[REG_SELF], NULL, args, TT_REG_ARGS_MAX);
}

static void emit_dispatch(Point *p)
{
    Cg *cg = p->cg;
    for (uint32_t i = 0; i < p->code->n_clauses; i++) {
        const CloArity *clause = &p->code->clauses[i];
        LLVMIntPredicate fits = clause->has_rest ? LLVMIntUGE : LLVMIntEQ;
        LLVMBasicBlockRef take = func_new_block(p, ""), next = func_new_block(p, "");
        LLVMValueRef test =
            LLVMBuildICmp(cg->builder, fits, func_reg(p, REG_ARGC), cg_word(cg, clause->n_required), "");
        LLVMBuildCondBr(cg->builder, test, take, next);
        func_enter_block(p, take);
        enter_clause(p, clause);
        func_enter_block(p, next);
    }
    tail_call_entry(p, ENTRY_tt_arity_error);
}

void func_emit(Cg *cg, const CloCode *code)
{
    Point point = {.cg = cg, .code = code, .proc = code->name, .fn = cg_code(code)->fn};
    Point *p = &point;
    unsigned n = 0;
    for (unsigned i = 0; i < N_REGS; i++)
        if (cg_is_param(cg, i)) p->regs[i] = LLVMGetParam(p->fn, n++);
    p->sp = p->regs[REG_SP];
    p->hp = p->regs[REG_HP];

    p->entry = func_new_block(p, "entry");
    LLVMBasicBlockRef start = func_new_block(p, "");
    func_enter_block(p, p->entry);
    debug_location(p, code->span);
    LLVMBuildBr(cg->builder, start);
    func_enter_block(p, start);

    if (code->kind == CLO_CODE_CLOSURE) {
        emit_dispatch(p);
        return;
    }
    emit_entry_check(p);
    if (code->kind == CLO_CODE_RETURN) pop_frame(p);
    bind_params(p);
    bind_closure_slots(p);
    expr_emit_body(p);
}
