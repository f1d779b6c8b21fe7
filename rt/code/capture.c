/* Continuations as procedures. They know the stack only; winds, handlers and
 * parameters are lib-scm's business (call/cc there). */
#include "rt/code/point.h"
#include "rt/code/stack.h"
#include "rt/mem/heap.h"

/* Closure of two slots: STACK object and offset (fixnum) where its frames begin. */
tt_word stack_continuation(struct worker *w, tt_word stack, tt_word offset)
{
    struct tt_closure *k = heap_alloc(w, sizeof *k + 2 * TT_W);
    if (!k) return TT_FAIL;
    k->code = (tt_word)tt_continuation;
    k->slots[0] = stack;
    k->slots[1] = offset;
    return tt_tagged(k, TT_TAG_CLOSURE);
}

POINT_CODE(tt_proc_capture)
{
    CHECK_ARGS(argc == 1);
    w->saved_sp = sp;
    w->site = 0;
    tt_word *new_sp = stack_freeze(w, sp);
    if (!new_sp) JUMP_RAISE(w, sp, hp);
    tt_word k = stack_continuation(w, new_sp[1], new_sp[2]);
    if (k == TT_FAIL) JUMP_RAISE(w, new_sp, hp);
    tt_word code = tt_is_closure(a0) ? tt_closure(a0)->code : (tt_word)tt_call_non_procedure;
    JUMP(code, w, new_sp, hp, a0, 1, k, 0, 0, 0, 0, 0);
}

POINT_CODE(tt_continuation)
{
    CHECK_ARGS(argc == 1);
    w->saved_sp = sp;
    tt_word *new_sp = stack_thaw(w, tt_closure(self)->slots[0], tt_closure(self)->slots[1]);
    w->site = 0;
    if (!new_sp) JUMP_RAISE(w, stack_empty(w), hp);
    JUMP_RETURN(w, new_sp, hp, a0);
}

POINT_CODE(tt_proc_with_empty_stack)
{
    CHECK_ARGS(argc == 1);
    tt_word code = tt_is_closure(a0) ? tt_closure(a0)->code : (tt_word)tt_call_non_procedure;
    w->site = 0;
    w->sp_limit = stack_limit(w);
    JUMP(code, w, stack_empty(w), hp, a0, 0, 0, 0, 0, 0, 0, 0);
}
