#include "rt/node/remote/large_in.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/net/conn.h"
#include "rt/node/remote/far_link_packets.h"
#include "rt/node/remote/remote.h"
#include "rt/node/remote/request.h"
#include "rt/os/sizes.h"

/* With more than this held, everything is read at once: memory is as limited as if
 * nothing were ever held. */
#define HELD_MAX_BYTES ((size_t)512 << 20)
/* What a held packet takes beside its body: the packet, and what malloc adds to the two. */
#define HELD_PACKET_BYTES (sizeof(struct large_in_packet) + 64)
/* Values that are read at the same time, and their bytes, unzipped, if there is more than one. */
#define READ_TOGETHER       8
#define READ_TOGETHER_BYTES ((size_t)256 << 20)
/* No compressed value of fewer bytes is large: zstd makes four of a block of 128 KB at the best. */
#define ZIPPED_LARGE_BYTES ((WIRE_LARGE_BYTES >> 17) * 4)

struct large_in_packet {
    struct large_in_packet *next;
    enum control type;
    uint64_t mark; /* of its key, see mark_of; all bits: any key */
    struct wire_buf body;
    size_t value_at;
    struct wire_getting *getting; /* NULL: the value is read with the packet */
    bool is_read;
    tt_word value; /* kept alive by the getting */
    struct wire_failure failure;
};

struct large_in {
    struct large_in_packet *first, **last;
    size_t n, n_bytes, n_read_in_steps;
    size_t n_marks[64], n_any; /* held packets by key */
};

/* -- keys ------------------------------------------------------------------ */

#define ANY_KEY UINT64_MAX
#define NO_KEY  0

/* One bit: different keys may have the same one, then a packet waits in vain. */
static unsigned bucket_of(uint64_t key) { return (unsigned)(key * UINT64_C(0x9e3779b97f4a7c15) >> 58); }
static uint64_t mark_of(uint64_t key)
{
    return key == ANY_KEY ? ANY_KEY : key == NO_KEY ? 0 : UINT64_C(1) << bucket_of(key);
}

static void skip_mac(struct packet *f) { packet_bytes(f, FAR_MAC_BYTES); }

static uint64_t key_of_near(struct packet *f)
{
    uint64_t serial = packet_varint(f);
    skip_mac(f);
    return packet_key(serial);
}

static uint64_t key_of_process(const struct process *p)
{
    return p ? packet_key(process_serial(p)) : ANY_KEY;
}

static uint64_t key_of_far_link(struct peer *peer, struct packet *f)
{
    uint8_t whose = packet_byte(f);
    uint64_t id = packet_varint(f);
    struct far_link *r =
        peer->remote ? far_link_find(peer->remote, id, whose == 0 ? BEGUN_THERE : BEGUN_HERE) : NULL;
    return r ? key_of_process(r->link.to ? r->link.to : r->link.from) : ANY_KEY;
}

static uint64_t key_of_watch(struct packet *f)
{
    packet_varint(f);
    packet_byte(f);
    return key_of_near(f);
}

static uint64_t key_of_tell(struct packet *f)
{
    packet_varint(f);
    packet_byte(f);
    packet_varint(f);
    skip_mac(f);
    return key_of_near(f);
}

/* It is IN_TURN, and whose it is nobody knows here. */
static uint64_t skip_name(struct packet *f)
{
    size_t n;
    packet_text(f, &n);
    return ANY_KEY;
}

static uint64_t key_of_request(struct worker *w, struct packet *f)
{
    return request_key(w, packet_varint(f)); /* NO_KEY: nobody waits for it */
}

/* Leaves f behind what it has read: at the value, if it is a packet that is_readable. */
static uint64_t key_of(struct worker *w, struct peer *peer, enum control type, struct packet *f)
{
    switch (type) {
    case CONTROL_SEND:
    case CONTROL_TERMINATE:
    case CONTROL_FORWARD:
    case CONTROL_GUEST_STOP:
    case CONTROL_UNHOLD:
    case CONTROL_ARRIVED: return key_of_near(f);
    case CONTROL_SEND_NAME: return skip_name(f);
    case CONTROL_PORT_WRITE: return UINT64_C(1) << 61 | packet_varint(f);
    case CONTROL_WATCH: return key_of_watch(f);
    case CONTROL_TELL: return key_of_tell(f);
    case CONTROL_FORGET:
    case CONTROL_END: return key_of_far_link(peer, f);
    case CONTROL_SPAWN:
    case CONTROL_ASK: return UINT64_C(1) << 63 | packet_varint(f);
    case CONTROL_ANSWER:
    case CONTROL_REFUSED: return key_of_request(w, f);
    case CONTROL_SPAWNED:
    case CONTROL_NAMED:
    case CONTROL_BOUNCE: return NO_KEY;
    default: return ANY_KEY; /* what is IN_TURN, among others: its sender's mail to anybody is before it */
    }
}

static void skip_move(enum control type, struct packet *f)
{
    size_t n;
    packet_bytes(f, BOOT_ID_BYTES);
    if (type != CONTROL_MOVE_PREPARE) return;
    packet_varint(f);
    if (packet_byte(f) == WHOSE_OTHER) {
        packet_bytes(f, BOOT_ID_BYTES);
        packet_text(f, &n);
        packet_varint(f);
    }
    packet_varint(f);
    skip_mac(f);
}

static bool is_of_image(enum control type)
{
    return type == CONTROL_MOVE_PREPARE || type == CONTROL_MOVE_COMMIT || type == CONTROL_FORWARD ||
           type == CONTROL_GUEST_STOP || type == CONTROL_GUEST_DOES;
}

/* Packets whose value may be read in steps. Skips the fields in front of the value that key_of has left. */
static bool is_readable(enum control type, struct packet *f)
{
    switch (type) {
    case CONTROL_SEND:
    case CONTROL_SEND_NAME:
    case CONTROL_TERMINATE:
    case CONTROL_REFUSED:
    case CONTROL_FORWARD:
    case CONTROL_GUEST_STOP: return true;
    case CONTROL_ANSWER: packet_byte(f); return true;
    case CONTROL_GUEST_DOES: key_of_near(f); return true;
    case CONTROL_ASK:
        packet_varint(f);
        skip_mac(f);
        return true;
    case CONTROL_SPAWN:
        packet_byte(f);
        packet_varint(f);
        packet_varint(f);
        skip_mac(f);
        return true;
    case CONTROL_MOVE_PREPARE:
    case CONTROL_MOVE_COMMIT: skip_move(type, f); return true;
    default: return false;
    }
}

/* -- holding --------------------------------------------------------------- */

static void count(struct large_in *held, const struct large_in_packet *h, ptrdiff_t n)
{
    held->n += (size_t)n;
    size_t bytes = h->body.capacity + HELD_PACKET_BYTES;
    held->n_bytes += (size_t)n * bytes;
    heap_count_outside(n * (ptrdiff_t)bytes);
    if (h->mark == ANY_KEY)
        held->n_any += (size_t)n;
    else if (h->mark)
        held->n_marks[__builtin_ctzll(h->mark)] += (size_t)n;
}

static bool is_blocked(const struct large_in *held, uint64_t mark)
{
    if (held->n == 0 || mark == 0) return false;
    return mark == ANY_KEY || held->n_any > 0 || held->n_marks[__builtin_ctzll(mark)] > 0;
}

static struct large_in *large_in_of(struct peer *peer)
{
    if (!peer->large_in && (peer->large_in = calloc(1, sizeof *peer->large_in)))
        peer->large_in->last = &peer->large_in->first;
    return peer->large_in;
}

/* The body, copied if it is not the channel's to give. */
static bool keep_body(struct peer *peer, struct large_in_packet *h, const uint8_t *body, size_t n)
{
    if (peer->conn && channel_keep_message(peer->conn->channel, &h->body)) return true;
    buf_put(&h->body, body, n);
    return !h->body.failed;
}

static void free_packet(struct peer *peer, struct large_in_packet *h)
{
    if (h->getting) {
        wire_get_end(h->getting);
        net_add_work(peer->net, -1);
    }
    text_free(&h->failure.path);
    buf_free(&h->body);
    free(h);
}

/* False: no memory. */
static bool add(struct worker *w, struct peer *peer, struct large_in_packet *h, const uint8_t *body, size_t n,
                bool in_steps)
{
    struct large_in *held = large_in_of(peer);
    struct wire_ends ends = peer_ends_in(peer);
    ends.is_image = is_of_image(h->type);
    if (!held || !keep_body(peer, h, body, n)) return false;
    if (in_steps) {
        h->getting = wire_get_begin(w, h->body.bytes + h->value_at, h->body.n - h->value_at, &ends);
        if (!h->getting) return false;
        net_add_work(peer->net, 1);
        held->n_read_in_steps++;
    }
    *held->last = h;
    held->last = &h->next;
    count(held, h, 1);
    return true;
}

static bool is_large(const struct packet *f) { return wire_is_large(f->at, (size_t)(f->end - f->at)); }

/* Whether this packet must wait: its value is large, or an older held packet has the same key. */
static bool must_hold(struct worker *w, struct peer *peer, enum control type, struct packet *f,
                      uint64_t *mark_out, bool *in_steps_out)
{
    *mark_out = mark_of(key_of(w, peer, type, f));
    *in_steps_out = is_readable(type, f) && !f->is_bad && is_large(f);
    if (f->is_bad) return false; /* not what a node sends: that is found out at once */
    return *in_steps_out || (peer->large_in && is_blocked(peer->large_in, *mark_out));
}

bool large_in_take(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n)
{
    bool has_held = peer->large_in && peer->large_in->n > 0;
    if (__builtin_expect(!has_held && n <= ZIPPED_LARGE_BYTES, 1)) return false;
    struct packet f = packet_of(body, n);
    uint64_t mark;
    bool in_steps;
    if (!must_hold(w, peer, type, &f, &mark, &in_steps)) return false;
    if (has_held &&
        (peer->large_in->n_bytes + n > HELD_MAX_BYTES || !heap_leaves_room(n + HELD_PACKET_BYTES))) {
        large_in_finish(w, peer);
        return false;
    }
    struct large_in_packet *h = calloc(1, sizeof *h);
    if (h)
        *h = (struct large_in_packet){
            .type = type, .mark = mark, .value_at = (size_t)(f.at - body), .value = TT_FALSE};
    if (!h || !add(w, peer, h, body, n, in_steps)) {
        if (h) free_packet(peer, h);
        peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
    }
    return true;
}

/* -- taking ---------------------------------------------------------------- */

bool large_in_value(const struct large_in_packet *h, tt_word *out, struct wire_failure *failure)
{
    *out = h->value;
    *failure = h->failure;
    return failure->status == WIRE_OK;
}

static struct large_in_packet *unlink_packet(struct large_in *held, struct large_in_packet **at)
{
    struct large_in_packet *h = *at;
    *at = h->next;
    if (held->last == &h->next) held->last = at;
    count(held, h, -1);
    if (h->getting) held->n_read_in_steps--;
    return h;
}

static void take(struct worker *w, struct peer *peer, struct large_in_packet *h)
{
    struct packet f = packet_of(h->body.bytes, h->body.n);
    if (h->getting) f.held = h;
    bool ok = remote_dispatch(w, peer, h->type, &f);
    h->failure.path = (struct text){0}; /* the taker's */
    free_packet(peer, h);
    if (!ok) peer_drop(peer, GOODBYE_PROTOCOL_ERROR);
}

/* The oldest one that waits for nothing; NULL: there is none. */
static struct large_in_packet **find_ready(struct large_in *held)
{
    uint64_t before = 0;
    for (struct large_in_packet **at = &held->first; *at; at = &(*at)->next) {
        struct large_in_packet *h = *at;
        bool is_whole = !h->getting || h->is_read;
        if (is_whole && (h->mark == 0 || !(before & h->mark)) && before != ANY_KEY) return at;
        before |= h->mark;
    }
    return NULL;
}

/* A packet that is taken may end the connection, and that takes all others (large_in_finish). */
static void take_ready(struct worker *w, struct peer *peer)
{
    struct large_in *held = peer->large_in;
    for (struct large_in_packet **at; (at = find_ready(held));)
        take(w, peer, unlink_packet(held, at));
}

/* True: it has been read. */
static bool read_step(struct large_in_packet *h)
{
    enum wire_progress progress = wire_get_step(h->getting, &h->value, &h->failure);
    h->is_read = progress != WIRE_GOES_ON;
    return h->is_read;
}

bool large_in_step(struct worker *w, struct peer *peer)
{
    struct large_in *held = peer->large_in;
    size_t n = 0, bytes = 0;
    bool is_any_read = false;
    for (struct large_in_packet *h = held->first; h && n < READ_TOGETHER && n < held->n_read_in_steps;
         h = h->next) {
        if (!h->getting) continue;
        if (!size_take(&bytes, wire_value_bytes(h->body.bytes + h->value_at, h->body.n - h->value_at),
                       READ_TOGETHER_BYTES) &&
            n > 0)
            break;
        n++;
        if (!h->is_read && read_step(h)) is_any_read = true;
    }
    if (is_any_read) take_ready(w, peer);
    return held->n > 0;
}

void large_in_finish(struct worker *w, struct peer *peer)
{
    struct large_in *held = peer->large_in;
    while (held && held->first) {
        struct large_in_packet *h = unlink_packet(held, &held->first);
        while (h->getting && !h->is_read)
            read_step(h);
        take(w, peer, h);
    }
}
