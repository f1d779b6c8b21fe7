/* Walking Core trees without recursion. */
#include "ir/core_walk.h"

static void push_all(Arena *arena, CoreVec *work, Core **items, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        vec_push(arena, work, items[i]);
}

void core_push_parts(Arena *arena, CoreVec *work, Core *core)
{
    switch (core->kind) {
    case CORE_PRIM: push_all(arena, work, core->as.prim.args, core->as.prim.n_args); break;
    case CORE_CALL:
        vec_push(arena, work, core->as.call.fn);
        push_all(arena, work, core->as.call.args, core->as.call.n_args);
        break;
    case CORE_IF:
        vec_push(arena, work, core->as.branch.test);
        vec_push(arena, work, core->as.branch.then);
        vec_push(arena, work, core->as.branch.otherwise);
        break;
    case CORE_LAMBDA:
        for (uint32_t i = 0; i < core->as.lambda.n_clauses; i++)
            vec_push(arena, work, core->as.lambda.clauses[i].body);
        break;
    case CORE_LET:
    case CORE_LETREC:
        push_all(arena, work, core->as.let.inits, core->as.let.n_vars);
        vec_push(arena, work, core->as.let.body);
        break;
    case CORE_SEQ: push_all(arena, work, core->as.seq.exprs, core->as.seq.n_exprs); break;
    case CORE_DEFINE: vec_push(arena, work, core->as.define.value); break;
    case CORE_CONST:
    case CORE_LOCAL:
    case CORE_GLOBAL:
    case CORE_PROC:
    case CORE_PRIM_REF: break;
    }
}

uint32_t core_size_up_to(Core *core, uint32_t limit)
{
    Arena *scratch = arena_new();
    CoreVec work = {0};
    uint32_t size = 0;
    vec_push(scratch, &work, core);
    while (work.count && size < limit) {
        core_push_parts(scratch, &work, vec_pop(&work));
        size++;
    }
    arena_free(scratch);
    return size;
}
