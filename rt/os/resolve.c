/* c-ares rather than getaddrinfo: glibc's does not work in static binaries. This is the only
 * user of <ares.h>. */
/* c-ares takes a struct timeval as it was compiled with: of short times, where words are short. */
#undef _TIME_BITS
#include "rt/os/resolve.h"

#include <ares.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rt/os/thread.h"

#define HOST_BYTES 256
/* One try of one name server; the whole takes a few of them. */
#define TRY_MS 1000
#define TRIES  3

struct resolution {
    _Atomic int state;
    _Atomic int owners; /* the caller, and the thread while it runs */
    int wake;           /* a descriptor of its own for the caller's poller; -1: no thread */
    char host[HOST_BYTES];
    unsigned n;
    char found[RESOLVE_MOST][SOCKET_HOST_MAX];
    const char *failure; /* NULL: the name has no address */
};

static void add(struct resolution *r, const char *host)
{
    if (r->n < RESOLVE_MOST) strcpy(r->found[r->n++], host);
}

static void release(struct resolution *r)
{
    if (atomic_fetch_sub(&r->owners, 1) != 1) return;
    if (r->wake >= 0) close(r->wake);
    free(r);
}

/* -- the thread ----------------------------------------------------------- */

/* The name could not be asked for: c-ares does not say when that was for want of a descriptor. */
static const char *why_unasked(const struct resolution *r)
{
    int descriptor = dup(r->wake);
    if (descriptor < 0) return strerror(errno);
    close(descriptor);
    return "no such host: no name service answers";
}

static void on_answer(void *context, int status, int timeouts, struct ares_addrinfo *answer)
{
    struct resolution *r = context;
    (void)timeouts;
    bool has_none = status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME;
    if (status != ARES_SUCCESS && !has_none) r->failure = why_unasked(r);
    for (struct ares_addrinfo_node *a = answer && status == ARES_SUCCESS ? answer->nodes : NULL; a;
         a = a->ai_next) {
        char host[SOCKET_HOST_MAX];
        const void *bytes = a->ai_family == AF_INET6 ? (void *)&((struct sockaddr_in6 *)a->ai_addr)->sin6_addr
                                                     : (void *)&((struct sockaddr_in *)a->ai_addr)->sin_addr;
        if (inet_ntop(a->ai_family, bytes, host, sizeof host)) add(r, host);
    }
    if (answer) ares_freeaddrinfo(answer);
}

/* The sockets of c-ares; returns how many. */
static unsigned collect_sockets(ares_channel ares, struct pollfd polled[ARES_GETSOCK_MAXNUM])
{
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    unsigned bits = (unsigned)ares_getsock(ares, sockets, ARES_GETSOCK_MAXNUM);
    unsigned n = 0;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
        /* Not the macros of ares.h: they shift a 1 into the sign. */
        short events =
            (short)((bits >> i & 1 ? POLLIN : 0) | (bits >> (i + ARES_GETSOCK_MAXNUM) & 1 ? POLLOUT : 0));
        if (events) polled[n++] = (struct pollfd){.fd = sockets[i], .events = events};
    }
    return n;
}

static void run_until_answered(ares_channel ares)
{
    for (;;) {
        struct pollfd polled[ARES_GETSOCK_MAXNUM];
        unsigned n = collect_sockets(ares, polled);
        if (n == 0) return;
        struct timeval longest = {.tv_sec = 1}, pause;
        struct timeval *tv = ares_timeout(ares, &longest, &pause);
        poll(polled, n, (int)(tv->tv_sec * 1000 + tv->tv_usec / 1000 + 1));
        for (unsigned i = 0; i < n; i++) {
            ares_socket_t in = polled[i].revents & ~POLLOUT ? polled[i].fd : ARES_SOCKET_BAD;
            ares_socket_t out = polled[i].revents & POLLOUT ? polled[i].fd : ARES_SOCKET_BAD;
            ares_process_fd(ares, in, out);
        }
        ares_process_fd(ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* timeouts */
    }
}

static void ask(struct resolution *r)
{
    ares_channel ares;
    struct ares_options options = {.timeout = TRY_MS, .tries = TRIES};
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
        r->failure = "the resolver does not start";
        return;
    }
    int status = ares_init_options(&ares, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
    if (status != ARES_SUCCESS) r->failure = ares_strerror(status);
    if (status == ARES_SUCCESS) {
        struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
        ares_getaddrinfo(ares, r->host, NULL, &hints, on_answer, r);
        run_until_answered(ares);
        ares_destroy(ares);
    }
    ares_library_cleanup();
}

static void *thread_main(void *context)
{
    struct resolution *r = context;
    ask(r);
    atomic_store(&r->state, RESOLVE_DONE);
    poller_wake(&(struct poller){.wake = r->wake});
    release(r);
    return NULL;
}

/* -- the caller ----------------------------------------------------------- */

static bool answer_at_once(struct resolution *r)
{
    struct socket_address address;
    if (strcmp(r->host, "localhost") == 0) {
        add(r, "127.0.0.1");
        add(r, "::1");
    } else if (socket_address_parse(r->host, 0, &address)) {
        char host[SOCKET_HOST_MAX];
        socket_address_host(&address, host);
        add(r, host);
    }
    return r->n > 0;
}

struct resolution *resolve_begin(const char *host, struct poller *wake)
{
    struct resolution *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->wake = -1;
    atomic_init(&r->owners, 1);
    atomic_init(&r->state, RESOLVE_DONE);
    if (strlen(host) >= sizeof r->host) return r;
    strcpy(r->host, host);
    if (answer_at_once(r)) return r;
    if ((r->wake = dup(wake->wake)) < 0) {
        r->failure = strerror(errno);
        return r;
    }
    atomic_init(&r->state, RESOLVE_PENDING);
    atomic_init(&r->owners, 2);
    if (!thread_start(thread_main, r)) {
        r->failure = "cannot start a thread";
        atomic_init(&r->owners, 1);
        atomic_init(&r->state, RESOLVE_DONE);
    }
    return r;
}

enum resolve_state resolve_state(const struct resolution *r)
{
    return (enum resolve_state)atomic_load(&r->state);
}

unsigned resolve_count(const struct resolution *r) { return r->n; }

const char *resolve_failure(const struct resolution *r) { return r->failure ? r->failure : "no such host"; }

struct socket_address resolve_address(const struct resolution *r, unsigned index, uint16_t port)
{
    struct socket_address address;
    if (!socket_address_parse(r->found[index], port, &address)) address = (struct socket_address){0};
    return address;
}

static void read_list(ares_channel ares, struct resolution *r, int family)
{
    struct hostent *found = NULL;
    if (ares_gethostbyname_file(ares, r->host, family, &found) != ARES_SUCCESS) return;
    for (char **at = found->h_addr_list; *at; at++) {
        char host[SOCKET_HOST_MAX];
        if (inet_ntop(family, *at, host, sizeof host)) add(r, host);
    }
    ares_free_hostent(found);
}

static void ask_list(struct resolution *r)
{
    ares_channel ares;
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) return;
    if (ares_init(&ares) == ARES_SUCCESS) {
        read_list(ares, r, AF_INET);
        read_list(ares, r, AF_INET6);
        ares_destroy(ares);
    }
    ares_library_cleanup();
}

unsigned resolve_here(const char *host, uint16_t port, struct socket_address out[RESOLVE_MOST])
{
    struct resolution r = {.wake = -1};
    if (strlen(host) >= sizeof r.host) return 0;
    strcpy(r.host, host);
    if (!answer_at_once(&r)) ask_list(&r);
    for (unsigned i = 0; i < r.n; i++)
        out[i] = resolve_address(&r, i, port);
    return r.n;
}

void resolve_free(struct resolution *r) { release(r); }
