#define _GNU_SOURCE
#include "rt/os/poller.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define MOST_EVENTS 64
#define NS_PER_S    INT64_C(1000000000)
#define NS_PER_MS   1000000
/* Longer pauses are cut: callers look again. */
#define LONGEST_PAUSE_NS (3600 * NS_PER_S)

bool poller_open(struct poller *p)
{
    p->has_no_pwait2 = false;
    p->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (p->epoll < 0) return false;
    p->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (p->wake >= 0 && poller_add(p, p->wake, POLLER_INPUT, NULL)) return true;
    int error = errno;
    poller_close(p);
    errno = error;
    return false;
}

void poller_close(struct poller *p)
{
    close(p->epoll);
    if (p->wake >= 0) close(p->wake);
    p->epoll = p->wake = -1;
}

static struct epoll_event event_of(unsigned want, void *context)
{
    uint32_t events = (want & POLLER_INPUT ? EPOLLIN : 0) | (want & POLLER_OUTPUT ? EPOLLOUT : 0);
    return (struct epoll_event){.events = events, .data.ptr = context};
}

bool poller_add(struct poller *p, int fd, unsigned want, void *context)
{
    struct epoll_event event = event_of(want, context);
    return epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

void poller_want(struct poller *p, int fd, unsigned want, void *context)
{
    struct epoll_event event = event_of(want, context);
    epoll_ctl(p->epoll, EPOLL_CTL_MOD, fd, &event);
}

void poller_remove(struct poller *p, int fd) { epoll_ctl(p->epoll, EPOLL_CTL_DEL, fd, NULL); }

static int wait_ms(struct poller *p, struct epoll_event *events, int most, int64_t pause_ns)
{
    int64_t ms = pause_ns == INT64_MAX ? -1 : (pause_ns + NS_PER_MS - 1) / NS_PER_MS;
    return epoll_wait(p->epoll, events, most, ms > INT_MAX ? INT_MAX : (int)ms);
}

static int wait_events(struct poller *p, struct epoll_event *events, int most, int64_t pause_ns)
{
    if (pause_ns <= 0 || pause_ns == INT64_MAX || p->has_no_pwait2)
        return wait_ms(p, events, most, pause_ns < 0 ? 0 : pause_ns);
    int64_t ns = pause_ns < LONGEST_PAUSE_NS ? pause_ns : LONGEST_PAUSE_NS;
    struct timespec pause = {.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S};
    int n = epoll_pwait2(p->epoll, events, most, &pause, NULL);
    if (n >= 0 || errno != ENOSYS) return n;
    p->has_no_pwait2 = true;
    return wait_ms(p, events, most, ns);
}

static unsigned ready_of(uint32_t events)
{
    return (events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP) ? POLLER_INPUT : 0) |
           (events & (EPOLLOUT | EPOLLHUP | EPOLLERR) ? POLLER_OUTPUT : 0);
}

static void forget_wakes(struct poller *p)
{
    uint64_t n;
    while (read(p->wake, &n, sizeof n) < 0 && errno == EINTR)
        ;
}

int poller_wait(struct poller *p, struct poller_event *out, int most, int64_t pause_ns)
{
    struct epoll_event events[MOST_EVENTS];
    int n = wait_events(p, events, most < MOST_EVENTS ? most : MOST_EVENTS, pause_ns), n_out = 0;
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr)
            out[n_out++] = (struct poller_event){events[i].data.ptr, ready_of(events[i].events)};
        else
            forget_wakes(p);
    }
    return n_out;
}

void poller_wake(struct poller *p)
{
    uint64_t one = 1;
    int saved_errno = errno;
    while (write(p->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
    errno = saved_errno;
}

bool poller_has_events(const struct poller *p)
{
    struct pollfd epoll = {.fd = p->epoll, .events = POLLIN};
    return poll(&epoll, 1, 0) > 0;
}
