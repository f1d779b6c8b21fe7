/* What the primitives on processes need for pids that are not of this node. */
#ifndef RT_PRIM_NODE_H
#define RT_PRIM_NODE_H

#include "rt/obj/far.h"
#include "rt/prim/arg.h"

/* Any pid: of this node, of another one, or a service. */
static inline bool arg_pid(struct worker *w, const char *operation, tt_word v)
{
    if (pid_is(v) || tt_is_type(v, TT_TYPE_SERVICE)) return true;
    fail_wrong_type(w, operation, v);
    return false;
}

/* Results of `!` and of %terminate for a pid that is not of this run (or no pid). */
tt_word far_send(struct worker *w, const char *operation, tt_word pid, tt_word message);
tt_word far_terminate(struct worker *w, tt_word pid, tt_word reason);
/* After sched_deliver has given false for a process of this run: why, in worker.failure. */
tt_word far_unsent(struct worker *w, const char *operation);
/* Writes on a FAR_PORT; no bytes: closes it, behind what was written before. */
tt_word far_write(struct worker *w, tt_word port, const void *bytes, size_t n);

/* rt/prim/process.c */
tt_word tt_prim_make_tag(struct worker *w);
tt_word tt_prim_send(struct worker *w, tt_word pid, tt_word message);

#endif
