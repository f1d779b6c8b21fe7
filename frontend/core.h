/* Core: the program after expansion. Few node kinds, every variable resolved.
 * Interface between frontend and ir. */
#ifndef FRONTEND_CORE_H
#define FRONTEND_CORE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "frontend/base/compilation.h"
#include "frontend/datum.h"

/* Ids of rt/abi/prims.def and procs.def. */
typedef enum PrimId {
#define PRIM(id, name, min, max, flags, class, lowering, symbol) PRIM_##id,
#include "rt/abi/prims.def"
#undef PRIM
    N_PRIMS
} PrimId;

typedef enum ProcId {
#define PROC(id, name, min, max, symbol) PROC_##id,
#include "rt/abi/procs.def"
#undef PROC
    N_PROCS
} ProcId;

typedef struct Core Core;

/* A local variable. Never assigned: its one binding gives its value. */
typedef struct Var {
    Symbol *name;
    Span span;
    uint32_t id; /* unique in the program */
} Var;

/* A top-level variable, of the program or of lib-scm. Defined once. */
typedef struct Global {
    Symbol *name;
    Span span;          /* of its definition */
    const char *module; /* "lib" or "main": the two never clash */
    Core *value;        /* right side of its definition; NULL: never defined */
    bool is_inline;     /* lib-scm: define-inline */
    uint32_t id;        /* unique in the program */
    void *ir;           /* for the ir's use */
} Global;

typedef struct CoreClause { /* one arity of a lambda */
    uint32_t n_params;      /* required ones */
    Var **params;
    Var *rest; /* or NULL */
    Core *body;
} CoreClause;

typedef enum CoreKind {
    CORE_CONST,    /* datum */
    CORE_LOCAL,    /* local */
    CORE_GLOBAL,   /* global; fails at run time when not (yet) defined */
    CORE_PRIM,     /* prim applied to args; the number is right, N-ary ones already binary */
    CORE_PROC,     /* a procedure of procs.def as a value */
    CORE_PRIM_REF, /* a primitive as a value (fixed arity): the ir makes a wrapper procedure */
    CORE_CALL,     /* fn, args */
    CORE_IF,       /* test, then, otherwise */
    CORE_LAMBDA,   /* lambda: clauses in order; more than one = case-lambda */
    CORE_LET,      /* vars, inits (evaluated in any order before binding), body */
    CORE_LETREC,   /* vars, inits (in order, letrec*), body; vars visible in inits */
    CORE_SEQ,      /* exprs, at least one; value of the last */
    CORE_DEFINE,   /* global, value: only as a top-level form */
} CoreKind;

struct Core {
    CoreKind kind;
    Span span;
    union {
        Datum *datum;
        Var *local;
        Global *global;
        ProcId proc;
        PrimId prim_ref;
        struct {
            PrimId id;
            uint32_t n_args;
            Core **args;
        } prim;
        struct {
            Core *fn;
            uint32_t n_args;
            Core **args;
        } call;
        struct {
            Core *test, *then, *otherwise;
        } branch;
        struct {
            Symbol *name;
            uint32_t n_clauses;
            CoreClause *clauses;
        } lambda; /* name may be NULL */
        struct {
            uint32_t n_vars;
            Var **vars;
            Core **inits;
            Core *body;
        } let; /* LET, LETREC */
        struct {
            uint32_t n_exprs;
            Core **exprs;
        } seq;
        struct {
            Global *global;
            Core *value;
        } define;
    } as;
};

/* A whole program, lib-scm included; unreachable definitions of lib-scm are
 * dropped by the ir. */
typedef struct CoreProgram {
    const char *name; /* of the main source file */
    uint32_t n_forms;
    Core **forms; /* top-level forms in order: lib-scm's, then the program's */
    uint32_t n_globals;
    Global **globals;
    Global **hooks; /* lib-scm's procedures in the order of rt/abi/hooks.def */
    Global *main;   /* the program's `main`, or NULL */
    Datum *usage;   /* how `main` is called, for %call-main; NULL without one */
} CoreProgram;

void core_print(FILE *out, const CoreProgram *program, bool with_library);
/* ICE when the tree breaks its rules (unbound locals, wrong arity of a prim ...). */
void core_check(const CoreProgram *program);

#endif
