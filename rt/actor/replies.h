/* Calls that have ended without their reply (a timeout, or the other process was taken for
 * dead): the reply, (tag reply), is dropped when it comes. The newest REPLIES_MAX such tags of
 * the worker are known; a tag is of one call, so it does not matter whose it was. */
#ifndef RT_ACTOR_REPLIES_H
#define RT_ACTOR_REPLIES_H

#include <stdbool.h>

#include "rt/obj/value.h"

enum { REPLIES_MAX = 8192 };

struct replies; /* NULL: none */

/* `tag` is one of this run. Without memory nothing is noted: the reply will be seen. */
void replies_drop(struct replies **all, tt_word tag);
/* Whether the message is a reply to such a call, which it is once. */
bool replies_take(struct replies *all, tt_word message);

#endif
