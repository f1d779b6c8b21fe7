/* Links and monitors of a process here with a pid of any kind: of this node, of
 * another one, or a service, which stands for no process by itself (lib-scm/node.scm
 * asks who it is). False: no memory (failure is set). */
#ifndef RT_NODE_REMOTE_LINKS_H
#define RT_NODE_REMOTE_LINKS_H

#include "rt/actor/link.h"

enum { LINKS_INBOUND = 1, LINKS_OUTBOUND = 2 };

/* A link with a process that has ended says so at the next receive. */
bool links_add(struct worker *w, struct process *p, tt_word pid, unsigned directions);
void links_remove(struct worker *w, struct process *p, tt_word pid);
/* `ref` is the tag that the down message carries. */
bool links_monitor(struct worker *w, struct process *p, tt_word pid, tt_word ref);
void links_demonitor(struct worker *w, struct process *p, tt_word ref);

#endif
