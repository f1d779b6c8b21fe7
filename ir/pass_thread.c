/* Jumps to continuations that only decide or jump on.
 *
 * Requires: the rules of cps.h.
 * Ensures:  the same. No jump to a join point whose body is a jump, or a branch
 *           that the jump's arguments decide: it goes to where that leads. So
 *           the branch on the value of a conditional (a test that was a call,
 *           before inlining) becomes plain control flow.
 *
 * The arms of a branch that is decided by some jump become join points of
 * their own first, so nothing is copied but jumps. */
#include "ir/cps_walk.h"
#include "ir/fold.h"
#include "ir/passes.h"
#include "ir/prim.h"

typedef struct Thread {
    CpsProgram *program;
    bool changed;
} Thread;

static bool is_jump(const Cps *term) { return term->kind == CPS_JUMP; }

/* The argument that a parameter gets in a jump with `args`; other atoms stay. */
static CpsAtom passed(const CpsCont *cont, const CpsAtom *args, CpsAtom atom)
{
    atom = cps_resolve(atom);
    for (uint32_t i = 0; atom.kind == CPS_VAR && i < cont->n_params; i++)
        if (cont->params[i] == atom.as.var) return cps_resolve(args[i]);
    return atom;
}

/* Whether the branch that is the body of `cont` is decided by `args`. */
static bool decides(const CpsCont *cont, const CpsAtom *args, bool *truth_out)
{
    const Cps *body = cont->body;
    if (!body || body->kind != CPS_IF || cont->is_loop || body->as.branch.n_args > 2) return false;
    CpsAtom operands[2];
    for (uint32_t i = 0; i < body->as.branch.n_args; i++)
        operands[i] = passed(cont, args, body->as.branch.args[i]);
    if (body->as.branch.is_truth) return fold_truth(operands[0], truth_out);
    return fold_test(body->as.branch.id, operands, body->as.branch.n_args, truth_out);
}

/* The jump passes the value of a test made directly in front of it, for
 * nothing but the branch on its truth: the PRIM node of the test, or NULL. */
static Cps *test_in_front(const Cps *jump)
{
    const CpsCont *cont = jump->as.jump.cont;
    const Cps *body = cont->body;
    if (!body || body->kind != CPS_IF || cont->is_loop || !body->as.branch.is_truth || cont->n_params != 1)
        return NULL;
    CpsAtom tested = cps_resolve(body->as.branch.args[0]), arg = cps_resolve(jump->as.jump.args[0]);
    if (tested.kind != CPS_VAR || tested.as.var != cont->params[0] || arg.kind != CPS_VAR) return NULL;
    Cps *def = arg.as.var->def;
    bool is_test = def && def->kind == CPS_PRIM && def->body == jump && def->as.prim.var == arg.as.var &&
                   arg.as.var->n_uses == 1 && prim_is_test(def->as.prim.id);
    return is_test ? def : NULL;
}

/* -- splitting ---------------------------------------------------------- */

/* CpsCont.info in this pass: some jump decides the branch. */
static char is_decided;

static void note_jump(const Cps *jump)
{
    bool truth;
    CpsCont *cont = jump->as.jump.cont;
    if (cont->body && (decides(cont, jump->as.jump.args, &truth) || test_in_front(jump)))
        cont->info = &is_decided;
}

static void note_node(Cps *term)
{
    if (term->kind == CPS_PRIM && term->as.prim.var) term->as.prim.var->def = term;
    if (term->kind == CPS_CONT)
        for (uint32_t i = 0; i < term->as.cont.n; i++)
            term->as.cont.conts[i]->info = NULL;
    if (term->kind == CPS_JUMP) note_jump(term);
}

/* Makes one arm of the body of `cont` a continuation with the same parameters,
 * bound in front of *slot; the arm becomes a jump to it. */
static void split_arm(Thread *t, Cps **slot, CpsCont *cont, Cps **arm)
{
    if (is_jump(*arm)) return;
    CpsProgram *program = t->program;
    CpsCont *outer = cps_new_cont(program, cont->name, cont->span, cont->n_params);
    CpsAtom *args = cps_new_atoms(program, cont->n_params);
    CpsAtom *params = cps_new_atoms(program, cont->n_params);
    for (uint32_t i = 0; i < cont->n_params; i++) {
        outer->params[i] = cps_new_var(program, cont->params[i]->name);
        params[i] = cps_var(outer->params[i]);
        args[i] = cps_var(cont->params[i]);
    }
    CpsCont part = *cont;
    part.body = *arm;
    outer->body = cps_copy_cont(program, &part, params);

    Cps *node = cps_new(program, CPS_CONT, cont->span, (*arm)->proc);
    node->as.cont.n = 1;
    node->as.cont.conts = ARENA_NEW(program->compilation->arena, CpsCont *);
    node->as.cont.conts[0] = outer;
    node->body = *slot;
    *slot = node;

    Cps *jump = cps_new(program, CPS_JUMP, (*arm)->span, (*arm)->proc);
    jump->as.jump.cont = outer;
    jump->as.jump.n_args = cont->n_params;
    jump->as.jump.args = args;
    *arm = jump;
}

static void split_cont(Thread *t, CpsSite site)
{
    Cps *node = *site.slot;
    if (node->as.cont.n != 1 || node->as.cont.conts[0]->info != &is_decided) return;
    CpsCont *cont = node->as.cont.conts[0];
    cont->info = NULL;
    split_arm(t, site.slot, cont, &cont->body->as.branch.then);
    split_arm(t, site.slot, cont, &cont->body->as.branch.otherwise);
    t->changed = true;
}

/* -- redirecting -------------------------------------------------------- */

static Cps *redirected(Thread *t, CpsCont *cont, Cps *arm, const CpsAtom *args)
{
    CpsCont part = *cont;
    part.body = arm;
    t->changed = true;
    return cps_copy_cont(t->program, &part, args);
}

/* The test becomes a branch, so the place behind it, where the jump was, is gone. */
static void branch_on_test(Thread *t, Cps *test, const Cps *jump)
{
    CpsCont *cont = jump->as.jump.cont;
    CpsAtom yes = cps_boolean(t->program, true), no = cps_boolean(t->program, false);
    Cps branch = {.kind = CPS_IF, .span = test->span, .proc = test->proc};
    branch.as.branch.id = test->as.prim.id;
    branch.as.branch.n_args = test->as.prim.n_args;
    branch.as.branch.args = test->as.prim.args;
    branch.as.branch.then = redirected(t, cont, cont->body->as.branch.then, &yes);
    branch.as.branch.otherwise = redirected(t, cont, cont->body->as.branch.otherwise, &no);
    *test = branch;
}

static void thread_jump(Thread *t, Cps **slot)
{
    while (is_jump(*slot)) {
        Cps *jump = *slot;
        CpsCont *cont = jump->as.jump.cont;
        bool truth;
        Cps *test;
        if (!cont->body || cont->is_loop) return;
        if (is_jump(cont->body)) {
            *slot = redirected(t, cont, cont->body, jump->as.jump.args);
        } else if (decides(cont, jump->as.jump.args, &truth)) {
            Cps *arm = truth ? cont->body->as.branch.then : cont->body->as.branch.otherwise;
            if (!is_jump(arm)) return;
            *slot = redirected(t, cont, arm, jump->as.jump.args);
        } else if ((test = test_in_front(jump)) && is_jump(cont->body->as.branch.then) &&
                   is_jump(cont->body->as.branch.otherwise)) {
            branch_on_test(t, test, jump);
            return;
        } else {
            return;
        }
    }
}

bool pass_thread(CpsProgram *program)
{
    Thread t = {.program = program};
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        cps_resolve_node(*site.slot);
        note_node(*site.slot);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        if ((*site.slot)->kind == CPS_CONT) split_cont(&t, site);
        thread_jump(&t, site.slot);
        if (*site.slot) cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    if (t.changed) cps_count(program);
    return t.changed;
}
