#include "rt/node/remote/links.h"

#include "rt/mem/node.h"
#include "rt/node/net/address.h"
#include "rt/node/net/peer.h"
#include "rt/node/remote/far_link.h"
#include "rt/obj/symbol.h"

/* Why there is nobody behind a service: its node is out of reach, or has nothing of that name. */
static tt_word why_gone(struct worker *w, tt_word pid)
{
    if (!tt_is_type(pid, TT_TYPE_SERVICE) || address_is_here(w, TT_OBJ(SERVICE, pid)->node))
        return TT_SYM(NOPROC);
    const struct peer *peer = address_peer(w, TT_OBJ(SERVICE, pid)->node);
    return peer && peer->state == PEER_UP ? TT_SYM(NOPROC) : TT_SYM(NOCONNECTION);
}

bool links_add(struct worker *w, struct process *p, tt_word pid, unsigned directions)
{
    if (pid_is_far(pid)) {
        bool is_inbound = directions & LINKS_INBOUND;
        if (is_inbound && !far_link_watch(w, p, pid, 0)) return false;
        return !(directions & LINKS_OUTBOUND) || far_link_tell(w, p, pid, is_inbound);
    }
    bool is_own = pid_is_own(pid);
    struct process *other = is_own ? process_find(w->node->processes, pid) : NULL;
    if (!other) return link_say_gone(w, p, why_gone(w, pid), pid);
    return (!(directions & LINKS_INBOUND) || link_add(w, other, p)) &&
           (!(directions & LINKS_OUTBOUND) || link_add(w, p, other));
}

void links_remove(struct worker *w, struct process *p, tt_word pid)
{
    if (pid_is_far(pid)) {
        far_link_unlink(w, p, pid);
        return;
    }
    struct process *other = pid_is_own(pid) ? process_find(w->node->processes, pid) : NULL;
    if (other) link_remove_both(p, other);
}

bool links_monitor(struct worker *w, struct process *p, tt_word pid, tt_word ref)
{
    if (pid_is_far(pid)) return far_link_watch(w, p, pid, ref);
    struct process *other = pid_is_own(pid) ? process_find(w->node->processes, pid) : NULL;
    return other ? link_add_monitor(w, other, p, ref) : link_send_down(w, p, ref, pid, why_gone(w, pid));
}

void links_demonitor(struct worker *w, struct process *p, tt_word ref) { link_remove_monitor(w, p, ref); }
