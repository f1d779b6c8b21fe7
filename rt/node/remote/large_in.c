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
/* What a held frame takes beside its body: the frame, and what malloc adds to the two. */
#define HELD_FRAME_BYTES (sizeof(struct held_frame) + 64)
/* Values that are read at the same time, and their bytes, unzipped, if there is more than one. */
#define READ_TOGETHER       8
#define READ_TOGETHER_BYTES ((size_t)256 << 20)
/* No compressed value of fewer bytes is large: zstd makes four of a block of 128 KB at the best. */
#define ZIPPED_LARGE_BYTES ((WIRE_LARGE_BYTES >> 17) * 4)

struct held_frame {
    struct held_frame *next;
    enum control type;
    uint64_t mark; /* of its key, see mark_of; all bits: any key */
    struct wire_buf body;
    size_t value_at;
    struct wire_getting *getting; /* NULL: the value is read with the frame */
    bool is_read;
    tt_word value; /* kept alive by the getting */
    struct wire_failure failure;
};

struct held {
    struct held_frame *first, **last;
    size_t n, n_bytes, n_read_in_steps;
    size_t n_marks[64], n_any; /* held frames by key */
};

/* -- keys ------------------------------------------------------------------ */

#define ANY_KEY UINT64_MAX
#define NO_KEY  0

/* One bit: different keys may have the same one, then a frame waits in vain. */
static unsigned bucket_of(uint64_t key) { return (unsigned)(key * UINT64_C(0x9e3779b97f4a7c15) >> 58); }
static uint64_t mark_of(uint64_t key)
{
    return key == ANY_KEY ? ANY_KEY : key == NO_KEY ? 0 : UINT64_C(1) << bucket_of(key);
}

static void skip_mac(struct frame *f) { frame_bytes(f, FAR_MAC_BYTES); }

static uint64_t key_of_near(struct frame *f)
{
    uint64_t serial = frame_varint(f);
    skip_mac(f);
    return frame_key(serial);
}

static uint64_t key_of_process(const struct process *p) { return p ? frame_key(process_serial(p)) : ANY_KEY; }

static uint64_t key_of_record(struct peer *peer, struct frame *f)
{
    uint8_t whose = frame_byte(f);
    uint64_t id = frame_varint(f);
    struct record *r =
        peer->remote ? record_find(peer->remote, id, whose == 0 ? BEGUN_THERE : BEGUN_HERE) : NULL;
    return r ? key_of_process(r->link.to ? r->link.to : r->link.from) : ANY_KEY;
}

static uint64_t key_of_watch(struct frame *f)
{
    frame_varint(f);
    frame_byte(f);
    return key_of_near(f);
}

static uint64_t key_of_tell(struct frame *f)
{
    frame_varint(f);
    frame_byte(f);
    frame_varint(f);
    skip_mac(f);
    return key_of_near(f);
}

/* It is IN_TURN, and whose it is nobody knows here. */
static uint64_t skip_name(struct frame *f)
{
    size_t n;
    frame_text(f, &n);
    return ANY_KEY;
}

static uint64_t key_of_request(struct worker *w, struct frame *f)
{
    return request_key(w, frame_varint(f)); /* NO_KEY: nobody waits for it */
}

/* Leaves f behind what it has read: at the value, if it is a frame that is_readable. */
static uint64_t key_of(struct worker *w, struct peer *peer, enum control type, struct frame *f)
{
    switch (type) {
    case CONTROL_SEND:
    case CONTROL_TERMINATE:
    case CONTROL_FORWARD:
    case CONTROL_GUEST_STOP:
    case CONTROL_UNHOLD:
    case CONTROL_ARRIVED: return key_of_near(f);
    case CONTROL_SEND_NAME: return skip_name(f);
    case CONTROL_PORT_WRITE: return UINT64_C(1) << 61 | frame_varint(f);
    case CONTROL_WATCH: return key_of_watch(f);
    case CONTROL_TELL: return key_of_tell(f);
    case CONTROL_FORGET:
    case CONTROL_END: return key_of_record(peer, f);
    case CONTROL_SPAWN:
    case CONTROL_ASK: return UINT64_C(1) << 63 | frame_varint(f);
    case CONTROL_ANSWER:
    case CONTROL_REFUSED: return key_of_request(w, f);
    case CONTROL_SPAWNED:
    case CONTROL_NAMED:
    case CONTROL_BOUNCE: return NO_KEY;
    default: return ANY_KEY; /* what is IN_TURN, among others: its sender's mail to anybody is before it */
    }
}

static void skip_move(enum control type, struct frame *f)
{
    size_t n;
    frame_bytes(f, BOOT_ID_BYTES);
    if (type != CONTROL_MOVE_PREPARE) return;
    frame_varint(f);
    if (frame_byte(f) == WHOSE_OTHER) {
        frame_bytes(f, BOOT_ID_BYTES);
        frame_text(f, &n);
        frame_varint(f);
    }
    frame_varint(f);
    skip_mac(f);
}

static bool is_of_image(enum control type)
{
    return type == CONTROL_MOVE_PREPARE || type == CONTROL_MOVE_COMMIT || type == CONTROL_FORWARD ||
           type == CONTROL_GUEST_STOP || type == CONTROL_GUEST_DOES;
}

/* Frames whose value may be read in steps. Skips the fields in front of the value that key_of has left. */
static bool is_readable(enum control type, struct frame *f)
{
    switch (type) {
    case CONTROL_SEND:
    case CONTROL_SEND_NAME:
    case CONTROL_TERMINATE:
    case CONTROL_REFUSED:
    case CONTROL_FORWARD:
    case CONTROL_GUEST_STOP: return true;
    case CONTROL_ANSWER: frame_byte(f); return true;
    case CONTROL_GUEST_DOES: key_of_near(f); return true;
    case CONTROL_ASK:
        frame_varint(f);
        skip_mac(f);
        return true;
    case CONTROL_SPAWN:
        frame_byte(f);
        frame_varint(f);
        frame_varint(f);
        skip_mac(f);
        return true;
    case CONTROL_MOVE_PREPARE:
    case CONTROL_MOVE_COMMIT: skip_move(type, f); return true;
    default: return false;
    }
}

/* -- holding --------------------------------------------------------------- */

static void count(struct held *held, const struct held_frame *h, ptrdiff_t n)
{
    held->n += (size_t)n;
    size_t bytes = h->body.capacity + HELD_FRAME_BYTES;
    held->n_bytes += (size_t)n * bytes;
    heap_count_outside(n * (ptrdiff_t)bytes);
    if (h->mark == ANY_KEY)
        held->n_any += (size_t)n;
    else if (h->mark)
        held->n_marks[__builtin_ctzll(h->mark)] += (size_t)n;
}

static bool is_blocked(const struct held *held, uint64_t mark)
{
    if (held->n == 0 || mark == 0) return false;
    return mark == ANY_KEY || held->n_any > 0 || held->n_marks[__builtin_ctzll(mark)] > 0;
}

static struct held *held_of(struct peer *peer)
{
    if (!peer->held && (peer->held = calloc(1, sizeof *peer->held))) peer->held->last = &peer->held->first;
    return peer->held;
}

/* The body, copied if it is not the channel's to give. */
static bool keep_body(struct peer *peer, struct held_frame *h, const uint8_t *body, size_t n)
{
    if (peer->conn && channel_keep_message(peer->conn->channel, &h->body)) return true;
    buf_put(&h->body, body, n);
    return !h->body.failed;
}

static void free_frame(struct peer *peer, struct held_frame *h)
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
static bool add(struct worker *w, struct peer *peer, struct held_frame *h, const uint8_t *body, size_t n,
                bool in_steps)
{
    struct held *held = held_of(peer);
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

static bool is_large(const struct frame *f) { return wire_is_large(f->at, (size_t)(f->end - f->at)); }

/* Whether this frame must wait: its value is large, or an older held frame has the same key. */
static bool must_hold(struct worker *w, struct peer *peer, enum control type, struct frame *f,
                      uint64_t *mark_out, bool *in_steps_out)
{
    *mark_out = mark_of(key_of(w, peer, type, f));
    *in_steps_out = is_readable(type, f) && !f->is_bad && is_large(f);
    if (f->is_bad) return false; /* not what a node sends: that is found out at once */
    return *in_steps_out || (peer->held && is_blocked(peer->held, *mark_out));
}

bool held_take(struct worker *w, struct peer *peer, enum control type, const uint8_t *body, size_t n)
{
    bool has_held = peer->held && peer->held->n > 0;
    if (__builtin_expect(!has_held && n <= ZIPPED_LARGE_BYTES, 1)) return false;
    struct frame f = frame_of(body, n);
    uint64_t mark;
    bool in_steps;
    if (!must_hold(w, peer, type, &f, &mark, &in_steps)) return false;
    if (has_held && (peer->held->n_bytes + n > HELD_MAX_BYTES || !heap_leaves_room(n + HELD_FRAME_BYTES))) {
        held_finish(w, peer);
        return false;
    }
    struct held_frame *h = calloc(1, sizeof *h);
    if (h)
        *h = (struct held_frame){
            .type = type, .mark = mark, .value_at = (size_t)(f.at - body), .value = TT_FALSE};
    if (!h || !add(w, peer, h, body, n, in_steps)) {
        if (h) free_frame(peer, h);
        peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
    }
    return true;
}

/* -- taking ---------------------------------------------------------------- */

bool held_value(const struct held_frame *h, tt_word *out, struct wire_failure *failure)
{
    *out = h->value;
    *failure = h->failure;
    return failure->status == WIRE_OK;
}

static struct held_frame *unlink_frame(struct held *held, struct held_frame **at)
{
    struct held_frame *h = *at;
    *at = h->next;
    if (held->last == &h->next) held->last = at;
    count(held, h, -1);
    if (h->getting) held->n_read_in_steps--;
    return h;
}

static void take(struct worker *w, struct peer *peer, struct held_frame *h)
{
    struct frame f = frame_of(h->body.bytes, h->body.n);
    if (h->getting) f.held = h;
    bool ok = remote_dispatch(w, peer, h->type, &f);
    h->failure.path = (struct text){0}; /* the taker's */
    free_frame(peer, h);
    if (!ok) peer_drop(peer, GOODBYE_PROTOCOL_ERROR);
}

/* The oldest one that waits for nothing; NULL: there is none. */
static struct held_frame **find_ready(struct held *held)
{
    uint64_t before = 0;
    for (struct held_frame **at = &held->first; *at; at = &(*at)->next) {
        struct held_frame *h = *at;
        bool is_whole = !h->getting || h->is_read;
        if (is_whole && (h->mark == 0 || !(before & h->mark)) && before != ANY_KEY) return at;
        before |= h->mark;
    }
    return NULL;
}

/* A frame that is taken may end the connection, and that takes all others (held_finish). */
static void take_ready(struct worker *w, struct peer *peer)
{
    struct held *held = peer->held;
    for (struct held_frame **at; (at = find_ready(held));)
        take(w, peer, unlink_frame(held, at));
}

/* True: it has been read. */
static bool read_step(struct held_frame *h)
{
    enum wire_progress progress = wire_get_step(h->getting, &h->value, &h->failure);
    h->is_read = progress != WIRE_GOES_ON;
    return h->is_read;
}

bool held_step(struct worker *w, struct peer *peer)
{
    struct held *held = peer->held;
    size_t n = 0, bytes = 0;
    bool is_any_read = false;
    for (struct held_frame *h = held->first; h && n < READ_TOGETHER && n < held->n_read_in_steps;
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

void held_finish(struct worker *w, struct peer *peer)
{
    struct held *held = peer->held;
    while (held && held->first) {
        struct held_frame *h = unlink_frame(held, &held->first);
        while (h->getting && !h->is_read)
            read_step(h);
        take(w, peer, h);
    }
}
