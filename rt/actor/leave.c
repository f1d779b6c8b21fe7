#include "rt/actor/leave.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "rt/actor/sched.h"
#include "rt/actor/stats.h"
#include "rt/actor/ticker.h"
#include "rt/os/futex.h"
#include "rt/os/options.h"

/* How long a stop signal waits for a clean end. */
#define PATIENCE_S 2

/* Signal handlers get no argument: the one node of this OS process. */
static struct node *signalled_node;

bool node_flush(struct node *node)
{
    return !node->flush || node->flush(node);
}

/* Other nodes hear that this one ends; what was sent goes out. No process runs. */
static void say_last_words(struct node *node)
{
    if (atomic_load(&node->stop_signal))
        alarm(2 * PATIENCE_S);
    node->worker->sched->running = NULL;
    node->stop(node);
}

void node_leave(struct node *node, int code)
{
    if (!node_flush(node) && code == 0)
        code = EXIT_LOST_OUTPUT;
    if (node->stop)
        say_last_words(node);
    if (node->options->stats)
        stats_print(node->worker);
    exit(code);
}

/* The worker has not looked up in time, or is in a long operation of C code. */
static void on_alarm(int number)
{
    _exit(128 + atomic_load(&signalled_node->stop_signal));
}

static void on_signal(int number)
{
    int saved_errno = errno;
    alarm(PATIENCE_S);
    atomic_store(&signalled_node->stop_signal, number);
    preempt_request(signalled_node->worker);
    futex_wake(&signalled_node->stop_signal);
    if (signalled_node->wake)
        signalled_node->wake(signalled_node);
    errno = saved_errno;
}

void node_handle_signals(struct node *node)
{
    signalled_node = node;
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void node_check_stop(struct node *node)
{
    int number = atomic_load(&node->stop_signal);
    if (number)
        node_leave(node, number == SIGTERM && node->serves ? 0 : 128 + number);
}

void node_sleep(struct node *node, int64_t pause_ns)
{
    futex_wait(&node->stop_signal, 0, pause_ns);
    node_check_stop(node);
}
