/* Migration (move.h), the node that made the process's pid.
 *
 *   HERE --leaves--> HELD --COMMITTED--> AWAY --HOLD--> HELD --ARRIVED, UNHOLD--> AWAY ...
 *    ^                                    |              | source lost
 *    |                                    |              v or has told that it left
 *    +---- comes back, ended, lost <------+------------- ASKING --ARRIVED--> AWAY */
#include "rt/node/move/move_state.h"

static void stop_holding(struct moves *ms, struct mover *m)
{
    assert(m->identity.boot == 0);
    mover_stop_waiting(ms, m);
    if (m->home == HOME_ASKING) move_map_remove(&ms->in, m->hold);
}

void home_lose(struct moves *ms, struct mover *m, bool in_doubt)
{
    assert(m->identity.boot == 0 && m->out == OUT_NONE);
    stop_holding(ms, m);
    m->home = HOME_HERE;
    ms->counters.lost++;
    ms->port->lose(ms->context, m, in_doubt);
    mover_free_if_done(ms, m);
}

/* The node where the process is said so. */
static bool is_told_by_place(const struct mover *m, uint32_t from)
{
    return m && m->identity.boot == 0 && (m->home == HOME_AWAY || m->home == HOME_HELD) && m->place == from &&
           m->in == IN_NONE;
}

void home_tell_given_up(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    const struct mover *m = f->mover;
    struct move_packet answer = {.type = CONTROL_DETACH, .move = f->move, .identity = f->identity};
    if (!m || m->home == HOME_HERE || m->place != from) ms->port->send(ms->context, from, &answer);
}

void home_on_hold(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f)
{
    struct mover *m = f->mover;
    if (!is_told_by_place(m, from) || m->home != HOME_AWAY || f->move.source != prefix || f->target == from ||
        f->target == 0) {
        ms->counters.stray++;
        home_tell_given_up(ms, from, f);
        return;
    }
    m->home = HOME_HELD;
    m->hold = f->move;
    m->hold_target = f->target;
    mover_wait(ms, m, WAIT_RELEASE);
    mover_send(ms, m, from, CONTROL_HELD, f->move);
}

/* The source will say no more: what became of the process, only the target knows. */
static void begin_asking(struct moves *ms, struct mover *m)
{
    assert(m->home == HOME_HELD && m->hold_target != 0);
    if (!move_map_put(&ms->in, m->hold, m)) {
        home_lose(ms, m, false);
        return;
    }
    m->home = HOME_ASKING;
    mover_wait(ms, m, WAIT_STATUS);
    moves_retry_soon(ms);
}

/* The place has given up a move to this node, which never ran the process. Not one of an earlier stay there,
 * after which the process has been elsewhere: its target may be slow to say that it ran it. */
static bool is_given_up(const struct mover *m, uint32_t from, const struct move_packet *f)
{
    return f->outcome == RELEASE_IN_DOUBT && is_told_by_place(m, from) && m->home == HOME_AWAY &&
           move_is(m->brought, f->move);
}

/* LEFT: ARRIVED mostly comes before it, or before the first question. */
void home_on_unhold(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = f->mover;
    if (is_given_up(m, from, f)) {
        home_lose(ms, m, true);
    } else if (!is_told_by_place(m, from) || m->home != HOME_HELD || !move_is(m->hold, f->move)) {
        ms->counters.stray += f->outcome != RELEASE_LEFT;
        if (f->outcome == RELEASE_STAYS) home_tell_given_up(ms, from, f);
    } else if (f->outcome == RELEASE_STAYS) {
        stop_holding(ms, m);
        m->home = HOME_AWAY;
        ms->port->forward(ms->context, m);
    } else if (f->outcome == RELEASE_LEFT) {
        begin_asking(ms, m);
    } else {
        home_lose(ms, m, true);
    }
}

/* It left from here, and the target, which was lost meanwhile, says that it runs. */
static bool is_own_move(const struct mover *m, uint32_t from, struct move_id move)
{
    return m->out == OUT_COMMITTING && m->target == from && move_is(m->move, move);
}

static bool is_expected(const struct mover *m, uint32_t from, struct move_id move)
{
    return (m->home == HOME_HELD || m->home == HOME_ASKING) && m->out == OUT_NONE && m->hold_target == from &&
           move_is(m->hold, move);
}

static bool is_known(const struct mover *m, uint32_t from, const struct far *copy)
{
    return m->home == HOME_AWAY && m->place == from && m->copy.serial == copy->serial;
}

void home_on_arrived(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = f->mover;
    if (m && is_own_move(m, from, f->move)) {
        source_has_moved(ms, m);
    } else if (m && is_expected(m, from, f->move)) {
        stop_holding(ms, m);
        m->home = HOME_AWAY;
        m->place = from;
        m->copy = f->copy;
        mover_send(ms, m, from, CONTROL_WELCOME, f->move);
        ms->port->forward(ms->context, m);
    } else if (!m || !is_known(m, from, &f->copy)) {
        struct move_packet answer = {.type = CONTROL_DETACH, .move = f->move, .identity = f->identity};
        ms->counters.stray++;
        ms->port->send(ms->context, from, &answer);
    }
}

void home_ask(struct moves *ms, struct mover *m)
{
    assert(m->home == HOME_ASKING && m->hold_target != 0);
    mover_send(ms, m, m->hold_target, CONTROL_MOVE_ASK, m->hold);
}

/* RUNS: its ARRIVED has come before, or will come. */
void home_on_status(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = move_map_get(&ms->in, f->move);
    if (!m || m->home != HOME_ASKING || m->hold_target != from)
        ms->counters.stray++;
    else if (f->outcome != MOVE_RUNS)
        home_lose(ms, m, false);
}

void home_on_guest(struct moves *ms, uint32_t from, const struct move_packet *f)
{
    struct mover *m = f->mover;
    if (!is_told_by_place(m, from)) {
        ms->counters.stray++;
    } else if (f->type == CONTROL_GUEST_DOES) {
        ms->port->act(ms->context, m, f->payload);
    } else {
        stop_holding(ms, m);
        m->home = HOME_HERE;
        ms->port->end(ms->context, m, f->payload);
        mover_free_if_done(ms, m);
    }
}

void home_on_down(struct moves *ms, struct mover *m, uint32_t peer)
{
    if (m->place != peer || m->home == HOME_ASKING) return;
    if (m->home == HOME_AWAY || m->hold_target == 0)
        home_lose(ms, m, false);
    else
        begin_asking(ms, m);
}
