/* Names of hosts to addresses. Numeric ones and "localhost" at once; for others a
 * thread of its own asks the DNS, so that nobody waits. */
#ifndef RT_OS_RESOLVE_H
#define RT_OS_RESOLVE_H

#include "rt/os/poller.h"
#include "rt/os/socket.h"

#define RESOLVE_MOST 8 /* addresses of one name that are used */

enum resolve_state { RESOLVE_PENDING, RESOLVE_DONE };

struct resolution;
/* `wake` is woken when the answer is there. NULL: no memory. */
struct resolution *resolve_begin(const char *host, struct poller *wake);
enum resolve_state resolve_state(const struct resolution *r);
/* How many addresses there are, 0: none were found. DONE only. */
unsigned resolve_count(const struct resolution *r);
/* Why there are none, a text that lives for ever. DONE only. */
const char *resolve_failure(const struct resolution *r);
struct socket_address resolve_address(const struct resolution *r, unsigned index, uint16_t port);
/* The addresses of a name that is known here: an address itself, localhost, what the machine's own list
 * (/etc/hosts) has. Returns how many. */
unsigned resolve_here(const char *host, uint16_t port, struct socket_address out[RESOLVE_MOST]);
/* Also while PENDING; the thread ends by itself. */
void resolve_free(struct resolution *r);

#endif
