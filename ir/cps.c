/* CPS: constructors, substitution, use counts, copying. */
#include "ir/cps.h"

/* -- construction ------------------------------------------------------- */

static Arena *arena_of(CpsProgram *program) { return program->compilation->arena; }

CpsVar *cps_new_var(CpsProgram *program, Symbol *name)
{
    CpsVar *var = ARENA_NEW(arena_of(program), CpsVar);
    var->name = name;
    var->id = program->next_id++;
    return var;
}

CpsCont *cps_new_cont(CpsProgram *program, Symbol *name, Span span, uint32_t n_params)
{
    CpsCont *cont = ARENA_NEW(arena_of(program), CpsCont);
    cont->name = name;
    cont->id = program->next_id++;
    cont->span = span;
    cont->n_params = n_params;
    cont->params = ARENA_ARRAY(arena_of(program), CpsVar *, n_params);
    return cont;
}

CpsFun *cps_new_fun(CpsProgram *program, Symbol *name, Span span, uint32_t n_clauses)
{
    CpsFun *fun = ARENA_NEW(arena_of(program), CpsFun);
    fun->name = name;
    fun->span = span;
    fun->var = cps_new_var(program, name);
    fun->var->fun = fun;
    fun->n_clauses = n_clauses;
    fun->clauses = ARENA_ARRAY(arena_of(program), CpsClause *, n_clauses);
    return fun;
}

CpsClause *cps_new_clause(CpsProgram *program, CpsFun *fun, uint32_t index, uint32_t n_params, bool has_rest)
{
    CpsClause *clause = ARENA_NEW(arena_of(program), CpsClause);
    clause->fun = fun;
    clause->index = index;
    clause->n_params = n_params;
    clause->has_rest = has_rest;
    clause->params = ARENA_ARRAY(arena_of(program), CpsVar *, n_params);
    clause->ret = cps_new_cont(program, NULL, fun->span, 1);
    clause->ret->params[0] = cps_new_var(program, NULL);
    clause->ret->ret_of = clause;
    fun->clauses[index] = clause;
    return clause;
}

Cps *cps_new(CpsProgram *program, CpsKind kind, Span span, Symbol *proc)
{
    Cps *term = ARENA_NEW(arena_of(program), Cps);
    term->kind = kind;
    term->span = span;
    term->proc = proc;
    return term;
}

CpsAtom *cps_new_atoms(CpsProgram *program, uint32_t n) { return ARENA_ARRAY(arena_of(program), CpsAtom, n); }

CpsAtom cps_boolean(CpsProgram *program, bool value)
{
    Datum *datum = ARENA_NEW(arena_of(program), Datum);
    datum->kind = DATUM_BOOLEAN;
    datum->as.boolean = value;
    return cps_const(datum);
}

CpsAtom cps_void(CpsProgram *program)
{
    Datum *datum = ARENA_NEW(arena_of(program), Datum);
    datum->kind = DATUM_VOID;
    return cps_const(datum);
}

bool cps_same_atom(CpsAtom a, CpsAtom b)
{
    if (a.kind != b.kind) return false;
    switch (a.kind) {
    case CPS_VAR: return a.as.var == b.as.var;
    case CPS_PROC: return a.as.proc == b.as.proc;
    case CPS_CONST: return a.as.datum == b.as.datum;
    }
    return false;
}

/* -- parts of a term ---------------------------------------------------- */

CpsAtom *cps_operands(Cps *term, uint32_t *count_out)
{
    switch (term->kind) {
    case CPS_PRIM: *count_out = term->as.prim.n_args; return term->as.prim.args;
    case CPS_DEFINE: *count_out = 1; return &term->as.define.value;
    case CPS_IF: *count_out = term->as.branch.n_args; return term->as.branch.args;
    case CPS_JUMP: *count_out = term->as.jump.n_args; return term->as.jump.args;
    case CPS_CALL: *count_out = term->as.call.n_args; return term->as.call.args; /* and fn */
    case CPS_KNOWN: *count_out = term->as.known.n_args; return term->as.known.args;
    case CPS_GLOBAL:
    case CPS_FIX:
    case CPS_CONT: break;
    }
    *count_out = 0;
    return NULL;
}

CpsCont **cps_used_cont(Cps *term)
{
    switch (term->kind) {
    case CPS_JUMP: return &term->as.jump.cont;
    case CPS_CALL: return &term->as.call.cont;
    case CPS_KNOWN: return &term->as.known.cont;
    default: return NULL;
    }
}

/* -- substitution and counts -------------------------------------------- */

CpsAtom cps_resolve(CpsAtom atom)
{
    while (atom.kind == CPS_VAR && atom.as.var->is_replaced)
        atom = atom.as.var->replacement;
    return atom;
}

CpsCont *cps_resolve_cont(CpsCont *cont)
{
    while (cont->replacement)
        cont = cont->replacement;
    return cont;
}

void cps_use_atom(CpsAtom atom)
{
    atom = cps_resolve(atom);
    if (atom.kind == CPS_VAR) atom.as.var->n_uses++;
}

void cps_drop_atom(CpsAtom atom)
{
    atom = cps_resolve(atom);
    if (atom.kind == CPS_VAR) atom.as.var->n_uses--;
}

/* Adds `delta` to the counts of what the node itself uses. */
static void adjust_node(Cps *term, int delta)
{
    uint32_t n;
    CpsAtom *args = cps_operands(term, &n);
    for (uint32_t i = 0; i < n; i++) {
        CpsAtom atom = cps_resolve(args[i]);
        if (atom.kind == CPS_VAR) atom.as.var->n_uses += (uint32_t)delta;
    }
    if (term->kind == CPS_CALL) {
        CpsAtom fn = cps_resolve(term->as.call.fn);
        if (fn.kind == CPS_VAR) fn.as.var->n_uses += (uint32_t)delta;
    }
    if (term->kind == CPS_KNOWN) term->as.known.clause->n_calls += (uint32_t)delta;
    CpsCont **used = cps_used_cont(term);
    if (used) {
        CpsCont *cont = cps_resolve_cont(*used);
        if (term->kind == CPS_JUMP)
            cont->n_jumps += (uint32_t)delta;
        else
            cont->n_returns += (uint32_t)delta;
    }
}

typedef VEC(Cps *) TermVec;

static void push_term(Arena *arena, TermVec *work, Cps *term)
{
    if (term) /* NULL: a pass has moved it elsewhere */
        vec_push(arena, work, term);
}

/* Pushes the terms directly under `term`. */
static void push_children(Arena *arena, TermVec *work, Cps *term)
{
    switch (term->kind) {
    case CPS_IF:
        push_term(arena, work, term->as.branch.otherwise);
        push_term(arena, work, term->as.branch.then);
        break;
    case CPS_FIX:
        for (uint32_t i = 0; i < term->as.fix.n; i++)
            for (uint32_t c = 0; c < term->as.fix.funs[i]->n_clauses; c++)
                push_term(arena, work, term->as.fix.funs[i]->clauses[c]->body);
        break;
    case CPS_CONT:
        for (uint32_t i = 0; i < term->as.cont.n; i++)
            push_term(arena, work, term->as.cont.conts[i]->body);
        break;
    default: break;
    }
    if (cps_has_body(term)) push_term(arena, work, term->body);
}

void cps_drop_term(Cps *term)
{
    Arena *arena = arena_new();
    TermVec work = {0};
    vec_push(arena, &work, term);
    while (work.count) {
        Cps *t = vec_pop(&work);
        adjust_node(t, -1);
        push_children(arena, &work, t);
    }
    arena_free(arena);
}

static void reset_fun(CpsFun *fun)
{
    fun->var->n_uses = 0;
    fun->is_reached = false;
    for (uint32_t c = 0; c < fun->n_clauses; c++) {
        CpsClause *clause = fun->clauses[c];
        clause->n_calls = 0;
        clause->ret->n_jumps = clause->ret->n_returns = 0;
        for (uint32_t i = 0; i < clause->n_params; i++)
            clause->params[i]->n_uses = 0;
    }
}

/* Zeroes the counts of what the node binds. */
static void reset_binders(Cps *term)
{
    if (term->kind == CPS_PRIM && term->as.prim.var) term->as.prim.var->n_uses = 0;
    if (term->kind == CPS_GLOBAL) term->as.global.var->n_uses = 0;
    if (term->kind == CPS_FIX)
        for (uint32_t i = 0; i < term->as.fix.n; i++)
            reset_fun(term->as.fix.funs[i]);
    if (term->kind == CPS_CONT)
        for (uint32_t i = 0; i < term->as.cont.n; i++) {
            CpsCont *cont = term->as.cont.conts[i];
            cont->n_jumps = cont->n_returns = 0;
            for (uint32_t p = 0; p < cont->n_params; p++)
                cont->params[p]->n_uses = 0;
        }
}

/* Counting meets a function when something refers to it; its bodies follow. */
typedef struct Counter {
    Arena *scratch;
    TermVec work;
    TermVec fixes;
} Counter;

static void reach_fun(Counter *counter, CpsFun *fun)
{
    if (fun->is_reached) return;
    fun->is_reached = true;
    for (uint32_t c = 0; c < fun->n_clauses; c++)
        vec_push(counter->scratch, &counter->work, fun->clauses[c]->body);
}

static void reach_atom(Counter *counter, CpsAtom atom)
{
    atom = cps_resolve(atom);
    if (atom.kind == CPS_VAR && atom.as.var->fun) reach_fun(counter, atom.as.var->fun);
}

static void count_node(Counter *counter, Cps *term)
{
    reset_binders(term);
    adjust_node(term, 1);
    uint32_t n;
    CpsAtom *args = cps_operands(term, &n);
    for (uint32_t i = 0; i < n; i++)
        reach_atom(counter, args[i]);
    if (term->kind == CPS_CALL) reach_atom(counter, term->as.call.fn);
    if (term->kind == CPS_KNOWN) reach_fun(counter, term->as.known.clause->fun);
    if (term->kind != CPS_FIX) {
        push_children(counter->scratch, &counter->work, term);
        return;
    }
    vec_push(counter->scratch, &counter->fixes, term);
    vec_push(counter->scratch, &counter->work, term->body);
}

static uint32_t keep_reached(CpsFun **funs, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (funs[i]->is_reached) funs[kept++] = funs[i];
    return kept;
}

/* Binders are met before their uses, so one walk that resets at the binder and
 * counts at the use is enough. */
void cps_count(CpsProgram *program)
{
    Counter counter = {.scratch = arena_new()};
    for (size_t i = 0; i < program->funs.count; i++)
        reset_fun(program->funs.items[i]);
    for (unsigned i = 0; program->hooks && i < CLO_N_HOOKS; i++) {
        cps_use_atom(program->hooks[i]);
        reach_atom(&counter, program->hooks[i]);
    }
    program->main->var->n_uses++;
    reach_fun(&counter, program->main);
    while (counter.work.count)
        count_node(&counter, vec_pop(&counter.work));
    for (size_t i = 0; i < counter.fixes.count; i++) {
        Cps *fix = counter.fixes.items[i];
        fix->as.fix.n = keep_reached(fix->as.fix.funs, fix->as.fix.n);
    }
    program->funs.count = keep_reached(program->funs.items, (uint32_t)program->funs.count);
    arena_free(counter.scratch);
}

/* -- copying ------------------------------------------------------------ */

typedef struct CopyItem {
    const Cps *from;
    Cps **to;
} CopyItem;

/* `copy` fields lead from binders to their copies while the copier runs; the
 * three lists say which to clear at the end. */
typedef struct Copier {
    CpsProgram *program;
    Arena *scratch;
    VEC(CopyItem) work;
    VEC(CpsVar *) vars;
    VEC(CpsCont *) conts;
    VEC(CpsFun *) funs;
} Copier;

static CpsVar *copy_var(Copier *copier, CpsVar *var)
{
    if (!var) return NULL;
    var->copy = cps_new_var(copier->program, var->name);
    vec_push(copier->scratch, &copier->vars, var);
    return var->copy;
}

static void map_cont(Copier *copier, CpsCont *from, CpsCont *to)
{
    from->copy = to;
    vec_push(copier->scratch, &copier->conts, from);
}

static CpsAtom copied_atom(CpsAtom atom)
{
    atom = cps_resolve(atom);
    if (atom.kind == CPS_VAR && atom.as.var->copy) return cps_resolve(cps_var(atom.as.var->copy));
    return atom;
}

static CpsAtom *copied_atoms(CpsProgram *program, const CpsAtom *atoms, uint32_t n)
{
    CpsAtom *out = cps_new_atoms(program, n);
    for (uint32_t i = 0; i < n; i++)
        out[i] = copied_atom(atoms[i]);
    return out;
}

static CpsCont *copied_cont(CpsCont *cont)
{
    cont = cps_resolve_cont(cont);
    return cont->copy ? cps_resolve_cont(cont->copy) : cont;
}

static CpsClause *copied_clause(CpsClause *clause)
{
    return clause->fun->copy ? clause->fun->copy->clauses[clause->index] : clause;
}

/* A new function with new parameters; bodies are still to be copied. */
static CpsFun *copy_fun_head(Copier *copier, CpsFun *fun)
{
    CpsFun *copy = cps_new_fun(copier->program, fun->name, fun->span, fun->n_clauses);
    copy->is_inline = fun->is_inline;
    copy->is_library = fun->is_library;
    copy->is_specialised = fun->is_specialised;
    copy->is_unrolled = fun->is_unrolled;
    for (uint32_t c = 0; c < fun->n_clauses; c++) {
        CpsClause *from = fun->clauses[c];
        CpsClause *to = cps_new_clause(copier->program, copy, c, from->n_params, from->has_rest);
        for (uint32_t i = 0; i < from->n_params; i++)
            to->params[i] = copy_var(copier, from->params[i]);
        map_cont(copier, from->ret, to->ret);
    }
    fun->copy = copy;
    fun->var->copy = copy->var;
    vec_push(copier->scratch, &copier->funs, fun);
    return copy;
}

static CpsCont *copy_cont_head(Copier *copier, CpsCont *cont)
{
    CpsCont *copy = cps_new_cont(copier->program, cont->name, cont->span, cont->n_params);
    copy->is_loop = cont->is_loop;
    for (uint32_t i = 0; i < cont->n_params; i++)
        copy->params[i] = copy_var(copier, cont->params[i]);
    map_cont(copier, cont, copy);
    return copy;
}

static void copy_later(Copier *copier, const Cps *from, Cps **to)
{
    CopyItem item = {from, to};
    vec_push(copier->scratch, &copier->work, item);
}

static void copy_fun_bodies(Copier *copier, CpsFun *fun)
{
    for (uint32_t c = 0; c < fun->n_clauses; c++)
        copy_later(copier, fun->clauses[c]->body, &fun->copy->clauses[c]->body);
}

static void copy_fix(Copier *copier, const Cps *from, Cps *copy)
{
    uint32_t n = from->as.fix.n;
    copy->as.fix.funs = ARENA_ARRAY(arena_of(copier->program), CpsFun *, n);
    for (uint32_t i = 0; i < n; i++)
        copy->as.fix.funs[i] = copy_fun_head(copier, from->as.fix.funs[i]);
    for (uint32_t i = 0; i < n; i++)
        copy_fun_bodies(copier, from->as.fix.funs[i]);
}

static void copy_conts(Copier *copier, const Cps *from, Cps *copy)
{
    uint32_t n = from->as.cont.n;
    copy->as.cont.conts = ARENA_ARRAY(arena_of(copier->program), CpsCont *, n);
    for (uint32_t i = 0; i < n; i++)
        copy->as.cont.conts[i] = copy_cont_head(copier, from->as.cont.conts[i]);
    for (uint32_t i = 0; i < n; i++)
        copy_later(copier, from->as.cont.conts[i]->body, &copy->as.cont.conts[i]->body);
}

/* Copies one node; its parts follow later, so binders come before uses. */
static void copy_node(Copier *copier, const Cps *from, Cps **to)
{
    CpsProgram *program = copier->program;
    Cps *copy = cps_new(program, from->kind, from->span, from->proc);
    copy->as = from->as;
    *to = copy;
    switch (from->kind) {
    case CPS_PRIM:
        copy->as.prim.args = copied_atoms(program, from->as.prim.args, from->as.prim.n_args);
        copy->as.prim.var = copy_var(copier, from->as.prim.var);
        break;
    case CPS_GLOBAL: copy->as.global.var = copy_var(copier, from->as.global.var); break;
    case CPS_DEFINE: copy->as.define.value = copied_atom(from->as.define.value); break;
    case CPS_FIX: copy_fix(copier, from, copy); break;
    case CPS_CONT: copy_conts(copier, from, copy); break;
    case CPS_IF:
        copy->as.branch.args = copied_atoms(program, from->as.branch.args, from->as.branch.n_args);
        copy_later(copier, from->as.branch.then, &copy->as.branch.then);
        copy_later(copier, from->as.branch.otherwise, &copy->as.branch.otherwise);
        break;
    case CPS_JUMP:
        copy->as.jump.cont = copied_cont(from->as.jump.cont);
        copy->as.jump.args = copied_atoms(program, from->as.jump.args, from->as.jump.n_args);
        break;
    case CPS_CALL:
        copy->as.call.cont = copied_cont(from->as.call.cont);
        copy->as.call.fn = copied_atom(from->as.call.fn);
        copy->as.call.args = copied_atoms(program, from->as.call.args, from->as.call.n_args);
        break;
    case CPS_KNOWN:
        copy->as.known.cont = copied_cont(from->as.known.cont);
        copy->as.known.clause = copied_clause(from->as.known.clause);
        copy->as.known.args = copied_atoms(program, from->as.known.args, from->as.known.n_args);
        break;
    }
    adjust_node(copy, 1);
    if (cps_has_body(from)) copy_later(copier, from->body, &copy->body);
}

static void copier_finish(Copier *copier)
{
    while (copier->work.count) {
        CopyItem item = vec_pop(&copier->work);
        copy_node(copier, item.from, item.to);
    }
    for (size_t i = 0; i < copier->vars.count; i++)
        copier->vars.items[i]->copy = NULL;
    for (size_t i = 0; i < copier->conts.count; i++)
        copier->conts.items[i]->copy = NULL;
    for (size_t i = 0; i < copier->funs.count; i++)
        copier->funs.items[i]->copy = NULL, copier->funs.items[i]->var->copy = NULL;
    arena_free(copier->scratch);
}

Cps *cps_copy_clause(CpsProgram *program, CpsClause *clause, const CpsAtom *args, CpsCont *cont)
{
    Copier copier = {.program = program, .scratch = arena_new()};
    for (uint32_t i = 0; i < clause->n_params; i++) {
        CpsVar *param = copy_var(&copier, clause->params[i]);
        param->is_replaced = true;
        param->replacement = args[i];
    }
    map_cont(&copier, clause->ret, cont);
    Cps *result = NULL;
    copy_later(&copier, clause->body, &result);
    copier_finish(&copier);
    return result;
}

Cps *cps_copy_cont(CpsProgram *program, CpsCont *cont, const CpsAtom *args)
{
    Copier copier = {.program = program, .scratch = arena_new()};
    for (uint32_t i = 0; i < cont->n_params; i++) {
        CpsVar *param = copy_var(&copier, cont->params[i]);
        param->is_replaced = true;
        param->replacement = args[i];
    }
    Cps *result = NULL;
    copy_later(&copier, cont->body, &result);
    copier_finish(&copier);
    return result;
}

CpsFun *cps_copy_fun(CpsProgram *program, CpsFun *fun)
{
    Copier copier = {.program = program, .scratch = arena_new()};
    CpsFun *copy = copy_fun_head(&copier, fun);
    copy_fun_bodies(&copier, fun);
    copier_finish(&copier);
    return copy;
}
