/* Failures as values that travel. */
#ifndef RT_NODE_NET_REASON_H
#define RT_NODE_NET_REASON_H

#include "rt/wire/wire.h"

/* (kind message . irritants) of a failure, for REFUSED. */
tt_word remote_refusal(struct worker *w, const struct wire_failure *failure);
/* The same as a condition. */
tt_word remote_condition(struct worker *w, const struct wire_failure *failure);
/* What goes instead of an exception that cannot travel: a condition of the same
 * kind, whose message is its printed form. */
tt_word remote_substitute(struct worker *w, tt_word exception);

#endif
