/* Migration (move.h), the node that a process comes to, and the guest there.
 *
 *   NONE --PREPARE--> PREPARED --COMMIT--> ARRIVING --WELCOME--> SETTLED --> leaves, ends
 *                        |                     |                    |
 *        cancelled, source lost, 30 s     DETACH, 30 s          home lost: a process of this node */
#include <stdlib.h>

#include "rt/node/move/move_state.h"

static bool is_at_home(const struct mover *m) { return m->identity.boot == 0; }

static struct mover *find(struct moves *ms, struct move_id move) { return move_map_get(&ms->in, move); }

/* -- prepared ------------------------------------------------------------ */

static void refuse(struct moves *ms, uint32_t to, struct move_id move, enum move_failure why)
{
    struct move_packet f = {.type = CONTROL_MOVE_REFUSED, .move = move, .outcome = (uint8_t)why};
    ms->port->send(ms->context, to, &f);
}

static void leave_prepared(struct moves *ms, struct mover *m)
{
    assert(m->in == IN_PREPARED && m->waits == WAIT_COMMIT);
    mover_stop_waiting(ms, m);
    m->in = IN_NONE;
}

static void drop_copy(struct moves *ms, struct mover *m)
{
    leave_prepared(ms, m);
    move_map_remove(&ms->in, m->brought);
    ms->port->discard(ms->context, m);
    if (is_at_home(m)) m->home = HOME_AWAY; /* as if it had never left its last place */
}

void target_drop(struct moves *ms, struct mover *m)
{
    drop_copy(ms, m);
    if (is_at_home(m)) ms->port->forward(ms->context, m);
    mover_free_if_done(ms, m);
}

void target_on_source_down(struct moves *ms, struct mover *m)
{
    drop_copy(ms, m);
    if (is_at_home(m))
        home_on_down(ms, m, m->source);
    else
        mover_free_if_done(ms, m);
}

/* Whose process is it, and may `from` bring it? NULL: no. */
static struct mover *take(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = f->mover;
    if (f->identity.boot == 0)
        return m && is_at_home(m) && m->home == HOME_AWAY && m->place == from && m->in == IN_NONE ? m : NULL;
    m = mover_new(ms);
    if (m) m->identity = f->identity;
    return m;
}

/* Its home has been told that it will never run here; others have no say. */
static bool was_promised_away(struct moves *ms, const struct move_packet *f)
{
    struct move_memory *memory = memory_find(ms, f->move);
    if (!memory) return false;
    if (memory->outcome != MOVE_NEVER || memory->asker == f->identity.boot || memory->asker == MANY_ASKERS)
        return true;
    memory_remove(ms, memory);
    return false;
}

static void prepare(struct moves *ms, struct mover *m, uint32_t from, const struct move_packet *f)
{
    assert(m->in == IN_NONE && m->out == OUT_NONE && from != 0);
    m->in = IN_PREPARED;
    m->source = from;
    m->brought = f->move;
    if (is_at_home(m)) {
        m->home = HOME_HELD;
        m->hold = f->move;
        m->hold_target = 0;
    }
    mover_wait(ms, m, WAIT_COMMIT);
    if (!mover_send(ms, m, from, CONTROL_MOVE_PREPARED, f->move)) target_drop(ms, m);
}

void target_on_prepare(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f)
{
    if (f->move.source != prefix || find(ms, f->move)) {
        ms->counters.stray++;
        return;
    }
    memory_settle(ms, from, f->settled);
    if (was_promised_away(ms, f)) {
        refuse(ms, from, f->move, MOVE_FAILED_CANCELLED);
        return;
    }
    struct mover *m = take(ms, from, f);
    if (!m) {
        ms->counters.stray++;
        refuse(ms, from, f->move, f->identity.boot == 0 ? MOVE_FAILED_HOME_LOST : MOVE_FAILED_NO_MEMORY);
        if (f->identity.boot == 0) home_tell_given_up(ms, from, f);
        return;
    }
    enum move_failure why = memory_is_full(ms, from) ? MOVE_FAILED_OVER_CAPACITY
                            : move_map_put(&ms->in, f->move, m)
                                ? ms->port->install(ms->context, m, f->payload)
                                : MOVE_FAILED_NO_MEMORY;
    if (why == MOVE_MOVED) {
        prepare(ms, m, from, f);
        return;
    }
    move_map_remove(&ms->in, f->move);
    refuse(ms, from, f->move, why);
    mover_free_if_done(ms, m);
}

void target_on_cancel(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    if (m && m->in == IN_PREPARED && m->source == from)
        target_drop(ms, m);
    else
        ms->counters.stray++;
}

/* -- committed ----------------------------------------------------------- */

static void run_at_home(struct moves *ms, struct mover *m, const struct move_packet *f)
{
    assert(is_at_home(m) && m->in == IN_NONE && m->home == HOME_HELD);
    move_map_remove(&ms->in, f->move);
    m->home = HOME_HERE;
    uint32_t source = m->source;
    mover_send(ms, m, source, CONTROL_MOVE_COMMITTED, f->move);
    ms->port->run(ms->context, m, f->payload);
    mover_free_if_done(ms, m);
}

static void run_as_guest(struct moves *ms, struct mover *m, const struct move_packet *f)
{
    assert(!is_at_home(m) && m->in == IN_NONE && m->guest == GUEST_NONE);
    m->guest = GUEST_ARRIVING;
    mover_wait(ms, m, WAIT_WELCOME);
    mover_send(ms, m, m->source, CONTROL_MOVE_COMMITTED, f->move);
    if (m->identity.boot != m->source) guest_say_arrived(ms, m);
    ms->port->run(ms->context, m, f->payload);
}

void target_on_commit(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    if (f->move.source != prefix) {
        ms->counters.stray++;
        return;
    }
    if (!m || m->in != IN_PREPARED || m->source != from) {
        struct move_memory *memory = memory_find(ms, f->move);
        move_send_status(ms, from, f->move, memory ? memory->outcome : MOVE_NEVER);
        return;
    }
    if (!memory_add(ms, f->move, MOVE_RUNS, from)) {
        target_drop(ms, m);
        move_send_status(ms, from, f->move, MOVE_NEVER);
        return;
    }
    ms->counters.arrived++;
    leave_prepared(ms, m);
    if (is_at_home(m))
        run_at_home(ms, m, f);
    else
        run_as_guest(ms, m, f);
}

/* -- questions ----------------------------------------------------------- */

/* From now on it will never run here. False: too many such promises, no answer. */
static bool promise_never(struct moves *ms, uint32_t from, uint64_t prefix, struct move_id move)
{
    return move.source == prefix || memory_promise(ms, move, from);
}

void target_on_ask(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    struct move_memory *memory = memory_find(ms, f->move);
    if (m && m->in == IN_PREPARED) {
        if (from != m->source && from != m->identity.boot) {
            ms->counters.stray++;
            return;
        }
        target_drop(ms, m);
        move_send_status(ms, from, f->move, MOVE_NEVER);
    } else if (m && m->guest == GUEST_ARRIVING) {
        move_send_status(ms, from, f->move, MOVE_RUNS);
    } else if (memory) {
        if (memory->outcome == MOVE_NEVER && memory->asker != from) memory->asker = MANY_ASKERS;
        move_send_status(ms, from, f->move, memory->outcome);
    } else if (promise_never(ms, from, prefix, f->move)) {
        move_send_status(ms, from, f->move, MOVE_NEVER);
    }
}

/* -- guests -------------------------------------------------------------- */

bool moves_takes_mail(const struct mover *m, uint32_t from)
{
    return m->guest == GUEST_SETTLED && m->identity.boot == from;
}

static void send_wish(struct moves *ms, struct mover *m, enum control type, void *payload)
{
    struct move_packet f = {.type = type, .mover = m, .identity = m->identity, .payload = payload};
    ms->port->send(ms->context, m->identity.boot, &f);
}

/* False: no memory. */
static bool keep_wish(struct mover *m, enum control type, void *payload)
{
    assert(m->guest == GUEST_ARRIVING);
    struct move_wish *wish = malloc(sizeof *wish);
    if (!wish) return false;
    *wish = (struct move_wish){.type = type, .payload = payload};
    *m->wishes_end = wish;
    m->wishes_end = &wish->next;
    return true;
}

static void wish(struct moves *ms, struct mover *m, enum control type, void *payload)
{
    bool is_arriving = m->guest == GUEST_ARRIVING;
    if (m->guest != GUEST_NONE && !(is_arriving && m->is_cut)) send_wish(ms, m, type, payload);
    if (!is_arriving || !keep_wish(m, type, payload)) ms->port->drop(ms->context, payload);
}

void moves_guest_wish(struct moves *ms, struct mover *m, void *payload)
{
    wish(ms, m, CONTROL_GUEST_DOES, payload);
}

/* An arriving one must still tell its home, which waits for it. */
void moves_guest_ended(struct moves *ms, struct mover *m, void *payload)
{
    wish(ms, m, CONTROL_GUEST_ENDED, payload);
    m->process = NULL;
    if (m->guest == GUEST_SETTLED) m->guest = GUEST_NONE;
    mover_free_if_done(ms, m);
}

void guest_say_arrived(struct moves *ms, struct mover *m)
{
    assert(m->guest == GUEST_ARRIVING && m->identity.boot != 0);
    m->is_cut = !mover_send(ms, m, m->identity.boot, CONTROL_ARRIVED, m->brought);
    if (m->is_cut) {
        moves_retry_soon(ms);
        return;
    }
    for (struct move_wish *wish = m->wishes; wish; wish = wish->next)
        send_wish(ms, m, wish->type, wish->payload);
}

static void drop_wishes(struct moves *ms, struct mover *m)
{
    while (m->wishes) {
        struct move_wish *wish = m->wishes;
        m->wishes = wish->next;
        ms->port->drop(ms->context, wish->payload);
        free(wish);
    }
    m->wishes_end = &m->wishes;
}

static void stop_arriving(struct moves *ms, struct mover *m)
{
    if (m->guest != GUEST_ARRIVING) return;
    if (m->waits == WAIT_WELCOME) mover_stop_waiting(ms, m);
    move_map_remove(&ms->in, m->brought);
    drop_wishes(ms, m);
    m->is_cut = false;
}

void guest_on_welcome(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    if (!m || m->guest != GUEST_ARRIVING || m->identity.boot != from) {
        ms->counters.stray++;
        return;
    }
    stop_arriving(ms, m);
    m->guest = m->process ? GUEST_SETTLED : GUEST_NONE;
    mover_free_if_done(ms, m);
}

/* The home has given it up, or is lost: whoever asks is told so. */
void guest_forget(struct moves *ms, struct mover *m)
{
    stop_arriving(ms, m);
    m->guest = GUEST_NONE;
}

void guest_detach(struct moves *ms, struct mover *m)
{
    assert(m->guest != GUEST_NONE && m->identity.boot != 0);
    struct move_memory *memory = memory_find(ms, m->brought);
    if (memory && memory->outcome == MOVE_RUNS) memory->outcome = MOVE_DETACHED;
    ms->counters.detached++;
    if (m->out != OUT_NONE) {
        m->is_orphan = true;
        if (m->out == OUT_PREPARING)
            source_abort(ms, m, MOVE_FAILED_HOME_LOST, m->target != m->identity.boot, false);
        return;
    }
    guest_forget(ms, m);
    if (m->process) ms->port->detach(ms->context, m);
    mover_free_if_done(ms, m);
}

/* While ARRIVED may be on its way, the home may already rely on it. */
void guest_on_deadline(struct moves *ms, struct mover *m)
{
    assert(m->guest == GUEST_ARRIVING);
    if (m->is_cut)
        guest_detach(ms, m);
    else
        mover_wait(ms, m, WAIT_WELCOME);
}

/* By the move that has brought it here, or by the last one that it tried (rare: so all are looked at). */
static struct mover *find_guest(struct moves *ms, struct move_id move)
{
    struct mover *m = find(ms, move);
    for (struct mover *any = ms->all; !m && any; any = any->next)
        if (any->guest != GUEST_NONE && move_is(any->move, move)) m = any;
    return m;
}

void guest_on_detach(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = find_guest(ms, f->move);
    if (m && m->guest != GUEST_NONE && m->identity.boot == from &&
        (m->guest == GUEST_ARRIVING || !move_is(m->brought, f->move)))
        guest_detach(ms, m);
    else
        ms->counters.stray++;
}

void guest_on_home_down(struct moves *ms, struct mover *m)
{
    if (m->guest == GUEST_SETTLED) {
        guest_detach(ms, m);
        return;
    }
    m->is_cut = true;
    moves_retry_soon(ms);
}
