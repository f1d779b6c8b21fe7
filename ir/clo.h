/* Clo: closure-converted IR, the interface between ir and codegen. A program
 * is a set of code points; each becomes one LLVM function of the uniform
 * signature. Nothing here depends on the target.
 *
 *  CLOSURE  entered with (self, argc, args): only dispatches on argc to the
 *           DIRECT code point of a clause; has no body of its own.
 *  DIRECT   entered by jumps that know it, with exactly its parameters (first
 *           TT_REG_ARGS_MAX in registers, the rest in worker.xargs) and, when
 *           `self` is set, its closure in the self register.
 *  RETURN   entered by a return with one value; sp points to its frame, whose
 *           slots it loads; the frame is popped before the body.
 *
 * A body is a tree: every path ends in RETURN, JUMP_CODE, CALL or JUMP. */
#ifndef IR_CLO_H
#define IR_CLO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "frontend/core.h"

typedef enum CloClass {
#define CLASS(name, number, text) CLASS_##name = number,
#include "rt/abi/classes.def"
#undef CLASS
} CloClass;

enum {
#define HOOK(name, text, n_args) CLO_HOOK_##name,
#include "rt/abi/hooks.def"
#undef HOOK
    CLO_N_HOOKS
};

typedef struct Clo Clo;
typedef struct CloCode CloCode;

typedef struct CloVar {
    Symbol *name; /* may be NULL */
    uint32_t id;  /* unique in its code point */
    CloClass class;
    CloCode *code; /* CLASS_CODE: the CLOSURE */
    void *cg;      /* for codegen's use */
} CloVar;

/* An operand. */
typedef enum CloAtomKind {
    ATOM_VAR,   /* var */
    ATOM_CONST, /* datum */
    ATOM_CODE,  /* code: CLOSURE without slots, as a static closure value */
    ATOM_PROC,  /* proc: static closure of a runtime procedure */
} CloAtomKind;

typedef struct CloAtom {
    CloAtomKind kind;
    union {
        CloVar *var;
        Datum *datum;
        CloCode *code;
        ProcId proc;
    } as;
} CloAtom;

/* Statements: the rows of clo.def.
 *
 *  PRIM       var := prim(args); body (var NULL: for effect)
 *  GLOBAL     var := global slot, checked unless is_safe; body
 *  DEFINE     global slot := atom; body
 *  CLOSURES   vars := closures, allocated together, slots may name each other's vars; body
 *  IF         test prim of args (TEST or TEST_CK row; or truth of one atom: is_truth), then, otherwise
 *  JOIN       block `join` with params visible in `body`; its own body is `join_body`. Jumped to only from `body`, in
 *             this code point; never a loop
 *  JUMP       to join with args
 *  JUMP_CODE  tail call of a DIRECT code point: self atom (or none), args
 *  TAIL_CALL  tail call of an unknown procedure fn with args
 *  CALL_CODE  non-tail call of a DIRECT code point: push `frame`, then as JUMP_CODE
 *  CALL       non-tail call of an unknown procedure: push `frame`, then as TAIL_CALL
 *  RETURN     return one atom to the frame at sp */
typedef enum CloKind {
#define CLO_NODE(id, keyword, fields) CLO_##id,
#include "ir/clo.def"
#undef CLO_NODE
} CloKind;

/* Whether another statement follows one of this kind: the rows with F_BODY, as the checker asserts. */
static inline bool clo_has_body(CloKind kind) { return kind <= CLO_CLOSURES || kind == CLO_JOIN; }

typedef struct CloFrame {
    CloCode *ret;     /* the RETURN code point */
    uint32_t n_slots; /* = ret->n_slots */
    CloAtom *slots;
} CloFrame;

typedef struct CloClosure {
    CloVar *var;
    CloCode *code; /* CLOSURE */
    uint32_t n_slots;
    CloAtom *slots;
} CloClosure;

typedef struct CloJoin {
    uint32_t id;
    uint32_t n_params;
    CloVar **params;
    void *cg;
} CloJoin;

struct Clo {
    CloKind kind;
    Span span;    /* for failures and debug lines */
    Symbol *proc; /* procedure it was written in, when that is not the code's `name`; else NULL */
    Clo *body;    /* what follows, for the kinds that have one */
    union {
        struct {
            CloVar *var;
            PrimId id;
            uint32_t n_args;
            CloAtom *args;
        } prim;
        struct {
            CloVar *var;
            Global *global;
            bool is_safe;
        } global;
        struct {
            Global *global;
            CloAtom value;
        } define;
        struct {
            uint32_t n;
            CloClosure *items;
        } closures;
        struct {
            bool is_truth;
            PrimId id;
            uint32_t n_args;
            CloAtom *args;
            Clo *then, *otherwise;
        } branch;
        struct {
            CloJoin *join;
            Clo *join_body;
        } join;
        struct {
            CloJoin *join;
            uint32_t n_args;
            CloAtom *args;
        } jump;
        struct {
            CloCode *code;
            bool has_self;
            CloAtom self;
            uint32_t n_args;
            CloAtom *args;
            CloFrame *frame;
        } code; /* JUMP_CODE (frame NULL), CALL_CODE */
        struct {
            CloAtom fn;
            uint32_t n_args;
            CloAtom *args;
            CloFrame *frame;
        } call; /* TAIL_CALL (frame NULL), CALL */
        struct {
            CloAtom value;
        } ret;
    } as;
};

typedef enum CloCodeKind { CLO_CODE_CLOSURE = 1, CLO_CODE_DIRECT = 2, CLO_CODE_RETURN = 3 } CloCodeKind;

typedef struct CloArity {
    uint32_t n_required;
    bool has_rest;
    CloCode *direct;
} CloArity;

struct CloCode {
    CloCodeKind kind;
    uint32_t index; /* in program order */
    Symbol *name;   /* Scheme name of the procedure around it; never NULL ("lambda") */
    Span span;
    uint8_t id[16];  /* code id, ir/code_id.c */
    bool is_library; /* from lib-scm */

    /* CLOSURE */
    uint32_t n_clauses;
    CloArity *clauses; /* first that accepts argc; a rest list is the last parameter of `direct` */
    uint32_t n_free;   /* slots of the closure */
    CloClass *free_classes;
    CloCode **free_codes; /* where the class is CODE */

    /* DIRECT: parameters. RETURN: params[0] is the value returned. */
    uint32_t n_params;
    CloVar **params;
    CloVar *self;  /* DIRECT: bound to its closure, or NULL when not needed */
    CloVar **free; /* DIRECT with self: variables bound to the closure's slots (NULL entries: unused) */
    uint32_t n_self_free; /* entries in `free` */
    bool checks_stack;    /* a procedure or a loop header: checks for stack room and preemption at entry */

    /* RETURN */
    uint32_t n_slots;
    CloVar **slots; /* variables bound to the frame's slots */
    uint32_t place; /* not 0: does no more than to say where a call stands (call_places.c); CpsCont.place */
    Symbol *place_fun; /* the function that it stands in; may be NULL */

    Clo *body; /* NULL for CLOSURE */
    void *cg;  /* for codegen's use */
};

typedef struct CloProgram {
    const char *name;
    uint32_t n_codes;
    CloCode **codes;
    uint32_t n_globals;
    Global **globals; /* those that have a slot at run time, in slot order */
    CloCode *main;    /* CLOSURE without slots, no arguments: the top level */
    CloAtom *hooks;   /* in the order of rt/abi/hooks.def */
} CloProgram;

void clo_print(FILE *out, const CloProgram *program, bool with_library);
/* Inverse of clo_print. NULL when errors were reported. */
CloProgram *clo_read(Compilation *compilation, const Source *source);
void clo_check(const CloProgram *program); /* ICE on a broken rule */

#endif
