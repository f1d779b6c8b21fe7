/* Migration (move.h): the movers of a node, and which role an event is for. */
#include "rt/node/move/move.h"

#include <stdlib.h>

#include "rt/node/move/move_state.h"

struct moves *moves_new(const struct move_port *port, void *context, uint64_t own)
{
    struct moves *ms = calloc(1, sizeof *ms);
    if (!ms) return NULL;
    ms->port = port;
    ms->context = context;
    ms->own = own;
    ms->next_retry = INT64_MAX;
    return ms;
}

const struct move_counters *moves_counters(const struct moves *ms) { return &ms->counters; }

void moves_each_node(const struct moves *ms, void (*tell)(void *context, uint32_t node), void *context)
{
    for (const struct mover *m = ms->all; m; m = m->next) {
        uint32_t nodes[] = {m->identity.boot, m->copy.boot, m->target, m->source, m->place, m->hold_target};
        for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
            tell(context, nodes[i]);
    }
    for (const struct move_memory *e = ms->all_memories.first; e; e = e->next)
        if (e->asker != MANY_ASKERS) tell(context, e->asker);
}

/* -- movers -------------------------------------------------------------- */

struct mover *mover_new(struct moves *ms)
{
    struct mover *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->wishes_end = &m->wishes;
    m->next = ms->all;
    if (m->next) m->next->prev = m;
    ms->all = m;
    return m;
}

static void drop_wishes(struct moves *ms, struct mover *m)
{
    struct move_wish *next;
    for (struct move_wish *wish = m->wishes; wish; wish = next) {
        next = wish->next;
        ms->port->drop(ms->context, wish->payload);
        free(wish);
    }
    m->wishes = NULL;
    m->wishes_end = &m->wishes;
}

static void mover_free(struct moves *ms, struct mover *m)
{
    drop_wishes(ms, m);
    if (m->prev)
        m->prev->next = m->next;
    else
        ms->all = m->next;
    if (m->next) m->next->prev = m->prev;
    free(m);
}

void mover_free_if_done(struct moves *ms, struct mover *m)
{
    assert(mover_is_sound(m));
    if (m->out != OUT_NONE || m->in != IN_NONE || m->guest != GUEST_NONE || m->home != HOME_HERE) return;
    mover_stop_waiting(ms, m);
    ms->port->forget(ms->context, m);
    mover_free(ms, m);
}

void moves_free(struct moves *ms)
{
    while (ms->all)
        mover_free(ms, ms->all);
    memory_free(ms);
    move_map_free(&ms->out);
    move_map_free(&ms->in);
    free(ms);
}

/* -- patience ------------------------------------------------------------ */

static const int64_t patience[WAIT_KINDS] = {
    [WAIT_PREPARED] = MOVE_PREPARE_NS, [WAIT_COMMITTED] = MOVE_DOUBT_NS, [WAIT_COMMIT] = MOVE_PREPARE_NS,
    [WAIT_WELCOME] = MOVE_ARRIVING_NS, [WAIT_RELEASE] = MOVE_HELD_NS,    [WAIT_STATUS] = MOVE_DOUBT_NS,
};

void mover_stop_waiting(struct moves *ms, struct mover *m)
{
    if (m->waits == WAIT_NONE) return;
    struct move_list *list = &ms->waits[m->waits];
    if (m->wait_prev)
        m->wait_prev->wait_next = m->wait_next;
    else
        list->first = m->wait_next;
    if (m->wait_next)
        m->wait_next->wait_prev = m->wait_prev;
    else
        list->last = m->wait_prev;
    assert(list->first == NULL || list->first->wait_prev == NULL);
    m->waits = WAIT_NONE;
}

void mover_wait(struct moves *ms, struct mover *m, enum move_wait what)
{
    assert(what != WAIT_NONE && what < WAIT_KINDS);
    mover_stop_waiting(ms, m);
    struct move_list *list = &ms->waits[what];
    m->waits = (uint8_t)what;
    m->deadline = ms->now + patience[what];
    m->wait_next = NULL;
    m->wait_prev = list->last;
    if (list->last)
        list->last->wait_next = m;
    else
        list->first = m;
    list->last = m;
}

void moves_retry_soon(struct moves *ms)
{
    if (ms->next_retry == INT64_MAX) ms->next_retry = ms->now + MOVE_RETRY_NS;
}

/* What a mover that looks for a lost node says to it. False: it looks for none. */
static bool retry(struct moves *ms, struct mover *m)
{
    if (m->out == OUT_COMMITTING && m->is_asking)
        source_ask(ms, m);
    else if (m->guest == GUEST_ARRIVING && m->is_cut)
        guest_say_arrived(ms, m);
    else if (m->home == HOME_ASKING)
        home_ask(ms, m);
    else
        return false;
    return true;
}

static void retry_all(struct moves *ms)
{
    static const enum move_wait lists[] = {WAIT_COMMITTED, WAIT_WELCOME, WAIT_STATUS};
    bool any = false;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (struct mover *m = ms->waits[lists[i]].first; m; m = m->wait_next)
            any |= retry(ms, m);
    ms->next_retry = any ? ms->now + MOVE_RETRY_NS : INT64_MAX;
}

static void expire(struct moves *ms, struct mover *m)
{
    switch (m->waits) {
    case WAIT_PREPARED:
    case WAIT_COMMITTED: source_on_deadline(ms, m); break;
    case WAIT_COMMIT: target_drop(ms, m); break;
    case WAIT_WELCOME: guest_on_deadline(ms, m); break;
    case WAIT_RELEASE:
    case WAIT_STATUS: home_lose(ms, m, true); break;
    }
}

int64_t moves_tick(struct moves *ms, int64_t now)
{
    ms->now = now;
    memory_expire(ms);
    for (int what = 1; what < WAIT_KINDS; what++)
        while (ms->waits[what].first && ms->waits[what].first->deadline <= now)
            expire(ms, ms->waits[what].first);
    if (ms->next_retry <= now) retry_all(ms);
    int64_t next = ms->next_retry;
    for (int what = 1; what < WAIT_KINDS; what++)
        if (ms->waits[what].first && ms->waits[what].first->deadline < next)
            next = ms->waits[what].first->deadline;
    return next;
}

/* -- packets -------------------------------------------------------------- */

bool mover_send(struct moves *ms, struct mover *m, uint32_t to, enum control type, struct move_id move)
{
    struct move_packet f = {.type = type, .move = move, .mover = m, .identity = m->identity, .copy = m->copy};
    return ms->port->send(ms->context, to, &f) == MOVE_SENT;
}

bool move_send_status(struct moves *ms, uint32_t to, struct move_id move, enum move_outcome outcome)
{
    struct move_packet f = {.type = CONTROL_MOVE_STATUS, .move = move, .outcome = (uint8_t)outcome};
    return ms->port->send(ms->context, to, &f) == MOVE_SENT;
}

bool moves_receive(struct moves *ms, uint32_t from, uint64_t prefix, const struct move_packet *f, int64_t now)
{
    ms->now = now;
    switch (f->type) {
    case CONTROL_MOVE_PREPARE: target_on_prepare(ms, from, prefix, f); return true;
    case CONTROL_MOVE_PREPARED: source_on_prepared(ms, from, f); return true;
    case CONTROL_MOVE_REFUSED: source_on_refused(ms, from, f); return true;
    case CONTROL_MOVE_COMMIT: target_on_commit(ms, from, prefix, f); return true;
    case CONTROL_MOVE_COMMITTED: source_on_committed(ms, from, f); return true;
    case CONTROL_MOVE_CANCEL: target_on_cancel(ms, from, f); return true;
    case CONTROL_MOVE_ASK: target_on_ask(ms, from, prefix, f); return true;
    case CONTROL_MOVE_STATUS:
        if (f->move.source == ms->own)
            source_on_status(ms, from, f);
        else
            home_on_status(ms, from, f);
        return true;
    case CONTROL_HOLD: home_on_hold(ms, from, prefix, f); return true;
    case CONTROL_HELD: source_on_held(ms, from, f); return true;
    case CONTROL_UNHOLD: home_on_unhold(ms, from, f); return true;
    case CONTROL_ARRIVED: home_on_arrived(ms, from, f); return true;
    case CONTROL_WELCOME: guest_on_welcome(ms, from, f); return true;
    case CONTROL_DETACH: guest_on_detach(ms, from, f); return true;
    case CONTROL_GUEST_DOES:
    case CONTROL_GUEST_ENDED: home_on_guest(ms, from, f); return true;
    default: return false;
    }
}

static void on_down(struct moves *ms, struct mover *m, uint32_t peer)
{
    if (m->in == IN_PREPARED && m->source == peer)
        target_on_source_down(ms, m);
    else if (m->out != OUT_NONE)
        source_on_down(ms, m, peer);
    else if (m->identity.boot == 0)
        home_on_down(ms, m, peer);
    else if (m->guest != GUEST_NONE && m->identity.boot == peer)
        guest_on_home_down(ms, m);
}

void moves_down(struct moves *ms, uint32_t peer, int64_t now)
{
    ms->now = now;
    struct mover *next;
    for (struct mover *m = ms->all; m; m = next) {
        next = m->next;
        on_down(ms, m, peer);
    }
}

/* Whom m waits for, which is lost; 0: nobody. A target that has run the process and told nobody of it has
 * ended with it, and nothing that it has sent is still on its way. */
static uint32_t lost_of(const struct mover *m)
{
    if (m->out == OUT_COMMITTING && m->is_asking) return m->target;
    if (m->home == HOME_ASKING && m->out == OUT_NONE) return m->hold_target;
    return m->guest == GUEST_ARRIVING && m->is_cut && m->out == OUT_NONE ? m->identity.boot : 0;
}

void moves_over(struct moves *ms, bool (*is_over)(const void *context, uint32_t node), const void *context,
                int64_t now)
{
    ms->now = now;
    struct mover *next;
    for (struct mover *m = ms->all; m; m = next) {
        next = m->next;
        uint32_t lost = lost_of(m);
        if (lost && is_over(context, lost)) expire(ms, m);
    }
}

void moves_up(struct moves *ms, uint32_t peer, int64_t now)
{
    ms->now = now;
    if (ms->next_retry != INT64_MAX) retry_all(ms);
}
