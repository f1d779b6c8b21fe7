/* Lowering, Core to CPS: one function per way a value is wanted.
 *
 *   lower_value   the value as an atom, for operands
 *   lower_effect  no value
 *   lower_tail    the value goes to a continuation
 *   lower_branch  the value decides between two continuations
 *
 * Terms are written through `hole`, the place of the next term. A call in the
 * middle of an expression binds a continuation whose body is the new hole, so
 * the code that follows needs no nesting here. */
#ifndef IR_LOWER_H
#define IR_LOWER_H

#include "ir/cps.h"
#include "ir/prim.h"

typedef struct Local {
    CpsAtom atom;
    bool is_boxed; /* a box: letrec variable that is used before its definition */
    bool is_bound;
} Local;

/* Global.ir while lowering goes on. */
typedef struct GlobalInfo {
    enum { GLOBAL_SLOT, GLOBAL_ATOM } kind;
    CpsAtom atom; /* its value, known when compiling */
    bool is_resolving;
} GlobalInfo;

typedef struct Lower {
    CpsProgram *program;
    Arena *arena;
    VEC(Local) locals;         /* by Var.id */
    CpsFun *wrappers[N_PRIMS]; /* of primitives as values */
    Cps **hole;
    Symbol *proc;            /* the procedure around the code being lowered */
    bool library_is_defined; /* the definitions of lib-scm have run */
} Lower;

CpsAtom lower_value(Lower *l, Core *core);
void lower_effect(Lower *l, Core *core);
void lower_tail(Lower *l, Core *core, CpsCont *k);
void lower_branch(Lower *l, Core *test, CpsCont *then, CpsCont *otherwise);

/* -- lower_emit.c --------------------------------------------------------- */

/* Puts a term into the hole; the hole moves behind it. */
Cps *lower_emit(Lower *l, CpsKind kind, Span span);
CpsVar *lower_emit_prim(Lower *l, Span span, PrimId id, CpsAtom *args, uint32_t n_args);
CpsVar *lower_emit_prim1(Lower *l, Span span, PrimId id, CpsAtom arg);
/* arg: NULL for a continuation without parameters. */
void lower_emit_jump(Lower *l, Span span, CpsCont *cont, const CpsAtom *arg);
void lower_emit_call(Lower *l, Span span, CpsAtom fn, CpsAtom *args, uint32_t n_args, CpsCont *cont);
/* Binds a continuation and goes on in the code that may use it. */
CpsCont *lower_emit_cont(Lower *l, Span span, uint32_t n_params);
/* Both branches are empty; the caller chooses the hole. */
Cps *lower_emit_if(Lower *l, Span span, bool is_truth, PrimId id, CpsAtom *args, uint32_t n_args);
/* n functions, to be put into as.fix.funs. */
Cps *lower_emit_fix(Lower *l, Span span, uint32_t n);

void lower_bind_local(Lower *l, const Var *var, CpsAtom atom, bool is_boxed);
/* `var` names the value in dumps and in the debugger, unless it has a name. */
void lower_bind_value(Lower *l, const Var *var, CpsAtom atom);
CpsVar *lower_bind_param(Lower *l, const Var *var);
CpsAtom lower_local(Lower *l, const Core *core);

/* -- lower_fun.c ---------------------------------------------------------- */

bool lower_is_library(const Global *global);
/* Decides how a global is represented: by its value when that is known, else
 * by a slot. Follows definitions like (define f car) and (define g f). */
void lower_resolve_global(Lower *l, Global *global);
CpsAtom lower_global(Lower *l, const Core *core);
/* A function for a lambda, without its bodies; those are lowered by lower_clauses. */
CpsFun *lower_new_fun(Lower *l, Core *lambda, Symbol *name);
void lower_clauses(Lower *l, CpsFun *fun, Core *lambda);
CpsAtom lower_lambda(Lower *l, Core *core, Symbol *name);
/* The procedure that is a primitive's value; one for the whole program. */
CpsFun *lower_prim_wrapper(Lower *l, PrimId id);

/* -- lower_bind.c --------------------------------------------------------- */

bool lower_has_prefix(const Core *core);
/* Lowers what a LET, LETREC or SEQ does before its result; returns the
 * expression of the result. */
Core *lower_prefix(Lower *l, Core *core);

/* -- lower_value.c -------------------------------------------------------- */

CpsAtom *lower_args(Lower *l, Core **args, uint32_t n);
/* A call whose value goes to k. */
void lower_call(Lower *l, Core *core, CpsCont *k);

#endif
