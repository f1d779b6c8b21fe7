/* Migration under a simulated network (rt/node/move.h): processes that move at
 * random, senders with numbered messages, connections cut, runs killed, frames
 * replayed by a run that has no business with them.
 *
 *   sim_move [FIRST [COUNT]]
 *
 * Checked: at no time are there two runnable copies of a process; what it gets
 * from one sender has no number twice or out of order, and none is missing unless
 * a connection or a node was lost; what guests want done at home is done once and
 * in order; in the end nothing is in doubt or held, and every process that was not
 * announced as lost, or on a killed node, runs somewhere its home knows of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/node/move.h"
#include "tests/sim/sim_wire.h"

#define SENDERS 6
#define HISTORY 512
#define SECOND (1000 * SIM_MS)

/* What travels: where it is in each sender's numbers. Two copies would both have one. */
struct state {
    uint64_t last[SENDERS], epoch[SENDERS], wishes;
};

/* What moves, whatever its pid. */
struct soul {
    unsigned runnable;
};

struct letter {
    struct letter *next;
    unsigned sender;
    uint64_t number, epoch; /* epoch: of the sender's losses */
};

struct letters {
    struct letter *first, **end;
    size_t n;
};

/* A process's record in a run: it runs, is suspended, or is away (soul NULL). */
struct slot {
    struct slot *next;
    unsigned run;
    uint64_t serial;
    struct soul *soul;
    bool is_runnable, is_suspended;
    struct state state;
    struct letters mail;
    size_t in_image;       /* how many of mail are in the image */
    struct image *coming;  /* at home: prepared */
    struct mover *mover;
    uint64_t wishes_done;  /* home */
    uint64_t arrived_last[SENDERS];
    bool is_guest;
};

struct image {
    struct soul *soul;
    struct state state;
    struct letters mail;
};

struct frame {
    struct move_frame f;  /* identity, copy, target: by number of run */
    enum { F_MOVE, F_SEND, F_FORWARD } kind;
    uint64_t near;        /* serial at the receiver */
    struct letter letter;
    struct letters late;
    uint64_t wish;
};

struct run {
    struct world *world;
    unsigned number;
    struct moves *moves;
    struct slot *slots;
    uint64_t last_serial;
};

struct sender {
    unsigned run, home;
    uint64_t serial, number, epoch;
};

struct world {
    struct sim *sim;
    uint64_t seed;
    struct run runs[SIM_RUNS];
    unsigned now[SIM_NODES]; /* the run of each node; the last is the rogue */
    struct sender senders[SENDERS];
    struct frame *history[HISTORY];
    uint64_t n_history, sent, received, lost_announced, moved, failed, kills;
    bool is_calm;
};

#define CHECK(world, ok, ...)                                                                                \
    do {                                                                                                     \
        if (!(ok)) {                                                                                         \
            fprintf(stderr, "seed %llu: ", (unsigned long long)(world)->seed);                               \
            fprintf(stderr, __VA_ARGS__);                                                                    \
            fprintf(stderr, "\n");                                                                           \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

static uint64_t prefix_of(unsigned run) { return 1000 + run; }
static uint32_t local(unsigned run, unsigned other) { return run == other ? 0 : other; }
static unsigned global(unsigned run, uint32_t peer) { return peer == 0 ? run : peer; }

/* -- letters ----------------------------------------------------------------- */

static void letters_add(struct world *w, struct letters *l, const struct letter *letter)
{
    struct letter *copy = sim_alloc(w->sim, sizeof *copy);
    *copy = *letter;
    copy->next = NULL;
    if (!l->first) l->end = &l->first;
    *l->end = copy;
    l->end = &copy->next;
    l->n++;
}

static void letters_add_all(struct world *w, struct letters *to, const struct letters *from, size_t skip)
{
    for (const struct letter *l = from->first; l; l = l->next) {
        if (skip > 0)
            skip--;
        else
            letters_add(w, to, l);
    }
}

static struct letter *letters_shift(struct letters *l)
{
    struct letter *first = l->first;
    if (first) {
        l->first = first->next;
        l->n--;
    }
    return first;
}

/* -- slots -------------------------------------------------------------------- */

static struct slot *slot_find(struct run *r, uint64_t serial)
{
    struct slot *s = r->slots;
    while (s && s->serial != serial) s = s->next;
    return s;
}

static struct slot *slot_new(struct run *r)
{
    struct slot *s = sim_alloc(r->world->sim, sizeof *s);
    s->run = r->number;
    s->serial = ++r->last_serial;
    s->next = r->slots;
    r->slots = s;
    return s;
}

static void slot_remove(struct run *r, struct slot *slot)
{
    struct slot **at = &r->slots;
    while (*at != slot) at = &(*at)->next;
    *at = slot->next;
}

static void set_runnable(struct world *w, struct slot *s, bool runnable)
{
    if (s->is_runnable == runnable) return;
    s->is_runnable = runnable;
    s->soul->runnable += runnable ? 1 : -1;
    CHECK(w, s->soul->runnable <= 1, "two runnable copies, one in run %u", s->run);
}

/* A runnable process takes all its mail. */
static void take_mail(struct world *w, struct slot *s)
{
    struct letter *l;
    while (s->is_runnable && (l = letters_shift(&s->mail))) {
        uint64_t *last = &s->state.last[l->sender], *epoch = &s->state.epoch[l->sender];
        CHECK(w, l->number > *last, "sender %u: message %llu after %llu", l->sender, (unsigned long long)l->number,
              (unsigned long long)*last);
        CHECK(w, l->number == *last + 1 || l->epoch != *epoch, "sender %u: message %llu lost", l->sender,
              (unsigned long long)*last + 1);
        *last = l->number;
        *epoch = l->epoch;
        w->received++;
    }
}

/* -- what the state machine does ----------------------------------------------- */

static void globalize(unsigned run, struct move_frame *f)
{
    f->identity.boot = global(run, f->identity.boot);
    f->copy.boot = global(run, f->copy.boot);
    f->target = global(run, f->target);
}

static void fill_prepare(struct world *w, struct slot *s, struct frame *frame)
{
    struct image *image = sim_alloc(w->sim, sizeof *image);
    image->soul = s->soul;
    image->state = s->state;
    letters_add_all(w, &image->mail, &s->mail, 0);
    s->in_image = s->mail.n;
    frame->f.payload = image;
}

static enum move_sent port_send(void *context, uint32_t to, const struct move_frame *f)
{
    struct run *r = context;
    struct world *w = r->world;
    struct frame *frame = sim_alloc(w->sim, sizeof *frame);
    frame->f = *f;
    globalize(r->number, &frame->f);
    frame->f.mover = NULL;
    frame->near = f->identity.serial;
    if (f->type == CONTROL_MOVE_PREPARE) fill_prepare(w, f->mover->process, frame);
    if (f->type == CONTROL_MOVE_PREPARED && f->mover) frame->f.copy = (struct far){r->number, f->copy.serial, {0}};
    if (f->type == CONTROL_ARRIVED) frame->f.copy = (struct far){r->number, f->copy.serial, {0}};
    if (f->type == CONTROL_MOVE_COMMIT) {
        struct slot *s = f->mover->process;
        if (s->is_guest) letters_add_all(w, &frame->late, &s->mail, s->in_image);
    }
    if (f->payload && (f->type == CONTROL_GUEST_DOES || f->type == CONTROL_GUEST_ENDED))
        frame->wish = *(uint64_t *)f->payload;
    w->history[w->n_history++ % HISTORY] = frame;
    return sim_send(w->sim, r->number, to, frame) ? MOVE_SENT : MOVE_UNREACHABLE;
}

static void go_on(struct world *w, struct slot *s)
{
    s->is_suspended = false;
    set_runnable(w, s, true);
    take_mail(w, s);
}

static void port_resume(void *context, struct mover *m, enum move_failure why)
{
    struct run *r = context;
    struct slot *s = m->process;
    CHECK(r->world, s->is_suspended && why != MOVE_MOVED, "a process that was not suspended resumes");
    r->world->failed++;
    go_on(r->world, s);
}

static void port_leave(void *context, struct mover *m)
{
    struct run *r = context;
    struct slot *s = m->process;
    r->world->moved++;
    if (s->is_guest) {
        slot_remove(r, s);
        return;
    }
    for (size_t i = 0; i < s->in_image; i++) letters_shift(&s->mail);
    s->soul = NULL;
    s->is_suspended = false;
}

static enum move_failure port_install(void *context, struct mover *m, void *payload)
{
    struct run *r = context;
    struct image *image = payload;
    if (!r->world->is_calm && sim_chance(r->world->sim, 3)) return MOVE_FAILED_OVER_CAPACITY;
    if (m->identity.boot == 0) {
        ((struct slot *)m->process)->coming = image;
        return MOVE_MOVED;
    }
    struct slot *s = slot_new(r);
    s->is_guest = s->is_suspended = true;
    s->soul = image->soul;
    s->state = image->state;
    letters_add_all(r->world, &s->mail, &image->mail, 0);
    s->mover = m;
    m->process = s;
    m->copy = (struct far){0, s->serial, {0}};
    return MOVE_MOVED;
}

static void port_discard(void *context, struct mover *m)
{
    struct slot *s = m->process;
    if (s->is_guest)
        slot_remove(context, s);
    else
        s->coming = NULL;
}

static void port_run(void *context, struct mover *m, void *payload)
{
    struct run *r = context;
    struct slot *s = m->process;
    if (s->coming) {
        struct letters kept = s->mail;
        s->soul = s->coming->soul;
        s->state = s->coming->state;
        s->mail = (struct letters){0};
        letters_add_all(r->world, &s->mail, &s->coming->mail, 0);
        letters_add_all(r->world, &s->mail, payload, 0);
        letters_add_all(r->world, &s->mail, &kept, 0);
        s->coming = NULL;
    } else {
        letters_add_all(r->world, &s->mail, payload, 0);
    }
    go_on(r->world, s);
}

static void port_detach(void *context, struct mover *m)
{
    struct slot *s = m->process;
    s->is_guest = false;
    s->wishes_done = s->state.wishes;
}

/* A message for a process of this run. */
static void deliver(struct run *r, struct slot *s, const struct letter *letter)
{
    letters_add(r->world, &s->mail, letter);
    take_mail(r->world, s);
}

static void port_forward(void *context, struct mover *m)
{
    struct run *r = context;
    struct slot *s = m->process;
    for (struct letter *l; (l = letters_shift(&s->mail));) {
        struct frame *frame = sim_alloc(r->world->sim, sizeof *frame);
        frame->kind = F_FORWARD;
        frame->near = m->copy.serial;
        frame->letter = *l;
        sim_send(r->world->sim, r->number, m->place, frame);
    }
}

static void port_lose(void *context, struct mover *m, bool in_doubt)
{
    struct run *r = context;
    struct slot *s = m->process;
    CHECK(r->world, !s->is_runnable, "a running process is announced as lost");
    r->world->lost_announced++;
    slot_remove(r, s);
}

static void check_wishes(struct world *w, struct slot *s, uint64_t wish)
{
    CHECK(w, wish == s->wishes_done + 1, "wish %llu after %llu", (unsigned long long)wish,
          (unsigned long long)s->wishes_done);
    s->wishes_done = wish;
}

static void port_act(void *context, struct mover *m, void *payload)
{
    check_wishes(((struct run *)context)->world, m->process, *(uint64_t *)payload);
}

static void port_end(void *context, struct mover *m, void *payload)
{
    port_act(context, m, payload);
    slot_remove(context, m->process);
}

static void port_drop(void *context, void *payload) {}

static void port_forget(void *context, struct mover *m)
{
    if (m->process) ((struct slot *)m->process)->mover = NULL;
}

static const struct move_port port = {
    port_send, port_resume, port_leave, port_install, port_discard, port_run,  port_detach,
    port_forward, port_lose, port_end,  port_act,     port_drop,    port_forget,
};

/* -- what the network does -------------------------------------------------------- */

static void on_send(struct run *r, const struct frame *frame)
{
    struct slot *s = slot_find(r, frame->near);
    if (!s) return;
    if (!s->soul && s->mover && s->mover->home == HOME_AWAY) {
        letters_add(r->world, &s->mail, &frame->letter);
        port_forward(r, s->mover);
    } else {
        deliver(r, s, &frame->letter);
    }
}

static void on_move(struct run *r, unsigned from, const struct frame *frame)
{
    struct move_frame f = frame->f;
    f.identity.boot = local(r->number, f.identity.boot);
    f.copy.boot = local(r->number, f.copy.boot);
    f.target = local(r->number, f.target);
    if (f.type == CONTROL_MOVE_COMMIT) f.payload = (void *)&frame->late;
    if (f.type == CONTROL_GUEST_DOES || f.type == CONTROL_GUEST_ENDED) f.payload = (void *)&frame->wish;
    bool is_near = f.type == CONTROL_HOLD || f.type == CONTROL_UNHOLD || f.type == CONTROL_ARRIVED ||
                   f.type == CONTROL_GUEST_DOES || f.type == CONTROL_GUEST_ENDED ||
                   (f.type == CONTROL_MOVE_PREPARE && f.identity.boot == 0);
    struct slot *s = is_near && frame->f.identity.boot == r->number ? slot_find(r, frame->near) : NULL;
    f.mover = s ? s->mover : NULL;
    moves_receive(r->moves, from, prefix_of(from), &f, sim_now(r->world->sim));
}

static void on_frame(void *context, unsigned run, unsigned from, void *payload)
{
    struct world *w = context;
    struct run *r = &w->runs[run];
    const struct frame *frame = payload;
    if (frame->kind == F_SEND) {
        on_send(r, frame);
    } else if (frame->kind == F_FORWARD) {
        struct slot *s = slot_find(r, frame->near);
        if (s && s->mover && moves_takes_mail(s->mover, from)) deliver(r, s, &frame->letter);
    } else {
        on_move(r, from, frame);
    }
}

static void on_up(void *context, unsigned run, unsigned peer)
{
    struct world *w = context;
    moves_up(w->runs[run].moves, peer, sim_now(w->sim));
}

static void on_down(void *context, unsigned run, unsigned peer)
{
    struct world *w = context;
    for (unsigned i = 0; i < SENDERS; i++)
        if (w->senders[i].run == run && w->senders[i].home == peer) w->senders[i].epoch++;
    moves_down(w->runs[run].moves, peer, sim_now(w->sim));
}

static void on_tick(void *context, unsigned run)
{
    struct world *w = context;
    moves_tick(w->runs[run].moves, sim_now(w->sim));
}

/* -- what happens at random --------------------------------------------------------- */

static unsigned start_run(struct world *w)
{
    unsigned number = sim_start_run(w->sim);
    struct run *r = &w->runs[number];
    *r = (struct run){.world = w, .number = number, .moves = moves_new(&port, r, prefix_of(number))};
    if (!r->moves) abort();
    return number;
}

static struct slot *spawn(struct world *w, unsigned run)
{
    struct slot *s = slot_new(&w->runs[run]);
    s->soul = sim_alloc(w->sim, sizeof *s->soul);
    set_runnable(w, s, true);
    return s;
}

static void start_sender(struct world *w, unsigned i)
{
    unsigned home = w->now[sim_random(w->sim, SIM_NODES - 1)];
    struct slot *s = spawn(w, home);
    w->senders[i] = (struct sender){.run = w->now[sim_random(w->sim, SIM_NODES - 1)], .home = home, .serial = s->serial};
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

static void move_one(struct world *w)
{
    struct slot *s = some_runnable(w);
    if (!s) return;
    struct run *r = &w->runs[s->run];
    unsigned target = w->now[sim_random(w->sim, SIM_NODES - 1)];
    if (sim_chance(w->sim, 2)) target = 1 + (unsigned)sim_random(w->sim, SIM_RUNS - 1); /* perhaps a dead one */
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

static void send_one(struct world *w)
{
    unsigned i = (unsigned)sim_random(w->sim, SENDERS);
    struct sender *sender = &w->senders[i];
    if (!sim_is_alive(w->sim, sender->run) || !sim_is_alive(w->sim, sender->home) ||
        !slot_find(&w->runs[sender->home], sender->serial)) {
        start_sender(w, i); /* to a new process; the old one is dead or was announced as lost */
        sender = &w->senders[i];
    }
    struct frame *frame = sim_alloc(w->sim, sizeof *frame);
    frame->kind = F_SEND;
    frame->near = sender->serial;
    frame->letter = (struct letter){.sender = i, .number = ++sender->number, .epoch = sender->epoch};
    w->sent++;
    if (sender->run == sender->home)
        on_send(&w->runs[sender->home], frame);
    else if (!sim_send(w->sim, sender->run, sender->home, frame))
        sender->epoch++; /* it is told: the node cannot be reached */
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
    sim_send(w->sim, rogue, to, w->history[sim_random(w->sim, n)]);
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
    if (dice < 500) send_one(w);
    else if (dice < 800) move_one(w);
    else if (dice < 900) wish_one(w);
    else if (dice < 950) replay_one(w);
    else if (dice < 950 + (w->seed % 4) * 10) cut_one(w);
    else if (dice >= 998 && w->seed % 3 == 0) kill_one(w);
    else if (dice >= 990 && dice < 994) end_one(w);
    else if (dice == 997) sim_heal(w->sim);
}

/* -- in the end ----------------------------------------------------------------------- */

static void check_guest(struct world *w, struct run *r, struct slot *s)
{
    struct mover *m = s->mover;
    CHECK(w, m && m->guest == GUEST_SETTLED && m->out == OUT_NONE, "run %u: a guest is not settled", r->number);
    struct run *home = &w->runs[m->identity.boot];
    struct slot *slot = home->moves ? slot_find(home, m->identity.serial) : NULL;
    CHECK(w, slot && slot->mover && slot->mover->home == HOME_AWAY && slot->mover->place == r->number &&
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
        CHECK(w, copy && copy->is_guest && copy->is_runnable, "run %u: nobody is where a process is said to be",
              r->number);
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
        for (struct slot *s = w->runs[i].slots; s; s = s->next) check_slot(w, &w->runs[i], s);
        int64_t next = moves_tick(w->runs[i].moves, sim_now(w->sim) + 400 * SECOND);
        CHECK(w, next == INT64_MAX, "run %u: something waits for ever", i);
    }
    for (unsigned i = 0; i < SENDERS; i++) check_sender(w, i);
}

struct totals {
    uint64_t moved, failed, lost, sent, received, in_doubt, detached, stray, kills;
};

static void simulate(uint64_t seed, struct totals *totals)
{
    static const struct sim_events events = {on_up, on_down, on_frame, on_step, on_tick};
    struct world *w = calloc(1, sizeof *w);
    w->seed = seed;
    w->sim = sim_new(seed, &events, w);
    for (unsigned i = 0; i < SIM_NODES; i++) w->now[i] = start_run(w);
    for (unsigned i = 0; i < SENDERS; i++) start_sender(w, i);
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
    totals->kills += w->kills;
    sim_free(w->sim);
    free(w);
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
    struct totals t = {0};
    for (uint64_t seed = first; seed < first + count; seed++) simulate(seed, &t);
    printf("%llu seeds: %llu moves, %llu undone, %llu processes lost and announced, %llu guests orphaned, "
           "%llu given up in doubt, %llu nodes killed, %llu messages of %llu received, %llu stray frames\n",
           (unsigned long long)count, (unsigned long long)t.moved, (unsigned long long)t.failed,
           (unsigned long long)t.lost, (unsigned long long)t.detached, (unsigned long long)t.in_doubt,
           (unsigned long long)t.kills, (unsigned long long)t.received, (unsigned long long)t.sent,
           (unsigned long long)t.stray);
    return t.moved == 0 || t.received == 0;
}
