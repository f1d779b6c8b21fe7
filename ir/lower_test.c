/* Lowering: conditions, and expressions whose value goes to a continuation. */
#include "ir/lower.h"

static bool is_constant(const Core *core, bool *truth_out)
{
    if (core->kind != CORE_CONST) return false;
    *truth_out = core->as.datum->kind != DATUM_BOOLEAN || core->as.datum->as.boolean;
    return true;
}

static bool is_local(const Core *core, const Var *var)
{
    return core->kind == CORE_LOCAL && core->as.local == var;
}

/* (let ((t a)) (if t t b)), what `or` expands to. */
static bool is_or(const Core *core)
{
    if (core->kind != CORE_LET || core->as.let.n_vars != 1 || core->as.let.body->kind != CORE_IF)
        return false;
    const Core *branch = core->as.let.body;
    const Var *var = core->as.let.vars[0];
    return is_local(branch->as.branch.test, var) && is_local(branch->as.branch.then, var);
}

/* A test that is one IF node. */
static bool is_simple_test(const Core *test)
{
    switch (test->kind) {
    case CORE_IF:
    case CORE_LET:
    case CORE_LETREC:
    case CORE_SEQ:
    case CORE_CONST: return false;
    case CORE_PRIM: return test->as.prim.id != PRIM_NOT || is_simple_test(test->as.prim.args[0]);
    default: return true;
    }
}

/* Emits the IF node of a simple test; *negated_out: its branches are swapped. */
static Cps *lower_simple_test(Lower *l, Core *test, bool *negated_out)
{
    *negated_out = false;
    while (test->kind == CORE_PRIM && test->as.prim.id == PRIM_NOT) {
        test = test->as.prim.args[0];
        *negated_out = !*negated_out;
    }
    if (test->kind == CORE_PRIM && prim_is_test(test->as.prim.id)) {
        CpsAtom *args = lower_args(l, test->as.prim.args, test->as.prim.n_args);
        return lower_emit_if(l, test->span, false, test->as.prim.id, args, test->as.prim.n_args);
    }
    CpsAtom *args = cps_new_atoms(l->program, 1);
    args[0] = lower_value(l, test);
    return lower_emit_if(l, test->span, true, PRIM_NOT, args, 1);
}

/* The continuation for one arm of a nested test: an existing one when the arm
 * is a constant, else a new one whose body is still to be lowered. */
static CpsCont *arm_cont(Lower *l, Core *arm, CpsCont *then, CpsCont *otherwise)
{
    bool truth;
    if (is_constant(arm, &truth)) return truth ? then : otherwise;
    return lower_emit_cont(l, arm->span, 0);
}

static void lower_arm(Lower *l, Core *arm, CpsCont *cont, CpsCont *then, CpsCont *otherwise)
{
    if (cont == then || cont == otherwise) return;
    l->hole = &cont->body;
    lower_branch(l, arm, then, otherwise);
}

static void lower_or_branch(Lower *l, Core *core, CpsCont *then, CpsCont *otherwise)
{
    Core *second = core->as.let.body->as.branch.otherwise;
    lower_bind_local(l, core->as.let.vars[0], cps_boolean(l->program, false), false);
    CpsCont *next = arm_cont(l, second, then, otherwise);
    lower_branch(l, core->as.let.inits[0], then, next);
    lower_arm(l, second, next, then, otherwise);
}

void lower_branch(Lower *l, Core *test, CpsCont *then, CpsCont *otherwise)
{
    bool truth;
    while (lower_has_prefix(test) && !is_or(test))
        test = lower_prefix(l, test);
    if (is_or(test)) {
        lower_or_branch(l, test, then, otherwise);
    } else if (is_constant(test, &truth)) {
        lower_emit_jump(l, test->span, truth ? then : otherwise, NULL);
    } else if (test->kind == CORE_PRIM && test->as.prim.id == PRIM_NOT) {
        lower_branch(l, test->as.prim.args[0], otherwise, then);
    } else if (test->kind == CORE_IF) {
        Core *yes = test->as.branch.then, *no = test->as.branch.otherwise;
        CpsCont *on_yes = arm_cont(l, yes, then, otherwise);
        CpsCont *on_no = arm_cont(l, no, then, otherwise);
        lower_branch(l, test->as.branch.test, on_yes, on_no);
        lower_arm(l, yes, on_yes, then, otherwise);
        lower_arm(l, no, on_no, then, otherwise);
    } else {
        bool is_negated;
        Cps *branch = lower_simple_test(l, test, &is_negated);
        l->hole = is_negated ? &branch->as.branch.otherwise : &branch->as.branch.then;
        lower_emit_jump(l, test->span, then, NULL);
        l->hole = is_negated ? &branch->as.branch.then : &branch->as.branch.otherwise;
        lower_emit_jump(l, test->span, otherwise, NULL);
    }
}

/* Lowers the test of a conditional whose value goes to `k`, and the `then`
 * arm; the hole is left where the other arm belongs. */
static void lower_if_tail(Lower *l, Core *core, CpsCont *k)
{
    Core *test = core->as.branch.test;
    if (is_simple_test(test)) {
        bool is_negated;
        Cps *branch = lower_simple_test(l, test, &is_negated);
        l->hole = is_negated ? &branch->as.branch.otherwise : &branch->as.branch.then;
        lower_tail(l, core->as.branch.then, k);
        l->hole = is_negated ? &branch->as.branch.then : &branch->as.branch.otherwise;
        return;
    }
    CpsCont *then = lower_emit_cont(l, core->as.branch.then->span, 0);
    CpsCont *otherwise = lower_emit_cont(l, core->as.branch.otherwise->span, 0);
    lower_branch(l, test, then, otherwise);
    l->hole = &then->body;
    lower_tail(l, core->as.branch.then, k);
    l->hole = &otherwise->body;
}

/* (or a b) with a test `a` that gives a boolean: a branch instead of a value. */
static Core *lower_or_tail(Lower *l, Core *core, CpsCont *k)
{
    bool is_negated;
    Cps *branch = lower_simple_test(l, core->as.let.inits[0], &is_negated);
    CpsAtom yes = cps_boolean(l->program, true);
    l->hole = is_negated ? &branch->as.branch.otherwise : &branch->as.branch.then;
    lower_emit_jump(l, core->span, k, &yes);
    l->hole = is_negated ? &branch->as.branch.then : &branch->as.branch.otherwise;
    lower_bind_local(l, core->as.let.vars[0], cps_boolean(l->program, false), false);
    return core->as.let.body->as.branch.otherwise;
}

static bool is_boolean_or(const Core *core)
{
    return is_or(core) && core->as.let.inits[0]->kind == CORE_PRIM &&
           prim_is_test(core->as.let.inits[0]->as.prim.id) && is_simple_test(core->as.let.inits[0]);
}

void lower_tail(Lower *l, Core *core, CpsCont *k)
{
    for (;;) {
        if (is_boolean_or(core)) {
            core = lower_or_tail(l, core, k);
        } else if (lower_has_prefix(core)) {
            core = lower_prefix(l, core);
        } else if (core->kind == CORE_IF) {
            lower_if_tail(l, core, k);
            core = core->as.branch.otherwise;
        } else {
            break;
        }
    }
    if (core->kind == CORE_CALL) {
        lower_call(l, core, k);
    } else {
        CpsAtom value = lower_value(l, core);
        lower_emit_jump(l, core->span, k, &value);
    }
}
