/* What guests want done at home (GUEST_DOES), and their ends (GUEST_ENDED):
 * (operation object argument), (kind . object). */
#include <stdlib.h>
#include <string.h>

#include "rt/actor/sched.h"
#include "rt/code/failure.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/remote/links.h"
#include "rt/node/migrate/migrate.h"
#include "rt/node/net/peer.h"
#include "rt/node/remote/far_link.h"
#include "rt/node/remote/request.h"
#include "rt/obj/list.h"
#include "rt/obj/symbol.h"
#include "rt/os/sizes.h"

/* A value as the home reads it: how many bytes, and the bytes. NULL: it cannot travel,
 * is larger than `most`, or than most_work before it is compressed (0: no limit), or there is no memory. */
static void *encode(struct worker *w, const struct mover *m, tt_word v, size_t most, size_t most_work)
{
    struct peer *home = peer_of_boot(w->node, m->identity.boot);
    struct wire_buf out = {0};
    struct wire_failure failure = {0};
    size_t *payload = NULL;
    if (home && v != TT_FAIL && remote_put_value(w, home, v, most_work, &out, &failure) && out.n <= most &&
        (payload = malloc(sizeof *payload + out.n))) {
        *payload = out.n;
        memcpy(payload + 1, out.bytes, out.n);
    }
    text_free(&failure.path);
    buf_free(&out);
    return payload;
}

void *migrate_end_payload(struct worker *w, const struct mover *m, tt_word kind, tt_word object)
{
    void *payload = encode(w, m, heap_cons(w, kind, object), REMOTE_REASON_MAX_BYTES, REMOTE_REASON_MAX_WORK);
    if (payload) return payload;
    return encode(w, m, heap_cons(w, kind, remote_substitute(w, object)), SIZE_MAX, 0);
}

bool migrate_wish(struct worker *w, struct process *p, enum migrate_wish wish, tt_word object,
                  tt_word argument)
{
    struct list_builder what = list_build();
    list_add(w, &what, tt_fixnum(wish));
    list_add(w, &what, object);
    list_add(w, &what, argument);
    if (wish == WISH_ANSWER && what.list != TT_FAIL && p->mover->guest == GUEST_SETTLED)
        return migrate_send_answer(w, p->mover, object, what.list);
    void *payload = encode(w, p->mover, what.list, SIZE_MAX, 0);
    if (!payload) {
        heap_fail(w);
        if (wish == WISH_ANSWER)
            fail_condition(w, CONDITION_NOT_SERIALIZABLE, "on", heap_cons(w, object, TT_NIL));
        return false;
    }
    if (wish == WISH_LINK || wish == WISH_MONITOR) p->mover->has_links = true;
    moves_guest_wish(w->node->migration->moves, p->mover, payload);
    return true;
}

/* A link from one is a link to the other. */
static unsigned flip(unsigned directions)
{
    return (directions & LINKS_INBOUND ? LINKS_OUTBOUND : 0) |
           (directions & LINKS_OUTBOUND ? LINKS_INBOUND : 0);
}

bool migrate_link(struct worker *w, struct process *p, tt_word pid, unsigned directions)
{
    if (!pid_is_own(pid)) return migrate_wish(w, p, WISH_LINK, pid, tt_fixnum((tt_sword)directions));
    struct process *other = process_find(w->node->processes, pid);
    if (!other) return link_say_gone(w, p, TT_SYM(NOPROC), pid);
    p->mover->has_links = true;
    return links_add(w, other, p->self, flip(directions));
}

bool migrate_monitor(struct worker *w, struct process *p, tt_word pid, tt_word ref)
{
    if (!pid_is_own(pid)) return migrate_wish(w, p, WISH_MONITOR, pid, ref);
    struct process *other = process_find(w->node->processes, pid);
    if (!other) return link_send_down(w, p, ref, pid, TT_SYM(NOPROC));
    p->mover->has_links = true;
    return far_link_tell_monitor(w, other, p->self, ref);
}

bool migrate_unlink(struct worker *w, struct process *p, tt_word pid)
{
    if (!pid_is_own(pid)) return migrate_wish(w, p, WISH_UNLINK, pid, TT_FALSE);
    struct process *other = process_find(w->node->processes, pid);
    if (other) links_remove(w, other, p->self);
    return true;
}

/* -- at home ---------------------------------------------------------------- */

/* A tag of another run that a link here names: an object, which must not be collected.
 * Links are no roots, as most tags are none. Kept until its process has ended. */
struct migrate_pin {
    tt_word pid, tag;
};

static void visit_pins(struct worker *w, void *context)
{
    struct migration *g = context;
    for (size_t i = 0; i < g->n_pins; i++)
        heap_visit(w, &g->pins[i].tag);
}

static void push_pins(void *context)
{
    struct migration *g = context;
    heap_push(&g->pins[0].pid, &g->pins[0].pid + 2 * g->n_pins);
}

static void sweep_pins(struct worker *w, struct migration *g)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n_pins; i++)
        if (process_find(w->node->processes, g->pins[i].pid)) g->pins[n++] = g->pins[i];
    g->n_pins = n;
}

bool migrate_pin(struct worker *w, struct process *p, tt_word tag)
{
    struct migration *g = w->node->migration;
    if (!tag_is_far(tag)) return true;
    if (g->n_pins == g->max_pins) sweep_pins(w, g);
    if (2 * g->n_pins >= g->max_pins) {
        size_t max = g->max_pins ? 2 * g->max_pins : 64;
        struct migrate_pin *pins = items_resize(g->pins, max, sizeof *pins);
        if (!pins) return false;
        if (!g->pins) {
            heap_add_minor_scanner(w, visit_pins, g);
            heap_add_major_scanner(push_pins, g);
        }
        g->pins = pins;
        g->max_pins = max;
    }
    g->pins[g->n_pins++] = (struct migrate_pin){p->pid, tag};
    return true;
}

static bool is_pid(tt_word v) { return pid_is(v) || tt_is_type(v, TT_TYPE_SERVICE); }

static bool act(struct worker *w, struct process *p, tt_word wish, tt_word object, tt_word argument)
{
    if (wish == tt_fixnum(WISH_LINK) && is_pid(object) && tt_is_fixnum(argument))
        return links_add(w, p, object,
                         (unsigned)tt_fixnum_value(argument) & (LINKS_INBOUND | LINKS_OUTBOUND));
    if (wish == tt_fixnum(WISH_MONITOR) && is_pid(object) && tag_is(argument))
        return migrate_pin(w, p, argument) && links_monitor(w, p, object, argument);
    struct peer *congested;
    struct wire_failure failure = {0};
    if (wish == tt_fixnum(WISH_ANSWER)) {
        if (request_answer(w, p, argument != TT_FALSE, object, &congested, &failure)) return true;
        text_free(&failure.path);
        return request_answer(w, p, true, remote_substitute(w, object), &congested, &failure);
    }
    if (wish == tt_fixnum(WISH_UNLINK) && is_pid(object))
        links_remove(w, p, object);
    else if (wish == tt_fixnum(WISH_DEMONITOR) && tag_is(object))
        links_demonitor(w, p, object);
    else
        w->node->remotes->counters.undecodable++;
    return true;
}

void migrate_act(struct worker *w, struct process *p, tt_word wish)
{
    tt_word part[3];
    size_t n = 0;
    for (struct list_cursor c = list_begin(wish); n < 3 && list_next(&c);)
        part[n++] = c.item;
    if (n < 3)
        w->node->remotes->counters.undecodable++;
    else if (!act(w, p, part[0], part[1], part[2]))
        w->node->remotes->counters.out_of_memory++;
}
