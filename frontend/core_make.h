/* Constructors of Core nodes. All take the arena first and the span second. */
#ifndef FRONTEND_CORE_MAKE_H
#define FRONTEND_CORE_MAKE_H

#include "frontend/core.h"

typedef enum PrimClass {
#define CLASS(name, number, text) PRIM_CLASS_##name = number,
#include "rt/abi/classes.def"
#undef CLASS
} PrimClass;

typedef struct PrimInfo {
    const char *name;
    int min, max; /* max -1: any number */
    uint32_t flags;
    PrimClass class; /* of the result */
} PrimInfo;

typedef struct ProcInfo {
    const char *name;
    int min, max;
} ProcInfo;

enum PrimFlags {
    PRIM_PURE = 1,
    PRIM_READS = 2,
    PRIM_EFFECT = 4,
    PRIM_CHECKED = 8,
    PRIM_ALLOC = 16,
    PRIM_NARY = 32,
    PRIM_NARY_INV = 64,
    PRIM_CHAIN = 128,
};

extern const PrimInfo core_prims[N_PRIMS];
extern const ProcInfo core_procs[N_PROCS];

Core *core_const(Arena *arena, Span span, Datum *datum);
Core *core_boolean(Arena *arena, Span span, bool value);
Core *core_integer(Arena *arena, Span span, long value);
Core *core_void(Arena *arena, Span span);
Core *core_nil(Arena *arena, Span span);
Core *core_local(Arena *arena, Span span, Var *var);
Core *core_global(Arena *arena, Span span, Global *global);
Core *core_proc(Arena *arena, Span span, ProcId proc);
Core *core_prim_ref(Arena *arena, Span span, PrimId prim);
/* A primitive on exactly the number of arguments that one operation takes. */
Core *core_prim1(Arena *arena, Span span, PrimId prim, Core *a);
Core *core_prim2(Arena *arena, Span span, PrimId prim, Core *a, Core *b);
Core *core_prim3(Arena *arena, Span span, PrimId prim, Core *a, Core *b, Core *c);
Core *core_prim_n(Arena *arena, Span span, PrimId prim, uint32_t n_args, Core **args);
Core *core_call(Arena *arena, Span span, Core *fn, uint32_t n_args, Core **args);
Core *core_call0(Arena *arena, Span span, Core *fn);
Core *core_call1(Arena *arena, Span span, Core *fn, Core *a);
Core *core_call2(Arena *arena, Span span, Core *fn, Core *a, Core *b);
Core *core_if(Arena *arena, Span span, Core *test, Core *then, Core *otherwise);
/* One clause; the arrays are kept, not copied. */
Core *core_lambda(Arena *arena, Span span, Symbol *name, uint32_t n_params, Var **params, Var *rest,
                  Core *body);
Core *core_thunk(Arena *arena, Span span, Core *body);
Core *core_let(Arena *arena, Span span, uint32_t n_vars, Var **vars, Core **inits, Core *body);
Core *core_let1(Arena *arena, Span span, Var *var, Core *init, Core *body);
Core *core_letrec(Arena *arena, Span span, uint32_t n_vars, Var **vars, Core **inits, Core *body);
Core *core_seq(Arena *arena, Span span, uint32_t n_exprs, Core **exprs);
Core *core_seq2(Arena *arena, Span span, Core *first, Core *second);
Core *core_define(Arena *arena, Span span, Global *global, Core *value);

#endif
