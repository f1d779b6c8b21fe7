#include "rt/node/net/handshake.h"

#include <string.h>

#include "rt/lexical/utf8.h"
#include "rt/os/crypto.h"
#include "rt/wire/buf.h"

#define MAGIC                "TTN1"
#define MAGIC_BYTES          4
#define PREFIX_BYTES         (MAGIC_BYTES + 2)
#define BODY_MAX             (HANDSHAKE_HELLO_MAX - PREFIX_BYTES)
#define BODY_FIXED_BYTES     (1 + 1 + 4 + 1 + 16 + 32 + 32 + 2 + 4)
#define AUTH_BYTES           (1 + CRYPTO_SHA256_BYTES)
#define REFUSAL_BYTES        2
#define PROVED_REFUSAL_BYTES (REFUSAL_BYTES + CRYPTO_SHA256_BYTES)

enum step { WAITS_HELLO, WAITS_AUTH };

const char *refusal_text(enum refusal refusal)
{
    switch (refusal) {
#define REFUSAL(id, number, text)                                                                            \
    case REFUSAL_##id: return text;
#include "rt/node/net/refusals.def"
#undef REFUSAL
    case REFUSAL_NONE: break;
    }
    return "unknown";
}

/* -- keys */

static void derive(const uint8_t *cookie, size_t n, const char *info, uint8_t *out, size_t n_out)
{
    crypto_hkdf((struct crypto_part){"", 0}, (struct crypto_part){cookie, n},
                (struct crypto_part){info, strlen(info)}, out, n_out);
}

void handshake_add_cookie(struct handshake_keys *keys, const uint8_t *cookie, size_t n)
{
    unsigned i = keys->n++;
    uint8_t name[8];
    derive(cookie, n, "tt2 hmac", keys->of[i].hmac, sizeof keys->of[i].hmac);
    derive(cookie, n, "tt2 frames", keys->of[i].packets, sizeof keys->of[i].packets);
    derive(cookie, n, "tt1 psk", keys->of[i].tls, sizeof keys->of[i].tls);
    derive(cookie, n, "tt1 name", name, sizeof name);
    char *at = keys->of[i].tls_name;
    memcpy(at, "tt1 ", 4);
    at += 4;
    for (size_t k = 0; k < sizeof name; k++) {
        *at++ = "0123456789abcdef"[name[k] >> 4];
        *at++ = "0123456789abcdef"[name[k] & 15];
    }
    *at = 0;
}

/* -- what is sent */

static void put(struct handshake *h, const void *bytes, size_t n)
{
    memcpy(h->output + h->output_bytes, bytes, n);
    h->output_bytes += n;
}

void handshake_sent(struct handshake *h, size_t n)
{
    h->output_bytes -= n;
    memmove(h->output, h->output + n, h->output_bytes);
}

static uint8_t *write_bytes(uint8_t *at, const void *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

static uint8_t *write_number(uint8_t *at, uint32_t number, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        *at++ = (uint8_t)(number >> 8 * i);
    return at;
}

static void make_hello(struct handshake *h, const struct handshake_self *self)
{
    uint8_t *at = write_bytes(h->own_hello, MAGIC, MAGIC_BYTES);
    at += 2;
    *at++ = self->version_min;
    *at++ = self->version_max;
    at = write_number(at, self->features, 4);
    *at++ = (uint8_t)h->role;
    at = write_bytes(at, self->boot_id, sizeof self->boot_id);
    at = write_bytes(at, self->nonce, sizeof self->nonce);
    at = write_bytes(at, self->digest, sizeof self->digest);
    at = write_number(at, self->port, 2);
    at = write_number(at, self->tick_timeout_ms, 4);
    size_t host_bytes = strnlen(self->host, HANDSHAKE_HOST_MAX);
    at = write_bytes(varint_write(at, host_bytes), self->host, host_bytes);
    h->own_hello_bytes = (size_t)(at - h->own_hello);
    write_number(h->own_hello + MAGIC_BYTES, (uint32_t)(h->own_hello_bytes - PREFIX_BYTES), 2);
}

/* Of the sender's role, both HELLOs and `behind`, with a key that the cookie has given. */
static void make_mac(const struct handshake *h, enum handshake_role sender, const uint8_t key[32],
                     struct crypto_part behind, uint8_t mac[CRYPTO_SHA256_BYTES])
{
    struct crypto_part own = {h->own_hello, h->own_hello_bytes}, peer = {h->peer_hello, h->peer_hello_bytes};
    bool is_initiator = h->role == ROLE_INITIATOR;
    uint8_t role = (uint8_t)sender;
    struct crypto_part parts[] = {{&role, 1}, is_initiator ? own : peer, is_initiator ? peer : own, behind};
    crypto_hmac(key, 32, parts, 4, mac);
}

static void make_auth(const struct handshake *h, enum handshake_role sender, unsigned key,
                      uint8_t mac[CRYPTO_SHA256_BYTES])
{
    struct crypto_part binding = {h->binding, sizeof h->binding};
    make_mac(h, sender, h->keys->of[key].hmac, binding, mac);
}

void handshake_seal_key(const struct handshake *h, enum handshake_role sender, struct seal_key *key_out)
{
    _Static_assert(sizeof *key_out == CRYPTO_SHA256_BYTES, "the keys of a direction are one MAC");
    uint8_t mac[CRYPTO_SHA256_BYTES];
    make_mac(h, sender, h->keys->of[h->key].packets, (struct crypto_part){"", 0}, mac);
    memcpy(key_out, mac, sizeof *key_out);
    crypto_wipe(mac, sizeof mac);
}

static void send_auth(struct handshake *h)
{
    uint8_t mac[CRYPTO_SHA256_BYTES];
    make_auth(h, h->role, h->key, mac);
    put(h, "A", 1);
    put(h, mac, sizeof mac);
}

/* -- ends */

static void fail(struct handshake *h, enum refusal why)
{
    h->state = HANDSHAKE_FAILED;
    h->refusal = why;
}

static void make_refusal(const struct handshake *h, uint8_t why, uint8_t mac[CRYPTO_SHA256_BYTES])
{
    uint8_t behind[HANDSHAKE_BINDING_BYTES + REFUSAL_BYTES];
    memcpy(behind, h->binding, sizeof h->binding);
    memcpy(behind + sizeof h->binding, (const uint8_t[]){'R', why}, REFUSAL_BYTES);
    make_mac(h, ROLE_ACCEPTOR, h->keys->of[h->key].hmac, (struct crypto_part){behind, sizeof behind}, mac);
}

void handshake_refuse(struct handshake *h, enum refusal why)
{
    uint8_t mac[CRYPTO_SHA256_BYTES];
    bool is_proved = h->state == HANDSHAKE_JUDGE;
    fail(h, why);
    put(h, (const uint8_t[]){is_proved ? 'R' : 'X', (uint8_t)why}, REFUSAL_BYTES);
    if (!is_proved) return;
    make_refusal(h, (uint8_t)why, mac);
    put(h, mac, sizeof mac);
}

void handshake_accept(struct handshake *h)
{
    send_auth(h);
    h->state = HANDSHAKE_READY;
}

/* -- what is received */

static uint32_t read_number(const uint8_t **at, size_t n_bytes)
{
    uint32_t number = 0;
    for (size_t i = 0; i < n_bytes; i++)
        number |= (uint32_t)*(*at)++ << 8 * i;
    return number;
}

static void read_bytes(const uint8_t **at, void *out, size_t n)
{
    memcpy(out, *at, n);
    *at += n;
}

/* Text that can be shown to people and given to the resolver. */
static bool is_host(const uint8_t *bytes, size_t n)
{
    size_t chars;
    for (size_t i = 0; i < n; i++)
        if (bytes[i] < ' ' || bytes[i] == 0x7f) return false;
    return n <= HANDSHAKE_HOST_MAX && utf8_count(bytes, n, &chars);
}

/* `h->peer_hello` is complete and long enough for the fields of fixed size. */
static bool read_hello(struct handshake *h, enum handshake_role *role_out)
{
    const uint8_t *at = h->peer_hello + PREFIX_BYTES, *end = h->peer_hello + h->peer_hello_bytes;
    struct handshake_self *peer = &h->peer;
    peer->version_min = *at++;
    peer->version_max = *at++;
    peer->features = read_number(&at, 4);
    *role_out = *at++;
    read_bytes(&at, peer->boot_id, sizeof peer->boot_id);
    read_bytes(&at, peer->nonce, sizeof peer->nonce);
    read_bytes(&at, peer->digest, sizeof peer->digest);
    peer->port = (uint16_t)read_number(&at, 2);
    peer->tick_timeout_ms = read_number(&at, 4);
    if (!peer->tick_timeout_ms) return false;
    uint64_t host_bytes;
    at = varint_read(at, end, &host_bytes);
    if (!at || host_bytes > (size_t)(end - at) || !is_host(at, host_bytes)) return false;
    memcpy(peer->host, at, host_bytes);
    peer->host[host_bytes] = 0;
    return true;
}

static uint8_t lower(uint8_t a, uint8_t b) { return a < b ? a : b; }

/* The highest version that both speak, 0: none. */
static uint8_t common_version(const struct handshake *h)
{
    const struct handshake_self *peer = &h->peer;
    uint8_t own_min = h->own_hello[PREFIX_BYTES], own_max = h->own_hello[PREFIX_BYTES + 1];
    uint8_t highest = lower(own_max, peer->version_max);
    bool is_common =
        highest >= own_min && highest >= peer->version_min && peer->version_min <= peer->version_max;
    return is_common ? highest : 0;
}

static uint32_t own_features(const struct handshake *h)
{
    const uint8_t *at = h->own_hello + PREFIX_BYTES + 2;
    return read_number(&at, 4);
}

static const uint8_t *own_boot_id(const struct handshake *h) { return h->own_hello + PREFIX_BYTES + 7; }

static void take_hello(struct handshake *h)
{
    enum handshake_role role;
    memcpy(h->peer_hello, h->input, h->input_bytes);
    h->peer_hello_bytes = h->input_bytes;
    if (!read_hello(h, &role) || role != (h->role == ROLE_ACCEPTOR ? ROLE_INITIATOR : ROLE_ACCEPTOR)) {
        handshake_refuse(h, REFUSAL_PROTOCOL_ERROR);
        return;
    }
    if (h->role == ROLE_ACCEPTOR) put(h, h->own_hello, h->own_hello_bytes);
    h->version = common_version(h);
    h->features = h->peer.features & own_features(h);
    h->step = WAITS_AUTH;
    if (!h->version)
        handshake_refuse(h, REFUSAL_VERSION_MISMATCH);
    else if (memcmp(h->peer.boot_id, own_boot_id(h), sizeof h->peer.boot_id) == 0)
        handshake_refuse(h, REFUSAL_SELF);
    else if (h->role == ROLE_INITIATOR)
        send_auth(h);
}

/* Whether the peer has proved that it knows the cookie; then h->key says which. */
static bool is_auth_good(struct handshake *h)
{
    unsigned n_keys = h->role == ROLE_ACCEPTOR ? h->keys->n : 1;
    for (unsigned key = 0; key < n_keys; key++) {
        uint8_t mac[CRYPTO_SHA256_BYTES];
        make_auth(h, h->role == ROLE_ACCEPTOR ? ROLE_INITIATOR : ROLE_ACCEPTOR, key, mac);
        if (!crypto_equal(mac, h->input + 1, sizeof mac)) continue;
        h->key = key;
        return true;
    }
    return false;
}

static void take_auth(struct handshake *h)
{
    if (is_auth_good(h))
        h->state = h->role == ROLE_ACCEPTOR ? HANDSHAKE_JUDGE : HANDSHAKE_READY;
    else
        handshake_refuse(h, REFUSAL_AUTH_FAILED);
}

static void take_refusal(struct handshake *h, bool is_proved)
{
    static const enum refusal known[] = {
#define REFUSAL(id, number, text) REFUSAL_##id,
#include "rt/node/net/refusals.def"
#undef REFUSAL
    };
    h->refused_by_peer = true;
    h->is_refusal_proved = is_proved;
    fail(h, REFUSAL_PROTOCOL_ERROR);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (h->input[1] == known[i]) h->refusal = known[i];
}

static void take_proved_refusal(struct handshake *h)
{
    uint8_t mac[CRYPTO_SHA256_BYTES];
    make_refusal(h, h->input[1], mac);
    if (crypto_equal(mac, h->input + REFUSAL_BYTES, sizeof mac))
        take_refusal(h, true);
    else
        handshake_refuse(h, REFUSAL_AUTH_FAILED);
}

static void take_item(struct handshake *h)
{
    if (h->input[0] == 'X')
        take_refusal(h, false);
    else if (h->input[0] == 'R')
        take_proved_refusal(h);
    else if (h->step == WAITS_HELLO)
        take_hello(h);
    else
        take_auth(h);
    h->input_bytes = 0;
}

/* How long a HELLO is, as far as its beginning tells; 0: it is none. */
static size_t hello_bytes(const struct handshake *h)
{
    size_t known = h->input_bytes < MAGIC_BYTES ? h->input_bytes : MAGIC_BYTES;
    if (memcmp(h->input, MAGIC, known) != 0) return 0;
    if (h->input_bytes < PREFIX_BYTES) return PREFIX_BYTES;
    const uint8_t *at = h->input + MAGIC_BYTES;
    size_t body = read_number(&at, 2);
    return body > BODY_FIXED_BYTES && body <= BODY_MAX ? PREFIX_BYTES + body : 0;
}

/* How long the item is whose beginning is in `input`, as far as that tells; 0: it
 * is none that may come now. */
static size_t item_bytes(const struct handshake *h)
{
    if (h->input_bytes == 0) return 1;
    if (h->input[0] == 'X') return REFUSAL_BYTES;
    if (h->step == WAITS_HELLO) return hello_bytes(h);
    if (h->input[0] == 'R' && h->role == ROLE_INITIATOR) return PROVED_REFUSAL_BYTES;
    return h->input[0] == 'A' ? AUTH_BYTES : 0;
}

static void fail_on_bad_item(struct handshake *h)
{
    bool is_node = h->step != WAITS_HELLO ||
                   (h->input_bytes >= MAGIC_BYTES && memcmp(h->input, MAGIC, MAGIC_BYTES) == 0);
    if (is_node)
        handshake_refuse(h, REFUSAL_PROTOCOL_ERROR);
    else
        fail(h, REFUSAL_PROTOCOL_ERROR);
}

size_t handshake_input(struct handshake *h, const uint8_t *bytes, size_t n)
{
    size_t used = 0;
    while (h->state == HANDSHAKE_RUNS) {
        size_t wanted = item_bytes(h);
        if (!wanted) {
            fail_on_bad_item(h);
        } else if (h->input_bytes == wanted) {
            take_item(h);
        } else if (used == n) {
            break;
        } else {
            size_t missing = wanted - h->input_bytes, left = n - used;
            size_t taken = left < missing ? left : missing;
            memcpy(h->input + h->input_bytes, bytes + used, taken);
            h->input_bytes += taken;
            used += taken;
        }
    }
    return h->state == HANDSHAKE_FAILED ? n : used;
}

void handshake_init(struct handshake *h, enum handshake_role role, const struct handshake_self *self,
                    const struct handshake_keys *keys, const uint8_t binding[HANDSHAKE_BINDING_BYTES])
{
    memset(h, 0, sizeof *h);
    h->role = role;
    h->state = HANDSHAKE_RUNS;
    h->step = WAITS_HELLO;
    h->keys = keys;
    memcpy(h->binding, binding, sizeof h->binding);
    make_hello(h, self);
    if (role == ROLE_INITIATOR) put(h, h->own_hello, h->own_hello_bytes);
}
