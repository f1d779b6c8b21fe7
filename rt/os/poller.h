/* Waiting until sockets have something, with a limit in nanoseconds: epoll, level
 * triggered. One thread waits; any thread, and a signal handler, may call
 * poller_wake, poller_want and poller_has_events. */
#ifndef RT_OS_POLLER_H
#define RT_OS_POLLER_H

#include <stdbool.h>
#include <stdint.h>

struct poller {
    int epoll, wake;    /* descriptors */
    bool has_no_pwait2; /* the kernel is older than 5.11; owned by the thread that waits */
};

enum { POLLER_INPUT = 1, POLLER_OUTPUT = 2 };

struct poller_event {
    void *context;
    unsigned ready; /* POLLER_INPUT also when the other side has closed, or something failed */
};

/* False: the OS gives none, errno says why. */
bool poller_open(struct poller *p);
void poller_close(struct poller *p);

/* `context`, not NULL, comes back in the events. False: errno says why. */
bool poller_add(struct poller *p, int fd, unsigned want, void *context);
void poller_want(struct poller *p, int fd, unsigned want, void *context);
void poller_remove(struct poller *p, int fd);

/* Up to `most` events. Returns at once when there is one, or when poller_wake was
 * called since the last time; after a signal; else after pause_ns (0: looks only;
 * INT64_MAX: no limit), never earlier. */
int poller_wait(struct poller *p, struct poller_event *out, int most, int64_t pause_ns);
void poller_wake(struct poller *p);
bool poller_has_events(const struct poller *p);

#endif
