/* Names under which processes are published on this node. A name belongs to one
 * process, of this node or of another; it vanishes with it, or with the
 * connection to its node. */
#ifndef RT_NODE_REMOTE_SERVICE_H
#define RT_NODE_REMOTE_SERVICE_H

#include "rt/mem/worker.h"

struct far;
struct far_link;
struct remotes;
struct service;

/* Publishes, in the place of another process of that name. `name` is a symbol, `pid`
 * an immediate or a PID object. False: no memory (failure is set). A pid that is
 * dead or out of reach is not published. */
bool service_publish(struct worker *w, tt_word name, tt_word pid);
/* The name, if it stands for `pid` (or for anything: #f). */
void service_unpublish(struct worker *w, tt_word name, tt_word pid);
/* The pid, #f: nothing of that name. TT_FAIL: no memory. */
tt_word service_resolve(struct worker *w, const void *name, size_t n);
/* The list of all, (name . pid) each; TT_FAIL: no memory. */
tt_word service_list(struct worker *w);

/* Each name that stands for a process of another node, until `visit` gives false; then false. */
bool service_each_far(struct worker *w,
                      bool (*visit)(struct worker *w, void *context, const uint8_t *name, size_t n,
                                    const struct far *far),
                      void *context);

/* For far_link.c: who watches the process; that process is gone. */
void service_set_far_link(struct service *service, struct far_link *r);
void service_lost(struct worker *w, struct service *service);

#endif
