/* Lowering: LET, LETREC and SEQ, what they do before their result. */
#include "ir/letrec.h"
#include "ir/lower.h"

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
        lower_bind_value(l, core->as.let.vars[i], atoms[i]);
}

static bool is_lambda(const Core *core) { return core->kind == CORE_LAMBDA; }

/* Boxes for the variables of a group that are no lambdas: others of the group
 * name them before their values exist. */
static void bind_boxes(Lower *l, const Core *letrec, const LetrecGroup *group)
{
    for (uint32_t i = 0; i < group->n; i++) {
        const Var *var = letrec->as.let.vars[group->members[i]];
        if (is_lambda(letrec->as.let.inits[group->members[i]])) continue;
        CpsVar *unbound = lower_emit_prim(l, letrec->span, PRIM_UNBOUND, NULL, 0);
        CpsVar *box = lower_emit_prim1(l, letrec->span, PRIM_BOX, cps_var(unbound));
        box->name = var->name;
        lower_bind_local(l, var, cps_var(box), true);
    }
}

static void lower_group_lambdas(Lower *l, const Core *letrec, const LetrecGroup *group)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < group->n; i++)
        n += is_lambda(letrec->as.let.inits[group->members[i]]);
    if (!n) return;
    Cps *fix = lower_emit_fix(l, letrec->span, n);
    n = 0;
    for (uint32_t i = 0; i < group->n; i++) {
        Core *init = letrec->as.let.inits[group->members[i]];
        const Var *var = letrec->as.let.vars[group->members[i]];
        if (!is_lambda(init)) continue;
        CpsFun *fun = lower_new_fun(l, init, NULL);
        fix->as.fix.funs[n++] = fun;
        lower_bind_local(l, var, cps_var(fun->var), false);
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
        lower_bind_value(l, letrec->as.let.vars[i], lower_value(l, letrec->as.let.inits[i]));
        return;
    }
    bind_boxes(l, letrec, group);
    lower_group_lambdas(l, letrec, group);
    for (uint32_t i = 0; i < group->n; i++) {
        uint32_t index = group->members[i];
        if (is_lambda(letrec->as.let.inits[index])) continue;
        CpsAtom *args = cps_new_atoms(l->program, 2);
        args[1] = lower_value(l, letrec->as.let.inits[index]);
        args[0] = l->locals.items[letrec->as.let.vars[index]->id].atom;
        lower_emit_prim(l, letrec->span, PRIM_BOX_SET, args, 2);
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

bool lower_has_prefix(const Core *core)
{
    return core->kind == CORE_LET || core->kind == CORE_LETREC || core->kind == CORE_SEQ;
}

Core *lower_prefix(Lower *l, Core *core)
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
