/* The rules of Core: every variable bound once and used in its scope, primitives
 * with the number of arguments that one operation takes, definitions only as
 * top-level forms, every global defined at most once. */
#include "frontend/base/map.h"
#include "frontend/core_make.h"
#include "frontend/deep.h"

typedef struct Check {
    Map *bound;   /* Var -> itself, ever bound */
    Map *open;    /* Var -> itself while in scope, else NULL */
    Map *defined; /* Global -> its definition */
} Check;

static void check(Check *c, const Core *core);

static void open_var(Check *c, const Var *var)
{
    if (map_has(c->bound, var)) ICE("core: variable %s.%u is bound twice", var->name->text, var->id);
    map_set(c->bound, var, (void *)var);
    map_set(c->open, var, (void *)var);
}

static void close_var(Check *c, const Var *var) { map_set(c->open, var, NULL); }

static void check_clause(Check *c, const CoreClause *clause)
{
    for (uint32_t i = 0; i < clause->n_params; i++)
        open_var(c, clause->params[i]);
    if (clause->rest) open_var(c, clause->rest);
    check(c, clause->body);
    for (uint32_t i = 0; i < clause->n_params; i++)
        close_var(c, clause->params[i]);
    if (clause->rest) close_var(c, clause->rest);
}

static void check_let(Check *c, const Core *core)
{
    uint32_t n_vars = core->as.let.n_vars;
    bool is_recursive = core->kind == CORE_LETREC;
    if (n_vars == 0) ICE("core: let without variables");
    if (!is_recursive)
        for (uint32_t i = 0; i < n_vars; i++)
            check(c, core->as.let.inits[i]);
    for (uint32_t i = 0; i < n_vars; i++)
        open_var(c, core->as.let.vars[i]);
    if (is_recursive)
        for (uint32_t i = 0; i < n_vars; i++)
            check(c, core->as.let.inits[i]);
    check(c, core->as.let.body);
    for (uint32_t i = 0; i < n_vars; i++)
        close_var(c, core->as.let.vars[i]);
}

static void check_prim(Check *c, const Core *core)
{
    const PrimInfo *info = &core_prims[core->as.prim.id];
    uint32_t n_args = core->as.prim.n_args;
    bool is_folded = info->flags & (PRIM_NARY | PRIM_NARY_INV | PRIM_CHAIN);
    bool ok =
        is_folded ? n_args == 2 : (int)n_args >= info->min && (info->max < 0 || (int)n_args <= info->max);
    if (!ok) ICE("core: %s with %u arguments", info->name, n_args);
    for (uint32_t i = 0; i < n_args; i++)
        check(c, core->as.prim.args[i]);
}

static void check_each(Check *c, Core *const *cores, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        check(c, cores[i]);
}

static void check(Check *c, const Core *core)
{
    if (!core) ICE("core: missing node");
    switch (core->kind) {
    case CORE_CONST:
        if (!core->as.datum) ICE("core: constant without a datum");
        return;
    case CORE_LOCAL:
        if (!map_get(c->open, core->as.local))
            ICE("core: variable %s.%u is not in scope", core->as.local->name->text, core->as.local->id);
        return;
    case CORE_GLOBAL:
        if (!core->as.global) ICE("core: global reference without a global");
        return;
    case CORE_PRIM: check_prim(c, core); return;
    case CORE_PROC: return;
    case CORE_PRIM_REF:
        if (core_prims[core->as.prim_ref].min != core_prims[core->as.prim_ref].max)
            ICE("core: %s as a value", core_prims[core->as.prim_ref].name);
        return;
    case CORE_CALL:
        check(c, core->as.call.fn);
        check_each(c, core->as.call.args, core->as.call.n_args);
        return;
    case CORE_IF:
        check(c, core->as.branch.test);
        check(c, core->as.branch.then);
        check(c, core->as.branch.otherwise);
        return;
    case CORE_LAMBDA:
        if (core->as.lambda.n_clauses == 0) ICE("core: procedure without clauses");
        for (uint32_t i = 0; i < core->as.lambda.n_clauses; i++)
            check_clause(c, &core->as.lambda.clauses[i]);
        return;
    case CORE_LET:
    case CORE_LETREC: check_let(c, core); return;
    case CORE_SEQ:
        if (core->as.seq.n_exprs == 0) ICE("core: empty sequence");
        check_each(c, core->as.seq.exprs, core->as.seq.n_exprs);
        return;
    case CORE_DEFINE: ICE("core: definition inside an expression");
    }
    ICE("core: node of kind %d", (int)core->kind);
}

static void check_form(Check *c, const Core *form)
{
    if (form->kind != CORE_DEFINE) {
        check(c, form);
        return;
    }
    Global *global = form->as.define.global;
    if (map_has(c->defined, global)) ICE("core: global %s is defined twice", global->name->text);
    if (global->value != form->as.define.value) ICE("core: global %s has another value", global->name->text);
    map_set(c->defined, global, global);
    check(c, form->as.define.value);
}

static void check_program(void *context, size_t stack_bytes)
{
    const CoreProgram *program = context;
    Arena *arena = arena_new();
    Check c = {map_new(arena), map_new(arena), map_new(arena)};
    for (uint32_t i = 0; i < program->n_forms; i++)
        check_form(&c, program->forms[i]);
    for (uint32_t i = 0; i < program->n_globals; i++)
        if (program->globals[i]->id != i)
            ICE("core: global %s has a wrong number", program->globals[i]->name->text);
    arena_free(arena);
}

void core_check(const CoreProgram *program) { deep_call(check_program, (void *)program); }
