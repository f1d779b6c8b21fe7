#include "rt/actor/link.h"

#include <assert.h>
#include <stdlib.h>

#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/obj/symbol.h"

void link_attach(struct link *l)
{
    assert(l->outside || (l->from && l->to));
    if (l->from) {
        l->out_next = l->from->outbound;
        l->out_prev = &l->from->outbound;
        if (l->out_next) l->out_next->out_prev = &l->out_next;
        l->from->outbound = l;
    }
    if (l->to) {
        l->in_next = l->to->inbound;
        l->in_prev = &l->to->inbound;
        if (l->in_next) l->in_next->in_prev = &l->in_next;
        l->to->inbound = l;
    }
}

void link_detach(struct link *l)
{
    assert((!l->from || *l->out_prev == l) && (!l->to || *l->in_prev == l));
    if (l->from) {
        *l->out_prev = l->out_next;
        if (l->out_next) l->out_next->out_prev = l->out_prev;
    }
    if (l->to) {
        *l->in_prev = l->in_next;
        if (l->in_next) l->in_next->in_prev = l->in_prev;
    }
}

static bool connect(struct worker *w, struct process *from, struct process *to, tt_word ref)
{
    assert(from->pid && to->pid);
    if (!heap_take_outside(w, sizeof(struct link))) return false;
    struct link *l = malloc(sizeof *l);
    if (!l) {
        heap_count_outside(-(ptrdiff_t)sizeof *l);
        heap_fail(w);
        return false;
    }
    *l = (struct link){.from = from, .to = to, .ref = ref};
    link_attach(l);
    return true;
}

static void free_link(struct link *l)
{
    heap_count_outside(-(ptrdiff_t)sizeof *l);
    free(l);
}

static void disconnect(struct link *l)
{
    link_detach(l);
    free_link(l);
}

/* `to` wants no more of it. */
static void drop(struct worker *w, struct link *l)
{
    if (!l->outside) {
        disconnect(l);
        return;
    }
    link_detach(l);
    l->outside->dropped(w, l);
}

/* Looks through both ends' lists in step, so that the shorter one decides: a
 * process with many links costs nothing to those that have few. */
static struct link *find_link(struct process *from, struct process *to)
{
    struct link *out = from->outbound, *in = to->inbound;
    while (out && in) {
        if (out->to == to && !out->ref && !out->outside) return out;
        if (in->from == from && !in->ref && !in->outside) return in;
        out = out->out_next;
        in = in->in_next;
    }
    return NULL;
}

bool link_add(struct worker *w, struct process *from, struct process *to)
{
    return find_link(from, to) || connect(w, from, to, 0);
}

void link_remove_both(struct process *p, struct process *other)
{
    struct link *out = find_link(p, other), *in = find_link(other, p);
    if (out) disconnect(out);
    if (in && in != out) disconnect(in);
}

bool link_add_monitor(struct worker *w, struct process *p, struct process *watcher, tt_word ref)
{
    assert(ref);
    return connect(w, p, watcher, ref);
}

static bool is_down_message(tt_word m, tt_word ref)
{
    return tt_is_pair(m) && tt_car(m) == TT_SYM(DOWN) && tt_is_pair(tt_cdr(m)) && tt_car(tt_cdr(m)) == ref;
}

void link_remove_monitor(struct worker *w, struct process *watcher, tt_word ref)
{
    for (struct link *l = watcher->inbound; l; l = l->in_next) {
        if (l->ref == ref) {
            drop(w, l);
            return;
        }
    }
    struct mbox *m = &watcher->mbox;
    for (uint32_t i = m->head; i < m->tail; i++) {
        if (is_down_message(m->entries[i].message, ref)) {
            mbox_remove(m, m->entries[i].seq);
            return;
        }
    }
}

static bool send_signal(struct worker *w, struct process *to, tt_word kind, tt_word payload, tt_word from)
{
    assert(to->pid);
    struct tt_obj_SIGNAL *signal = heap_alloc(w, sizeof *signal);
    if (!signal) return false;
    *signal = (struct tt_obj_SIGNAL){TT_HEADER((tt_word)TT_TYPE_SIGNAL), kind, payload, from};
    return sched_deliver(w->sched, to, tt_tagged(signal, TT_TAG_OBJECT));
}

static tt_word make_list(struct worker *w, size_t n, const tt_word *items)
{
    tt_word list = TT_NIL;
    while (n > 0 && list != TT_FAIL)
        list = heap_cons(w, items[--n], list);
    return list;
}

bool link_say_gone(struct worker *w, struct process *to, tt_word why, tt_word pid)
{
    tt_word payload = make_list(w, 2, (tt_word[]){why, pid});
    return payload != TT_FAIL && send_signal(w, to, why, payload, pid);
}

bool link_send_down(struct worker *w, struct process *to, tt_word ref, tt_word pid, tt_word reason)
{
    tt_word message = make_list(w, 4, (tt_word[]){TT_SYM(DOWN), ref, pid, reason});
    return message != TT_FAIL && sched_deliver(w->sched, to, message);
}

bool link_send_end(struct worker *w, struct process *to, tt_word kind, tt_word object, tt_word pid)
{
    if (kind == TT_SYM(EXCEPTION)) return send_signal(w, to, kind, object, pid);
    if (kind == TT_SYM(NOCONNECTION) || kind == TT_SYM(MIGRATION_IN_DOUBT))
        return link_say_gone(w, to, kind, pid);
    return kind != TT_SYM(KILLED) || send_signal(w, to, kind, kind, pid);
}

tt_word link_reason(struct worker *w, tt_word kind, tt_word object)
{
    if (kind != TT_SYM(EXCEPTION)) return kind;
    return make_list(w, 2, (tt_word[]){kind, object});
}

/* Peers only get a message; what they do about it happens when they run. So a
 * cycle of links, however long, needs no recursion. When memory is exhausted
 * here, a peer may miss the news: there is nobody left to raise that in. */
void link_signal_end(struct worker *w, struct process *p, tt_word kind, tt_word object)
{
    tt_word pid = p->pid, reason = p->outbound ? link_reason(w, kind, object) : TT_NIL;
    while (p->outbound) {
        struct link *l = p->outbound;
        link_detach(l);
        if (l->outside) {
            l->outside->ended(w, l, kind, object);
            continue;
        }
        if (l->ref)
            link_send_down(w, l->to, l->ref, pid, reason);
        else
            link_send_end(w, l->to, kind, object, pid);
        free_link(l);
    }
    while (p->inbound)
        drop(w, p->inbound);
}
