#include "rt/node/remote/names.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/node.h"
#include "rt/node/net/net_state.h"
#include "rt/node/remote/remote.h"
#include "rt/node/remote/service.h"

struct far_name {
    struct far_name *next;
    uint64_t key;
    struct far far; /* boot 0: a process of this node */
    size_t n;
    uint8_t bytes[];
};

#define BUCKETS 256
/* Of all NAMED: they keep their order, and wait for no mail to the name. */
#define NAMED_KEY (UINT64_C(1) << 62)

struct names {
    size_t n;
    struct far_name *buckets[BUCKETS];
};

uint64_t names_key(const uint8_t *name, size_t n)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ name[i]) * UINT64_C(0x100000001b3);
    return UINT64_C(1) << 62 | hash >> 2;
}

/* -- what peers have said --------------------------------------------------- */

static struct far_name **find(struct names *names, uint64_t key, const uint8_t *bytes, size_t n)
{
    struct far_name **at = &names->buckets[key % BUCKETS];
    while (*at && ((*at)->key != key || (*at)->n != n || memcmp((*at)->bytes, bytes, n) != 0))
        at = &(*at)->next;
    return at;
}

const struct far *names_find(const struct peer *peer, const uint8_t *name, size_t n)
{
    struct names *names = peer->remote ? peer->remote->names : NULL;
    const struct far_name *found = names && names->n ? *find(names, names_key(name, n), name, n) : NULL;
    return found ? &found->far : NULL;
}

static void forget(struct names *names, struct far_name **at)
{
    struct far_name *gone = *at;
    if (!gone) return;
    *at = gone->next;
    names->n--;
    free(gone);
}

/* Without memory the name is not kept: its mail goes over the peer. */
static void keep(struct names *names, const uint8_t *bytes, size_t n, const struct far *far)
{
    uint64_t key = names_key(bytes, n);
    struct far_name **at = find(names, key, bytes, n), *new;
    forget(names, at);
    if (!far || n > NAME_MAX_BYTES || names->n >= NAMES_MAX || !(new = malloc(sizeof *new + n))) return;
    *new = (struct far_name){.next = names->buckets[key % BUCKETS], .key = key, .far = *far, .n = n};
    memcpy(new->bytes, bytes, n);
    names->buckets[key % BUCKETS] = new;
    names->n++;
}

void names_forget_all(struct peer *peer)
{
    struct names *names = peer->remote ? peer->remote->names : NULL;
    for (size_t i = 0; names && i < BUCKETS; i++)
        while (names->buckets[i])
            forget(names, &names->buckets[i]);
    free(names);
    if (names) peer->remote->names = NULL;
}

void names_mark_runs(struct node *node)
{
    for (const struct peer *peer = node->net->busy.first; peer; peer = peer->next) {
        const struct names *names = peer->remote ? peer->remote->names : NULL;
        for (size_t i = 0; names && i < BUCKETS; i++)
            for (const struct far_name *name = names->buckets[i]; name; name = name->next)
                boots_mark(node->boots, name->far.boot);
    }
}

bool names_take(struct worker *w, struct peer *peer, struct packet *f)
{
    size_t n;
    const uint8_t *bytes = packet_text(f, &n);
    uint8_t whose = packet_byte(f);
    uint32_t boot = whose == WHOSE_OTHER ? packet_node(w, f) : 0;
    struct far far = packet_far(f, boot);
    if (!packet_is_read(f) || whose > WHOSE_OTHER) return false;
    bool is_known = whose == WHOSE_OTHER
                        ? boot != 0
                        : whose == WHOSE_RECEIVER && near_mac_is(w, FAR_PID, far.serial, far.mac);
    struct remote *remote = remote_of(peer);
    if (!remote || (!remote->names && !(remote->names = calloc(1, sizeof *remote->names)))) return true;
    keep(remote->names, bytes, n, is_known ? &far : NULL);
    return true;
}

/* -- telling ---------------------------------------------------------------- */

/* False: the connection is over, or there is no memory. */
static bool tell(struct worker *w, struct peer *peer, const uint8_t *name, size_t n, const struct far *far)
{
    static const struct far nobody;
    enum whose whose = !far ? WHOSE_SENDER : far->boot == peer->boot ? WHOSE_RECEIVER : WHOSE_OTHER;
    if (n > NAME_MAX_BYTES) return true; /* the peer would not keep it */
    struct wire_buf *out = peer_begin_from(peer, (struct heading){CONTROL_NAMED, NAMED_KEY, 0});
    if (!out) return false;
    packet_put_text(out, name, n);
    buf_put_byte(out, (uint8_t)whose);
    if (whose == WHOSE_OTHER) packet_put_node(w, out, far->boot);
    packet_put_far(out, far ? far : &nobody);
    return peer_end(peer);
}

/* The process's own node is among them. Who cannot be told loses the connection, and with it what
 * it has heard before; as that may end others, all are told once more. */
void names_tell_all(struct worker *w, const uint8_t *name, size_t n, const struct far *far)
{
    struct net *net = w->node->net;
    for (struct peer *peer = net->busy.first, *next; peer; peer = next) {
        next = peer->next;
        if (peer->state != PEER_UP || tell(w, peer, name, n, far)) continue;
        peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
        next = net->busy.first;
    }
}

static bool tell_one(struct worker *w, void *peer, const uint8_t *name, size_t n, const struct far *far)
{
    return tell(w, peer, name, n, far);
}

void names_on_up(struct worker *w, struct peer *peer)
{
    if (!service_each_far(w, tell_one, peer)) peer_drop(peer, GOODBYE_OUT_OF_MEMORY);
}
