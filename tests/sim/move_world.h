/* What moves in the simulation of migration: runs with slots of processes, mail, and
 * the port that the state machine of rt/node/move/move.h acts through. */
#ifndef TESTS_SIM_MOVE_WORLD_H
#define TESTS_SIM_MOVE_WORLD_H

#include <stdio.h>
#include <stdlib.h>

#include "rt/node/move/move.h"
#include "tests/sim/sim_wire.h"

#define SENDERS 6
#define HISTORY 512
#define SECOND  (1000 * SIM_MS)

/* What travels: where it is in each sender's numbers. Two copies would both have one. */
struct state {
    uint64_t last[SENDERS], epoch[SENDERS], wishes;
    /* What it says to a listener on each run; `stay` grows with each move that may change the order there. */
    struct said {
        uint64_t number, stay;
    } said[SIM_RUNS];
};

/* What moves, whatever its pid; and what listeners have heard of it. */
struct soul {
    unsigned runnable;
    uint64_t id;
    struct said heard[SIM_RUNS];
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
    size_t in_image;      /* how many of mail are in the image */
    struct image *coming; /* at home: prepared */
    struct mover *mover;
    uint64_t wishes_done; /* home */
    bool is_guest;
};

struct image {
    struct soul *soul;
    struct state state;
    struct letters mail;
};

struct packet {
    struct move_packet f; /* identity, copy, target: by number of run */
    enum { F_MOVE, F_SEND, F_FORWARD, F_WORD } kind;
    struct soul *soul; /* F_WORD: whose */
    struct said said;
    uint64_t near; /* serial at the receiver */
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
    struct packet *history[HISTORY];
    uint64_t n_history, souls, words, sent, received, lost_announced, moved, failed, kills;
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

extern const struct move_port world_port;

struct slot *slot_find(struct run *r, uint64_t serial);
struct slot *slot_new(struct run *r);
void slot_remove(struct run *r, struct slot *slot);
void set_runnable(struct world *w, struct slot *s, bool runnable);
void take_mail(struct world *w, struct slot *s);
void go_on(struct world *w, struct slot *s);
/* The process says something to the listener on that run. */
void say(struct world *w, struct slot *s, unsigned to);
size_t some_size(struct world *w);
void on_send(struct run *r, const struct packet *frame);
uint64_t prefix_of(unsigned run);
void on_frame(void *context, unsigned run, unsigned from, void *payload);
void on_up(void *context, unsigned run, unsigned peer);
void on_down(void *context, unsigned run, unsigned peer);
void on_tick(void *context, unsigned run);

#endif
