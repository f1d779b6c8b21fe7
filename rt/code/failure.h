/* Failing primitives: each function fills worker.failure and gives TT_FAIL, so
 * that a CALL primitive ends in `return fail_wrong_type(w, "car", v);` (a bool
 * primitive calls it and returns false). `operation` is the Scheme name; it must
 * live for ever. Allocates the irritants; when that fails, the failure is
 * HEAP_EXHAUSTED instead. */
#ifndef RT_CODE_FAILURE_H
#define RT_CODE_FAILURE_H

#include "rt/mem/worker.h"

/* Off the fast path of every caller. */
#define FAILS __attribute__((cold, noinline)) tt_word

FAILS fail_condition(struct worker *w, enum tt_condition condition, const char *operation, tt_word irritants);
FAILS fail_wrong_type(struct worker *w, const char *operation, tt_word value);
FAILS fail_out_of_range(struct worker *w, const char *operation, tt_word value);
/* `index` is no good index: out of range if it is an exact integer, else of the wrong type. */
FAILS fail_index(struct worker *w, const char *operation, tt_word index);
/* The last failure, if it is OUT_OF_RANGE, was of an argument that must be from `low` to `high`. Gives TT_FAIL. */
FAILS fail_note_range(struct worker *w, tt_sword low, tt_sword high);
/* `index` is no index of a vector, string or bytevector: of its `-ref`. */
FAILS fail_element(struct worker *w, tt_word container, tt_word index);
FAILS fail_divide_by_zero(struct worker *w, const char *operation, tt_word dividend);
/* A letrec variable is not yet defined. Takes what rt/inline/aside.h passes. */
FAILS fail_used_early(struct worker *w, const char *operation, tt_word unused);
FAILS fail_too_large(struct worker *w, const char *operation);
/* `object` is no record of `type`; the operation is named after the field. */
FAILS fail_record_ref(struct worker *w, tt_word object, tt_word type, tt_word index);

#endif
