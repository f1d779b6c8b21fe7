/* The side of a request that does it: for a process of another node, or of this one. */
#ifndef RT_NODE_REMOTE_ANSWER_H
#define RT_NODE_REMOTE_ANSWER_H

#include "rt/node/remote/remote.h"

/* Who has asked. */
struct asker {
    struct peer *peer; /* NULL: a process here */
    uint64_t number;
    uint64_t key; /* of packets to it: they follow the messages to the process that asks */
};

/* Each asker gets one of these. */
void answer_answer(struct worker *w, const struct asker *asker, tt_word value);
void answer_refuse(struct worker *w, const struct asker *asker, tt_word refusal);

/* Does `what`, or says that it cannot. */
void answer_do(struct worker *w, const struct asker *asker, tt_word what);
/* A new process for the asker: runs `thunk` with the parameterisation. NULL: refused. */
struct process *answer_spawn(struct worker *w, const struct asker *asker, tt_word thunk_and_params);

/* Delivers the end of a request of this node (request.c). */
void request_conclude(struct worker *w, uint64_t number, tt_word status, tt_word value);

#endif
