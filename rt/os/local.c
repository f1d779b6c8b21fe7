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

static bool is_of_interface(const struct socket_address *a)
{
    struct ifaddrs *all;
    struct socket_address own = {.n = a->n};
    bool found = false;
    if (getifaddrs(&all) != 0) return false;
    sa_family_t family = ((const struct sockaddr *)a->bytes)->sa_family;
    for (const struct ifaddrs *at = all; at && !found; at = at->ifa_next) {
        if (!at->ifa_addr || at->ifa_addr->sa_family != family) continue;
        memcpy(own.bytes, at->ifa_addr, a->n);
        found = socket_address_same_host(&own, a);
    }
    freeifaddrs(all);
    return found;
}

int local_connect(const struct socket_address *to, struct local_end *end_out)
{
    struct socket_address all;
    const char *any = ((const struct sockaddr *)to->bytes)->sa_family == AF_INET6 ? "::" : "0.0.0.0";
    *end_out = (struct local_end){0};
    if (!socket_address_is_loopback(to) && !is_of_interface(to)) return -1;
    int fd = connect_by_name(to, end_out);
    if (fd >= 0 || errno != ECONNREFUSED || !socket_address_parse(any, socket_address_port(to), &all))
        return fd;
    return connect_by_name(&all, end_out);
}
