/* Which connections have TLS, and with what: beyond this machine all of them,
 * unless the option insecure-cleartext says otherwise; with tls=always those on
 * loopback too. An acceptor sees by the first byte which it is. Nodes of one user on
 * one machine have none on their Unix-domain sockets. */
#ifndef RT_NODE_NET_SECURE_H
#define RT_NODE_NET_SECURE_H

#include "rt/node/net/net_state.h"
#include "rt/os/tls.h"

/* A connection with that address over TCP, or a listener at it, must have TLS. */
bool secure_is_needed(const struct net *net, const struct socket_address *address);
bool secure_is_needed_on(const struct conn *c);
/* Nodes of one user on this machine may use Unix-domain sockets, which have no TLS: not where a node wants
 * TLS everywhere, nor where certificates say who may come. */
bool secure_allows_local(const struct net *net);
/* The keys or the certificates, which are read when they are first needed. NULL:
 * *why_out says in one line why there are none. Needs net->keys. */
struct tls_context *secure_context(struct net *net, const char **why_out);
/* The certificate that the options name is good, or there is none. */
bool secure_check_options(struct net *net, const char **why_out);
/* What the AUTHs on that connection are bound to: the TLS session; without one, on loopback or a Unix-domain
 * socket, the two ends of the connection, so that nobody in between can pass a handshake on to another node.
 * Elsewhere addresses may be translated on the way: then they are left out. */
void secure_binding(const struct conn *c, uint8_t binding[HANDSHAKE_BINDING_BYTES]);
/* Says from time to time that there is no TLS, though there should be, to be
 * called when such a connection or listener begins, and at times. */
void secure_warn(struct net *net, int64_t now_ns);
void secure_note_cleartext(struct net *net, const struct socket_address *address, int64_t now_ns);

#endif
