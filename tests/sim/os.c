#include "tests/sim/os.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/os/clock.h"
#include "rt/os/local.h"
#include "rt/os/poller.h"
#include "rt/os/random.h"
#include "rt/os/resolve.h"
#include "rt/os/socket.h"

#define SOCKETS_MAX   1024
#define RESEND_NS     (200 * WORLD_MS)
#define SYN_RESEND_NS WORLD_SECOND
#define BACKLOG       64

enum socket_state { FREE, LISTENS, CONNECTS, STANDS, BROKEN };

/* On its way, or arrived and not yet read; n 0: an end (is_reset: by force). */
struct segment {
    struct segment *next;
    int64_t sent_ns;
    size_t n, read;
    bool is_end, is_reset;
    uint8_t bytes[];
};

struct socket {
    enum socket_state state;
    unsigned host;
    int other;     /* the other end, -1: none (any more) */
    uint32_t life; /* tells uses of the same descriptor apart */
    int error;     /* CONNECTS, BROKEN: an errno value; 0: none */
    uint16_t port, remote_port;
    unsigned remote_host;
    int64_t gives_up_ns;                  /* after so long without an acknowledgement; 0: never */
    struct segment *flying, **flying_end; /* to this end */
    struct segment *arrived, **arrived_end;
    size_t n_bytes; /* of both */
    size_t window;  /* most of them */
    int64_t last_arrival_ns;
    int64_t void_ns; /* when it was first written to, and the other end was gone; 0: it was not */
    bool has_ended_output;
    int newcomers[BACKLOG];
    unsigned n_newcomers;
    /* poller */
    int poller;          /* its number, 0: none */
    unsigned want, seen; /* `seen`: events that the host was told of */
    void *context;
};

static struct {
    struct world *world;
    void (*input)(void *, unsigned);
    void *context;
    unsigned host;
    int n_pollers;
    int n_sockets; /* that have ever been in use */
    uint32_t lives;
    uint16_t next_port;
    bool apart[OS_HOSTS_MAX][OS_HOSTS_MAX];
    bool woken[SOCKETS_MAX];
    struct socket sockets[SOCKETS_MAX];
} os;

static void free_segments(struct segment *s)
{
    for (struct segment *next; s; s = next) {
        next = s->next;
        free(s);
    }
}

static void clear_socket(struct socket *s)
{
    free_segments(s->flying);
    free_segments(s->arrived);
    *s = (struct socket){.other = -1};
}

void os_start(struct world *world, void (*input)(void *, unsigned), void *context)
{
    memset(&os, 0, sizeof os);
    os.world = world;
    os.input = input;
    os.context = context;
    os.next_port = 40000;
    os.n_sockets = 1;
}

void os_stop(void)
{
    for (int i = 0; i < SOCKETS_MAX; i++)
        clear_socket(&os.sockets[i]);
}

void os_set_host(unsigned host) { os.host = host; }

const char *os_address(unsigned host)
{
    static char text[OS_HOSTS_MAX][16];
    snprintf(text[host], sizeof text[host], "127.0.0.%u", host + 1);
    return text[host];
}

/* -- clock and chance */

int64_t clock_now_ns(void) { return os.world->now; }

void random_bytes(void *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)world_random(os.world, 256);
}

/* Mostly a fast network; now and then a slow piece. */
static int64_t delay(void)
{
    return 20 * WORLD_US + (world_chance(os.world, 3) ? world_time(os.world, 300 * WORLD_MS)
                                                      : world_time(os.world, 2 * WORLD_MS));
}

/* -- sockets */

static int new_socket(enum socket_state state, unsigned host)
{
    for (int fd = 1; fd < SOCKETS_MAX; fd++) {
        if (os.sockets[fd].state != FREE) continue;
        struct socket *s = &os.sockets[fd];
        if (fd >= os.n_sockets) os.n_sockets = fd + 1;
        clear_socket(s);
        s->state = state;
        s->host = host;
        s->life = ++os.lives;
        s->flying_end = &s->flying;
        s->arrived_end = &s->arrived;
        s->window = 1024 + world_random(os.world, 3) * world_random(os.world, 300000);
        return fd;
    }
    abort();
}

static bool are_apart(const struct socket *s) { return os.apart[s->host][s->remote_host]; }

static bool can_write(const struct socket *s)
{
    return s->other < 0 || os.sockets[s->other].n_bytes < os.sockets[s->other].window;
}

static unsigned readiness(const struct socket *s)
{
    switch (s->state) {
    case LISTENS: return s->n_newcomers ? POLLER_INPUT : 0;
    case STANDS: return (s->arrived ? POLLER_INPUT : 0) | (can_write(s) ? POLLER_OUTPUT : 0);
    case BROKEN: return POLLER_INPUT | POLLER_OUTPUT;
    default: return 0;
    }
}

/* A failure is always told. */
static unsigned events_of(const struct socket *s)
{
    if (!s->poller) return 0;
    return (readiness(s) & s->want) | (s->state == BROKEN ? POLLER_INPUT : 0);
}

static void notify(struct socket *s)
{
    unsigned now = events_of(s), fresh = now & ~s->seen;
    s->seen = now;
    if (fresh) os.input(os.context, s->host);
}

static void break_socket(struct socket *s, int error)
{
    s->state = BROKEN;
    s->error = error;
    if (error == ECONNRESET && world_chance(os.world, 50)) {
        free_segments(s->arrived);
        s->arrived = NULL;
        s->arrived_end = &s->arrived;
    }
    notify(s);
}

static void arrive(void *context, uint64_t fd, uint64_t life);

static void fly(int fd, struct segment *segment)
{
    struct socket *to = &os.sockets[fd];
    int64_t at = os.world->now + delay();
    segment->sent_ns = os.world->now;
    if (at <= to->last_arrival_ns) at = to->last_arrival_ns + 1;
    to->last_arrival_ns = at;
    *to->flying_end = segment;
    to->flying_end = &segment->next;
    to->n_bytes += segment->n;
    world_after(os.world, at - os.world->now, arrive, NULL, (uint64_t)fd, to->life);
}

/* The sender has tried for too long. */
static bool gives_up(const struct socket *to)
{
    const struct socket *from = to->other < 0 ? NULL : &os.sockets[to->other];
    return from && from->gives_up_ns && os.world->now - to->flying->sent_ns >= from->gives_up_ns;
}

/* The sender gives up; the receiver does not know of it. */
static void give_up(struct socket *to)
{
    struct socket *from = &os.sockets[to->other];
    from->other = to->other = -1;
    free_segments(to->flying);
    to->flying = NULL;
    to->flying_end = &to->flying;
    break_socket(from, ETIMEDOUT);
}

static struct segment *land(struct socket *to)
{
    struct segment *segment = to->flying;
    to->flying = segment->next;
    if (!to->flying) to->flying_end = &to->flying;
    segment->next = NULL;
    return segment;
}

/* The first piece that flies, if it gets through. */
static void arrive(void *context, uint64_t fd, uint64_t life)
{
    struct socket *to = &os.sockets[fd];
    if (to->life != life || to->state == FREE || !to->flying) return;
    if (are_apart(to)) {
        if (gives_up(to))
            give_up(to);
        else
            world_after(os.world, RESEND_NS, arrive, NULL, fd, life);
        return;
    }
    struct segment *segment = land(to);
    bool is_reset = segment->is_reset;
    if (is_reset || to->state == BROKEN) {
        free(segment);
        if (is_reset && to->state == STANDS) break_socket(to, ECONNRESET);
        return;
    }
    *to->arrived_end = segment;
    to->arrived_end = &segment->next;
    notify(to);
}

static struct segment *new_segment(const void *bytes, size_t n)
{
    struct segment *segment = calloc(1, sizeof *segment + n);
    if (!segment) abort();
    segment->n = n;
    if (n) memcpy(segment->bytes, bytes, n);
    return segment;
}

static void send_end(struct socket *s, bool is_reset)
{
    if (s->other < 0 || s->has_ended_output) return;
    struct segment *end = new_segment(NULL, 0);
    end->is_end = true;
    end->is_reset = is_reset;
    s->has_ended_output = true;
    fly(s->other, end);
}

/* -- connecting */

/* The beginning of a connection has reached the other host, or has not. */
static void knock(void *context, uint64_t fd, uint64_t life)
{
    struct socket *s = &os.sockets[fd];
    if (s->life != life || s->state != CONNECTS) return;
    if (are_apart(s)) {
        world_after(os.world, SYN_RESEND_NS, knock, NULL, fd, life);
        return;
    }
    for (int i = 1; i < SOCKETS_MAX; i++) {
        struct socket *l = &os.sockets[i];
        if (l->state != LISTENS || l->host != s->remote_host || l->port != s->remote_port) continue;
        if (l->n_newcomers == BACKLOG) break;
        int other = new_socket(STANDS, l->host);
        struct socket *o = &os.sockets[other];
        o->other = (int)fd;
        o->remote_host = s->host;
        o->port = l->port;
        o->remote_port = s->port;
        s->other = other;
        s->state = STANDS;
        l->newcomers[l->n_newcomers++] = other;
        notify(l);
        notify(s);
        return;
    }
    break_socket(s, ECONNREFUSED);
}

int socket_connect(const struct socket_address *to)
{
    int fd = new_socket(CONNECTS, os.host);
    struct socket *s = &os.sockets[fd];
    s->port = os.next_port++;
    s->remote_host = to->bytes[3] - 1u;
    s->remote_port = socket_address_port(to);
    world_after(os.world, delay() + delay(), knock, NULL, (uint64_t)fd, s->life);
    return fd;
}

int socket_connect_error(int fd) { return os.sockets[fd].error; }
void socket_tune(int fd, int64_t timeout_ns) { os.sockets[fd].gives_up_ns = timeout_ns; }

/* -- bytes */

static ptrdiff_t failure_of(const struct socket *s)
{
    return s->error == ETIMEDOUT ? SOCKET_TIMED_OUT : SOCKET_FAILED;
}

/* The writer is told that there is room; it takes a moment. */
static void tell_writer(void *context, uint64_t fd, uint64_t life)
{
    struct socket *s = &os.sockets[fd];
    if (s->life == life && s->state != FREE) notify(s);
}

ptrdiff_t socket_read(int fd, void *to, size_t n)
{
    struct socket *s = &os.sockets[fd];
    struct segment *first = s->arrived;
    if (!first) return s->state == BROKEN ? failure_of(s) : SOCKET_AGAIN;
    if (first->is_end) return 0;
    size_t left = first->n - first->read;
    if (n > left) n = left;
    if (world_chance(os.world, 20)) n = 1 + world_random(os.world, n);
    memcpy(to, first->bytes + first->read, n);
    first->read += n;
    s->n_bytes -= n;
    if (first->read == first->n) {
        s->arrived = first->next;
        if (!s->arrived) s->arrived_end = &s->arrived;
        free(first);
    }
    s->seen &= ~(unsigned)POLLER_INPUT;
    notify(s);
    if (s->other >= 0)
        world_after(os.world, delay(), tell_writer, NULL, (uint64_t)s->other, os.sockets[s->other].life);
    return (ptrdiff_t)n;
}

/* The other end is gone, and the other host says so, if it can. */
static void answer_void(void *context, uint64_t fd, uint64_t life)
{
    struct socket *s = &os.sockets[fd];
    if (s->life != life || s->state != STANDS) return;
    if (!are_apart(s))
        break_socket(s, ECONNRESET);
    else if (s->gives_up_ns && os.world->now - s->void_ns >= s->gives_up_ns)
        break_socket(s, ETIMEDOUT);
    else
        world_after(os.world, RESEND_NS, answer_void, NULL, fd, life);
}

static void write_into_void(struct socket *s, int fd)
{
    if (s->void_ns) return;
    s->void_ns = os.world->now;
    world_after(os.world, delay(), answer_void, NULL, (uint64_t)fd, s->life);
}

ptrdiff_t socket_read_two(int fd, void *to, size_t n, void *behind, size_t n_behind)
{
    ptrdiff_t got = socket_read(fd, to, n);
    if (got < 0 || (size_t)got < n) return got;
    ptrdiff_t more = socket_read(fd, behind, n_behind);
    return more > 0 ? got + more : got; /* an end is said again */
}

ptrdiff_t socket_write(int fd, const void *from, size_t n)
{
    struct socket *s = &os.sockets[fd];
    if (s->state == BROKEN) return failure_of(s);
    if (s->has_ended_output) return SOCKET_FAILED;
    s->seen &= ~(unsigned)POLLER_OUTPUT;
    if (s->other < 0) {
        write_into_void(s, fd);
        return (ptrdiff_t)n;
    }
    if (!can_write(s)) return SOCKET_AGAIN;
    size_t room = os.sockets[s->other].window - os.sockets[s->other].n_bytes;
    if (n > room) n = room;
    if (world_chance(os.world, 20)) n = 1 + world_random(os.world, n);
    fly(s->other, new_segment(from, n));
    return (ptrdiff_t)n;
}

ptrdiff_t socket_write_spans(int fd, const struct span *spans, size_t n)
{
    ptrdiff_t all = 0;
    for (size_t i = 0; i < n; i++) {
        ptrdiff_t written = socket_write(fd, spans[i].bytes, spans[i].n);
        if (written < 0) return all ? all : written;
        all += written;
        if ((size_t)written < spans[i].n) break;
    }
    return all;
}

void socket_await_bytes(int fd, size_t n) { (void)fd, (void)n; } /* as a kernel may that is short of memory */

bool socket_has_input(int fd) { return readiness(&os.sockets[fd]) & POLLER_INPUT; }
void socket_end_output(int fd) { send_end(&os.sockets[fd], false); }

void socket_close(int fd)
{
    struct socket *s = &os.sockets[fd];
    bool is_reset = s->arrived && !s->arrived->is_end;
    if (s->state == STANDS) send_end(s, is_reset || s->flying);
    if (s->state == LISTENS)
        for (unsigned i = 0; i < s->n_newcomers; i++)
            socket_close(s->newcomers[i]);
    if (s->other >= 0) os.sockets[s->other].other = -1;
    clear_socket(s);
}

/* -- addresses: 127.0.0.x, in the first four bytes; then the port */

bool socket_address_parse(const char *host, uint16_t port, struct socket_address *out)
{
    unsigned a, b, c, d;
    char rest;
    if (sscanf(host, "%u.%u.%u.%u%c", &a, &b, &c, &d, &rest) != 4) return false;
    *out = (struct socket_address){
        .bytes = {(uint8_t)a, (uint8_t)b, (uint8_t)c, (uint8_t)d, (uint8_t)port, (uint8_t)(port >> 8)},
        .n = 6};
    return true;
}

void socket_address_host(const struct socket_address *a, char host[SOCKET_HOST_MAX])
{
    snprintf(host, SOCKET_HOST_MAX, "%u.%u.%u.%u", a->bytes[0], a->bytes[1], a->bytes[2], a->bytes[3]);
}

uint16_t socket_address_port(const struct socket_address *a)
{
    return (uint16_t)(a->bytes[4] | a->bytes[5] << 8);
}
bool socket_address_is_loopback(const struct socket_address *a) { return a->bytes[0] == 127; }

void socket_address_pack(const struct socket_address *a, uint8_t out[SOCKET_PACKED_BYTES])
{
    memset(out, 0, SOCKET_PACKED_BYTES);
    memcpy(out, a->bytes, 6);
}

bool socket_address_same_host(const struct socket_address *a, const struct socket_address *b)
{
    return memcmp(a->bytes, b->bytes, 4) == 0;
}

bool socket_local_address(int fd, struct socket_address *out)
{
    return socket_address_parse(os_address(os.sockets[fd].host), os.sockets[fd].port, out);
}

bool socket_peer_address(int fd, struct socket_address *out)
{
    return socket_address_parse(os_address(os.sockets[fd].remote_host), os.sockets[fd].remote_port, out);
}

/* -- listeners */

bool listener_open(struct listener *l, const struct socket_address *at)
{
    l->spare = -1;
    l->fd = new_socket(LISTENS, os.host);
    os.sockets[l->fd].port = socket_address_port(at);
    return true;
}

void listener_close(struct listener *l)
{
    socket_close(l->fd);
    l->fd = -1;
}

int listener_accept(struct listener *l, struct socket_address *from_out)
{
    struct socket *s = &os.sockets[l->fd];
    if (s->n_newcomers == 0) return SOCKET_AGAIN;
    int fd = s->newcomers[0];
    memmove(s->newcomers, s->newcomers + 1, --s->n_newcomers * sizeof *s->newcomers);
    s->seen = 0;
    notify(s);
    socket_peer_address(fd, from_out);
    return fd;
}

/* Each host has one node, so nobody has a neighbour. */
uint32_t local_own_process(void) { return 1; }
bool local_is_address(const struct socket_address *a)
{
    return a->bytes[0] == 127 && a->bytes[3] == os.host + 1;
}
bool local_listen(struct listener *l, const struct socket_address *at)
{
    errno = EAFNOSUPPORT;
    return false;
}
int local_accept(struct listener *l, uint32_t *process_out) { return SOCKET_AGAIN; }
int local_connect(const struct socket_address *to, struct local_end *end_out) { return -1; }

/* -- pollers */

bool poller_open(struct poller *p)
{
    *p = (struct poller){.epoll = ++os.n_pollers, .wake = (int)os.host};
    return true;
}

void poller_close(struct poller *p) {}

bool poller_add(struct poller *p, int fd, unsigned want, void *context)
{
    struct socket *s = &os.sockets[fd];
    s->poller = p->epoll;
    s->want = want;
    s->context = context;
    s->seen = 0;
    notify(s);
    return true;
}

void poller_want(struct poller *p, int fd, unsigned want, void *context)
{
    os.sockets[fd].want = want;
    os.sockets[fd].seen = 0;
    notify(&os.sockets[fd]);
}

void poller_remove(struct poller *p, int fd) { os.sockets[fd].poller = 0; }

int poller_wait(struct poller *p, struct poller_event *out, int most, int64_t pause_ns)
{
    int n = 0, start = (int)world_random(os.world, (uint64_t)os.n_sockets);
    os.woken[p->epoll % SOCKETS_MAX] = false;
    for (int i = 0; i < os.n_sockets && n < most; i++) {
        struct socket *s = &os.sockets[(start + i) % os.n_sockets];
        unsigned ready = s->poller == p->epoll ? events_of(s) : 0;
        if (ready) out[n++] = (struct poller_event){s->context, ready};
    }
    return n;
}

void poller_wake(struct poller *p)
{
    os.woken[p->epoll % SOCKETS_MAX] = true;
    os.input(os.context, (unsigned)p->wake);
}

bool poller_has_events(const struct poller *p)
{
    for (int i = 0; i < os.n_sockets; i++)
        if (os.sockets[i].poller == p->epoll && events_of(&os.sockets[i])) return true;
    return os.woken[p->epoll % SOCKETS_MAX];
}

/* -- names: numbers only */

struct resolution {
    bool is_found;
    struct socket_address address;
};

struct resolution *resolve_begin(const char *host, struct poller *wake)
{
    struct resolution *r = calloc(1, sizeof *r);
    if (r) r->is_found = socket_address_parse(host, 0, &r->address);
    return r;
}

enum resolve_state resolve_state(const struct resolution *r) { return RESOLVE_DONE; }
const char *resolve_failure(const struct resolution *r)
{
    (void)r;
    return "no such host";
}

unsigned resolve_count(const struct resolution *r) { return r->is_found; }

unsigned resolve_here(const char *host, uint16_t port, struct socket_address out[RESOLVE_MOST])
{
    return socket_address_parse(host, port, out);
}

struct socket_address resolve_address(const struct resolution *r, unsigned index, uint16_t port)
{
    struct socket_address address = r->address;
    address.bytes[4] = (uint8_t)port;
    address.bytes[5] = (uint8_t)(port >> 8);
    return address;
}

void resolve_free(struct resolution *r) { free(r); }

/* -- harm */

void os_set_apart(unsigned a, unsigned b, bool are_apart) { os.apart[a][b] = os.apart[b][a] = are_apart; }
bool os_are_apart(unsigned a, unsigned b) { return os.apart[a][b]; }

static void reset_late(void *context, uint64_t fd, uint64_t life)
{
    struct socket *s = &os.sockets[fd];
    if (s->life == life && s->state == STANDS) break_socket(s, ECONNRESET);
}

void os_reset(unsigned a, unsigned b)
{
    for (int fd = 1; fd < SOCKETS_MAX; fd++) {
        struct socket *s = &os.sockets[fd];
        if (s->state != STANDS || s->host != a || s->remote_host != b || s->other < 0) continue;
        struct socket *o = &os.sockets[s->other];
        world_after(os.world, delay(), reset_late, NULL, (uint64_t)s->other, o->life);
        world_after(os.world, delay(), reset_late, NULL, (uint64_t)fd, s->life);
        o->other = s->other = -1;
    }
}

void os_forget(unsigned host, unsigned other)
{
    for (int fd = 1; fd < SOCKETS_MAX; fd++) {
        struct socket *s = &os.sockets[fd];
        if (s->state != STANDS || s->host != host || s->remote_host != other) continue;
        if (s->other >= 0) os.sockets[s->other].other = -1;
        s->other = -1;
        break_socket(s, ETIMEDOUT);
    }
}

void os_close_all(unsigned host)
{
    for (int fd = 1; fd < SOCKETS_MAX; fd++)
        if (os.sockets[fd].state != FREE && os.sockets[fd].host == host) socket_close(fd);
}
