#include "rt/os/host_port.h"

#include <stdio.h>
#include <string.h>

static bool fail(const char **why_out, const char *why)
{
    *why_out = why;
    return false;
}

static bool parse_port(const char *text, uint16_t *out, const char **why_out)
{
    unsigned long port = 0;
    size_t n = strspn(text, "0123456789");
    if (n == 0 || text[n]) return fail(why_out, "the port is not a number");
    for (const char *at = text; *at && port <= UINT16_MAX; at++)
        port = port * 10 + (unsigned long)(*at - '0');
    if (port > UINT16_MAX) return fail(why_out, "a port is at most 65535");
    *out = (uint16_t)port;
    return true;
}

bool host_check(const char *host, size_t n, const char **why_out)
{
    if (n == 0) return fail(why_out, "the host is empty");
    if (n > HOST_MAX) return fail(why_out, "a host has at most 255 characters");
    for (size_t i = 0; i < n; i++)
        if (host[i] <= ' ' || host[i] > '~' || strchr("[]/@", host[i]))
            return fail(why_out, "a host name has no such character");
    return true;
}

static bool copy_host(const char *host, size_t n, struct host_port *out, const char **why_out)
{
    if (n == 0) return fail(why_out, "the host is missing: HOST:PORT");
    if (!host_check(host, n, why_out)) return false;
    memcpy(out->host, host, n);
    out->host[n] = 0;
    return true;
}

bool host_port_parse(const char *text, struct host_port *out, const char **why_out)
{
    bool is_bracketed = *text == '[';
    const char *host = text + is_bracketed;
    const char *end = is_bracketed ? strchr(host, ']') : strchr(host, ':');
    if (!end) return fail(why_out, is_bracketed ? "`]` is missing" : "the port is missing: HOST:PORT");
    const char *colon = end + is_bracketed;
    if (*colon != ':') return fail(why_out, "the port is missing: HOST:PORT");
    if (!is_bracketed && strchr(colon + 1, ':'))
        return fail(why_out, "an IPv6 address stands in brackets: [HOST]:PORT");
    return copy_host(host, (size_t)(end - host), out, why_out) && parse_port(colon + 1, &out->port, why_out);
}

void host_port_print(const char *host, uint16_t port, char out[HOST_PORT_TEXT_MAX])
{
    const char *format = strchr(host, ':') ? "[%s]:%u" : "%s:%u";
    snprintf(out, HOST_PORT_TEXT_MAX, format, host, (unsigned)port);
}

bool host_is_any(const char *host) { return strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0; }
