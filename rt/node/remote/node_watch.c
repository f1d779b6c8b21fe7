#include "rt/node/remote/node_watch.h"

#include <stdlib.h>
#include <string.h>

#include "rt/actor/link.h"
#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/net/address.h"
#include "rt/node/net/peers.h"
#include "rt/node/remote/remote.h"
#include "rt/obj/bignum.h"
#include "rt/obj/list.h"
#include "rt/obj/symbol.h"

/* An inbound link of the watcher: it goes with it, and demonitor finds it. */
struct node_watch {
    struct link link; /* first */
    struct node_watch *next, **prev;
    uint16_t port;
    char host[];
};

static void on_ended(struct worker *w, struct link *l, tt_word kind, tt_word object) {
} /* a node is no process */

static void on_dropped(struct worker *w, struct link *l)
{
    struct node_watch *watch = (struct node_watch *)l;
    *watch->prev = watch->next;
    if (watch->next) watch->next->prev = watch->prev;
    free(watch);
}

static const struct link_outside watch_outside = {.ended = on_ended, .dropped = on_dropped};

bool node_watch_add(struct worker *w, struct process *p, tt_word node, tt_word ref)
{
    char host[256];
    uint16_t port;
    bool is_address = address_read(node, host, &port);
    struct node_watch *watch = is_address ? malloc(sizeof *watch + strlen(host) + 1) : NULL;
    if (!watch) {
        heap_fail(w);
        return false;
    }
    struct remotes *remotes = w->node->remotes;
    *watch = (struct node_watch){.link = {.to = p, .ref = ref, .outside = &watch_outside},
                                 .next = remotes->watches,
                                 .prev = &remotes->watches,
                                 .port = port};
    strcpy(watch->host, host);
    if (watch->next) watch->next->prev = &watch->next;
    remotes->watches = watch;
    link_attach(&watch->link);
    return true;
}

static void say(struct worker *w, struct process *p, tt_word message)
{
    if (message != TT_FAIL) sched_deliver(w->sched, p, message);
}

void node_watch_say_down(struct worker *w, struct process *p, tt_word node, const char *reason,
                         uint64_t epoch)
{
    struct list_builder message = list_build();
    tt_word symbol = symbol_intern_text(w, reason);
    if (symbol == TT_FAIL) return;
    list_add(w, &message, TT_SYM(NODE_DOWN));
    list_add(w, &message, node);
    list_add(w, &message, symbol);
    list_add(w, &message, int_from_int64(w, (int64_t)epoch));
    say(w, p, message.list);
}

/* Calls `tell` for the watches of a peer, under each of its names. */
static void each_of_peer(struct worker *w, const struct peer *peer,
                         void (*tell)(struct worker *, struct node_watch *, tt_word node, void *),
                         void *context)
{
    char host[256];
    uint16_t port;
    tt_word node = address_of_peer(w, peer);
    if (node == TT_FAIL || !address_read(node, host, &port)) return;
    for (struct node_watch *s = w->node->remotes->watches; s; s = s->next) {
        bool is_run = s->port == port && strcmp(s->host, host) == 0;
        if (!is_run && !(s->port && peers_is_name_of(peer, s->host, s->port))) continue;
        node = is_run ? address_of_peer(w, peer) : address_make(w, s->host, s->port);
        if (node != TT_FAIL) tell(w, s, node, context);
    }
}

struct loss {
    const char *reason;
    uint64_t epoch;
};

static void tell_down(struct worker *w, struct node_watch *watch, tt_word node, void *context)
{
    const struct loss *loss = context;
    node_watch_say_down(w, watch->link.to, node, loss->reason, loss->epoch);
}

void node_watch_down(struct worker *w, const struct peer *peer, const char *reason)
{
    if (!w->node->remotes->watches) return;
    each_of_peer(w, peer, tell_down, &(struct loss){reason, peer->epoch});
}

static void tell_stalled(struct worker *w, struct node_watch *watch, tt_word node, void *context)
{
    struct list_builder message = list_build();
    list_add(w, &message, TT_SYM(NODE_STALLED));
    list_add(w, &message, node);
    say(w, watch->link.to, message.list);
}

void node_watch_stalled(struct worker *w, const struct peer *peer)
{
    if (w->node->remotes->watches) each_of_peer(w, peer, tell_stalled, NULL);
}
