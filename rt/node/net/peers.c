/* All peers of the node: which one a boot id or an address means, and which one a
 * new connection belongs to.
 *
 * At most one peer has an address, at most one stands for a boot id. An address
 * may come to mean another run: an idle peer is simply bound to it. One that is
 * dialled for the sake of a certain run is lost when another one answers. */
#include <stdlib.h>
#include <string.h>

#include "rt/mem/node.h"
#include "rt/node/net/conn.h"
#include "rt/node/net/judge.h"
#include "rt/node/net/peers.h"
#include "rt/os/clock.h"
#include "rt/os/host_port.h"
#include "rt/os/resolve.h"

/* How long an attempt counts before the other node has greeted: perhaps this node cannot
 * reach the other one, but can be reached by it; or the connection stands here only. Before
 * that greeting the other node cannot have accepted, so nothing is lost with the attempt. */
#define UNANSWERED_NS INT64_C(500000000)

static struct boot *boot_of(const struct peer *peer)
{
    return peer->boot ? boots_at(peer->net->node->boots, peer->boot) : NULL;
}

/* -- looking up ----------------------------------------------------------- */

static struct peer *find_address(const struct net *net, const char *host, uint16_t port)
{
    return port ? peer_map_find(&net->by_address, host, port) : NULL;
}

struct peer *peers_find_up_at(const struct net *net, const char *host, uint16_t port)
{
    return port ? peer_map_find(&net->up_by_address, host, port) : NULL;
}

/* The peer that stands for that run; NULL: none does. */
static struct peer *find_run(const struct net *net, const uint8_t boot_id[BOOT_ID_BYTES])
{
    uint32_t index = boots_find(net->node->boots, boot_id);
    return index == UINT32_MAX ? NULL : boots_at(net->node->boots, index)->peer;
}

static struct peer *find_up(const struct net *net, const uint8_t boot_id[BOOT_ID_BYTES])
{
    struct peer *peer = find_run(net, boot_id);
    return peer && peer->state == PEER_UP ? peer : NULL;
}

/* -- lists ---------------------------------------------------------------- */

static struct peer_list *list_of(const struct peer *peer)
{
    return peer->state == PEER_IDLE ? &peer->net->idle : &peer->net->busy;
}

static void add_to_list(struct peer *peer)
{
    struct peer_list *list = list_of(peer);
    peer->previous = list->last;
    peer->next = NULL;
    *(list->last ? &list->last->next : &list->first) = peer;
    list->last = peer;
    list->n++;
}

static void remove_from_list(struct peer *peer)
{
    struct peer_list *list = list_of(peer);
    if (peer->net->next_busy == peer) peer->net->next_busy = peer->next;
    *(peer->previous ? &peer->previous->next : &list->first) = peer->next;
    *(peer->next ? &peer->next->previous : &list->last) = peer->previous;
    list->n--;
}

static void note_where_it_listens(struct peer *peer)
{
    struct net *net = peer->net;
    const struct boot *boot = boot_of(peer);
    peer_map_remove(&net->up_by_address, &peer->listens);
    free(peer->listening);
    peer->listening = NULL;
    if (peer->state != PEER_UP || !boot || !boot->port || !(peer->listening = strdup(boot->host))) return;
    peer_map_add(&net->up_by_address, &peer->listens, peer, peer->listening, boot->port);
}

void peer_become(struct peer *peer, enum peer_state state)
{
    remove_from_list(peer);
    peer->state = state;
    add_to_list(peer);
    note_where_it_listens(peer);
}

struct peer *peers_first_busy(struct net *net)
{
    net->next_busy = net->busy.first;
    return peers_next_busy(net);
}

struct peer *peers_next_busy(struct net *net)
{
    struct peer *peer = net->next_busy;
    if (peer) net->next_busy = peer->next;
    return peer;
}

/* -- making and freeing --------------------------------------------------- */

static bool set_address(struct peer *peer, const char *host, uint16_t port)
{
    char *copy = strdup(peer_map_canonical(host));
    if (!copy) return false;
    peer_map_remove(&peer->net->by_address, &peer->at);
    free(peer->host);
    peer->host = copy;
    peer->port = port;
    if (port) peer_map_add(&peer->net->by_address, &peer->at, peer, copy, port);
    return true;
}

static struct peer *new_peer(struct net *net, const char *host, uint16_t port)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer) return NULL;
    peer->net = net;
    peer->epoch = net->forgotten_epoch;
    if (!set_address(peer, host, port)) {
        free(peer);
        return NULL;
    }
    add_to_list(peer);
    return peer;
}

static void set_same(struct peer *peer, struct peer *same)
{
    if (peer->same) peer->same->n_referrers--;
    peer->is_spelling = false;
    peer->same = same;
    if (same) same->n_referrers++;
}

void peer_free(struct peer *peer)
{
    struct net *net = peer->net;
    struct boot *boot = boot_of(peer);
    if (net->events->forget) net->events->forget(peer);
    if (boot && boot->peer == peer) boot->peer = NULL;
    if (peer->epoch > net->forgotten_epoch) net->forgotten_epoch = peer->epoch;
    set_same(peer, NULL);
    peer_map_remove(&net->by_address, &peer->at);
    remove_from_list(peer);
    free(peer->host);
    free(peer);
}

/* -- what an index or an address means ------------------------------------ */

/* The peer stands for that run from now on, and none other does. */
static void bind_run(struct peer *peer, uint32_t index)
{
    struct boot *before = boot_of(peer), *boot = boots_at(peer->net->node->boots, index);
    if (before && before->peer == peer) before->peer = NULL;
    if (boot->peer && boot->peer != peer) {
        boot->peer->boot = 0;
        if (*boot->peer->host) set_same(boot->peer, peer);
    }
    set_same(peer, NULL);
    boot->peer = peer;
    peer->boot = index;
}

/* Who is to dial that run: the peer at its address, if nothing else is expected of
 * that one; else one that waits for the run to come. NULL: no memory. */
static struct peer *dialler_of(struct net *net, struct peer *peer, const struct boot *boot)
{
    struct peer *there = find_address(net, boot->host, boot->port);
    if (!there && !peer) return new_peer(net, boot->host, boot->port);
    if (!there) return set_address(peer, boot->host, boot->port) ? peer : NULL;
    bool is_free =
        there->state == PEER_IDLE || (there->state == PEER_DIALS && !(there->boot && there->wants_run));
    if (is_free) return there;
    return peer ? peer : new_peer(net, "", 0);
}

struct peer *peer_of_boot(struct node *node, uint32_t index)
{
    struct boot *boot = boots_at(node->boots, index);
    struct peer *peer = boot->peer;
    if (!peer || (peer->state == PEER_IDLE && !*peer->host)) {
        peer = dialler_of(node->net, peer, boot);
        if (!peer) return NULL;
        if (peer != boot->peer) bind_run(peer, index);
    }
    if (peer->state != PEER_UP) peer->wants_run = true;
    return peer;
}

/* What has turned out to be the same: an address whose peer stands for no run any more, and may be dialled
 * again, still leads there. The last one of such a row has no `same`, so no row is a ring. */
static struct peer *follow_same(struct peer *peer)
{
    while (peer && peer->same)
        peer = peer->same;
    return peer;
}

bool peers_is_name_of(const struct peer *peer, const char *host, uint16_t port)
{
    const struct boot *boot = boot_of(peer);
    if (follow_same(find_address(peer->net, host, port)) == peer) return true;
    return boot && boot->port == port && port &&
           strcmp(peer_map_canonical(boot->host), peer_map_canonical(host)) == 0;
}

/* The one address that a name has on this machine's list, or another spelling of an address, as a number. */
static bool find_number(const char *host, uint16_t port, char number[SOCKET_HOST_MAX])
{
    static const char mapped[] = "::ffff:";
    struct socket_address found[RESOLVE_MOST];
    const char *canonical = peer_map_canonical(host);
    if (resolve_here(canonical, port, found) != 1) return false;
    socket_address_host(&found[0], number);
    size_t front = sizeof mapped - 1;
    if (strncmp(number, mapped, front) == 0 && strchr(number, '.'))
        memmove(number, number + front, strlen(number + front) + 1);
    return strcmp(number, canonical) != 0;
}

/* A name that is used for the first time. What is sent by it waits with what is sent by the number, or would
 * have no order with that while the node is dialled. */
static struct peer *peer_of_new_name(struct net *net, const char *host, uint16_t port)
{
    char number[SOCKET_HOST_MAX];
    struct peer *peer = new_peer(net, host, port);
    if (!peer || !find_number(host, port, number)) return peer;
    struct peer *same = peer_of_address(net->node, number, port);
    if (!same) return NULL;
    set_same(peer, same);
    peer->is_spelling = true;
    return same;
}

struct peer *peer_of_address(struct node *node, const char *host, uint16_t port)
{
    struct peer *peer = find_address(node->net, host, port), *same = follow_same(peer);
    bool leads_on = peer && same != peer && peer->state == PEER_IDLE;
    if (leads_on && same->state == PEER_UP) return same;
    if (leads_on && peer->is_spelling && *same->host) return peer_of_address(node, same->host, same->port);
    if (peer && peer->state == PEER_UP) return peer;
    struct peer *up = peers_find_up_at(node->net, host, port);
    if (up) return up;
    if (peer && peer->state == PEER_IDLE) peer->wants_run = false;
    return peer ? peer : peer_of_new_name(node->net, host, port);
}

bool peer_is_run(const struct peer *peer, const uint8_t boot_id[BOOT_ID_BYTES])
{
    const struct boot *boot = boot_of(peer);
    return boot && memcmp(boot->id, boot_id, BOOT_ID_BYTES) == 0;
}

/* -- newcomers ------------------------------------------------------------ */

/* Where a peer that has proved itself can be dialled. A listener on all addresses
 * is reached at the one it has come from. */
static const char *host_of(const struct conn *c, const struct handshake_self *self,
                           char buffer[SOCKET_HOST_MAX])
{
    bool is_any = host_is_any(self->host);
    if (is_any) socket_address_host(&c->remote, buffer);
    return is_any ? buffer : self->host;
}

static bool has_answered(const struct conn *c)
{
    bool has_greeted = c->handshake && c->handshake->peer_hello_bytes > 0;
    return has_greeted || clock_now_ns() - c->peer->series.since < UNANSWERED_NS;
}

/* The other side of an attempt has said that it is that run. */
static bool has_greeted(const struct peer *peer, const uint8_t boot_id[BOOT_ID_BYTES])
{
    const struct handshake *h = peer->state == PEER_DIALS && peer->conn ? peer->conn->handshake : NULL;
    return h && memcmp(h->peer.boot_id, boot_id, BOOT_ID_BYTES) == 0;
}

static bool is_attempt(const struct peer *peer) { return peer && peer->state == PEER_DIALS && peer->conn; }

/* This node's own attempt to reach the newcomer, or NULL. */
static struct peer *find_attempt(const struct net *net, const struct handshake_self *newcomer)
{
    if (net->n_unsettled == 0) return NULL;
    struct peer *there = find_address(net, newcomer->host, newcomer->port);
    struct peer *run = find_run(net, newcomer->boot_id);
    if (is_attempt(there)) return there;
    if (is_attempt(run)) return run;
    for (struct peer *peer = net->busy.first; peer; peer = peer->next)
        if (has_greeted(peer, newcomer->boot_id)) return peer;
    return NULL;
}

void peers_find_facts(struct net *net, const struct handshake_self *newcomer, struct judge_facts *facts,
                      struct peer **rival_out)
{
    struct peer *same = find_up(net, newcomer->boot_id);
    struct peer *at_address = same ? NULL : peers_find_up_at(net, newcomer->host, newcomer->port);
    struct peer *attempt = find_attempt(net, newcomer);
    facts->is_self = memcmp(newcomer->boot_id, net->node->boot_id, BOOT_ID_BYTES) == 0;
    facts->is_up = same != NULL;
    facts->address_is_up = at_address != NULL;
    facts->is_dialled = attempt && has_answered(attempt->conn);
    *rival_out = same ? same : at_address;
}

/* -- whose connection is it ----------------------------------------------- */

/* No connection but the new one stands for that run. */
static void end_other_connection(struct peer *other, const struct conn *c)
{
    if (other && other->state == PEER_UP && other->conn != c) conn_end(other->conn, GOODBYE_CLOSED);
}

/* Another run has answered than the one that was dialled. */
static struct peer *replace_run(struct peer *peer, uint32_t index, struct conn *c)
{
    struct boot *boot = boots_at(peer->net->node->boots, index);
    struct peer *other = boot->peer ? boot->peer : new_peer(peer->net, "", 0);
    if (!other || !set_address(other, peer->host, peer->port) || !set_address(peer, "", 0)) return NULL;
    bind_run(other, index);
    c->peer = other;
    peer->conn = NULL;
    peer_give_up(peer, GOODBYE_RESTARTED);
    return other;
}

static struct peer *peer_of_dialled(struct conn *c, uint32_t index)
{
    struct peer *peer = c->peer, *other = boots_at(peer->net->node->boots, index)->peer;
    if (peer->boot == index) return peer;
    end_other_connection(other, c);
    if (peer->boot && peer->wants_run) return replace_run(peer, index, c);
    if (other && other->state == PEER_DIALS) peer_give_up(other, GOODBYE_CLOSED);
    bind_run(peer, index);
    return peer;
}

/* An attempt for the sake of another run, which has been answered by this one, stands in the way of nothing any
 * more; but the other side may have taken it, written to it, and dropped it before this connection began. What
 * it wrote would come here behind what comes over this one. */
static void end_answered_attempts(struct net *net, const uint8_t boot_id[BOOT_ID_BYTES],
                                  const struct peer *chosen)
{
    for (struct peer *peer = peers_first_busy(net); peer; peer = peers_next_busy(net))
        if (peer != chosen && has_greeted(peer, boot_id)) conn_end(peer->conn, GOODBYE_NONE);
}

static struct peer *peer_of_accepted(struct conn *c, uint32_t index)
{
    struct net *net = c->net;
    struct boot *boot = boots_at(net->node->boots, index);
    struct peer *peer = boot->peer, *there = find_address(net, boot->host, boot->port);
    struct peer *dialled = find_attempt(net, &c->handshake->peer);
    if (!dialled) dialled = there;
    bool is_free = dialled && dialled->state != PEER_UP && (!dialled->boot || !dialled->wants_run);
    if (is_free && (!peer || peer->state == PEER_IDLE)) peer = dialled;
    if (!peer) peer = there ? new_peer(net, "", 0) : new_peer(net, boot->host, boot->port);
    if (peer) bind_run(peer, index);
    if (peer && !*peer->host && boot->port && !find_address(net, boot->host, boot->port))
        set_address(peer, boot->host, boot->port);
    if (net->n_unsettled > 0) end_answered_attempts(net, c->handshake->peer.boot_id, peer);
    return peer;
}

bool peer_take(struct net *net, struct conn *c)
{
    const struct handshake_self *self = &c->handshake->peer;
    char buffer[SOCKET_HOST_MAX];
    const char *host = host_of(c, self, buffer);
    uint32_t index = boots_meet(net->node->boots, self->boot_id, host, strlen(host), self->port);
    struct peer *peer = NULL;
    if (index != UINT32_MAX && index != 0)
        peer = c->is_dialled ? peer_of_dialled(c, index) : peer_of_accepted(c, index);
    if (peer) set_same(peer, NULL);
    if (peer && peer->state != PEER_UP && peer_go_up(peer, c)) return true;
    conn_end(c, GOODBYE_CLOSED);
    return false;
}

static bool was_ever_up(const struct net *net, const uint8_t boot_id[BOOT_ID_BYTES])
{
    const struct peer *peer = find_run(net, boot_id);
    return peer && peer->has_been_up;
}

void peer_is_refused(struct peer *peer, const uint8_t boot_id[BOOT_ID_BYTES], enum refusal why)
{
    struct net *net = peer->net;
    struct peer *up = find_up(net, boot_id);
    if (why == REFUSAL_NAME_IN_USE && !up && !was_ever_up(net, boot_id) &&
        boots_at(net->node->boots, 0)->port)
        net->name_is_taken = true;
    if (why != REFUSAL_CONNECTED || !up || up == peer) return;
    if (peer->boot && peer->wants_run && peer->boot != up->boot) {
        peer_give_up(peer, GOODBYE_RESTARTED);
        return;
    }
    set_same(peer, up);
    peer_pass_on(peer, up);
}
