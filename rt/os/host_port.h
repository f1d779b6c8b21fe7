/* Addresses as people write them: `host:port`, `127.0.0.1:4000`, `[::1]:4000`. */
#ifndef RT_OS_HOST_PORT_H
#define RT_OS_HOST_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_MAX           255
#define HOST_PORT_TEXT_MAX (HOST_MAX + 9) /* brackets, colon, five digits, NUL */

struct host_port {
    char host[HOST_MAX + 1]; /* without brackets; "": none */
    uint16_t port;
};

/* False: *why_out says what is wrong with the text, in a few words. */
bool host_port_parse(const char *text, struct host_port *out, const char **why_out);
/* Whether these bytes can be a host. False: *why_out says why not. */
bool host_check(const char *host, size_t n, const char **why_out);
/* All addresses of a machine, for a listener. */
bool host_is_any(const char *host);
/* As host_port_parse reads it: a host with a colon in it stands in brackets. */
void host_port_print(const char *host, uint16_t port, char out[HOST_PORT_TEXT_MAX]);

#endif
