/* CPS: the optimiser's form of the program, in the style of Kennedy
 * ("Compiling with continuations, continued"). Continuations are second class:
 * they are bound by CONT, used by JUMP and as the return point of a call, and
 * never become values. Every clause of a function has its own return
 * continuation: a jump to it returns, a call that names it is a tail call.
 *
 * Rules (cps_check):
 *  - every binder (variable, continuation, function) is bound once; ids are
 *    unique in the program;
 *  - operands are atoms; a variable is used in the scope of its binder only;
 *  - continuations do not cross functions: a body uses its clause's `ret` and
 *    the continuations bound in it;
 *  - a CONT that is no loop binds one continuation, which does not name itself
 *    (or none, when its only use has taken the body: the next shrink drops it);
 *  - the use counts are exact (cps_count recomputes them);
 *  - a KNOWN call has exactly the parameters of its clause (rest list built). */
#ifndef IR_CPS_H
#define IR_CPS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "frontend/base/vec.h"
#include "frontend/core.h"
#include "ir/clo.h"

typedef struct Cps Cps;
typedef struct CpsVar CpsVar;
typedef struct CpsCont CpsCont;
typedef struct CpsFun CpsFun;
typedef struct CpsClause CpsClause;
typedef struct CpsProgram CpsProgram;

typedef enum CpsAtomKind {
    CPS_VAR,   /* var */
    CPS_CONST, /* datum */
    CPS_PROC,  /* proc: a procedure of the runtime */
} CpsAtomKind;

typedef struct CpsAtom {
    CpsAtomKind kind;
    union {
        CpsVar *var;
        Datum *datum;
        ProcId proc;
    } as;
} CpsAtom;

struct CpsVar {
    Symbol *name; /* may be NULL */
    uint32_t id;
    uint32_t n_uses; /* as an atom; a KNOWN call of `fun` is not counted here */
    CpsFun *fun;     /* bound as a function (by FIX or as a global function), or NULL */
    /* Scratch of the running pass: */
    bool is_replaced; /* stands for `replacement` (cps_resolve) */
    CpsAtom replacement;
    Cps *def;       /* the PRIM or GLOBAL node that binds it, where a pass keeps that */
    CpsVar *copy;   /* cps_copy */
    uint32_t met;   /* when a walk met its binder */
    bool is_called; /* pass_inline: is the function of some CALL */
    void *info;
};

struct CpsCont {
    Symbol *name; /* may be NULL */
    uint32_t id;
    Span span;
    uint32_t n_params;
    CpsVar **params;
    Cps *body; /* NULL: the return continuation of `ret_of` */
    CpsClause *ret_of;
    uint32_t n_jumps;   /* uses by JUMP */
    uint32_t n_returns; /* uses by CALL and KNOWN */
    bool is_loop;       /* bound by a CONT that is a loop */
    bool is_cut;        /* cut.c: the rest of a large body, code of its own */
    uint32_t
        place; /* call_places.c: return point of one call only; its number in the global function, from 1 */
    /* Scratch of the running pass: */
    CpsCont *replacement;
    CpsCont *copy;
    void *info;
};

struct CpsClause {
    CpsFun *fun;
    uint32_t index;    /* in fun->clauses */
    uint32_t n_params; /* with the rest list, which is the last */
    bool has_rest;
    CpsVar **params;
    CpsCont *ret; /* one parameter, body NULL */
    Cps *body;
    uint32_t n_calls; /* KNOWN calls */
    void *info;       /* scratch */
};

/* Text of the program, which a report can show; not the library's, nor what a form has made up. */
static inline bool cps_is_program_text(Span span) { return span.source && !span.source->is_system; }

struct CpsFun {
    Symbol *name; /* may be NULL */
    Span span;
    CpsVar *var; /* its closure; var->fun is this */
    uint32_t n_clauses;
    CpsClause **clauses; /* the first that accepts the arguments is meant */
    Global *global;      /* a global function: closed, in scope everywhere; else NULL */
    bool is_top;         /* in CpsProgram.funs */
    bool is_inline;      /* define-inline */
    bool no_inline;      /* never inlined: chunks of the top level */
    bool is_specialised; /* a copy that pass_inline made for one call */
    bool is_unrolled;    /* pass_unroll has copied it into itself */
    bool is_library;
    bool is_reached; /* scratch of cps_count */
    CpsFun *outer;   /* scratch: the function around it */
    CpsFun *copy;    /* scratch */
    void *info;      /* scratch */
};

typedef enum CpsKind {
#define CPS_NODE(id, keyword, fields) CPS_##id,
#include "ir/cps.def"
#undef CPS_NODE
} CpsKind;

struct Cps {
    CpsKind kind;
    Span span;
    Symbol *
        proc; /* the Scheme procedure that it was written in, and where that is inlined (adopt.h); NULL: unnamed */
    Cps *body; /* what follows, for the kinds that have one */
    union {
        struct {
            CpsVar *var;
            PrimId id;
            uint32_t n_args;
            CpsAtom *args;
        } prim; /* var NULL: for effect */
        struct {
            CpsVar *var;
            Global *global;
            bool is_safe;
        } global; /* read of a slot; is_safe: surely defined */
        struct {
            Global *global;
            CpsAtom value;
        } define;
        struct {
            uint32_t n;
            CpsFun **funs;
        } fix;
        struct {
            uint32_t n;
            bool is_loop;
            CpsCont **conts;
        } cont;
        /* is_truth: n_args is 1 and the test is `args[0] is not #f`; else a TEST or TEST_CK primitive. */
        struct {
            bool is_truth;
            PrimId id;
            uint32_t n_args;
            CpsAtom *args;
            Cps *then, *otherwise;
        } branch;
        struct {
            CpsCont *cont;
            uint32_t n_args;
            CpsAtom *args;
        } jump;
        struct {
            CpsCont *cont;
            CpsAtom fn;
            uint32_t n_args;
            CpsAtom *args;
        } call;
        struct {
            CpsCont *cont;
            CpsClause *clause;
            uint32_t n_args;
            CpsAtom *args;
        } known;
    } as;
};

struct CpsProgram {
    Compilation *compilation;
    const char *name;
    int level;          /* 0 to 3, how hard to optimise */
    FILE *trace;        /* gets the decisions of passes, or NULL */
    bool trace_library; /* also those in lib-scm */
    uint32_t next_id;   /* of variables, continuations, functions */
    VEC(CpsFun *) funs; /* global functions, wrappers, the top level; closed */
    CpsFun *main;       /* among them: no parameters */
    CpsAtom *hooks;     /* in the order of hooks.def */
    uint32_t n_globals;
    Global **globals; /* those with a slot at run time */
};

/* -- construction ------------------------------------------------------- */
CpsVar *cps_new_var(CpsProgram *program, Symbol *name);
CpsCont *cps_new_cont(CpsProgram *program, Symbol *name, Span span, uint32_t n_params);
CpsFun *cps_new_fun(CpsProgram *program, Symbol *name, Span span, uint32_t n_clauses);
CpsClause *cps_new_clause(CpsProgram *program, CpsFun *fun, uint32_t index, uint32_t n_params, bool has_rest);
Cps *cps_new(CpsProgram *program, CpsKind kind, Span span, Symbol *proc);
CpsAtom *cps_new_atoms(CpsProgram *program, uint32_t n);

static inline CpsAtom cps_var(CpsVar *var) { return (CpsAtom){CPS_VAR, {.var = var}}; }
static inline CpsAtom cps_const(Datum *datum) { return (CpsAtom){CPS_CONST, {.datum = datum}}; }
static inline CpsAtom cps_proc(ProcId proc) { return (CpsAtom){CPS_PROC, {.proc = proc}}; }
CpsAtom cps_boolean(CpsProgram *program, bool value);
CpsAtom cps_void(CpsProgram *program);
bool cps_same_atom(CpsAtom a, CpsAtom b);

/* -- parts of a term ---------------------------------------------------- */
/* The operands of any kind of term, with *count_out. */
CpsAtom *cps_operands(Cps *term, uint32_t *count_out);
/* The continuation that a terminator uses, as an address; NULL for others. */
CpsCont **cps_used_cont(Cps *term);
static inline bool cps_has_body(const Cps *term) { return term->kind <= CPS_CONT; }

/* -- substitution and counts -------------------------------------------- */
/* What the atom stands for, following replacements. */
CpsAtom cps_resolve(CpsAtom atom);
CpsCont *cps_resolve_cont(CpsCont *cont);
/* Adjust the counts for one more or one less use. */
void cps_use_atom(CpsAtom atom);
void cps_drop_atom(CpsAtom atom);
/* Uses made by the terms from `term` on (whole trees) are no more. */
void cps_drop_term(Cps *term);
/* Recomputes all counts, and takes out functions that nothing reaches. */
void cps_count(CpsProgram *program);
/* Fresh copies: their binders are new, free names stay; uses are counted. The
 * body of a clause or continuation is copied with its parameters replaced by
 * `args` (and the return continuation by `cont`). */
Cps *cps_copy_clause(CpsProgram *program, CpsClause *clause, const CpsAtom *args, CpsCont *cont);
Cps *cps_copy_cont(CpsProgram *program, CpsCont *cont, const CpsAtom *args);
CpsFun *cps_copy_fun(CpsProgram *program, CpsFun *fun);

/* -- text --------------------------------------------------------------- */
void cps_print(FILE *out, const CpsProgram *program, bool with_library);
/* Inverse of cps_print; NULL when errors were reported. The counts are not set. */
CpsProgram *cps_read(Compilation *compilation, const Source *source);
/* ICE, naming the pass, when a rule is broken. */
void cps_check(const CpsProgram *program, const char *pass);

#endif
