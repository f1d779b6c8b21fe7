#include "rt/node/remote/remote.h"

#include <stdlib.h>

#include "rt/mem/node.h"
#include "rt/node/channel/packet.h"
#include "rt/node/remote/large_in.h"
#include "rt/node/remote/names.h"
#include "rt/node/net/net_state.h"
#include "rt/node/remote/node_watch.h"
#include "rt/node/remote/far_link.h"
#include "rt/node/remote/request.h"

bool remote_init(struct node *node)
{
    node->remotes = calloc(1, sizeof *node->remotes);
    return node->remotes != NULL;
}

struct remote *remote_of(struct peer *peer)
{
    if (!peer->remote) peer->remote = calloc(1, sizeof *peer->remote);
    return peer->remote;
}

size_t remote_count_far_links(const struct node *node)
{
    size_t n = 0;
    for (const struct peer *peer = node->net->busy.first; peer; peer = peer->next)
        if (peer->remote) n += peer->remote->n_far_links;
    return n;
}

static void on_up(struct worker *w, struct peer *peer)
{
    struct remote *remote = remote_of(peer);
    if (remote) {
        remote->is_up = true;
        remote->is_over = false;
    }
    names_on_up(w, peer);
    w->node->remotes->above->up(w, peer);
}

static void on_down(struct worker *w, struct peer *peer, enum goodbye why)
{
    if (peer->remote) {
        request_lose_all(w, peer); /* first: a child that never came has no links to lose */
        peer->remote->is_over = why == GOODBYE_RESTARTED;
        far_link_lose_all(w, peer);
        names_forget_all(peer);
        peer->remote->is_up = false;
    }
    w->node->remotes->above->down(w, peer, why == GOODBYE_RESTARTED);
    node_watch_down(w, peer, goodbye_text(why));
}

static void on_stalled(struct worker *w, struct peer *peer) { node_watch_stalled(w, peer); }

static size_t on_mark_runs(struct worker *w)
{
    wire_mark_boots(w);
    names_mark_runs(w->node);
    w->node->remotes->above->mark_runs(w);
    return far_mark_boots(w->node->far, w->node->boots);
}

static bool on_pass_on(struct worker *w, struct peer *peer, struct peer *same)
{
    if (!peer->remote) return true;
    if (remote_of(same)) {
        request_pass_on(peer->remote, same);
        return far_link_pass_on(peer->remote, same);
    }
    far_link_lose_all(w, peer);
    request_lose_all(w, peer);
    return false;
}

/* Links, monitors and requests have ended with the connection. */
static void on_forget(struct peer *peer)
{
    free(peer->remote);
    peer->remote = NULL;
}

static bool (*const takers[])(struct worker *, struct peer *, struct packet *) = {
    [CONTROL_SEND] = remote_take_send,
    [CONTROL_SEND_NAME] = remote_take_send_name,
    [CONTROL_PORT_WRITE] = remote_take_port_write,
    [CONTROL_BOUNCE] = remote_take_bounce,
    [CONTROL_NAMED] = names_take,
    [CONTROL_WATCH] = far_link_take_watch,
    [CONTROL_TELL] = far_link_take_tell,
    [CONTROL_FORGET] = far_link_take_forget,
    [CONTROL_END] = far_link_take_end,
    [CONTROL_SPAWN] = request_take_spawn,
    [CONTROL_SPAWNED] = request_take_spawned,
    [CONTROL_ASK] = request_take_ask,
    [CONTROL_ANSWER] = request_take_answer,
    [CONTROL_REFUSED] = request_take_refused,
    [CONTROL_TERMINATE] = remote_take_terminate,
};

bool remote_dispatch(struct worker *w, struct peer *peer, enum control type, struct packet *f)
{
    if (type >= CONTROL_MOVE_PREPARE && type <= CONTROL_GUEST_STOP)
        return w->node->remotes->above->take(w, peer, type, f);
    if ((size_t)type >= sizeof takers / sizeof takers[0] || !takers[type]) return false;
    return takers[type](w, peer, f);
}

static bool on_message(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n)
{
    if (large_in_take(w, peer, type, body, n)) return true;
    struct packet f = packet_of(body, n);
    return remote_dispatch(w, peer, type, &f);
}

const struct peer_events remote_events = {
    .up = on_up,
    .down = on_down,
    .message = on_message,
    .stalled = on_stalled,
    .step = large_in_step,
    .finish = large_in_finish,
    .mark_runs = on_mark_runs,
    .pass_on = on_pass_on,
    .forget = on_forget,
};
