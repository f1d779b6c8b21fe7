/* Ports as arguments of primitives, and output that another node asks for. */
#ifndef RT_PRIM_IO_H
#define RT_PRIM_IO_H

#include "rt/obj/port.h"

/* `port` must be a port with all those bits of enum port_kind, and open if it is one of
 * this node. False has filled worker.failure. */
bool arg_port(struct worker *w, const char *operation, tt_word port, unsigned kinds);

/* On the port of this node with that number; nothing if it is no open output port. No
 * bytes: the port is closed. */
void io_write_for_peer(struct worker *w, uint64_t number, const uint8_t *bytes, size_t n);

#endif
