/* SPAWN and ASK at the node that is asked, and the answer to `on`. */
#include "rt/node/remote/answer.h"

#include <stdlib.h>
#include <string.h>

#include "rt/actor/link.h"
#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/channel/packet.h"
#include "rt/node/net/large_out.h"
#include "rt/node/remote/far_link.h"
#include "rt/node/remote/request.h"
#include "rt/node/remote/service.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

/* -- the answer ----------------------------------------------------------- */

/* An answer whose value was found out later to be none that can travel: the request has none yet. */
static void fail_large_out(struct worker *w, struct peer *peer, struct packet *front,
                           struct wire_failure *failure)
{
    struct asker asker = {peer, packet_varint(front), 0};
    answer_refuse(w, &asker, remote_refusal(w, failure));
}

/* False: the value cannot travel. */
static bool send_value(struct worker *w, const struct asker *asker, enum control type, int raised,
                       tt_word value, struct wire_failure *failure)
{
    struct peer *peer = asker->peer;
    struct wire_buf *out = remote_begin_reply(peer, type, asker->key);
    if (!out) return true;
    buf_put_varint(out, asker->number);
    if (raised >= 0) buf_put_byte(out, (uint8_t)raised);
    return large_out_end(w, peer, out, &(struct large_out_value){.value = value, .fail = fail_large_out},
                         failure) != SENDING_FAILED;
}

/* Values of the runtime's own making. */
static void send_plain(struct worker *w, const struct asker *asker, enum control type, int raised,
                       tt_word value)
{
    struct wire_failure failure = {0};
    if (value == TT_FAIL || !send_value(w, asker, type, raised, value, &failure))
        peer_drop(asker->peer, GOODBYE_OUT_OF_MEMORY);
    text_free(&failure.path);
}

void answer_answer(struct worker *w, const struct asker *asker, tt_word value)
{
    if (asker->peer)
        send_plain(w, asker, CONTROL_ANSWER, 0, value);
    else
        request_conclude(w, asker->number, TT_SYM(VALUE), value);
}

void answer_refuse(struct worker *w, const struct asker *asker, tt_word refusal)
{
    if (asker->peer)
        send_plain(w, asker, CONTROL_REFUSED, -1, refusal);
    else
        request_conclude(w, asker->number, TT_SYM(REFUSED), refusal);
}

static tt_word make_refusal(struct worker *w, const char *kind, const char *message)
{
    struct list_builder b = list_build();
    tt_word symbol = symbol_intern_text(w, kind), text = string_from_text(w, message);
    if (symbol == TT_FAIL || text == TT_FAIL) return TT_FAIL;
    list_add(w, &b, symbol);
    list_add(w, &b, text);
    return b.list;
}

static void refuse_text(struct worker *w, const struct asker *asker, const char *kind, const char *message)
{
    answer_refuse(w, asker, make_refusal(w, kind, message));
}

/* -- the process of `on` -------------------------------------------------- */

/* An outbound link of the process that computes: it goes with the answer, or with
 * the process, and then says why there is none. */
struct debt {
    struct link link; /* first */
    struct asker asker;
    uint64_t epoch; /* of the asker's connection */
};

static void debt_free(struct debt *d)
{
    if (d->asker.peer) d->asker.peer->n_referrers--;
    free(d);
}

static bool is_still_there(const struct debt *d)
{
    return !d->asker.peer || (d->asker.peer->state == PEER_UP && d->asker.peer->epoch == d->epoch);
}

static void on_ended(struct worker *w, struct link *l, tt_word kind, tt_word object)
{
    struct debt d = *(struct debt *)l;
    debt_free((struct debt *)l);
    if (!is_still_there(&d)) return;
    if (kind == TT_SYM(KILLED)) {
        refuse_text(w, &d.asker, "killed", "on: the process was terminated");
    } else if (kind != TT_SYM(EXCEPTION)) {
        refuse_text(w, &d.asker, "error", "on: the process ended without a value");
    } else if (!d.asker.peer) {
        request_conclude(w, d.asker.number, TT_SYM(RAISED), object);
    } else {
        struct wire_failure failure = {0};
        if (!send_value(w, &d.asker, CONTROL_ANSWER, 1, object, &failure))
            send_plain(w, &d.asker, CONTROL_ANSWER, 1, remote_substitute(w, object));
        text_free(&failure.path);
    }
}

static void on_dropped(struct worker *w, struct link *l) {} /* it is never inbound */

static const struct link_outside debt_outside = {.ended = on_ended, .dropped = on_dropped};

static bool add_debt(struct worker *w, struct process *p, const struct asker *asker)
{
    struct debt *d = malloc(sizeof *d);
    if (!d) return false;
    *d = (struct debt){{.from = p, .outside = &debt_outside}, *asker, asker->peer ? asker->peer->epoch : 0};
    if (asker->peer) asker->peer->n_referrers++;
    link_attach(&d->link);
    return true;
}

static struct debt *debt_of(const struct process *p)
{
    struct link *l = p->outbound;
    while (l && l->outside != &debt_outside)
        l = l->out_next;
    return (struct debt *)l;
}

bool request_answer(struct worker *w, struct process *p, bool raised, tt_word value,
                    struct peer **congested_out, struct wire_failure *failure)
{
    *congested_out = NULL;
    struct debt *d = debt_of(p);
    if (!d) return true;
    if (!d->asker.peer)
        request_conclude(w, d->asker.number, raised ? TT_SYM(RAISED) : TT_SYM(VALUE), value);
    else if (is_still_there(d) && !send_value(w, &d->asker, CONTROL_ANSWER, raised, value, failure))
        return false;
    else if (peer_is_congested(d->asker.peer))
        *congested_out = d->asker.peer;
    link_detach(&d->link);
    debt_free(d);
    return true;
}

/* -- doing it ------------------------------------------------------------- */

/* worker.failure says why there is no process. */
static tt_word refusal_of_failure(struct worker *w)
{
    bool is_limit = w->failure.condition == CONDITION_PROCESS_LIMIT;
    return is_limit ? make_refusal(w, "process-limit", "too many processes")
                    : make_refusal(w, "heap-exhausted", "out of memory");
}

struct process *answer_spawn(struct worker *w, const struct asker *asker, tt_word thunk_and_params)
{
    if (!tt_is_pair(thunk_and_params) || !tt_is_closure(tt_car(thunk_and_params))) {
        refuse_text(w, asker, "wrong-type", "remote-spawn: wrong type of argument");
        return NULL;
    }
    struct process *p = sched_new_process(w, tt_car(thunk_and_params));
    if (!p) {
        answer_refuse(w, asker, refusal_of_failure(w));
        return NULL;
    }
    p->params = tt_cdr(thunk_and_params);
    return p;
}

/* Undoes answer_spawn. */
static void abandon(struct worker *w, struct process *p)
{
    link_signal_end(w, p, TT_SYM(NORMAL), TT_FALSE);
    process_clear(w, p);
    process_free(w, p);
}

static void do_on(struct worker *w, const struct asker *asker, tt_word argument)
{
    struct process *p = answer_spawn(w, asker, argument);
    if (!p) return;
    if (add_debt(w, p, asker)) {
        sched_start(w, p);
        return;
    }
    abandon(w, p);
    refuse_text(w, asker, "heap-exhausted", "out of memory");
}

static void do_resolve(struct worker *w, const struct asker *asker, tt_word name)
{
    bool is_name = tt_is_type(name, TT_TYPE_SYMBOL);
    answer_answer(w, asker,
                  is_name
                      ? service_resolve(w, string_bytes(symbol_name(name)), string_length(symbol_name(name)))
                      : TT_FALSE);
}

static void do_alive(struct worker *w, const struct asker *asker, tt_word pid)
{
    answer_answer(w, asker, tt_bool(pid_is_own(pid) && process_find(w->node->processes, pid)));
}

static void do_ping(struct worker *w, const struct asker *asker, tt_word argument)
{
    answer_answer(w, asker, TT_TRUE);
}

static const struct {
    const char *name;
    void (*run)(struct worker *w, const struct asker *asker, tt_word argument);
} askable[] = {{"on", do_on}, {"resolve", do_resolve}, {"alive", do_alive}, {"ping", do_ping}};

static bool is_named(tt_word symbol, const char *text)
{
    tt_word name = symbol_name(symbol);
    return string_length(name) == strlen(text) && memcmp(string_bytes(name), text, strlen(text)) == 0;
}

void answer_do(struct worker *w, const struct asker *asker, tt_word what)
{
    tt_word name = tt_is_pair(what) ? tt_car(what) : TT_FALSE;
    for (size_t i = 0; tt_is_type(name, TT_TYPE_SYMBOL) && i < sizeof askable / sizeof askable[0]; i++) {
        if (!is_named(name, askable[i].name)) continue;
        askable[i].run(w, asker, tt_cdr(what));
        return;
    }
    refuse_text(w, asker, "error", "a request that this node does not know");
}

/* -- packets --------------------------------------------------------------- */

bool request_take_ask(struct worker *w, struct peer *peer, struct packet *f)
{
    struct asker asker = {peer, packet_varint(f), 0};
    asker.key = packet_key(packet_far(f, peer->boot).serial);
    if (f->is_bad) return false;
    tt_word what;
    struct wire_failure failure = {0};
    if (remote_get_value(w, peer, f, &what, &failure)) {
        answer_do(w, &asker, what);
    } else {
        w->node->remotes->counters.undecodable++;
        answer_refuse(w, &asker, remote_refusal(w, &failure));
    }
    return true;
}

static void answer_child(struct worker *w, const struct asker *asker, struct process *p)
{
    struct wire_buf *out = remote_begin_reply(asker->peer, CONTROL_SPAWNED, 0);
    if (!out) return;
    buf_put_varint(out, asker->number);
    packet_put_own(w, out, FAR_PID, process_serial(p));
    if (!peer_end(asker->peer)) peer_drop(asker->peer, GOODBYE_OUT_OF_MEMORY);
}

bool request_take_spawn(struct worker *w, struct peer *peer, struct packet *f)
{
    struct asker asker = {peer, packet_varint(f), 0};
    uint8_t linked = packet_byte(f);
    uint64_t id = packet_varint(f);
    struct far parent = packet_far(f, peer->boot);
    asker.key = packet_key(parent.serial);
    if (f->is_bad || linked > 1) return false;
    if (linked && peer->remote && !far_link_id_is_free(peer->remote, id)) return false;
    tt_word value;
    struct wire_failure failure = {0};
    if (!remote_get_value(w, peer, f, &value, &failure)) {
        w->node->remotes->counters.undecodable++;
        answer_refuse(w, &asker, remote_refusal(w, &failure));
        return true;
    }
    struct process *p = answer_spawn(w, &asker, value);
    if (!p) return true;
    if (linked && !far_link_link_child(w, peer, p, id, &parent)) {
        abandon(w, p);
        answer_refuse(w, &asker, make_refusal(w, "heap-exhausted", "out of memory"));
        return true;
    }
    answer_child(w, &asker, p);
    sched_start(w, p);
    return true;
}
