/* The handshake of PROTOCOL.md, one side of it: a pure state machine. It does no
 * I/O, allocates nothing, knows no clock; the caller moves bytes, gives the
 * random nonce, and cuts a peer off that takes too long.
 *
 *   initiator  SENT_HELLO --HELLO--> SENT_AUTH --AUTH--> READY
 *   acceptor   WAITS_HELLO --HELLO--> SENT_HELLO --AUTH--> (JUDGE) --> READY
 *   both       any --bad bytes, refusal--> FAILED
 *
 * JUDGE: the peer has proved itself; before the acceptor answers, its caller
 * decides (one connection per pair) with handshake_accept or handshake_refuse.
 *
 * Owned by its connection. */
#ifndef RT_NODE_NET_HANDSHAKE_H
#define RT_NODE_NET_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt/node/channel/seal.h"
#include "rt/os/socket.h"

#define HANDSHAKE_HELLO_MAX   1030 /* bytes of a HELLO */
#define HANDSHAKE_HOST_MAX    255
#define HANDSHAKE_VERSION_MIN 2
#define HANDSHAKE_VERSION_MAX 2
/* What an AUTH is bound to beside the HELLOs: 32 bytes of the TLS session, and twice an address. */
#define HANDSHAKE_BINDING_BYTES (32 + 2 * SOCKET_PACKED_BYTES)

enum handshake_role { ROLE_INITIATOR = 0, ROLE_ACCEPTOR = 1 };
enum handshake_state { HANDSHAKE_RUNS, HANDSHAKE_JUDGE, HANDSHAKE_READY, HANDSHAKE_FAILED };
enum refusal {
    REFUSAL_NONE = 0,
#define REFUSAL(id, number, text) REFUSAL_##id = number,
#include "rt/node/net/refusals.def"
#undef REFUSAL
};
const char *refusal_text(enum refusal refusal);

/* What the cookies of this node give (rt/node/net/cookie.h): one, or two while the
 * cookie is being changed. An initiator speaks with the first, an acceptor takes
 * either, and answers with the same. */
#define HANDSHAKE_COOKIES_MAX 2
struct handshake_keys {
    unsigned n;
    struct {
        uint8_t hmac[32], packets[32], tls[32]; /* for AUTH; for the keys of a session; the PSK of TLS */
        char tls_name[24]; /* the PSK's identity: tells the cookies apart, says nothing else */
    } of[HANDSHAKE_COOKIES_MAX];
};

/* What one side says of itself. */
struct handshake_self {
    uint8_t boot_id[16], nonce[32], digest[32];
    uint32_t features;
    uint16_t port;                     /* 0: listens nowhere */
    uint32_t tick_timeout_ms;          /* T: who is silent for so long is lost to it; not 0 */
    char host[HANDSHAKE_HOST_MAX + 1]; /* NUL-terminated */
    uint8_t version_min, version_max;
};

struct handshake {
    enum handshake_role role;
    enum handshake_state state;
    uint8_t step;               /* within RUNS */
    bool refused_by_peer;       /* FAILED: it said so, */
    bool is_refusal_proved;     /* and has proved that it knows the cookie */
    enum refusal refusal;       /* FAILED: why */
    struct handshake_self peer; /* once its HELLO is there */
    uint8_t version;            /* agreed */
    uint32_t features;          /* agreed */
    const struct handshake_keys *keys;
    unsigned key; /* the one that is spoken with */
    uint8_t binding[HANDSHAKE_BINDING_BYTES];
    uint8_t own_hello[HANDSHAKE_HELLO_MAX], peer_hello[HANDSHAKE_HELLO_MAX];
    size_t own_hello_bytes, peer_hello_bytes;
    uint8_t input[HANDSHAKE_HELLO_MAX]; /* the beginning of what is awaited, never more than that */
    size_t input_bytes;
    uint8_t output[2 * HANDSHAKE_HELLO_MAX]; /* to be sent */
    size_t output_bytes;
};

/* `keys` lives as long as h. `binding`: secure.h. An initiator has its HELLO in
 * `output` afterwards. */
void handshake_init(struct handshake *h, enum handshake_role role, const struct handshake_self *self,
                    const struct handshake_keys *keys, const uint8_t binding[HANDSHAKE_BINDING_BYTES]);
/* Takes bytes of the peer. Returns how many of them it has used: fewer than n
 * only when the state is READY or JUDGE, what follows being packets. FAILED: what
 * is in `output` is sent, then the connection closed. */
size_t handshake_input(struct handshake *h, const uint8_t *bytes, size_t n);
/* In JUDGE: the refusal is proved to come from this node. */
void handshake_accept(struct handshake *h);
void handshake_refuse(struct handshake *h, enum refusal why);
/* READY: the key with which that role makes the tags of its packets. */
void handshake_seal_key(const struct handshake *h, enum handshake_role sender, struct seal_key *key_out);
/* The caller has sent the first n bytes of `output`. */
void handshake_sent(struct handshake *h, size_t n);

/* Adds the keys that a cookie gives. */
void handshake_add_cookie(struct handshake_keys *keys, const uint8_t *cookie, size_t n);

#endif
