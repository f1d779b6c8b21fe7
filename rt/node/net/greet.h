/* What two nodes do before they exchange packets, with connections in the states
 * GREETS and JUDGED: TLS if there is to be any (secure.h), the handshake
 * (handshake.h), and the verdict on newcomers (judge.h). Ends with
 * conn_go_up or conn_end. */
#ifndef RT_NODE_NET_GREET_H
#define RT_NODE_NET_GREET_H

#include "rt/node/net/conn.h"

/* This node has connected. */
void greet_begin(struct conn *c);
/* GREETS: there is input; the socket takes output. */
void greet_read(struct conn *c);
void greet_write(struct conn *c);
/* Decides what becomes of a newcomer that has proved itself (again: state JUDGED). */
void greet_judge(struct conn *c, int64_t now_ns);

#endif
