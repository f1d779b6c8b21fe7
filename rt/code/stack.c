#include "rt/code/stack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/os/check.h"

#define UNDERFLOW_FRAME_WORDS 3

/* Requires: no frame in the chunk. */
static bool replace_chunk(struct worker *w, size_t words)
{
    tt_word *base = malloc(words * TT_W);
    if (!base) return false;
    free(w->stack_base);
    w->stack_base = base;
    w->stack_top = base + words;
    return true;
}

void stack_init(struct worker *w)
{
    w->stack_base = NULL;
    if (!replace_chunk(w, STACK_CHUNK_WORDS)) tt_panic("no memory for a stack");
    w->sp_limit = stack_limit(w);
}

static tt_word *push_underflow(struct worker *w, tt_word stack, tt_word offset)
{
    tt_word *sp = w->stack_top - UNDERFLOW_FRAME_WORDS;
    sp[0] = (tt_word)tt_special_underflow;
    sp[1] = stack;
    sp[2] = offset;
    return sp;
}

/* End of the frames that have to be copied: a new STACK object takes the place of
 * an underflow frame at the bottom. The last word of that is a small fixnum,
 * never the code word of an exit frame. */
static tt_word *end_of_own_frames(struct worker *w)
{
    assert(w->stack_top[-1] == (tt_word)tt_special_exit ||
           w->stack_top[-UNDERFLOW_FRAME_WORDS] == (tt_word)tt_special_underflow);
    bool ends_in_exit = w->stack_top[-1] == (tt_word)tt_special_exit;
    return ends_in_exit ? w->stack_top : w->stack_top - UNDERFLOW_FRAME_WORDS;
}

tt_word *stack_freeze(struct worker *w, tt_word *sp)
{
    assert(sp >= w->stack_base && sp < w->stack_top);
    tt_word *end = end_of_own_frames(w);
    if (sp == end) return sp;
    size_t n = (size_t)(end - sp);
    struct tt_obj_STACK *stack = heap_alloc_reserved(w, sizeof *stack + n * TT_W);
    if (!stack) return NULL;
    stack->header = TT_HEADER((tt_word)TT_TYPE_STACK);
    stack->length = n;
    stack->below = end == w->stack_top ? TT_FALSE : end[1];
    stack->below_offset = end == w->stack_top ? tt_fixnum(0) : end[2];
    stack->depth = n + stack_depth_at(stack->below, (size_t)tt_fixnum_value(stack->below_offset));
    memcpy(stack->word, sp, n * TT_W);
    if (stack->depth > w->stack_max_words)
        w->sp_limit = UINTPTR_MAX; /* to be looked at soon, also when captures keep the chunk empty */
    return push_underflow(w, tt_tagged(stack, TT_TAG_OBJECT), tt_fixnum(0));
}

/* End of the piece that begins at `frame`. */
static tt_word *end_of_piece(tt_word *frame, tt_word *end)
{
    assert(frame < end);
    tt_word *next = frame_next(frame);
    while (next < end && next - frame < STACK_PIECE_WORDS)
        next = frame_next(next);
    return next;
}

tt_word *stack_thaw(struct worker *w, tt_word stack, tt_word offset)
{
    assert(stack == TT_FALSE || (tt_is_type(stack, TT_TYPE_STACK) &&
                                 (tt_word)tt_fixnum_value(offset) <= TT_OBJ(STACK, stack)->length));
    while (stack != TT_FALSE && (tt_word)tt_fixnum_value(offset) == TT_OBJ(STACK, stack)->length) {
        offset = TT_OBJ(STACK, stack)->below_offset;
        stack = TT_OBJ(STACK, stack)->below;
    }
    if (stack == TT_FALSE) return stack_empty(w);
    struct tt_obj_STACK *s = TT_OBJ(STACK, stack);
    tt_word *begin = s->word + tt_fixnum_value(offset), *end = s->word + s->length;
    tt_word *piece_end = end_of_piece(begin, end);
    size_t n = (size_t)(piece_end - begin);
    size_t room = n + UNDERFLOW_FRAME_WORDS + TT_STACK_REDZONE_WORDS;
    if ((size_t)(w->stack_top - w->stack_base) < room && !replace_chunk(w, 2 * room)) {
        heap_fail(w);
        return NULL;
    }
    tt_word *sp = w->stack_top;
    if (piece_end < end)
        sp = push_underflow(w, stack, tt_fixnum(piece_end - s->word));
    else if (s->below != TT_FALSE)
        sp = push_underflow(w, s->below, s->below_offset);
    sp -= n;
    memcpy(sp, begin, n * TT_W);
    return sp;
}

tt_word *stack_make_room(struct worker *w, tt_word *sp, size_t words)
{
    if (sp - w->stack_base >= (ptrdiff_t)(words + TT_STACK_REDZONE_WORDS)) return sp;
    sp = stack_freeze(w, sp);
    size_t room = words + TT_STACK_REDZONE_WORDS;
    if (!sp || sp - w->stack_base >= (ptrdiff_t)room) return sp;
    tt_word stack = sp[1], offset = sp[2];
    if (!replace_chunk(w, 2 * (room + UNDERFLOW_FRAME_WORDS))) {
        heap_fail(w);
        return NULL;
    }
    return push_underflow(w, stack, offset);
}

size_t stack_depth(struct worker *w, const tt_word *sp)
{
    const tt_word *end = end_of_own_frames(w);
    size_t below = end == w->stack_top ? 0 : stack_depth_at(end[1], (size_t)tt_fixnum_value(end[2]));
    return (size_t)(end - sp) + below;
}

unsigned stack_level(struct worker *w, const tt_word *sp)
{
    size_t depth = stack_depth(w, sp), most = w->stack_max_words;
    size_t step = most / 8 > STACK_STEP_MIN_WORDS ? most / 8 : STACK_STEP_MIN_WORDS;
    return depth <= most ? 0 : 1 + (unsigned)((depth - most) / step);
}
