/* Frames, as their return points describe them.
 *
 *   sp ->  [ RETURN or SPECIAL code point ]   one frame: 1 + n_slots words
 *          [ slot 0 ] ... [ slot n_slots-1 ]  all values
 *          [ next frame (its caller's) ... ]
 *          ...                                bottom frame: tt_special_exit or
 *   end    .                                  tt_special_underflow
 *
 * The same form in the worker's stack chunk (up to worker.stack_top), in a
 * STACK object (word[0] up to word[length]) and in a blocked process's record.
 * Frames hold no addresses of frames, so moving them is a copy.
 *
 *   for (tt_word *f = sp; f < end; f = frame_next(f))
 *       for (size_t i = 0; i < frame_slots(f); i++)
 *           visit(&f[1 + i]);
 */
#ifndef RT_CODE_FRAMES_H
#define RT_CODE_FRAMES_H

#include "rt/code/jump.h"

static inline size_t frame_slots(const tt_word *frame) { return tt_desc_of(frame[0])->n_slots; }
static inline size_t frame_words(const tt_word *frame) { return 1 + frame_slots(frame); }
static inline tt_word *frame_next(tt_word *frame) { return frame + frame_words(frame); }

/* Words of the frames that begin at `offset` of `stack` (#f: none), to the bottom. */
static inline size_t stack_depth_at(tt_word stack, size_t offset)
{
    return stack == TT_FALSE ? 0 : TT_OBJ(STACK, stack)->depth - offset;
}

/* Number of slots of a closure: what its code's descriptor says. */
static inline size_t closure_slots(tt_word closure) { return tt_desc_of(tt_closure(closure)->code)->n_slots; }

#endif
