#include "tests/sim/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "rt/node/net/conn.h"
#include "tests/sim/harm.h"

#define QUIET_NS   (25 * WORLD_SECOND)
#define SLACK_NS   (500 * WORLD_MS)
#define SEEN_NS    (3 * WORLD_SECOND)  /* an end that the other host's kernel announces */
#define DIALLED_NS (10 * WORLD_SECOND) /* an attempt is over by then: 4 s, and 5 s for a handshake */

static struct cluster *cluster_of(struct worker *w) { return host_of_worker(w)->cluster; }

/* -- messages: the number of the message, and bytes that follow from it */

static uint8_t pattern(uint32_t id, size_t i) { return (uint8_t)(id * 167 + i * 13 + (i >> 8)); }

static size_t random_size(struct cluster *c)
{
    size_t small = 4 + world_random(c->world, 100);
    if (!world_chance(c->world, 10)) return small;
    return small + world_random(c->world, c->limits.fragment_bytes * (world_chance(c->world, 10) ? 10 : 3));
}

/* Whoever is at the address, or the run that is there now. */
static struct peer *choose_peer(struct host *h, unsigned to)
{
    const char *address = os_address(to);
    struct host *there = &h->cluster->hosts[to];
    if (!there->run || world_chance(h->cluster->world, 50))
        return peer_of_address(&h->node, address, HOST_PORT);
    uint32_t boot = boots_index(h->node.boots, there->node.boot_id, address, strlen(address), HOST_PORT);
    return peer_of_boot(&h->node, boot);
}

static void put_message(struct wire_buf *buf, uint32_t id, size_t size)
{
    uint8_t *at = buf_room(buf, size);
    if (!at) return;
    memcpy(at, &id, sizeof id);
    for (size_t i = sizeof id; i < size; i++)
        at[i] = pattern(id, i);
    buf->n += size;
}

static void park_sender(struct host *h, struct peer *peer, unsigned sender)
{
    if (h->senders[sender].is_parked) return;
    h->sched.running = h->senders[sender].process;
    h->senders[sender].is_parked = true;
    h->cluster->n_parked++;
    peer_park_sender(&h->worker, peer);
}

/* False: it was refused, or given up. */
static bool send_message(struct host *h, unsigned to, unsigned sender, unsigned key, bool is_last)
{
    struct cluster *c = h->cluster;
    if (c->n_sent == CLUSTER_MESSAGES_MAX) return false;
    struct peer *peer = choose_peer(h, to);
    struct wire_buf *buf =
        peer ? peer_begin(peer, world_chance(c->world, 85) ? CONTROL_SEND : CONTROL_END, key + 1) : NULL;
    if (!buf) {
        c->n_refused++;
        return false;
    }
    uint32_t id = c->n_sent;
    put_message(buf, id, random_size(c));
    if (world_chance(c->world, 2)) {
        peer_abandon(peer);
        return false;
    }
    if (!peer_end(peer)) { /* as rt/node does, which must find out the true reason */
        peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
        return false;
    }
    c->sent[c->n_sent++] = (struct sent){.run = h->run,
                                         .downs = c->downs[h->index][to],
                                         .from = (uint8_t)h->index,
                                         .to = (uint8_t)to,
                                         .sender = (uint8_t)sender,
                                         .key = (uint8_t)key,
                                         .is_last = is_last};
    if (peer_is_congested(peer)) park_sender(h, peer, sender);
    return true;
}

/* -- what the nodes are told */

static void up(struct worker *w, struct peer *peer)
{
    struct host *h = host_of_worker(w);
    world_trace(h->cluster->world, "host %u: up, host %u run %u", h->index, host_of_peer(peer),
                run_of_peer(peer));
    if (peer->remote) world_fail(h->cluster->world, "host %u: up twice", h->index);
    peer->remote = (struct remote *)h; /* marks one that is up */
}

/* Silence has a cause. */
static void check_silence(struct host *h, struct host *there)
{
    struct cluster *c = h->cluster;
    int64_t now = c->world->now, long_ns = 2 * c->limits.tick_timeout_ns + SLACK_NS;
    bool is_alone =
        os_are_apart(h->index, there->index) || now - c->apart_ns[h->index][there->index] < long_ns;
    bool is_hindered =
        !host_is_able(there) || now - there->hindered_ns < long_ns || now - h->hindered_ns < long_ns;
    if (!is_alone && !is_hindered)
        world_fail(c->world, "G3: host %u takes host %u for lost", h->index, there->index);
}

/* Who hears of a loss tells the others, which may be lost at the same moment. */
static void say_to_others(struct host *h, unsigned lost)
{
    struct cluster *c = h->cluster;
    for (unsigned to = 0; to < c->n_hosts && !c->is_quiet; to++)
        if (to != lost && to != h->index && !h->senders[0].is_parked && world_chance(c->world, 50))
            send_message(h, to, 0, 0, false);
}

static void down(struct worker *w, struct peer *peer, enum goodbye why)
{
    struct host *h = host_of_worker(w);
    unsigned there = host_of_peer(peer);
    world_trace(h->cluster->world, "host %u: down, host %u run %u: %s", h->index, there, run_of_peer(peer),
                goodbye_text(why));
    peer->remote = NULL;
    if (why == GOODBYE_TICK_TIMEOUT || why == GOODBYE_UNREACHABLE || why == GOODBYE_CONGESTED)
        check_silence(h, &h->cluster->hosts[there]);
    if (why == GOODBYE_OUT_OF_MEMORY)
        world_fail(h->cluster->world, "host %u: the wrong reason: there is memory enough", h->index);
    h->cluster->downs[h->index][there]++;
    h->cluster->n_downs++;
    say_to_others(h, there);
}

static void check_message(struct cluster *c, struct host *h, struct peer *peer, const uint8_t *body, size_t n)
{
    uint32_t id;
    memcpy(&id, body, sizeof id);
    if (id >= c->n_sent) world_fail(c->world, "message %u was not sent", id);
    struct sent *m = &c->sent[id];
    uint32_t *last = &c->last[h->index][m->run % CLUSTER_RUNS][m->sender][m->key];
    if (m->to != h->index || m->run != run_of_peer(peer))
        world_fail(c->world, "message %u came to the wrong host", id);
    if (m->has_come) world_fail(c->world, "G2: message %u came twice", id);
    if (id + 1 <= *last) world_fail(c->world, "G1: message %u came after %u", id, *last - 1);
    for (size_t i = sizeof id; i < n; i++)
        if (body[i] != pattern(id, i)) world_fail(c->world, "message %u is damaged at byte %zu", id, i);
    m->has_come = true;
    *last = id + 1;
    c->n_come++;
}

static bool message(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n)
{
    struct host *h = host_of_worker(w);
    struct cluster *c = cluster_of(w);
    if (!peer->remote) world_fail(c->world, "a message from a peer that is not up");
    if (n < 4) world_fail(c->world, "a message of %zu bytes", n);
    check_message(c, h, peer, body, n);
    if (!c->is_quiet && !h->senders[0].is_parked && world_chance(c->world, 20))
        send_message(h, host_of_peer(peer), 0, 0, false);
    return true;
}

static void stalled(struct worker *w, struct peer *peer) {}

static const struct peer_events events = {.up = up, .down = down, .message = message, .stalled = stalled};

void cluster_start_host(struct cluster *c, unsigned index)
{
    memset(c->downs[index], 0, sizeof c->downs[index]);
    memset(c->last[index], 0, sizeof c->last[index]);
    host_start(&c->hosts[index], &c->limits, &events);
}

/* -- what must hold all the time */

static void check_up(struct host *h, struct peer *peer)
{
    struct cluster *c = h->cluster;
    int64_t now = c->world->now, able_ns = now - h->hindered_ns, t = c->limits.tick_timeout_ns;
    struct host *there = &c->hosts[host_of_peer(peer)];
    int64_t since = now - c->apart_ns[h->index][there->index];
    bool apart = os_are_apart(h->index, there->index);
    if (apart && since > t + t / 4 + SLACK_NS && able_ns > t + t / 4 + SLACK_NS)
        world_fail(c->world, "G3: host %u does not see that host %u is silent", h->index, there->index);
    bool is_gone = there->run != run_of_peer(peer);
    if (is_gone && !apart && since > t + SEEN_NS && able_ns > t + SEEN_NS &&
        now - there->died_ns > t + SEEN_NS)
        world_fail(c->world, "G3: host %u does not see that run %u has ended", h->index, run_of_peer(peer));
}

static void check_peer(struct host *h, struct peer *peer)
{
    struct cluster *c = h->cluster;
    int64_t now = c->world->now, able_ns = now - h->hindered_ns;
    if (peer->state == PEER_UP) check_up(h, peer);
    if (peer->state == PEER_DIALS && now - peer->series.since > DIALLED_NS && able_ns > DIALLED_NS)
        world_fail(c->world, "G3: host %u dials host %u for ever", h->index, host_of_peer(peer));
    for (struct peer *other = peer->next; other; other = other->next)
        if (peer->state == PEER_UP && other->state == PEER_UP && run_of_peer(peer) == run_of_peer(other))
            world_fail(c->world, "host %u has two connections to run %u", h->index, run_of_peer(peer));
}

void cluster_check_host(struct host *h)
{
    for (struct peer *peer = h->node.net->busy.first; peer; peer = peer->next)
        check_peer(h, peer);
}

/* -- what must hold in the end */

static void check_sent(struct cluster *c)
{
    for (uint32_t id = 0; id < c->n_sent; id++) {
        struct sent *m = &c->sent[id];
        if (m->has_come) continue;
        if (m->is_last)
            world_fail(c->world, "message %u of the quiet time from host %u to host %u was lost", id, m->from,
                       m->to);
        bool is_excused = c->hosts[m->from].run != m->run || c->downs[m->from][m->to] > m->downs;
        if (!is_excused)
            world_fail(c->world, "G2: message %u from host %u to host %u was lost without an event", id,
                       m->from, m->to);
    }
}

static void check_parked(struct cluster *c)
{
    for (unsigned i = 0; i < c->n_hosts; i++)
        for (int k = 0; k < HOST_SENDERS; k++)
            if (c->hosts[i].senders[k].is_parked)
                world_fail(c->world, "G6: sender %d of host %u is parked for ever", k, i);
}

/* Both ends of a connection belong to peers that are up with each other. */
static void check_agreement(struct cluster *c)
{
    for (unsigned i = 0; i < c->n_hosts; i++)
        for (struct peer *peer = c->hosts[i].node.net->busy.first; peer; peer = peer->next) {
            if (peer->state != PEER_UP) continue;
            struct host *there = &c->hosts[host_of_peer(peer)];
            bool is_mutual = false;
            for (struct peer *back = there->node.net->busy.first; back; back = back->next)
                is_mutual |= back->state == PEER_UP && run_of_peer(back) == c->hosts[i].run;
            if (!is_mutual || run_of_peer(peer) != there->run)
                world_fail(c->world, "host %u is up with host %u, which is not with it", i, there->index);
        }
}

static void send_last(void *context, uint64_t from, uint64_t to)
{
    struct cluster *c = context;
    struct host *h = &c->hosts[from];
    uint32_t refused = c->n_refused;
    os_set_host(h->index);
    for (unsigned key = 0; key < CLUSTER_KEYS; key++)
        send_message(h, (unsigned)to, 1, key, true);
    if (c->n_refused > refused) world_fail(c->world, "host %u cannot reach host %u", h->index, (unsigned)to);
    host_plan_round(h);
}

/* -- the run */

static void send_some(void *context, uint64_t index, uint64_t b)
{
    struct cluster *c = context;
    struct host *h = &c->hosts[index];
    if (c->is_quiet) return;
    world_after(c->world, WORLD_MS + world_time(c->world, 60 * WORLD_MS), send_some, c, index, 0);
    if (!host_is_able(h)) return;
    os_set_host(h->index);
    uint64_t n = world_chance(c->world, 5) ? 60 : 1 + world_random(c->world, 3);
    unsigned to = (unsigned)world_random(c->world, c->n_hosts);
    for (unsigned sender = (unsigned)world_random(c->world, HOST_SENDERS); n > 0; n--)
        if (to != h->index && !h->senders[sender].is_parked)
            send_message(h, to, sender, (unsigned)world_random(c->world, CLUSTER_KEYS), false);
    host_plan_round(h);
}

static void input(void *context, unsigned host)
{
    host_plan_round(&((struct cluster *)context)->hosts[host]);
}

static struct channel_limits random_limits(struct world *world)
{
    struct channel_limits limits = channel_default_limits;
    if (world_chance(world, 70)) {
        limits.fragment_bytes = 40 + world_random(world, 300);
        limits.credit_bytes = 4 * limits.fragment_bytes + 640 + world_random(world, 10000);
        limits.streams_max = 2 + world_random(world, 4);
        limits.output_low_bytes = 100 + world_random(world, 2000);
    }
    limits.tick_timeout_ns = (int64_t)(1 + world_random(world, 3)) * WORLD_SECOND;
    return limits;
}

static void end_run(struct cluster *c)
{
    for (unsigned i = 0; i < c->n_hosts; i++)
        host_kill(&c->hosts[i]);
    os_stop();
    free(c->sent);
    free(c);
}

static struct cluster *new_cluster(struct world *world, unsigned n_hosts)
{
    struct cluster *c = calloc(1, sizeof *c);
    if (!c || !(c->sent = calloc(CLUSTER_MESSAGES_MAX, sizeof *c->sent))) abort();
    c->world = world;
    c->limits = random_limits(world);
    c->n_hosts = n_hosts;
    os_start(world, input, c);
    for (unsigned i = 0; i < n_hosts; i++) {
        c->hosts[i].cluster = c;
        c->hosts[i].index = i;
        cluster_start_host(c, i);
    }
    return c;
}

static void send_to_all(struct cluster *c)
{
    for (unsigned from = 0; from < c->n_hosts; from++)
        for (unsigned to = 0; to < c->n_hosts; to++)
            if (from != to)
                world_after(c->world, world_time(c->world, 10 * WORLD_MS), send_last, c, from, to);
    world_run(c->world, c->world->now + 6 * WORLD_SECOND);
    check_sent(c);
    check_agreement(c);
}

void cluster_run(struct world *world)
{
    struct cluster *c = new_cluster(world, 2 + (unsigned)world_random(world, 3));
    for (unsigned i = 0; i < c->n_hosts; i++)
        world_after(world, world_time(world, 100 * WORLD_MS), send_some, c, i, 0);
    harm_for(c, 12 * WORLD_SECOND);
    c->is_quiet = true;
    harm_mend_all(c);
    world_run(world, world->now + QUIET_NS);
    check_sent(c);
    check_parked(c);
    check_agreement(c);
    send_to_all(c);
    world_trace(world, "%u sent, %u came, %u refused, %u downs, %u parked", c->n_sent, c->n_come,
                c->n_refused, c->n_downs, c->n_parked);
    end_run(c);
}

/* A node is dialled that does not listen at the moment, and its end of that connection is gone when
 * it does; then it dials itself. The other end, which still stands, keeps nobody from coming. */
void cluster_half_open_run(struct world *world)
{
    struct cluster *c = new_cluster(world, 2);
    struct host *deaf = &c->hosts[world_random(world, 2)];
    unsigned other = 1 - deaf->index;
    deaf->is_busy = true;
    world_after(world, world_time(world, 5 * WORLD_MS), send_last, c, other, deaf->index);
    world_run(world, world->now + 400 * WORLD_MS);
    os_forget(deaf->index, other);
    deaf->is_busy = false;
    deaf->hindered_ns = world->now;
    host_plan_round(deaf);
    world_after(world, WORLD_MS, send_last, c, deaf->index, other);
    world_run(world, world->now + 3 * WORLD_SECOND);
    check_sent(c);
    check_agreement(c);
    end_run(c);
}

/* All nodes dial each other at about the same time, and nothing goes wrong. */
void cluster_crossing_run(struct world *world)
{
    struct cluster *c = new_cluster(world, 2 + (unsigned)world_random(world, OS_HOSTS_MAX - 1));
    send_to_all(c);
    if (c->n_downs) world_fail(world, "a node that is there was taken for lost");
    for (unsigned i = 0; i < c->n_hosts; i++)
        if (c->hosts[i].node.net->n_up != c->n_hosts - 1)
            world_fail(world, "host %u has %u connections", i, c->hosts[i].node.net->n_up);
    end_run(c);
}
