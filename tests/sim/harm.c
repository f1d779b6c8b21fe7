#include "tests/sim/harm.h"

/* -- partitions */

static void set_apart(struct cluster *c, unsigned a, unsigned b, bool are_apart)
{
    if (os_are_apart(a, b) == are_apart) return;
    world_trace(c->world, "hosts %u and %u are %s", a, b, are_apart ? "apart" : "together");
    os_set_apart(a, b, are_apart);
    c->apart_ns[a][b] = c->apart_ns[b][a] = c->world->now;
}

static void heal(void *context, uint64_t a, uint64_t b)
{
    set_apart(context, (unsigned)a, (unsigned)b, false);
}

static int64_t some_time(struct cluster *c) { return world_time(c->world, 3 * c->limits.tick_timeout_ns); }

static void part(struct cluster *c, unsigned a, unsigned b)
{
    set_apart(c, a, b, true);
    world_after(c->world, some_time(c), heal, c, a, b);
}

static void isolate(struct cluster *c, unsigned a)
{
    for (unsigned b = 0; b < c->n_hosts; b++)
        if (b != a) part(c, a, b);
}

/* -- processes */

static void restart(void *context, uint64_t index, uint64_t b)
{
    struct cluster *c = context;
    if (!c->hosts[index].run) cluster_start_host(c, (unsigned)index);
}

static void kill_host(struct cluster *c, unsigned index)
{
    if (!c->hosts[index].run) return;
    host_kill(&c->hosts[index]);
    world_after(c->world, world_chance(c->world, 50) ? WORLD_MS : some_time(c), restart, c, index, 0);
}

static void go_on(void *context, uint64_t index, uint64_t run)
{
    struct cluster *c = context;
    struct host *h = &c->hosts[index];
    if (h->run != run) return;
    if (h->is_stopped || h->is_busy) world_trace(c->world, "host %u goes on", h->index);
    h->is_stopped = h->is_busy = false;
    h->hindered_ns = c->world->now;
    host_plan_round(h);
}

static void hinder(struct cluster *c, struct host *h, bool *how, const char *what)
{
    if (!h->run || h->is_stopped || h->is_busy) return;
    *how = true;
    world_trace(c->world, "host %u is %s", h->index, what);
    world_after(c->world, some_time(c), go_on, c, h->index, h->run);
}

/* -- connections */

static void drop(struct cluster *c, struct host *h)
{
    if (!host_is_able(h)) return;
    os_set_host(h->index);
    for (struct peer *peer = h->node.net->busy.first; peer; peer = peer->next)
        if (peer->state == PEER_UP && world_chance(c->world, 50)) {
            world_trace(c->world, "host %u drops host %u", h->index, host_of_peer(peer));
            peer_drop(peer, GOODBYE_PROTOCOL_ERROR);
            break;
        }
    host_plan_round(h);
}

static void do_harm(struct cluster *c)
{
    unsigned a = (unsigned)world_random(c->world, c->n_hosts);
    unsigned b = (a + 1 + (unsigned)world_random(c->world, c->n_hosts - 1)) % c->n_hosts;
    struct host *h = &c->hosts[a];
    switch (world_random(c->world, 8)) {
    case 0: part(c, a, b); return;
    case 1: isolate(c, a); return;
    case 2: kill_host(c, a); return;
    case 3: hinder(c, h, &h->is_stopped, "stopped"); return;
    case 4: hinder(c, h, &h->is_busy, "busy"); return;
    case 5: drop(c, h); return;
    default: world_trace(c->world, "connections of hosts %u and %u are cut", a, b); os_reset(a, b);
    }
}

void harm_for(struct cluster *c, int64_t ns)
{
    int64_t end = c->world->now + ns, longest = world_time(c->world, 4 * WORLD_SECOND) + 100 * WORLD_MS;
    while (c->world->now < end) {
        world_run(c->world, c->world->now + world_time(c->world, longest));
        do_harm(c);
    }
}

void harm_mend_all(struct cluster *c)
{
    for (unsigned a = 0; a < c->n_hosts; a++) {
        for (unsigned b = 0; b < a; b++)
            set_apart(c, a, b, false);
        if (!c->hosts[a].run) cluster_start_host(c, a);
        go_on(c, a, c->hosts[a].run);
    }
}
