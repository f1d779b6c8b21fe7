#include "rt/prim/console.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rt/obj/port.h"
#include "rt/os/clock.h"

#define BUFFER_BYTES 32768
#define REPORTS_MAX 100 /* in REPORTS_NS */
#define REPORTS_NS INT64_C(1000000000)

struct console {
    pthread_mutex_t lock; /* of all that follows */
    size_t n;
    bool is_terminal;
    _Atomic bool is_closed[PORT_FIRST_FILE]; /* written under the lock, read without it */
    bool error_reported;
    int64_t reports_since_ns; /* the second that is being counted */
    unsigned n_reports;       /* in it */
    uint64_t n_unreported;    /* not said yet */
    char buffer[BUFFER_BYTES];
};

struct console *console_new(void)
{
    struct console *console = calloc(1, sizeof *console);
    if (!console) abort();
    pthread_mutex_init(&console->lock, NULL);
    console->is_terminal = isatty(STDOUT_FILENO);
    return console;
}

/* All of it, whatever the descriptor's mode. */
static bool write_all(int fd, const char *bytes, size_t n, int *error_out)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written >= 0) {
            bytes += written;
            n -= (size_t)written;
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        } else if (errno != EINTR) {
            *error_out = errno;
            return false;
        }
    }
    return true;
}

static bool flush_locked(struct console *console, int *error_out)
{
    size_t n = console->n;
    console->n = 0;
    return write_all(STDOUT_FILENO, console->buffer, n, error_out);
}

static bool write_locked(struct console *console, const char *bytes, size_t n, int *error_out)
{
    if (n > BUFFER_BYTES - console->n && !flush_locked(console, error_out)) return false;
    if (n > BUFFER_BYTES) return write_all(STDOUT_FILENO, bytes, n, error_out);
    memcpy(console->buffer + console->n, bytes, n);
    console->n += n;
    return !console->is_terminal || !memchr(bytes, '\n', n) || flush_locked(console, error_out);
}

bool console_write(struct console *console, const void *bytes, size_t n, int *error_out)
{
    if (n == 0) return true;
    pthread_mutex_lock(&console->lock);
    bool ok = write_locked(console, bytes, n, error_out);
    pthread_mutex_unlock(&console->lock);
    return ok;
}

bool console_flush(struct console *console, int *error_out)
{
    pthread_mutex_lock(&console->lock);
    bool ok = flush_locked(console, error_out);
    pthread_mutex_unlock(&console->lock);
    return ok;
}

bool console_is_open(struct console *console, uint64_t number)
{
    return !atomic_load_explicit(&console->is_closed[number], memory_order_relaxed);
}

bool console_close(struct console *console, uint64_t number, int *error_out)
{
    pthread_mutex_lock(&console->lock);
    bool ok = number != PORT_OUTPUT || flush_locked(console, error_out);
    console->is_closed[number] = true;
    pthread_mutex_unlock(&console->lock);
    return ok;
}

/* How many reports were left out, if any. */
static void tell_unreported(struct console *console)
{
    char line[100];
    int ignored;
    if (!console->n_unreported) return;
    int n = snprintf(line, sizeof line, "(%llu more exceptions of processes were not reported)\n",
                     (unsigned long long)console->n_unreported);
    console->n_unreported = 0;
    write_all(STDERR_FILENO, line, (size_t)n, &ignored);
}

bool console_may_report(struct console *console)
{
    pthread_mutex_lock(&console->lock);
    int64_t now = clock_now_ns();
    if (now - console->reports_since_ns >= REPORTS_NS) {
        console->reports_since_ns = now;
        console->n_reports = 0;
        tell_unreported(console);
    }
    bool may = console->n_reports < REPORTS_MAX;
    if (may)
        console->n_reports++;
    else
        console->n_unreported++;
    pthread_mutex_unlock(&console->lock);
    return may;
}

bool console_write_error(struct console *console, const void *bytes, size_t n, int *error_out)
{
    int ignored;
    console_flush(console, &ignored);
    return write_all(STDERR_FILENO, bytes, n, error_out);
}

bool console_flush_node(struct node *node)
{
    struct console *console = node->console;
    int error;
    tell_unreported(console);
    if (console_flush(console, &error) || error == EPIPE) return !console->error_reported;
    if (!console->error_reported) fprintf(stderr, "error: standard output: %s\n", strerror(error));
    console->error_reported = true;
    return false;
}
