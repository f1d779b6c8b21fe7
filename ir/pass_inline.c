/* Copies of function bodies in place of calls.
 *
 * Requires: the rules of cps.h; calls of known functions are KNOWN.
 * Ensures:  the same. Copied are: define-inline functions, small functions (but
 *           not those of the top level that call each other), and functions that call one of their parameters where the argument is a
 *           known function. A recursive function of the last kind is copied as
 *           a local function first, so that the parameter is the same in all
 *           its calls and can be replaced (params) and the copy become a loop.
 *           All but define-inline within a limit on the growth of each function
 *           of the top level, so that none changes with the rest of the program;
 *           never a function into itself.
 *
 * program->trace, when set, gets a line for each decision. */
#include "ir/adopt.h"
#include "ir/cps_walk.h"
#include "ir/passes.h"

/* Nodes of a body. */
#define SMALL_SIZE        12
#define HIGHER_ORDER_SIZE 120
#define GROWTH_MIN        600
/* The top level runs once; beyond this size it gets no more copies, which would
 * only make compilation of long scripts slow. */
#define TOP_LEVEL_SIZE 400
/* Copies inside of copies; of define-inline functions, which call each other through others, with room only. */
#define DEPTH_MAX        4
#define INLINE_DEPTH_MAX 24

typedef struct Size { /* CpsClause.info */
    CpsClause *outer;
    uint32_t n_nodes;     /* with functions inside */
    uint32_t growth_left; /* first clause of a function of the top level: of all of that */
    bool is_recursive;
} Size;

/* A function of the top level and those that it calls, in CpsFun.info. */
typedef struct Node {
    VEC(CpsFun *) calls;
    uint32_t order, low; /* Tarjan's; order 0 = not visited */
    uint32_t next_call;
    bool is_on_stack;
    bool is_in_cycle; /* calls itself by way of others */
} Node;
typedef VEC(CpsFun *) Funs;

typedef struct Inline {
    CpsProgram *program;
    Arena *scratch;
    VEC(CpsClause *) clauses; /* outer ones first */
    bool changed;
} Inline;

/* -- measuring ---------------------------------------------------------- */

static Size *size_of(const CpsClause *clause) { return clause->info; }

static Node *node_of(const CpsFun *fun) { return fun->info; }

static const CpsFun *top_of(const CpsFun *fun)
{
    while (fun->outer)
        fun = fun->outer;
    return fun;
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
    if (term->kind == CPS_CALL && term->as.call.fn.kind == CPS_VAR) term->as.call.fn.as.var->is_called = true;
    if (term->kind == CPS_KNOWN && is_inside(site.clause->fun, term->as.known.clause->fun)) {
        CpsFun *fun = term->as.known.clause->fun;
        for (uint32_t c = 0; c < fun->n_clauses; c++)
            size_of(fun->clauses[c])->is_recursive = true;
    } else if (term->kind == CPS_KNOWN && term->as.known.clause->fun->is_top) {
        vec_push(in->scratch, &node_of(top_of(site.clause->fun))->calls, term->as.known.clause->fun);
    }
}

static void measure(Inline *in)
{
    for (size_t i = 0; i < in->program->funs.count; i++) {
        in->program->funs.items[i]->info = ARENA_NEW(in->scratch, Node);
        add_fun(in, in->program->funs.items[i], NULL);
    }
    CpsWalk walk = cps_walk_start(in->program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        cps_resolve_node(*site.slot);
        measure_node(in, site);
        cps_walk_into(&walk, site);
    }
    cps_walk_end(&walk);
    for (size_t i = in->clauses.count; i-- > 0;) {
        Size *size = size_of(in->clauses.items[i]);
        if (size->outer) size_of(size->outer)->n_nodes += size->n_nodes;
        size->growth_left = size->n_nodes / 2 > GROWTH_MIN ? size->n_nodes / 2 : GROWTH_MIN;
    }
}

/* -- cycles of calls ---------------------------------------------------- */

static void enter(Inline *in, Funs *path, Funs *stack, CpsFun *fun, uint32_t order)
{
    Node *node = node_of(fun);
    node->order = node->low = order;
    node->is_on_stack = true;
    vec_push(in->scratch, path, fun);
    vec_push(in->scratch, stack, fun);
}

static void close_component(Funs *stack, const CpsFun *root)
{
    bool is_alone = stack->items[stack->count - 1] == root;
    const CpsFun *fun;
    do {
        fun = vec_pop(stack);
        node_of(fun)->is_on_stack = false;
        node_of(fun)->is_in_cycle = !is_alone;
    } while (fun != root);
}

/* Tarjan's algorithm with an explicit path. */
static void find_cycles(Inline *in)
{
    Funs path = {0}, stack = {0};
    uint32_t n_visited = 0;
    for (size_t i = 0; i < in->program->funs.count; i++) {
        if (!node_of(in->program->funs.items[i])->order)
            enter(in, &path, &stack, in->program->funs.items[i], ++n_visited);
        while (path.count) {
            CpsFun *fun = path.items[path.count - 1];
            Node *node = node_of(fun);
            if (node->next_call < node->calls.count) {
                CpsFun *callee = node->calls.items[node->next_call++];
                if (!node_of(callee)->order)
                    enter(in, &path, &stack, callee, ++n_visited);
                else if (node_of(callee)->is_on_stack && node_of(callee)->order < node->low)
                    node->low = node_of(callee)->order;
                continue;
            }
            path.count--;
            Node *from = path.count ? node_of(path.items[path.count - 1]) : NULL;
            if (from && node->low < from->low) from->low = node->low;
            if (node->low == node->order) close_component(&stack, fun);
        }
    }
}

/* -- deciding ----------------------------------------------------------- */

/* Of the function of the top level that `clause` is part of. */
static uint32_t *growth_left(const CpsClause *clause)
{
    return &size_of(top_of(clause->fun)->clauses[0])->growth_left;
}

static bool passes_function(const Cps *call)
{
    const CpsClause *clause = call->as.known.clause;
    for (uint32_t i = 0; i < clause->n_params; i++) {
        CpsAtom arg = call->as.known.args[i];
        if (clause->params[i]->is_called && arg.kind == CPS_VAR && arg.as.var->fun) return true;
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
    if (fun->no_inline || !clause->body || !size || is_inside(site.clause->fun, fun)) return LEAVE;
    bool has_room = size->n_nodes <= *growth_left(site.clause);
    if (fun->is_inline && !size->is_recursive && site.depth < INLINE_DEPTH_MAX &&
        (site.depth < DEPTH_MAX || has_room)) {
        *reason_out = "define-inline";
        return COPY_BODY;
    }
    if (in->program->level < 2 || site.depth >= DEPTH_MAX || !has_room) return LEAVE;
    if (site.clause->fun->name == in->program->main->name && size_of(site.clause)->n_nodes > TOP_LEVEL_SIZE)
        return LEAVE;
    uint32_t factor = in->program->level > 2 ? 2 : 1;
    if (size->n_nodes <= SMALL_SIZE * factor && !size->is_recursive &&
        !(fun->is_top && node_of(fun)->is_in_cycle)) {
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
    if (!in->program->trace || (site.clause->fun->is_library && !in->program->trace_library)) return;
    fprintf(in->program->trace, "; %s is copied into %s: %s\n", fun->name ? fun->name->text : "lambda",
            site.clause->fun->name ? site.clause->fun->name->text : "lambda", reason);
}

/* -- copying ------------------------------------------------------------ */

/* The caller and what is around it have grown by what is copied. */
static void note_growth(CpsClause *caller, uint32_t n_nodes)
{
    uint32_t *left = growth_left(caller);
    *left -= n_nodes < *left ? n_nodes : *left;
    for (; caller && size_of(caller); caller = size_of(caller)->outer)
        size_of(caller)->n_nodes += n_nodes;
}

static void copy_body(Inline *in, Cps **slot)
{
    const Cps *call = *slot;
    const CpsFun *fun = call->as.known.clause->fun;
    *slot = cps_copy_clause(in->program, call->as.known.clause, call->as.known.args, call->as.known.cont);
    adopt_inlined(in->program, fun, *slot, call);
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
    find_cycles(&in);
    CpsWalk walk = cps_walk_start(program);
    for (CpsSite site; cps_walk_next(&walk, &site);) {
        const char *reason = NULL;
        Verdict verdict = (*site.slot)->kind == CPS_KNOWN ? judge(&in, site, &reason) : LEAVE;
        if (verdict != LEAVE) {
            trace(&in, site, reason);
            note_growth(site.clause, size_of((*site.slot)->as.known.clause)->n_nodes);
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
    if (in.changed) cps_count(program);
    return in.changed;
}
