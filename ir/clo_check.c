/* The rules of Clo (clo.h), checked after closure conversion. A broken one is
 * our own mistake: ICE with the code point it stands in. */
#include <string.h>

#include "frontend/base/map.h"
#include "frontend/base/vec.h"
#include "ir/prim.h"
#include "rt/abi/word.h"

/* What is still to check in a code point, innermost last (no recursion: bodies
 * nest as deeply as the program's conditionals). */
typedef enum WorkKind { WORK_CHAIN, WORK_LEAVE, WORK_SHOW_JOIN } WorkKind;

typedef struct Work {
    WorkKind kind;
    const Clo *chain;    /* CHAIN */
    size_t n_visible;    /* LEAVE: what was bound later goes out of scope */
    const CloJoin *join; /* SHOW_JOIN: comes into scope, behind its own body */
} Work;

typedef struct Checker {
    const CloProgram *program;
    const CloCode *code;       /* being checked */
    Arena *arena;              /* of the program */
    Arena *code_arena;         /* of the code point */
    Map *globals;              /* those with a slot */
    Map *bound;                /* variables and joins of the code point: to themselves, NULL out of scope */
    Map *ids;                  /* numbers of variables */
    VEC(const void *) visible; /* what is in scope, in order of binding */
    VEC(Work) work;
} Checker;

#define FAIL(checker, ...) fail((checker), arena_printf((checker)->arena, __VA_ARGS__))
#define CHECK(checker, condition, ...)                                                                       \
    do {                                                                                                     \
        if (!(condition)) FAIL(checker, __VA_ARGS__);                                                        \
    } while (0)

static _Noreturn void fail(const Checker *checker, const char *message)
{
    if (!checker->code) ICE("clo_check: %s", message);
    ICE("clo_check: in code point %u (%s): %s", checker->code->index, checker->code->name->text, message);
}

/* ---- Binding and use ---- */

static void show(Checker *checker, const void *thing)
{
    map_set(checker->bound, thing, (void *)thing);
    vec_push(checker->code_arena, &checker->visible, thing);
}

static void check_code(Checker *checker, const CloCode *code, CloCodeKind kind)
{
    CHECK(checker, code, "a code point is missing");
    bool is_ours = code->index < checker->program->n_codes && checker->program->codes[code->index] == code;
    CHECK(checker, is_ours, "code point %u is not in the program", code->index);
    CHECK(checker, code->kind == kind, "code point %u is of kind %d, not %d", code->index, code->kind, kind);
}

static void bind_var(Checker *checker, const CloVar *var)
{
    const void *id = (const void *)((uintptr_t)var->id + 1);
    CHECK(checker, !map_has(checker->bound, var), "variable %u is bound twice", var->id);
    CHECK(checker, !map_has(checker->ids, id), "two variables have the number %u", var->id);
    CHECK(checker, var->class <= CLASS_CODE, "variable %u has no class", var->id);
    if (var->class == CLASS_CODE) check_code(checker, var->code, CLO_CODE_CLOSURE);
    map_set(checker->ids, id, (void *)var);
    show(checker, var);
}

/* Where a NULL stands for something that is not used. */
static void bind_vars(Checker *checker, uint32_t n, CloVar *const *vars, bool may_be_null)
{
    for (uint32_t i = 0; i < n; i++) {
        CHECK(checker, vars[i] || may_be_null, "parameter %u is missing", i);
        if (vars[i]) bind_var(checker, vars[i]);
    }
}

static void check_atom(Checker *checker, CloAtom atom)
{
    switch (atom.kind) {
    case ATOM_VAR:
        CHECK(checker, atom.as.var && map_get(checker->bound, atom.as.var),
              "variable %u (%s) is not in scope", atom.as.var ? atom.as.var->id : 0,
              atom.as.var && atom.as.var->name ? atom.as.var->name->text : "");
        return;
    case ATOM_CONST: CHECK(checker, atom.as.datum, "a constant is missing"); return;
    case ATOM_CODE:
        check_code(checker, atom.as.code, CLO_CODE_CLOSURE);
        CHECK(checker, atom.as.code->n_free == 0, "code point %u is no static closure", atom.as.code->index);
        return;
    case ATOM_PROC:
        CHECK(checker, atom.as.proc < N_PROCS, "no procedure has the number %d", atom.as.proc);
        return;
    }
    FAIL(checker, "no atom is of kind %d", atom.kind);
}

static void check_atoms(Checker *checker, uint32_t n, const CloAtom *atoms)
{
    for (uint32_t i = 0; i < n; i++)
        check_atom(checker, atoms[i]);
}

static void check_prim(Checker *checker, PrimId id, uint32_t n_args, const CloAtom *args)
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
          global ? global->name->text : "");
}

/* What arrives at another code point is what that relies on. */
static void check_fact(Checker *checker, CloAtom atom, CloClass class, const CloCode *code)
{
    const CloVar *var = atom.kind == ATOM_VAR ? atom.as.var : NULL;
    if (class == CLASS_ANY || (class != CLASS_CODE && !var)) return;
    CHECK(checker, var && var->class == class, "a value that is not known to be of class %d", class);
    CHECK(checker, class != CLASS_CODE || var->code == code, "variable %u may be a closure of another code",
          var->id);
}

/* `vars` may have NULL for what is not used. */
static void check_facts(Checker *checker, uint32_t n, const CloAtom *atoms, CloVar *const *vars)
{
    for (uint32_t i = 0; i < n; i++)
        if (vars[i]) check_fact(checker, atoms[i], vars[i]->class, vars[i]->code);
}

/* A direct call finds slots in `self`: it must be the closure that `target` is a clause of. */
static void check_self(Checker *checker, CloAtom self, const CloCode *target)
{
    bool is_ours = false;
    bool is_known = self.kind == ATOM_VAR && self.as.var->class == CLASS_CODE;
    for (uint32_t i = 0; is_known && i < self.as.var->code->n_clauses; i++)
        is_ours |= self.as.var->code->clauses[i].direct == target;
    CHECK(checker, is_ours, "self is not known to be a closure of code point %u", target->index);
}

static void check_frame(Checker *checker, const CloFrame *frame)
{
    check_code(checker, frame->ret, CLO_CODE_RETURN);
    CHECK(checker, frame->n_slots == frame->ret->n_slots,
          "a frame of %u slots for code point %u, which has %u", frame->n_slots, frame->ret->index,
          frame->ret->n_slots);
    check_atoms(checker, frame->n_slots, frame->slots);
    if (frame->n_slots) check_facts(checker, frame->n_slots, frame->slots, frame->ret->slots);
}

/* ---- Statements ---- */

static void push_work(Checker *checker, Work work) { vec_push(checker->code_arena, &checker->work, work); }

/* Checks `chain` as a block: what it binds is gone behind it. */
static void push_block(Checker *checker, const Clo *chain)
{
    push_work(checker, (Work){.kind = WORK_LEAVE, .n_visible = checker->visible.count});
    push_work(checker, (Work){.kind = WORK_CHAIN, .chain = chain});
}

static void check_closures(Checker *checker, uint32_t n, const CloClosure *closures)
{
    for (uint32_t i = 0; i < n; i++)
        bind_var(checker, closures[i].var);
    for (uint32_t i = 0; i < n; i++) {
        const CloClosure *closure = &closures[i];
        check_code(checker, closure->code, CLO_CODE_CLOSURE);
        CHECK(checker, closure->n_slots == closure->code->n_free, "a closure of %u slots for code point %u",
              closure->n_slots, closure->code->index);
        check_atoms(checker, closure->n_slots, closure->slots);
        CHECK(checker, closure->var->class != CLASS_CODE || closure->var->code == closure->code,
              "variable %u is of another code than its closure", closure->var->id);
        for (uint32_t s = 0; s < closure->n_slots; s++)
            check_fact(checker, closure->slots[s], closure->code->free_classes[s],
                       closure->code->free_codes[s]);
    }
}

static void check_test(Checker *checker, bool is_truth, PrimId id, uint32_t n_args, const CloAtom *args)
{
    if (is_truth) {
        CHECK(checker, n_args == 1, "a truth test of %u atoms", n_args);
        check_atom(checker, args[0]);
    } else {
        check_prim(checker, id, n_args, args);
        CHECK(checker, prim_is_test(id), "primitive %s is no test", prim_infos[id].name);
    }
}

/* The block's body sees what is bound here, but not the join itself; then the
 * join comes into scope for what follows. */
static void push_join(Checker *checker, const Clo *clo)
{
    const CloJoin *join = clo->as.join.join;
    CHECK(checker, !map_has(checker->bound, join), "join %u is bound twice", join->id);
    push_work(checker, (Work){.kind = WORK_CHAIN, .chain = clo->body});
    push_work(checker, (Work){.kind = WORK_SHOW_JOIN, .join = join});
    push_block(checker, clo->as.join.join_body);
    bind_vars(checker, join->n_params, join->params, false);
}

static void check_use(Checker *checker, const CloJoin *join)
{
    CHECK(checker, map_get(checker->bound, join), "join %u is not in scope", join->id);
}

static void check_frame_exists(Checker *checker, const CloFrame *frame)
{
    CHECK(checker, frame, "a frame is missing");
    check_frame(checker, frame);
}

/* What the fields of a statement refer to, by its row in clo.def. */
static void check_uses(Checker *checker, const Clo *clo)
{
#define F_BIND(path)
#define F_PRIM(id, args, count) check_prim(checker, clo->as.id, clo->as.count, clo->as.args);
#define F_GLOBAL(path)          check_global(checker, clo->as.path);
#define F_FLAG(path, word)
#define F_ATOM(path)            check_atom(checker, clo->as.path);
#define F_ATOMS(path, count)    check_atoms(checker, clo->as.count, clo->as.path);
#define F_CLOSURES(path, count) check_closures(checker, clo->as.count, clo->as.path);
#define F_TEST(path)                                                                                         \
    check_test(checker, clo->as.path.is_truth, clo->as.path.id, clo->as.path.n_args, clo->as.path.args);
#define F_BLOCK(path)
#define F_JOIN(path)
#define F_REST(path)
#define F_USE(path)  check_use(checker, clo->as.path);
#define F_CODE(path) check_code(checker, clo->as.path, CLO_CODE_DIRECT);
#define F_SELF(has, path)                                                                                    \
    if (clo->as.has) check_atom(checker, clo->as.path);
#define F_FRAME(path) check_frame_exists(checker, clo->as.path);
#define F_BODY                                                                                               \
    CHECK(checker, clo_has_body(clo->kind), "statements of kind %d have a body", clo->kind);                 \
    CHECK(checker, clo->body, "a path does not end in a return, call or jump");
    switch (clo->kind) {
#define CLO_NODE(id, keyword, fields)                                                                        \
    case CLO_##id: fields break;
#include "ir/clo.def"
#undef CLO_NODE
    default: FAIL(checker, "no statement is of kind %d", clo->kind);
    }
#undef F_BIND
#undef F_PRIM
#undef F_GLOBAL
#undef F_FLAG
#undef F_ATOM
#undef F_ATOMS
#undef F_CLOSURES
#undef F_TEST
#undef F_BLOCK
#undef F_JOIN
#undef F_REST
#undef F_USE
#undef F_CODE
#undef F_SELF
#undef F_FRAME
#undef F_BODY
}

/* What the statement binds, and its blocks: after its uses. */
static void enter(Checker *checker, const Clo *clo)
{
    const Clo *blocks[2];
    unsigned n_blocks = 0;
#define F_BIND(path)                                                                                         \
    if (clo->as.path) bind_var(checker, clo->as.path);
#define F_PRIM(id, args, count)
#define F_GLOBAL(path)
#define F_FLAG(path, word)
#define F_ATOM(path)
#define F_ATOMS(path, count)
#define F_CLOSURES(path, count)
#define F_TEST(path)
#define F_BLOCK(path) blocks[n_blocks++] = clo->as.path;
#define F_JOIN(path)  push_join(checker, clo);
#define F_REST(path)
#define F_USE(path)
#define F_CODE(path)
#define F_SELF(has, path)
#define F_FRAME(path)
#define F_BODY
    switch (clo->kind) {
#define CLO_NODE(id, keyword, fields)                                                                        \
    case CLO_##id: fields break;
#include "ir/clo.def"
#undef CLO_NODE
    }
#undef F_BIND
#undef F_PRIM
#undef F_GLOBAL
#undef F_FLAG
#undef F_ATOM
#undef F_ATOMS
#undef F_CLOSURES
#undef F_TEST
#undef F_BLOCK
#undef F_JOIN
#undef F_REST
#undef F_USE
#undef F_CODE
#undef F_SELF
#undef F_FRAME
#undef F_BODY
    while (n_blocks)
        push_block(checker, blocks[--n_blocks]);
}

static void check_jump(Checker *checker, const Clo *clo)
{
    const CloJoin *join = clo->as.jump.join;
    CHECK(checker, clo->as.jump.n_args == join->n_params, "a jump to join %u with %u arguments", join->id,
          clo->as.jump.n_args);
}

static void check_code_call(Checker *checker, const Clo *clo)
{
    const CloCode *code = clo->as.code.code;
    CHECK(checker, clo->as.code.n_args == code->n_params, "code point %u entered with %u arguments",
          code->index, clo->as.code.n_args);
    CHECK(checker, clo->as.code.has_self || !code->self, "code point %u entered without self", code->index);
    if (code->self) check_self(checker, clo->as.code.self, code);
    if (code->n_params) check_facts(checker, code->n_params, clo->as.code.args, code->params);
}

/* What the table does not say: how the fields of a statement go together. */
static void check_rules(Checker *checker, const Clo *clo)
{
    switch (clo->kind) {
    case CLO_JUMP: check_jump(checker, clo); return;
    case CLO_JUMP_CODE:
        CHECK(checker, !clo->as.code.frame, "a frame is left over");
        check_code_call(checker, clo);
        return;
    case CLO_CALL_CODE: check_code_call(checker, clo); return;
    case CLO_TAIL_CALL: CHECK(checker, !clo->as.call.frame, "a frame is left over"); /* fall through */
    case CLO_CALL:
        CHECK(checker, clo->as.call.n_args <= TT_MAX_ARGS, "a call with %u arguments", clo->as.call.n_args);
        return;
    default: return;
    }
}

/* Checks one statement; true when `body` is next. */
static bool check_statement(Checker *checker, const Clo *clo)
{
    check_uses(checker, clo);
    check_rules(checker, clo);
    enter(checker, clo);
    return clo_has_body(clo->kind) && clo->kind != CLO_JOIN;
}

static void check_chain(Checker *checker, const Clo *clo)
{
    CHECK(checker, clo, "a body is missing");
    while (check_statement(checker, clo))
        clo = clo->body;
}

static void leave_block(Checker *checker, size_t n_visible)
{
    while (checker->visible.count > n_visible)
        map_set(checker->bound, vec_pop(&checker->visible), NULL);
}

static void check_body(Checker *checker, const Clo *body)
{
    push_work(checker, (Work){.kind = WORK_CHAIN, .chain = body});
    while (checker->work.count) {
        Work work = vec_pop(&checker->work);
        if (work.kind == WORK_CHAIN)
            check_chain(checker, work.chain);
        else if (work.kind == WORK_LEAVE)
            leave_block(checker, work.n_visible);
        else
            show(checker, work.join);
    }
}

/* ---- Code points ---- */

static void check_clause(Checker *checker, const CloCode *closure, const CloArity *clause)
{
    const CloCode *direct = clause->direct;
    check_code(checker, direct, CLO_CODE_DIRECT);
    CHECK(checker, direct->n_params == clause->n_required + (clause->has_rest ? 1 : 0),
          "code point %u has %u parameters, its clause another number", direct->index, direct->n_params);
    if (!direct->self) return;
    CHECK(checker, direct->n_self_free <= closure->n_free, "code point %u uses %u slots of a closure of %u",
          direct->index, direct->n_self_free, closure->n_free);
    CHECK(checker, direct->self->class != CLASS_CODE || direct->self->code == closure,
          "code point %u takes its closure for another", direct->index);
    for (uint32_t i = 0; i < direct->n_self_free; i++) {
        const CloVar *var = direct->free[i];
        CHECK(checker,
              !var || var->class == CLASS_ANY ||
                  (var->class == closure->free_classes[i] && var->code == closure->free_codes[i]),
              "code point %u takes slot %u of its closure for something else", direct->index, i);
    }
}

static void check_closure_code(Checker *checker, const CloCode *code)
{
    CHECK(checker, !code->body, "a CLOSURE has a body");
    CHECK(checker, code->n_clauses > 0, "a CLOSURE has no clauses");
    CHECK(checker, code->n_free <= TT_MAX_SLOTS, "a closure of %u slots", code->n_free);
    CHECK(checker, code->n_free == 0 || (code->free_classes && code->free_codes), "a closure has no classes");
    for (uint32_t i = 0; i < code->n_free; i++)
        if (code->free_classes[i] == CLASS_CODE) check_code(checker, code->free_codes[i], CLO_CODE_CLOSURE);
    for (uint32_t i = 0; i < code->n_clauses; i++)
        check_clause(checker, code, &code->clauses[i]);
}

static void check_direct_code(Checker *checker, const CloCode *code)
{
    CHECK(checker, code->n_params <= TT_MAX_ARGS, "%u parameters", code->n_params);
    CHECK(checker, code->self || code->n_self_free == 0, "slots of a closure without self");
    bind_vars(checker, code->n_params, code->params, false);
    if (code->self) bind_var(checker, code->self);
    bind_vars(checker, code->n_self_free, code->free, true);
    check_body(checker, code->body);
}

static void check_return_code(Checker *checker, const CloCode *code)
{
    CHECK(checker, code->n_params == 1, "a RETURN has %u parameters", code->n_params);
    CHECK(checker, code->n_slots <= TT_MAX_SLOTS, "a frame of %u slots", code->n_slots);
    bind_vars(checker, code->n_params, code->params, true);
    bind_vars(checker, code->n_slots, code->slots, true);
    check_body(checker, code->body);
}

static void check_code_point(Checker *checker, const CloCode *code)
{
    checker->code = code;
    checker->code_arena = arena_new();
    checker->bound = map_new(checker->code_arena);
    checker->ids = map_new(checker->code_arena);
    memset(&checker->visible, 0, sizeof checker->visible);
    memset(&checker->work, 0, sizeof checker->work);
    switch (code->kind) {
    case CLO_CODE_CLOSURE: check_closure_code(checker, code); break;
    case CLO_CODE_DIRECT: check_direct_code(checker, code); break;
    case CLO_CODE_RETURN: check_return_code(checker, code); break;
    default: FAIL(checker, "no code point is of kind %d", code->kind);
    }
    arena_free(checker->code_arena);
}

/* ---- The program ---- */

static bool accepts_nothing(const CloCode *closure)
{
    for (uint32_t i = 0; i < closure->n_clauses; i++) {
        if (closure->clauses[i].n_required == 0) return true;
    }
    return false;
}

static void check_heads(Checker *checker)
{
    const CloProgram *program = checker->program;
    for (uint32_t i = 0; i < program->n_codes; i++) {
        CHECK(checker, program->codes[i] && program->codes[i]->index == i, "code point %u has another index",
              i);
        CHECK(checker, program->codes[i]->name, "code point %u has no name", i);
    }
    for (uint32_t i = 0; i < program->n_globals; i++) {
        CHECK(checker, !map_has(checker->globals, program->globals[i]), "global %s has two slots",
              program->globals[i]->name->text);
        map_set(checker->globals, program->globals[i], program->globals[i]);
    }
    CHECK(checker, program->main, "there is no main");
    check_code(checker, program->main, CLO_CODE_CLOSURE);
    CHECK(checker, program->main->n_free == 0 && accepts_nothing(program->main), "main is no thunk");
}

static void check_hooks(Checker *checker)
{
    for (unsigned i = 0; checker->program->hooks && i < CLO_N_HOOKS; i++) {
        CloAtom hook = checker->program->hooks[i];
        CHECK(checker, hook.kind != ATOM_VAR, "hook %u is a variable", i);
        check_atom(checker, hook);
    }
}

void clo_check(const CloProgram *program)
{
    Arena *arena = arena_new();
    Checker checker = {.program = program, .arena = arena, .globals = map_new(arena)};
    check_heads(&checker);
    check_hooks(&checker);
    for (uint32_t i = 0; i < program->n_codes; i++)
        check_code_point(&checker, program->codes[i]);
    arena_free(arena);
}
