/* The running process's own words in the worker. */
#include "rt/mem/worker.h"

tt_word tt_op_self(struct worker *w) { return w->self_pid; }

#define WORKER_WORD(name)                                                                                    \
    tt_word tt_op_##name(struct worker *w) { return w->name; }                                               \
    tt_word tt_op_set_##name(struct worker *w, tt_word v)                                                    \
    {                                                                                                        \
        w->name = v;                                                                                         \
        return TT_VOID;                                                                                      \
    }
WORKER_WORD(winds)
WORKER_WORD(handlers)
WORKER_WORD(params)
