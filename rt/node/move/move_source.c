/* Migration (move.h), the node that a process leaves.
 *
 *   NONE --begin--> PREPARING --PREPARED and HELD--> COMMITTING --COMMITTED--> gone
 *    ^                  | refused, lost, 30 s            | target lost: asks
 *    +---- resumes -----+<------------ "never" ----------+--- 30 s: given up */
#include "rt/node/move/move_state.h"

uint64_t source_oldest(const struct moves *ms)
{
    return ms->open_first ? ms->open_first->move.number : ms->last_number + 1;
}

static bool is_guest(const struct mover *m) { return m->identity.boot != 0; }

/* Its home is a third node, or where it is now: HOLD is a packet of its own. */
static bool asks_home(const struct mover *m) { return is_guest(m) && m->identity.boot != m->target; }

static struct mover *find(struct moves *ms, struct move_id move)
{
    return move.source == ms->own ? move_map_get(&ms->out, move) : NULL;
}

static void open(struct moves *ms, struct mover *m)
{
    assert(m->out == OUT_PREPARING && (!ms->open_last || ms->open_last->move.number < m->move.number));
    m->open_next = NULL;
    m->open_prev = ms->open_last;
    if (m->open_prev)
        m->open_prev->open_next = m;
    else
        ms->open_first = m;
    ms->open_last = m;
}

/* The move is over, for good or bad. */
static void close(struct moves *ms, struct mover *m)
{
    assert(m->out != OUT_NONE && ms->open_first);
    if (m->open_prev)
        m->open_prev->open_next = m->open_next;
    else
        ms->open_first = m->open_next;
    if (m->open_next)
        m->open_next->open_prev = m->open_prev;
    else
        ms->open_last = m->open_prev;
    move_map_remove(&ms->out, m->move);
    mover_stop_waiting(ms, m);
    m->out = OUT_NONE;
    if (!is_guest(m)) m->home = HOME_HERE;
}

static enum move_sent send_prepare(struct moves *ms, struct mover *m)
{
    struct move_packet f = {.type = CONTROL_MOVE_PREPARE,
                            .move = m->move,
                            .mover = m,
                            .identity = m->identity,
                            .settled = source_oldest(ms)};
    return ms->port->send(ms->context, m->target, &f);
}

static bool send_hold(struct moves *ms, struct mover *m)
{
    assert(asks_home(m));
    struct move_packet f = {
        .type = CONTROL_HOLD, .move = m->move, .mover = m, .identity = m->identity, .target = m->target};
    return ms->port->send(ms->context, m->identity.boot, &f) == MOVE_SENT;
}

static bool send_unhold(struct moves *ms, struct mover *m, enum move_release release)
{
    assert(is_guest(m) && m->out != OUT_NONE);
    struct move_packet f = {.type = CONTROL_UNHOLD,
                            .move = m->move,
                            .mover = m,
                            .identity = m->identity,
                            .outcome = (uint8_t)release};
    return ms->port->send(ms->context, m->identity.boot, &f) == MOVE_SENT;
}

/* What moves_begin has to undo when it cannot begin. */
static struct mover *fail_begin(struct moves *ms, struct mover *m, enum move_failure *why,
                                enum move_failure reason)
{
    *why = reason;
    ms->counters.failed++;
    if (m->out != OUT_NONE) close(ms, m);
    if (m->guest == GUEST_ARRIVING) mover_wait(ms, m, WAIT_WELCOME);
    mover_free_if_done(ms, m);
    return NULL;
}

static enum move_failure send_first(struct moves *ms, struct mover *m)
{
    enum move_sent sent = send_prepare(ms, m);
    if (sent != MOVE_SENT)
        return sent == MOVE_UNREACHABLE ? MOVE_FAILED_UNREACHABLE : MOVE_FAILED_NOT_SERIALIZABLE;
    if (!asks_home(m) || send_hold(ms, m)) return MOVE_MOVED;
    mover_send(ms, m, m->target, CONTROL_MOVE_CANCEL, m->move);
    return MOVE_FAILED_HOME_LOST;
}

struct mover *moves_begin(struct moves *ms, struct mover *m, void *process, uint64_t serial, uint32_t target,
                          int64_t now, enum move_failure *why)
{
    ms->now = now;
    *why = MOVE_FAILED_BUSY;
    if (m && (m->out != OUT_NONE || m->in != IN_NONE || m->home != HOME_HERE)) return NULL;
    *why = MOVE_FAILED_HOME_LOST;
    if (m && m->is_cut) return NULL;
    *why = MOVE_FAILED_NO_MEMORY;
    if (!m && (m = mover_new(ms))) {
        m->process = process;
        m->identity.serial = serial;
    }
    if (!m) return NULL;
    assert(mover_is_sound(m) && target != 0);
    m->move = (struct move_id){ms->own, ms->last_number + 1};
    if (!move_map_put(&ms->out, m->move, m)) return fail_begin(ms, m, why, MOVE_FAILED_NO_MEMORY);
    ms->last_number++;
    m->out = OUT_PREPARING;
    m->target = target;
    m->is_prepared = m->is_asking = m->is_orphan = false;
    m->is_held = !is_guest(m);
    open(ms, m);
    if (!is_guest(m)) {
        m->home = HOME_HELD;
        m->place = 0;
    }
    mover_wait(ms, m, WAIT_PREPARED);
    enum move_failure failure = send_first(ms, m);
    if (failure != MOVE_MOVED) return fail_begin(ms, m, why, failure);
    ms->counters.begun++;
    return m;
}

/* -- ends of a move ------------------------------------------------------ */

static void undo(struct moves *ms, struct mover *m, bool tell_target, bool tell_home)
{
    assert(m->out == OUT_PREPARING || m->is_asking || m->is_orphan || m->out == OUT_COMMITTING);
    if (tell_target) mover_send(ms, m, m->target, CONTROL_MOVE_CANCEL, m->move);
    if (tell_home && asks_home(m)) send_unhold(ms, m, RELEASE_STAYS);
    close(ms, m);
    if (m->guest == GUEST_ARRIVING) mover_wait(ms, m, WAIT_WELCOME);
    ms->counters.failed++;
}

void source_abort(struct moves *ms, struct mover *m, enum move_failure why, bool tell_target, bool tell_home)
{
    assert(m->out != OUT_NONE && why != MOVE_MOVED);
    undo(ms, m, tell_target, tell_home);
    if (m->is_orphan) {
        guest_forget(ms, m);
        ms->port->detach(ms->context, m);
    }
    ms->port->resume(ms->context, m, why);
    mover_free_if_done(ms, m);
}

bool moves_cancel(struct moves *ms, struct mover *m)
{
    if (m->out == OUT_PREPARING) {
        undo(ms, m, true, false);
        mover_free_if_done(ms, m); /* a guest: not before its home knows of the end */
        return true;
    }
    return m->out == OUT_NONE && m->in == IN_NONE && m->home == HOME_HERE;
}

/* At home the slot now forwards; a guest is gone. */
void source_has_moved(struct moves *ms, struct mover *m)
{
    assert(m->out == OUT_COMMITTING);
    if (asks_home(m) && !m->is_orphan) send_unhold(ms, m, RELEASE_LEFT);
    close(ms, m);
    ms->counters.moved++;
    ms->port->leave(ms->context, m);
    if (is_guest(m)) {
        guest_forget(ms, m);
    } else {
        m->home = HOME_AWAY;
        m->place = m->target;
        mover_send(ms, m, m->place, CONTROL_WELCOME, m->move);
        ms->port->forward(ms->context, m);
    }
    mover_free_if_done(ms, m);
}

/* Nobody knows whether it runs at the target; it will not run here. A home that is the target may have been
 * busy for so long that it has dropped its copy: then it believes that the process is still here. */
static void give_up(struct moves *ms, struct mover *m)
{
    assert(m->out == OUT_COMMITTING);
    ms->counters.in_doubt++;
    if (is_guest(m) && !m->is_orphan) send_unhold(ms, m, RELEASE_IN_DOUBT);
    close(ms, m);
    if (is_guest(m)) {
        ms->port->leave(ms->context, m);
        guest_forget(ms, m);
        mover_free_if_done(ms, m);
    } else {
        home_lose(ms, m, true);
    }
}

/* -- events -------------------------------------------------------------- */

static void commit_if_ready(struct moves *ms, struct mover *m)
{
    if (!m->is_prepared || !m->is_held) return;
    m->out = OUT_COMMITTING; /* the owner adds what came since PREPARE */
    if (mover_send(ms, m, m->target, CONTROL_MOVE_COMMIT, m->move)) {
        mover_wait(ms, m, WAIT_COMMITTED);
        return;
    }
    source_abort(ms, m, MOVE_FAILED_UNREACHABLE, true, true);
}

void source_on_prepared(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    if (!m || m->out != OUT_PREPARING || m->target != from || m->is_prepared) {
        ms->counters.stray++;
        return;
    }
    m->is_prepared = true;
    if (!is_guest(m)) m->copy = f->copy;
    if (m->identity.boot == from) m->is_held = true;
    commit_if_ready(ms, m);
}

void source_on_held(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    if (!m || m->out != OUT_PREPARING || !asks_home(m) || m->identity.boot != from || m->is_held) {
        ms->counters.stray++;
        return;
    }
    m->is_held = true;
    commit_if_ready(ms, m);
}

void source_on_refused(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    if (!m || m->out != OUT_PREPARING || m->target != from)
        ms->counters.stray++;
    else
        source_abort(ms, m, f->outcome ? (enum move_failure)f->outcome : MOVE_FAILED_CANCELLED, false, true);
}

/* Too late: the move was given up. If this node is the home as well, nobody else will tell the guest. */
static void refuse_large_out(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct move_packet answer = {.type = CONTROL_DETACH, .move = f->move};
    ms->counters.stray++;
    if (f->move.source == ms->own) ms->port->send(ms->context, from, &answer);
}

void source_on_committed(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    if (!m)
        refuse_large_out(ms, from, f);
    else if (m->out != OUT_COMMITTING || m->target != from)
        ms->counters.stray++;
    else
        source_has_moved(ms, m);
}

/* RUNS, and it is ours: it has not heard from us yet, so it is still ours. */
void source_on_status(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = find(ms, f->move);
    if (!m || m->out != OUT_COMMITTING || m->target != from) {
        ms->counters.stray++;
    } else if (f->outcome == MOVE_NEVER) {
        source_abort(ms, m, MOVE_FAILED_CANCELLED, false, !m->is_orphan);
    } else if (f->outcome == MOVE_DETACHED && !is_guest(m)) {
        close(ms, m);
        home_lose(ms, m, false);
    } else {
        source_has_moved(ms, m);
    }
}

void source_ask(struct moves *ms, struct mover *m)
{
    if (mover_send(ms, m, m->target, CONTROL_MOVE_ASK, m->move))
        m->is_asking = false; /* until it is lost again */
}

/* The home is lost before the move was committed. */
static void home_is_down(struct moves *ms, struct mover *m)
{
    bool is_arriving = m->guest == GUEST_ARRIVING;
    m->is_orphan = !is_arriving;
    if (is_arriving) {
        m->is_cut = true;
        moves_retry_soon(ms);
    }
    source_abort(ms, m, MOVE_FAILED_HOME_LOST, m->target != m->identity.boot, false);
}

void source_on_down(struct moves *ms, struct mover *m, uint32_t peer)
{
    bool is_home = is_guest(m) && m->identity.boot == peer;
    if (m->out == OUT_PREPARING && is_home) {
        home_is_down(ms, m);
    } else if (m->out == OUT_PREPARING && m->target == peer) {
        source_abort(ms, m, MOVE_FAILED_UNREACHABLE, false, true);
    } else if (m->out == OUT_COMMITTING) {
        if (is_home) m->is_orphan = true;
        if (m->target != peer) return;
        m->is_asking = true;
        moves_retry_soon(ms);
    }
}

void source_on_deadline(struct moves *ms, struct mover *m)
{
    if (m->out == OUT_PREPARING)
        source_abort(ms, m, MOVE_FAILED_TIMEOUT, true, true);
    else
        give_up(ms, m);
}
