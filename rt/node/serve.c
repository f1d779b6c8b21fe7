#include "rt/node/serve.h"

#include <stdlib.h>

#include "rt/abi/program.h"
#include "rt/actor/leave.h"
#include "rt/mem/node.h"
#include "rt/node/net/net_state.h"
#include "rt/node/net/secure.h"
#include "rt/obj/log.h"
#include "rt/os/options.h"

static void leave_name(struct node *node)
{
    const struct boot *own = boots_at(node->boots, 0);
    char text[HOST_PORT_TEXT_MAX];
    host_port_print(own->host, own->port, text);
    log_line(node, "%s: cannot be a node at %s: name-in-use: another node is there already",
             node->program->name, text);
    node_leave(node, EXIT_BAD_NODE);
}

void serve_begin(struct node *node)
{
    const struct options *options = node->options;
    node->serves = options->serve.host[0] != 0;
    const struct host_port *at = node->serves ? &options->serve : &options->node;
    const char *why;
    node->net->name_taken = leave_name;
    char text[HOST_PORT_TEXT_MAX];
    if (!secure_check_options(node->net, &why)) {
        log_line(node, "%s: cannot use TLS: %s", node->program->name, why);
        exit(EXIT_BAD_NODE);
    }
    if (!at->host[0] || net_listen(node, at->host, at->port, &why)) return;
    host_port_print(at->host, at->port, text);
    log_line(node, "%s: cannot be a node at %s: %s", node->program->name, text, why);
    exit(EXIT_BAD_NODE);
}

static void say_ready(struct node *node)
{
    const struct boot *own = boots_at(node->boots, 0);
    char text[HOST_PORT_TEXT_MAX];
    host_port_print(own->host, own->port, text);
    log_line(node, "node %s ready", text);
}

bool serve_open(struct node *node)
{
    bool begins = net_accept(node);
    if (begins && node->serves) say_ready(node);
    return node->serves;
}
