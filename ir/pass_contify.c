/* Functions that are really continuations: loops and join points.
 *
 * Requires: the rules of cps.h; calls of known functions are KNOWN.
 * Ensures:  the same. A FIX whose functions are never values, and all calls of
 *           which from outside return to one continuation `k` while all calls
 *           from inside are tail calls, has become a CONT: its functions run as
 *           part of the function that `k` belongs to, as loops if they call
 *           each other. The CONT stands where the FIX stood, or, if `k` is
 *           bound deeper, directly inside its binder.
 *
 * Both the FIX and the binder of `k` stand on the path to each call, so the one
 * that the walk met first is the outer one. */
#include "ir/adopt.h"
#include "ir/cps_walk.h"
#include "ir/passes.h"

/* One FIX, in CpsFun.info of its functions. */
typedef struct Group {
    Cps *fix;
    uint32_t met; /* when the walk met it */
    bool is_refused;
    bool is_loop; /* calls from inside */
    CpsCont *k;   /* to which calls from outside return */
} Group;

/* Where a continuation is bound, in CpsCont.info. */
typedef struct Binder {
    Cps **scope; /* the term in which it may be used */
    uint32_t met;
} Binder;

typedef struct Contify {
    CpsProgram *program;
    Arena *scratch;
    VEC(Group *) groups;
    uint32_t n_met;
} Contify;

/* -- what is there ------------------------------------------------------ */

static void meet_cont(Contify *c, CpsCont *cont, Cps **scope)
{
    Binder *binder = ARENA_NEW(c->scratch, Binder);
    binder->scope = scope;
    binder->met = c->n_met++;
    cont->info = binder;
}

static void meet_clauses(Contify *c, CpsFun *fun)
{
    for (uint32_t i = 0; i < fun->n_clauses; i++) {
        meet_cont(c, fun->clauses[i]->ret, &fun->clauses[i]->body);
        fun->clauses[i]->info = NULL;
    }
}

static void meet_fix(Contify *c, Cps *fix)
{
    Group *group = ARENA_NEW(c->scratch, Group);
    group->fix = fix;
    group->met = c->n_met++;
    for (uint32_t i = 0; i < fix->as.fix.n; i++) {
        fix->as.fix.funs[i]->info = group;
        group->is_refused |= fix->as.fix.funs[i]->var->n_uses > 0;
    }
    vec_push(c->scratch, &c->groups, group);
}

static void meet_call(Cps *call)
{
    CpsFun *fun = call->as.known.clause->fun;
    Group *group = fun->info;
    if (fun->is_top || group->is_refused) return;
    CpsCont *k = call->as.known.cont;
    if (k->ret_of && k->ret_of->fun->info == group && !k->ret_of->fun->is_top) {
        group->is_loop = true;
    } else if (group->k && group->k != k) {
        group->is_refused = true;
    } else {
        group->k = k;
    }
}

static void meet_node(Contify *c, CpsSite site)
{
    Cps *term = *site.slot;
    if (term->kind == CPS_CONT)
        for (uint32_t i = 0; i < term->as.cont.n; i++)
            meet_cont(c, term->as.cont.conts[i], &term->body);
    if (term->kind == CPS_FIX) {
        meet_fix(c, term);
        for (uint32_t i = 0; i < term->as.fix.n; i++)
            meet_clauses(c, term->as.fix.funs[i]);
    }
    if (term->kind == CPS_KNOWN) meet_call(term);
}

/* -- rewriting ---------------------------------------------------------- */

static CpsCont *cont_of_clause(CpsProgram *program, const Group *group, CpsClause *clause, bool is_loop)
{
    adopt_local(program, clause->fun, clause->body, group->fix);
    CpsCont *cont = cps_new_cont(program, clause->fun->name, clause->fun->span, clause->n_params);
    for (uint32_t i = 0; i < clause->n_params; i++)
        cont->params[i] = clause->params[i];
    cont->body = clause->body;
    cont->is_loop = is_loop;
    cont->n_jumps = clause->n_calls;
    clause->body = NULL;
    clause->info = cont;
    clause->ret->replacement = group->k;
    return cont;
}

/* Fills `node`, which may be the FIX itself. Clauses that nothing calls go. */
static void fill_cont_node(CpsProgram *program, Cps *node, const Group *group)
{
    CpsFun **funs = group->fix->as.fix.funs;
    uint32_t n_funs = group->fix->as.fix.n, n = 0;
    for (uint32_t i = 0; i < n_funs; i++)
        n += funs[i]->n_clauses;
    CpsCont **conts = ARENA_ARRAY(program->compilation->arena, CpsCont *, n);
    bool is_loop = group->is_loop || n > 1;
    n = 0;
    for (uint32_t i = 0; i < n_funs; i++)
        for (uint32_t c = 0; c < funs[i]->n_clauses; c++)
            if (funs[i]->clauses[c]->n_calls)
                conts[n++] = cont_of_clause(program, group, funs[i]->clauses[c], is_loop);
    group->fix->as.fix.n = 0;
    node->kind = CPS_CONT;
    node->as.cont.n = n;
    node->as.cont.is_loop = is_loop;
    node->as.cont.conts = conts;
}

/* Slots inside of the FIX stay in use, so the node stays in its place: as the
 * CONT, or empty. */
static void rewrite_group(Contify *c, Group *group)
{
    Cps *fix = group->fix;
    const Binder *binder = group->k->info;
    if (binder->met < group->met) {
        fill_cont_node(c->program, fix, group);
        return;
    }
    Cps *node = cps_new(c->program, CPS_CONT, fix->span, fix->proc);
    fill_cont_node(c->program, node, group);
    node->body = *binder->scope;
    *binder->scope = node;
}

static void rewrite_call(Cps *call)
{
    CpsCont *cont = call->as.known.clause->info;
    if (call->as.known.clause->fun->is_top || !cont) return;
    CpsAtom *args = call->as.known.args;
    uint32_t n_args = call->as.known.n_args;
    call->kind = CPS_JUMP;
    call->as.jump.cont = cont;
    call->as.jump.args = args;
    call->as.jump.n_args = n_args;
}

bool pass_contify(CpsProgram *program)
{
    Contify c = {.program = program, .scratch = arena_new()};
    bool changed = false;
    for (size_t i = 0; i < program->funs.count; i++)
        meet_clauses(&c, program->funs.items[i]);
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        cps_resolve_node(*site.slot);
        meet_node(&c, site);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    for (size_t i = 0; i < c.groups.count; i++)
        if (!c.groups.items[i]->is_refused && c.groups.items[i]->k) {
            rewrite_group(&c, c.groups.items[i]);
            changed = true;
        }
    walk = cps_walk_start(program);
    for (CpsSite site; changed && cps_walk_next(&walk, &site);) {
        if ((*site.slot)->kind == CPS_KNOWN) rewrite_call(*site.slot);
        cps_resolve_node(*site.slot);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    arena_free(c.scratch);
    if (changed) cps_count(program);
    return changed;
}
