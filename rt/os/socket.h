/* TCP sockets that never block, for IPv4 and IPv6. A socket is its descriptor. */
#ifndef RT_OS_SOCKET_H
#define RT_OS_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt/os/span.h"

#define SOCKET_HOST_MAX 64 /* bytes of a numeric host with its NUL */

/* Where a socket is or goes: an address of IPv4 or IPv6, and a port. */
struct socket_address {
    _Alignas(8) uint8_t bytes[28];
    uint32_t n;
};

/* `host` is numeric. False: it is not. */
bool socket_address_parse(const char *host, uint16_t port, struct socket_address *out);
void socket_address_host(const struct socket_address *address, char host[SOCKET_HOST_MAX]);
uint16_t socket_address_port(const struct socket_address *address);
bool socket_address_is_loopback(const struct socket_address *address);
/* The address as IPv6 writes it (one of IPv4 as ::ffff:a.b.c.d), then the port, lower byte first. */
#define SOCKET_PACKED_BYTES 18
void socket_address_pack(const struct socket_address *address, uint8_t out[SOCKET_PACKED_BYTES]);
/* The ports may differ. */
bool socket_address_same_host(const struct socket_address *a, const struct socket_address *b);

bool socket_local_address(int fd, struct socket_address *out);
bool socket_peer_address(int fd, struct socket_address *out);

/* Begins to connect: the socket is writable when that has ended, see
 * socket_connect_error. -1: failed at once, errno says why. */
int socket_connect(const struct socket_address *to);
int socket_connect_error(int fd); /* 0: connected; else an errno value */
/* Small writes go out at once; data that the other side's kernel does not
 * acknowledge for `timeout_ns` end the connection. */
void socket_tune(int fd, int64_t timeout_ns);

#define SOCKET_AGAIN     (-1) /* would block */
#define SOCKET_FAILED    (-2) /* the connection has ended */
#define SOCKET_TIMED_OUT (-3) /* so it has, for want of a sign of life */

/* Bytes read: 0 when the other side sends no more; or one of the above. */
ptrdiff_t socket_read(int fd, void *to, size_t n);
/* The same, to one place and then to another one. */
ptrdiff_t socket_read_two(int fd, void *to, size_t n, void *behind, size_t n_behind);
/* Bytes written, or one of the above. Never waits, also where the socket is another program's, in another mode. */
ptrdiff_t socket_write(int fd, const void *from, size_t n);
/* The same of several, 64 at most, one behind the other. */
ptrdiff_t socket_write_spans(int fd, const struct span *spans, size_t n);
/* The poller speaks of input only when there are so many bytes, or an end; at first: 1. */
void socket_await_bytes(int fd, size_t n);
/* Are there bytes, or an end, that nobody has read yet? */
bool socket_has_input(int fd);
/* Nothing more will be sent; what has been is delivered. */
void socket_end_output(int fd);
void socket_close(int fd);

/* A socket that listens. The spare descriptor lets it turn a newcomer away when
 * the process has no descriptors left; without that it would stay readable. */
struct listener {
    int fd, spare;
};

/* Takes a descriptor over that listens. */
void listener_init(struct listener *l, int fd);
/* False: errno says why; the listener's fd is -1. */
bool listener_open(struct listener *l, const struct socket_address *at);
void listener_close(struct listener *l);
/* The next newcomer, or SOCKET_AGAIN: there is none, or it was turned away. */
int listener_accept(struct listener *l, struct socket_address *from_out);

#endif
