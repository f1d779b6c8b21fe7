/* Primitives on processes, mailboxes and links: rows of rt/abi/prims.def. */
#ifndef RT_PRIM_PROCESS_H
#define RT_PRIM_PROCESS_H

#include "rt/mem/worker.h"

tt_word tt_prim_spawn(struct worker *w, tt_word thunk);
tt_word tt_prim_spawn_link(struct worker *w, tt_word thunk);
tt_word tt_prim_spawn_linked_to(struct worker *w, tt_word pid, tt_word thunk);
tt_word tt_prim_send(struct worker *w, tt_word pid, tt_word message);
tt_word tt_prim_make_tag(struct worker *w);
tt_word tt_prim_mbox_start(struct worker *w);
tt_word tt_prim_mbox_mark(struct worker *w, tt_word tag);
tt_word tt_prim_mbox_next(struct worker *w, tt_word cursor);
tt_word tt_op_mbox_last(struct worker *w);
bool tt_op_mbox_remove(struct worker *w, tt_word cursor);
tt_word tt_prim_deadline(struct worker *w, tt_word timeout);
tt_word tt_prim_inbound_link(struct worker *w, tt_word pid);
tt_word tt_prim_outbound_link(struct worker *w, tt_word pid);
tt_word tt_prim_full_link(struct worker *w, tt_word pid);
tt_word tt_prim_unlink(struct worker *w, tt_word pid);
tt_word tt_prim_monitor(struct worker *w, tt_word pid);
tt_word tt_prim_demonitor(struct worker *w, tt_word ref);
tt_word tt_prim_terminate(struct worker *w, tt_word pid, tt_word reason);
tt_word tt_prim_alivep(struct worker *w, tt_word pid);
tt_word tt_prim_process_count(struct worker *w);

#endif
