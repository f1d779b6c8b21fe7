/* Failing primitives: each function fills worker.failure and gives TT_FAIL, so
 * that a CALL primitive ends in `return fail_wrong_type(w, "car", v);` (a bool
 * primitive calls it and returns false). `operation` is the Scheme name; it must
 * live for ever. Allocates the irritants; when that fails, the failure is
 * HEAP_EXHAUSTED instead. */
#ifndef RT_CODE_FAILURE_H
#define RT_CODE_FAILURE_H

#include "rt/mem/worker.h"

tt_word fail_condition(struct worker *w, enum tt_condition condition, const char *operation, tt_word irritants);
tt_word fail_wrong_type(struct worker *w, const char *operation, tt_word value);
tt_word fail_out_of_range(struct worker *w, const char *operation, tt_word value);
tt_word fail_divide_by_zero(struct worker *w, const char *operation, tt_word dividend);
tt_word fail_too_large(struct worker *w, const char *operation);

#endif
