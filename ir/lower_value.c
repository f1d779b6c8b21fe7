/* Lowering: expressions whose value is an operand, or is not wanted. */
#include "ir/lower.h"

/* Arguments of a call that are passed one by one. */
#define CALL_ARGS_MAX 128

CpsAtom *lower_args(Lower *l, Core **args, uint32_t n)
{
    CpsAtom *atoms = cps_new_atoms(l->program, n);
    for (uint32_t i = 0; i < n; i++)
        atoms[i] = lower_value(l, args[i]);
    return atoms;
}

static CpsVar *lower_prim(Lower *l, Core *core)
{
    CpsAtom *args = lower_args(l, core->as.prim.args, core->as.prim.n_args);
    return lower_emit_prim(l, core->span, core->as.prim.id, args, core->as.prim.n_args);
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
        list = cps_var(lower_emit_prim(l, span, PRIM_CONS, args, 2));
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
        lower_emit_call(l, core->span, cps_proc(PROC_APPLY), args, 2, k);
        return;
    }
    args[0] = list;
    Cps *term = lower_emit(l, CPS_KNOWN, core->span);
    term->as.known.clause = clause;
    term->as.known.args = args;
    term->as.known.n_args = 1;
    term->as.known.cont = k;
}

void lower_call(Lower *l, Core *core, CpsCont *k)
{
    if (core->as.call.n_args > CALL_ARGS_MAX) {
        lower_large_call(l, core, k);
        return;
    }
    CpsAtom fn = lower_value(l, core->as.call.fn);
    CpsAtom *args = lower_args(l, core->as.call.args, core->as.call.n_args);
    lower_emit_call(l, core->span, fn, args, core->as.call.n_args, k);
}

/* Runs `core` in front of a new continuation of one parameter; goes on there. */
static CpsAtom lower_through_cont(Lower *l, Core *core)
{
    CpsCont *k = lower_emit_cont(l, core->span, 1);
    lower_tail(l, core, k);
    l->hole = &k->body;
    return cps_var(k->params[0]);
}

CpsAtom lower_value(Lower *l, Core *core)
{
    while (lower_has_prefix(core))
        core = lower_prefix(l, core);
    switch (core->kind) {
    case CORE_CONST: return cps_const(core->as.datum);
    case CORE_LOCAL: return lower_local(l, core);
    case CORE_GLOBAL: return lower_global(l, core);
    case CORE_PROC: return cps_proc(core->as.proc);
    case CORE_PRIM_REF: return cps_var(lower_prim_wrapper(l, core->as.prim_ref)->var);
    case CORE_PRIM: return cps_var(lower_prim(l, core));
    case CORE_LAMBDA: return lower_lambda(l, core, NULL);
    case CORE_CALL:
    case CORE_IF: return lower_through_cont(l, core);
    case CORE_DEFINE: lower_effect(l, core); return cps_void(l->program);
    default: ICE("lower: unexpected node %d", core->kind);
    }
}

static void lower_define(Lower *l, Core *core)
{
    Global *global = core->as.define.global;
    lower_resolve_global(l, global);
    GlobalInfo *info = global->ir;
    if (info->kind == GLOBAL_ATOM) {
        return; /* its value is code or a constant: nothing to do at run time */
    }
    CpsAtom value = lower_value(l, core->as.define.value);
    if (value.kind == CPS_VAR && !value.as.var->name) value.as.var->name = global->name;
    Cps *term = lower_emit(l, CPS_DEFINE, core->span);
    term->as.define.global = global;
    term->as.define.value = value;
}

void lower_effect(Lower *l, Core *core)
{
    while (lower_has_prefix(core))
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
