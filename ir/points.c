/* Code points and liveness. Three steps:
 *
 * 1. Every clause and continuation has a body. Collect, for each continuation,
 *    the bodies that jump to it.
 * 2. Bodies that need code of their own become points; each other one joins the
 *    body of its only user. Innermost first: all users of a continuation lie in
 *    its scope, so they are decided before it, except the body that binds it,
 *    which stands for itself.
 * 3. Live variables of the points, as the least solution of
 *      live(p) = (used in p + live(q) for each q that p needs) - bound in p.  */
#include "ir/points.h"

#include <stdlib.h>

#include "ir/prim.h"

/* Parameters of a code point that extra ones may bring it to. */
#define LIFT_PARAMS_MAX 9

/* Values that one code point may find alive at its entry, and slots of all
 * frames together. Frames hold every value that is alive across a call, so n
 * calls with n values alive need n * n slots: only generated programs get here. */
#define LIVE_MAX        2000
#define FRAME_SLOTS_MAX 600000

typedef struct Body {
    CpsClause *clause;
    CpsCont *cont;
    CpsFun *fun;
    Cps *term;
    struct Body *binder; /* of a continuation: where its CONT stands */
    struct Body *joined; /* part of the point of this body; NULL: a point */
    Point *point;
    VEC(struct Body *) users; /* that jump here */
} Body;

typedef VEC(Cps *) TermVec;

typedef struct Finder {
    CpsProgram *program;
    Arena *arena;
    VEC(Body *) bodies; /* outer ones before those bound in them */
    VEC(CpsFun *) funs; /* local ones */
    PointVec points;
    CpsVarVec vars;
    CpsVarVec merged; /* scratch */
} Finder;

/* -- 1: bodies ---------------------------------------------------------- */

static Body *add_body(Finder *f, CpsFun *fun, CpsClause *clause, CpsCont *cont, Body *binder)
{
    Body *body = ARENA_NEW(f->arena, Body);
    body->fun = fun;
    body->clause = clause;
    body->cont = cont;
    body->term = clause ? clause->body : cont->body;
    body->binder = binder;
    vec_push(f->arena, &f->bodies, body);
    return body;
}

static void bind_var(Finder *f, CpsVar *var, Body *body, CloClass class)
{
    VarInfo *info = ARENA_NEW(f->arena, VarInfo);
    info->body = body;
    info->class = class;
    var->info = info;
    vec_push(f->arena, &f->vars, var);
}

static void add_fun(Finder *f, CpsFun *fun, Body *binder)
{
    FunInfo *info = ARENA_NEW(f->arena, FunInfo);
    info->points = ARENA_ARRAY(f->arena, Point *, fun->n_clauses);
    fun->info = info;
    bind_var(f, fun->var, binder, CLASS_CLOSURE);
    if (fun->is_top) {
        info->rep = FUN_STATIC;
        var_info(fun->var)->is_constant = true;
    } else {
        info->rep = fun->var->n_uses ? FUN_CLOSURE : FUN_LIFTED;
        vec_push(f->arena, &f->funs, fun);
    }
    for (uint32_t c = 0; c < fun->n_clauses; c++) {
        CpsClause *clause = fun->clauses[c];
        Body *body = add_body(f, fun, clause, NULL, NULL);
        for (uint32_t i = 0; i < clause->n_params; i++)
            bind_var(f, clause->params[i], body, CLASS_ANY);
    }
}

static void add_cont(Finder *f, CpsCont *cont, Body *binder)
{
    ContInfo *info = ARENA_NEW(f->arena, ContInfo);
    cont->info = info;
    info->body = add_body(f, binder->fun, NULL, cont, binder);
    for (uint32_t i = 0; i < cont->n_params; i++)
        bind_var(f, cont->params[i], info->body, CLASS_ANY);
}

/* Binders and jumps of one node of `body`. */
static void scan_node(Finder *f, Body *body, Cps *term)
{
    switch (term->kind) {
    case CPS_PRIM:
        if (term->as.prim.var) bind_var(f, term->as.prim.var, body, prim_infos[term->as.prim.id].class);
        break;
    case CPS_GLOBAL: bind_var(f, term->as.global.var, body, CLASS_ANY); break;
    case CPS_FIX:
        for (uint32_t i = 0; i < term->as.fix.n; i++)
            add_fun(f, term->as.fix.funs[i], body);
        break;
    case CPS_CONT:
        for (uint32_t i = 0; i < term->as.cont.n; i++)
            add_cont(f, term->as.cont.conts[i], body);
        break;
    case CPS_JUMP: {
        CpsCont *cont = term->as.jump.cont;
        if (cont->body) vec_push(f->arena, &cont_info(cont)->body->users, body);
        break;
    }
    default: break;
    }
}

/* Next node of a body in a walk that leaves out bodies bound in it. */
static Cps *next_node(Finder *f, TermVec *work, Cps *term)
{
    if (term->kind == CPS_IF) {
        vec_push(f->arena, work, term->as.branch.otherwise);
        return term->as.branch.then;
    }
    if (cps_has_body(term)) return term->body;
    return work->count ? vec_pop(work) : NULL;
}

static void scan_bodies(Finder *f)
{
    TermVec work = {0};
    for (size_t i = 0; i < f->program->funs.count; i++)
        add_fun(f, f->program->funs.items[i], NULL);
    for (size_t i = 0; i < f->bodies.count; i++) {
        Body *body = f->bodies.items[i];
        for (Cps *term = body->term; term; term = next_node(f, &work, term))
            scan_node(f, body, term);
    }
}

/* -- 2: points ---------------------------------------------------------- */

static Body *body_root(Body *body)
{
    Body *root = body;
    while (root->joined)
        root = root->joined;
    while (body->joined) { /* shorten the path for the next time */
        Body *next = body->joined;
        body->joined = root;
        body = next;
    }
    return root;
}

/* The only body that the users of a continuation belong to, or NULL. */
static Body *only_user(Body *body)
{
    if (body->clause || body->cont->is_loop || body->cont->is_cut || body->cont->n_returns ||
        !body->users.count)
        return NULL;
    Body *user = body_root(body->users.items[0]);
    for (size_t i = 1; i < body->users.count; i++)
        if (body_root(body->users.items[i]) != user) return NULL;
    return user;
}

static void add_point(Finder *f, Body *body)
{
    Point *point = ARENA_NEW(f->arena, Point);
    point->clause = body->clause;
    point->cont = body->cont;
    point->fun = body->fun;
    point->number = (uint32_t)f->points.count;
    body->point = point;
    vec_push(f->arena, &f->points, point);
    if (body->clause) fun_info(body->fun)->points[body->clause->index] = point;
}

static void place_cont(Finder *f, Body *body)
{
    ContInfo *info = cont_info(body->cont);
    info->point = body_root(body)->point;
    info->is_block = body->joined != NULL;
    info->is_sunk = info->is_block && body_root(body->binder)->point != info->point;
    if (info->is_sunk) vec_push(f->arena, &info->point->blocks, body->cont);
}

static void find_points(Finder *f)
{
    for (size_t i = f->bodies.count; i-- > 0;) {
        Body *body = f->bodies.items[i];
        body->joined = only_user(body);
    }
    for (size_t i = 0; i < f->bodies.count; i++)
        if (!f->bodies.items[i]->joined) add_point(f, f->bodies.items[i]);
    for (size_t i = 0; i < f->bodies.count; i++)
        if (f->bodies.items[i]->cont) place_cont(f, f->bodies.items[i]);
    for (size_t i = 0; i < f->vars.count; i++) {
        VarInfo *info = var_info(f->vars.items[i]);
        info->home = info->body ? body_root(info->body)->point : NULL;
    }
}

/* -- 3: liveness -------------------------------------------------------- */

static _Noreturn void fail_too_many(Finder *f, const Point *point, size_t most)
{
    Diag *diag = f->program->compilation->diag;
    Span span = point->cont ? point->cont->span : point->fun->span;
    diag_error(diag, span, "too many values are alive here at the same time (more than %zu)", most);
    diag_note(diag, span, "keep them in lists or vectors, or split the procedure");
    diag_stop(diag);
}

static void use_var(Finder *f, Point *point, CpsVar *var)
{
    if (!var_info(var)->is_constant && var_info(var)->home != point) vec_push(f->arena, &point->live, var);
}

static void use_atom(Finder *f, Point *point, CpsAtom atom)
{
    if (atom.kind == CPS_VAR) use_var(f, point, atom.as.var);
}

static void need_cont(Finder *f, Point *point, CpsCont *cont)
{
    if (cont->body && !cont_info(cont)->is_block) vec_push(f->arena, &point->needs, cont_info(cont)->point);
}

static void need_clause(Finder *f, Point *point, CpsClause *clause)
{
    if (fun_info(clause->fun)->rep == FUN_LIFTED)
        vec_push(f->arena, &point->needs, clause_point(clause));
    else
        use_var(f, point, clause->fun->var);
}

static void use_node(Finder *f, Point *point, Cps *term)
{
    uint32_t n;
    CpsAtom *args = cps_operands(term, &n);
    for (uint32_t i = 0; i < n; i++)
        use_atom(f, point, args[i]);
    CpsCont **used = cps_used_cont(term);
    if (used) need_cont(f, point, *used);
    if (term->kind == CPS_CALL) use_atom(f, point, term->as.call.fn);
    if (term->kind == CPS_KNOWN) need_clause(f, point, term->as.known.clause);
    if (term->kind == CPS_FIX)
        for (uint32_t i = 0; i < term->as.fix.n; i++) {
            CpsFun *fun = term->as.fix.funs[i];
            for (uint32_t c = 0; fun_info(fun)->rep == FUN_CLOSURE && c < fun->n_clauses; c++)
                vec_push(f->arena, &point->needs, fun_info(fun)->points[c]);
        }
}

static int by_id(const void *a, const void *b)
{
    uint32_t x = (*(CpsVar *const *)a)->id, y = (*(CpsVar *const *)b)->id;
    return x < y ? -1 : x > y;
}

static void sort_live(Point *point)
{
    CpsVarVec *live = &point->live;
    if (!live->count) return;
    qsort(live->items, live->count, sizeof *live->items, by_id);
    size_t n = 1;
    for (size_t i = 1; i < live->count; i++)
        if (live->items[i] != live->items[n - 1]) live->items[n++] = live->items[i];
    live->count = n;
}

static void use_bodies(Finder *f)
{
    TermVec work = {0};
    for (size_t i = 0; i < f->points.count; i++)
        f->points.items[i]->live.count = f->points.items[i]->needs.count = 0;
    for (size_t i = 0; i < f->bodies.count; i++) {
        Point *point = body_root(f->bodies.items[i])->point;
        for (Cps *term = f->bodies.items[i]->term; term; term = next_node(f, &work, term))
            use_node(f, point, term);
    }
    for (size_t i = 0; i < f->points.count; i++) {
        sort_live(f->points.items[i]);
        if (f->points.items[i]->live.count > LIVE_MAX) fail_too_many(f, f->points.items[i], LIVE_MAX);
    }
}

/* to += from, without what `point` binds. True when `to` grew. */
static bool merge_live(Finder *f, CpsVarVec *to, const CpsVarVec *from, const Point *point)
{
    size_t i = 0, k = 0, before = to->count;
    f->merged.count = 0;
    while (i < to->count || k < from->count) {
        CpsVar *a = i < to->count ? to->items[i] : NULL, *b = k < from->count ? from->items[k] : NULL;
        if (b && point && var_info(b)->home == point) {
            k++;
        } else if (!b || (a && a->id < b->id)) {
            vec_push(f->arena, &f->merged, a);
            i++;
        } else {
            vec_push(f->arena, &f->merged, b);
            i += a == b;
            k++;
        }
    }
    if (f->merged.count == before) return false;
    to->count = 0;
    for (size_t n = 0; n < f->merged.count; n++)
        vec_push(f->arena, to, f->merged.items[n]);
    return true;
}

typedef struct Visit {
    Point *point;
    size_t next; /* need to look at */
} Visit;

/* What a point needs before the point itself, but for cycles: then a round over
 * all of them is final unless loops carry something further. */
static PointVec order_by_need(Finder *f)
{
    PointVec order = {0};
    VEC(Visit) path = {0};
    bool *is_seen = ARENA_ARRAY(f->arena, bool, f->points.count + 1);
    for (size_t i = 0; i < f->points.count; i++) {
        vec_push(f->arena, &path, ((Visit){f->points.items[i], 0}));
        while (path.count) {
            Visit *top = &path.items[path.count - 1];
            Point *point = top->point;
            bool is_new = top->next > 0 || !is_seen[point->number];
            is_seen[point->number] = true;
            if (is_new && top->next < point->needs.count) {
                Point *need = point->needs.items[top->next++];
                if (!is_seen[need->number]) vec_push(f->arena, &path, ((Visit){need, 0}));
                continue;
            }
            if (is_new) vec_push(f->arena, &order, point);
            path.count--;
        }
    }
    return order;
}

static void solve_live(Finder *f)
{
    PointVec order = order_by_need(f);
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < order.count; i++) {
            Point *point = order.items[i];
            for (size_t n = 0; n < point->needs.count; n++)
                changed |= merge_live(f, &point->live, &point->needs.items[n]->live, point);
            if (point->live.count > LIVE_MAX) fail_too_many(f, point, LIVE_MAX);
        }
    }
}

static void collect_slots(Finder *f, CpsFun *fun)
{
    FunInfo *info = fun_info(fun);
    info->slots.count = 0;
    for (uint32_t c = 0; c < fun->n_clauses; c++)
        merge_live(f, &info->slots, &info->points[c]->live, NULL);
    size_t n = 0;
    for (size_t i = 0; i < info->slots.count; i++)
        if (info->slots.items[i] != fun->var) info->slots.items[n++] = info->slots.items[i];
    info->slots.count = n;
}

/* Lifted functions that would get too many parameters become closures. */
static bool unlift_large(Finder *f)
{
    bool changed = false;
    for (size_t i = 0; i < f->funs.count; i++) {
        CpsFun *fun = f->funs.items[i];
        FunInfo *info = fun_info(fun);
        for (uint32_t c = 0; info->rep == FUN_LIFTED && c < fun->n_clauses; c++) {
            size_t n_live = info->points[c]->live.count;
            if (n_live > 1 && n_live + fun->clauses[c]->n_params > LIFT_PARAMS_MAX) {
                info->rep = FUN_CLOSURE;
                changed = true;
            }
        }
    }
    return changed;
}

/* A closure is needed when a slot is, other than for functions that need none:
 * starts from "none is needed" and goes up. */
static void find_static_funs(Finder *f)
{
    for (size_t i = 0; i < f->funs.count; i++) {
        CpsFun *fun = f->funs.items[i];
        collect_slots(f, fun);
        var_info(fun->var)->is_constant = fun_info(fun)->rep == FUN_CLOSURE;
    }
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < f->funs.count; i++) {
            CpsFun *fun = f->funs.items[i];
            if (!var_info(fun->var)->is_constant) continue;
            CpsVarVec *slots = &fun_info(fun)->slots;
            for (size_t s = 0; s < slots->count; s++)
                if (!var_info(slots->items[s])->is_constant) {
                    var_info(fun->var)->is_constant = false;
                    changed = true;
                    break;
                }
        }
    }
    for (size_t i = 0; i < f->funs.count; i++)
        if (var_info(f->funs.items[i]->var)->is_constant) fun_info(f->funs.items[i])->rep = FUN_STATIC;
}

static void drop_constants(CpsVarVec *vars)
{
    size_t n = 0;
    for (size_t i = 0; i < vars->count; i++)
        if (!var_info(vars->items[i])->is_constant) vars->items[n++] = vars->items[i];
    vars->count = n;
}

static void finish_live(Finder *f)
{
    for (size_t i = 0; i < f->funs.count; i++)
        drop_constants(&fun_info(f->funs.items[i])->slots);
    size_t n_slots = 0;
    for (size_t i = 0; i < f->points.count; i++) {
        Point *point = f->points.items[i];
        drop_constants(&point->live);
        if (!point->cont || !point->cont->n_returns) continue;
        for (size_t v = 0; v < point->live.count; v++)
            var_info(point->live.items[v])->n_frames++;
        n_slots += point->live.count;
        if (n_slots > FRAME_SLOTS_MAX) fail_too_many(f, point, FRAME_SLOTS_MAX);
    }
}

/* Known calls that take slots out of the closure trust that it is that closure. */
static void find_trusted(Finder *f)
{
    TermVec work = {0};
    for (size_t i = 0; i < f->bodies.count; i++)
        for (Cps *term = f->bodies.items[i]->term; term; term = next_node(f, &work, term)) {
            CpsClause *clause = term->kind == CPS_KNOWN ? term->as.known.clause : NULL;
            if (clause && fun_info(clause->fun)->rep == FUN_CLOSURE && clause_point(clause)->live.count)
                fun_info(clause->fun)->is_trusted = true;
        }
}

void points_find(CpsProgram *program, Arena *arena)
{
    Finder f = {.program = program, .arena = arena};
    scan_bodies(&f);
    find_points(&f);
    do {
        use_bodies(&f);
        solve_live(&f);
    } while (unlift_large(&f));
    find_static_funs(&f);
    finish_live(&f);
    find_trusted(&f);
}
