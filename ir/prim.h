/* The compiler's view of rt/abi/prims.def. */
#ifndef IR_PRIM_H
#define IR_PRIM_H

#include "ir/clo.h"

enum {
    PRIM_PURE = 1,
    PRIM_READS = 2,
    PRIM_EFFECT = 4,
    PRIM_CHECKED = 8,
    PRIM_ALLOC = 16,
    PRIM_NARY = 32,
    PRIM_NARY_INV = 64,
    PRIM_CHAIN = 128,
};

typedef enum PrimLowering {
    LOWER_TEST,
    LOWER_TEST_CK,
    LOWER_VALUE,
    LOWER_VALUE_CK,
    LOWER_CALL,
    LOWER_BUILD,
} PrimLowering;

typedef struct PrimInfo {
    const char *name;
    int min_args, max_args; /* max -1: any number */
    unsigned flags;
    CloClass class;
    PrimLowering lowering;
} PrimInfo;

extern const PrimInfo prim_infos[N_PRIMS];

/* The result is a condition: may stand in a branch. */
static inline bool prim_is_test(PrimId id)
{
    return prim_infos[id].lowering == LOWER_TEST || prim_infos[id].lowering == LOWER_TEST_CK;
}

/* May be dropped when its result is not used: no effect and cannot fail. */
static inline bool prim_is_droppable(PrimId id)
{
    return !(prim_infos[id].flags & (PRIM_EFFECT | PRIM_CHECKED));
}

#endif
