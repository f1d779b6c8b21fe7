/* Primitives on nodes, and on pids of other nodes (lib-scm/node.scm). */
#include "rt/prim/node.h"

#include <string.h>

#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/net/address.h"
#include "rt/node/migrate/migrate.h"
#include "rt/node/net/net.h"
#include "rt/node/remote/node_watch.h"
#include "rt/node/remote/remote.h"
#include "rt/node/remote/request.h"
#include "rt/node/remote/service.h"
#include "rt/obj/bignum.h"
#include "rt/obj/far.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/prim/wire.h"

static bool arg_node(struct worker *w, const char *operation, tt_word v)
{
    return arg_is_type(w, operation, v, TT_TYPE_NODE);
}

/* -- nodes ----------------------------------------------------------------- */

tt_word tt_prim_node_host(struct worker *w, tt_word node)
{
    return arg_node(w, "node-host", node) ? TT_OBJ(NODE, node)->host : TT_FAIL;
}

tt_word tt_prim_node_port(struct worker *w, tt_word node)
{
    return arg_node(w, "node-port", node) ? TT_OBJ(NODE, node)->port : TT_FAIL;
}

tt_word tt_prim_current_node(struct worker *w) { return address_of_boot(w, 0); }

/* The run where the process is, as far as it is known here: its home knows it, and
 * where it is it knows itself; others know its home. */
static uint32_t place_of(struct worker *w, tt_word pid)
{
    if (pid == w->self_pid) return 0;
    if (pid_is_far(pid)) {
        struct far far;
        far_read(pid, &far);
        return far.boot;
    }
    const struct process *p = process_find(w->node->processes, pid);
    return p && p->mover && p->mover->home != HOME_HERE ? p->mover->place : 0;
}

tt_word tt_prim_pid_node(struct worker *w, tt_word pid)
{
    if (!arg_pid(w, "pid-node", pid)) return TT_FAIL;
    if (tt_is_type(pid, TT_TYPE_SERVICE)) return TT_OBJ(SERVICE, pid)->node;
    return address_of_boot(w, place_of(w, pid));
}

tt_word tt_prim_port_node(struct worker *w, tt_word port)
{
    if (!tt_is_type(port, TT_TYPE_FAR_PORT)) return TT_FALSE;
    struct far far;
    far_read(port, &far);
    return address_of_boot(w, far.boot);
}

tt_word tt_prim_herep(struct worker *w, tt_word node)
{
    return tt_bool(tt_is_type(node, TT_TYPE_NODE) && address_is_here(w, node));
}

static void add_row(struct worker *w, struct list_builder *rows, const char *name, uint64_t n)
{
    tt_word symbol = symbol_intern_text(w, name);
    tt_word count = int_from_int64(w, (int64_t)n);
    tt_word row = symbol == TT_FAIL || count == TT_FAIL ? TT_FAIL : heap_cons(w, symbol, count);
    if (row == TT_FAIL)
        rows->list = TT_FAIL;
    else
        list_add(w, rows, row);
}

tt_word tt_prim_reach(struct worker *w, tt_word pid)
{
    bool is_service = tt_is_type(pid, TT_TYPE_SERVICE);
    if (!is_service && !pid_is_far(pid)) return tt_fixnum(0);
    const struct peer *peer =
        is_service ? address_peer(w, TT_OBJ(SERVICE, pid)->node) : remote_peer_of(w, pid);
    if (!peer || peer->state != PEER_DIALS) return tt_fixnum(0);
    return tt_fixnum(peer_is_tried_in_vain(peer) ? 2 : 1);
}

tt_word tt_prim_node_counters(struct worker *w)
{
    const struct remotes *remotes = w->node->remotes;
    struct list_builder rows = list_build();
#define REMOTE_COUNTER(id, text) add_row(w, &rows, #id, remotes->counters.id);
#include "rt/node/remote/counters.def"
#undef REMOTE_COUNTER
    add_row(w, &rows, "records", remote_count_far_links(w->node));
    add_row(w, &rows, "requests", remotes->requests.n);
    add_row(w, &rows, "peers", net_count_peers(w->node));
    add_row(w, &rows, "in_steps", net_count_steps(w->node));
    add_row(w, &rows, "runs", boots_count(w->node->boots));
    return rows.list;
}

/* -- messages -------------------------------------------------------------- */

/* What a primitive gives after something was sent. Frees what `failure` has. */
static tt_word sent(struct worker *w, const char *operation, enum sending result, struct peer *congested,
                    struct wire_failure *failure)
{
    if (result == SENDING_FAILED) return wire_fail_encode(w, operation, failure);
    if (congested) peer_park_sender(w, congested);
    return TT_VOID;
}

tt_word far_send(struct worker *w, const char *operation, tt_word pid, tt_word message)
{
    if (!arg_pid(w, operation, pid)) return TT_FAIL;
    struct wire_failure failure = {0};
    struct peer *congested;
    enum sending result = remote_send(w, pid, message, &congested, &failure);
    return sent(w, operation, result, congested, &failure);
}

tt_word far_unsent(struct worker *w, const char *operation)
{
    struct wire_failure failure;
    if (migrate_take_unsent(w, &failure)) return wire_fail_encode(w, operation, &failure);
    heap_fail(w);
    return TT_FAIL;
}

tt_word far_terminate(struct worker *w, tt_word pid, tt_word reason)
{
    if (!arg_pid(w, "terminate!", pid)) return TT_FAIL;
    if (tt_is_type(pid, TT_TYPE_SERVICE)) return TT_VOID; /* there is nobody */
    struct wire_failure failure = {0};
    return sent(w, "exit!", remote_terminate(w, pid, reason, &failure), NULL, &failure);
}

tt_word far_write(struct worker *w, tt_word port, const void *bytes, size_t n)
{
    struct peer *congested;
    remote_write(w, port, bytes, n, &congested);
    if (congested) peer_park_sender(w, congested);
    return TT_VOID;
}

/* #f: it was not sent, as too much waits for that node already. */
tt_word tt_prim_send_nowait(struct worker *w, tt_word pid, tt_word message)
{
    if (!arg_pid(w, "send-nowait", pid)) return TT_FAIL;
    struct peer *peer = pid_is_far(pid) ? remote_peer_of(w, pid)
                        : tt_is_type(pid, TT_TYPE_SERVICE) && !address_is_here(w, TT_OBJ(SERVICE, pid)->node)
                            ? address_peer(w, TT_OBJ(SERVICE, pid)->node)
                            : NULL;
    if (peer && peer_is_congested(peer)) return TT_FALSE;
    tt_word result =
        pid_is_own(pid) ? tt_prim_send(w, pid, message) : far_send(w, "send-nowait", pid, message);
    return result == TT_FAIL ? TT_FAIL : TT_TRUE;
}

/* -- requests -------------------------------------------------------------- */

static tt_word asked(struct worker *w, const char *operation, bool ok, tt_word tag,
                     struct wire_failure *failure)
{
    if (ok) return tag;
    if (failure->status != WIRE_OK) return wire_fail_encode(w, operation, failure);
    text_free(&failure->path);
    return TT_FAIL;
}

tt_word tt_prim_remote_spawn(struct worker *w, tt_word node, tt_word thunk, tt_word linked)
{
    const char *operation = linked == TT_FALSE ? "remote-spawn" : "remote-spawn-link";
    if (!arg_node(w, operation, node)) return TT_FAIL;
    if (!tt_is_closure(thunk)) return fail_wrong_type(w, operation, thunk);
    struct wire_failure failure = {0};
    tt_word tag = tt_prim_make_tag(w);
    bool ok = request_spawn(w, w->sched->running, tag, node, thunk, linked != TT_FALSE, &failure);
    return asked(w, operation, ok, tag, &failure);
}

tt_word tt_prim_ask(struct worker *w, tt_word node, tt_word what)
{
    if (!arg_node(w, "on", node)) return TT_FAIL;
    struct wire_failure failure = {0};
    tt_word tag = tt_prim_make_tag(w);
    bool ok = request_ask(w, w->sched->running, tag, node, what, &failure);
    return asked(w, "on", ok, tag, &failure);
}

tt_word tt_prim_cancel_request(struct worker *w, tt_word tag)
{
    if (!tag_is_own(tag)) return TT_VOID; /* of a run that this process has left */
    request_cancel(w, w->sched->running, tag);
    return TT_VOID;
}

tt_word tt_prim_answer(struct worker *w, tt_word raised, tt_word value)
{
    struct wire_failure failure = {0};
    struct peer *congested;
    struct process *p = w->sched->running;
    if (migrate_is_guest(p)) return migrate_wish(w, p, WISH_ANSWER, value, raised) ? TT_VOID : TT_FAIL;
    bool ok = request_answer(w, p, raised != TT_FALSE, value, &congested, &failure);
    return sent(w, "on", ok ? SENDING_OK : SENDING_FAILED, congested, &failure);
}

/* -- names ----------------------------------------------------------------- */

static bool arg_name(struct worker *w, const char *operation, tt_word v)
{
    return arg_is_type(w, operation, v, TT_TYPE_SYMBOL);
}

tt_word tt_prim_publish_service(struct worker *w, tt_word name, tt_word pid)
{
    if (!arg_name(w, "publish-service", name)) return TT_FAIL;
    if (!pid_is(pid)) return fail_wrong_type(w, "publish-service", pid);
    return service_publish(w, name, pid) ? TT_VOID : TT_FAIL;
}

tt_word tt_prim_own_service(struct worker *w, tt_word name, tt_word pid)
{
    if (!arg_name(w, "publish-service", name)) return TT_FAIL;
    tt_word owner = service_resolve(w, string_bytes(symbol_name(name)), string_length(symbol_name(name)));
    if (owner != TT_FALSE || pid == TT_FALSE) return owner;
    return tt_prim_publish_service(w, name, pid) == TT_FAIL ? TT_FAIL : pid;
}

tt_word tt_prim_unpublish_service(struct worker *w, tt_word name, tt_word pid)
{
    if (!arg_name(w, "unpublish-service", name)) return TT_FAIL;
    if (pid != TT_FALSE && !arg_pid(w, "unpublish-service", pid)) return TT_FAIL;
    service_unpublish(w, name, pid);
    return TT_VOID;
}

tt_word tt_prim_services(struct worker *w) { return service_list(w); }

tt_word tt_prim_remote_service(struct worker *w, tt_word name, tt_word node)
{
    if (!arg_name(w, "remote-service", name) || !arg_node(w, "remote-service", node)) return TT_FAIL;
    struct tt_obj_SERVICE *service = heap_alloc(w, sizeof *service);
    if (!service) return TT_FAIL;
    *service = (struct tt_obj_SERVICE){TT_HEADER((tt_word)TT_TYPE_SERVICE), node, name};
    return tt_tagged(service, TT_TAG_OBJECT);
}

/* The name of a service, #f for any other object. */
tt_word tt_prim_service_name(struct worker *w, tt_word v)
{
    return tt_is_type(v, TT_TYPE_SERVICE) ? TT_OBJ(SERVICE, v)->name : TT_FALSE;
}

/* -- monitors of nodes ----------------------------------------------------- */

/* A node that is not connected is connected to; out of reach, the process hears of it at once. */
tt_word tt_prim_monitor_node(struct worker *w, tt_word node)
{
    if (!arg_node(w, "monitor-node", node)) return TT_FAIL;
    struct process *p = w->sched->running;
    tt_word ref = tt_prim_make_tag(w), ping = symbol_intern_text(w, "ping");
    tt_word what = ping == TT_FAIL ? TT_FAIL : heap_cons(w, ping, TT_NIL);
    if (what == TT_FAIL || !node_watch_add(w, p, node, ref)) return TT_FAIL;
    if (address_is_here(w, node)) return ref;
    struct wire_failure failure = {0};
    bool ok = request_ask(w, p, ref, node, what, &failure);
    request_cancel(w, p, ref);
    text_free(&failure.path);
    const struct peer *peer = address_peer(w, node);
    if (!ok || !peer || peer->state == PEER_IDLE)
        node_watch_say_down(w, p, node, goodbye_text(GOODBYE_UNREACHABLE), peer ? peer->epoch : 0);
    return ref;
}
