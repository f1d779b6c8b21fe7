#include "tests/sim/move_world.h"

#include <string.h>

uint64_t prefix_of(unsigned run) { return 1000 + run; }
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

struct slot *slot_find(struct run *r, uint64_t serial)
{
    struct slot *s = r->slots;
    while (s && s->serial != serial)
        s = s->next;
    return s;
}

struct slot *slot_new(struct run *r)
{
    struct slot *s = sim_alloc(r->world->sim, sizeof *s);
    s->run = r->number;
    s->serial = ++r->last_serial;
    s->next = r->slots;
    r->slots = s;
    return s;
}

void slot_remove(struct run *r, struct slot *slot)
{
    struct slot **at = &r->slots;
    while (*at != slot)
        at = &(*at)->next;
    *at = slot->next;
}

void set_runnable(struct world *w, struct slot *s, bool runnable)
{
    if (s->is_runnable == runnable) return;
    s->is_runnable = runnable;
    s->soul->runnable += runnable ? 1 : -1;
    CHECK(w, s->soul->runnable <= 1, "two runnable copies, one in run %u", s->run);
}

/* A runnable process takes all its mail. */
void take_mail(struct world *w, struct slot *s)
{
    struct letter *l;
    while (s->is_runnable && (l = letters_shift(&s->mail))) {
        uint64_t *last = &s->state.last[l->sender], *epoch = &s->state.epoch[l->sender];
        CHECK(w, l->number > *last, "sender %u: message %llu after %llu", l->sender,
              (unsigned long long)l->number, (unsigned long long)*last);
        CHECK(w, l->number == *last + 1 || l->epoch != *epoch, "sender %u: message %llu lost", l->sender,
              (unsigned long long)*last + 1);
        *last = l->number;
        *epoch = l->epoch;
        w->received++;
    }
}

/* -- what the state machine does ----------------------------------------------- */

static void globalize(unsigned run, struct move_packet *f)
{
    f->identity.boot = global(run, f->identity.boot);
    f->copy.boot = global(run, f->copy.boot);
    f->target = global(run, f->target);
}

static void fill_prepare(struct world *w, struct slot *s, struct packet *frame)
{
    struct image *image = sim_alloc(w->sim, sizeof *image);
    image->soul = s->soul;
    image->state = s->state;
    letters_add_all(w, &image->mail, &s->mail, 0);
    s->in_image = s->mail.n;
    frame->f.payload = image;
}

/* As rt/node/migrate/migrate_packets.c has it. */
static uint64_t sender_of(const struct mover *m)
{
    return m ? 1 + (m->identity.boot == 0 ? m->identity.serial : m->copy.serial) : 0;
}

/* Mostly short; many fragments, and more than the credit, now and then. */
size_t some_size(struct world *w)
{
    if (!sim_chance(w->sim, 25)) return sim_random(w->sim, 40);
    return sim_random(w->sim, sim_chance(w->sim, 20) ? 4000 : 600);
}

/* Those that carry values. */
static bool may_be_long(enum control type)
{
    return type == CONTROL_MOVE_PREPARE || type == CONTROL_MOVE_COMMIT || type == CONTROL_GUEST_DOES ||
           type == CONTROL_GUEST_ENDED;
}

static enum move_sent port_send(void *context, uint32_t to, const struct move_packet *f)
{
    struct run *r = context;
    struct world *w = r->world;
    struct packet *frame = sim_alloc(w->sim, sizeof *frame);
    frame->f = *f;
    globalize(r->number, &frame->f);
    frame->f.mover = NULL;
    frame->near = f->identity.serial;
    if (f->type == CONTROL_MOVE_PREPARE) fill_prepare(w, f->mover->process, frame);
    if (f->type == CONTROL_MOVE_PREPARED && f->mover)
        frame->f.copy = (struct far){r->number, f->copy.serial, {0}};
    if (f->type == CONTROL_ARRIVED) frame->f.copy = (struct far){r->number, f->copy.serial, {0}};
    if (f->type == CONTROL_MOVE_COMMIT) {
        struct slot *s = f->mover->process;
        if (s->is_guest) letters_add_all(w, &frame->late, &s->mail, s->in_image);
    }
    if (f->payload && (f->type == CONTROL_GUEST_DOES || f->type == CONTROL_GUEST_ENDED))
        frame->wish = *(uint64_t *)f->payload;
    w->history[w->n_history++ % HISTORY] = frame;
    struct heading heading = {f->type, 1 + f->identity.serial, sender_of(f->mover)};
    return sim_send(w->sim, r->number, to, heading, may_be_long(f->type) ? some_size(w) : 0, frame)
               ? MOVE_SENT
               : MOVE_UNREACHABLE;
}

void go_on(struct world *w, struct slot *s)
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
    for (size_t i = 0; i < s->in_image; i++)
        letters_shift(&s->mail);
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

/* Listeners on its home and on the two nodes of the move hear all in order (G8), others perhaps not. */
static void note_move(struct slot *s, const struct mover *m)
{
    for (unsigned run = 1; run < SIM_RUNS; run++)
        if (run != s->run && run != m->source && run != global(s->run, m->identity.boot))
            s->state.said[run].stay++;
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
    note_move(s, m);
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
        struct packet *frame = sim_alloc(r->world->sim, sizeof *frame);
        frame->kind = F_FORWARD;
        frame->near = m->copy.serial;
        frame->letter = *l;
        struct heading heading = {CONTROL_FORWARD, 1 + m->identity.serial, 0};
        sim_send(r->world->sim, r->number, m->place, heading, some_size(r->world), frame);
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

const struct move_port world_port = {
    port_send,    port_resume, port_leave, port_install, port_discard, port_run,    port_detach,
    port_forward, port_lose,   port_end,   port_act,     port_drop,    port_forget,
};

/* -- what the network does -------------------------------------------------------- */

void on_send(struct run *r, const struct packet *frame)
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

/* -- what processes say ------------------------------------------------------------ */

static void hear(struct world *w, unsigned run, struct soul *soul, const struct said *said)
{
    struct said *heard = &soul->heard[run];
    w->words++;
    if (said->stay < heard->stay) return;
    CHECK(w, said->stay > heard->stay || said->number > heard->number,
          "run %u: process %llu said %llu, and %llu comes now", run, (unsigned long long)soul->id,
          (unsigned long long)heard->number, (unsigned long long)said->number);
    *heard = *said;
}

void say(struct world *w, struct slot *s, unsigned to)
{
    struct packet *frame = sim_alloc(w->sim, sizeof *frame);
    s->state.said[to].number++;
    *frame = (struct packet){.kind = F_WORD, .soul = s->soul, .said = s->state.said[to]};
    struct heading heading = {CONTROL_SEND, (UINT64_C(1) << 40) + s->soul->id, 1 + s->serial};
    if (to == s->run)
        hear(w, to, s->soul, &frame->said);
    else
        sim_send(w->sim, s->run, to, heading, some_size(w), frame);
}

static void on_move(struct run *r, unsigned from, const struct packet *frame)
{
    struct move_packet f = frame->f;
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

void on_frame(void *context, unsigned run, unsigned from, void *payload)
{
    struct world *w = context;
    struct run *r = &w->runs[run];
    const struct packet *frame = payload;
    if (frame->kind == F_SEND) {
        on_send(r, frame);
    } else if (frame->kind == F_WORD) {
        hear(w, run, frame->soul, &frame->said);
    } else if (frame->kind == F_FORWARD) {
        struct slot *s = slot_find(r, frame->near);
        if (s && s->mover && moves_takes_mail(s->mover, from)) deliver(r, s, &frame->letter);
    } else {
        on_move(r, from, frame);
    }
}

void on_up(void *context, unsigned run, unsigned peer)
{
    struct world *w = context;
    moves_up(w->runs[run].moves, peer, sim_now(w->sim));
}

void on_down(void *context, unsigned run, unsigned peer)
{
    struct world *w = context;
    for (unsigned i = 0; i < SENDERS; i++)
        if (w->senders[i].run == run && w->senders[i].home == peer) w->senders[i].epoch++;
    moves_down(w->runs[run].moves, peer, sim_now(w->sim));
}

/* As another run tells that answers in its place. */
static bool is_dead(const void *sim, uint32_t run) { return !sim_is_alive(sim, run); }

void on_tick(void *context, unsigned run)
{
    struct world *w = context;
    moves_tick(w->runs[run].moves, sim_now(w->sim));
    if (sim_chance(w->sim, 10)) moves_over(w->runs[run].moves, is_dead, w->sim, sim_now(w->sim));
}
