#include "rt/node/channel/packet.h"

#include <string.h>

#include "rt/actor/process.h"
#include "rt/mem/node.h"
#include "rt/obj/boots.h"
#include "rt/obj/far.h"
#include "rt/lexical/utf8.h"

const uint8_t *packet_bytes(struct packet *f, size_t n)
{
    if (f->is_bad || (size_t)(f->end - f->at) < n) {
        f->is_bad = true;
        return NULL;
    }
    const uint8_t *bytes = f->at;
    f->at += n;
    return bytes;
}

uint8_t packet_byte(struct packet *f)
{
    const uint8_t *byte = packet_bytes(f, 1);
    return byte ? *byte : 0;
}

uint64_t packet_varint(struct packet *f)
{
    uint64_t number = 0;
    const uint8_t *end = f->is_bad ? NULL : varint_read(f->at, f->end, &number);
    if (!end) {
        f->is_bad = true;
        return 0;
    }
    f->at = end;
    return number;
}

const uint8_t *packet_text(struct packet *f, size_t *n_out)
{
    uint64_t n = packet_varint(f);
    size_t chars;
    const uint8_t *bytes = packet_bytes(f, n <= SIZE_MAX ? (size_t)n : SIZE_MAX);
    if (bytes && !utf8_count(bytes, (size_t)n, &chars)) {
        f->is_bad = true;
        return NULL;
    }
    *n_out = (size_t)n;
    return bytes;
}

static uint64_t read_serial(struct packet *f)
{
    uint64_t serial = packet_varint(f);
    if (serial >> FAR_SERIAL_BITS) f->is_bad = true;
    return serial;
}

struct far packet_far(struct packet *f, uint32_t boot)
{
    struct far far = {.boot = boot, .serial = read_serial(f)};
    const uint8_t *mac = packet_bytes(f, FAR_MAC_BYTES);
    if (mac) memcpy(far.mac, mac, FAR_MAC_BYTES);
    return far;
}

uint32_t packet_node(struct worker *w, struct packet *f)
{
    const uint8_t *id = packet_bytes(f, BOOT_ID_BYTES);
    size_t n = 0;
    const uint8_t *host = packet_text(f, &n);
    uint64_t port = packet_varint(f);
    if (f->is_bad || n > 255 || port > UINT16_MAX) {
        f->is_bad = true;
        return 0;
    }
    uint32_t index = boots_hear(w->node->boots, id, (const char *)host, n, (uint16_t)port);
    return index == UINT32_MAX ? 0 : index;
}

struct process *packet_near(struct worker *w, struct packet *f)
{
    uint64_t serial = read_serial(f);
    const uint8_t *mac = packet_bytes(f, FAR_MAC_BYTES);
    if (!mac || f->is_bad || !near_pid_is_ours(w, serial, mac)) return NULL;
    return process_at(w->node->processes, serial);
}

void packet_put_own(struct worker *w, struct wire_buf *out, enum far_kind kind, uint64_t serial)
{
    uint8_t mac[FAR_MAC_BYTES];
    near_mac(w, kind, serial, mac);
    buf_put_varint(out, serial);
    buf_put(out, mac, sizeof mac);
}

void packet_put_far(struct wire_buf *out, const struct far *far)
{
    buf_put_varint(out, far->serial);
    buf_put(out, far->mac, FAR_MAC_BYTES);
}

void packet_put_node(struct worker *w, struct wire_buf *out, uint32_t index)
{
    const struct boot *boot = boots_at(w->node->boots, index);
    buf_put(out, boot->id, sizeof boot->id);
    packet_put_text(out, boot->host, strlen(boot->host));
    buf_put_varint(out, boot->port);
}

void packet_put_text(struct wire_buf *out, const void *bytes, size_t n)
{
    buf_put_varint(out, n);
    buf_put(out, bytes, n);
}
