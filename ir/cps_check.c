/* The rules of CPS (cps.h), checked after each pass. A broken one is our own
 * mistake: ICE with the pass and the function it stands in. */
#include "frontend/base/map.h"
#include "ir/cps.h"
#include "ir/prim.h"

/* What is still to check, innermost last (no recursion: terms nest as deeply as
 * the program). */
typedef enum WorkKind {
    WORK_TERM,
    WORK_CLAUSE, /* its parameters, then its body */
    WORK_CONT,
    WORK_SHOW,  /* a continuation comes into scope */
    WORK_LEAVE, /* what was bound later goes out of scope */
} WorkKind;

typedef struct Work {
    WorkKind kind;
    const void *thing; /* Cps, CpsClause, CpsCont, CpsCont, - */
    CpsClause *clause; /* around it */
    size_t n_visible;  /* LEAVE */
} Work;

typedef struct Checker {
    const CpsProgram *program;
    const char *pass;
    const CpsFun *top; /* being checked */
    CpsClause *clause; /* around the term being checked */
    Arena *arena;
    Map *bound;                          /* binders to themselves, NULL out of scope */
    Map *ids;                            /* of variables and continuations */
    Map *owners;                         /* continuation to the clause it belongs to */
    Map *globals;                        /* those with a slot */
    Map *uses, *jumps, *returns, *calls; /* as counted here: variable, continuation, clause to number */
    VEC(const void *) visible;           /* what is in scope, in order of binding */
    VEC(Work) work;
    VEC(CpsVar *) vars; /* all that were bound */
    VEC(CpsCont *) conts;
    VEC(CpsClause *) clauses;
} Checker;

#define FAIL(checker, ...) fail((checker), arena_printf((checker)->arena, __VA_ARGS__))
#define CHECK(checker, condition, ...)                                                                       \
    do {                                                                                                     \
        if (!(condition)) FAIL(checker, __VA_ARGS__);                                                        \
    } while (0)

static const char *name_of(const Symbol *name) { return name ? name->text : "-"; }

static _Noreturn void fail(const Checker *checker, const char *message)
{
    if (!checker->top) ICE("cps_check after %s: %s", checker->pass, message);
    ICE("cps_check after %s: in %s: %s", checker->pass, name_of(checker->top->name), message);
}

static void count_use(Map *counts, const void *thing)
{
    map_set(counts, thing, (void *)((uintptr_t)map_get(counts, thing) + 1));
}

/* ---- Binding ---- */

static void show(Checker *checker, const void *thing)
{
    map_set(checker->bound, thing, (void *)thing);
    vec_push(checker->arena, &checker->visible, thing);
}

static void take_id(Checker *checker, uint32_t id, const void *thing)
{
    const void *key = (const void *)((uintptr_t)id + 1);
    CHECK(checker, !map_has(checker->ids, key), "the number %u is used twice", id);
    CHECK(checker, id < checker->program->next_id, "the number %u is not below the next one", id);
    map_set(checker->ids, key, (void *)thing);
}

static void bind_var(Checker *checker, CpsVar *var)
{
    CHECK(checker, !map_has(checker->bound, var), "variable %s.%u is bound twice", name_of(var->name),
          var->id);
    take_id(checker, var->id, var);
    vec_push(checker->arena, &checker->vars, var);
    show(checker, var);
}

static void bind_params(Checker *checker, uint32_t n, CpsVar *const *params)
{
    for (uint32_t i = 0; i < n; i++) {
        CHECK(checker, params[i] && !params[i]->fun, "parameter %u is missing or a function", i);
        bind_var(checker, params[i]);
    }
}

static void own_cont(Checker *checker, CpsCont *cont, CpsClause *clause)
{
    CHECK(checker, !map_has(checker->owners, cont), "continuation %s.%u is bound twice", name_of(cont->name),
          cont->id);
    take_id(checker, cont->id, cont);
    map_set(checker->owners, cont, clause);
    vec_push(checker->arena, &checker->conts, cont);
}

static void bind_fun(Checker *checker, CpsFun *fun)
{
    CHECK(checker, fun->var && fun->var->fun == fun, "function %s is not its variable's", name_of(fun->name));
    CHECK(checker, fun->n_clauses > 0, "function %s has no clauses", name_of(fun->name));
    bind_var(checker, fun->var);
    for (uint32_t i = 0; i < fun->n_clauses; i++) {
        CpsClause *clause = fun->clauses[i];
        bool is_right =
            clause->fun == fun && clause->index == i && clause->ret && clause->ret->ret_of == clause;
        CHECK(checker, is_right, "clause %u of %s does not belong to it", i, name_of(fun->name));
        CHECK(checker, !clause->has_rest || clause->n_params > 0, "clause %u of %s lacks its rest parameter",
              i, name_of(fun->name));
        vec_push(checker->arena, &checker->clauses, clause);
        own_cont(checker, clause->ret, clause);
    }
}

/* ---- Uses ---- */

static void check_var(Checker *checker, const CpsVar *var)
{
    CHECK(checker, var && map_get(checker->bound, var), "variable %s.%u is not in scope",
          var ? name_of(var->name) : "", var ? var->id : 0);
}

static void check_atom(Checker *checker, CpsAtom atom)
{
    atom = cps_resolve(atom);
    switch (atom.kind) {
    case CPS_VAR:
        check_var(checker, atom.as.var);
        count_use(checker->uses, atom.as.var);
        return;
    case CPS_CONST: CHECK(checker, atom.as.datum, "a constant is missing"); return;
    case CPS_PROC:
        CHECK(checker, atom.as.proc < N_PROCS, "no procedure has the number %d", atom.as.proc);
        return;
    }
    FAIL(checker, "no atom is of kind %d", atom.kind);
}

static void check_atoms(Checker *checker, uint32_t n, const CpsAtom *atoms)
{
    for (uint32_t i = 0; i < n; i++)
        check_atom(checker, atoms[i]);
}

static void check_prim(Checker *checker, PrimId id, uint32_t n_args, const CpsAtom *args)
{
    CHECK(checker, id < N_PRIMS, "no primitive has the number %d", id);
    const PrimInfo *info = &prim_infos[id];
    bool is_accepted = (int)n_args >= info->min_args && (info->max_args < 0 || (int)n_args <= info->max_args);
    CHECK(checker, is_accepted, "primitive %s with %u arguments", info->name, n_args);
    check_atoms(checker, n_args, args);
}

static void check_global(Checker *checker, const Global *global)
{
    CHECK(checker, global && map_has(checker->globals, global), "global %s has no slot",
          global ? name_of(global->name) : "");
}

/* A continuation is used in its own clause only. */
static CpsCont *check_cont(Checker *checker, CpsCont *cont, Map *counts)
{
    CHECK(checker, cont, "a continuation is missing");
    cont = cps_resolve_cont(cont);
    CHECK(checker, map_get(checker->owners, cont) == checker->clause,
          "continuation %s.%u is another function's", name_of(cont->name), cont->id);
    CHECK(checker, cont == checker->clause->ret || map_get(checker->bound, cont),
          "continuation %s.%u is not in scope", name_of(cont->name), cont->id);
    count_use(counts, cont);
    return cont;
}

/* ---- Terms ---- */

static void push_work(Checker *checker, WorkKind kind, const void *thing, CpsClause *clause)
{
    vec_push(checker->arena, &checker->work, ((Work){kind, thing, clause, 0}));
}

/* Work whose bindings are gone behind it. */
static void push_block(Checker *checker, WorkKind kind, const void *thing, CpsClause *clause)
{
    vec_push(checker->arena, &checker->work,
             ((Work){.kind = WORK_LEAVE, .n_visible = checker->visible.count}));
    push_work(checker, kind, thing, clause);
}

static void push_clauses(Checker *checker, const CpsFun *fun)
{
    for (uint32_t i = fun->n_clauses; i-- > 0;)
        push_block(checker, WORK_CLAUSE, fun->clauses[i], fun->clauses[i]);
}

static void check_fix(Checker *checker, const Cps *term)
{
    for (uint32_t i = 0; i < term->as.fix.n; i++) {
        CHECK(checker, !term->as.fix.funs[i]->is_top, "function %s of the top is bound inside",
              name_of(term->as.fix.funs[i]->name));
        bind_fun(checker, term->as.fix.funs[i]);
    }
    push_work(checker, WORK_TERM, term->body, checker->clause);
    for (uint32_t i = term->as.fix.n; i-- > 0;)
        push_clauses(checker, term->as.fix.funs[i]);
}

static void check_conts(Checker *checker, const Cps *term)
{
    bool is_loop = term->as.cont.is_loop;
    CpsCont *const *conts = term->as.cont.conts;
    CHECK(checker, is_loop || term->as.cont.n <= 1, "%u continuations without a loop", term->as.cont.n);
    for (uint32_t i = 0; i < term->as.cont.n; i++) {
        CHECK(checker, conts[i]->is_loop == is_loop, "continuation %u does not know whether it is a loop",
              conts[i]->id);
        own_cont(checker, conts[i], checker->clause);
        if (is_loop) show(checker, conts[i]);
    }
    push_work(checker, WORK_TERM, term->body, checker->clause);
    if (!is_loop && term->as.cont.n) push_work(checker, WORK_SHOW, conts[0], checker->clause);
    for (uint32_t i = term->as.cont.n; i-- > 0;)
        push_block(checker, WORK_CONT, conts[i], checker->clause);
}

static void check_if(Checker *checker, const Cps *term)
{
    if (term->as.branch.is_truth) {
        CHECK(checker, term->as.branch.n_args == 1, "a truth test of %u atoms", term->as.branch.n_args);
        check_atom(checker, term->as.branch.args[0]);
    } else {
        check_prim(checker, term->as.branch.id, term->as.branch.n_args, term->as.branch.args);
        CHECK(checker, prim_is_test(term->as.branch.id), "primitive %s is no test",
              prim_infos[term->as.branch.id].name);
    }
    push_block(checker, WORK_TERM, term->as.branch.otherwise, checker->clause);
    push_block(checker, WORK_TERM, term->as.branch.then, checker->clause);
}

static void check_jump(Checker *checker, const Cps *term)
{
    const CpsCont *cont = check_cont(checker, term->as.jump.cont, checker->jumps);
    CHECK(checker, term->as.jump.n_args == cont->n_params, "a jump to %s.%u with %u arguments",
          name_of(cont->name), cont->id, term->as.jump.n_args);
    check_atoms(checker, term->as.jump.n_args, term->as.jump.args);
}

/* What a call returns to takes one value. */
static void check_return_point(Checker *checker, CpsCont *used)
{
    const CpsCont *cont = check_cont(checker, used, checker->returns);
    CHECK(checker, cont->n_params == 1, "a call returns to %s.%u, which has %u parameters",
          name_of(cont->name), cont->id, cont->n_params);
}

static void check_call(Checker *checker, const Cps *term)
{
    check_return_point(checker, term->as.call.cont);
    check_atom(checker, term->as.call.fn);
    check_atoms(checker, term->as.call.n_args, term->as.call.args);
}

static void check_known(Checker *checker, const Cps *term)
{
    const CpsClause *clause = term->as.known.clause;
    check_return_point(checker, term->as.known.cont);
    CHECK(checker,
          clause && clause->index < clause->fun->n_clauses && clause->fun->clauses[clause->index] == clause,
          "a known call of a clause that its function does not have");
    check_var(checker, clause->fun->var);
    CHECK(checker, term->as.known.n_args == clause->n_params, "a known call of %s with %u arguments",
          name_of(clause->fun->name), term->as.known.n_args);
    count_use(checker->calls, clause);
    check_atoms(checker, term->as.known.n_args, term->as.known.args);
}

/* Operands are looked at before the term's own variable is bound. */
static void check_term(Checker *checker, const Cps *term)
{
    CHECK(checker, term, "a term is missing");
    switch (term->kind) {
    case CPS_PRIM:
        check_prim(checker, term->as.prim.id, term->as.prim.n_args, term->as.prim.args);
        if (term->as.prim.var) bind_var(checker, term->as.prim.var);
        break;
    case CPS_GLOBAL:
        check_global(checker, term->as.global.global);
        bind_var(checker, term->as.global.var);
        break;
    case CPS_DEFINE:
        check_global(checker, term->as.define.global);
        check_atom(checker, term->as.define.value);
        break;
    case CPS_FIX: check_fix(checker, term); return;
    case CPS_CONT: check_conts(checker, term); return;
    case CPS_IF: check_if(checker, term); return;
    case CPS_JUMP: check_jump(checker, term); return;
    case CPS_CALL: check_call(checker, term); return;
    case CPS_KNOWN: check_known(checker, term); return;
    }
    push_work(checker, WORK_TERM, term->body, checker->clause);
}

static void leave_block(Checker *checker, size_t n_visible)
{
    while (checker->visible.count > n_visible)
        map_set(checker->bound, vec_pop(&checker->visible), NULL);
}

static void check_work(Checker *checker, Work work)
{
    checker->clause = work.clause;
    switch (work.kind) {
    case WORK_TERM: check_term(checker, work.thing); return;
    case WORK_CLAUSE:
        bind_params(checker, work.clause->n_params, work.clause->params);
        check_term(checker, work.clause->body);
        return;
    case WORK_CONT: {
        const CpsCont *cont = work.thing;
        bind_params(checker, cont->n_params, cont->params);
        check_term(checker, cont->body);
        return;
    }
    case WORK_SHOW: show(checker, work.thing); return;
    case WORK_LEAVE: leave_block(checker, work.n_visible); return;
    }
}

/* ---- The program ---- */

static void check_heads(Checker *checker)
{
    const CpsProgram *program = checker->program;
    for (uint32_t i = 0; i < program->n_globals; i++)
        map_set(checker->globals, program->globals[i], program->globals[i]);
    for (size_t i = 0; i < program->funs.count; i++) {
        CHECK(checker, program->funs.items[i]->is_top, "function %s is not of the top",
              name_of(program->funs.items[i]->name));
        bind_fun(checker, program->funs.items[i]);
    }
    CHECK(checker, program->main && map_get(checker->bound, program->main->var), "there is no main");
    CHECK(checker, program->main->n_clauses == 1 && program->main->clauses[0]->n_params == 0,
          "main has parameters");
    count_use(checker->uses, program->main->var);
    for (unsigned i = 0; program->hooks && i < CLO_N_HOOKS; i++)
        check_atom(checker, program->hooks[i]);
}

static uint32_t count_of(const Map *counts, const void *thing)
{
    return (uint32_t)(uintptr_t)map_get(counts, thing);
}

static void check_counts(Checker *checker)
{
    checker->top = NULL;
    for (size_t i = 0; i < checker->vars.count; i++) {
        const CpsVar *var = checker->vars.items[i];
        CHECK(checker, var->n_uses == count_of(checker->uses, var),
              "variable %s.%u: %u uses are counted, there are %u", name_of(var->name), var->id, var->n_uses,
              count_of(checker->uses, var));
    }
    for (size_t i = 0; i < checker->conts.count; i++) {
        const CpsCont *cont = checker->conts.items[i];
        uint32_t n_jumps = count_of(checker->jumps, cont), n_returns = count_of(checker->returns, cont);
        CHECK(checker, cont->n_jumps == n_jumps && cont->n_returns == n_returns,
              "continuation %s.%u: %u jumps and %u returns are counted, there are %u and %u",
              name_of(cont->name), cont->id, cont->n_jumps, cont->n_returns, n_jumps, n_returns);
    }
    for (size_t i = 0; i < checker->clauses.count; i++) {
        const CpsClause *clause = checker->clauses.items[i];
        CHECK(checker, clause->n_calls == count_of(checker->calls, clause),
              "clause %u of %s: %u calls are counted, there are %u", clause->index,
              name_of(clause->fun->name), clause->n_calls, count_of(checker->calls, clause));
    }
}

static Checker new_checker(const CpsProgram *program, const char *pass)
{
    Arena *arena = arena_new();
    return (Checker){
        .program = program,
        .pass = pass,
        .arena = arena,
        .bound = map_new(arena),
        .ids = map_new(arena),
        .owners = map_new(arena),
        .globals = map_new(arena),
        .uses = map_new(arena),
        .jumps = map_new(arena),
        .returns = map_new(arena),
        .calls = map_new(arena),
    };
}

void cps_check(const CpsProgram *program, const char *pass)
{
    Checker checker = new_checker(program, pass);
    check_heads(&checker);
    for (size_t i = 0; i < program->funs.count; i++) {
        checker.top = program->funs.items[i];
        push_clauses(&checker, checker.top);
        while (checker.work.count)
            check_work(&checker, vec_pop(&checker.work));
    }
    check_counts(&checker);
    arena_free(checker.arena);
}
