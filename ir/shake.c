/* Tree shaking on Core: marks from the roots, in time linear in what is reached. */
#include "ir/shake.h"

#include <string.h>

#include "frontend/base/map.h"
#include "ir/clo.h"
#include "ir/core_walk.h"
#include "ir/prim.h"

typedef struct Shaker {
    Arena *arena;
    Map *reached; /* set of Global */
    CoreVec work; /* expressions still to be looked at */
} Shaker;

static void reach_global(Shaker *s, Global *global)
{
    if (!global || map_has(s->reached, global)) return;
    map_set(s->reached, global, global);
    if (global->value) vec_push(s->arena, &s->work, global->value);
}

static void reach_all(Shaker *s)
{
    while (s->work.count) {
        Core *core = vec_pop(&s->work);
        if (core->kind == CORE_GLOBAL) reach_global(s, core->as.global);
        if (core->kind == CORE_DEFINE) reach_global(s, core->as.define.global);
        core_push_parts(s->arena, &s->work, core);
    }
}

/* Evaluating it does nothing but give a value. */
static bool is_pure(Arena *arena, Core *expression)
{
    CoreVec work = {0};
    vec_push(arena, &work, expression);
    while (work.count) {
        Core *core = vec_pop(&work);
        if (core->kind == CORE_CALL || (core->kind == CORE_PRIM && !prim_is_droppable(core->as.prim.id)))
            return false;
        if (core->kind == CORE_GLOBAL && !core->as.global->value) return false;
        if (core->kind != CORE_LAMBDA) core_push_parts(arena, &work, core);
    }
    return true;
}

static bool is_library(const Global *global) { return global->module[0] == 'l'; }

static bool is_droppable_form(Arena *arena, const Core *form)
{
    if (form->kind != CORE_DEFINE) return false;
    return is_library(form->as.define.global) || is_pure(arena, form->as.define.value);
}

static Global *find_call_main(const CoreProgram *program)
{
    for (uint32_t i = 0; program->main && i < program->n_globals; i++)
        if (is_library(program->globals[i]) && !strcmp(program->globals[i]->name->text, "%call-main"))
            return program->globals[i];
    return NULL;
}

Shaken core_shake(Arena *arena, const CoreProgram *program)
{
    Arena *scratch = arena_new();
    Shaker s = {.arena = scratch, .reached = map_new(scratch)};
    for (uint32_t i = 0; i < program->n_forms; i++)
        if (!is_droppable_form(scratch, program->forms[i])) vec_push(scratch, &s.work, program->forms[i]);
    for (unsigned i = 0; program->hooks && i < CLO_N_HOOKS; i++)
        reach_global(&s, program->hooks[i]);
    Shaken shaken = {.call_main = find_call_main(program)};
    reach_global(&s, program->main);
    reach_global(&s, shaken.call_main);
    reach_all(&s);

    shaken.forms = ARENA_ARRAY(arena, Core *, program->n_forms);
    for (uint32_t i = 0; i < program->n_forms; i++) {
        Core *form = program->forms[i];
        if (form->kind != CORE_DEFINE || map_has(s.reached, form->as.define.global))
            shaken.forms[shaken.n_forms++] = form;
    }
    shaken.globals = ARENA_ARRAY(arena, Global *, map_count(s.reached) + 1);
    for (uint32_t i = 0; i < program->n_globals; i++)
        if (map_has(s.reached, program->globals[i])) shaken.globals[shaken.n_globals++] = program->globals[i];
    arena_free(scratch);
    return shaken;
}
