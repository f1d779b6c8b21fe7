#include "rt/node/net/greet.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/node.h"
#include "rt/node/net/judge.h"
#include "rt/node/net/peers.h"
#include "rt/node/net/secure.h"
#include "rt/os/clock.h"
#include "rt/os/random.h"

#define GREETING_MAX_BYTES 4096
#define MS_NS              INT64_C(1000000)

/* -- the handshake -------------------------------------------------------- */

static uint32_t timeout_ms(int64_t ns)
{
    int64_t ms = ns / MS_NS;
    return ms < 1 ? 1 : ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

static bool begin_handshake(struct conn *c)
{
    struct net *net = c->net;
    const struct boot *own = boots_at(net->node->boots, 0);
    struct handshake_self self = {.port = own->port,
                                  .tick_timeout_ms = timeout_ms(net->limits.tick_timeout_ns),
                                  .version_min = HANDSHAKE_VERSION_MIN,
                                  .version_max = HANDSHAKE_VERSION_MAX};
    uint8_t binding[HANDSHAKE_BINDING_BYTES];
    if (!(c->handshake = malloc(sizeof *c->handshake))) return false;
    memcpy(self.boot_id, own->id, sizeof self.boot_id);
    memcpy(self.digest, net->digest, sizeof self.digest);
    random_bytes(self.nonce, sizeof self.nonce);
    strncpy(self.host, own->host, HANDSHAKE_HOST_MAX);
    secure_binding(c, binding);
    handshake_init(c->handshake, c->is_dialled ? ROLE_INITIATOR : ROLE_ACCEPTOR, &self, &net->keys, binding);
    return true;
}

/* False: the connection has ended. */
static bool write_handshake(struct conn *c)
{
    struct handshake *h = c->handshake;
    while (h->output_bytes > 0) {
        ptrdiff_t n = line_write(&c->line, h->output, h->output_bytes);
        if (n == SOCKET_AGAIN) break;
        if (n < 0) return false;
        handshake_sent(h, (size_t)n);
    }
    if (!conn_flush(c)) return false;
    if (h->output_bytes > 0) conn_want(c, POLLER_INPUT | POLLER_OUTPUT);
    return true;
}

/* Why an attempt that was refused so has failed; NONE: another one may succeed. */
static enum goodbye goodbye_of_refusal(enum refusal why)
{
    switch (why) {
    case REFUSAL_AUTH_FAILED: return GOODBYE_AUTH_FAILED;
    case REFUSAL_VERSION_MISMATCH: return GOODBYE_VERSION_MISMATCH;
    case REFUSAL_NAME_IN_USE: return GOODBYE_NAME_IN_USE;
    case REFUSAL_PROTOCOL_ERROR: return GOODBYE_PROTOCOL_ERROR;
    case REFUSAL_STOPPING: return GOODBYE_SHUTDOWN;
    case REFUSAL_SELF: return GOODBYE_NAME_IN_USE;
    case REFUSAL_NEEDS_TLS: return GOODBYE_TLS_FAILED;
    default: return GOODBYE_NONE;
    }
}

static void handshake_failed(struct conn *c)
{
    const struct handshake *h = c->handshake;
    char other[CONN_TEXT_MAX];
    conn_describe(c, other);
    bool is_told = h->refusal != REFUSAL_DUPLICATE && h->refusal != REFUSAL_CONNECTED;
    bool tries_tcp = c->is_dialled && c->end.process && !h->is_refusal_proved; /* that attempt will tell */
    if (is_told && !tries_tcp)
        net_log(c->net, "%s: %s%s", other, refusal_text(h->refusal), h->refused_by_peer ? ", it says" : "");
    c->net->refused++;
    if (c->is_dialled && h->is_refusal_proved) peer_is_refused(c->peer, h->peer.boot_id, h->refusal);
    conn_end(c, goodbye_of_refusal(h->refusal));
}

static void refuse(struct conn *c, enum refusal why)
{
    handshake_refuse(c->handshake, why);
    write_handshake(c);
    handshake_failed(c);
}

static bool is_larger(const uint8_t a[BOOT_ID_BYTES], const uint8_t b[BOOT_ID_BYTES])
{
    return memcmp(a, b, BOOT_ID_BYTES) > 0;
}

/* `state` JUDGED lasts as long as the rival is asked. */
static void await_rival(struct conn *c, struct peer *rival, int64_t now_ns)
{
    if (c->state != CONN_JUDGED) {
        c->state = CONN_JUDGED;
        c->net->n_unsettled++;
    }
    c->rival = rival;
    c->rival_epoch = rival->epoch;
    c->deadline_ns = now_ns + JUDGE_PROBE_NS;
    net_set_deadline(c->net, c->deadline_ns);
    struct conn *old = rival->conn;
    pthread_mutex_lock(&old->lock);
    if (!channel_probed_since(old->channel)) channel_probe(old->channel, now_ns);
    conn_write_locked(old, now_ns);
    pthread_mutex_unlock(&old->lock);
}

/* Has the question to the rival been settled? */
static bool rival_is_silent(struct conn *c, int64_t now_ns)
{
    struct peer *rival = c->rival;
    if (!rival || rival->state != PEER_UP || rival->epoch != c->rival_epoch) return true;
    pthread_mutex_lock(&rival->conn->lock);
    bool has_answered = !channel_probed_since(rival->conn->channel);
    pthread_mutex_unlock(&rival->conn->lock);
    if (has_answered) {
        refuse(c, peer_is_run(rival, c->handshake->peer.boot_id) ? REFUSAL_CONNECTED : REFUSAL_NAME_IN_USE);
        return false;
    }
    if (now_ns < c->deadline_ns) return false;
    bool is_same_run = peer_is_run(rival, c->handshake->peer.boot_id);
    conn_end(rival->conn, is_same_run ? GOODBYE_CLOSED : GOODBYE_RESTARTED);
    return true;
}

void greet_judge(struct conn *c, int64_t now_ns)
{
    struct net *net = c->net;
    if (c->state == CONN_JUDGED && !rival_is_silent(c, now_ns)) return;
    struct peer *rival = NULL;
    struct judge_facts facts = {
        .is_stopping = net->is_stopping,
        .is_full = net->n_up >= NET_PEERS_UP_MAX,
        .own_is_larger = is_larger(net->node->boot_id, c->handshake->peer.boot_id),
    };
    peers_find_facts(net, &c->handshake->peer, &facts, &rival);
    enum refusal why;
    switch (judge(&facts, &why)) {
    case JUDGE_PROBE: await_rival(c, rival, now_ns); return;
    case JUDGE_REFUSE: refuse(c, why); return;
    case JUDGE_ACCEPT: break;
    }
    handshake_accept(c->handshake);
    if (c->state == CONN_JUDGED) net->n_unsettled--;
    c->state = CONN_GREETS;
    if (!write_handshake(c))
        conn_end(c, GOODBYE_CLOSED);
    else if (c->handshake->output_bytes == 0)
        conn_go_up(c, now_ns);
}

/* After bytes have come or gone. */
static void advance_handshake(struct conn *c)
{
    struct handshake *h = c->handshake;
    bool ok = write_handshake(c);
    if (h->state == HANDSHAKE_FAILED)
        handshake_failed(c);
    else if (!ok)
        conn_end(c, GOODBYE_NONE);
    else if (h->state == HANDSHAKE_JUDGE)
        greet_judge(c, clock_now_ns());
    else if (h->state == HANDSHAKE_READY && h->output_bytes == 0)
        conn_go_up(c, clock_now_ns());
    else if (c->greeted_bytes >= GREETING_MAX_BYTES)
        refuse(c, REFUSAL_PROTOCOL_ERROR);
}

static void take_greeting(struct conn *c, const uint8_t *bytes, size_t n)
{
    c->greeted_bytes += n;
    size_t used = handshake_input(c->handshake, bytes, n);
    if (c->is_dialled && c->end.process && c->handshake->peer_hello_bytes) conn_await_auth(c);
    if (used < n && !conn_keep_rest(c, bytes + used, n - used))
        conn_end(c, GOODBYE_NONE);
    else
        advance_handshake(c);
}

static void read_handshake(struct conn *c)
{
    uint8_t *input = c->net->input;
    ptrdiff_t n = line_read(&c->line, input, GREETING_MAX_BYTES - c->greeted_bytes);
    if (n == SOCKET_AGAIN) return;
    if (n <= 0)
        conn_end(c, GOODBYE_NONE);
    else
        take_greeting(c, input, (size_t)n);
}

/* -- TLS, before the handshake --------------------------------------------- */

static void tls_failed(struct conn *c, const char *why)
{
    char other[CONN_TEXT_MAX];
    conn_describe(c, other);
    net_log(c->net, "%s: %s", other, why);
    c->net->refused++;
    conn_end(c, line_is_auth_failure(&c->line) ? GOODBYE_AUTH_FAILED : GOODBYE_TLS_FAILED);
}

/* After TLS, or without it. What has come already is in the line, or here. */
static void greet(struct conn *c, const uint8_t *bytes, size_t n)
{
    if (!c->line.tls && !c->end.process) secure_note_cleartext(c->net, &c->remote, clock_now_ns());
    if (!begin_handshake(c))
        conn_end(c, GOODBYE_NONE);
    else if (n > 0)
        take_greeting(c, bytes, n);
    else
        advance_handshake(c);
}

static void advance_tls(struct conn *c)
{
    ptrdiff_t n = line_read(&c->line, c->net->input, GREETING_MAX_BYTES);
    const char *why = line_why(&c->line);
    if (why)
        tls_failed(c, why);
    else if ((n <= 0 && n != SOCKET_AGAIN) || !conn_flush(c))
        conn_end(c, GOODBYE_NONE);
    else if (line_is_secure(&c->line))
        greet(c, c->net->input, n > 0 ? (size_t)n : 0);
}

static void begin_tls(struct conn *c)
{
    const char *why = "no memory";
    struct tls_context *context = secure_context(c->net, &why);
    if (!context || !line_start_tls(&c->line, context, c->is_dialled))
        tls_failed(c, why);
    else
        advance_tls(c);
}

/* Whoever seems to begin a HELLO hears why he may not. */
static void refuse_cleartext(struct conn *c, uint8_t first)
{
    if (first == 'T') line_write(&c->line, (const uint8_t[]){'X', REFUSAL_NEEDS_TLS}, 2);
    tls_failed(c, "it does not use TLS");
}

/* What a newcomer begins with says what he wants. */
static void look_at_newcomer(struct conn *c)
{
    uint8_t first;
    ptrdiff_t n = line_first_byte(&c->line, &first);
    if (n == SOCKET_AGAIN) return;
    if (n <= 0)
        conn_end(c, GOODBYE_NONE);
    else if (first == TLS_FIRST_BYTE)
        begin_tls(c);
    else if (secure_is_needed_on(c))
        refuse_cleartext(c, first);
    else
        greet(c, NULL, 0);
}

void greet_read(struct conn *c)
{
    if (c->handshake)
        read_handshake(c);
    else if (c->line.tls)
        advance_tls(c);
    else
        look_at_newcomer(c);
}

void greet_write(struct conn *c)
{
    if (c->handshake)
        advance_handshake(c);
    else if (!conn_flush(c))
        conn_end(c, GOODBYE_NONE);
}

void greet_begin(struct conn *c)
{
    if (secure_is_needed_on(c))
        begin_tls(c);
    else
        greet(c, NULL, 0);
}
