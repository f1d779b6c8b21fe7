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
#ifndef RT_NODE_HANDSHAKE_H
#define RT_NODE_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HANDSHAKE_HELLO_MAX 1030 /* bytes of a HELLO */
#define HANDSHAKE_INPUT_MAX 4096
#define HANDSHAKE_HOST_MAX 255
#define HANDSHAKE_VERSION_MIN 1
#define HANDSHAKE_VERSION_MAX 1

enum handshake_role { ROLE_INITIATOR = 0, ROLE_ACCEPTOR = 1 };
enum handshake_state { HANDSHAKE_RUNS, HANDSHAKE_JUDGE, HANDSHAKE_READY, HANDSHAKE_FAILED };
enum refusal {
    REFUSAL_NONE = 0,
#define REFUSAL(id, number, text) REFUSAL_##id = number,
#include "rt/node/refusals.def"
#undef REFUSAL
};
const char *refusal_text(enum refusal refusal);

/* What one side says of itself. */
struct handshake_self {
    uint8_t boot_id[16], nonce[32], digest[32];
    uint32_t features;
    uint16_t port;                     /* 0: listens nowhere */
    char host[HANDSHAKE_HOST_MAX + 1]; /* NUL-terminated */
    uint8_t version_min, version_max;
};

struct handshake {
    enum handshake_role role;
    enum handshake_state state;
    uint8_t step;                /* within RUNS */
    bool refused_by_peer;        /* FAILED: it said so */
    enum refusal refusal;        /* FAILED: why */
    struct handshake_self peer;  /* once its HELLO is there */
    uint8_t version;             /* agreed */
    uint32_t features;           /* agreed */
    uint8_t key[32];             /* of the HMAC */
    uint8_t binding[32];
    uint8_t own_hello[HANDSHAKE_HELLO_MAX], peer_hello[HANDSHAKE_HELLO_MAX];
    size_t own_hello_bytes, peer_hello_bytes;
    uint8_t input[HANDSHAKE_INPUT_MAX];   /* not yet understood */
    size_t input_bytes;
    uint8_t output[2 * HANDSHAKE_HELLO_MAX]; /* to be sent */
    size_t output_bytes;
};

/* `key`: handshake_key of the cookie. `binding`: 32 bytes, zeros without TLS. An
 * initiator has its HELLO in `output` afterwards. */
void handshake_init(struct handshake *h, enum handshake_role role, const struct handshake_self *self,
                    const uint8_t key[32], const uint8_t binding[32]);
/* Takes bytes of the peer. Returns how many of them it has used: fewer than n
 * only when the state is READY or JUDGE, what follows being frames. */
size_t handshake_input(struct handshake *h, const uint8_t *bytes, size_t n);
/* In JUDGE. */
void handshake_accept(struct handshake *h);
void handshake_refuse(struct handshake *h, enum refusal why);
/* The caller has sent the first n bytes of `output`. */
void handshake_sent(struct handshake *h, size_t n);

/* The keys that a cookie gives: of the HMAC here, and the PSK of TLS. */
void handshake_key(const uint8_t *cookie, size_t n, uint8_t key[32]);
void handshake_tls_key(const uint8_t *cookie, size_t n, uint8_t key[32]);

#endif
