/* Calls whose target is known.
 *
 * Requires: the rules of cps.h.
 * Ensures:  a call of a function that is bound in the program, with a number of
 *           arguments that one of its clauses accepts, is a KNOWN call; a rest
 *           list is built in front of it. A call that no clause accepts stays
 *           as it is and fails at run time, as does a call of a constant.
 *           `apply` to a list of known elements is a call. */
#include "ir/cps_walk.h"
#include "ir/fold.h"
#include "ir/passes.h"

#define APPLY_ELEMENTS_MAX 32

static CpsClause *accepting_clause(CpsFun *fun, uint32_t n_args)
{
    for (uint32_t c = 0; c < fun->n_clauses; c++) {
        CpsClause *clause = fun->clauses[c];
        uint32_t n_required = clause->n_params - (clause->has_rest ? 1 : 0);
        if (n_args == n_required || (clause->has_rest && n_args > n_required)) return clause;
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

/* (apply f a ... list) with a list of known elements: (f a ... element ...). */
static bool spread_apply(CpsProgram *program, Cps *call)
{
    uint32_t n = call->as.call.n_args;
    CpsAtom elements[APPLY_ELEMENTS_MAX];
    if (call->as.call.fn.kind != CPS_PROC || call->as.call.fn.as.proc != PROC_APPLY || n < 2) return false;
    int n_elements = fold_list(call->as.call.args[n - 1], elements, APPLY_ELEMENTS_MAX);
    if (n_elements < 0) return false;
    CpsAtom *args = cps_new_atoms(program, n - 2 + (uint32_t)n_elements);
    for (uint32_t i = 0; i < n - 2; i++)
        args[i] = call->as.call.args[i + 1];
    for (int i = 0; i < n_elements; i++) {
        args[n - 2 + (uint32_t)i] = elements[i];
        cps_use_atom(elements[i]);
    }
    cps_drop_atom(call->as.call.args[n - 1]);
    call->as.call.fn = call->as.call.args[0];
    call->as.call.args = args;
    call->as.call.n_args = n - 2 + (uint32_t)n_elements;
    return true;
}

static bool make_known(CpsProgram *program, Cps **slot)
{
    Cps *call = *slot;
    CpsAtom fn = call->as.call.fn;
    if (fn.kind != CPS_VAR || !fn.as.var->fun) return false;
    CpsClause *clause = accepting_clause(fn.as.var->fun, call->as.call.n_args);
    if (!clause) return false;
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
        Cps *term = *site.slot;
        if (term->kind == CPS_PRIM && term->as.prim.var) term->as.prim.var->def = term;
        if (term->kind == CPS_CALL) {
            changed |= spread_apply(program, term);
            changed |= make_known(program, site.slot);
        }
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    return changed;
}
