#include "rt/node/remote/far_link.h"

#include <stdlib.h>
#include <string.h>

#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/channel/packet.h"
#include "rt/node/net/net_state.h"
#include "rt/node/remote/far_link_packets.h"
#include "rt/node/remote/service.h"
#include "rt/obj/symbol.h"

/* -- the tables ----------------------------------------------------------- */

enum direction { INBOUND, OUTBOUND }; /* the process here is target, source */

static enum direction direction_of(const struct far_link *r) { return r->link.from ? OUTBOUND : INBOUND; }
static struct process *process_of(const struct far_link *r)
{
    return r->link.from ? r->link.from : r->link.to;
}

/* Keys of by_process: the pair of processes, the direction, who has begun. */
static uint64_t pair_key(uint64_t serial, enum direction direction, enum far_link_side side)
{
    return serial | (uint64_t)direction << FAR_SERIAL_BITS | (uint64_t)side << (FAR_SERIAL_BITS + 1);
}

static struct far_link *find_link(const struct remote *remote, const struct process *p, const struct far *far,
                                  enum direction direction, enum far_link_side side)
{
    return pairmap_get(&remote->by_process, pair_key(far->serial, direction, side), (uintptr_t)p);
}

static bool has_link(const struct remote *remote, const struct process *p, const struct far *far,
                     enum direction direction)
{
    return find_link(remote, p, far, direction, BEGUN_HERE) ||
           find_link(remote, p, far, direction, BEGUN_THERE);
}

struct far_link *far_link_find(const struct remote *remote, uint64_t id, enum far_link_side side)
{
    return pairmap_get(&remote->by_id, id, side);
}

bool far_link_id_is_free(const struct remote *remote, uint64_t id)
{
    return !far_link_find(remote, id, BEGUN_THERE) && !far_link_find(remote, id + 1, BEGUN_THERE);
}

/* Links are found by their processes; a second one that a peer begins for the
 * same pair is not, which is its own affair. */
static bool add_to_index(struct far_link *r)
{
    struct remote *remote = r->peer->remote;
    struct process *p = process_of(r);
    if (r->kind != RECORD_LINK || !p || !r->has_far ||
        find_link(remote, p, &r->far, direction_of(r), r->side))
        return true;
    r->is_indexed =
        pairmap_put(&remote->by_process, pair_key(r->far.serial, direction_of(r), r->side), (uintptr_t)p, r);
    return r->is_indexed;
}

static void prepend(struct remote *remote, struct far_link *r)
{
    r->next = remote->far_links;
    r->prev = &remote->far_links;
    if (r->next) r->next->prev = &r->next;
    remote->far_links = r;
    remote->n_far_links++;
}

/* Fills in what is not said by `model`. NULL: no memory, or too many. */
struct far_link *far_link_new(struct worker *w, const struct far_link *model)
{
    struct remote *remote = remote_of(model->peer);
    struct far_link *r = remote && remote->n_far_links < REMOTE_FAR_LINKS_MAX ? malloc(sizeof *r) : NULL;
    if (!r || far_link_find(remote, model->id, model->side) ||
        !pairmap_put(&remote->by_id, model->id, model->side, r)) {
        free(r);
        heap_fail(w);
        return NULL;
    }
    *r = *model;
    r->link.outside = &far_link_outside;
    prepend(remote, r);
    link_attach(&r->link);
    if (add_to_index(r)) return r;
    far_link_remove(r);
    heap_fail(w);
    return NULL;
}

/* Out of the tables; its link is detached already. */
void far_link_free(struct far_link *r)
{
    struct remote *remote = r->peer->remote;
    pairmap_remove(&remote->by_id, r->id, r->side);
    struct process *p = process_of(r);
    if (r->is_indexed)
        pairmap_remove(&remote->by_process, pair_key(r->far.serial, direction_of(r), r->side), (uintptr_t)p);
    *r->prev = r->next;
    if (r->next) r->next->prev = r->prev;
    remote->n_far_links--;
    free(r);
}

void far_link_remove(struct far_link *r)
{
    link_detach(&r->link);
    far_link_free(r);
}

void far_link_remove_others(struct far_link *r, bool both_directions)
{
    if (!r->is_indexed) return;
    for (unsigned i = 0; i < 4; i++) {
        enum direction direction = i & 1 ? OUTBOUND : INBOUND;
        if (direction != direction_of(r) && !both_directions) continue;
        struct far_link *other =
            find_link(r->peer->remote, process_of(r), &r->far, direction, i & 2 ? BEGUN_THERE : BEGUN_HERE);
        if (other && other != r) far_link_remove(other);
    }
}

bool far_link_pass_on(struct remote *remote, struct peer *same)
{
    bool is_whole = true;
    for (struct far_link *r; (r = remote->far_links);) {
        pairmap_remove(&remote->by_id, r->id, r->side);
        if (r->is_indexed)
            pairmap_remove(&remote->by_process, pair_key(r->far.serial, direction_of(r), r->side),
                           (uintptr_t)process_of(r));
        r->is_indexed = false;
        remote->far_links = r->next;
        if (r->next) r->next->prev = &remote->far_links;
        remote->n_far_links--;
        r->peer = same;
        prepend(same->remote, r);
        is_whole &= pairmap_put(&same->remote->by_id, r->id, r->side, r) && add_to_index(r);
    }
    return is_whole;
}

/* -- operations of processes here ---------------------------------------- */

/* Another run listens where that one did: so that one is over. */
static bool is_replaced(const struct node *node, uint32_t index)
{
    const struct boot *gone = boots_at(node->boots, index);
    const struct peer *there = peers_find_up_at(node->net, gone->host, gone->port);
    return there && there->boot != index;
}

/* Why there is nothing to link with: noproc if that run has certainly ended (another run answers at
 * its address), else noconnection. */
static tt_word why_gone(const struct node *node, const struct remote *remote, uint32_t boot)
{
    if (remote->is_up) return TT_SYM(NOCONNECTION);
    return remote->is_over || is_replaced(node, boot) ? TT_SYM(NOPROC) : TT_SYM(NOCONNECTION);
}

/* The far process cannot be linked with, or has been lost. */
static bool say_gone(struct worker *w, struct process *p, tt_word pid, tt_word ref, tt_word why)
{
    return ref ? link_send_down(w, p, ref, pid, why) : link_say_gone(w, p, why, pid);
}

/* The tables of the node of a far pid. NULL: no memory (failure is set). */
static struct remote *remote_of_pid(struct worker *w, tt_word pid, struct far *far_out,
                                    struct peer **peer_out)
{
    far_read(pid, far_out);
    *peer_out = peer_of_boot(w->node, far_out->boot);
    struct remote *remote = *peer_out ? remote_of(*peer_out) : NULL;
    if (!remote) heap_fail(w);
    return remote;
}

bool far_link_watch(struct worker *w, struct process *p, tt_word pid, tt_word ref)
{
    struct far far;
    struct peer *peer;
    struct remote *remote = remote_of_pid(w, pid, &far, &peer);
    if (!remote) return false;
    if (!ref && has_link(remote, p, &far, INBOUND)) return true;
    struct far_link *r = far_link_new(w, &(struct far_link){.link = {.to = p, .ref = ref},
                                                            .peer = peer,
                                                            .id = w->node->remotes->next_far_link_id++,
                                                            .key = packet_key(far.serial),
                                                            .far = far,
                                                            .has_far = true,
                                                            .kind = ref ? RECORD_MONITOR : RECORD_LINK});
    if (!r) return false;
    if (far_link_send_watch(w, r, p)) return true;
    far_link_remove(r);
    return say_gone(w, p, pid, ref, why_gone(w->node, remote, far.boot));
}

bool far_link_tell(struct worker *w, struct process *p, tt_word pid, bool quiet)
{
    struct far far;
    struct peer *peer;
    struct remote *remote = remote_of_pid(w, pid, &far, &peer);
    if (!remote) return false;
    if (has_link(remote, p, &far, OUTBOUND)) return true;
    struct far_link *r = far_link_new(w, &(struct far_link){.link = {.from = p},
                                                            .peer = peer,
                                                            .id = w->node->remotes->next_far_link_id++,
                                                            .key = packet_key(far.serial),
                                                            .far = far,
                                                            .has_far = true});
    if (!r) return false;
    if (far_link_send_tell(w, r, 0)) return true;
    far_link_remove(r);
    return quiet || say_gone(w, p, pid, 0, why_gone(w->node, remote, far.boot));
}

bool far_link_tell_monitor(struct worker *w, struct process *p, tt_word watcher, tt_word ref)
{
    struct far far;
    struct peer *peer;
    struct remote *remote = remote_of_pid(w, watcher, &far, &peer);
    if (!remote) return false;
    struct far_link *r = far_link_new(w, &(struct far_link){.link = {.from = p},
                                                            .peer = peer,
                                                            .id = w->node->remotes->next_far_link_id++,
                                                            .key = packet_key(far.serial),
                                                            .far = far,
                                                            .has_far = true,
                                                            .kind = RECORD_MONITOR});
    if (!r) return false;
    if (!far_link_send_tell(w, r, ref)) far_link_remove(r);
    return true;
}

void far_link_forget(struct worker *w, struct far_link *r)
{
    link_detach(&r->link);
    far_link_outside.dropped(w, &r->link);
}

void far_link_unlink(struct worker *w, struct process *p, tt_word pid)
{
    struct far far;
    far_read(pid, &far);
    struct boot *boot = boots_at(w->node->boots, far.boot);
    struct remote *remote = boot->peer ? boot->peer->remote : NULL;
    if (!remote) return;
    for (unsigned i = 0; i < 4; i++) {
        struct far_link *r =
            find_link(remote, p, &far, i & 1 ? OUTBOUND : INBOUND, i & 2 ? BEGUN_THERE : BEGUN_HERE);
        if (r) far_link_forget(w, r);
    }
}

bool far_link_watch_for_service(struct worker *w, struct service *service, tt_word pid)
{
    struct far far;
    far_read(pid, &far);
    struct peer *peer = peer_of_boot(w->node, far.boot);
    struct remote *remote = peer ? remote_of(peer) : NULL;
    if (!remote) return false;
    struct far_link *r = far_link_new(w, &(struct far_link){.peer = peer,
                                                            .id = w->node->remotes->next_far_link_id++,
                                                            .key = packet_key(far.serial),
                                                            .far = far,
                                                            .has_far = true,
                                                            .kind = RECORD_MONITOR,
                                                            .service = service});
    if (!r) return false;
    service_set_far_link(service, r);
    if (far_link_send_watch(w, r, w->sched->running)) return true;
    far_link_remove(r);
    service_set_far_link(service, NULL);
    return false;
}

/* -- children ------------------------------------------------------------ */

bool far_link_expect_child(struct worker *w, struct peer *peer, struct process *p, uint64_t key,
                           uint64_t *id_out)
{
    struct remote *remote = remote_of(peer);
    if (!remote) {
        heap_fail(w);
        return false;
    }
    uint64_t id = *id_out = w->node->remotes->next_far_link_id;
    w->node->remotes->next_far_link_id += 2;
    struct far_link *in =
        far_link_new(w, &(struct far_link){.link = {.to = p}, .peer = peer, .id = id, .key = key});
    if (!in) return false;
    if (far_link_new(w, &(struct far_link){.link = {.from = p}, .peer = peer, .id = id + 1, .key = key}))
        return true;
    far_link_remove(in);
    return false;
}

void far_link_child_is(struct worker *w, struct peer *peer, uint64_t id, const struct far *child)
{
    for (unsigned i = 0; i < 2; i++) {
        struct far_link *r = far_link_find(peer->remote, id + i, BEGUN_HERE);
        if (!r) continue;
        if (!child) {
            far_link_remove(r);
            continue;
        }
        r->far = *child;
        r->has_far = true;
        r->key = packet_key(child->serial);
        add_to_index(r); /* without it: unlink will not find the far link */
    }
}

bool far_link_link_child(struct worker *w, struct peer *peer, struct process *child, uint64_t id,
                         const struct far *parent)
{
    struct far_link model = {.link = {.from = child},
                             .peer = peer,
                             .id = id,
                             .key = packet_key(parent->serial),
                             .far = *parent,
                             .has_far = true,
                             .side = BEGUN_THERE};
    struct far_link *out = far_link_new(w, &model);
    if (!out) return false;
    model.link = (struct link){.to = child};
    model.id = id + 1;
    if (far_link_new(w, &model)) return true;
    far_link_remove(out);
    return false;
}

/* -- the loss of a connection -------------------------------------------- */

tt_word far_link_pid(struct worker *w, const struct far_link *r)
{
    tt_word pid = r->has_far ? far_intern(w, FAR_PID, &r->far) : TT_FALSE;
    return pid == TT_FAIL ? TT_FALSE : pid;
}

/* One exception for all links between the same two: the first far link that is left says it. */
static bool is_to_be_told(const struct far_link *r)
{
    const struct remote *remote = r->peer->remote;
    struct process *p = process_of(r);
    if (r->kind == RECORD_MONITOR) return direction_of(r) == INBOUND;
    if (!r->is_indexed) return false; /* a second one of the peer's making */
    /* Who is only watched hears nothing of the end of those who watch it, as on one node. */
    if (direction_of(r) == OUTBOUND && r->side != BEGUN_HERE) return false;
    if (direction_of(r) == OUTBOUND && has_link(remote, p, &r->far, INBOUND)) return false;
    return r->side == BEGUN_HERE || !find_link(remote, p, &r->far, direction_of(r), BEGUN_HERE);
}

static void lose(struct worker *w, struct far_link *r)
{
    struct process *p = process_of(r);
    if (r->service)
        service_lost(w, r->service);
    else if (is_to_be_told(r))
        say_gone(w, p, far_link_pid(w, r), r->link.ref, why_gone(w->node, r->peer->remote, r->far.boot));
}

void far_link_lose_all(struct worker *w, struct peer *peer)
{
    struct remote *remote = peer->remote;
    for (struct far_link *r = remote->far_links; r; r = r->next)
        lose(w, r);
    while (remote->far_links)
        far_link_remove(remote->far_links);
}
