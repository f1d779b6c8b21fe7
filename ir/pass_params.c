/* Parameters that are not needed: those that are never used, and those that
 * always get the same value (loop invariants).
 *
 * Requires: the rules of cps.h; calls of known functions are KNOWN.
 * Ensures:  the same. For every continuation that is no return point and every
 *           local function that is never a value: no parameter is unused but for
 *           being passed on to itself; none gets from every jump or call either
 *           itself or one same atom that is in scope at its binder.  */
#include "ir/cps_walk.h"
#include "ir/passes.h"

typedef struct Param {   /* CpsVar.info of a candidate */
    uint32_t binder_met; /* when its continuation or function was met */
    uint32_t n_self;     /* uses that only pass it on to itself */
    enum { ARG_NONE, ARG_ONE, ARG_MANY } state;
    CpsAtom arg;
    bool is_removed;
} Param;

typedef struct Params {
    CpsProgram *program;
    Arena *scratch;
    VEC(CpsVar *) candidates;
    uint32_t n_met;
    bool changed;
} Params;

/* -- collecting --------------------------------------------------------- */

static void add_candidates(Params *p, CpsVar **vars, uint32_t n, bool is_candidate)
{
    for (uint32_t i = 0; i < n; i++) {
        Param *param = NULL;
        if (is_candidate) {
            param = ARENA_NEW(p->scratch, Param);
            param->binder_met = p->n_met;
            vec_push(p->scratch, &p->candidates, vars[i]);
        }
        vars[i]->info = param;
        vars[i]->met = p->n_met;
    }
}

static void meet_fun(Params *p, CpsFun *fun)
{
    fun->var->met = p->n_met;
    for (uint32_t c = 0; c < fun->n_clauses; c++) {
        CpsClause *clause = fun->clauses[c];
        add_candidates(p, clause->params, clause->n_params, !fun->var->n_uses && !fun->is_top);
        clause->ret->params[0]->info = NULL;
    }
}

static void note_args(CpsVar **params, const CpsAtom *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        Param *param = params[i]->info;
        CpsAtom arg = cps_resolve(args[i]);
        if (!param) continue;
        if (arg.kind == CPS_VAR && arg.as.var == params[i])
            param->n_self++;
        else if (param->state == ARG_NONE)
            param->state = ARG_ONE, param->arg = arg;
        else if (param->state == ARG_ONE && !cps_same_atom(param->arg, arg))
            param->state = ARG_MANY;
    }
}

/* Scopes are numbered in the order in which the walk meets them; of two that
 * are open at one place, the one with the lower number is the outer one. */
static void meet_node(Params *p, Cps *term)
{
    p->n_met++;
    switch (term->kind) {
    case CPS_PRIM:
        if (term->as.prim.var) add_candidates(p, &term->as.prim.var, 1, false);
        break;
    case CPS_GLOBAL: add_candidates(p, &term->as.global.var, 1, false); break;
    case CPS_FIX:
        for (uint32_t i = 0; i < term->as.fix.n; i++)
            meet_fun(p, term->as.fix.funs[i]);
        break;
    case CPS_CONT:
        for (uint32_t i = 0; i < term->as.cont.n; i++) {
            CpsCont *cont = term->as.cont.conts[i];
            add_candidates(p, cont->params, cont->n_params, !cont->n_returns);
        }
        break;
    case CPS_JUMP:
        if (term->as.jump.cont->body)
            note_args(term->as.jump.cont->params, term->as.jump.args, term->as.jump.n_args);
        break;
    case CPS_KNOWN:
        note_args(term->as.known.clause->params, term->as.known.args, term->as.known.n_args);
        break;
    default: break;
    }
}

/* -- deciding ----------------------------------------------------------- */

static bool is_in_scope(const Param *param, CpsAtom atom)
{
    if (atom.kind != CPS_VAR) return true;
    if (atom.as.var->fun && atom.as.var->fun->is_top) return true;
    return atom.as.var->met < param->binder_met;
}

static void decide(Params *p, CpsVar *var)
{
    Param *param = var->info;
    if (var->n_uses == param->n_self) {
        param->is_removed = true;
    } else if (param->state == ARG_ONE) {
        CpsAtom arg = cps_resolve(param->arg); /* may have been replaced just now */
        if ((arg.kind == CPS_VAR && arg.as.var == var) || !is_in_scope(param, arg)) return;
        var->is_replaced = true;
        var->replacement = arg;
        param->is_removed = true;
    }
    p->changed |= param->is_removed;
}

/* -- removing ----------------------------------------------------------- */

static bool is_removed(const CpsVar *var)
{
    const Param *param = var->info;
    return param && param->is_removed;
}

static uint32_t keep_args(CpsVar **params, uint32_t n_params, CpsAtom *args)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n_params; i++)
        if (!is_removed(params[i])) args[kept++] = args[i];
    return kept;
}

static uint32_t keep_params(CpsVar **params, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!is_removed(params[i])) params[kept++] = params[i];
    return kept;
}

static void keep_fun_params(CpsFun *fun)
{
    for (uint32_t c = 0; c < fun->n_clauses; c++) {
        CpsClause *clause = fun->clauses[c];
        if (clause->n_params && is_removed(clause->params[clause->n_params - 1])) clause->has_rest = false;
        clause->n_params = keep_params(clause->params, clause->n_params);
    }
}

/* Jumps and calls first: they need the old parameter lists. */
static void remove_args(Cps *term)
{
    if (term->kind == CPS_JUMP && term->as.jump.cont->body) {
        CpsCont *cont = term->as.jump.cont;
        term->as.jump.n_args = keep_args(cont->params, cont->n_params, term->as.jump.args);
    }
    if (term->kind == CPS_KNOWN) {
        CpsClause *clause = term->as.known.clause;
        term->as.known.n_args = keep_args(clause->params, clause->n_params, term->as.known.args);
    }
}

static void remove_params(Cps *term)
{
    if (term->kind == CPS_CONT)
        for (uint32_t i = 0; i < term->as.cont.n; i++) {
            CpsCont *cont = term->as.cont.conts[i];
            cont->n_params = keep_params(cont->params, cont->n_params);
        }
    if (term->kind == CPS_FIX)
        for (uint32_t i = 0; i < term->as.fix.n; i++)
            keep_fun_params(term->as.fix.funs[i]);
}

static void walk_all(CpsProgram *program, void (*visit)(Cps *term))
{
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        cps_resolve_node(*site.slot);
        visit(*site.slot);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
}

bool pass_params(CpsProgram *program)
{
    Params p = {.program = program, .scratch = arena_new()};
    for (size_t i = 0; i < program->funs.count; i++)
        meet_fun(&p, program->funs.items[i]);
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        cps_resolve_node(*site.slot);
        meet_node(&p, *site.slot);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    for (size_t i = 0; i < p.candidates.count; i++)
        decide(&p, p.candidates.items[i]);
    if (p.changed) {
        walk_all(program, remove_args);
        walk_all(program, remove_params);
        for (size_t i = 0; i < program->funs.count; i++)
            keep_fun_params(program->funs.items[i]);
        cps_count(program);
    }
    arena_free(p.scratch);
    return p.changed;
}
