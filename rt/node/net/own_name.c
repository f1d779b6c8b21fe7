#include "rt/node/net/own_name.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/node.h"
#include "rt/os/host_port.h"
#include "rt/os/local.h"

#define OWN_NAMES_MAX 64

/* A name that has turned out to be one, so that it need not be looked up again. */
struct own_name {
    struct own_name *next;
    char host[];
};

static bool is_noted(const struct net *net, const char *host)
{
    const struct own_name *name = net->own_names;
    while (name && strcmp(name->host, host) != 0)
        name = name->next;
    return name != NULL;
}

/* Without memory, or room, it is looked up again. */
static void note(struct net *net, const char *host)
{
    struct own_name *name = net->n_own_names < OWN_NAMES_MAX ? malloc(sizeof *name + strlen(host) + 1) : NULL;
    if (!name) return;
    name->next = net->own_names;
    strcpy(name->host, host);
    net->own_names = name;
    net->n_own_names++;
}

/* The listener takes what comes to that address. */
static bool is_reached_at(const struct net *net, const struct socket_address *a)
{
    char host[SOCKET_HOST_MAX];
    uint8_t there[SOCKET_PACKED_BYTES], here[SOCKET_PACKED_BYTES];
    socket_address_host(&net->listens_at, host);
    if (host_is_any(host)) return local_is_address(a);
    socket_address_pack(a, there);
    socket_address_pack(&net->listens_at, here);
    return memcmp(there, here, sizeof there) == 0;
}

static bool look_up(const struct net *net, const char *host, uint16_t port)
{
    struct socket_address found[RESOLVE_MOST];
    unsigned n = resolve_here(host, port, found);
    for (unsigned i = 0; i < n; i++)
        if (is_reached_at(net, &found[i])) return true;
    return false;
}

/* Whoever has a peer was looked up before. */
bool own_name_is(struct net *net, const char *host, uint16_t port)
{
    const struct boot *own = boots_at(net->node->boots, 0);
    if (!port || port != own->port) return false;
    if (strcmp(host, own->host) == 0 || is_noted(net, host)) return true;
    if (net->listener.fd < 0 || peer_map_find(&net->by_address, host, port) || !look_up(net, host, port))
        return false;
    note(net, host);
    return true;
}
