/* Which bodies become code points, and which variables are live into each.
 *
 * A point is the body of a clause, or of a continuation that needs code of its
 * own: a loop header, a return point, or one that is jumped to from several
 * points. Any other continuation is a block (CLO_JOIN) of the one point that
 * jumps to it, even where its binder stands outside that point. */
#ifndef IR_POINTS_H
#define IR_POINTS_H

#include "ir/cps.h"

typedef struct Point Point;
typedef VEC(CpsVar *) CpsVarVec;
typedef VEC(Point *) PointVec;
typedef VEC(CpsCont *) CpsContVec;

/* How a function is represented as a value. */
typedef enum FunRep {
    FUN_LIFTED,  /* never a value: its free variables are extra parameters */
    FUN_STATIC,  /* no free variables: a constant */
    FUN_CLOSURE, /* an allocated closure */
} FunRep;

struct Point {
    CpsClause *clause; /* body of a clause, or */
    CpsCont *cont;     /* of a continuation */
    uint32_t number;
    CpsFun *fun;            /* around it */
    CpsVarVec live;         /* variables from outside, ascending by id */
    CpsContVec blocks;      /* continuations bound outside that are blocks here, outermost first */
    PointVec needs;         /* points whose live variables must be at hand here */
    struct CloCode *direct; /* its code when entered by jumps */
    struct CloCode *ret;    /* of a continuation used as a return point */
    uint32_t n_frame;       /* slots of the frame: */
    CpsVar **frame;         /* live variables in slot order */
};

struct Body;

typedef struct VarInfo { /* CpsVar.info */
    struct Body *body;   /* binds it */
    Point *home;         /* the point of that body */
    CloClass class;
    uint32_t n_frames; /* return points into which it is live */
    bool is_constant;  /* a function that needs no closure: never live */
    Point *placed_in;  /* frame_layout: has a slot in the frame of this point */
    Point *seen_in;    /* the code being made for this point ... */
    CloVar *clo;       /* ... knows it by this name */
    CloAtom known_as;  /* FUN_STATIC: the code */
} VarInfo;

typedef struct ContInfo { /* CpsCont.info */
    struct Body *body;    /* its own */
    Point *point;         /* where its body stands: its own, or that of which it is a block */
    bool is_block;
    bool is_sunk; /* a block of a point other than the one that binds it */
    struct CloJoin *join;
} ContInfo;

typedef struct FunInfo { /* CpsFun.info */
    FunRep rep;
    CpsVarVec slots;      /* FUN_CLOSURE: what the closure holds */
    struct CloCode *code; /* CLOSURE */
    bool is_trusted;      /* a known call takes its slots: who has it as a value must know its code */
    Point **points;       /* of the clauses */
} FunInfo;

/* Fills the infos of everything in the program. */
void points_find(CpsProgram *program, Arena *arena);

static inline VarInfo *var_info(CpsVar *var) { return var->info; }
static inline ContInfo *cont_info(CpsCont *cont) { return cont->info; }
static inline FunInfo *fun_info(CpsFun *fun) { return fun->info; }
static inline Point *clause_point(CpsClause *clause) { return fun_info(clause->fun)->points[clause->index]; }

#endif
