#include "frontend/core_make.h"

enum {
    PURE = PRIM_PURE,
    READS = PRIM_READS,
    EFFECT = PRIM_EFFECT,
    CHECKED = PRIM_CHECKED,
    ALLOC = PRIM_ALLOC,
    NARY = PRIM_NARY,
    NARY_INV = PRIM_NARY_INV,
    CHAIN = PRIM_CHAIN
};

const PrimInfo core_prims[N_PRIMS] = {
#define PRIM(id, name, min, max, flags, class, lowering, symbol) {name, min, max, flags, PRIM_CLASS_##class},
#include "rt/abi/prims.def"
#undef PRIM
};

const ProcInfo core_procs[N_PROCS] = {
#define PROC(id, name, min, max, symbol) {name, min, max},
#include "rt/abi/procs.def"
#undef PROC
};

static Core *new_core(Arena *arena, CoreKind kind, Span span)
{
    Core *core = ARENA_NEW(arena, Core);
    core->kind = kind;
    core->span = span;
    return core;
}

Core *core_const(Arena *arena, Span span, Datum *datum)
{
    Core *core = new_core(arena, CORE_CONST, span);
    core->as.datum = datum;
    return core;
}

static Core *simple_const(Arena *arena, Span span, DatumKind kind)
{
    Datum *datum = ARENA_NEW(arena, Datum);
    datum->kind = kind;
    datum->span = span;
    return core_const(arena, span, datum);
}

Core *core_boolean(Arena *arena, Span span, bool value)
{
    Core *core = simple_const(arena, span, DATUM_BOOLEAN);
    core->as.datum->as.boolean = value;
    return core;
}

/* Small enough for one limb: no allocation by GMP. */
Core *core_integer(Arena *arena, Span span, long value)
{
    struct {
        __mpz_struct number;
        mp_limb_t limb;
    } *box = arena_alloc(arena, sizeof *box);
    box->limb = (mp_limb_t)(value < 0 ? -(unsigned long)value : (unsigned long)value);
    box->number._mp_alloc = 1;
    box->number._mp_size = value < 0 ? -1 : value > 0;
    box->number._mp_d = &box->limb;
    Core *core = simple_const(arena, span, DATUM_INTEGER);
    core->as.datum->as.integer = &box->number;
    return core;
}

Core *core_void(Arena *arena, Span span) { return simple_const(arena, span, DATUM_VOID); }

Core *core_nil(Arena *arena, Span span) { return simple_const(arena, span, DATUM_NIL); }

Core *core_local(Arena *arena, Span span, Var *var)
{
    Core *core = new_core(arena, CORE_LOCAL, span);
    core->as.local = var;
    return core;
}

Core *core_global(Arena *arena, Span span, Global *global)
{
    Core *core = new_core(arena, CORE_GLOBAL, span);
    core->as.global = global;
    return core;
}

Core *core_proc(Arena *arena, Span span, ProcId proc)
{
    Core *core = new_core(arena, CORE_PROC, span);
    core->as.proc = proc;
    return core;
}

Core *core_prim_ref(Arena *arena, Span span, PrimId prim)
{
    Core *core = new_core(arena, CORE_PRIM_REF, span);
    core->as.prim_ref = prim;
    return core;
}

Core *core_prim_n(Arena *arena, Span span, PrimId prim, uint32_t n_args, Core **args)
{
    Core *core = new_core(arena, CORE_PRIM, span);
    core->as.prim.id = prim;
    core->as.prim.n_args = n_args;
    core->as.prim.args = args;
    return core;
}

Core *core_prim1(Arena *arena, Span span, PrimId prim, Core *a)
{
    Core **args = ARENA_ARRAY(arena, Core *, 1);
    args[0] = a;
    return core_prim_n(arena, span, prim, 1, args);
}

Core *core_prim2(Arena *arena, Span span, PrimId prim, Core *a, Core *b)
{
    Core **args = ARENA_ARRAY(arena, Core *, 2);
    args[0] = a;
    args[1] = b;
    return core_prim_n(arena, span, prim, 2, args);
}

Core *core_prim3(Arena *arena, Span span, PrimId prim, Core *a, Core *b, Core *c)
{
    Core **args = ARENA_ARRAY(arena, Core *, 3);
    args[0] = a;
    args[1] = b;
    args[2] = c;
    return core_prim_n(arena, span, prim, 3, args);
}

Core *core_call(Arena *arena, Span span, Core *fn, uint32_t n_args, Core **args)
{
    Core *core = new_core(arena, CORE_CALL, span);
    core->as.call.fn = fn;
    core->as.call.n_args = n_args;
    core->as.call.args = args;
    return core;
}

Core *core_call0(Arena *arena, Span span, Core *fn) { return core_call(arena, span, fn, 0, NULL); }

Core *core_call1(Arena *arena, Span span, Core *fn, Core *a)
{
    Core **args = ARENA_ARRAY(arena, Core *, 1);
    args[0] = a;
    return core_call(arena, span, fn, 1, args);
}

Core *core_call2(Arena *arena, Span span, Core *fn, Core *a, Core *b)
{
    Core **args = ARENA_ARRAY(arena, Core *, 2);
    args[0] = a;
    args[1] = b;
    return core_call(arena, span, fn, 2, args);
}

Core *core_if(Arena *arena, Span span, Core *test, Core *then, Core *otherwise)
{
    Core *core = new_core(arena, CORE_IF, span);
    core->as.branch.test = test;
    core->as.branch.then = then;
    core->as.branch.otherwise = otherwise;
    return core;
}

Core *core_lambda(Arena *arena, Span span, Symbol *name, uint32_t n_params, Var **params, Var *rest,
                  Core *body)
{
    Core *core = new_core(arena, CORE_LAMBDA, span);
    core->as.lambda.name = name;
    core->as.lambda.n_clauses = 1;
    core->as.lambda.clauses = ARENA_NEW(arena, CoreClause);
    *core->as.lambda.clauses = (CoreClause){n_params, params, rest, body};
    return core;
}

Core *core_thunk(Arena *arena, Span span, Core *body)
{
    return core_lambda(arena, span, NULL, 0, NULL, NULL, body);
}

static Core *new_let(Arena *arena, CoreKind kind, Span span, uint32_t n_vars, Var **vars, Core **inits,
                     Core *body)
{
    if (n_vars == 0) return body;
    Core *core = new_core(arena, kind, span);
    core->as.let.n_vars = n_vars;
    core->as.let.vars = vars;
    core->as.let.inits = inits;
    core->as.let.body = body;
    return core;
}

Core *core_let(Arena *arena, Span span, uint32_t n_vars, Var **vars, Core **inits, Core *body)
{
    return new_let(arena, CORE_LET, span, n_vars, vars, inits, body);
}

Core *core_let1(Arena *arena, Span span, Var *var, Core *init, Core *body)
{
    Var **vars = ARENA_NEW(arena, Var *);
    Core **inits = ARENA_NEW(arena, Core *);
    *vars = var;
    *inits = init;
    return core_let(arena, span, 1, vars, inits, body);
}

Core *core_letrec(Arena *arena, Span span, uint32_t n_vars, Var **vars, Core **inits, Core *body)
{
    return new_let(arena, CORE_LETREC, span, n_vars, vars, inits, body);
}

Core *core_seq(Arena *arena, Span span, uint32_t n_exprs, Core **exprs)
{
    if (n_exprs == 1) return exprs[0];
    Core *core = new_core(arena, CORE_SEQ, span);
    core->as.seq.n_exprs = n_exprs;
    core->as.seq.exprs = exprs;
    return core;
}

Core *core_seq2(Arena *arena, Span span, Core *first, Core *second)
{
    Core **exprs = ARENA_ARRAY(arena, Core *, 2);
    exprs[0] = first;
    exprs[1] = second;
    return core_seq(arena, span, 2, exprs);
}

Core *core_define(Arena *arena, Span span, Global *global, Core *value)
{
    Core *core = new_core(arena, CORE_DEFINE, span);
    core->as.define.global = global;
    core->as.define.value = value;
    return core;
}
