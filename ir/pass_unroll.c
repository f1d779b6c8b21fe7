/* Small recursive functions copied into themselves: fib computes fib(n-1) and
 * fib(n-2) in its own frame, and calls for their parts only. A call costs a
 * frame, a check and two jumps that the machine must predict; most calls of a
 * recursion with a short body are leaves, and those are gone.
 *
 * Requires: the rules of cps.h; self tail calls are loops where they can be
 *           (contify), the body is small already (shrink, inline).
 * Ensures:  the same. Each function is unrolled once, so the program grows by
 *           at most BODY_MAX * CALLS_MAX nodes for each function that fits. */
#include "ir/adopt.h"
#include "ir/cps_walk.h"
#include "ir/passes.h"

/* Nodes of a body, and calls in it, that are worth it. */
#define BODY_MAX  24
#define CALLS_MAX 4

typedef struct Recursion { /* CpsClause.info */
    uint32_t n_nodes;
    bool has_functions;
    VEC(Cps **) calls; /* of the clause from itself, not in tail position */
} Recursion;

typedef VEC(CpsClause *) Clauses;

static Recursion *recursion_of(Arena *scratch, Clauses *clauses, CpsClause *clause)
{
    if (!clause->info) {
        clause->info = ARENA_NEW(scratch, Recursion);
        vec_push(scratch, clauses, clause);
    }
    return clause->info;
}

static void look_at(Arena *scratch, Clauses *clauses, CpsSite site)
{
    const Cps *term = *site.slot;
    Recursion *recursion = recursion_of(scratch, clauses, site.clause);
    recursion->n_nodes++;
    recursion->has_functions |= term->kind == CPS_FIX;
    if (term->kind == CPS_KNOWN && term->as.known.clause == site.clause &&
        term->as.known.cont != site.clause->ret)
        vec_push(scratch, &recursion->calls, site.slot);
}

static Clauses find_recursions(CpsProgram *program, Arena *scratch)
{
    Clauses clauses = {0};
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);)
        site.clause->info = NULL, cps_walk_into(&walk, site);
    cps_walk_end(&walk);
    walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        cps_resolve_node(*site.slot);
        look_at(scratch, &clauses, site);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    return clauses;
}

static bool is_worth_it(const CpsClause *clause)
{
    const Recursion *recursion = clause->info;
    return !clause->fun->no_inline && !clause->fun->is_unrolled && !recursion->has_functions &&
           recursion->n_nodes <= BODY_MAX && recursion->calls.count > 0 &&
           recursion->calls.count <= CALLS_MAX;
}

/* All copies are made of the body as it was. */
static void unroll(CpsProgram *program, CpsClause *clause)
{
    const Recursion *recursion = clause->info;
    Cps *copies[CALLS_MAX];
    for (size_t i = 0; i < recursion->calls.count; i++) {
        const Cps *call = *recursion->calls.items[i];
        copies[i] = cps_copy_clause(program, clause, call->as.known.args, call->as.known.cont);
        adopt_inlined(program, clause->fun, copies[i], call);
    }
    for (size_t i = 0; i < recursion->calls.count; i++)
        *recursion->calls.items[i] = copies[i];
}

bool pass_unroll(CpsProgram *program)
{
    if (program->level < 2) return false;
    Arena *scratch = arena_new();
    Clauses clauses = find_recursions(program, scratch);
    bool changed = false;
    for (size_t i = 0; i < clauses.count; i++) {
        if (!is_worth_it(clauses.items[i])) continue;
        unroll(program, clauses.items[i]);
        changed = clauses.items[i]->fun->is_unrolled = true;
    }
    arena_free(scratch);
    if (changed) cps_count(program);
    return changed;
}
