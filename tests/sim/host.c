#include "tests/sim/host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/code/modules.h"
#include "rt/node/net/conn.h"
#include "rt/node/net/cookie.h"
#include "rt/node/net/io_duties.h"
#include "rt/node/net/large_out.h"
#include "rt/node/net/peers.h"
#include "tests/sim/cluster.h"

#define LINK_ROUND_NS (20 * WORLD_MS)
#define ROUND_NS      (300 * WORLD_US)

/* -- what rt/node calls of the rest of the runtime */

bool cookie_read(const char *file, struct handshake_keys *keys_out, char report[SECRET_REPORT_MAX])
{
    static const uint8_t cookie[32] = "the cookie of simulated clusters";
    *report = 0;
    keys_out->n = 0;
    handshake_add_cookie(keys_out, cookie, sizeof cookie);
    return true;
}

/* Simulated nodes have no code. */
void module_digest(const struct tt_program *program, uint8_t out[32]) { memset(out, 0, 32); }

void preempt_request(struct worker *w) { host_plan_round(host_of_worker(w)); }

void sched_park_running(struct worker *w, struct process_queue *queue)
{
    struct process *p = w->sched->running;
    p->next = NULL;
    *(queue->head ? &queue->tail->next : &queue->head) = p;
    queue->tail = p;
}

void sched_unpark(struct scheduler *s, struct process_queue *queue)
{
    struct host *h = (struct host *)((char *)s - offsetof(struct host, sched));
    for (struct process *p = queue->head; p; p = p->next)
        for (int i = 0; i < HOST_SENDERS; i++)
            if (h->senders[i].process == p) h->senders[i].is_parked = false;
    *queue = (struct process_queue){0};
}

void __wrap_net_log(struct net *net, const char *format, ...)
{
    char line[300];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    struct host *h = host_of_worker(net->node->worker);
    world_trace(h->cluster->world, "host %u: %s", h->index, line);
}

/* -- the I/O thread (io_thread.c) */

void io_thread_init(struct io_thread *t)
{
    pthread_mutex_init(&t->lock, NULL);
    atomic_init(&t->deadline_ns, INT64_MAX);
}

void io_thread_note_waiting(struct net *net, bool waits) { atomic_store(&net->thread.worker_waits, waits); }

static void link_round(void *context, uint64_t run, uint64_t b)
{
    struct host *h = context;
    if (h->run != run) return;
    world_after(h->cluster->world, LINK_ROUND_NS / 2 + world_time(h->cluster->world, LINK_ROUND_NS),
                link_round, h, run, 0);
    if (h->is_stopped) return;
    os_set_host(h->index);
    io_thread_tend(h->node.net);
    if (io_thread_wants_worker(h->node.net)) host_plan_round(h);
}

bool io_thread_start(struct net *net)
{
    struct host *h = host_of_worker(net->node->worker);
    world_after(h->cluster->world, LINK_ROUND_NS, link_round, h, h->run, 0);
    return true;
}

/* -- the worker */

static void due(void *context, uint64_t run, uint64_t b)
{
    struct host *h = context;
    if (h->run == run) host_plan_round(h);
}

static void worker_round(void *context, uint64_t run, uint64_t b)
{
    struct host *h = context;
    struct world *world = h->cluster->world;
    if (h->run != run) return;
    h->is_round_planned = false;
    if (!host_is_able(h)) return; /* planned again when it is */
    struct net *net = h->node.net;
    os_set_host(h->index);
    atomic_fetch_add(&h->sched.switches, 1);
    atomic_store(&h->node.wants_poll, true);
    if (world_chance(world, 50))
        net_poll(&h->node);
    else
        net_wait(&h->node, 1);
    cluster_check_host(h);
    if (poller_has_events(&net->poller)) host_plan_round(h);
    int64_t deadline = atomic_load(&net->thread.deadline_ns);
    if (deadline != INT64_MAX)
        world_after(world, deadline > world->now ? deadline - world->now : 0, due, h, run, 0);
}

void host_plan_round(struct host *h)
{
    if (!h->run || h->is_round_planned) return;
    h->is_round_planned = true;
    world_after(h->cluster->world, world_time(h->cluster->world, ROUND_NS), worker_round, h, h->run, 0);
}

/* -- runs */

void host_start(struct host *h, const struct channel_limits *limits, const struct peer_events *events)
{
    struct world *world = h->cluster->world;
    const char *why = "";
    h->run = ++h->cluster->runs;
    h->is_stopped = h->is_busy = h->is_round_planned = false;
    h->hindered_ns = world->now;
    memset(&h->node, 0, sizeof h->node);
    memset(&h->worker, 0, sizeof h->worker);
    memset(&h->sched, 0, sizeof h->sched);
    h->worker.node = &h->node;
    h->worker.sched = &h->sched;
    h->node.worker = &h->worker;
    for (int i = 0; i < 12; i++)
        h->node.boot_id[i] = (uint8_t)world_random(world, 256);
    memcpy(h->node.boot_id + 12, &h->run, sizeof h->run);
    os_set_host(h->index);
    h->node.boots = boots_new(h->node.boot_id);
    if (!net_init(&h->node, events)) abort();
    h->node.net->limits = *limits;
    if (!net_listen(&h->node, os_address(h->index), HOST_PORT, &why))
        world_fail(world, "no listener: %s", why);
    net_accept(&h->node);
    for (int i = 0; i < HOST_SENDERS; i++)
        h->senders[i] = (struct sender){calloc(1, sizeof(struct process)), false};
    world_trace(world, "host %u: run %u", h->index, h->run);
    host_plan_round(h);
}

static void free_run(struct host *h)
{
    struct net *net = h->node.net;
    while (net->conns)
        conn_give_up(net->conns);
    conns_free_over(net);
    for (struct peer *peer = peers_first_busy(net); peer; peer = peers_next_busy(net)) {
        if (peer->waiting) channel_free(peer->waiting);
        if (peer->resolution) resolve_free(peer->resolution);
        peer_become(peer, PEER_IDLE);
    }
    for (struct peer *peer = net->idle.first; peer; peer = peer->next)
        peer->same = NULL;
    while (net->idle.first)
        peer_free(net->idle.first);
    peer_map_free(&net->by_address);
    peer_map_free(&net->up_by_address);
    free(net->input);
    free(net);
    boots_free(h->node.boots);
    for (int i = 0; i < HOST_SENDERS; i++)
        free(h->senders[i].process);
}

void host_kill(struct host *h)
{
    if (!h->run) return;
    world_trace(h->cluster->world, "host %u: killed", h->index);
    os_close_all(h->index);
    free_run(h);
    h->run = 0;
    h->died_ns = h->cluster->world->now;
}

/* -- peers */

uint32_t run_of_peer(const struct peer *peer)
{
    uint32_t run = 0;
    if (peer->boot) memcpy(&run, boots_at(peer->net->node->boots, peer->boot)->id + 12, sizeof run);
    return run;
}

unsigned host_of_peer(const struct peer *peer)
{
    const char *address = *peer->host ? peer->host : boots_at(peer->net->node->boots, peer->boot)->host;
    unsigned last = 0;
    sscanf(address, "127.0.0.%u", &last);
    return last - 1;
}

/* -- rt/node/net/large_out.c: nothing is written in steps here, as there are no values ------- */

bool large_out_blocks(const struct peer *peer, const struct heading *heading) { return false; }
struct wire_buf *large_out_begin(struct peer *peer, struct heading heading) { return NULL; }
bool large_out_keep(struct peer *peer) { return false; }
void large_out_forget(struct peer *peer) {}
const struct wire_buf *large_out_draft(const struct peer *peer, struct heading *heading_out) { return NULL; }
bool large_out_step(struct peer *peer, bool hurry) { return false; }
void large_out_drop_all(struct peer *peer) {}
void large_out_pass_on(struct peer *peer, struct peer *up) {}
