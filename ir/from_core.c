/* Core to CPS: the globals, then the top level. The terms are written by lower_*.c. */
#include "ir/from_core.h"

#include "ir/core_walk.h"
#include "ir/lower.h"
#include "ir/shake.h"

/* Nodes of Core in one piece of the top level. */
#define CHUNK_NODES 2000

/* Goes on in a new function when the top level has become long: code points of
 * bounded size keep LLVM fast. */
static CpsFun *new_chunk(Lower *l)
{
    CpsFun *fun = cps_new_fun(l->program, l->proc, (Span){0}, 1);
    fun->is_top = true;
    fun->no_inline = true;
    vec_push(l->arena, &l->program->funs, fun);
    CpsClause *clause = cps_new_clause(l->program, fun, 0, 0, false);
    l->hole = &clause->body;
    return fun;
}

/* The end of the top level: calls `main` if the program defines it. */
static void lower_call_main(Lower *l, const CoreProgram *core, const Shaken *shaken, CpsCont *k)
{
    CpsAtom none = cps_void(l->program);
    if (!core->main) {
        lower_emit_jump(l, (Span){0}, k, &none);
        return;
    }
    Core main = {.kind = CORE_GLOBAL, .span = core->main->span, .as.global = core->main};
    Core call_main = {.kind = CORE_GLOBAL, .span = core->main->span, .as.global = shaken->call_main};
    Core usage = {.kind = CORE_CONST, .span = core->main->span, .as.datum = core->usage};
    Core *args[] = {&main, &usage};
    Core call = {.kind = CORE_CALL, .span = core->main->span, .as.call = {&main, 0, NULL}};
    if (shaken->call_main) call.as.call.fn = &call_main, call.as.call.n_args = 2, call.as.call.args = args;
    lower_tail(l, &call, k);
}

/* The top level: the forms in order, then `main`. */
static void lower_top(Lower *l, const CoreProgram *core, const Shaken *shaken)
{
    l->proc = symbol_of(l->program->compilation->symbols, "top level");
    CpsFun *chunk = l->program->main = new_chunk(l);
    uint32_t size = 0;
    for (uint32_t i = 0; i < shaken->n_forms; i++) {
        Core *form = shaken->forms[i];
        if (!l->library_is_defined && form->span.source && !form->span.source->is_system)
            l->library_is_defined = true;
        size += core_size_up_to(form, CHUNK_NODES);
        if (size > CHUNK_NODES) {
            CpsCont *ret = chunk->clauses[0]->ret;
            Cps **hole = l->hole;
            chunk = new_chunk(l);
            Cps **next = l->hole;
            l->hole = hole;
            lower_emit_call(l, (Span){0}, cps_var(chunk->var), NULL, 0, ret);
            l->hole = next;
            size = 0;
        }
        lower_effect(l, form);
    }
    lower_call_main(l, core, shaken, chunk->clauses[0]->ret);
}

/* Functions first: their bodies may name any other. Definitions of functions
 * in lib-scm may then be inlined into each other in any order. */
static void lower_globals(Lower *l, const Shaken *shaken)
{
    for (uint32_t i = 0; i < shaken->n_globals; i++)
        lower_resolve_global(l, shaken->globals[i]);
    for (uint32_t i = 0; i < shaken->n_globals; i++) {
        Global *global = shaken->globals[i];
        const GlobalInfo *info = global->ir;
        if (!global->value || global->value->kind != CORE_LAMBDA) continue;
        l->library_is_defined = !lower_is_library(global);
        lower_clauses(l, info->atom.as.var->fun, global->value);
    }
    l->library_is_defined = false;
}

/* The globals that need a slot. */
static void collect_slots(CpsProgram *program, const Shaken *shaken)
{
    program->globals = ARENA_ARRAY(program->compilation->arena, Global *, shaken->n_globals + 1);
    for (uint32_t i = 0; i < shaken->n_globals; i++) {
        const GlobalInfo *info = shaken->globals[i]->ir;
        if (info->kind == GLOBAL_SLOT) program->globals[program->n_globals++] = shaken->globals[i];
    }
}

static void lower_hooks(Lower *l, const CoreProgram *core)
{
    if (!core->hooks) return;
    l->program->hooks = cps_new_atoms(l->program, CLO_N_HOOKS);
    for (unsigned i = 0; i < CLO_N_HOOKS; i++) {
        const GlobalInfo *info = core->hooks[i] ? core->hooks[i]->ir : NULL;
        if (!info || info->kind != GLOBAL_ATOM) ICE("from_core: hook %u is not defined as a procedure", i);
        l->program->hooks[i] = info->atom;
    }
}

CpsProgram *cps_from_core(Compilation *compilation, const CoreProgram *core)
{
    CpsProgram *program = ARENA_NEW(compilation->arena, CpsProgram);
    program->compilation = compilation;
    program->name = core->name;
    Shaken shaken = core_shake(compilation->arena, core);
    Lower l = {.program = program, .arena = compilation->arena};
    lower_globals(&l, &shaken);
    lower_top(&l, core, &shaken);
    lower_hooks(&l, core);
    collect_slots(program, &shaken);
    cps_count(program);
    return program;
}
