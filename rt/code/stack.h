/* The stack chunk of a worker, and freezing.
 *
 *   stack_base                                                        stack_top
 *   | red zone | reserve |        free        | frames of the running process |
 *              ^ last    ^ limit              ^ sp                   bottom frame ^
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
 * When there is no memory for a STACK object, the process gets a condition, and
 * the handler runs in the reserve; a process that needs more than that ends. */
#ifndef RT_CODE_STACK_H
#define RT_CODE_STACK_H

#include "rt/code/frames.h"

#define STACK_RESERVE_WORDS 4096
#ifdef TT_HOSTILE
/* So small that nearly each push overflows. */
#define STACK_CHUNK_WORDS (STACK_RESERVE_WORDS + TT_STACK_REDZONE_WORDS + 32)
#define STACK_PIECE_WORDS 1
#else
#define STACK_CHUNK_WORDS (32 * 1024)
#define STACK_PIECE_WORDS 64
#endif

void stack_init(struct worker *w);

/* Words at the chunk's bottom that must stay free. */
static inline size_t stack_margin(const struct worker *w)
{
    return TT_STACK_REDZONE_WORDS + (w->stack_in_reserve ? 0 : STACK_RESERVE_WORDS);
}

/* What worker.sp_limit is when no preemption is asked for. */
static inline tt_word stack_limit(const struct worker *w) { return (tt_word)(w->stack_base + stack_margin(w)); }

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

/* Makes sure that `words` and the margin are free below sp: freezes, and takes
 * a larger chunk when even an empty one is too small. Returns sp, or NULL as above. */
tt_word *stack_make_room(struct worker *w, tt_word *sp, size_t words);

/* After stack_make_room gave NULL: the reserve is free from now on, until the
 * stack changes. False: it was in use already. */
bool stack_open_reserve(struct worker *w);

#endif
