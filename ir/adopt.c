/* Where terms stand, for reports, when a body takes the place of a call. */
#include "ir/adopt.h"

#include "frontend/base/map.h"

typedef struct Adopt {
    CpsProgram *program;
    Arena *scratch;
    const Cps *place; /* gives its place to what the library wrote; NULL: nothing does */
    const CallPlace
        *inlined; /* what the inlined procedures of the program are called at; NULL: as they are */
    Map *names;   /* of procedures, to the same with `inlined` */
    VEC(Cps *) work;
} Adopt;

/* The name with `at` behind the calls that it was inlined at. */
static Symbol *name_inlined(Adopt *a, const Symbol *name, const CallPlace *at)
{
    Symbol *known = map_get(a->names, name);
    if (known) return known;
    Symbol *copy = ARENA_NEW(a->program->compilation->arena, Symbol);
    *copy = *name;
    copy->inlined = at;
    if (name->inlined) {
        CallPlace *place = ARENA_NEW(a->program->compilation->arena, CallPlace);
        *place = *name->inlined;
        place->proc = name_inlined(a, place->proc, at);
        copy->inlined = place;
    }
    map_set(a->names, name, copy);
    return copy;
}

static void adopt_term(Adopt *a, Cps *term)
{
    if (cps_is_program_text(term->span)) {
        if (a->inlined && term->proc) term->proc = name_inlined(a, term->proc, a->inlined);
    } else if (a->place) {
        term->span = a->place->span;
        term->proc = a->place->proc;
    }
    for (uint32_t i = 0; a->place && term->kind == CPS_CONT && i < term->as.cont.n; i++)
        if (!cps_is_program_text(term->as.cont.conts[i]->span)) term->as.cont.conts[i]->span = a->place->span;
}

static void push_parts(Adopt *a, Cps *term)
{
    if (term->kind == CPS_IF) {
        vec_push(a->scratch, &a->work, term->as.branch.otherwise);
        vec_push(a->scratch, &a->work, term->as.branch.then);
    }
    for (uint32_t i = 0; term->kind == CPS_CONT && i < term->as.cont.n; i++)
        vec_push(a->scratch, &a->work, term->as.cont.conts[i]->body);
    if (cps_has_body(term)) vec_push(a->scratch, &a->work, term->body);
}

static void adopt(CpsProgram *program, const CpsFun *fun, Cps *body, const Cps *place,
                  const CallPlace *inlined)
{
    bool takes_place = !cps_is_program_text(fun->span) && cps_is_program_text(place->span);
    if (!takes_place && !inlined) return;
    Adopt a = {program, arena_new(), takes_place ? place : NULL, inlined, NULL, {0}};
    a.names = map_new(a.scratch);
    vec_push(a.scratch, &a.work, body);
    while (a.work.count) {
        Cps *term = vec_pop(&a.work);
        if (!term) continue;
        adopt_term(&a, term);
        push_parts(&a, term);
    }
    arena_free(a.scratch);
}

/* The calls that a term at the place of `call` is inlined at, the innermost being `call` itself. */
static const CallPlace *place_of(CpsProgram *program, const Cps *call)
{
    if (!call->proc || !cps_is_program_text(call->span)) return call->proc ? call->proc->inlined : NULL;
    CallPlace *place = ARENA_NEW(program->compilation->arena, CallPlace);
    *place = (CallPlace){call->span, call->proc};
    return place;
}

void adopt_inlined(CpsProgram *program, const CpsFun *fun, Cps *body, const Cps *call)
{
    adopt(program, fun, body, call, place_of(program, call));
}

void adopt_local(CpsProgram *program, const CpsFun *fun, Cps *body, const Cps *fix)
{
    const CallPlace *around = fix->proc ? fix->proc->inlined : NULL;
    adopt(program, fun, body, fix, !cps_is_program_text(fun->span) ? place_of(program, fix) : around);
}
