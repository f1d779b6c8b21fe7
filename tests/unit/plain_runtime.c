/* A runtime for tests of code that only allocates and fails. The allocation
 * functions of rt/mem/heap.h over malloc: every object is a block of its own, so
 * that AddressSanitizer sees an access outside it; nothing is freed before the
 * test ends. The functions of rt/code/failure.h without irritants. */
#include <stdlib.h>

#include "rt/code/failure.h"
#include "rt/mem/heap.h"

static void **blocks;
static size_t n_blocks, capacity;

static void free_blocks(void)
{
    for (size_t i = 0; i < n_blocks; i++)
        free(blocks[i]);
    free(blocks);
}

void *heap_alloc(struct worker *w, size_t bytes)
{
    if (!blocks) atexit(free_blocks);
    if (n_blocks == capacity) {
        capacity = capacity ? capacity * 2 : 1024;
        blocks = realloc(blocks, capacity * sizeof *blocks);
    }
    return blocks[n_blocks++] = calloc(1, bytes);
}

void *heap_alloc_atomic(struct worker *w, size_t bytes) { return heap_alloc(w, bytes); }

void *heap_alloc_old_atomic(struct worker *w, size_t bytes) { return heap_alloc(w, bytes); }

bool heap_leaves_room(size_t bytes) { return true; }

void heap_fail(struct worker *w)
{
    w->failure =
        (struct tt_failure){.condition = CONDITION_HEAP_EXHAUSTED, .irritants = TT_NIL, .raise = TT_NONE};
}

tt_word heap_cons(struct worker *w, tt_word car, tt_word cdr)
{
    struct tt_pair *pair = heap_alloc(w, sizeof *pair);
    *pair = (struct tt_pair){car, cdr};
    return tt_tagged(pair, TT_TAG_PAIR);
}

tt_word heap_flonum(struct worker *w, double number)
{
    struct tt_obj_FLONUM *flonum = heap_alloc(w, sizeof *flonum);
    flonum->header = TT_HEADER((tt_word)TT_TYPE_FLONUM);
    flonum->number = number;
    return tt_tagged(flonum, TT_TAG_FLONUM);
}

tt_word fail_condition(struct worker *w, enum tt_condition condition, const char *operation,
                       tt_word irritants)
{
    w->failure = (struct tt_failure){
        .condition = condition, .operation = operation, .irritants = irritants, .raise = TT_NONE};
    return TT_FAIL;
}

tt_word fail_wrong_type(struct worker *w, const char *operation, tt_word value)
{
    return fail_condition(w, CONDITION_WRONG_TYPE, operation, TT_NIL);
}

tt_word fail_out_of_range(struct worker *w, const char *operation, tt_word value)
{
    return fail_condition(w, CONDITION_OUT_OF_RANGE, operation, TT_NIL);
}

tt_word fail_divide_by_zero(struct worker *w, const char *operation, tt_word dividend)
{
    return fail_condition(w, CONDITION_DIVIDE_BY_ZERO, operation, TT_NIL);
}
