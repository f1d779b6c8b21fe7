/* The slow path of the entry check (brief in rt/abi/entry.def). Reached when the
 * stack or the nursery is full, when C code wants a collection, and when
 * preemption is asked for: all raise or lower the same two limits. */
#include <assert.h>

#include "rt/code/backtrace.h"
#include "rt/code/stack.h"
#include "rt/code/switch.h"
#include "rt/code/failure.h"
#include "rt/code/xargs.h"
#include "rt/code/point.h"
#include "rt/mem/heap.h"
#include "rt/obj/log.h"
#include "rt/obj/symbol.h"

/* How many words of [self, a0 ...] at xargs[-1] are alive at worker.resume. */
static size_t count_live_words(const struct tt_code_desc *desc)
{
    return 1 + (desc->kind == TT_CODE_RETURN ? 1 : desc->n_params);
}

/* Dead argument registers hold anything; what the collector sees must be values. */
static void clear_dead_words(struct worker *w, const struct tt_code_desc *desc)
{
    tt_word *x = xargs_of(w);
    if (!(desc->flags & TT_DESC_USES_SELF)) x[-1] = tt_fixnum(0);
}

/* The nursery is full, or somebody asked for a collection. */
static bool needs_collection(struct worker *w, tt_word hp)
{
#ifdef TT_HOSTILE
    return true;
#else
    return hp + w->want_words * TT_W > heap_limit(w) || heap_wants_collection(w);
#endif
}

/* Frame [resume, code, self, parameters]: the process enters the code point again
 * when it runs next. NULL: no memory. */
static tt_word *push_resume_frame(struct worker *w, tt_word *sp, const struct tt_code_desc *desc)
{
    assert(sp - w->stack_base >= 4);
    tt_word *x = xargs_of(w);
    size_t n = count_live_words(desc) - 1;
    struct tt_obj_VECTOR *params = heap_alloc(w, sizeof *params + n * TT_W);
    if (!params) return NULL;
    params->header = TT_HEADER((tt_word)TT_TYPE_VECTOR);
    params->length = n;
    for (size_t i = 0; i < n; i++)
        params->ref[i] = x[i];
    sp -= 4;
    sp[0] = (tt_word)tt_special_resume;
    sp[1] = w->resume;
    sp[2] = x[-1];
    sp[3] = tt_tagged(params, TT_TAG_OBJECT);
    return sp;
}

#define JUMP_RESUME(w, sp, hp, code)                                                                         \
    do {                                                                                                     \
        tt_word *x_ = xargs_of(w);                                                                           \
        JUMP(code, w, sp, hp, x_[-1], 0, x_[0], x_[1], x_[2], x_[3], x_[4], x_[5]);                          \
    } while (0)

/* Handlers run where memory was short, on top of what is too much already, and may
 * themselves recurse or hoard. So each condition lets the process go one level beyond the
 * limit, and the next one comes when that is used up: as often as there are levels; then
 * one more that no handler takes, and at last the process ends without a word of its own.
 * The level sinks by itself when the stack is left, or the data. */
#define STACK_LEVELS 8
enum shortage { ENOUGH, SHORT, SHORT_WITHOUT_HANDLER, SHORT_WITHOUT_REPORT };

static enum shortage judge(unsigned level, unsigned levels, uint8_t *told)
{
    assert(*told <= levels + 2);
    unsigned before = *told;
    *told = (uint8_t)(level <= levels + 2 ? level : levels + 2);
    if (level > levels + 1) return SHORT_WITHOUT_REPORT;
    if (level <= before) return ENOUGH;
    return level <= levels ? SHORT : SHORT_WITHOUT_HANDLER;
}

/* worker.failure says what is short. */
static JUMP_CODE(raise_short)
{
    enum shortage shortage = (enum shortage)argc;
    if (shortage == SHORT_WITHOUT_REPORT) {
        bool is_stack = w->failure.condition == CONDITION_STACK_EXHAUSTED;
        tt_word object = symbol_intern_text(w, is_stack ? "stack-exhausted" : "heap-exhausted");
        log_event(w->node, "%s: a process was ended: %s in its handler", w->node->program->name,
                  is_stack ? "recursion too deep" : "out of memory");
        JUMP(sched_end_process, w, sp, hp, 0, 0, TT_SYM(EXCEPTION), object, 0, 0, 0, 0);
    }
    if (shortage == SHORT_WITHOUT_HANDLER) w->handlers = TT_NIL;
    w->site = site_of_code(tt_desc_of(w->resume));
    JUMP_RAISE(w, sp, hp);
}

/* What of the stack is short, or of the heap, when a collection has just been made. */
static enum shortage find_shortage(struct worker *w, const tt_word *sp, bool has_collected)
{
    assert(sp >= w->stack_base && sp < w->stack_top);
    enum shortage shortage = judge(stack_level(w, sp), STACK_LEVELS, &w->stack_told);
    if (shortage != ENOUGH) {
        fail_condition(w, CONDITION_STACK_EXHAUSTED, NULL, TT_NIL);
        return shortage;
    }
    if (!has_collected) return ENOUGH;
    shortage = judge(heap_level(w, w->heap_told), HEAP_LEVELS, &w->heap_told);
    if (shortage == ENOUGH) return ENOUGH;
    if (stack_depth(w, sp) * TT_W > heap_limit_bytes() / 2)
        fail_condition(w, CONDITION_STACK_EXHAUSTED, NULL, TT_NIL);
    else
        heap_fail(w);
    return shortage;
}

JUMP_CODE(tt_entry_slow)
{
    const struct tt_code_desc *desc = tt_desc_of(w->resume);
    xargs_put_registers(w, self, a0, a1, a2, a3, a4, a5);
    clear_dead_words(w, desc);
    w->saved_sp = sp;
    w->site = 0;
    w->sp_limit = stack_limit(w);
    tt_word *new_sp = stack_make_room(w, sp, w->want_stack);
    if (!new_sp) JUMP(raise_short, w, sp, hp, 0, SHORT_WITHOUT_REPORT, 0, 0, 0, 0, 0, 0);
    w->sp_limit = stack_limit(w);
    w->saved_sp = sp = new_sp;
    bool has_collected = needs_collection(w, hp);
    if (has_collected)
        hp = heap_collect_minor(w, xargs_of(w) - 1, count_live_words(desc), sp);
    else
        w->hp_limit = heap_limit(w);
    enum shortage shortage = find_shortage(w, sp, has_collected);
    if (shortage != ENOUGH) JUMP(raise_short, w, sp, hp, 0, shortage, 0, 0, 0, 0, 0, 0);
    if (sched_should_preempt(w)) {
        new_sp = push_resume_frame(w, sp, desc);
        if (new_sp) JUMP(sched_yield_process, w, new_sp, hp, 0, 0, TT_VOID, 0, 0, 0, 0, 0);
    }
#ifdef TT_HOSTILE
    w->sp_limit = (tt_word)sp - w->want_stack * TT_W; /* the next push comes here again */
#endif
    JUMP_RESUME(w, sp, hp, w->resume);
}

POINT_CODE(tt_special_resume)
{
    struct tt_obj_VECTOR *params = TT_OBJ(VECTOR, sp[3]);
    tt_word *x = xargs_of(w);
    w->resume = sp[1];
    x[-1] = sp[2];
    for (size_t i = 0; i < params->length; i++)
        x[i] = params->ref[i];
    JUMP_RESUME(w, sp + 4, hp, w->resume);
}

POINT_CODE(tt_special_underflow)
{
    w->saved_sp = sp;
    tt_word *new_sp = stack_thaw(w, sp[1], sp[2]);
    w->sp_limit = stack_limit(w);
    if (!new_sp) JUMP_RAISE(w, stack_empty(w), hp);
    JUMP_RETURN(w, new_sp, hp, a0);
}
