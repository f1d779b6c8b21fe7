/* Primitives that name an address of a node. A program that has them may talk to
 * other machines: this file is the reason why TLS is linked. */
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/net/address.h"
#include "rt/node/net/net.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"
#include "rt/os/host_port.h"
#include "rt/os/tls.h"
#include "rt/prim/arg.h"

TLS_IS_WANTED;

/* A condition that begins with the reason, in words. */
static tt_word fail_reason(struct worker *w, enum tt_condition kind, const char *operation, const char *why,
                           tt_word what)
{
    struct list_builder irritants = list_build();
    tt_word text = string_from_text(w, why);
    if (text == TT_FAIL) return TT_FAIL;
    list_add(w, &irritants, text);
    list_add(w, &irritants, what);
    return fail_condition(w, kind, operation, irritants.list);
}

/* Port 0 is for node-init. */
tt_word tt_prim_make_node(struct worker *w, tt_word host, tt_word port)
{
    size_t number;
    const char *why;
    if (!arg_is_type(w, "make-node", host, TT_TYPE_STRING) ||
        !arg_index(w, "make-node", port, UINT16_MAX, &number))
        return TT_FAIL;
    if (!host_check((const char *)string_bytes(host), string_length(host), &why))
        return fail_reason(w, CONDITION_OUT_OF_RANGE, "make-node", why, host);
    struct tt_obj_NODE *node = heap_alloc(w, sizeof *node);
    if (!node) return TT_FAIL;
    *node = (struct tt_obj_NODE){TT_HEADER((tt_word)TT_TYPE_NODE), host, port};
    return tt_tagged(node, TT_TAG_OBJECT);
}

tt_word tt_prim_node_init(struct worker *w, tt_word node)
{
    char host[256];
    uint16_t port;
    const char *why = "not an address";
    if (!arg_is_type(w, "node-init", node, TT_TYPE_NODE)) return TT_FAIL;
    if (!address_read(node, host, &port) || !net_listen(w->node, host, port, &why))
        return fail_reason(w, CONDITION_SYSTEM, "node-init", why, node);
    net_accept(w->node);
    return address_of_boot(w, 0);
}
