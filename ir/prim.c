/* Expands rt/abi/prims.def. */
#include "ir/prim.h"

#define PURE     PRIM_PURE
#define READS    PRIM_READS
#define EFFECT   PRIM_EFFECT
#define CHECKED  PRIM_CHECKED
#define ALLOC    PRIM_ALLOC
#define NARY     PRIM_NARY
#define NARY_INV PRIM_NARY_INV
#define CHAIN    PRIM_CHAIN

const PrimInfo prim_infos[N_PRIMS] = {
#define PRIM(id, name, min, max, flags, class, lowering, symbol)                                             \
    [PRIM_##id] = {name, min, max, flags, CLASS_##class, LOWER_##lowering},
#include "rt/abi/prims.def"
#undef PRIM
};
