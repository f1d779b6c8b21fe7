/* Primitives that name an address of a node. A program that has them may talk to
 * other machines: this file is the reason why TLS is linked. */
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/address.h"
#include "rt/node/net.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"
#include "rt/os/tls.h"
#include "rt/prim/arg.h"

TLS_IS_WANTED;

/* No spaces nor control characters: no host has such a name, and names are printed. */
static bool is_printable(const char *host)
{
    for (const unsigned char *c = (const unsigned char *)host; *c; c++)
        if (*c <= ' ' || *c == 0x7f) return false;
    return true;
}

tt_word tt_prim_make_node(struct worker *w, tt_word host, tt_word port)
{
    size_t number;
    if (!arg_is_type(w, "make-node", host, TT_TYPE_STRING) ||
        !arg_index(w, "make-node", port, UINT16_MAX, &number))
        return TT_FAIL;
    struct tt_obj_NODE *node = heap_alloc(w, sizeof *node);
    if (!node) return TT_FAIL;
    *node = (struct tt_obj_NODE){TT_HEADER((tt_word)TT_TYPE_NODE), host, port};
    tt_word v = tt_tagged(node, TT_TAG_OBJECT);
    char text[256];
    uint16_t ignored;
    return address_read(v, text, &ignored) && is_printable(text) ? v : fail_out_of_range(w, "make-node", host);
}

static tt_word fail_reason(struct worker *w, const char *operation, const char *why, tt_word node)
{
    struct list_builder irritants = list_build();
    tt_word text = string_from_text(w, why);
    if (text == TT_FAIL) return TT_FAIL;
    list_add(w, &irritants, text);
    list_add(w, &irritants, node);
    return fail_condition(w, CONDITION_SYSTEM, operation, irritants.list);
}

tt_word tt_prim_node_init(struct worker *w, tt_word node)
{
    char host[256];
    uint16_t port;
    const char *why = "not an address";
    if (!arg_is_type(w, "node-init", node, TT_TYPE_NODE)) return TT_FAIL;
    if (!address_read(node, host, &port) || !net_listen(w->node, host, port, &why))
        return fail_reason(w, "node-init", why, node);
    net_accept(w->node);
    return address_of_boot(w, 0);
}
