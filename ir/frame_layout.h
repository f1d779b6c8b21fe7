/* Order of a frame's slots. */
#ifndef IR_FRAME_LAYOUT_H
#define IR_FRAME_LAYOUT_H

#include "ir/points.h"

/* Fills point->frame and n_frame of a return point, pushed first by code of
 * `from`. A variable keeps its distance from the popped stack pointer (the end
 * of the frame) where `from` has it in its own frame, so that codegen need not
 * move it; frames have no holes. */
void frame_layout(Arena *arena, Point *point, const Point *from);

#endif
