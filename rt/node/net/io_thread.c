/* The I/O thread: sends what must not stall while the worker is busy, and asks
 * a busy worker to look up when input is there. It touches no collected memory
 * and is not registered with libgc, so that it runs while the world is stopped.
 *
 * It looks about every millisecond while the worker works, every 16 ms while that
 * waits (then the worker itself is in the poller, and all that is left to do is
 * ticks), and sleeps until the next tick when nothing has happened for a second.
 *
 * Locks: thread.lock, then a conn's. A conn whose lock the worker holds is passed
 * over until the next look. */
#include <time.h>

#include "rt/node/net/io_duties.h"
#include "rt/os/discard.h"
#include "rt/os/clock.h"
#include "rt/os/futex.h"
#include "rt/os/thread.h"

#define BUSY_LOOK_NS         1000000
#define WAITING_LOOK_NS      (16 * BUSY_LOOK_NS)
#define LOOKS_BEFORE_PARKING 64

void io_thread_init(struct io_thread *t)
{
    pthread_mutex_init(&t->lock, NULL);
    atomic_init(&t->deadline_ns, INT64_MAX);
}

/* Partner: park. The worker changes worker_waits, then looks at is_parked; the
 * thread sets is_parked, then looks at worker_waits; all sequentially consistent. */
void io_thread_note_waiting(struct net *net, bool waits)
{
    struct io_thread *t = &net->thread;
    atomic_store(&t->worker_waits, waits);
    if (waits || !atomic_load(&t->is_parked)) return;
    atomic_store(&t->is_parked, 0);
    futex_wake(&t->is_parked);
}

/* -- the thread ----------------------------------------------------------- */

static void sleep_ns(int64_t ns)
{
    nanosleep(&(struct timespec){.tv_sec = ns / CLOCK_SECOND_NS, .tv_nsec = ns % CLOCK_SECOND_NS}, NULL);
}

/* Sleeps until the worker has something to do again, or a tick is due. */
static void park(struct io_thread *t, int64_t until_ns)
{
    int64_t pause = until_ns == INT64_MAX ? -1 : until_ns - clock_now_ns();
    if (until_ns != INT64_MAX && pause <= 0) return;
    atomic_store(&t->is_parked, 1);
    if (atomic_load(&t->worker_waits)) futex_wait(&t->is_parked, 1, pause);
    atomic_store(&t->is_parked, 0);
}

static void *thread_main(void *context)
{
    struct net *net = context;
    struct io_thread *t = &net->thread;
    unsigned quiet = 0;
    thread_is_brief();
    for (;;) {
        bool waits = atomic_load(&t->worker_waits);
        quiet = waits ? quiet + 1 : 0;
        int64_t next = io_thread_tend(net);
        discard_all();
        if (!waits && io_thread_wants_worker(net)) net_request_poll(net);
        if (quiet < LOOKS_BEFORE_PARKING)
            sleep_ns(waits ? WAITING_LOOK_NS : BUSY_LOOK_NS);
        else
            park(t, next);
    }
    return NULL;
}

bool io_thread_start(struct net *net)
{
    if (!net->thread.is_started) net->thread.is_started = thread_start(thread_main, net);
    if (net->thread.is_started) discard_begin();
    return net->thread.is_started;
}
