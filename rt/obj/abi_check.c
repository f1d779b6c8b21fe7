/* The host's structs against the layouts that the compiler computes from the
 * tables: everything a field's index and the word size say. Nothing to run. */
#include "rt/mem/layout.h"
#include "rt/mem/worker.h"

/* A worker's n-th field is its n-th word. */
enum {
#define WORKER_FIELD(name) WORKER_INDEX_##name,
#include "rt/abi/worker.def"
#undef WORKER_FIELD
};
#define WORKER_FIELD(name)                                                                                   \
    _Static_assert(offsetof(struct worker, name) == WORKER_INDEX_##name * TT_W, "worker." #name);
#include "rt/abi/worker.def"
#undef WORKER_FIELD

/* Fields of an object are one word each, in order, behind the header; then the tail. */
#define FIELD(name, kind) +1
#define NO_TAIL           0
#define TAIL_REF          0
#define TAIL_BYTES        0
#define TAIL_TEXT         0
#define TAIL_FRAMES       0
#define TAIL_DOUBLE       8
#define OBJECT(name, number, fields, tail)                                                                   \
    _Static_assert(sizeof(struct tt_obj_##name) == (1 + 0 fields) * TT_W + (tail), "tt_obj_" #name);         \
    _Static_assert((number) > 0 && (number) < LAYOUT_TYPES, #name);
#include "rt/abi/objects.def"
#undef OBJECT
#undef FIELD

/* The collector reads the length of every object with a tail in word 1. */
#define TAIL_LENGTH(name) _Static_assert(offsetof(struct tt_obj_##name, length) == TT_W, #name)
TAIL_LENGTH(BIGNUM);
TAIL_LENGTH(STRING);
TAIL_LENGTH(VECTOR);
TAIL_LENGTH(BYTEVECTOR);
TAIL_LENGTH(RECORD);
TAIL_LENGTH(VALUES);
TAIL_LENGTH(STACK);
TAIL_LENGTH(PID);
TAIL_LENGTH(TAG);
TAIL_LENGTH(FAR_PORT);
_Static_assert(offsetof(struct tt_obj_STRING, chars) == 2 * TT_W,
               "the collector reads the characters of a text in word 2");

/* rt/obj/far.c treats them alike. */
_Static_assert(sizeof(struct tt_obj_PID) == sizeof(struct tt_obj_TAG), "PID, TAG");
_Static_assert(sizeof(struct tt_obj_PID) == sizeof(struct tt_obj_FAR_PORT), "PID, FAR_PORT");
_Static_assert(sizeof(struct tt_pair) == 2 * TT_W, "pair");
_Static_assert(offsetof(struct tt_closure, slots) == TT_W, "closure");
_Static_assert(TT_TAG_FLONUM <= 4 && TT_TAG_PAIR == 1, "tt_is_pointer tests for tags 1 to 4");
_Static_assert(TT_W == 4 || TT_PID_INDEX_BITS + TT_PID_SERIAL_BITS + TT_IMM_SHIFT <= 8 * TT_W,
               "a local pid fits a word");
