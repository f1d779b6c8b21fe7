/* Output that another node asks for. */
#ifndef RT_PRIM_IO_H
#define RT_PRIM_IO_H

#include "rt/mem/worker.h"

/* On the port of this node with that number; nothing if it is no open output port. */
void io_write_for_peer(struct worker *w, uint64_t number, const uint8_t *bytes, size_t n);

#endif
