/* The stack chunk of a worker, and freezing.
 *
 *   stack_base                                                        stack_top
 *   | red zone |             free             | frames of the running process |
 *              ^ limit                        ^ sp                   bottom frame ^
 *
 * A worker has one chunk; only the running process has frames in it. Frames
 * that must stay (a capture, a full chunk, a deep process that waits) are frozen:
 * copied into an immutable STACK object, and the chunk goes on with one
 * underflow frame at its bottom that says where:
 *
 *   chunk: [ ... | underflow: S2, 0 ]
 *   S2:    word[ frames ... ]  below = S1, below_offset = 40
 *   S1:    word[ ... | 40: frames ... | exit ]  below = #f
 *
 * A return to the underflow frame thaws: copies a piece (STACK_PIECE_WORDS, at
 * least a frame) back and leaves the rest. The piece is small, so that a capture
 * after a thaw copies little: capture and return are O(1) amortised. STACK
 * objects are shared by any number of continuations and never change.
 *
 * A STACK object may come from the reserve of the heap: exception handlers run on top
 * of the stack that was too deep, and capture it. What is too much is found at the
 * entry check (rt/code/entry.c), by the depth of the whole stack. */
#ifndef RT_CODE_STACK_H
#define RT_CODE_STACK_H

#include "rt/code/frames.h"

#ifdef TT_HOSTILE
/* So small that nearly each push overflows. */
#define STACK_CHUNK_WORDS (TT_STACK_REDZONE_WORDS + 32)
#define STACK_PIECE_WORDS 1
#else
#define STACK_CHUNK_WORDS (32 * 1024)
#define STACK_PIECE_WORDS 64
#endif
/* A step of stack_level is not passed by filling a chunk once. */
#define STACK_STEP_MIN_WORDS (64 * 1024)

void stack_init(struct worker *w);

/* What worker.sp_limit is when no preemption is asked for. */
static inline tt_word stack_limit(const struct worker *w)
{
    return (tt_word)(w->stack_base + TT_STACK_REDZONE_WORDS);
}

/* sp of a stack with nothing but the exit frame. */
static inline tt_word *stack_empty(struct worker *w)
{
    tt_word *sp = w->stack_top - 1;
    sp[0] = (tt_word)tt_special_exit;
    return sp;
}

/* Freezes all frames from sp up. Returns the new sp, at the underflow frame, or
 * NULL when memory is exhausted (nothing has changed, worker.failure is set). */
tt_word *stack_freeze(struct worker *w, tt_word *sp);

/* The chunk becomes the piece of frames that begins at `offset` of `stack`
 * (#f: nothing below, an exit frame). Returns sp, or NULL as above. */
tt_word *stack_thaw(struct worker *w, tt_word stack, tt_word offset);

/* The continuation procedure of the frames there. TT_FAIL: no memory. */
tt_word stack_continuation(struct worker *w, tt_word stack, tt_word offset);

/* Makes sure that `words` and the red zone are free below sp: freezes, and takes
 * a larger chunk when even an empty one is too small. Returns sp, or NULL as above. */
tt_word *stack_make_room(struct worker *w, tt_word *sp, size_t words);

/* Words of all frames from sp to the bottom, frozen ones too. */
size_t stack_depth(struct worker *w, const tt_word *sp);

/* 0: the stack is within the limit of a process (worker.stack_max_words). Else 1 + the
 * number of steps (eighths of the limit, mostly) by which it is deeper. */
unsigned stack_level(struct worker *w, const tt_word *sp);

#endif
