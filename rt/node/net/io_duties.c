#include "rt/node/net/io_duties.h"

#include "rt/actor/sched.h"
#include "rt/actor/ticker.h"
#include "rt/mem/node.h"
#include "rt/node/net/conn.h"
#include "rt/os/clock.h"

/* A peer whose steps have not grown for so many times T is said to be stalled. */
#define STALLED_TICK_TIMEOUTS 4

void io_thread_add(struct net *net, struct conn *c)
{
    struct io_thread *t = &net->thread;
    pthread_mutex_lock(&t->lock);
    c->up_next = t->up;
    t->up = c;
    pthread_mutex_unlock(&t->lock);
}

void io_thread_remove(struct net *net, struct conn *c)
{
    struct io_thread *t = &net->thread;
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

/* A number that grows while the worker switches processes, looks at its sockets, or waits
 * for something to do: not in a long operation, nor when it is stuck. */
static uint64_t steps_of(struct net *net)
{
    if (atomic_load(&net->thread.worker_waits)) net->thread.waiting_ticks++;
    return atomic_load_explicit(&net->node->worker->sched->switches, memory_order_relaxed) +
           atomic_load_explicit(&net->looks, memory_order_relaxed) + net->thread.waiting_ticks;
}

/* Once for each time that it stands still. */
static void note_stalled(struct net *net, struct conn *c, int64_t now_ns)
{
    bool is_stalled =
        channel_peer_stalled_ns(c->channel, now_ns) >= STALLED_TICK_TIMEOUTS * net->limits.tick_timeout_ns;
    if (is_stalled && !c->is_stalled) {
        c->has_stalled = true;
        tell_worker(net);
    }
    c->is_stalled = is_stalled;
}

/* Returns when it wants to be looked at again. */
static int64_t tend(struct net *net, struct conn *c, int64_t now_ns)
{
    if (now_ns >= c->tick_ns) {
        c->tick_ns = channel_tick(c->channel, now_ns, steps_of(net), socket_has_input(c->fd));
        note_stalled(net, c, now_ns);
    }
    size_t before = channel_backlog(c->channel), low = net->limits.credit_bytes / 2;
    conn_write_locked(c, now_ns);
    if (channel_failure(c->channel)) {
        tell_worker(net);
        return INT64_MAX;
    }
    if (before > low && channel_backlog(c->channel) <= low) tell_worker(net);
    return c->tick_ns;
}

int64_t io_thread_tend(struct net *net)
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

bool io_thread_wants_worker(struct net *net)
{
    int64_t now = clock_now_ns(),
            deadline = atomic_load_explicit(&net->thread.deadline_ns, memory_order_relaxed);
    bool has_news = now >= deadline || poller_has_events(&net->poller);
    if (!has_news) atomic_store_explicit(&net->thread.quiet_ns, now, memory_order_relaxed);
    return has_news || atomic_load_explicit(&net->n_steps, memory_order_relaxed);
}
