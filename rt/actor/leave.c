#include "rt/actor/leave.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "rt/abi/program.h"
#include "rt/actor/sched.h"
#include "rt/actor/stats.h"
#include "rt/actor/ticker.h"
#include "rt/obj/log.h"
#include "rt/os/clock.h"
#include "rt/os/futex.h"
#include "rt/os/options.h"
#include "rt/os/output.h"

/* How long the worker has to leave at once: it may be in a long operation of C code. */
#define LEAVE_NS (2 * CLOCK_SECOND_NS)
/* A signal that comes so soon after the first is the same one, which a shell and a program
 * around this one have both passed on. */
#define SAME_SIGNAL_NS (CLOCK_SECOND_NS / 10)
/* Who waits for a reader looks so often whether a signal has come. */
#define LOOK_NS (CLOCK_SECOND_NS / 20)

/* Signal handlers get no argument: the one node of this OS process. */
static struct node *signalled_node;
/* When the first signal came, and whether the time for the orderly end is over. */
static _Atomic int64_t stopped_at_ns;
static _Atomic bool is_overdue;

static void report_lost_output(struct node *node, const char *why)
{
    if (!node->has_lost_output) log_line(node, "error: standard output: %s", why);
    node->has_lost_output = true;
}

void node_flush(struct node *node)
{
    int error;
    if (node->out && !output_flush(node->out, &error) && error != EPIPE)
        report_lost_output(node, strerror(error));
}

/* False: the reader has not taken all in time. */
static bool drain(struct node *node, struct output *o, int64_t start_ns)
{
    while (!output_drain(o, clock_now_ns() + LOOK_NS)) {
        bool is_bounded = node->serves || atomic_load(&node->stopped_by);
        int64_t most = atomic_load(&node->stop_now) ? 0 : node->options->linger;
        if (is_bounded && clock_now_ns() - start_ns >= most) return false;
    }
    return true;
}

/* Who ends the program by a signal, though nobody reads, knows that. */
static void hand_over_output(struct node *node, int64_t start_ns)
{
    if (!drain(node, node->out, start_ns) && !atomic_load(&node->stopped_by))
        report_lost_output(node, "nobody has read all of it in time");
    node_flush(node);
    drain(node, node->err, start_ns);
}

/* SIGALRM comes then. Async-signal-safe. */
static void set_alarm(int64_t ns)
{
    struct itimerval timer = {
        .it_value = {.tv_sec = ns / CLOCK_SECOND_NS, .tv_usec = ns % CLOCK_SECOND_NS / 1000 + 1}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* Other nodes hear that this one ends; what was sent goes out. No process runs. */
static void say_last_words(struct node *node)
{
    node->worker->sched->running = NULL;
    node->stop(node);
}

void node_leave(struct node *node, int code)
{
    if (atomic_load(&node->stopped_by)) {
        atomic_store(&node->stop_now, atomic_load(&node->stop_now) || node_stop_left_ns(node) == 0);
        set_alarm(LEAVE_NS + (atomic_load(&node->stop_now) ? 0 : node->options->linger));
    }
    int64_t start = clock_now_ns();
    node_flush(node);
    if (node->stop) say_last_words(node);
    log_tell_left_out(node);
    if (node->options->stats) stats_print(node->worker);
    if (node->options->stats && node->print_stats) node->print_stats(node);
    hand_over_output(node, start);
    exit(code == 0 && node->has_lost_output ? EXIT_LOST_OUTPUT : code);
}

/* -- signals ------------------------------------------------------------- */

void node_wake(struct node *node)
{
    atomic_store(&node->has_news, 1);
    futex_wake(&node->has_news);
    if (node->wake) node->wake(node);
}

void node_output_is_ready(struct node *node)
{
    atomic_store(&node->output_is_ready, true);
    preempt_request(node->worker);
    node_wake(node);
}

static void ask_worker(struct node *node)
{
    atomic_store(&node->stop_signal, atomic_load(&node->stopped_by));
    preempt_request(node->worker);
    node_wake(node);
}

static void ask_to_leave_now(struct node *node)
{
    atomic_store(&node->stop_now, true);
    set_alarm(LEAVE_NS);
    ask_worker(node);
}

/* The time for the orderly end is over, or the worker has not looked up since it was asked to
 * leave at once. */
static void on_alarm(int number)
{
    int saved_errno = errno;
    struct node *node = signalled_node;
    if (atomic_load(&node->stop_now)) {
        output_abandon_all(NULL, 0);
        _exit(128 + atomic_load(&node->stopped_by));
    }
    atomic_store(&is_overdue, true);
    ask_to_leave_now(node);
    errno = saved_errno;
}

static void on_signal(int number)
{
    int saved_errno = errno;
    struct node *node = signalled_node;
    int64_t now = clock_now_ns();
    int none = 0;
    if (atomic_compare_exchange_strong(&node->stopped_by, &none, number)) {
        atomic_store(&stopped_at_ns, now);
        if (node->options->shutdown_timeout > 0) {
            set_alarm(node->options->shutdown_timeout + LEAVE_NS); /* shutdown.h keeps the time, if it can */
            ask_worker(node);
        } else
            ask_to_leave_now(node);
    } else if (now - atomic_load(&stopped_at_ns) >= SAME_SIGNAL_NS && !atomic_load(&node->stop_now))
        ask_to_leave_now(node);
    errno = saved_errno;
}

void node_handle_signals(struct node *node)
{
    signalled_node = node;
    struct sigaction action = {.sa_handler = on_signal};
    sigaddset(&action.sa_mask, SIGTERM);
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGALRM);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* -- what the worker does about them ------------------------------------- */

bool node_take_stop(struct node *node)
{
    if (!atomic_load_explicit(&node->stop_signal, memory_order_relaxed) ||
        !atomic_exchange(&node->stop_signal, 0))
        return false;
    if (!atomic_load(&node->stop_now)) return true;
    if (atomic_load(&is_overdue))
        log_line(node, "%s: the orderly end took more than %g s (--termite-shutdown-timeout)",
                 node->program->name, (double)node->options->shutdown_timeout / CLOCK_SECOND_NS);
    node_leave(node, 128 + atomic_load(&node->stopped_by));
}

int node_stop_code(const struct node *node)
{
    int number = atomic_load(&node->stopped_by);
    return number == SIGTERM && node->serves ? 0 : 128 + number;
}

int64_t node_stop_left_ns(const struct node *node)
{
    int64_t left = atomic_load(&stopped_at_ns) + node->options->shutdown_timeout - clock_now_ns();
    return left > 0 ? left : 0;
}

void node_sleep(struct node *node, int64_t pause_ns)
{
    futex_wait(&node->has_news, 0, pause_ns);
    atomic_store(&node->has_news, 0);
}
