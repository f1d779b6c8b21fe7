/* Calls whose target is known.
 *
 * Requires: the rules of cps.h.
 * Ensures:  a call of a function that is bound in the program, with a number of
 *           arguments that one of its clauses accepts, is a KNOWN call; a rest
 *           list is built in front of it. A call that no clause accepts stays
 *           as it is and fails at run time, as does a call of a constant. */
#include "ir/cps_walk.h"
#include "ir/passes.h"

static CpsClause *accepting_clause(CpsFun *fun, uint32_t n_args)
{
    for (uint32_t c = 0; c < fun->n_clauses; c++) {
        CpsClause *clause = fun->clauses[c];
        uint32_t n_required = clause->n_params - (clause->has_rest ? 1 : 0);
        if (n_args == n_required || (clause->has_rest && n_args > n_required))
            return clause;
    }
    return NULL;
}

/* Puts (cons arg list) in front of *slot, which is the call; returns the list
 * and where the call now stands. */
static CpsAtom cons_before(CpsProgram *program, Cps ***slot, CpsAtom arg, CpsAtom list)
{
    Cps *call = **slot;
    Cps *cons = cps_new(program, CPS_PRIM, call->span, call->proc);
    cons->as.prim.id = PRIM_CONS;
    cons->as.prim.n_args = 2;
    cons->as.prim.args = cps_new_atoms(program, 2);
    cons->as.prim.args[0] = arg;
    cons->as.prim.args[1] = list;
    cons->as.prim.var = cps_new_var(program, NULL);
    cps_use_atom(list);
    cons->body = call;
    **slot = cons;
    *slot = &cons->body;
    return cps_var(cons->as.prim.var);
}

static CpsAtom nil(CpsProgram *program)
{
    Datum *datum = ARENA_NEW(program->compilation->arena, Datum);
    datum->kind = DATUM_NIL;
    return cps_const(datum);
}

/* The arguments beyond the required ones go into a list. */
static CpsAtom *gather_rest(CpsProgram *program, Cps **slot, const CpsClause *clause)
{
    Cps *call = *slot;
    CpsAtom *args = cps_new_atoms(program, clause->n_params);
    uint32_t n_required = clause->n_params - 1;
    for (uint32_t i = 0; i < n_required; i++)
        args[i] = call->as.call.args[i];
    CpsAtom list = nil(program);
    for (uint32_t i = call->as.call.n_args; i-- > n_required;)
        list = cons_before(program, &slot, call->as.call.args[i], list);
    args[n_required] = list;
    cps_use_atom(list);
    return args;
}

static bool make_known(CpsProgram *program, Cps **slot)
{
    Cps *call = *slot;
    CpsAtom fn = call->as.call.fn;
    if (fn.kind != CPS_VAR || !fn.as.var->fun)
        return false;
    CpsClause *clause = accepting_clause(fn.as.var->fun, call->as.call.n_args);
    if (!clause)
        return false;
    CpsAtom *args = clause->has_rest ? gather_rest(program, slot, clause) : call->as.call.args;
    CpsCont *cont = call->as.call.cont;
    cps_drop_atom(fn);
    clause->n_calls++;
    call->kind = CPS_KNOWN;
    call->as.known.cont = cont;
    call->as.known.clause = clause;
    call->as.known.n_args = clause->n_params;
    call->as.known.args = args;
    return true;
}

bool pass_known(CpsProgram *program)
{
    bool changed = false;
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        cps_resolve_node(*site.slot);
        if ((*site.slot)->kind == CPS_CALL)
            changed |= make_known(program, site.slot);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    return changed;
}
