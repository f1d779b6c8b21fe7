/* A handshake with any bytes: never a crash, never more than the bytes of the
 * longest message kept, and never READY but by what knows the cookie. The first
 * byte of the input says how it is used: bit 0 the role, bit 1 whether a true
 * HELLO comes first, bit 2 whether the bytes change what a true peer says (xor)
 * rather than stand in its place; the second byte: in pieces of how many bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/node/net/handshake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t no_binding[HANDSHAKE_BINDING_BYTES];
static struct handshake_keys keys;

static void require(bool condition, const char *what)
{
    if (condition) return;
    fprintf(stderr, "fz_handshake: %s\n", what);
    abort();
}

static void init(struct handshake *h, enum handshake_role role)
{
    struct handshake_self self = {.port = 4000,
                                  .version_min = 1,
                                  .version_max = 3,
                                  .features = 5,
                                  .tick_timeout_ms = 15000,
                                  .host = "host"};
    memset(self.boot_id, 1 + role, sizeof self.boot_id);
    memset(self.nonce, 3 + role, sizeof self.nonce);
    handshake_init(h, role, &self, &keys, no_binding);
}

static void check(const struct handshake *h)
{
    require(h->input_bytes <= sizeof h->input && h->output_bytes <= sizeof h->output, "a buffer is too full");
    require((h->state == HANDSHAKE_FAILED) == (h->refusal != REFUSAL_NONE), "a failure without a reason");
    require(strnlen(h->peer.host, sizeof h->peer.host) < sizeof h->peer.host, "a host without an end");
    if (h->state == HANDSHAKE_READY || h->state == HANDSHAKE_JUDGE)
        require(h->version >= 1 && h->version <= 3, "a version that nobody speaks");
}

static void feed(struct handshake *h, const uint8_t *bytes, size_t n, size_t piece)
{
    for (size_t at = 0; at < n && h->state == HANDSHAKE_RUNS; at += piece) {
        size_t here = n - at < piece ? n - at : piece;
        size_t used = handshake_input(h, bytes + at, here);
        require(used <= here, "more bytes used than there were");
        require(used == here || h->state != HANDSHAKE_RUNS, "bytes left over");
        check(h);
    }
}

/* What a true peer has to say, changed; `change` goes on from one to the next. */
static bool say_changed(struct handshake *peer, struct handshake *h, size_t piece, const uint8_t **change,
                        size_t *n)
{
    bool is_changed = false;
    size_t m = peer->output_bytes < *n ? peer->output_bytes : *n;
    for (size_t i = 0; i < m; i++) {
        peer->output[i] ^= (*change)[i];
        is_changed |= (*change)[i] != 0;
    }
    *change += m;
    *n -= m;
    feed(h, peer->output, peer->output_bytes, piece);
    handshake_sent(peer, peer->output_bytes);
    return is_changed;
}

static void talk(struct handshake *h, struct handshake *peer, size_t piece, const uint8_t *data, size_t n)
{
    bool is_changed = false;
    for (int round = 0; round < 3; round++) {
        is_changed |= say_changed(peer, h, piece, &data, &n);
        if (h->state == HANDSHAKE_JUDGE) {
            require(!is_changed, "a changed handshake is accepted");
            handshake_accept(h);
        }
        handshake_input(peer, h->output, h->output_bytes);
        handshake_sent(h, h->output_bytes);
        if (peer->state == HANDSHAKE_JUDGE) handshake_accept(peer);
    }
    require(h->state == HANDSHAKE_READY ? !is_changed : is_changed, "the wrong end");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!keys.n) handshake_add_cookie(&keys, (const uint8_t *)"cookie", 6);
    if (size < 2) return 0;
    struct handshake h, peer;
    size_t piece = 1 + data[1];
    init(&h, data[0] & 1 ? ROLE_ACCEPTOR : ROLE_INITIATOR);
    init(&peer, data[0] & 1 ? ROLE_INITIATOR : ROLE_ACCEPTOR);
    if (data[0] & 4) {
        talk(&h, &peer, piece, data + 2, size - 2);
        return 0;
    }
    if (data[0] & 2) feed(&h, peer.own_hello, peer.own_hello_bytes, piece);
    feed(&h, data + 2, size - 2, piece);
    require(h.state == HANDSHAKE_RUNS || h.state == HANDSHAKE_FAILED, "a guess is accepted");
    return 0;
}
