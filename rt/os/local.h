/* Connections between programs of one user on this machine: Unix-domain sockets, whose two ends the kernel
 * vouches for.
 *
 * Who listens at an address of TCP listens at a name made of the user and that address too. The name is an
 * abstract one: it belongs to the network namespace, as the address does, and is gone with its socket. It
 * proves nothing. What counts is the user and the process at the other end, as the kernel says who they were
 * when it connected or began to listen. */
#ifndef RT_OS_LOCAL_H
#define RT_OS_LOCAL_H

#include "rt/os/socket.h"

/* The other end of a connection. process: its id as this process sees it; 0: there is none, because the
 * connection goes over TCP. */
struct local_end {
    uint32_t process;
    struct socket_address at; /* where the acceptor listens, as in the name; not set when `process` is 0 */
};

/* This process, as others of its PID namespace see it. */
uint32_t local_own_process(void);

/* Loopback, or an address that an interface of this machine has. */
bool local_is_address(const struct socket_address *a);

/* `at`: where the TCP listener is. False: errno says why, EADDRINUSE: somebody has the name. */
bool local_listen(struct listener *l, const struct socket_address *at);
/* The next newcomer, who is of this user; SOCKET_AGAIN: there is none; SOCKET_FAILED: he was of another user,
 * and is turned away. */
int local_accept(struct listener *l, uint32_t *process_out);
/* Connects to who listens at `to`, or at all addresses of this machine if `to` is one of them. -1: nobody who
 * is of this user and another process. */
int local_connect(const struct socket_address *to, struct local_end *end_out);

#endif
