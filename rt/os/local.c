#define _GNU_SOURCE
#include "rt/os/local.h"

#include <errno.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 512

uint32_t local_own_process(void) { return (uint32_t)getpid(); }

/* -- names ---------------------------------------------------------------- */

/* Abstract: the first byte is 0, and the length counts. */
static socklen_t make_name(const struct socket_address *at, struct sockaddr_un *out)
{
    char host[SOCKET_HOST_MAX];
    socket_address_host(at, host);
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int n = snprintf(out->sun_path + 1, sizeof out->sun_path - 1, "termite-node %" PRIu32 " %s %u",
                     (uint32_t)geteuid(), host, socket_address_port(at));
    _Static_assert(sizeof "termite-node 4294967295  65535" + SOCKET_HOST_MAX < sizeof out->sun_path - 1,
                   "names have room");
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

static int new_socket(void) { return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

static int close_failed(int fd)
{
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* -- addresses of this machine -------------------------------------------- */

static bool is_same_host(const struct sockaddr *own, const struct socket_address *a)
{
    struct socket_address it = {.n = own->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                               : sizeof(struct sockaddr_in6)};
    uint8_t there[SOCKET_PACKED_BYTES], here[SOCKET_PACKED_BYTES];
    if (own->sa_family != AF_INET && own->sa_family != AF_INET6) return false;
    memcpy(it.bytes, own, it.n);
    socket_address_pack(&it, here);
    socket_address_pack(a, there);
    return memcmp(here, there, SOCKET_PACKED_BYTES - 2) == 0; /* without the port */
}

static bool is_of_interface(const struct socket_address *a)
{
    struct ifaddrs *all;
    bool found = false;
    if (getifaddrs(&all) != 0) return false;
    for (const struct ifaddrs *at = all; at && !found; at = at->ifa_next) {
        found = at->ifa_addr && is_same_host(at->ifa_addr, a);
    }
    freeifaddrs(all);
    return found;
}

bool local_is_address(const struct socket_address *a)
{
    return socket_address_is_loopback(a) || is_of_interface(a);
}

/* -- who is at the other end ---------------------------------------------- */

/* The id of the process there; 0: it is another user's, or in a PID namespace that this one does not see. */
static uint32_t process_of_this_user(int fd)
{
    struct ucred there;
    socklen_t n = sizeof there;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &there, &n) != 0 || n != sizeof there) return 0;
    return there.uid == geteuid() && there.pid > 0 ? (uint32_t)there.pid : 0;
}

/* -- listening ------------------------------------------------------------ */

bool local_listen(struct listener *l, const struct socket_address *at)
{
    struct sockaddr_un name;
    socklen_t n = make_name(at, &name);
    *l = (struct listener){.fd = -1, .spare = -1};
    int fd = new_socket();
    if (fd < 0) return false;
    if (bind(fd, (const struct sockaddr *)&name, n) != 0 || listen(fd, BACKLOG) != 0) {
        close_failed(fd);
        return false;
    }
    listener_init(l, fd);
    return true;
}

int local_accept(struct listener *l, uint32_t *process_out)
{
    struct socket_address from;
    int fd = listener_accept(l, &from);
    if (fd < 0) return fd;
    if ((*process_out = process_of_this_user(fd)) != 0) return fd;
    close(fd);
    return SOCKET_FAILED;
}

/* -- connecting ----------------------------------------------------------- */

static int connect_by_name(const struct socket_address *at, struct local_end *end_out)
{
    struct sockaddr_un name;
    socklen_t n = make_name(at, &name);
    int fd = new_socket();
    if (fd < 0) return -1;
    if (connect(fd, (const struct sockaddr *)&name, n) != 0) return close_failed(fd);
    *end_out = (struct local_end){.process = process_of_this_user(fd), .at = *at};
    bool is_other = end_out->process && end_out->process != local_own_process();
    if (!is_other) *end_out = (struct local_end){0};
    return is_other ? fd : close_failed(fd);
}

int local_connect(const struct socket_address *to, struct local_end *end_out)
{
    struct socket_address all;
    const char *any = ((const struct sockaddr *)to->bytes)->sa_family == AF_INET6 ? "::" : "0.0.0.0";
    *end_out = (struct local_end){0};
    if (!local_is_address(to)) return -1;
    int fd = connect_by_name(to, end_out);
    if (fd >= 0 || errno != ECONNREFUSED || !socket_address_parse(any, socket_address_port(to), &all))
        return fd;
    return connect_by_name(&all, end_out);
}
