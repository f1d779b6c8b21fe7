/* A place in the program for every call that a report may have to name. */
#include "ir/call_places.h"

#include <string.h>

#include "ir/adopt.h"
#include "ir/cps_walk.h"

/* What is known of a function, in fun->info while this runs. */
typedef struct FunEnds {
    bool leaves; /* may end in a call of any procedure */
    VEC(CpsFun *) tail_callers;
} FunEnds;

typedef struct Places {
    CpsProgram *program;
    Arena *scratch;
    VEC(CpsFun *) leaving; /* whose callers are still to be looked at */
    uint32_t n_places;     /* in the global function at hand */
} Places;

static FunEnds *ends_of(Places *p, CpsFun *fun)
{
    if (!fun->info) fun->info = ARENA_NEW(p->scratch, FunEnds);
    return fun->info;
}

/* Procedures of the runtime that return to their caller, or never; the others may call what they are given. */
static bool proc_returns(ProcId id)
{
    switch (id) {
    case PROC_WAIT:
    case PROC_YIELD:
    case PROC_END_PROCESS:
    case PROC_MIGRATE:
    case PROC_MOVES_TICK:
    case PROC_REPORT_UNCAUGHT: return true;
    default: return false;
    }
}

/* The function that a call is of, if that is known. */
static CpsFun *called_fun(const Cps *call)
{
    if (call->kind == CPS_KNOWN) return call->as.known.clause->fun;
    CpsAtom fn = cps_resolve(call->as.call.fn);
    return fn.kind == CPS_VAR ? fn.as.var->fun : NULL;
}

static bool is_call(const Cps *term) { return term->kind == CPS_CALL || term->kind == CPS_KNOWN; }

static CpsCont *cont_of(Cps *call) { return cps_resolve_cont(*cps_used_cont(call)); }

static void note_leaving(Places *p, CpsFun *fun)
{
    FunEnds *ends = ends_of(p, fun);
    if (ends->leaves) return;
    ends->leaves = true;
    vec_push(p->scratch, &p->leaving, fun);
}

static void note_tail_call(Places *p, CpsFun *caller, const Cps *call)
{
    CpsFun *callee = called_fun(call);
    if (callee) {
        vec_push(p->scratch, &ends_of(p, callee)->tail_callers, caller);
        return;
    }
    CpsAtom fn = cps_resolve(call->as.call.fn);
    if (fn.kind != CPS_PROC || !proc_returns(fn.as.proc)) note_leaving(p, caller);
}

/* Which functions may end in a call of any procedure: those that do, and those that end in a call of one that may. */
static void find_leaving(Places *p)
{
    CpsWalk walk = cps_walk_start(p->program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        Cps *term = *site.slot;
        ends_of(p, site.clause->fun);
        if (is_call(term) && !cont_of(term)->body) note_tail_call(p, site.clause->fun, term);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    while (p->leaving.count) {
        FunEnds *ends = ends_of(p, vec_pop(&p->leaving));
        for (size_t i = 0; i < ends->tail_callers.count; i++)
            note_leaving(p, ends->tail_callers.items[i]);
    }
}

/* Puts (cont (k v) (jump to v)) around the call, which then returns to k. */
static void give_return_point(Places *p, Cps **slot)
{
    Cps *call = *slot;
    CpsCont **used = cps_used_cont(call), *to = cont_of(call);
    CpsCont *k = cps_new_cont(p->program, NULL, call->span, 1);
    CpsVar *value = k->params[0] = cps_new_var(p->program, NULL);
    value->n_uses = 1;
    k->place = ++p->n_places;
    Cps *jump = k->body = cps_new(p->program, CPS_JUMP, call->span, call->proc);
    jump->as.jump.cont = to;
    jump->as.jump.n_args = 1;
    jump->as.jump.args = cps_new_atoms(p->program, 1);
    jump->as.jump.args[0] = cps_var(value);
    to->n_returns--;
    to->n_jumps++;
    *used = k;
    k->n_returns = 1;
    Cps *bind = cps_new(p->program, CPS_CONT, call->span, call->proc);
    bind->as.cont.n = 1;
    bind->as.cont.conts = ARENA_NEW(p->program->compilation->arena, CpsCont *);
    bind->as.cont.conts[0] = k;
    bind->body = call;
    *slot = bind;
}

static bool is_same_span(Span a, Span b) { return a.source == b.source && a.start == b.start; }

static bool is_same_name(const Symbol *a, const Symbol *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* The call that a procedure is inlined at, beyond those in itself: a small recursive function that is copied into
 * itself is fast because its copies go on alike. */
static const CallPlace *call_from_outside(const Symbol *proc)
{
    const CallPlace *call = proc->inlined;
    while (call && is_same_name(call->proc, proc))
        call = call->proc->inlined;
    return call;
}

static bool is_same_place(const Cps *a, const Cps *b)
{
    if (!is_same_span(a->span, b->span) || !a->proc || !b->proc)
        return a->proc == b->proc && is_same_span(a->span, b->span);
    const Symbol *p = a->proc, *q = b->proc;
    while (p != q) {
        const CallPlace *at_p = call_from_outside(p), *at_q = call_from_outside(q);
        if (!is_same_name(p, q) || !at_p || !at_q) return is_same_name(p, q) && at_p == at_q;
        if (!is_same_span(at_p->span, at_q->span)) return false;
        p = at_p->proc;
        q = at_q->proc;
    }
    return true;
}

/* The first call that returns to a continuation has its return point; in cont->info while this runs. */
static bool shares_return_point(Cps *call)
{
    CpsCont *cont = cont_of(call);
    if (!cont->info) cont->info = call;
    return !is_same_place(cont->info, call);
}

static bool needs_return_point(Places *p, Cps *call)
{
    if (!cps_is_program_text(call->span)) return false;
    if (cont_of(call)->body) return shares_return_point(call);
    CpsFun *callee = called_fun(call);
    return callee && !cps_is_program_text(callee->span) && !ends_of(p, callee)->leaves;
}

static void clear_info(CpsProgram *program)
{
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        Cps *term = *site.slot;
        site.clause->fun->info = NULL;
        for (uint32_t i = 0; term->kind == CPS_CONT && i < term->as.cont.n; i++)
            term->as.cont.conts[i]->info = NULL;
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
}

static void add_in_fun(Places *p, CpsFun *fun)
{
    CpsWalk walk = {.scratch = p->scratch};
    p->n_places = 0;
    for (uint32_t c = fun->n_clauses; c-- > 0;)
        cps_walk_push(&walk, &fun->clauses[c]->body, fun->clauses[c], 0);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        Cps *term = *site.slot;
        if (is_call(term) && needs_return_point(p, term))
            give_return_point(p, site.slot);
        else
            cps_walk_into(&walk, site);
    }
}

void call_places_add(CpsProgram *program)
{
    Places p = {.program = program, .scratch = arena_new()};
    clear_info(program);
    find_leaving(&p);
    for (size_t i = 0; i < program->funs.count; i++)
        add_in_fun(&p, program->funs.items[i]);
    clear_info(program);
    arena_free(p.scratch);
}
