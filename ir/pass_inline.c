/* Copies of function bodies in place of calls.
 *
 * Requires: the rules of cps.h; calls of known functions are KNOWN.
 * Ensures:  the same. Copied are: define-inline functions, small functions, and
 *           functions that call one of their parameters where the argument is a
 *           known function. A recursive function of the last kind is copied as
 *           a local function first, so that the parameter is the same in all
 *           its calls and can be replaced (params) and the copy become a loop.
 *           All but define-inline within a limit on the growth of the program;
 *           never a function into itself.
 *
 * program->trace, when set, gets a line for each decision. */
#include "ir/cps_walk.h"
#include "ir/passes.h"

/* Nodes of a body. */
#define SMALL_SIZE 12
#define HIGHER_ORDER_SIZE 120
#define GROWTH_MIN 4000
/* The top level runs once; beyond this size it gets no more copies, which would
 * only make compilation of long scripts slow. */
#define TOP_LEVEL_SIZE 400
/* Copies inside of copies. */
#define DEPTH_MAX 4
#define INLINE_DEPTH_MAX 24

typedef struct Size { /* CpsClause.info */
    CpsClause *outer;
    uint32_t n_nodes; /* with functions inside */
    bool is_recursive;
} Size;

typedef struct Inline {
    CpsProgram *program;
    Arena *scratch;
    VEC(CpsClause *) clauses; /* outer ones first */
    uint32_t growth_left;
    bool changed;
} Inline;

/* -- measuring ---------------------------------------------------------- */

static Size *size_of(const CpsClause *clause)
{
    return clause->info;
}

static void add_fun(Inline *in, CpsFun *fun, CpsClause *outer)
{
    fun->outer = outer ? outer->fun : NULL;
    for (uint32_t c = 0; c < fun->n_clauses; c++) {
        Size *size = ARENA_NEW(in->scratch, Size);
        size->outer = outer;
        fun->clauses[c]->info = size;
        for (uint32_t i = 0; i < fun->clauses[c]->n_params; i++)
            fun->clauses[c]->params[i]->is_called = false;
        vec_push(in->scratch, &in->clauses, fun->clauses[c]);
    }
}

static bool is_inside(const CpsFun *inner, const CpsFun *fun)
{
    while (inner && inner != fun)
        inner = inner->outer;
    return inner != NULL;
}

static void measure_node(Inline *in, CpsSite site)
{
    Cps *term = *site.slot;
    size_of(site.clause)->n_nodes++;
    if (term->kind == CPS_FIX)
        for (uint32_t i = 0; i < term->as.fix.n; i++)
            add_fun(in, term->as.fix.funs[i], site.clause);
    if (term->kind == CPS_CALL && term->as.call.fn.kind == CPS_VAR)
        term->as.call.fn.as.var->is_called = true;
    if (term->kind == CPS_KNOWN && is_inside(site.clause->fun, term->as.known.clause->fun)) {
        CpsFun *fun = term->as.known.clause->fun;
        for (uint32_t c = 0; c < fun->n_clauses; c++)
            size_of(fun->clauses[c])->is_recursive = true;
    }
}

static void measure(Inline *in)
{
    uint32_t total = 0;
    for (size_t i = 0; i < in->program->funs.count; i++)
        add_fun(in, in->program->funs.items[i], NULL);
    CpsWalk walk = cps_walk_start(in->program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        cps_resolve_node(*site.slot);
        measure_node(in, site);
        cps_walk_into(&walk, site);
        total++;
    }
    cps_walk_end(&walk);
    for (size_t i = in->clauses.count; i-- > 0;) {
        Size *size = size_of(in->clauses.items[i]);
        if (size->outer)
            size_of(size->outer)->n_nodes += size->n_nodes;
    }
    in->growth_left = total / 2 > GROWTH_MIN ? total / 2 : GROWTH_MIN;
}

/* -- deciding ----------------------------------------------------------- */

static bool passes_function(const Cps *call)
{
    const CpsClause *clause = call->as.known.clause;
    for (uint32_t i = 0; i < clause->n_params; i++) {
        CpsAtom arg = call->as.known.args[i];
        if (clause->params[i]->is_called && arg.kind == CPS_VAR && arg.as.var->fun)
            return true;
    }
    return false;
}

typedef enum Verdict { LEAVE, COPY_BODY, COPY_FUNCTION } Verdict;

static Verdict judge(Inline *in, const CpsSite site, const char **reason_out)
{
    const Cps *call = *site.slot;
    const CpsClause *clause = call->as.known.clause;
    const CpsFun *fun = clause->fun;
    const Size *size = clause->info;
    if (fun->no_inline || !clause->body || !size || is_inside(site.clause->fun, fun))
        return LEAVE;
    if (fun->is_inline && !size->is_recursive && site.depth < INLINE_DEPTH_MAX) {
        *reason_out = "define-inline";
        return COPY_BODY;
    }
    if (in->program->level < 2 || site.depth >= DEPTH_MAX || size->n_nodes > in->growth_left)
        return LEAVE;
    if (site.clause->fun->name == in->program->main->name && size_of(site.clause)->n_nodes > TOP_LEVEL_SIZE)
        return LEAVE;
    uint32_t factor = in->program->level > 2 ? 2 : 1;
    if (size->n_nodes <= SMALL_SIZE * factor && !size->is_recursive) {
        *reason_out = "small";
        return COPY_BODY;
    }
    if (size->n_nodes <= HIGHER_ORDER_SIZE * factor && !fun->is_specialised && passes_function(call)) {
        *reason_out = "gets a function that it calls";
        return size->is_recursive ? COPY_FUNCTION : COPY_BODY;
    }
    return LEAVE;
}

static void trace(const Inline *in, const CpsSite site, const char *reason)
{
    const CpsFun *fun = (*site.slot)->as.known.clause->fun;
    if (!in->program->trace || (site.clause->fun->is_library && !in->program->trace_library))
        return;
    fprintf(in->program->trace, "; %s is copied into %s: %s\n", fun->name ? fun->name->text : "lambda",
            site.clause->fun->name ? site.clause->fun->name->text : "lambda", reason);
}

/* -- copying ------------------------------------------------------------ */

/* The caller and what is around it have grown by what is copied. */
static void note_growth(Inline *in, CpsClause *caller, uint32_t n_nodes)
{
    in->growth_left -= n_nodes < in->growth_left ? n_nodes : in->growth_left;
    for (; caller && size_of(caller); caller = size_of(caller)->outer)
        size_of(caller)->n_nodes += n_nodes;
}

static void copy_body(Inline *in, Cps **slot)
{
    const Cps *call = *slot;
    const CpsFun *fun = call->as.known.clause->fun;
    *slot = cps_copy_clause(in->program, call->as.known.clause, call->as.known.args, call->as.known.cont);
    if (fun->is_library)
        cps_adopt(*slot, call);
}

static void copy_function(Inline *in, Cps **slot)
{
    Cps *call = *slot;
    CpsFun *copy = cps_copy_fun(in->program, call->as.known.clause->fun);
    copy->is_specialised = true;
    Cps *fix = cps_new(in->program, CPS_FIX, call->span, call->proc);
    fix->as.fix.n = 1;
    fix->as.fix.funs = ARENA_NEW(in->program->compilation->arena, CpsFun *);
    fix->as.fix.funs[0] = copy;
    fix->body = call;
    call->as.known.clause = copy->clauses[call->as.known.clause->index];
    *slot = fix;
}

/* Functions that a copy brought in: not measured, so not copied in this run. */
static void note_copied_funs(const CpsSite site)
{
    const Cps *term = *site.slot;
    for (uint32_t i = 0; term->kind == CPS_FIX && i < term->as.fix.n; i++)
        term->as.fix.funs[i]->outer = site.clause->fun;
}

bool pass_inline(CpsProgram *program)
{
    Inline in = {.program = program, .scratch = arena_new()};
    measure(&in);
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        const char *reason = NULL;
        Verdict verdict = (*site.slot)->kind == CPS_KNOWN ? judge(&in, site, &reason) : LEAVE;
        if (verdict != LEAVE) {
            trace(&in, site, reason);
            note_growth(&in, site.clause, size_of((*site.slot)->as.known.clause)->n_nodes);
            verdict == COPY_BODY ? copy_body(&in, site.slot) : copy_function(&in, site.slot);
            in.changed = true;
            site.depth++;
            cps_walk_push(&walk, site.slot, site.clause, site.depth);
            continue;
        }
        note_copied_funs(site);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    arena_free(in.scratch);
    if (in.changed)
        cps_count(program);
    return in.changed;
}
