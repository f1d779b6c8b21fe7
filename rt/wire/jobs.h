/* What the encoder has still to write: its stack, innermost last. */
#ifndef RT_WIRE_JOBS_H
#define RT_WIRE_JOBS_H

#include "rt/obj/text.h"
#include "rt/obj/value.h"

enum job_kind {
    JOB_WORDS,
    JOB_LIST,
    JOB_FRAMES,
    /* These are never below another one: */
    JOB_BYTES,   /* of a string or bytevector */
    JOB_NUMBERS, /* pairs of a long list get numbers: then it becomes LIST or INTEGERS */
    JOB_INTEGERS /* the elements of a list of integers */
};

struct job {
    enum job_kind kind;
    tt_word
        owner; /* WORDS: the object they are in, #f: a frame; LIST, INTEGERS: the tail; FRAMES: STACK of the
                * next one; NUMBERS: what has no number yet */
    union {
        const tt_word *at; /* WORDS: the next one; LIST, INTEGERS: the next pair; NUMBERS: the first pair */
        const uint8_t *bytes; /* BYTES: the next one */
        size_t offset;        /* FRAMES: where in `owner` */
    };
    size_t left, total; /* NUMBERS: total: pairs so far */
    bool only_integers; /* NUMBERS: all of them, so far */
};

struct jobs {
    struct job *items;
    size_t n, capacity;
};

bool jobs_push(struct jobs *jobs, struct job job); /* false: no memory */
void jobs_free(struct jobs *jobs);
/* The way from the root to what is being written, in words, innermost first. */
void jobs_describe(const struct jobs *jobs, struct text *out);

#endif
