/* Walking a program from binders to uses, without recursion. */
#include "ir/cps_walk.h"

void cps_walk_push(CpsWalk *walk, Cps **slot, CpsClause *clause, uint32_t depth)
{
    CpsSite site = {slot, clause, depth};
    vec_push(walk->scratch, &walk->work, site);
}

static void push_fun(CpsWalk *walk, CpsFun *fun, uint32_t depth)
{
    for (uint32_t c = fun->n_clauses; c-- > 0;)
        cps_walk_push(walk, &fun->clauses[c]->body, fun->clauses[c], depth);
}

CpsWalk cps_walk_start(CpsProgram *program)
{
    CpsWalk walk = {.scratch = arena_new()};
    for (size_t i = program->funs.count; i-- > 0;)
        push_fun(&walk, program->funs.items[i], 0);
    return walk;
}

/* A slot is empty when its term was moved elsewhere. */
bool cps_walk_next(CpsWalk *walk, CpsSite *site_out)
{
    while (walk->work.count) {
        *site_out = vec_pop(&walk->work);
        if (*site_out->slot) return true;
    }
    return false;
}

/* The rest of the body first, then what is bound in front of it: calls of a
 * function are met before its body. */
void cps_walk_into(CpsWalk *walk, CpsSite site)
{
    Cps *term = *site.slot;
    if (!term) /* merged into a node in front of it */
        return;
    switch (term->kind) {
    case CPS_IF:
        cps_walk_push(walk, &term->as.branch.otherwise, site.clause, site.depth);
        cps_walk_push(walk, &term->as.branch.then, site.clause, site.depth);
        break;
    case CPS_FIX:
        for (uint32_t i = term->as.fix.n; i-- > 0;)
            push_fun(walk, term->as.fix.funs[i], site.depth);
        break;
    case CPS_CONT:
        for (uint32_t i = term->as.cont.n; i-- > 0;)
            cps_walk_push(walk, &term->as.cont.conts[i]->body, site.clause, site.depth);
        break;
    default: break;
    }
    if (cps_has_body(term)) cps_walk_push(walk, &term->body, site.clause, site.depth);
}

void cps_walk_end(CpsWalk *walk) { arena_free(walk->scratch); }

void cps_resolve_node(Cps *term)
{
    uint32_t n;
    CpsAtom *args = cps_operands(term, &n);
    for (uint32_t i = 0; i < n; i++)
        args[i] = cps_resolve(args[i]);
    if (term->kind == CPS_CALL) term->as.call.fn = cps_resolve(term->as.call.fn);
    CpsCont **used = cps_used_cont(term);
    if (used) *used = cps_resolve_cont(*used);
}
