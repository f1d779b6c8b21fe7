/* The primitives of selective receive that are not inlined (rt/inline/mailbox.c
 * has their fast paths). */
#ifndef RT_ACTOR_RECEIVE_H
#define RT_ACTOR_RECEIVE_H

#include "rt/mem/worker.h"

/* Any cursor, any message. */
tt_word receive_next(struct worker *w, tt_word cursor);
bool receive_remove(struct worker *w, tt_word cursor);

#endif
