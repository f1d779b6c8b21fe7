/* Core to CPS: one function per way a value is wanted.
 *
 *   lower_value   the value as an atom, for operands
 *   lower_effect  no value
 *   lower_tail    the value goes to a continuation
 *   lower_branch  the value decides between two continuations
 *
 * Terms are written through `hole`, the place of the next term. A call in the
 * middle of an expression binds a continuation whose body is the new hole, so
 * the code that follows needs no nesting here. */
#include "ir/from_core.h"

#include "ir/core_walk.h"
#include "ir/letrec.h"
#include "ir/prim.h"
#include "ir/shake.h"

/* Nodes of Core in one piece of the top level. */
#define CHUNK_NODES 2000
/* Arguments of a call that are passed one by one. */
#define CALL_ARGS_MAX 128

typedef struct Local {
    CpsAtom atom;
    bool is_boxed; /* a box: letrec variable that is used before its definition */
    bool is_bound;
} Local;

/* Global.ir while this file runs. */
typedef struct GlobalInfo {
    enum { GLOBAL_SLOT, GLOBAL_ATOM } kind;
    CpsAtom atom;        /* its value, known when compiling */
    bool is_resolving;
} GlobalInfo;

typedef struct Lower {
    CpsProgram *program;
    Arena *arena;
    VEC(Local) locals;          /* by Var.id */
    CpsFun *wrappers[N_PRIMS];  /* of primitives as values */
    Cps **hole;
    Symbol *proc;               /* the procedure around the code being lowered */
    bool library_is_defined;    /* the definitions of lib-scm have run */
} Lower;

static CpsAtom lower_value(Lower *l, Core *core);
static void lower_effect(Lower *l, Core *core);
static void lower_tail(Lower *l, Core *core, CpsCont *k);
static void lower_branch(Lower *l, Core *test, CpsCont *then, CpsCont *otherwise);

/* -- emitting ----------------------------------------------------------- */

/* Puts a term into the hole; the hole moves behind it. */
static Cps *emit(Lower *l, CpsKind kind, Span span)
{
    Cps *term = cps_new(l->program, kind, span, l->proc);
    *l->hole = term;
    l->hole = cps_has_body(term) ? &term->body : NULL;
    return term;
}

static CpsVar *emit_prim(Lower *l, Span span, PrimId id, CpsAtom *args, uint32_t n_args)
{
    Cps *term = emit(l, CPS_PRIM, span);
    term->as.prim.id = id;
    term->as.prim.args = args;
    term->as.prim.n_args = n_args;
    term->as.prim.var = cps_new_var(l->program, NULL);
    return term->as.prim.var;
}

static CpsVar *emit_prim1(Lower *l, Span span, PrimId id, CpsAtom arg)
{
    CpsAtom *args = cps_new_atoms(l->program, 1);
    args[0] = arg;
    return emit_prim(l, span, id, args, 1);
}

static void emit_jump(Lower *l, Span span, CpsCont *cont, const CpsAtom *arg)
{
    Cps *term = emit(l, CPS_JUMP, span);
    term->as.jump.cont = cont;
    term->as.jump.n_args = arg ? 1 : 0;
    term->as.jump.args = cps_new_atoms(l->program, 1);
    if (arg)
        term->as.jump.args[0] = *arg;
}

static void emit_call(Lower *l, Span span, CpsAtom fn, CpsAtom *args, uint32_t n_args, CpsCont *cont)
{
    Cps *term = emit(l, CPS_CALL, span);
    term->as.call.fn = fn;
    term->as.call.args = args;
    term->as.call.n_args = n_args;
    term->as.call.cont = cont;
}

/* Binds a continuation and goes on in the code that may use it. */
static CpsCont *emit_cont(Lower *l, Span span, uint32_t n_params)
{
    CpsCont *cont = cps_new_cont(l->program, NULL, span, n_params);
    for (uint32_t i = 0; i < n_params; i++)
        cont->params[i] = cps_new_var(l->program, NULL);
    Cps *term = emit(l, CPS_CONT, span);
    term->as.cont.n = 1;
    term->as.cont.conts = ARENA_NEW(l->arena, CpsCont *);
    term->as.cont.conts[0] = cont;
    return cont;
}

static Cps *emit_if(Lower *l, Span span, bool is_truth, PrimId id, CpsAtom *args, uint32_t n_args)
{
    Cps *term = emit(l, CPS_IF, span);
    term->as.branch.is_truth = is_truth;
    term->as.branch.id = id;
    term->as.branch.args = args;
    term->as.branch.n_args = n_args;
    return term;
}

/* -- variables ---------------------------------------------------------- */

static void bind_local(Lower *l, const Var *var, CpsAtom atom, bool is_boxed)
{
    while (l->locals.count <= var->id)
        vec_push(l->arena, &l->locals, (Local){0});
    l->locals.items[var->id] = (Local){atom, is_boxed, true};
}

/* `var` names the value in dumps and in the debugger, unless it has a name. */
static void bind_value(Lower *l, const Var *var, CpsAtom atom)
{
    if (atom.kind == CPS_VAR && !atom.as.var->name)
        atom.as.var->name = var->name;
    bind_local(l, var, atom, false);
}

static CpsVar *bind_param(Lower *l, const Var *var)
{
    CpsVar *param = cps_new_var(l->program, var->name);
    bind_local(l, var, cps_var(param), false);
    return param;
}

static CpsAtom lower_local(Lower *l, const Core *core)
{
    const Var *var = core->as.local;
    if (var->id >= l->locals.count || !l->locals.items[var->id].is_bound)
        ICE("from_core: variable %s.%u is not bound", var->name->text, var->id);
    Local local = l->locals.items[var->id];
    return local.is_boxed ? cps_var(emit_prim1(l, core->span, PRIM_UNBOX, local.atom)) : local.atom;
}

/* -- globals ------------------------------------------------------------ */

static bool global_is_library(const Global *global)
{
    return global->module[0] == 'l';
}

/* A global function without its bodies. */
static CpsFun *declare_fun(Lower *l, Global *global)
{
    Core *lambda = global->value;
    CpsFun *fun = cps_new_fun(l->program, global->name, global->span, lambda->as.lambda.n_clauses);
    fun->global = global;
    fun->is_top = true;
    fun->is_inline = global->is_inline;
    fun->is_library = global_is_library(global);
    vec_push(l->arena, &l->program->funs, fun);
    return fun;
}

static CpsFun *prim_wrapper(Lower *l, PrimId id);

/* Decides how a global is represented: by its value when that is known, else
 * by a slot. Follows definitions like (define f car) and (define g f). */
static void resolve_global(Lower *l, Global *global)
{
    if (global->ir)
        return;
    GlobalInfo *info = ARENA_NEW(l->arena, GlobalInfo);
    global->ir = info;
    info->kind = GLOBAL_SLOT;
    if (!global->value)
        return;
    switch (global->value->kind) {
    case CORE_LAMBDA: info->atom = cps_var(declare_fun(l, global)->var); break;
    case CORE_CONST: info->atom = cps_const(global->value->as.datum); break;
    case CORE_PROC: info->atom = cps_proc(global->value->as.proc); break;
    case CORE_PRIM_REF: info->atom = cps_var(prim_wrapper(l, global->value->as.prim_ref)->var); break;
    case CORE_GLOBAL: {
        info->is_resolving = true;
        resolve_global(l, global->value->as.global);
        info->is_resolving = false;
        const GlobalInfo *other = global->value->as.global->ir;
        if (other->is_resolving || other->kind == GLOBAL_SLOT)
            return;
        info->atom = other->atom;
        break;
    }
    default: return;
    }
    info->kind = GLOBAL_ATOM;
}

static CpsAtom lower_global(Lower *l, const Core *core)
{
    Global *global = core->as.global;
    resolve_global(l, global);
    const GlobalInfo *info = global->ir;
    if (info->kind == GLOBAL_ATOM)
        return info->atom;
    Cps *term = emit(l, CPS_GLOBAL, core->span);
    term->as.global.global = global;
    term->as.global.var = cps_new_var(l->program, global->name);
    /* A definition of the program in front of this place need not have run: a continuation of the top level may
     * go on in another run, before it. */
    term->as.global.is_safe = global->value && l->library_is_defined && global_is_library(global);
    return cps_var(term->as.global.var);
}

/* -- functions ---------------------------------------------------------- */

static void lower_clause(Lower *l, CpsFun *fun, uint32_t index, CoreClause *from)
{
    uint32_t n_params = from->n_params + (from->rest ? 1 : 0);
    CpsClause *clause = cps_new_clause(l->program, fun, index, n_params, from->rest != NULL);
    for (uint32_t i = 0; i < from->n_params; i++)
        clause->params[i] = bind_param(l, from->params[i]);
    if (from->rest)
        clause->params[n_params - 1] = bind_param(l, from->rest);
    l->hole = &clause->body;
    lower_tail(l, from->body, clause->ret);
}

static void lower_clauses(Lower *l, CpsFun *fun, Core *lambda)
{
    Cps **hole = l->hole;
    Symbol *proc = l->proc;
    if (fun->name)
        l->proc = fun->name;
    for (uint32_t i = 0; i < lambda->as.lambda.n_clauses; i++)
        lower_clause(l, fun, i, &lambda->as.lambda.clauses[i]);
    l->hole = hole;
    l->proc = proc;
}

static CpsFun *new_local_fun(Lower *l, Core *lambda, Symbol *name)
{
    if (lambda->as.lambda.name)
        name = lambda->as.lambda.name;
    CpsFun *fun = cps_new_fun(l->program, name, lambda->span, lambda->as.lambda.n_clauses);
    fun->is_library = lambda->span.source && lambda->span.source->is_system;
    return fun;
}

static Cps *emit_fix(Lower *l, Span span, uint32_t n)
{
    Cps *term = emit(l, CPS_FIX, span);
    term->as.fix.n = n;
    term->as.fix.funs = ARENA_ARRAY(l->arena, CpsFun *, n);
    return term;
}

static CpsAtom lower_lambda(Lower *l, Core *core, Symbol *name)
{
    CpsFun *fun = new_local_fun(l, core, name);
    emit_fix(l, core->span, 1)->as.fix.funs[0] = fun;
    lower_clauses(l, fun, core);
    return cps_var(fun->var);
}

/* The procedure that is a primitive's value; one for the whole program. */
static CpsFun *prim_wrapper(Lower *l, PrimId id)
{
    if (l->wrappers[id])
        return l->wrappers[id];
    Span span = {0};
    uint32_t n = (uint32_t)prim_infos[id].min_args;
    Symbol *name = symbol_of(l->program->compilation->symbols, prim_infos[id].name);
    CpsFun *fun = cps_new_fun(l->program, name, span, 1);
    fun->is_top = true;
    fun->is_inline = true;
    fun->is_library = true;
    CpsClause *clause = cps_new_clause(l->program, fun, 0, n, false);
    CpsAtom *args = cps_new_atoms(l->program, n);
    for (uint32_t i = 0; i < n; i++) {
        clause->params[i] = cps_new_var(l->program, NULL);
        args[i] = cps_var(clause->params[i]);
    }
    Cps **hole = l->hole;
    Symbol *proc = l->proc;
    l->hole = &clause->body;
    l->proc = name;
    CpsAtom result = cps_var(emit_prim(l, span, id, args, n));
    emit_jump(l, span, clause->ret, &result);
    l->hole = hole;
    l->proc = proc;
    vec_push(l->arena, &l->program->funs, fun);
    l->wrappers[id] = fun;
    return fun;
}

/* -- bindings ----------------------------------------------------------- */

static CpsAtom lower_named(Lower *l, Core *init, const Var *var)
{
    return init->kind == CORE_LAMBDA ? lower_lambda(l, init, var->name) : lower_value(l, init);
}

static void lower_let(Lower *l, Core *core)
{
    uint32_t n = core->as.let.n_vars;
    CpsAtom *atoms = cps_new_atoms(l->program, n);
    for (uint32_t i = 0; i < n; i++)
        atoms[i] = lower_named(l, core->as.let.inits[i], core->as.let.vars[i]);
    for (uint32_t i = 0; i < n; i++)
        bind_value(l, core->as.let.vars[i], atoms[i]);
}

static bool is_lambda(const Core *core)
{
    return core->kind == CORE_LAMBDA;
}

/* Boxes for the variables of a group that are no lambdas: others of the group
 * name them before their values exist. */
static void bind_boxes(Lower *l, const Core *letrec, const LetrecGroup *group)
{
    for (uint32_t i = 0; i < group->n; i++) {
        const Var *var = letrec->as.let.vars[group->members[i]];
        if (is_lambda(letrec->as.let.inits[group->members[i]]))
            continue;
        CpsVar *unbound = emit_prim(l, letrec->span, PRIM_UNBOUND, NULL, 0);
        CpsVar *box = emit_prim1(l, letrec->span, PRIM_BOX, cps_var(unbound));
        box->name = var->name;
        bind_local(l, var, cps_var(box), true);
    }
}

static void lower_group_lambdas(Lower *l, const Core *letrec, const LetrecGroup *group)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < group->n; i++)
        n += is_lambda(letrec->as.let.inits[group->members[i]]);
    if (!n)
        return;
    Cps *fix = emit_fix(l, letrec->span, n);
    n = 0;
    for (uint32_t i = 0; i < group->n; i++) {
        Core *init = letrec->as.let.inits[group->members[i]];
        const Var *var = letrec->as.let.vars[group->members[i]];
        if (!is_lambda(init))
            continue;
        CpsFun *fun = new_local_fun(l, init, NULL);
        fix->as.fix.funs[n++] = fun;
        bind_local(l, var, cps_var(fun->var), false);
    }
    n = 0;
    for (uint32_t i = 0; i < group->n; i++)
        if (is_lambda(letrec->as.let.inits[group->members[i]]))
            lower_clauses(l, fix->as.fix.funs[n++], letrec->as.let.inits[group->members[i]]);
}

static void lower_group(Lower *l, const Core *letrec, const LetrecGroup *group)
{
    if (!group->is_recursive && !is_lambda(letrec->as.let.inits[group->members[0]])) {
        uint32_t i = group->members[0];
        bind_value(l, letrec->as.let.vars[i], lower_value(l, letrec->as.let.inits[i]));
        return;
    }
    bind_boxes(l, letrec, group);
    lower_group_lambdas(l, letrec, group);
    for (uint32_t i = 0; i < group->n; i++) {
        uint32_t index = group->members[i];
        if (is_lambda(letrec->as.let.inits[index]))
            continue;
        CpsAtom *args = cps_new_atoms(l->program, 2);
        args[1] = lower_value(l, letrec->as.let.inits[index]);
        args[0] = l->locals.items[letrec->as.let.vars[index]->id].atom;
        emit_prim(l, letrec->span, PRIM_BOX_SET, args, 2);
    }
}

static void lower_letrec(Lower *l, Core *core)
{
    if (core->as.let.n_vars == 1 && is_lambda(core->as.let.inits[0])) { /* a named let: no analysis */
        uint32_t zero = 0;
        LetrecGroup group = {1, &zero, true};
        lower_group(l, core, &group);
        return;
    }
    Arena *scratch = arena_new();
    uint32_t n;
    LetrecGroup *groups = letrec_groups(scratch, core, &n);
    for (uint32_t i = 0; i < n; i++)
        lower_group(l, core, &groups[i]);
    arena_free(scratch);
}

static bool has_prefix(const Core *core)
{
    return core->kind == CORE_LET || core->kind == CORE_LETREC || core->kind == CORE_SEQ;
}

/* Lowers what a LET, LETREC or SEQ does before its result; returns the
 * expression of the result. */
static Core *lower_prefix(Lower *l, Core *core)
{
    if (core->kind == CORE_SEQ) {
        uint32_t last = core->as.seq.n_exprs - 1;
        for (uint32_t i = 0; i < last; i++)
            lower_effect(l, core->as.seq.exprs[i]);
        return core->as.seq.exprs[last];
    }
    if (core->kind == CORE_LET)
        lower_let(l, core);
    else
        lower_letrec(l, core);
    return core->as.let.body;
}

/* -- operands ----------------------------------------------------------- */

static CpsAtom *lower_args(Lower *l, Core **args, uint32_t n)
{
    CpsAtom *atoms = cps_new_atoms(l->program, n);
    for (uint32_t i = 0; i < n; i++)
        atoms[i] = lower_value(l, args[i]);
    return atoms;
}

static CpsVar *lower_prim(Lower *l, Core *core)
{
    CpsAtom *args = lower_args(l, core->as.prim.args, core->as.prim.n_args);
    return emit_prim(l, core->span, core->as.prim.id, args, core->as.prim.n_args);
}

/* A list of the values, last one first, so that few are alive at a time. */
static CpsAtom lower_list(Lower *l, Span span, Core **items, uint32_t n)
{
    Datum *nil = ARENA_NEW(l->arena, Datum);
    nil->kind = DATUM_NIL;
    CpsAtom list = cps_const(nil);
    for (uint32_t i = n; i-- > 0;) {
        CpsAtom *args = cps_new_atoms(l->program, 2);
        args[0] = lower_value(l, items[i]);
        args[1] = list;
        list = cps_var(emit_prim(l, span, PRIM_CONS, args, 2));
    }
    return list;
}

/* The clause of a known function that takes all its arguments as a list. */
static CpsClause *list_clause(CpsAtom fn)
{
    const CpsFun *fun = fn.kind == CPS_VAR ? fn.as.var->fun : NULL;
    bool fits = fun && fun->n_clauses == 1 && fun->clauses[0] && fun->clauses[0]->has_rest;
    return fits && fun->clauses[0]->n_params == 1 ? fun->clauses[0] : NULL;
}

/* A call with very many arguments: they go into a list. */
static void lower_large_call(Lower *l, Core *core, CpsCont *k)
{
    CpsAtom fn = lower_value(l, core->as.call.fn);
    CpsAtom list = lower_list(l, core->span, core->as.call.args, core->as.call.n_args);
    CpsClause *clause = list_clause(fn);
    CpsAtom *args = cps_new_atoms(l->program, 2);
    if (!clause) {
        args[0] = fn;
        args[1] = list;
        emit_call(l, core->span, cps_proc(PROC_APPLY), args, 2, k);
        return;
    }
    args[0] = list;
    Cps *term = emit(l, CPS_KNOWN, core->span);
    term->as.known.clause = clause;
    term->as.known.args = args;
    term->as.known.n_args = 1;
    term->as.known.cont = k;
}

static void lower_call(Lower *l, Core *core, CpsCont *k)
{
    if (core->as.call.n_args > CALL_ARGS_MAX) {
        lower_large_call(l, core, k);
        return;
    }
    CpsAtom fn = lower_value(l, core->as.call.fn);
    CpsAtom *args = lower_args(l, core->as.call.args, core->as.call.n_args);
    emit_call(l, core->span, fn, args, core->as.call.n_args, k);
}

/* Runs `core` in front of a new continuation of one parameter; goes on there. */
static CpsAtom lower_through_cont(Lower *l, Core *core)
{
    CpsCont *k = emit_cont(l, core->span, 1);
    lower_tail(l, core, k);
    l->hole = &k->body;
    return cps_var(k->params[0]);
}

static CpsAtom lower_value(Lower *l, Core *core)
{
    while (has_prefix(core))
        core = lower_prefix(l, core);
    switch (core->kind) {
    case CORE_CONST: return cps_const(core->as.datum);
    case CORE_LOCAL: return lower_local(l, core);
    case CORE_GLOBAL: return lower_global(l, core);
    case CORE_PROC: return cps_proc(core->as.proc);
    case CORE_PRIM_REF: return cps_var(prim_wrapper(l, core->as.prim_ref)->var);
    case CORE_PRIM: return cps_var(lower_prim(l, core));
    case CORE_LAMBDA: return lower_lambda(l, core, NULL);
    case CORE_CALL:
    case CORE_IF: return lower_through_cont(l, core);
    case CORE_DEFINE:
        lower_effect(l, core);
        return cps_void(l->program);
    default: ICE("from_core: unexpected node %d", core->kind);
    }
}

/* -- definitions -------------------------------------------------------- */

static void lower_define(Lower *l, Core *core)
{
    Global *global = core->as.define.global;
    resolve_global(l, global);
    GlobalInfo *info = global->ir;
    if (info->kind == GLOBAL_ATOM) {
        return; /* its value is code or a constant: nothing to do at run time */
    }
    CpsAtom value = lower_value(l, core->as.define.value);
    if (value.kind == CPS_VAR && !value.as.var->name)
        value.as.var->name = global->name;
    Cps *term = emit(l, CPS_DEFINE, core->span);
    term->as.define.global = global;
    term->as.define.value = value;
}

static void lower_effect(Lower *l, Core *core)
{
    while (has_prefix(core))
        core = lower_prefix(l, core);
    switch (core->kind) {
    case CORE_CONST:
    case CORE_LOCAL:
    case CORE_PROC:
    case CORE_PRIM_REF:
    case CORE_LAMBDA: break;
    case CORE_GLOBAL: lower_global(l, core); break;
    case CORE_PRIM: lower_prim(l, core); break;
    case CORE_DEFINE: lower_define(l, core); break;
    default: lower_through_cont(l, core); break;
    }
}

/* -- conditions --------------------------------------------------------- */

static bool is_constant(const Core *core, bool *truth_out)
{
    if (core->kind != CORE_CONST)
        return false;
    *truth_out = core->as.datum->kind != DATUM_BOOLEAN || core->as.datum->as.boolean;
    return true;
}

static bool is_local(const Core *core, const Var *var)
{
    return core->kind == CORE_LOCAL && core->as.local == var;
}

/* (let ((t a)) (if t t b)), what `or` expands to. */
static bool is_or(const Core *core)
{
    if (core->kind != CORE_LET || core->as.let.n_vars != 1 || core->as.let.body->kind != CORE_IF)
        return false;
    const Core *branch = core->as.let.body;
    const Var *var = core->as.let.vars[0];
    return is_local(branch->as.branch.test, var) && is_local(branch->as.branch.then, var);
}

/* A test that is one IF node. */
static bool is_simple_test(const Core *test)
{
    switch (test->kind) {
    case CORE_IF:
    case CORE_LET:
    case CORE_LETREC:
    case CORE_SEQ:
    case CORE_CONST: return false;
    case CORE_PRIM: return test->as.prim.id != PRIM_NOT || is_simple_test(test->as.prim.args[0]);
    default: return true;
    }
}

/* Emits the IF node of a simple test; *negated_out: its branches are swapped. */
static Cps *lower_simple_test(Lower *l, Core *test, bool *negated_out)
{
    *negated_out = false;
    while (test->kind == CORE_PRIM && test->as.prim.id == PRIM_NOT) {
        test = test->as.prim.args[0];
        *negated_out = !*negated_out;
    }
    if (test->kind == CORE_PRIM && prim_is_test(test->as.prim.id)) {
        CpsAtom *args = lower_args(l, test->as.prim.args, test->as.prim.n_args);
        return emit_if(l, test->span, false, test->as.prim.id, args, test->as.prim.n_args);
    }
    CpsAtom *args = cps_new_atoms(l->program, 1);
    args[0] = lower_value(l, test);
    return emit_if(l, test->span, true, PRIM_NOT, args, 1);
}

/* The continuation for one arm of a nested test: an existing one when the arm
 * is a constant, else a new one whose body is still to be lowered. */
static CpsCont *arm_cont(Lower *l, Core *arm, CpsCont *then, CpsCont *otherwise)
{
    bool truth;
    if (is_constant(arm, &truth))
        return truth ? then : otherwise;
    return emit_cont(l, arm->span, 0);
}

static void lower_arm(Lower *l, Core *arm, CpsCont *cont, CpsCont *then, CpsCont *otherwise)
{
    if (cont == then || cont == otherwise)
        return;
    l->hole = &cont->body;
    lower_branch(l, arm, then, otherwise);
}

static void lower_or_branch(Lower *l, Core *core, CpsCont *then, CpsCont *otherwise)
{
    Core *second = core->as.let.body->as.branch.otherwise;
    bind_local(l, core->as.let.vars[0], cps_boolean(l->program, false), false);
    CpsCont *next = arm_cont(l, second, then, otherwise);
    lower_branch(l, core->as.let.inits[0], then, next);
    lower_arm(l, second, next, then, otherwise);
}

static void lower_branch(Lower *l, Core *test, CpsCont *then, CpsCont *otherwise)
{
    bool truth;
    while (has_prefix(test) && !is_or(test))
        test = lower_prefix(l, test);
    if (is_or(test)) {
        lower_or_branch(l, test, then, otherwise);
    } else if (is_constant(test, &truth)) {
        emit_jump(l, test->span, truth ? then : otherwise, NULL);
    } else if (test->kind == CORE_PRIM && test->as.prim.id == PRIM_NOT) {
        lower_branch(l, test->as.prim.args[0], otherwise, then);
    } else if (test->kind == CORE_IF) {
        Core *yes = test->as.branch.then, *no = test->as.branch.otherwise;
        CpsCont *on_yes = arm_cont(l, yes, then, otherwise);
        CpsCont *on_no = arm_cont(l, no, then, otherwise);
        lower_branch(l, test->as.branch.test, on_yes, on_no);
        lower_arm(l, yes, on_yes, then, otherwise);
        lower_arm(l, no, on_no, then, otherwise);
    } else {
        bool is_negated;
        Cps *branch = lower_simple_test(l, test, &is_negated);
        l->hole = is_negated ? &branch->as.branch.otherwise : &branch->as.branch.then;
        emit_jump(l, test->span, then, NULL);
        l->hole = is_negated ? &branch->as.branch.then : &branch->as.branch.otherwise;
        emit_jump(l, test->span, otherwise, NULL);
    }
}

/* -- tails -------------------------------------------------------------- */

/* Lowers the test of a conditional whose value goes to `k`, and the `then`
 * arm; the hole is left where the other arm belongs. */
static void lower_if_tail(Lower *l, Core *core, CpsCont *k)
{
    Core *test = core->as.branch.test;
    if (is_simple_test(test)) {
        bool is_negated;
        Cps *branch = lower_simple_test(l, test, &is_negated);
        l->hole = is_negated ? &branch->as.branch.otherwise : &branch->as.branch.then;
        lower_tail(l, core->as.branch.then, k);
        l->hole = is_negated ? &branch->as.branch.then : &branch->as.branch.otherwise;
        return;
    }
    CpsCont *then = emit_cont(l, core->as.branch.then->span, 0);
    CpsCont *otherwise = emit_cont(l, core->as.branch.otherwise->span, 0);
    lower_branch(l, test, then, otherwise);
    l->hole = &then->body;
    lower_tail(l, core->as.branch.then, k);
    l->hole = &otherwise->body;
}

/* (or a b) with a test `a` that gives a boolean: a branch instead of a value. */
static Core *lower_or_tail(Lower *l, Core *core, CpsCont *k)
{
    bool is_negated;
    Cps *branch = lower_simple_test(l, core->as.let.inits[0], &is_negated);
    CpsAtom yes = cps_boolean(l->program, true);
    l->hole = is_negated ? &branch->as.branch.otherwise : &branch->as.branch.then;
    emit_jump(l, core->span, k, &yes);
    l->hole = is_negated ? &branch->as.branch.then : &branch->as.branch.otherwise;
    bind_local(l, core->as.let.vars[0], cps_boolean(l->program, false), false);
    return core->as.let.body->as.branch.otherwise;
}

static bool is_boolean_or(const Core *core)
{
    return is_or(core) && core->as.let.inits[0]->kind == CORE_PRIM &&
           prim_is_test(core->as.let.inits[0]->as.prim.id) && is_simple_test(core->as.let.inits[0]);
}

static void lower_tail(Lower *l, Core *core, CpsCont *k)
{
    for (;;) {
        if (is_boolean_or(core)) {
            core = lower_or_tail(l, core, k);
        } else if (has_prefix(core)) {
            core = lower_prefix(l, core);
        } else if (core->kind == CORE_IF) {
            lower_if_tail(l, core, k);
            core = core->as.branch.otherwise;
        } else {
            break;
        }
    }
    if (core->kind == CORE_CALL) {
        lower_call(l, core, k);
    } else {
        CpsAtom value = lower_value(l, core);
        emit_jump(l, core->span, k, &value);
    }
}

/* -- the program -------------------------------------------------------- */

/* Goes on in a new function when the top level has become long: code points of
 * bounded size keep LLVM fast. */
static CpsFun *new_chunk(Lower *l)
{
    CpsFun *fun = cps_new_fun(l->program, l->proc, (Span){0}, 1);
    fun->is_top = true;
    fun->no_inline = true;
    vec_push(l->arena, &l->program->funs, fun);
    CpsClause *clause = cps_new_clause(l->program, fun, 0, 0, false);
    l->hole = &clause->body;
    return fun;
}

/* The end of the top level: calls `main` if the program defines it. */
static void lower_call_main(Lower *l, const CoreProgram *core, const Shaken *shaken, CpsCont *k)
{
    CpsAtom none = cps_void(l->program);
    if (!core->main) {
        emit_jump(l, (Span){0}, k, &none);
        return;
    }
    Core main = {.kind = CORE_GLOBAL, .span = core->main->span, .as.global = core->main};
    Core call_main = {.kind = CORE_GLOBAL, .span = core->main->span, .as.global = shaken->call_main};
    Core *arg = &main;
    Core call = {.kind = CORE_CALL, .span = core->main->span, .as.call = {&main, 0, NULL}};
    if (shaken->call_main)
        call.as.call.fn = &call_main, call.as.call.n_args = 1, call.as.call.args = &arg;
    lower_tail(l, &call, k);
}

/* The top level: the forms in order, then `main`. */
static void lower_top(Lower *l, const CoreProgram *core, const Shaken *shaken)
{
    l->proc = symbol_of(l->program->compilation->symbols, "top level");
    CpsFun *chunk = l->program->main = new_chunk(l);
    uint32_t size = 0;
    for (uint32_t i = 0; i < shaken->n_forms; i++) {
        Core *form = shaken->forms[i];
        if (!l->library_is_defined && form->span.source && !form->span.source->is_system)
            l->library_is_defined = true;
        size += core_size_up_to(form, CHUNK_NODES);
        if (size > CHUNK_NODES) {
            CpsCont *ret = chunk->clauses[0]->ret;
            Cps **hole = l->hole;
            chunk = new_chunk(l);
            Cps **next = l->hole;
            l->hole = hole;
            emit_call(l, (Span){0}, cps_var(chunk->var), NULL, 0, ret);
            l->hole = next;
            size = 0;
        }
        lower_effect(l, form);
    }
    lower_call_main(l, core, shaken, chunk->clauses[0]->ret);
}

/* Functions first: their bodies may name any other. Definitions of functions
 * in lib-scm may then be inlined into each other in any order. */
static void lower_globals(Lower *l, const Shaken *shaken)
{
    for (uint32_t i = 0; i < shaken->n_globals; i++)
        resolve_global(l, shaken->globals[i]);
    for (uint32_t i = 0; i < shaken->n_globals; i++) {
        Global *global = shaken->globals[i];
        const GlobalInfo *info = global->ir;
        if (!global->value || global->value->kind != CORE_LAMBDA)
            continue;
        l->library_is_defined = !global_is_library(global);
        lower_clauses(l, info->atom.as.var->fun, global->value);
    }
    l->library_is_defined = false;
}

/* The globals that need a slot. */
static void collect_slots(CpsProgram *program, const Shaken *shaken)
{
    program->globals = ARENA_ARRAY(program->compilation->arena, Global *, shaken->n_globals + 1);
    for (uint32_t i = 0; i < shaken->n_globals; i++) {
        const GlobalInfo *info = shaken->globals[i]->ir;
        if (info->kind == GLOBAL_SLOT)
            program->globals[program->n_globals++] = shaken->globals[i];
    }
}

static void lower_hooks(Lower *l, const CoreProgram *core)
{
    if (!core->hooks)
        return;
    l->program->hooks = cps_new_atoms(l->program, CLO_N_HOOKS);
    for (unsigned i = 0; i < CLO_N_HOOKS; i++) {
        const GlobalInfo *info = core->hooks[i] ? core->hooks[i]->ir : NULL;
        if (!info || info->kind != GLOBAL_ATOM)
            ICE("from_core: hook %u is not defined as a procedure", i);
        l->program->hooks[i] = info->atom;
    }
}

CpsProgram *cps_from_core(Compilation *compilation, const CoreProgram *core)
{
    CpsProgram *program = ARENA_NEW(compilation->arena, CpsProgram);
    program->compilation = compilation;
    program->name = core->name;
    Shaken shaken = core_shake(compilation->arena, core);
    Lower l = {.program = program, .arena = compilation->arena};
    lower_globals(&l, &shaken);
    lower_top(&l, core, &shaken);
    lower_hooks(&l, core);
    collect_slots(program, &shaken);
    cps_count(program);
    return program;
}
