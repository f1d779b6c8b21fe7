/* Primitives on processes, mailboxes, links (rows in rt/abi/prims.def). */
#include <inttypes.h>
#include <math.h>

#include "rt/abi/program.h"
#include "rt/actor/cursor.h"
#include "rt/actor/leave.h"
#include "rt/actor/sched.h"
#include "rt/actor/shutdown.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/remote/links.h"
#include "rt/node/migrate/migrate.h"
#include "rt/obj/arith.h"
#include "rt/obj/deadline.h"
#include "rt/obj/log.h"
#include "rt/obj/symbol.h"
#include "rt/os/check.h"
#include "rt/os/clock.h"
#include "rt/os/options.h"
#include "rt/prim/arg.h"
#include "rt/prim/node.h"

/* -- spawning ------------------------------------------------------------ */

static struct process *new_process(struct worker *w, const char *operation, tt_word thunk)
{
    if (!tt_is_closure(thunk)) {
        fail_wrong_type(w, operation, thunk);
        return NULL;
    }
    return sched_new_process(w, thunk);
}

tt_word tt_prim_spawn(struct worker *w, tt_word thunk)
{
    struct process *p = new_process(w, "spawn", thunk);
    if (!p) return TT_FAIL;
    sched_start(w, p);
    return p->pid;
}

/* Undoes sched_new_process when the links could not be made. */
static tt_word abandon(struct worker *w, struct process *p)
{
    link_signal_end(w, p, TT_SYM(NORMAL), TT_FALSE);
    process_clear(w, p);
    process_free(w, p);
    return TT_FAIL;
}

/* The links are there before the new process can do anything. */
static tt_word start_linked(struct worker *w, struct process *p, struct process *peer)
{
    if (!link_add(w, p, peer) || !link_add(w, peer, p)) return abandon(w, p);
    sched_start(w, p);
    return p->pid;
}

/* A guest's links are at home. */
static tt_word start_linked_with_guest(struct worker *w, struct process *p, struct process *guest)
{
    if (!migrate_link(w, guest, p->pid, LINKS_INBOUND | LINKS_OUTBOUND)) return abandon(w, p);
    sched_start(w, p);
    return p->pid;
}

tt_word tt_prim_spawn_link(struct worker *w, tt_word thunk)
{
    struct process *p = new_process(w, "spawn-link", thunk), *parent = w->sched->running;
    if (!p) return TT_FAIL;
    return migrate_is_guest(parent) ? start_linked_with_guest(w, p, parent) : start_linked(w, p, parent);
}

/* Exceptions of the new process go to `pid`. */
tt_word tt_prim_spawn_linked_to(struct worker *w, tt_word pid, tt_word thunk)
{
    if (!arg_pid(w, "spawn-linked-to", pid)) return TT_FAIL;
    struct process *p = new_process(w, "spawn-linked-to", thunk);
    if (!p) return TT_FAIL;
    if (!links_add(w, p, pid, LINKS_OUTBOUND)) return abandon(w, p);
    sched_start(w, p);
    return p->pid;
}

/* -- messages ------------------------------------------------------------ */

tt_word tt_prim_send(struct worker *w, tt_word pid, tt_word message)
{
    if (__builtin_expect(!pid_is_own(pid), 0)) return far_send(w, "!", pid, message);
    struct process *p = process_find(w->node->processes, pid);
    if (p && __builtin_expect(!sched_deliver(w->sched, p, message), 0)) return far_unsent(w, "!");
    return TT_VOID;
}

tt_word tt_prim_make_tag(struct worker *w)
{
    struct process *p = w->sched->running;
    p->tag = near_tag(w, ++w->sched->next_tag);
    if (p->tag == TT_FAIL) tt_panic("no memory for a tag");
    p->tag_seq = p->mbox.next_seq - 1;
    return p->tag;
}

tt_word tt_prim_mbox_mark(struct worker *w, tt_word tag)
{
    struct process *p = w->sched->running;
    return cursor_of(w, tag == p->tag ? p->tag_seq : 0);
}

/* Whole seconds below this need no arithmetic on flonums. */
#define DEADLINE_PLAIN_S 1000000

/* Seconds from now, rounded up so that a wait never ends early. */
static int64_t deadline_after(const struct scheduler *s, double seconds)
{
    double ns = ceil(seconds * (double)CLOCK_SECOND_NS);
    if (ns >= (double)CLOCK_FOREVER / 2) return CLOCK_FOREVER;
    return sched_now(s) + (int64_t)ns;
}

tt_word tt_prim_deadline(struct worker *w, tt_word timeout)
{
    double seconds;
    if (timeout == TT_FALSE) return TT_FALSE;
    if (tt_is_fixnum(timeout) && tt_fixnum_value(timeout) > 0 && tt_fixnum_value(timeout) < DEADLINE_PLAIN_S)
        return deadline_at(w, sched_now(w->sched) + tt_fixnum_value(timeout) * CLOCK_SECOND_NS, false);
    if (num_kind(timeout) == NUM_NONE) return fail_wrong_type(w, "after", timeout);
    if (!num_to_double(w, timeout, &seconds)) return TT_FAIL;
    if (isnan(seconds)) return fail_out_of_range(w, "after", timeout);
    if (seconds <= 0) return tt_fixnum(0);
    int64_t deadline = deadline_after(w->sched, seconds);
    return deadline == CLOCK_FOREVER ? TT_FALSE : deadline_at(w, deadline, false);
}

/* -- links and monitors -------------------------------------------------- */

static tt_word make_link(struct worker *w, const char *operation, tt_word pid, unsigned directions)
{
    struct process *p = w->sched->running;
    if (!arg_pid(w, operation, pid)) return TT_FAIL;
    bool ok = migrate_is_guest(p) ? migrate_link(w, p, pid, directions) : links_add(w, p, pid, directions);
    return ok ? TT_VOID : TT_FAIL;
}

tt_word tt_prim_inbound_link(struct worker *w, tt_word pid)
{
    return make_link(w, "inbound-link", pid, LINKS_INBOUND);
}

tt_word tt_prim_outbound_link(struct worker *w, tt_word pid)
{
    return make_link(w, "outbound-link", pid, LINKS_OUTBOUND);
}

tt_word tt_prim_full_link(struct worker *w, tt_word pid)
{
    return make_link(w, "full-link", pid, LINKS_INBOUND | LINKS_OUTBOUND);
}

tt_word tt_prim_unlink(struct worker *w, tt_word pid)
{
    if (!arg_pid(w, "unlink", pid)) return TT_FAIL;
    struct process *p = w->sched->running;
    if (migrate_is_guest(p)) return migrate_unlink(w, p, pid) ? TT_VOID : TT_FAIL;
    links_remove(w, p, pid);
    return TT_VOID;
}

static tt_word monitor_with(struct worker *w, tt_word pid, tt_word ref)
{
    struct process *p = w->sched->running;
    bool ok = migrate_is_guest(p) ? migrate_monitor(w, p, pid, ref) : links_monitor(w, p, pid, ref);
    return ok ? ref : TT_FAIL;
}

tt_word tt_prim_monitor(struct worker *w, tt_word pid)
{
    if (!arg_pid(w, "monitor", pid)) return TT_FAIL;
    return monitor_with(w, pid, tt_prim_make_tag(w));
}

/* The tag of a call is also that of its monitor: so one tag is in all that the caller waits for. */
tt_word tt_prim_monitor_call(struct worker *w, tt_word pid, tt_word tag)
{
    if (!arg_pid(w, "monitor", pid)) return TT_FAIL;
    return monitor_with(w, pid, tag);
}

tt_word tt_prim_demonitor(struct worker *w, tt_word ref)
{
    if (!tag_is(ref)) return fail_wrong_type(w, "demonitor", ref);
    struct process *p = w->sched->running;
    if (migrate_is_guest(p) && !migrate_wish(w, p, WISH_DEMONITOR, ref, TT_FALSE)) return TT_FAIL;
    links_demonitor(w, p, ref); /* of a guest: its message, if it has come, and monitors of nodes */
    return TT_VOID;
}

tt_word tt_prim_terminate(struct worker *w, tt_word pid, tt_word reason)
{
    if (!pid_is_own(pid)) return far_terminate(w, pid, reason);
    struct process *p = process_find(w->node->processes, pid);
    bool is_kind = reason == TT_SYM(KILLED) || reason == TT_SYM(NORMAL);
    if (p) sched_terminate(w, p, is_kind ? reason : TT_SYM(EXCEPTION), is_kind ? TT_FALSE : reason);
    return TT_VOID;
}

/* A process of this node. */
tt_word tt_prim_alivep(struct worker *w, tt_word pid)
{
    if (!arg_pid(w, "alive?", pid)) return TT_FAIL;
    return tt_bool(pid_is_own(pid) && process_find(w->node->processes, pid) != NULL);
}

tt_word tt_prim_call_tag(struct worker *w)
{
    tt_word tag = calls_tag(w);
    if (tag == TT_FAIL) tt_panic("no memory for a tag");
    return tag;
}

tt_word tt_prim_take_reply(struct worker *w, tt_word tag) { return calls_take(w->sched->running, tag); }

tt_word tt_prim_open_call(struct worker *w, tt_word tag)
{
    calls_open(w, w->sched->running, tag);
    return TT_VOID;
}

tt_word tt_prim_close_call(struct worker *w, tt_word tag)
{
    calls_answered(w, w->sched->running, tag);
    return TT_VOID;
}

tt_word tt_prim_end_call(struct worker *w, tt_word tag)
{
    calls_end(w, w->sched->running, tag);
    return TT_VOID;
}

/* -- the orderly end ------------------------------------------------------ */

tt_word tt_prim_accept_shutdown(struct worker *w, tt_word is_last)
{
    struct process *p = w->sched->running;
    if (migrate_is_guest(p)) return TT_VOID; /* its home ends it */
    return shutdown_accept(w, p, is_last != TT_FALSE) ? TT_VOID : TT_FAIL;
}

tt_word tt_prim_supervised(struct worker *w, tt_word pid)
{
    if (!arg_pid(w, "%supervised!", pid)) return TT_FAIL;
    struct process *p = pid_is_own(pid) ? process_find(w->node->processes, pid) : NULL;
    if (p) p->is_supervised = true;
    return TT_VOID;
}

tt_word tt_prim_next_listener(struct worker *w)
{
    struct process *p = shutdown_next(w);
    return p ? p->pid : TT_FALSE;
}

/* Half of what is left, so that one that does not listen leaves time to the others. */
tt_word tt_prim_shutdown_share(struct worker *w)
{
    return heap_flonum(w, (double)node_stop_left_ns(w->node) / 2 / CLOCK_SECOND_NS);
}

tt_word tt_prim_shutdown_late(struct worker *w, tt_word pid, tt_word seconds)
{
    if (!arg_pid(w, "%shutdown-late", pid)) return TT_FAIL;
    log_event(w->node,
              "%s: process %" PRIu64
              " did not end within %.2g s after the message `shutdown`, and is terminated",
              w->node->program->name, near_serial(pid), flo_value(seconds));
    return TT_VOID;
}

tt_word tt_prim_stoppingp(struct worker *w) { return tt_bool(atomic_load(&w->node->stopped_by) != 0); }
tt_word tt_prim_shutdown_code(struct worker *w) { return tt_fixnum(shutdown_code(w)); }

tt_word tt_prim_guestp(struct worker *w) { return tt_bool(migrate_is_guest(w->sched->running)); }
tt_word tt_prim_mainp(struct worker *w) { return tt_bool(w->sched->running->is_main); }

tt_word tt_prim_process_count(struct worker *w) { return tt_fixnum((tt_sword)w->sched->n_processes); }
