/* Walking Core trees without recursion. */
#ifndef IR_CORE_WALK_H
#define IR_CORE_WALK_H

#include "frontend/base/vec.h"
#include "frontend/core.h"

typedef VEC(Core *) CoreVec;

/* Pushes the expressions directly under `core`. */
void core_push_parts(Arena *arena, CoreVec *work, Core *core);
/* Number of nodes, or `limit` when there are as many. */
uint32_t core_size_up_to(Core *core, uint32_t limit);

#endif
