/* Lowering: what writes terms into the hole, and the variables of the program. */
#include "ir/lower.h"

Cps *lower_emit(Lower *l, CpsKind kind, Span span)
{
    Cps *term = cps_new(l->program, kind, span, l->proc);
    *l->hole = term;
    l->hole = cps_has_body(term) ? &term->body : NULL;
    return term;
}

CpsVar *lower_emit_prim(Lower *l, Span span, PrimId id, CpsAtom *args, uint32_t n_args)
{
    Cps *term = lower_emit(l, CPS_PRIM, span);
    term->as.prim.id = id;
    term->as.prim.args = args;
    term->as.prim.n_args = n_args;
    term->as.prim.var = cps_new_var(l->program, NULL);
    return term->as.prim.var;
}

CpsVar *lower_emit_prim1(Lower *l, Span span, PrimId id, CpsAtom arg)
{
    CpsAtom *args = cps_new_atoms(l->program, 1);
    args[0] = arg;
    return lower_emit_prim(l, span, id, args, 1);
}

void lower_emit_jump(Lower *l, Span span, CpsCont *cont, const CpsAtom *arg)
{
    Cps *term = lower_emit(l, CPS_JUMP, span);
    term->as.jump.cont = cont;
    term->as.jump.n_args = arg ? 1 : 0;
    term->as.jump.args = cps_new_atoms(l->program, 1);
    if (arg) term->as.jump.args[0] = *arg;
}

void lower_emit_call(Lower *l, Span span, CpsAtom fn, CpsAtom *args, uint32_t n_args, CpsCont *cont)
{
    Cps *term = lower_emit(l, CPS_CALL, span);
    term->as.call.fn = fn;
    term->as.call.args = args;
    term->as.call.n_args = n_args;
    term->as.call.cont = cont;
}

CpsCont *lower_emit_cont(Lower *l, Span span, uint32_t n_params)
{
    CpsCont *cont = cps_new_cont(l->program, NULL, span, n_params);
    for (uint32_t i = 0; i < n_params; i++)
        cont->params[i] = cps_new_var(l->program, NULL);
    Cps *term = lower_emit(l, CPS_CONT, span);
    term->as.cont.n = 1;
    term->as.cont.conts = ARENA_NEW(l->arena, CpsCont *);
    term->as.cont.conts[0] = cont;
    return cont;
}

Cps *lower_emit_if(Lower *l, Span span, bool is_truth, PrimId id, CpsAtom *args, uint32_t n_args)
{
    Cps *term = lower_emit(l, CPS_IF, span);
    term->as.branch.is_truth = is_truth;
    term->as.branch.id = id;
    term->as.branch.args = args;
    term->as.branch.n_args = n_args;
    return term;
}

Cps *lower_emit_fix(Lower *l, Span span, uint32_t n)
{
    Cps *term = lower_emit(l, CPS_FIX, span);
    term->as.fix.n = n;
    term->as.fix.funs = ARENA_ARRAY(l->arena, CpsFun *, n);
    return term;
}

void lower_bind_local(Lower *l, const Var *var, CpsAtom atom, bool is_boxed)
{
    while (l->locals.count <= var->id)
        vec_push(l->arena, &l->locals, (Local){0});
    l->locals.items[var->id] = (Local){atom, is_boxed, true};
}

void lower_bind_value(Lower *l, const Var *var, CpsAtom atom)
{
    if (atom.kind == CPS_VAR && !atom.as.var->name) atom.as.var->name = var->name;
    lower_bind_local(l, var, atom, false);
}

CpsVar *lower_bind_param(Lower *l, const Var *var)
{
    CpsVar *param = cps_new_var(l->program, var->name);
    lower_bind_local(l, var, cps_var(param), false);
    return param;
}

CpsAtom lower_local(Lower *l, const Core *core)
{
    const Var *var = core->as.local;
    if (var->id >= l->locals.count || !l->locals.items[var->id].is_bound)
        ICE("lower: variable %s.%u is not bound", var->name->text, var->id);
    Local local = l->locals.items[var->id];
    return local.is_boxed ? cps_var(lower_emit_prim1(l, core->span, PRIM_UNBOX, local.atom)) : local.atom;
}
