/* Requests: what a process asks of a node, this one included, and waits for with an
 * ordinary receive of (tag status value), where status is
 *
 *   value    the answer
 *   raised   the exception that the asked code raised
 *   refused  (kind message . irritants): it was not done
 *   lost     #f: the connection ended before there was an answer
 *
 * Each request gets one of these, or none after request_cancel. A request's number
 * is that of its tag. What is asked: (resolve . name), (alive . pid), (ping),
 * (on thunk . parameterisation); and SPAWN. */
#ifndef RT_NODE_REMOTE_REQUEST_H
#define RT_NODE_REMOTE_REQUEST_H

#include "rt/node/remote/remote.h"

/* Asks; `tag` is new, the answer goes to p. `what`: as above. False: it cannot travel
 * (failure->status says why) or there is no memory (then the status is OK, and
 * worker.failure is set). */
bool request_ask(struct worker *w, struct process *p, tt_word tag, tt_word node, tt_word what,
                 struct wire_failure *failure);
/* A process that runs `thunk` on a node which is not this one; the answer is its pid. */
bool request_spawn(struct worker *w, struct process *p, tt_word tag, tt_word node, tt_word thunk, bool linked,
                   struct wire_failure *failure);
/* The process waits no more: also takes out what has come. */
void request_cancel(struct worker *w, struct process *p, tt_word tag);

/* What `on` has asked process p for. False: the value cannot travel, nothing was sent. */
bool request_answer(struct worker *w, struct process *p, bool raised, tt_word value,
                    struct peer **congested_out, struct wire_failure *failure);

/* The key (rt/node/channel/packet.h) of who waits for the answer to that request; 0: nobody. */
uint64_t request_key(struct worker *w, uint64_t number);

/* All requests are ones to `same`. */
void request_pass_on(struct remote *remote, struct peer *same);
/* The connection is lost. */
void request_lose_all(struct worker *w, struct peer *peer);

/* Packets; false: not what a node sends. */
bool request_take_spawn(struct worker *w, struct peer *peer, struct packet *f);
bool request_take_spawned(struct worker *w, struct peer *peer, struct packet *f);
bool request_take_ask(struct worker *w, struct peer *peer, struct packet *f);
bool request_take_answer(struct worker *w, struct peer *peer, struct packet *f);
bool request_take_refused(struct worker *w, struct peer *peer, struct packet *f);

#endif
