#define _GNU_SOURCE
#include "rt/os/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#ifdef TT_HOSTILE
#include "rt/os/random.h"
#endif

#define BACKLOG          512
#define MS_PER_NS        1000000
#define KEEPALIVE_PROBES 4
/* What the kernel holds that is not on its way: small messages are behind it. */
#define UNSENT_MAX_BYTES (256 << 10)

_Static_assert(sizeof(struct sockaddr_in6) <= sizeof((struct socket_address *)0)->bytes,
               "room for an address");

/* -- addresses ------------------------------------------------------------ */

static const struct sockaddr *sockaddr_of(const struct socket_address *a)
{
    return (const struct sockaddr *)a->bytes;
}
static const struct sockaddr_in *in4(const struct socket_address *a)
{
    return (const struct sockaddr_in *)a->bytes;
}
static const struct sockaddr_in6 *in6(const struct socket_address *a)
{
    return (const struct sockaddr_in6 *)a->bytes;
}
static bool is_in6(const struct socket_address *a) { return sockaddr_of(a)->sa_family == AF_INET6; }

bool socket_address_parse(const char *host, uint16_t port, struct socket_address *out)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    bool is_v4 = inet_pton(AF_INET, host, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, host, &v6.sin6_addr) != 1) return false;
    *out = (struct socket_address){.n = is_v4 ? sizeof v4 : sizeof v6};
    memcpy(out->bytes, is_v4 ? (void *)&v4 : (void *)&v6, out->n);
    return true;
}

void socket_address_host(const struct socket_address *a, char host[SOCKET_HOST_MAX])
{
    const void *from = is_in6(a) ? (const void *)&in6(a)->sin6_addr : (const void *)&in4(a)->sin_addr;
    if (!inet_ntop(sockaddr_of(a)->sa_family, from, host, SOCKET_HOST_MAX)) host[0] = 0;
}

uint16_t socket_address_port(const struct socket_address *a)
{
    return ntohs(is_in6(a) ? in6(a)->sin6_port : in4(a)->sin_port);
}

bool socket_address_is_loopback(const struct socket_address *a)
{
    if (is_in6(a)) {
        const struct in6_addr *v6 = &in6(a)->sin6_addr;
        return IN6_IS_ADDR_LOOPBACK(v6) || (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127);
    }
    return ntohl(in4(a)->sin_addr.s_addr) >> 24 == 127;
}

void socket_address_pack(const struct socket_address *a, uint8_t out[SOCKET_PACKED_BYTES])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint16_t port = socket_address_port(a);
    if (is_in6(a)) {
        memcpy(out, &in6(a)->sin6_addr, 16);
    } else {
        memcpy(out, mapped, sizeof mapped);
        memcpy(out + sizeof mapped, &in4(a)->sin_addr, 4);
    }
    out[16] = (uint8_t)port;
    out[17] = (uint8_t)(port >> 8);
}

bool socket_address_same_host(const struct socket_address *a, const struct socket_address *b)
{
    if (is_in6(a) != is_in6(b)) return false;
    return is_in6(a) ? IN6_ARE_ADDR_EQUAL(&in6(a)->sin6_addr, &in6(b)->sin6_addr)
                     : in4(a)->sin_addr.s_addr == in4(b)->sin_addr.s_addr;
}

typedef int name_fn(int, struct sockaddr *, socklen_t *);

static bool read_name(int fd, name_fn *get, struct socket_address *out)
{
    socklen_t n = sizeof out->bytes;
    *out = (struct socket_address){0};
    if (get(fd, (struct sockaddr *)out->bytes, &n) != 0) return false;
    out->n = n;
    return sockaddr_of(out)->sa_family == AF_INET || is_in6(out);
}

bool socket_local_address(int fd, struct socket_address *out) { return read_name(fd, getsockname, out); }
bool socket_peer_address(int fd, struct socket_address *out) { return read_name(fd, getpeername, out); }

/* -- connecting ----------------------------------------------------------- */

static int new_socket(const struct socket_address *a)
{
    return socket(sockaddr_of(a)->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int close_failed(int fd)
{
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

int socket_connect(const struct socket_address *to)
{
    int fd = new_socket(to);
    if (fd < 0) return -1;
    if (connect(fd, sockaddr_of(to), to->n) != 0 && errno != EINPROGRESS) return close_failed(fd);
    return fd;
}

int socket_connect_error(int fd)
{
    int error = 0;
    socklen_t n = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 ? error : errno;
}

static void set(int fd, int level, int option, int value)
{
    setsockopt(fd, level, option, &value, sizeof value);
}

void socket_tune(int fd, int64_t timeout_ns)
{
    int seconds = (int)(timeout_ns / INT64_C(1000000000));
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_MAX_BYTES);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)(timeout_ns / MS_PER_NS));
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds > 1 ? seconds : 1);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds > KEEPALIVE_PROBES ? seconds / KEEPALIVE_PROBES : 1);
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
}

/* -- bytes ---------------------------------------------------------------- */

/* The hostile build moves few bytes at a time, now and then. */
static size_t how_many(size_t n)
{
#ifdef TT_HOSTILE
    uint8_t dice[2];
    random_bytes(dice, sizeof dice);
    size_t few = 1 + dice[1] % 40;
    if (dice[0] < 128 && n > few) return few;
#endif
    return n;
}

static ptrdiff_t outcome(ssize_t n)
{
    if (n >= 0) return n;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return SOCKET_AGAIN;
    return errno == ETIMEDOUT ? SOCKET_TIMED_OUT : SOCKET_FAILED;
}

ptrdiff_t socket_read(int fd, void *to, size_t n) { return outcome(recv(fd, to, how_many(n), 0)); }

ptrdiff_t socket_read_two(int fd, void *to, size_t n, void *behind, size_t n_behind)
{
    if (how_many(n) < n) return socket_read(fd, to, n);
    struct iovec parts[2] = {{to, n}, {behind, n_behind}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    return outcome(recvmsg(fd, &message, 0));
}

ptrdiff_t socket_write(int fd, const void *from, size_t n)
{
    return outcome(send(fd, from, how_many(n), MSG_NOSIGNAL | MSG_DONTWAIT));
}

#define SPANS_MAX 64

/* With few bytes at a time, one span is enough. */
ptrdiff_t socket_write_spans(int fd, const struct span *spans, size_t n)
{
    struct iovec parts[SPANS_MAX];
    if (how_many(spans[0].n) < spans[0].n) return socket_write(fd, spans[0].bytes, spans[0].n);
    for (size_t i = 0; i < n; i++)
        parts[i] = (struct iovec){(void *)spans[i].bytes, spans[i].n};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = n};
    return outcome(sendmsg(fd, &message, MSG_NOSIGNAL));
}

void socket_await_bytes(int fd, size_t n) { set(fd, SOL_SOCKET, SO_RCVLOWAT, (int)n); }

bool socket_has_input(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

void socket_end_output(int fd) { shutdown(fd, SHUT_WR); }

void socket_close(int fd) { close(fd); }

/* -- listening ------------------------------------------------------------ */

static int open_spare(void) { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

void listener_init(struct listener *l, int fd) { *l = (struct listener){.fd = fd, .spare = open_spare()}; }

bool listener_open(struct listener *l, const struct socket_address *at)
{
    *l = (struct listener){.fd = -1, .spare = -1};
    int fd = new_socket(at);
    if (fd < 0) return false;
    set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (bind(fd, sockaddr_of(at), at->n) != 0 || listen(fd, BACKLOG) != 0) {
        close_failed(fd);
        return false;
    }
    listener_init(l, fd);
    return true;
}

void listener_close(struct listener *l)
{
    close(l->fd);
    if (l->spare >= 0) close(l->spare);
    *l = (struct listener){.fd = -1, .spare = -1};
}

static int accept_one(struct listener *l, struct socket_address *from_out)
{
    socklen_t n = sizeof from_out->bytes;
    *from_out = (struct socket_address){0};
    int fd = accept4(l->fd, (struct sockaddr *)from_out->bytes, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
    from_out->n = n < sizeof from_out->bytes ? n : sizeof from_out->bytes;
    return fd;
}

static void turn_away(struct listener *l)
{
    struct socket_address from;
    if (l->spare >= 0) close(l->spare);
    int fd = accept_one(l, &from);
    if (fd >= 0) close(fd);
    l->spare = open_spare();
}

int listener_accept(struct listener *l, struct socket_address *from_out)
{
    int fd = accept_one(l, from_out);
    if (fd >= 0) return fd;
    if (errno == EMFILE || errno == ENFILE) turn_away(l);
    return SOCKET_AGAIN;
}
