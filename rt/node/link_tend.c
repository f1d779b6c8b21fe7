#include "rt/node/link_tend.h"

#include "rt/actor/sched.h"
#include "rt/actor/ticker.h"
#include "rt/mem/node.h"
#include "rt/node/conn.h"
#include "rt/os/clock.h"

void link_thread_add(struct net *net, struct conn *c)
{
    struct link_thread *t = &net->thread;
    pthread_mutex_lock(&t->lock);
    c->up_next = t->up;
    t->up = c;
    pthread_mutex_unlock(&t->lock);
}

void link_thread_remove(struct net *net, struct conn *c)
{
    struct link_thread *t = &net->thread;
    pthread_mutex_lock(&t->lock);
    struct conn **at = &t->up;
    while (*at != c)
        at = &(*at)->up_next;
    *at = c->up_next;
    pthread_mutex_unlock(&t->lock);
}

void net_request_poll(struct net *net)
{
    atomic_store(&net->node->wants_poll, true);
    preempt_request(net->node->worker);
}

static void tell_worker(struct net *net)
{
    atomic_store(&net->thread.has_news, true);
    poller_wake(&net->poller);
    net_request_poll(net);
}

/* Returns when it wants to be looked at again. */
static int64_t tend(struct net *net, struct conn *c, int64_t now_ns)
{
    uint64_t steps = atomic_load_explicit(&net->node->worker->sched->switches, memory_order_relaxed);
    if (now_ns >= c->tick_ns) c->tick_ns = channel_tick(c->channel, now_ns, steps, socket_has_input(c->fd));
    size_t before = channel_backlog(c->channel), low = net->limits.credit_bytes / 2;
    conn_write_locked(c, now_ns);
    if (channel_failure(c->channel)) {
        tell_worker(net);
        return INT64_MAX;
    }
    if (before > low && channel_backlog(c->channel) <= low) tell_worker(net);
    return c->tick_ns;
}

int64_t link_thread_tend(struct net *net)
{
    int64_t first = INT64_MAX, now = clock_now_ns();
    pthread_mutex_lock(&net->thread.lock);
    for (struct conn *c = net->thread.up; c; c = c->up_next) {
        if (pthread_mutex_trylock(&c->lock) != 0) continue;
        int64_t next = tend(net, c, now);
        pthread_mutex_unlock(&c->lock);
        if (next < first) first = next;
    }
    pthread_mutex_unlock(&net->thread.lock);
    return first;
}

bool link_thread_wants_worker(struct net *net)
{
    int64_t deadline = atomic_load_explicit(&net->thread.deadline_ns, memory_order_relaxed);
    return poller_has_events(&net->poller) || clock_now_ns() >= deadline;
}
