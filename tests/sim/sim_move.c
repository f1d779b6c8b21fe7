/* Migration under a simulated network (rt/node/move/move.h): processes that move at
 * random, senders with numbered messages, connections cut, runs killed, frames
 * replayed by a run that has no business with them.
 *
 *   sim_move [FIRST [COUNT]]
 *
 * Checked: at no time are there two runnable copies of a process; what it gets
 * from one sender has no number twice or out of order, and none is missing unless
 * a connection or a node was lost; what it says itself is heard in order by listeners on its
 * home and on the two nodes of a move, however long; what guests want done at home is done once and
 * in order; in the end nothing is in doubt or held, and every process that was not
 * announced as lost, or on a killed node, runs somewhere its home knows of. */
#include "tests/sim/move_world.h"

/* -- what happens at random --------------------------------------------------------- */

static unsigned start_run(struct world *w)
{
    unsigned number = sim_start_run(w->sim);
    struct run *r = &w->runs[number];
    *r = (struct run){.world = w, .number = number, .moves = moves_new(&world_port, r, prefix_of(number))};
    if (!r->moves) abort();
    return number;
}

static struct slot *spawn(struct world *w, unsigned run)
{
    struct slot *s = slot_new(&w->runs[run]);
    s->soul = sim_alloc(w->sim, sizeof *s->soul);
    s->soul->id = ++w->souls;
    set_runnable(w, s, true);
    return s;
}

static void start_sender(struct world *w, unsigned i)
{
    unsigned home = w->now[sim_random(w->sim, SIM_NODES - 1)];
    struct slot *s = spawn(w, home);
    w->senders[i] =
        (struct sender){.run = w->now[sim_random(w->sim, SIM_NODES - 1)], .home = home, .serial = s->serial};
}

static struct slot *some_runnable(struct world *w)
{
    struct run *r = &w->runs[w->now[sim_random(w->sim, SIM_NODES - 1)]];
    size_t n = 0;
    struct slot *chosen = NULL;
    for (struct slot *s = r->slots; s; s = s->next)
        if (s->is_runnable && sim_random(w->sim, ++n) == 0) chosen = s;
    return chosen;
}

static void move_to(struct world *w, struct slot *s, unsigned target)
{
    struct run *r = &w->runs[s->run];
    if (target == s->run || target == w->now[SIM_NODES - 1] || !w->runs[target].world) return;
    set_runnable(w, s, false);
    s->is_suspended = true;
    enum move_failure why;
    struct mover *m = moves_begin(r->moves, s->mover, s, s->serial, target, sim_now(w->sim), &why);
    if (m)
        s->mover = m;
    else
        go_on(w, s);
}

static void move_one(struct world *w)
{
    struct slot *s = some_runnable(w);
    if (!s) return;
    unsigned target = w->now[sim_random(w->sim, SIM_NODES - 1)];
    if (sim_chance(w->sim, 2))
        target = 1 + (unsigned)sim_random(w->sim, SIM_RUNS - 1); /* perhaps a dead one */
    move_to(w, s, target);
}

static void send_one(struct world *w)
{
    unsigned i = (unsigned)sim_random(w->sim, SENDERS);
    struct sender *sender = &w->senders[i];
    if (!sim_is_alive(w->sim, sender->run) || !sim_is_alive(w->sim, sender->home) ||
        !slot_find(&w->runs[sender->home], sender->serial)) {
        start_sender(w, i); /* to a new process; the old one is dead or was announced as lost */
        sender = &w->senders[i];
    }
    struct packet *frame = sim_alloc(w->sim, sizeof *frame);
    frame->kind = F_SEND;
    frame->near = sender->serial;
    frame->letter = (struct letter){.sender = i, .number = ++sender->number, .epoch = sender->epoch};
    w->sent++;
    if (sender->run == sender->home)
        on_send(&w->runs[sender->home], frame);
    else if (!sim_send(w->sim, sender->run, sender->home,
                       (struct heading){CONTROL_SEND, 1 + sender->serial, 0}, some_size(w), frame))
        sender->epoch++; /* it is told: the node cannot be reached */
}

/* Some words at once, and then perhaps it goes where they went. */
static void say_some(struct world *w)
{
    struct slot *s = some_runnable(w);
    unsigned to = w->now[sim_random(w->sim, SIM_NODES - 1)];
    for (uint64_t n = sim_random(w->sim, 5); s && n > 0; n--)
        say(w, s, to);
    if (s && sim_chance(w->sim, 50)) move_to(w, s, to);
}

static void wish_one(struct world *w)
{
    struct slot *s = some_runnable(w);
    if (!s || !s->is_guest) return;
    uint64_t *payload = sim_alloc(w->sim, sizeof *payload);
    *payload = ++s->state.wishes;
    moves_guest_wish(w->runs[s->run].moves, s->mover, payload);
}

static void end_one(struct world *w)
{
    struct slot *s = some_runnable(w);
    if (!s) return;
    set_runnable(w, s, false);
    slot_remove(&w->runs[s->run], s);
    if (!s->is_guest) return;
    uint64_t *payload = sim_alloc(w->sim, sizeof *payload);
    *payload = ++s->state.wishes;
    moves_guest_ended(w->runs[s->run].moves, s->mover, payload);
}

static void kill_one(struct world *w)
{
    unsigned node = (unsigned)sim_random(w->sim, SIM_NODES - 1), run = w->now[node];
    if (w->kills >= SIM_RUNS - SIM_NODES - 1) return;
    w->kills++;
    sim_kill_run(w->sim, run);
    for (struct slot *s = w->runs[run].slots; s; s = s->next)
        if (s->is_runnable) set_runnable(w, s, false);
    w->runs[run].slots = NULL;
    moves_free(w->runs[run].moves);
    w->runs[run].moves = NULL;
    w->now[node] = start_run(w);
}

/* The last node has no part in anything: it repeats what it has overheard. */
static void replay_one(struct world *w)
{
    unsigned rogue = w->now[SIM_NODES - 1], to = w->now[sim_random(w->sim, SIM_NODES - 1)];
    if (w->n_history == 0) return;
    size_t n = w->n_history < HISTORY ? (size_t)w->n_history : HISTORY;
    struct packet *frame = w->history[sim_random(w->sim, n)];
    sim_send(w->sim, rogue, to, (struct heading){frame->f.type, 0, 0}, 0, frame);
}

static void cut_one(struct world *w)
{
    unsigned a = w->now[sim_random(w->sim, SIM_NODES - 1)], b = w->now[sim_random(w->sim, SIM_NODES - 1)];
    if (a == b) return;
    if (sim_chance(w->sim, 30))
        sim_block(w->sim, a, b, sim_chance(w->sim, 50));
    else
        sim_cut(w->sim, a, b);
}

static void on_step(void *context)
{
    struct world *w = context;
    uint64_t dice = sim_random(w->sim, 1000);
    if (dice < 400)
        send_one(w);
    else if (dice < 600)
        say_some(w);
    else if (dice < 800)
        move_one(w);
    else if (dice < 880)
        wish_one(w);
    else if (dice < 900)
        sim_busy(w->sim, w->now[sim_random(w->sim, SIM_NODES - 1)],
                 (int64_t)sim_random(w->sim, (w->seed % 5 == 0 ? 30 : 300) * SIM_MS));
    else if (dice < 950)
        replay_one(w);
    else if (dice < 950 + (w->seed % 4) * 10)
        cut_one(w);
    else if (dice >= 998 && w->seed % 3 == 0)
        kill_one(w);
    else if (dice >= 990 && dice < 994)
        end_one(w);
    else if (dice == 996 && w->seed % 7 == 3) /* longer than anybody has patience */
        sim_busy(w->sim, w->now[sim_random(w->sim, SIM_NODES - 1)], 40 * SECOND);
    else if (dice == 997)
        sim_heal(w->sim);
}

/* -- in the end ----------------------------------------------------------------------- */

static void check_guest(struct world *w, struct run *r, struct slot *s)
{
    struct mover *m = s->mover;
    CHECK(w, m && m->guest == GUEST_SETTLED && m->out == OUT_NONE, "run %u: a guest is not settled",
          r->number);
    struct run *home = &w->runs[m->identity.boot];
    struct slot *slot = home->moves ? slot_find(home, m->identity.serial) : NULL;
    CHECK(w,
          slot && slot->mover && slot->mover->home == HOME_AWAY && slot->mover->place == r->number &&
              slot->mover->copy.serial == s->serial,
          "run %u: the home of a guest does not know that it is here", r->number);
}

static void check_slot(struct world *w, struct run *r, struct slot *s)
{
    CHECK(w, !s->is_suspended && !s->coming, "run %u: a copy waits for ever", r->number);
    if (s->is_guest) {
        check_guest(w, r, s);
    } else if (s->soul) {
        CHECK(w, s->is_runnable && !s->mover, "run %u: a process at home has a mover", r->number);
    } else {
        struct mover *m = s->mover;
        CHECK(w, m && m->home == HOME_AWAY, "run %u: mail is held for ever", r->number);
        struct slot *copy = w->runs[m->place].moves ? slot_find(&w->runs[m->place], m->copy.serial) : NULL;
        CHECK(w, copy && copy->is_guest && copy->is_runnable,
              "run %u: nobody is where a process is said to be", r->number);
        CHECK(w, !s->mail.first, "run %u: mail stays", r->number);
    }
}

/* All that was sent since the sender's last loss has come. */
static void check_sender(struct world *w, unsigned i)
{
    struct sender *sender = &w->senders[i];
    if (!sim_is_alive(w->sim, sender->run) || !sim_is_alive(w->sim, sender->home)) return;
    struct slot *s = slot_find(&w->runs[sender->home], sender->serial);
    if (!s) return;
    if (!s->soul) s = slot_find(&w->runs[s->mover->place], s->mover->copy.serial);
    CHECK(w, s->state.epoch[i] != sender->epoch || s->state.last[i] == sender->number,
          "sender %u: %llu sent, the last that came is %llu", i, (unsigned long long)sender->number,
          (unsigned long long)s->state.last[i]);
}

static void check_end(struct world *w)
{
    for (unsigned i = 1; i < SIM_RUNS; i++) {
        if (!w->runs[i].moves) continue;
        for (struct slot *s = w->runs[i].slots; s; s = s->next)
            check_slot(w, &w->runs[i], s);
        int64_t next = moves_tick(w->runs[i].moves, sim_now(w->sim) + 400 * SECOND);
        CHECK(w, next == INT64_MAX, "run %u: something waits for ever", i);
    }
    for (unsigned i = 0; i < SENDERS; i++)
        check_sender(w, i);
}

struct totals {
    uint64_t moved, failed, lost, sent, received, words, in_doubt, detached, stray, kills;
};

static void simulate(uint64_t seed, struct totals *totals)
{
    static const struct sim_events events = {on_up, on_down, on_frame, on_step, on_tick};
    struct world *w = calloc(1, sizeof *w);
    w->seed = seed;
    w->sim = sim_new(seed, &events, w);
    for (unsigned i = 0; i < SIM_NODES; i++)
        w->now[i] = start_run(w);
    for (unsigned i = 0; i < SENDERS; i++)
        start_sender(w, i);
    sim_run(w->sim, 40 * SECOND, (seed % 5 == 0 ? 4 : 40) * SIM_MS);
    sim_heal(w->sim);
    w->is_calm = true;
    sim_run(w->sim, 180 * SECOND, 0);
    check_end(w);
    for (unsigned i = 1; i < SIM_RUNS; i++) {
        if (!w->runs[i].moves) continue;
        const struct move_counters *c = moves_counters(w->runs[i].moves);
        totals->in_doubt += c->in_doubt;
        totals->detached += c->detached;
        totals->stray += c->stray;
        moves_free(w->runs[i].moves);
    }
    totals->moved += w->moved;
    totals->failed += w->failed;
    totals->lost += w->lost_announced;
    totals->sent += w->sent;
    totals->received += w->received;
    totals->words += w->words;
    totals->kills += w->kills;
    sim_free(w->sim);
    free(w);
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1,
             count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
    struct totals t = {0};
    for (uint64_t seed = first; seed < first + count; seed++)
        simulate(seed, &t);
    printf("%llu seeds: %llu moves, %llu undone, %llu processes lost and announced, %llu guests orphaned, "
           "%llu given up in doubt, %llu nodes killed, %llu messages of %llu received, %llu heard of the "
           "processes, %llu stray frames\n",
           (unsigned long long)count, (unsigned long long)t.moved, (unsigned long long)t.failed,
           (unsigned long long)t.lost, (unsigned long long)t.detached, (unsigned long long)t.in_doubt,
           (unsigned long long)t.kills, (unsigned long long)t.received, (unsigned long long)t.sent,
           (unsigned long long)t.words, (unsigned long long)t.stray);
    return t.moved == 0 || t.received == 0;
}
