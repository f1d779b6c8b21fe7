/* A program as a node: the options `serve` and `node`. */
#ifndef RT_NODE_SERVE_H
#define RT_NODE_SERVE_H

#include "rt/node/net/net.h"

/* What makes the environment of a node unfit: cookie, address, TLS. */
#define EXIT_BAD_NODE 78

/* Listens, if the options say so; ends the program when that is not possible. */
void serve_begin(struct node *node);
/* The top level has run: connections are taken. True: the node is only there to
 * serve, `main` is not called. */
bool serve_open(struct node *node);

#endif
