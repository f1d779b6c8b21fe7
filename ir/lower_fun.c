/* Lowering: globals, and everything that is a procedure. */
#include "ir/lower.h"

bool lower_is_library(const Global *global) { return global->module[0] == 'l'; }

/* A global function without its bodies. */
static CpsFun *declare_fun(Lower *l, Global *global)
{
    Core *lambda = global->value;
    Span span = lambda->span.source ? global->span : lambda->span;
    CpsFun *fun = cps_new_fun(l->program, global->name, span, lambda->as.lambda.n_clauses);
    fun->global = global;
    fun->is_top = true;
    fun->is_inline = global->is_inline;
    fun->is_library = lower_is_library(global);
    vec_push(l->arena, &l->program->funs, fun);
    return fun;
}

void lower_resolve_global(Lower *l, Global *global)
{
    if (global->ir) return;
    GlobalInfo *info = ARENA_NEW(l->arena, GlobalInfo);
    global->ir = info;
    info->kind = GLOBAL_SLOT;
    if (!global->value) return;
    switch (global->value->kind) {
    case CORE_LAMBDA: info->atom = cps_var(declare_fun(l, global)->var); break;
    case CORE_CONST: info->atom = cps_const(global->value->as.datum); break;
    case CORE_PROC: info->atom = cps_proc(global->value->as.proc); break;
    case CORE_PRIM_REF: info->atom = cps_var(lower_prim_wrapper(l, global->value->as.prim_ref)->var); break;
    case CORE_GLOBAL: {
        info->is_resolving = true;
        lower_resolve_global(l, global->value->as.global);
        info->is_resolving = false;
        const GlobalInfo *other = global->value->as.global->ir;
        if (other->is_resolving || other->kind == GLOBAL_SLOT) return;
        info->atom = other->atom;
        break;
    }
    default: return;
    }
    info->kind = GLOBAL_ATOM;
}

CpsAtom lower_global(Lower *l, const Core *core)
{
    Global *global = core->as.global;
    lower_resolve_global(l, global);
    const GlobalInfo *info = global->ir;
    if (info->kind == GLOBAL_ATOM) return info->atom;
    Cps *term = lower_emit(l, CPS_GLOBAL, core->span);
    term->as.global.global = global;
    term->as.global.var = cps_new_var(l->program, global->name);
    /* A definition of the program in front of this place need not have run: a continuation of the top level may
     * go on in another run, before it. */
    term->as.global.is_safe = global->value && l->library_is_defined && lower_is_library(global);
    return cps_var(term->as.global.var);
}

static void lower_clause(Lower *l, CpsFun *fun, uint32_t index, CoreClause *from)
{
    uint32_t n_params = from->n_params + (from->rest ? 1 : 0);
    CpsClause *clause = cps_new_clause(l->program, fun, index, n_params, from->rest != NULL);
    for (uint32_t i = 0; i < from->n_params; i++)
        clause->params[i] = lower_bind_param(l, from->params[i]);
    if (from->rest) clause->params[n_params - 1] = lower_bind_param(l, from->rest);
    l->hole = &clause->body;
    lower_tail(l, from->body, clause->ret);
}

void lower_clauses(Lower *l, CpsFun *fun, Core *lambda)
{
    Cps **hole = l->hole;
    Symbol *proc = l->proc;
    if (fun->name) l->proc = fun->name;
    for (uint32_t i = 0; i < lambda->as.lambda.n_clauses; i++)
        lower_clause(l, fun, i, &lambda->as.lambda.clauses[i]);
    l->hole = hole;
    l->proc = proc;
}

/* A name of its own for a procedure that stands in another one, so that reports can say in which. */
static Symbol *local_name(const Lower *l, const Symbol *name)
{
    Symbol *local = ARENA_NEW(l->arena, Symbol);
    *local = *name;
    if (!l->program->main || l->proc != l->program->main->name) local->outer = l->proc;
    return local;
}

CpsFun *lower_new_fun(Lower *l, Core *lambda, Symbol *name)
{
    if (lambda->as.lambda.name) name = lambda->as.lambda.name;
    if (name) name = local_name(l, name);
    CpsFun *fun = cps_new_fun(l->program, name, lambda->span, lambda->as.lambda.n_clauses);
    fun->is_library = lambda->span.source && lambda->span.source->is_system;
    return fun;
}

CpsAtom lower_lambda(Lower *l, Core *core, Symbol *name)
{
    CpsFun *fun = lower_new_fun(l, core, name);
    lower_emit_fix(l, core->span, 1)->as.fix.funs[0] = fun;
    lower_clauses(l, fun, core);
    return cps_var(fun->var);
}

CpsFun *lower_prim_wrapper(Lower *l, PrimId id)
{
    if (l->wrappers[id]) return l->wrappers[id];
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
    CpsAtom result = cps_var(lower_emit_prim(l, span, id, args, n));
    lower_emit_jump(l, span, clause->ret, &result);
    l->hole = hole;
    l->proc = proc;
    vec_push(l->arena, &l->program->funs, fun);
    l->wrappers[id] = fun;
    return fun;
}
