/* An operating system for simulated nodes: takes the place of rt/os/{socket,
 * poller,resolve,clock,random}.c, so that what is above them (rt/node) runs in a
 * world (world.h) as it is. Hosts are 127.0.0.1, 127.0.0.2, ...; host h of a
 * simulation has the address 127.0.0.(h + 1).
 *
 * A TCP connection has two pipes. What is written to one arrives in order, in
 * pieces, after a delay; while the two hosts are apart it is sent again and again,
 * until they are not, or the sender gives up (socket_tune). */
#ifndef TESTS_SIM_OS_H
#define TESTS_SIM_OS_H

#include "tests/sim/world.h"

#define OS_HOSTS_MAX 8

/* One at a time. `input(host)` is called when the poller of that host has an event
 * that it did not have before. */
void os_start(struct world *world, void (*input)(void *context, unsigned host), void *context);
void os_stop(void);
/* All that is called from now on is done by that host. */
void os_set_host(unsigned host);
const char *os_address(unsigned host);

/* -- harm */

/* Nothing passes between two hosts any more. */
void os_set_apart(unsigned a, unsigned b, bool are_apart);
bool os_are_apart(unsigned a, unsigned b);
/* Every connection of the two hosts is reset; it may take a while until they see it. */
void os_reset(unsigned a, unsigned b);
/* The host gives up its ends of all connections with another one, whose ends go on standing. */
void os_forget(unsigned host, unsigned other);
/* The kernel closes what the host's process had open. */
void os_close_all(unsigned host);

#endif
