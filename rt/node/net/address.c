#include "rt/node/net/address.h"

#include <stdio.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/net/own_name.h"
#include "rt/node/net/peer.h"
#include "rt/obj/string.h"

#define HOST_MAX_BYTES 255

tt_word address_make(struct worker *w, const char *host, uint16_t port)
{
    tt_word text = string_from_text(w, host);
    struct tt_obj_NODE *node = text == TT_FAIL ? NULL : heap_alloc(w, sizeof *node);
    if (!node) return TT_FAIL;
    *node = (struct tt_obj_NODE){TT_HEADER((tt_word)TT_TYPE_NODE), text, tt_fixnum(port)};
    return tt_tagged(node, TT_TAG_OBJECT);
}

tt_word address_of_boot(struct worker *w, uint32_t index)
{
    const struct boot *boot = boots_at(w->node->boots, index);
    if (boot->port) return address_make(w, boot->host, boot->port);
    char host[ADDRESS_RUN_HOST_CHARS + 1] = "~";
    for (size_t i = 0; i < BOOT_ID_BYTES; i++)
        snprintf(host + 1 + 2 * i, 3, "%02x", boot->id[i]);
    return address_make(w, host, 0);
}

tt_word address_of_peer(struct worker *w, const struct peer *peer)
{
    return peer->boot ? address_of_boot(w, peer->boot) : address_make(w, peer->host, peer->port);
}

bool address_read(tt_word node, char host[256], uint16_t *port_out)
{
    tt_word text = TT_OBJ(NODE, node)->host, port = TT_OBJ(NODE, node)->port;
    if (!tt_is_type(text, TT_TYPE_STRING) || !tt_is_fixnum(port)) return false;
    size_t n = string_length(text);
    if (n > HOST_MAX_BYTES || memchr(string_bytes(text), 0, n) || port > tt_fixnum(UINT16_MAX)) return false;
    memcpy(host, string_bytes(text), n);
    host[n] = 0;
    *port_out = (uint16_t)tt_fixnum_value(port);
    return true;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The boot id in the host of a run that listens nowhere. */
static bool read_run(const char *host, uint16_t port, uint8_t id[BOOT_ID_BYTES])
{
    if (port || host[0] != '~' || strlen(host) != ADDRESS_RUN_HOST_CHARS) return false;
    for (size_t i = 0; i < BOOT_ID_BYTES; i++) {
        int high = digit_of(host[1 + 2 * i]), low = digit_of(host[2 + 2 * i]);
        if (high < 0 || low < 0) return false;
        id[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool address_is_here(struct worker *w, tt_word node)
{
    char host[256];
    uint16_t port;
    uint8_t id[BOOT_ID_BYTES];
    if (!address_read(node, host, &port)) return false;
    if (read_run(host, port, id)) return memcmp(id, boots_at(w->node->boots, 0)->id, sizeof id) == 0;
    return own_name_is(w->node->net, host, port);
}

struct peer *address_peer(struct worker *w, tt_word node)
{
    char host[256];
    uint16_t port;
    uint8_t id[BOOT_ID_BYTES];
    if (!address_read(node, host, &port)) return NULL;
    if (read_run(host, port, id)) {
        uint32_t boot = boots_hear(w->node->boots, id, "", 0, 0);
        return boot == UINT32_MAX ? NULL : peer_of_boot(w->node, boot);
    }
    return port ? peer_of_address(w->node, host, port) : NULL;
}
