/* The table of far links (far_link.c) and their packets (far_link_packets.c) share this. */
#ifndef RT_NODE_REMOTE_FAR_LINK_PACKETS_H
#define RT_NODE_REMOTE_FAR_LINK_PACKETS_H

#include "rt/node/remote/far_link.h"

extern const struct link_outside far_link_outside;

struct far_link *far_link_new(struct worker *w, const struct far_link *model);
struct far_link *far_link_find(const struct remote *remote, uint64_t id,
                               enum far_link_side side); /* NULL: none */
/* The other links between the same two processes: the twin, or all four. */
void far_link_remove_others(struct far_link *r, bool both_directions);
/* Takes the far link out, and its link; far_link_free: the link is detached already. */
void far_link_remove(struct far_link *r);
void far_link_free(struct far_link *r);
/* Its far process as a value, #f if it is not known. */
tt_word far_link_pid(struct worker *w, const struct far_link *r);

/* False: the peer is out of reach. */
bool far_link_send_watch(struct worker *w, struct far_link *r, const struct process *watcher);
/* ref: of a monitor. */
bool far_link_send_tell(struct worker *w, struct far_link *r, tt_word ref);

#endif
