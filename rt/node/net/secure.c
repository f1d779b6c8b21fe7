#include "rt/node/net/secure.h"

#include <string.h>

#include "rt/mem/node.h"
#include "rt/node/net/conn.h"
#include "rt/os/crypto.h"
#include "rt/os/options.h"

#define LOCAL_MARK    0x78696e75 /* "unix", where TCP has the first bytes of an address */
#define WARN_EVERY_NS (INT64_C(600) * 1000000000)

static bool is_always(const struct options *options) { return options && options->tls == OPTION_TLS_ALWAYS; }

bool secure_is_needed(const struct net *net, const struct socket_address *address)
{
    const struct options *options = net->node->options;
    if (is_always(options)) return true;
    return !socket_address_is_loopback(address) && !(options && options->insecure_cleartext);
}

static void fill_config(const struct net *net, struct tls_config *config)
{
    const struct options *options = net->node->options;
    *config = (struct tls_config){.n_psks = net->keys.n};
    _Static_assert(TLS_PSKS_MAX >= HANDSHAKE_COOKIES_MAX, "a key for each cookie");
    _Static_assert(sizeof config->psks[0].identity == sizeof net->keys.of[0].tls_name, "names of keys");
    for (unsigned i = 0; i < net->keys.n; i++) {
        memcpy(config->psks[i].key, net->keys.of[i].tls, TLS_KEY_BYTES);
        memcpy(config->psks[i].identity, net->keys.of[i].tls_name, TLS_IDENTITY_MAX);
    }
    if (!options) return;
    config->cert = options->tls_cert;
    config->key = options->tls_key;
    config->ca = options->tls_ca;
}

bool secure_is_needed_on(const struct conn *c)
{
    return !c->end.process && secure_is_needed(c->net, &c->remote);
}

bool secure_allows_local(const struct net *net)
{
    const struct options *options = net->node->options;
    if (!options) return true;
    bool has_certificates = options->tls_cert || options->tls_key || options->tls_ca;
    return options->local == OPTION_LOCAL_AUTO && !is_always(options) && !has_certificates;
}

struct tls_context *secure_context(struct net *net, const char **why_out)
{
    static char why[TLS_WHY_MAX];
    if (net->tls) return net->tls;
    if (!tls_is_linked()) {
        *why_out = "this program is linked without TLS (tcc-termite --tls)";
        return NULL;
    }
    struct tls_config config;
    fill_config(net, &config);
    net->tls = tls_methods.context_new(&config, why);
    crypto_wipe(&config, sizeof config);
    *why_out = why;
    return net->tls;
}

static uint8_t *pack_process(uint8_t *at, uint32_t process)
{
    for (unsigned i = 0; i < 4; i++)
        *at++ = (uint8_t)(process >> 8 * i);
    return at;
}

/* The kernel has said which process is there; somebody in between is another one. */
static void bind_local(const struct conn *c, uint8_t ends[2 * SOCKET_PACKED_BYTES])
{
    uint32_t own = local_own_process(), other = c->end.process;
    uint8_t *at = pack_process(ends, LOCAL_MARK);
    at = pack_process(at, c->is_dialled ? own : other);
    pack_process(at, c->is_dialled ? other : own);
    socket_address_pack(&c->end.at, ends + SOCKET_PACKED_BYTES);
}

void secure_binding(const struct conn *c, uint8_t binding[HANDSHAKE_BINDING_BYTES])
{
    struct socket_address local;
    memset(binding, 0, HANDSHAKE_BINDING_BYTES);
    if (c->end.process) {
        bind_local(c, binding + 32);
        return;
    }
    line_binding(&c->line, binding);
    if (c->line.tls || !socket_local_address(c->fd, &local)) return;
    const struct socket_address *from = c->is_dialled ? &local : &c->remote,
                                *to = c->is_dialled ? &c->remote : &local;
    if (!socket_address_is_loopback(to)) return;
    socket_address_pack(from, binding + 32);
    socket_address_pack(to, binding + 32 + SOCKET_PACKED_BYTES);
}

bool secure_check_options(struct net *net, const char **why_out)
{
    const struct options *options = net->node->options;
    if (!options || !(options->tls_cert || options->tls_key || options->tls_ca)) return true;
    return secure_context(net, why_out) != NULL;
}

void secure_warn(struct net *net, int64_t now_ns)
{
    if (!net->has_cleartext) return;
    if (now_ns >= net->warn_ns) {
        net->warn_ns = now_ns + WARN_EVERY_NS;
        net_log(net, "warning: no TLS (--termite-insecure-cleartext): whoever is on the network can read and "
                     "change all");
    }
    net_set_deadline(net, net->warn_ns);
}

void secure_note_cleartext(struct net *net, const struct socket_address *address, int64_t now_ns)
{
    if (socket_address_is_loopback(address)) return;
    net->has_cleartext = true;
    secure_warn(net, now_ns);
}
