/* Makes the program smaller; never duplicates anything.
 *
 * Requires: the rules of cps.h.
 * Ensures:  the same; replacements are applied; no binding without uses whose
 *           right side has no effect; no function or continuation that is
 *           called or jumped to from one place only (those are in that place);
 *           no operation whose value is known; no branch on a known condition.
 *
 * One walk from binders to uses with exact counts. What becomes dead behind the
 * walk is left to the next round. */
#include "ir/adopt.h"
#include "ir/cps_walk.h"
#include "ir/fold.h"
#include "ir/passes.h"
#include "ir/prim.h"

/* Longer ones are made by list->vector at run time. */
#define VECTOR_ITEMS_MAX 64

typedef struct Shrink {
    CpsProgram *program;
    CpsWalk walk;
    bool changed;
    bool has_empty; /* nodes behind the walk have become empty */
} Shrink;

/* -- replacing ---------------------------------------------------------- */

/* `var` stands for `atom` from here on; its uses become uses of the atom. */
static void replace_var(CpsVar *var, CpsAtom atom)
{
    atom = cps_resolve(atom);
    var->is_replaced = true;
    var->replacement = atom;
    if (atom.kind == CPS_VAR) atom.as.var->n_uses += var->n_uses;
}

static bool can_drop(const Cps *term)
{
    PrimId id = term->as.prim.id;
    return prim_is_droppable(id) ||
           (!(prim_infos[id].flags & PRIM_EFFECT) && fold_succeeds(id, term->as.prim.args));
}

/* An operation behind the walk whose value has lost its last use becomes an
 * empty one, and so on through its operands. */
static void drop_use(Shrink *s, CpsAtom atom)
{
    VEC(CpsAtom) work = {0};
    Arena *arena = s->walk.scratch;
    vec_push(arena, &work, atom);
    while (work.count) {
        atom = cps_resolve(vec_pop(&work));
        cps_drop_atom(atom);
        Cps *def = atom.kind == CPS_VAR && !atom.as.var->n_uses ? atom.as.var->def : NULL;
        if (!def || def->kind != CPS_PRIM || def->as.prim.var != atom.as.var || !can_drop(def)) continue;
        for (uint32_t i = 0; i < def->as.prim.n_args; i++)
            vec_push(arena, &work, def->as.prim.args[i]);
        def->as.prim.id = PRIM_VOID;
        def->as.prim.n_args = 0;
        def->as.prim.var = NULL;
        s->has_empty = true;
    }
}

/* Operands of a node that goes away. */
static void drop_operands(Shrink *s, Cps *term)
{
    uint32_t n;
    CpsAtom *args = cps_operands(term, &n);
    for (uint32_t i = 0; i < n; i++)
        drop_use(s, args[i]);
}

static void remove_node(Shrink *s, Cps **slot)
{
    drop_operands(s, *slot);
    *slot = (*slot)->body;
    s->changed = true;
}

/* -- PRIM and GLOBAL ---------------------------------------------------- */

/* list->vector of a known list: a vector built in place. */
static void unlist_vector(Shrink *s, Cps *term)
{
    CpsAtom items[VECTOR_ITEMS_MAX];
    int n = term->as.prim.id == PRIM_LIST_TO_VECTOR
                ? fold_list(term->as.prim.args[0], items, VECTOR_ITEMS_MAX)
                : 0;
    if (n <= 0) return;
    CpsAtom list = term->as.prim.args[0];
    term->as.prim.id = PRIM_VECTOR;
    term->as.prim.n_args = (uint32_t)n;
    term->as.prim.args = cps_new_atoms(s->program, (uint32_t)n);
    for (int i = 0; i < n; i++) {
        term->as.prim.args[i] = items[i];
        cps_use_atom(items[i]);
    }
    drop_use(s, list);
    s->changed = true;
}

static bool shrink_prim(Shrink *s, Cps **slot)
{
    Cps *term = *slot;
    CpsVar *var = term->as.prim.var;
    if ((!var || !var->n_uses) && can_drop(term)) {
        remove_node(s, slot);
        return true;
    }
    if (!var) return false;
    var->def = term;
    term->as.prim.id = fold_cheaper(term->as.prim.id, term->as.prim.args, term->as.prim.n_args);
    unlist_vector(s, term);
    CpsAtom result;
    if (!fold_prim(s->program, term->as.prim.id, term->as.prim.args, term->as.prim.n_args, &result))
        return false;
    replace_var(var, result);
    remove_node(s, slot);
    return true;
}

static bool shrink_global(Shrink *s, Cps **slot)
{
    Cps *term = *slot;
    if (term->as.global.var->n_uses || !term->as.global.is_safe) return false;
    remove_node(s, slot);
    return true;
}

/* -- FIX ---------------------------------------------------------------- */

static uint32_t count_calls(const CpsFun *fun)
{
    uint32_t n = 0;
    for (uint32_t c = 0; c < fun->n_clauses; c++)
        n += fun->clauses[c]->n_calls;
    return n;
}

static void drop_fun(CpsFun *fun)
{
    for (uint32_t c = 0; c < fun->n_clauses; c++)
        if (fun->clauses[c]->body) cps_drop_term(fun->clauses[c]->body);
}

static bool shrink_fix(Shrink *s, Cps **slot, CpsSite site)
{
    Cps *term = *slot;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < term->as.fix.n; i++) {
        CpsFun *fun = term->as.fix.funs[i];
        if (fun->var->n_uses || count_calls(fun)) {
            fun->outer = site.clause->fun;
            term->as.fix.funs[kept++] = fun;
        } else {
            drop_fun(fun);
            s->changed = true;
        }
    }
    term->as.fix.n = kept;
    if (kept) return false;
    *slot = term->body;
    return true;
}

/* `fun` is `inner` or a function around it. */
static bool is_inside(const CpsFun *inner, const CpsFun *fun)
{
    while (inner && inner != fun)
        inner = inner->outer;
    return inner != NULL;
}

/* The body of a local function that is called here only takes the place of the call. Not so of the top level: code
 * must not change with how often the rest of the program, or another one, calls what it calls. */
static bool shrink_known(Shrink *s, Cps **slot, CpsSite site)
{
    Cps *term = *slot;
    CpsClause *clause = term->as.known.clause;
    CpsFun *fun = clause->fun;
    if (fun->no_inline || fun->is_top || fun->var->n_uses || count_calls(fun) != 1 || !clause->body ||
        is_inside(site.clause->fun, fun))
        return false;
    for (uint32_t i = 0; i < clause->n_params; i++) {
        replace_var(clause->params[i], term->as.known.args[i]);
        cps_drop_atom(term->as.known.args[i]);
    }
    CpsCont *cont = term->as.known.cont;
    clause->ret->replacement = cont;
    cont->n_returns += clause->ret->n_returns - 1;
    cont->n_jumps += clause->ret->n_jumps;
    clause->n_calls = 0;
    adopt_inlined(s->program, fun, clause->body, term);
    *slot = clause->body;
    clause->body = NULL;
    for (uint32_t c = 0; c < fun->n_clauses; c++)
        if (fun->clauses[c]->body) cps_drop_term(fun->clauses[c]->body), fun->clauses[c]->body = NULL;
    s->changed = true;
    return true;
}

/* -- CONT --------------------------------------------------------------- */

/* (k x ...) = (j x ...): the continuation j that k stands for, or NULL. */
static CpsCont *alias_of(const CpsCont *cont)
{
    Cps *body = cont->body;
    if (body->kind != CPS_JUMP || body->as.jump.n_args != cont->n_params) return NULL;
    CpsCont *target = cps_resolve_cont(body->as.jump.cont);
    for (uint32_t i = 0; i < cont->n_params; i++) {
        CpsAtom arg = cps_resolve(body->as.jump.args[i]);
        if (arg.kind != CPS_VAR || arg.as.var != cont->params[i]) return NULL;
    }
    return target == cont ? NULL : target;
}

static bool shrink_cont(Shrink *s, Cps **slot)
{
    Cps *term = *slot;
    for (uint32_t i = 0; i < term->as.cont.n; i++)
        term->as.cont.conts[i]->info = term;
    if (term->as.cont.n == 0) {
        remove_node(s, slot);
        return true;
    }
    if (term->as.cont.n > 1) return false;
    CpsCont *cont = term->as.cont.conts[0];
    if (!cont->n_jumps && !cont->n_returns) {
        cps_drop_term(cont->body);
    } else {
        CpsCont *target = alias_of(cont);
        if (!target) return false;
        target->n_jumps += cont->n_jumps - 1;
        target->n_returns += cont->n_returns;
        for (uint32_t i = 0; i < cont->n_params; i++)
            cont->params[i]->n_uses--;
        cont->replacement = target;
    }
    *slot = term->body;
    s->changed = true;
    return true;
}

/* The body of a continuation that is jumped to from here only. */
static bool shrink_jump(Shrink *s, Cps **slot)
{
    Cps *term = *slot;
    CpsCont *cont = term->as.jump.cont;
    if (!cont->body || cont->is_loop || cont->n_jumps != 1 || cont->n_returns) return false;
    for (uint32_t i = 0; i < cont->n_params; i++) {
        replace_var(cont->params[i], term->as.jump.args[i]);
        cps_drop_atom(term->as.jump.args[i]);
    }
    cont->n_jumps = 0;
    *slot = cont->body;
    cont->body = NULL;
    ((Cps *)cont->info)->as.cont.n = 0;
    s->has_empty = true;
    s->changed = true;
    return true;
}

/* -- IF ----------------------------------------------------------------- */

static bool same_jump(const Cps *a, const Cps *b)
{
    if (a->kind != CPS_JUMP || b->kind != CPS_JUMP || a->as.jump.n_args != b->as.jump.n_args ||
        cps_resolve_cont(a->as.jump.cont) != cps_resolve_cont(b->as.jump.cont))
        return false;
    for (uint32_t i = 0; i < a->as.jump.n_args; i++)
        if (!cps_same_atom(cps_resolve(a->as.jump.args[i]), cps_resolve(b->as.jump.args[i]))) return false;
    return true;
}

static void choose(Shrink *s, Cps **slot, bool truth)
{
    Cps *term = *slot;
    drop_operands(s, term);
    cps_drop_term(truth ? term->as.branch.otherwise : term->as.branch.then);
    *slot = truth ? term->as.branch.then : term->as.branch.otherwise;
    s->changed = true;
}

static void swap_arms(Cps *term)
{
    Cps *then = term->as.branch.then;
    term->as.branch.then = term->as.branch.otherwise;
    term->as.branch.otherwise = then;
}

/* A branch on the value of a test that nothing else uses becomes a branch on
 * the test: the PRIM node, found by the walk as `def`, dies. A test that may
 * fail moves only from directly in front of the branch. */
static bool absorb_test(Shrink *s, Cps *term)
{
    CpsAtom atom = term->as.branch.args[0];
    if (atom.kind != CPS_VAR || atom.as.var->n_uses != 1 || !atom.as.var->def) return false;
    Cps *def = atom.as.var->def;
    unsigned flags = prim_infos[def->as.prim.id].flags;
    bool is_adjacent = def->body == term;
    bool is_movable = (flags & PRIM_PURE) && !(flags & PRIM_CHECKED);
    if (!prim_is_test(def->as.prim.id) || !(is_adjacent || is_movable)) return false;
    atom.as.var->n_uses = 0;
    term->as.branch.is_truth = false;
    term->as.branch.id = def->as.prim.id;
    term->as.branch.n_args = def->as.prim.n_args;
    term->as.branch.args = def->as.prim.args;
    def->as.prim.id = PRIM_VOID;
    def->as.prim.n_args = 0;
    def->as.prim.var = NULL;
    s->has_empty = true;
    s->changed = true;
    return true;
}

static bool shrink_if(Shrink *s, Cps **slot)
{
    Cps *term = *slot;
    bool truth;
    if (!term->as.branch.is_truth && term->as.branch.id == PRIM_NOT) {
        term->as.branch.is_truth = true;
        swap_arms(term);
        s->changed = true;
    }
    if (!term->as.branch.is_truth)
        term->as.branch.id = fold_cheaper(term->as.branch.id, term->as.branch.args, term->as.branch.n_args);
    if (term->as.branch.is_truth
            ? fold_truth(term->as.branch.args[0], &truth)
            : fold_test(term->as.branch.id, term->as.branch.args, term->as.branch.n_args, &truth)) {
        choose(s, slot, truth);
        return true;
    }
    if (term->as.branch.is_truth && absorb_test(s, term)) return true;
    bool can_drop = term->as.branch.is_truth || prim_is_droppable(term->as.branch.id);
    if (can_drop && same_jump(term->as.branch.then, term->as.branch.otherwise)) {
        choose(s, slot, true);
        return true;
    }
    return false;
}

/* -- the walk ----------------------------------------------------------- */

/* One step at a node; true when another node, to be looked at, took its place. */
static bool shrink_node(Shrink *s, CpsSite site)
{
    Cps **slot = site.slot;
    switch ((*slot)->kind) {
    case CPS_PRIM: return shrink_prim(s, slot);
    case CPS_GLOBAL: return shrink_global(s, slot);
    case CPS_FIX: return shrink_fix(s, slot, site);
    case CPS_CONT: return shrink_cont(s, slot);
    case CPS_IF: return shrink_if(s, slot);
    case CPS_JUMP: return shrink_jump(s, slot);
    case CPS_KNOWN: return shrink_known(s, slot, site);
    case CPS_DEFINE:
    case CPS_CALL: return false;
    }
    return false;
}

static bool is_empty(const Cps *term)
{
    switch (term->kind) {
    case CPS_PRIM: return term->as.prim.id == PRIM_VOID && !term->as.prim.var;
    case CPS_CONT: return term->as.cont.n == 0;
    case CPS_FIX: return term->as.fix.n == 0;
    default: return false;
    }
}

static void sweep(CpsProgram *program)
{
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        while (is_empty(*site.slot))
            *site.slot = (*site.slot)->body;
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
}

bool pass_shrink(CpsProgram *program)
{
    Shrink s = {.program = program, .walk = cps_walk_start(program)};
    for (CpsSite site; cps_walk_next(&s.walk, &site);) {
        do
            cps_resolve_node(*site.slot);
        while (shrink_node(&s, site));
        cps_walk_into(&s.walk, site);
    }
    cps_walk_end(&s.walk);
    if (s.changed) cps_count(program);
    if (s.has_empty) sweep(program);
    return s.changed;
}
