#include "rt/node/net/forget.h"

#include "rt/mem/node.h"
#include "rt/node/net/conn.h"
#include "rt/node/net/peers.h"
#include "rt/os/clock.h"

/* Scans what refers to runs only when that can free at least one run for so many far objects scanned. */
#define OBJECTS_PER_RUN 64

/* The connection of a peer is asked whether it is alive; meanwhile it may be lost. */
static void note_rivals(const struct net *net)
{
    for (const struct conn *c = net->conns; c; c = c->next)
        if (c->state == CONN_JUDGED && c->rival) c->rival->is_awaited = true;
}

static void forget_rivals(const struct net *net)
{
    for (const struct conn *c = net->conns; c; c = c->next)
        if (c->state == CONN_JUDGED && c->rival) c->rival->is_awaited = false;
}

static bool may_go(const struct net *net, const struct peer *peer, int64_t now_ns)
{
    bool is_meant = peer->boot && boots_is_marked(net->node->boots, peer->boot);
    return !is_meant && !peer->is_awaited && peer->n_referrers == 0 &&
           series_may_begin(&peer->series, now_ns);
}

/* The ones that were lost first. */
static void forget_oldest(struct net *net)
{
    int64_t now = clock_now_ns();
    size_t n = net->idle.n > FORGET_REMEMBERED ? net->idle.n - FORGET_REMEMBERED : 0;
    struct peer *next;
    for (struct peer *peer = net->idle.first; n > 0; n--, peer = next) {
        next = peer->next;
        if (may_go(net, peer, now)) peer_free(peer);
    }
}

/* When to look again: at twice as many. */
static size_t next_limit(size_t n_left, size_t n_objects)
{
    size_t limit = 2 * (n_left > FORGET_REMEMBERED ? n_left : FORGET_REMEMBERED);
    return limit + n_objects / OBJECTS_PER_RUN;
}

void peers_forget(struct net *net)
{
    struct boots *boots = net->node->boots;
    if (net->idle.n <= net->forget_peers_at && boots_count(boots) <= net->forget_boots_at) return;
    boots_begin_marking(boots);
    size_t n_objects = net->events->mark_runs ? net->events->mark_runs(net->node->worker) : 0;
    note_rivals(net);
    forget_oldest(net);
    forget_rivals(net);
    boots_forget_unmarked(boots);
    net->forget_peers_at = next_limit(net->idle.n, n_objects);
    net->forget_boots_at = next_limit(boots_count(boots), n_objects);
}
