/* Emits the code points that points.c found, each when something first refers
 * to it. Within a point, variables and blocks map one to one. */
#include "ir/closure_convert.h"

#include "ir/frame_layout.h"
#include "ir/points.h"
#include "ir/prim.h"
#include "rt/abi/word.h"

typedef struct EmitItem {
    Cps *from;
    Clo **to;
} EmitItem;

/* A code point whose body is still to be emitted. */
typedef struct PendingCode {
    Point *point;
    CloCode *code;
} PendingCode;

/* A CLOSURE whose slots still lack the codes of the closures they hold. */
typedef struct PendingSlots {
    CpsFun *fun;
    CloCode *code;
} PendingSlots;

typedef struct Convert {
    CpsProgram *program;
    Arena *arena;
    VEC(CloCode *) codes;
    VEC(PendingCode) pending;
    VEC(PendingSlots) pending_slots;
    size_t n_done, n_slots_done;
    VEC(EmitItem) work; /* terms of the current code */
    Point *point;       /* being emitted */
    CloCode *code;
    uint32_t next_var, next_join; /* ids in this code */
} Convert;

/* -- code points -------------------------------------------------------- */

static Symbol *code_name(Convert *c, const CpsFun *fun, const Cps *body)
{
    if (fun->name) return fun->name;
    if (body && body->proc) return body->proc;
    return symbol_of(c->program->compilation->symbols, "lambda");
}

static CloCode *new_code(Convert *c, CloCodeKind kind, CpsFun *fun, const Cps *body, Span span)
{
    CloCode *code = ARENA_NEW(c->arena, CloCode);
    code->kind = kind;
    code->name = code_name(c, fun, body);
    code->span = span;
    code->is_library = fun->is_library;
    vec_push(c->arena, &c->codes, code);
    return code;
}

static void check_params(Convert *c, const Point *point)
{
    if (!point->clause || point->clause->n_params + point->live.count <= TT_MAX_DIRECT_ARGS) return;
    diag_error(c->program->compilation->diag, point->fun->span,
               "a procedure cannot have more than %d parameters", TT_MAX_DIRECT_ARGS);
    diag_stop(c->program->compilation->diag);
}

static CloCode *direct_code(Convert *c, Point *point)
{
    if (point->direct) return point->direct;
    check_params(c, point);
    const Cps *body = point->clause ? point->clause->body : point->cont->body;
    Span span = point->clause ? point->fun->span : point->cont->span;
    point->direct = new_code(c, CLO_CODE_DIRECT, point->fun, body, span);
    point->direct->checks_stack = point->clause || point->cont->is_loop;
    PendingCode pending = {point, point->direct};
    vec_push(c->arena, &c->pending, pending);
    return point->direct;
}

/* The return point for `cont`; in reports it is the place of `call`, the one that
 * first uses it. */
static CloCode *return_code(Convert *c, CpsCont *cont, const Cps *call)
{
    Point *point = cont_info(cont)->point;
    if (point->ret) return point->ret;
    frame_layout(c->arena, point, c->code->kind == CLO_CODE_RETURN ? c->point : NULL);
    point->ret = new_code(c, CLO_CODE_RETURN, point->fun, cont->body, call->span);
    if (call->proc) point->ret->name = call->proc;
    if (call->span.source) point->ret->is_library = call->span.source->is_system;
    point->ret->n_slots = point->n_frame;
    point->ret->place = cont->place;
    point->ret->place_fun = point->fun->name;
    PendingCode pending = {point, point->ret};
    vec_push(c->arena, &c->pending, pending);
    return point->ret;
}

static bool needs_self(const CpsFun *fun) { return fun_info((CpsFun *)fun)->rep == FUN_CLOSURE; }

static CloClass class_of(const CpsVar *var)
{
    return var->fun && fun_info(var->fun)->is_trusted ? CLASS_CODE : var_info((CpsVar *)var)->class;
}

static CloCode *closure_code(Convert *c, CpsFun *fun)
{
    FunInfo *info = fun_info(fun);
    if (info->code) return info->code;
    CloCode *code = info->code = new_code(c, CLO_CODE_CLOSURE, fun, fun->clauses[0]->body, fun->span);
    code->n_free = (uint32_t)info->slots.count;
    code->free_classes = ARENA_ARRAY(c->arena, CloClass, code->n_free + 1);
    for (uint32_t i = 0; i < code->n_free; i++)
        code->free_classes[i] = class_of(info->slots.items[i]);
    PendingSlots pending = {fun, code};
    vec_push(c->arena, &c->pending_slots, pending);
    code->n_clauses = fun->n_clauses;
    code->clauses = ARENA_ARRAY(c->arena, CloArity, fun->n_clauses);
    for (uint32_t i = 0; i < fun->n_clauses; i++) {
        CpsClause *clause = fun->clauses[i];
        code->clauses[i].has_rest = clause->has_rest;
        code->clauses[i].n_required = clause->n_params - (clause->has_rest ? 1 : 0);
        code->clauses[i].direct = direct_code(c, clause_point(clause));
    }
    return code;
}

/* -- variables ---------------------------------------------------------- */

/* Later than the classes, so that closures in slots of closures take no recursion. */
static void set_free_codes(Convert *c, CpsFun *fun, CloCode *code)
{
    code->free_codes = ARENA_ARRAY(c->arena, CloCode *, code->n_free + 1);
    for (uint32_t i = 0; i < code->n_free; i++)
        if (code->free_classes[i] == CLASS_CODE)
            code->free_codes[i] = closure_code(c, fun_info(fun)->slots.items[i]->fun);
}

static CloVar *new_var(Convert *c, CpsVar *from, CloClass class)
{
    CloVar *var = ARENA_NEW(c->arena, CloVar);
    var->id = c->next_var++;
    var->class = class;
    if (class == CLASS_CODE) var->code = closure_code(c, from->fun);
    if (from) {
        var->name = from->name;
        var_info(from)->clo = var;
        var_info(from)->seen_in = c->point;
    }
    return var;
}

static CloVar *bind_var(Convert *c, CpsVar *from) { return from ? new_var(c, from, class_of(from)) : NULL; }

static CloAtom code_atom(CloCode *code) { return (CloAtom){ATOM_CODE, {.code = code}}; }

static CloAtom var_atom(Convert *c, CpsVar *var)
{
    VarInfo *info = var_info(var);
    if (info->is_constant) return code_atom(closure_code(c, var->fun));
    if (info->seen_in != c->point)
        ICE("closure_convert: variable %u is not live in %s", var->id, c->code->name->text);
    return (CloAtom){ATOM_VAR, {.var = info->clo}};
}

static CloAtom atom_of(Convert *c, CpsAtom atom)
{
    switch (atom.kind) {
    case CPS_VAR: return var_atom(c, atom.as.var);
    case CPS_CONST: return (CloAtom){ATOM_CONST, {.datum = atom.as.datum}};
    case CPS_PROC: return (CloAtom){ATOM_PROC, {.proc = atom.as.proc}};
    }
    ICE("closure_convert: bad atom");
}

static CloAtom *atoms_of(Convert *c, const CpsAtom *atoms, uint32_t n)
{
    CloAtom *out = ARENA_ARRAY(c->arena, CloAtom, n + 1);
    for (uint32_t i = 0; i < n; i++)
        out[i] = atom_of(c, atoms[i]);
    return out;
}

/* -- emitting ----------------------------------------------------------- */

static Clo *new_clo(Convert *c, CloKind kind, const Cps *from)
{
    Clo *clo = ARENA_NEW(c->arena, Clo);
    clo->kind = kind;
    if (from) {
        clo->span = from->span;
        if (from->proc != c->code->name) clo->proc = from->proc;
    }
    return clo;
}

static void emit_later(Convert *c, Cps *from, Clo **to)
{
    EmitItem item = {from, to};
    vec_push(c->arena, &c->work, item);
}

static CloFrame *frame_for(Convert *c, CpsCont *cont, const Cps *call)
{
    CloFrame *frame = ARENA_NEW(c->arena, CloFrame);
    frame->ret = return_code(c, cont, call);
    const Point *point = cont_info(cont)->point;
    frame->n_slots = point->n_frame;
    frame->slots = ARENA_ARRAY(c->arena, CloAtom, point->n_frame + 1);
    for (uint32_t i = 0; i < point->n_frame; i++)
        frame->slots[i] = var_atom(c, point->frame[i]);
    return frame;
}

/* Arguments for the direct code of `point`: `args`, then its live variables,
 * unless they come in its closure. */
static void set_direct_args(Convert *c, Clo *clo, Point *point, const CpsAtom *args, uint32_t n_args)
{
    bool has_live = !point->clause || !needs_self(point->fun);
    uint32_t n_live = has_live ? (uint32_t)point->live.count : 0;
    clo->as.code.code = direct_code(c, point);
    clo->as.code.n_args = n_args + n_live;
    clo->as.code.args = ARENA_ARRAY(c->arena, CloAtom, n_args + n_live + 1);
    for (uint32_t i = 0; i < n_args; i++)
        clo->as.code.args[i] = atom_of(c, args[i]);
    for (uint32_t i = 0; i < n_live; i++)
        clo->as.code.args[n_args + i] = var_atom(c, point->live.items[i]);
}

static Clo *emit_jump(Convert *c, Cps *term)
{
    CpsCont *cont = term->as.jump.cont;
    if (!cont->body) {
        Clo *clo = new_clo(c, CLO_RETURN, term);
        clo->as.ret.value = atom_of(c, term->as.jump.args[0]);
        return clo;
    }
    if (cont_info(cont)->is_block) {
        Clo *clo = new_clo(c, CLO_JUMP, term);
        clo->as.jump.join = cont_info(cont)->join;
        clo->as.jump.n_args = term->as.jump.n_args;
        clo->as.jump.args = atoms_of(c, term->as.jump.args, term->as.jump.n_args);
        return clo;
    }
    Clo *clo = new_clo(c, CLO_JUMP_CODE, term);
    set_direct_args(c, clo, cont_info(cont)->point, term->as.jump.args, term->as.jump.n_args);
    return clo;
}

static Clo *emit_call(Convert *c, Cps *term)
{
    CpsCont *cont = term->as.call.cont;
    Clo *clo = new_clo(c, cont->body ? CLO_CALL : CLO_TAIL_CALL, term);
    clo->as.call.fn = atom_of(c, term->as.call.fn);
    clo->as.call.n_args = term->as.call.n_args;
    clo->as.call.args = atoms_of(c, term->as.call.args, term->as.call.n_args);
    clo->as.call.frame = cont->body ? frame_for(c, cont, term) : NULL;
    return clo;
}

/* The closure is passed when the clause has live variables: they are in it. */
static Clo *emit_known(Convert *c, Cps *term)
{
    CpsCont *cont = term->as.known.cont;
    CpsClause *clause = term->as.known.clause;
    Point *point = clause_point(clause);
    Clo *clo = new_clo(c, cont->body ? CLO_CALL_CODE : CLO_JUMP_CODE, term);
    set_direct_args(c, clo, point, term->as.known.args, term->as.known.n_args);
    if (needs_self(clause->fun) && point->live.count) {
        clo->as.code.has_self = true;
        clo->as.code.self = var_atom(c, clause->fun->var);
    }
    clo->as.code.frame = cont->body ? frame_for(c, cont, term) : NULL;
    return clo;
}

/* The closures among the functions; NULL when there is none to allocate. */
static Clo *emit_fix(Convert *c, Cps *term)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < term->as.fix.n; i++)
        n += needs_self(term->as.fix.funs[i]);
    if (!n) return NULL;
    Clo *clo = new_clo(c, CLO_CLOSURES, term);
    clo->as.closures.n = n;
    clo->as.closures.items = ARENA_ARRAY(c->arena, CloClosure, n);
    n = 0;
    for (uint32_t i = 0; i < term->as.fix.n; i++)
        if (needs_self(term->as.fix.funs[i]))
            clo->as.closures.items[n++].var = bind_var(c, term->as.fix.funs[i]->var);
    n = 0;
    for (uint32_t i = 0; i < term->as.fix.n; i++) {
        CpsFun *fun = term->as.fix.funs[i];
        if (!needs_self(fun)) continue;
        CloClosure *item = &clo->as.closures.items[n++];
        const CpsVarVec *slots = &fun_info(fun)->slots;
        item->code = closure_code(c, fun);
        item->n_slots = (uint32_t)slots->count;
        item->slots = ARENA_ARRAY(c->arena, CloAtom, slots->count + 1);
        for (size_t s = 0; s < slots->count; s++)
            item->slots[s] = var_atom(c, slots->items[s]);
    }
    return clo;
}

static Clo *new_join(Convert *c, CpsCont *cont)
{
    Clo *clo = new_clo(c, CLO_JOIN, cont->body);
    CloJoin *join = ARENA_NEW(c->arena, CloJoin);
    join->id = c->next_join++;
    join->n_params = cont->n_params;
    join->params = ARENA_ARRAY(c->arena, CloVar *, cont->n_params + 1);
    for (uint32_t i = 0; i < cont->n_params; i++)
        join->params[i] = bind_var(c, cont->params[i]);
    cont_info(cont)->join = join;
    clo->as.join.join = join;
    emit_later(c, cont->body, &clo->as.join.join_body);
    return clo;
}

/* Blocks of this point; other continuations have code of their own, emitted
 * when it is referred to. */
static Clo **emit_conts(Convert *c, Cps *term, Clo **to)
{
    for (uint32_t i = 0; i < term->as.cont.n; i++) {
        CpsCont *cont = term->as.cont.conts[i];
        if (!cont_info(cont)->is_block || cont_info(cont)->is_sunk) continue;
        Clo *clo = new_join(c, cont);
        *to = clo;
        to = &clo->body;
    }
    return to;
}

static Clo *emit_if(Convert *c, Cps *term)
{
    Clo *clo = new_clo(c, CLO_IF, term);
    clo->as.branch.is_truth = term->as.branch.is_truth;
    clo->as.branch.id = term->as.branch.id;
    clo->as.branch.n_args = term->as.branch.n_args;
    clo->as.branch.args = atoms_of(c, term->as.branch.args, term->as.branch.n_args);
    emit_later(c, term->as.branch.otherwise, &clo->as.branch.otherwise);
    emit_later(c, term->as.branch.then, &clo->as.branch.then);
    return clo;
}

/* NULL when nothing wants the value and there is no effect. */
static Clo *emit_prim(Convert *c, Cps *term)
{
    bool is_used = term->as.prim.var && term->as.prim.var->n_uses;
    if (!is_used && prim_is_droppable(term->as.prim.id)) return NULL;
    Clo *clo = new_clo(c, CLO_PRIM, term);
    clo->as.prim.id = term->as.prim.id;
    clo->as.prim.n_args = term->as.prim.n_args;
    clo->as.prim.args = atoms_of(c, term->as.prim.args, term->as.prim.n_args);
    clo->as.prim.var = is_used ? bind_var(c, term->as.prim.var) : NULL;
    return clo;
}

static Clo *emit_global(Convert *c, Cps *term)
{
    Clo *clo = new_clo(c, CLO_GLOBAL, term);
    clo->as.global.global = term->as.global.global;
    clo->as.global.is_safe = term->as.global.is_safe;
    clo->as.global.var = bind_var(c, term->as.global.var);
    return clo;
}

static Clo *emit_define(Convert *c, Cps *term)
{
    Clo *clo = new_clo(c, CLO_DEFINE, term);
    clo->as.define.global = term->as.define.global;
    clo->as.define.value = atom_of(c, term->as.define.value);
    return clo;
}

static void emit_term(Convert *c, Cps *term, Clo **to)
{
    while (term) {
        Clo *clo = NULL;
        switch (term->kind) {
        case CPS_PRIM: clo = emit_prim(c, term); break;
        case CPS_GLOBAL: clo = emit_global(c, term); break;
        case CPS_DEFINE: clo = emit_define(c, term); break;
        case CPS_FIX: clo = emit_fix(c, term); break;
        case CPS_CONT: to = emit_conts(c, term, to); break;
        case CPS_IF: clo = emit_if(c, term); break;
        case CPS_JUMP: clo = emit_jump(c, term); break;
        case CPS_CALL: clo = emit_call(c, term); break;
        case CPS_KNOWN: clo = emit_known(c, term); break;
        }
        if (clo) {
            *to = clo;
            to = &clo->body;
        }
        term = term->body;
    }
}

/* -- bodies ------------------------------------------------------------- */

static void bind_params(Convert *c, CpsVar **params, uint32_t n_params, const CpsVarVec *live)
{
    CloCode *code = c->code;
    uint32_t n_live = live ? (uint32_t)live->count : 0;
    code->n_params = n_params + n_live;
    code->params = ARENA_ARRAY(c->arena, CloVar *, code->n_params + 1);
    for (uint32_t i = 0; i < n_params; i++)
        code->params[i] = bind_var(c, params[i]);
    for (uint32_t i = 0; i < n_live; i++)
        code->params[n_params + i] = bind_var(c, live->items[i]);
}

static bool is_in(const CpsVarVec *vars, const CpsVar *var)
{
    for (size_t i = 0; i < vars->count; i++)
        if (vars->items[i] == var) return true;
    return false;
}

/* Parameters of a clause that finds its free variables in its closure. */
static void bind_closure(Convert *c, Point *point)
{
    CloCode *code = c->code;
    const CpsVarVec *slots = &fun_info(point->fun)->slots;
    bind_params(c, point->clause->params, point->clause->n_params, NULL);
    if (!point->live.count) return;
    code->self = bind_var(c, point->fun->var);
    code->n_self_free = (uint32_t)slots->count;
    code->free = ARENA_ARRAY(c->arena, CloVar *, slots->count + 1);
    for (size_t i = 0; i < slots->count; i++)
        if (is_in(&point->live, slots->items[i])) code->free[i] = bind_var(c, slots->items[i]);
}

static void bind_direct(Convert *c, Point *point)
{
    if (point->cont)
        bind_params(c, point->cont->params, point->cont->n_params, &point->live);
    else if (needs_self(point->fun))
        bind_closure(c, point);
    else
        bind_params(c, point->clause->params, point->clause->n_params, &point->live);
}

/* A return point has exactly one parameter, also for a value nobody wants. */
static void bind_return(Convert *c, Point *point)
{
    CloCode *code = c->code;
    code->n_params = 1;
    code->params = ARENA_NEW(c->arena, CloVar *);
    code->params[0] = new_var(c, point->cont->n_params ? point->cont->params[0] : NULL, CLASS_ANY);
    code->slots = ARENA_ARRAY(c->arena, CloVar *, code->n_slots + 1);
    for (uint32_t i = 0; i < code->n_slots; i++)
        code->slots[i] = bind_var(c, point->frame[i]);
}

/* A continuation with code of its own that is also jumped to: the return point
 * only goes on there. */
static bool is_return_stub(const Point *point, const CloCode *code)
{
    return code->kind == CLO_CODE_RETURN && (point->cont->n_jumps || point->cont->is_loop);
}

static void emit_stub(Convert *c, Point *point)
{
    Clo *clo = new_clo(c, CLO_JUMP_CODE, point->cont->body);
    CpsAtom value = cps_var(point->cont->params[0]);
    set_direct_args(c, clo, point, &value, 1);
    c->code->body = clo;
}

static void emit_body(Convert *c, Point *point)
{
    Clo **to = &c->code->body;
    for (size_t i = 0; i < point->blocks.count; i++) {
        Clo *clo = new_join(c, point->blocks.items[i]);
        *to = clo;
        to = &clo->body;
    }
    emit_later(c, point->cont ? point->cont->body : point->clause->body, to);
    while (c->work.count) {
        EmitItem item = vec_pop(&c->work);
        emit_term(c, item.from, item.to);
    }
}

/* One CpsCont or CpsClause body may be emitted twice, as RETURN and DIRECT:
 * never, as then the RETURN is a stub. So VarInfo.seen_in = point is enough. */
static void emit_code(Convert *c, Point *point, CloCode *code)
{
    c->point = point;
    c->code = code;
    c->next_var = c->next_join = 1;
    if (code->kind == CLO_CODE_RETURN)
        bind_return(c, point);
    else
        bind_direct(c, point);
    if (is_return_stub(point, code))
        emit_stub(c, point);
    else
        emit_body(c, point);
}

/* -- the program -------------------------------------------------------- */

static CloCode *static_closure(Convert *c, CpsAtom atom)
{
    if (atom.kind != CPS_VAR || !atom.as.var->fun || !var_info(atom.as.var)->is_constant)
        ICE("closure_convert: an entry of the program is no closed procedure");
    return closure_code(c, atom.as.var->fun);
}

static void number_codes(Convert *c)
{
    for (size_t i = 0; i < c->codes.count; i++)
        c->codes.items[i]->index = (uint32_t)i;
}

static void convert_next(Convert *c)
{
    if (c->n_slots_done < c->pending_slots.count) {
        PendingSlots slots = c->pending_slots.items[c->n_slots_done++];
        set_free_codes(c, slots.fun, slots.code);
        return;
    }
    PendingCode pending = c->pending.items[c->n_done++];
    emit_code(c, pending.point, pending.code);
}

CloProgram *closure_convert(CpsProgram *program)
{
    Arena *arena = program->compilation->arena, *scratch = arena_scratch(arena);
    points_find(program, scratch);
    Convert c = {.program = program, .arena = arena};
    CloProgram *clo = ARENA_NEW(arena, CloProgram);
    clo->name = program->name;
    clo->n_globals = program->n_globals;
    clo->globals = program->globals;
    clo->main = closure_code(&c, program->main);
    clo->hooks = ARENA_ARRAY(arena, CloAtom, CLO_N_HOOKS);
    for (unsigned i = 0; program->hooks && i < CLO_N_HOOKS; i++)
        clo->hooks[i] = code_atom(static_closure(&c, program->hooks[i]));
    while (c.n_done < c.pending.count || c.n_slots_done < c.pending_slots.count)
        convert_next(&c);
    number_codes(&c);
    clo->n_codes = (uint32_t)c.codes.count;
    clo->codes = c.codes.items;
    arena_free(scratch);
    return clo;
}
