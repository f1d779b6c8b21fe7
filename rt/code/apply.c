/* Calls whose arguments are not known when compiling: apply, rest lists. */
#include "rt/code/entry_calls.h"
#include "rt/code/failure.h"
#include "rt/code/point.h"
#include "rt/code/xargs.h"
#include "rt/mem/heap.h"

/* Appends the elements of `list` to the n arguments in xargs. Gives the new
 * number, or -1 when that fails (worker.failure is set). */
static tt_sword spread_list(struct worker *w, tt_sword n, tt_word list)
{
    for (tt_word l = list; l != TT_NIL; l = tt_cdr(l)) {
        if (!tt_is_pair(l)) {
            fail_wrong_type(w, "apply", list);
            return -1;
        }
        if (!xargs_reserve(w, (size_t)n + 1)) {
            heap_fail(w);
            return -1;
        }
        xargs_of(w)[n++] = tt_car(l);
    }
    return n;
}

POINT_CODE(tt_proc_apply)
{
    CHECK_ARGS(argc >= 2);
    xargs_put_registers(w, self, a0, a1, a2, a3, a4, a5);
    tt_word *x = xargs_of(w);
    tt_word f = x[0], last = x[argc - 1];
    tt_sword n = (tt_sword)argc - 2;
    for (tt_sword i = 0; i < n; i++)
        x[i] = x[i + 1];
    n = spread_list(w, n, last);
    w->site = 0;
    if (n < 0) JUMP(tt_raise_failure, w, sp, hp, 0, 0, 0, 0, 0, 0, 0, 0);
    tt_word code = tt_is_closure(f) ? tt_closure(f)->code : (tt_word)tt_call_non_procedure;
    x = xargs_of(w);
    JUMP(code, w, sp, hp, f, (tt_word)n, x[0], x[1], x[2], x[3], x[4], x[5]);
}

/* Argument i of a call whose register arguments are in `registers`. */
static tt_word argument(struct worker *w, const tt_word registers[TT_REG_ARGS_MAX], tt_word i)
{
    return i < TT_REG_ARGS_MAX ? registers[i] : xargs_of(w)[i];
}

tt_word tt_rest_list(struct worker *w, tt_word argc, tt_word from, tt_word a0, tt_word a1, tt_word a2,
                     tt_word a3, tt_word a4, tt_word a5)
{
    const tt_word registers[TT_REG_ARGS_MAX] = {a0, a1, a2, a3, a4, a5};
    tt_word list = TT_NIL;
    for (tt_word i = argc; i > from && list != TT_FAIL; i--)
        list = heap_cons(w, argument(w, registers, i - 1), list);
    xargs_shrink(w);
    return list;
}
