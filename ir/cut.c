/* Cutting large bodies. Return points and loops have code of their own anyway,
 * so sizes are counted from there. */
#include "ir/cut.h"

/* Nodes of a code point, and of what is worth cutting off. */
#define BODY_NODES  1000
#define PIECE_NODES 24

typedef struct Piece {
    Cps **slot;
    uint32_t *n_nodes; /* of the code point it belongs to so far */
} Piece;

typedef struct Cutter {
    CpsProgram *program;
    Arena *scratch;
    VEC(Piece) work;
} Cutter;

static void push(Cutter *c, Cps **slot, uint32_t *n_nodes)
{
    Piece piece = {slot, n_nodes ? n_nodes : ARENA_NEW(c->scratch, uint32_t)};
    vec_push(c->scratch, &c->work, piece);
}

/* Whether there are `limit` nodes from `term` on, outside of what it binds. */
static bool is_large(Cps *term, uint32_t limit)
{
    Cps *arms[PIECE_NODES + 1];
    uint32_t n_arms = 0, n = 0;
    while (term && n < limit) {
        n++;
        if (term->kind == CPS_IF) {
            arms[n_arms++] = term->as.branch.otherwise;
            term = term->as.branch.then;
        } else if (cps_has_body(term)) {
            term = term->body;
        } else {
            term = n_arms ? arms[--n_arms] : NULL;
        }
    }
    return n == limit;
}

static void cut_here(Cutter *c, Cps **slot)
{
    Cps *rest = *slot;
    CpsCont *cont = cps_new_cont(c->program, NULL, rest->span, 0);
    cont->body = rest;
    cont->is_cut = true;
    cont->n_jumps = 1;
    Cps *node = cps_new(c->program, CPS_CONT, rest->span, rest->proc);
    node->as.cont.n = 1;
    node->as.cont.conts = ARENA_NEW(c->program->compilation->arena, CpsCont *);
    node->as.cont.conts[0] = cont;
    node->body = cps_new(c->program, CPS_JUMP, rest->span, rest->proc);
    node->body->as.jump.cont = cont;
    *slot = node;
    push(c, &cont->body, NULL);
}

static void push_conts(Cutter *c, Cps *term, uint32_t *n_nodes)
{
    for (uint32_t i = 0; i < term->as.cont.n; i++) {
        CpsCont *cont = term->as.cont.conts[i];
        push(c, &cont->body, cont->is_loop || cont->n_returns ? NULL : n_nodes);
    }
}

static void push_funs(Cutter *c, CpsFun *const *funs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < funs[i]->n_clauses; k++)
            push(c, &funs[i]->clauses[k]->body, NULL);
}

static void measure(Cutter *c, Piece piece)
{
    Cps *term = *piece.slot;
    if (++*piece.n_nodes > BODY_NODES && is_large(term, PIECE_NODES)) {
        cut_here(c, piece.slot);
        return;
    }
    if (term->kind == CPS_IF) {
        push(c, &term->as.branch.otherwise, piece.n_nodes);
        push(c, &term->as.branch.then, piece.n_nodes);
    }
    if (term->kind == CPS_FIX) push_funs(c, term->as.fix.funs, term->as.fix.n);
    if (term->kind == CPS_CONT) push_conts(c, term, piece.n_nodes);
    if (cps_has_body(term)) push(c, &term->body, piece.n_nodes);
}

void cut_large_bodies(CpsProgram *program)
{
    Cutter c = {.program = program, .scratch = arena_new()};
    push_funs(&c, program->funs.items, program->funs.count);
    while (c.work.count)
        measure(&c, vec_pop(&c.work));
    arena_free(c.scratch);
}
