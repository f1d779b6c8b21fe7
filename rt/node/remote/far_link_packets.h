/* The table of records (far_link.c) and their frames (far_link_packets.c) share this. */
#ifndef RT_NODE_REMOTE_FAR_LINK_PACKETS_H
#define RT_NODE_REMOTE_FAR_LINK_PACKETS_H

#include "rt/node/remote/far_link.h"

extern const struct link_outside record_outside;

struct record *record_new(struct worker *w, const struct record *model);
struct record *record_find(const struct remote *remote, uint64_t id, enum record_side side); /* NULL: none */
/* The other links between the same two processes: the twin, or all four. */
void record_remove_others(struct record *r, bool both_directions);
/* Takes the record out, and its link; record_free: the link is detached already. */
void record_remove(struct record *r);
void record_free(struct record *r);
/* Its far process as a value, #f if it is not known. */
tt_word record_pid(struct worker *w, const struct record *r);

/* False: the peer is out of reach. */
bool record_send_watch(struct worker *w, struct record *r, const struct process *watcher);
/* ref: of a monitor. */
bool record_send_tell(struct worker *w, struct record *r, tt_word ref);

#endif
