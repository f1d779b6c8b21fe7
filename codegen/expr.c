/* Bodies of code points: one function per Clo node. A body is a tree; its
 * subtrees wait in a list of work, so depth costs no C stack. */
#include "codegen/cg.h"

LLVMValueRef expr_atom(Point *p, const CloAtom *atom)
{
    switch (atom->kind) {
    case ATOM_VAR: return atom->as.var->cg;
    case ATOM_CONST: return literal_value(p->cg, atom->as.datum);
    case ATOM_CODE: return literal_closure(p->cg, atom->as.code);
    case ATOM_PROC: return cg_proc_closure(p->cg, atom->as.proc);
    }
    ICE("atom kind %d", (int)atom->kind);
}

LLVMValueRef *expr_atoms(Point *p, const CloAtom *atoms, unsigned n)
{
    LLVMValueRef *values = ARENA_ARRAY(p->cg->arena, LLVMValueRef, n + 1);
    for (unsigned i = 0; i < n; i++)
        values[i] = expr_atom(p, &atoms[i]);
    return values;
}

/* -- straight code ------------------------------------------------------------------ */

static void emit_prim(Point *p, const Clo *node)
{
    LLVMValueRef *args = expr_atoms(p, node->as.prim.args, node->as.prim.n_args);
    LLVMValueRef value = prim_value(p, node->as.prim.id, args, node->as.prim.n_args, node->span);
    if (node->as.prim.var) node->as.prim.var->cg = value;
}

static void emit_global(Point *p, const Clo *node)
{
    Cg *cg = p->cg;
    const Global *global = node->as.global.global;
    LLVMValueRef value = LLVMBuildLoad2(cg->builder, cg->word, program_global_slot(cg, global), "");
    node->as.global.var->cg = value;
    if (node->as.global.is_safe) return;
    LLVMValueRef unbound =
        LLVMBuildICmp(cg->builder, LLVMIntEQ, value, cg_immediate(cg, IMMEDIATE_UNBOUND), "");
    LLVMBasicBlockRef on = func_begin_cold(p, unbound, "unbound");
    LLVMValueRef name = literal_symbol(cg, global->name);
    cg_call_entry(p, ENTRY_tt_fail_unbound, &name, 1);
    func_raise(p, node->span);
    func_enter_block(p, on);
}

static void emit_define(Point *p, const Clo *node)
{
    LLVMValueRef args[] = {program_global_slot(p->cg, node->as.define.global),
                           expr_atom(p, &node->as.define.value)};
    cg_call_entry(p, ENTRY_tt_define_global, args, 2);
}

/* -- branches ------------------------------------------------------------------------ */

static void push_work(Point *p, const Clo *node, LLVMBasicBlockRef block, const CloJoin *join)
{
    vec_push(p->cg->arena, &p->work, ((Work){node, block, p->hp, join}));
}

static LLVMValueRef branch_condition(Point *p, const Clo *node)
{
    Cg *cg = p->cg;
    LLVMValueRef *args = expr_atoms(p, node->as.branch.args, node->as.branch.n_args);
    if (!node->as.branch.is_truth)
        return prim_condition(p, node->as.branch.id, args, node->as.branch.n_args, node->span);
    return LLVMBuildICmp(cg->builder, LLVMIntNE, args[0], cg_immediate(cg, IMMEDIATE_FALSE), "");
}

static void emit_if(Point *p, const Clo *node)
{
    LLVMValueRef condition = branch_condition(p, node);
    LLVMBasicBlockRef then = func_new_block(p, "then"), otherwise = func_new_block(p, "else");
    LLVMBuildCondBr(p->cg->builder, condition, then, otherwise);
    push_work(p, node->as.branch.otherwise, otherwise, NULL);
    push_work(p, node->as.branch.then, then, NULL);
}

/* The join's body is pushed before anything that can jump to it, so all its
 * incoming edges exist when its turn comes (the list is last in, first out). */
static void begin_join(Point *p, const Clo *node)
{
    Cg *cg = p->cg;
    CloJoin *join = node->as.join.join;
    CgJoin *mine = ARENA_NEW(cg->arena, CgJoin);
    join->cg = mine;
    mine->block = func_new_block(p, "join");
    mine->params = ARENA_ARRAY(cg->arena, LLVMValueRef, join->n_params + 1);
    LLVMBasicBlockRef here = LLVMGetInsertBlock(cg->builder);
    func_enter_block(p, mine->block);
    mine->hp = LLVMBuildPhi(cg->builder, cg->ptr, "hp");
    for (uint32_t i = 0; i < join->n_params; i++)
        join->params[i]->cg = mine->params[i] = LLVMBuildPhi(cg->builder, cg->word, "");
    func_enter_block(p, here);
    push_work(p, node->as.join.join_body, mine->block, join);
}

static void emit_jump(Point *p, const Clo *node)
{
    CgJoin *join = node->as.jump.join->cg;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(p->cg->builder);
    LLVMAddIncoming(join->hp, &p->hp, &here, 1);
    for (uint32_t i = 0; i < node->as.jump.n_args; i++) {
        LLVMValueRef value = expr_atom(p, &node->as.jump.args[i]);
        LLVMAddIncoming(join->params[i], &value, &here, 1);
    }
    join->n_incoming++;
    LLVMBuildBr(p->cg->builder, join->block);
}

/* -- calls and returns ----------------------------------------------------------------- */

/* The stack pointer with `frame` pushed (NULL: none). */
static LLVMValueRef push_frame(Point *p, const CloFrame *frame)
{
    Cg *cg = p->cg;
    if (!frame) return p->sp;
    LLVMValueRef *slots = expr_atoms(p, frame->slots, frame->n_slots);
    LLVMValueRef down = cg_word(cg, -(1 + (uint64_t)frame->n_slots));
    LLVMValueRef sp = LLVMBuildInBoundsGEP2(cg->builder, cg->word, p->sp, &down, 1, "sp");
    LLVMBuildStore(cg->builder, cg_code(frame->ret)->fn, sp);
    for (uint32_t i = 0; i < frame->n_slots; i++)
        LLVMBuildStore(cg->builder, slots[i], func_word_at(p, sp, 1 + (uint64_t)i));
    return sp;
}

static void emit_known_call(Point *p, const Clo *node)
{
    LLVMValueRef *args = expr_atoms(p, node->as.code.args, node->as.code.n_args);
    LLVMValueRef self = node->as.code.has_self ? expr_atom(p, &node->as.code.self) : NULL;
    LLVMValueRef sp = push_frame(p, node->as.code.frame);
    const CloCode *callee = node->as.code.code;
    LLVMValueRef call = func_tail_call(p, cg_code(callee)->fn, sp, self, NULL, args, node->as.code.n_args);
    if (opt_wants_inline(p->cg, p->code, callee)) shim_inline_call(call);
}

static LLVMValueRef is_not_closure(Point *p, LLVMValueRef value)
{
    LLVMBuilderRef b = p->cg->builder;
    LLVMValueRef tag = LLVMBuildAnd(b, value, cg_word(p->cg, TT_TAG_MASK), "");
    return LLVMBuildICmp(b, LLVMIntNE, tag, cg_word(p->cg, TT_TAG_CLOSURE), "");
}

static LLVMValueRef code_of_closure(Point *p, LLVMValueRef closure)
{
    Cg *cg = p->cg;
    LLVMValueRef address = LLVMBuildSub(cg->builder, closure, cg_word(cg, TT_TAG_CLOSURE), "");
    return LLVMBuildLoad2(cg->builder, cg->ptr, LLVMBuildIntToPtr(cg->builder, address, cg->ptr, ""), "code");
}

static void emit_unknown_call(Point *p, const Clo *node)
{
    Cg *cg = p->cg;
    unsigned n = node->as.call.n_args;
    LLVMValueRef *args = expr_atoms(p, node->as.call.args, n);
    LLVMValueRef fn = expr_atom(p, &node->as.call.fn);
    LLVMValueRef argc = cg_word(cg, n);
    LLVMValueRef sp = push_frame(p, node->as.call.frame);
    LLVMBasicBlockRef on = func_begin_cold(p, is_not_closure(p, fn), "no.procedure");
    func_store_site(p, node->span);
    func_tail_call(p, cg_entry(cg, ENTRY_tt_call_non_procedure)->fn, sp, fn, argc, args, n);
    func_enter_block(p, on);
    func_tail_call(p, code_of_closure(p, fn), sp, fn, argc, args, n);
}

static void emit_return(Point *p, const Clo *node)
{
    Cg *cg = p->cg;
    LLVMValueRef value = expr_atom(p, &node->as.ret.value);
    LLVMValueRef code = LLVMBuildLoad2(cg->builder, cg->ptr, p->sp, "return");
    func_tail_call(p, code, p->sp, NULL, NULL, &value, 1);
}

/* -- the walk ----------------------------------------------------------------------------- */

/* One node. False: the path ended, or goes on in work. */
static bool emit_node(Point *p, const Clo *node)
{
    switch (node->kind) {
    case CLO_PRIM: emit_prim(p, node); return true;
    case CLO_GLOBAL: emit_global(p, node); return true;
    case CLO_DEFINE: emit_define(p, node); return true;
    case CLO_CLOSURES: alloc_closures(p, node); return true;
    case CLO_JOIN: begin_join(p, node); return true;
    case CLO_IF: emit_if(p, node); return false;
    case CLO_JUMP: emit_jump(p, node); return false;
    case CLO_JUMP_CODE:
    case CLO_CALL_CODE: emit_known_call(p, node); return false;
    case CLO_TAIL_CALL:
    case CLO_CALL: emit_unknown_call(p, node); return false;
    case CLO_RETURN: emit_return(p, node); return false;
    }
    ICE("clo node %d", (int)node->kind);
}

static void emit_path(Point *p, const Clo *node)
{
    for (;; node = node->body) {
        debug_location(p, node->span);
        p->proc = node->proc ? node->proc : p->code->name;
        if (!emit_node(p, node)) return;
    }
}

/* Puts the builder where `work` begins. False: a join that nothing jumps to. */
static bool begin_work(Point *p, const Work *work)
{
    p->hp = work->hp;
    if (work->join) {
        CgJoin *join = work->join->cg;
        if (!join->n_incoming) {
            LLVMDeleteBasicBlock(join->block);
            return false;
        }
        p->hp = join->hp;
    }
    func_enter_block(p, work->block);
    return true;
}

void expr_emit_body(Point *p)
{
    emit_path(p, p->code->body);
    while (p->work.count) {
        Work work = vec_pop(&p->work);
        if (begin_work(p, &work)) emit_path(p, work.node);
    }
}
