/* Walking a program from binders to uses, without recursion.
 *
 *   CpsWalk walk = cps_walk_start(program);
 *   for (CpsSite site; cps_walk_next(&walk, &site);) {
 *       ... look at or replace *site.slot ...
 *       cps_walk_into(&walk, site);
 *   }
 *   cps_walk_end(&walk);
 *
 * A node may be replaced before cps_walk_into, which then goes on in what
 * stands there. */
#ifndef IR_CPS_WALK_H
#define IR_CPS_WALK_H

#include "ir/cps.h"

typedef struct CpsSite {
    Cps **slot;
    CpsClause *clause; /* around it */
    uint32_t depth;    /* for the pass; children inherit it */
} CpsSite;

typedef struct CpsWalk {
    Arena *scratch;
    VEC(CpsSite) work;
} CpsWalk;

CpsWalk cps_walk_start(CpsProgram *program);
bool cps_walk_next(CpsWalk *walk, CpsSite *site_out);
void cps_walk_into(CpsWalk *walk, CpsSite site);
void cps_walk_push(CpsWalk *walk, Cps **slot, CpsClause *clause, uint32_t depth);
void cps_walk_end(CpsWalk *walk);

/* Writes what the operands and the continuation of a node stand for into it. */
void cps_resolve_node(Cps *term);

#endif
