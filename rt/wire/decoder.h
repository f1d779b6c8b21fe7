/* The decoder's state and the parts that its files share.
 *
 *   decoder.c      tables, allocation, reading of bytes and counts
 *   decode_atom.c  values without parts of their own
 *   decode_list.c  lists; references, as pairs have their numbers in runs
 *   decode_code.c  closures and continuations
 *   missing.c      code that this program does not have
 *   decode.c       everything else, and the loop
 *
 * A function that gives bool has called dec_fail when it gives false. */
#ifndef RT_WIRE_DECODER_H
#define RT_WIRE_DECODER_H

#include "rt/code/jump.h"
#include "rt/wire/format.h"
#include "rt/wire/wire.h"

enum {
#define CLASS(name, number, text) CLASS_##name = number,
#include "rt/abi/classes.def"
#undef CLASS
    CLASS_NODE = 253,     /* field of a service */
    CLASS_TCP_PORT = 254, /* field of a node: 0 to 65535 */
    CLASS_VARIABLE = 255, /* content of a box: any value, or UNBOUND */
};

enum fill_kind {
    FILL_WORDS,
    FILL_TYPED,
    FILL_LIST,
    FILL_FRAMES,
    /* Of what is long; these are never below another one: */
    FILL_PAIRS,    /* pairs of a list */
    FILL_INTEGERS, /* pairs with their elements */
    FILL_BYTES,    /* of a bytevector */
    FILL_TEXT      /* of a string */
};

struct fill {
    tt_word *at; /* WORDS, TYPED: the next slot; LIST: the next pair; FRAMES: the next frame; PAIRS,
                  * INTEGERS: where the next pair goes; BYTES: the next byte; TEXT: the string */
    uint32_t left;
    enum fill_kind kind;
};

/* Of the slots of a TYPED; the innermost of those has the last one. */
struct typing {
    const uint8_t *classes; /* of the next slot and those behind it */
    const int32_t *codes;   /* of the next slot of class CODE, as in a descriptor */
};

/* A code that is new in a message. */
struct code_entry {
    const uint8_t *id, *names;
    size_t n_names; /* bytes */
    uint8_t kind;
    uint64_t n_slots;
};

/* In front of a frame. */
struct position {
    tt_word stack;
    size_t offset;
};

/* Numbers of the pairs of a long list, or of frames: the table has the first only,
 * until one of them is referred to. So what is never referred to costs no table. */
struct run {
    uint32_t first, n; /* n = 0: the table has them all now */
};

struct decoder {
    struct worker *w;
    const struct wire_ends *ends;    /* NULL: a file */
    const uint8_t *start, *at, *end; /* the body */
    struct wire_failure *failure;
    tt_word root;
    bool makes_old;
    size_t n_words;          /* that the value takes, as far as it is known */
    const uint8_t *pause_at; /* a step ends there; the end: there is one step only */
    tt_word list;            /* PAIRS: all of them */
    uint32_t list_length;
    struct fill *fills;
    struct typing *typings;
    struct run *runs, *frame_runs;
    char missing[2048]; /* see dec_describe_missing */
    tt_word *objects;   /* by number; reachable from root */
    tt_word *symbols;   /* by number; libgc is shown these and the root (decoder_push) */
    struct position *positions;
    const struct tt_code_desc **codes;
    uint32_t *boots; /* by number (that of a connection's ends not counted): indices in node.boots */
    size_t n_fills, n_typings, n_runs, n_frame_runs, n_objects, n_symbols, n_positions, n_codes, n_boots;
    size_t fills_capacity, typings_capacity, runs_capacity, frame_runs_capacity, objects_capacity,
        symbols_capacity, positions_capacity, codes_capacity, boots_capacity;
};

/* The first failure counts. */
bool dec_fail(struct decoder *d, enum wire_status status);
/* Room for one more item behind the n that are in *items. */
bool dec_table_grow(struct decoder *d, void *items, size_t n, size_t *capacity, size_t item_bytes);
#define TABLE_ROOM(d, table)                                                                                 \
    dec_table_grow(d, &(d)->table, (d)->n_##table, &(d)->table##_capacity, sizeof *(d)->table)

/* Room for n items more; what is not written there costs address space only. */
bool dec_table_reserve(struct decoder *d, void *items, size_t n_there, size_t n, size_t *capacity,
                       size_t item_bytes);
#define TABLE_RESERVE(d, table, n)                                                                           \
    dec_table_reserve(d, &(d)->table, (d)->n_##table, n, &(d)->table##_capacity, sizeof *(d)->table)
/* The run that the number is in, if it is in one whose numbers are not in the table yet; else NULL. */
struct run *dec_find_run(struct run *runs, size_t n_runs, size_t number);

/* Things still to be read; what is pushed last is read first. */
bool dec_push(struct decoder *d, enum fill_kind kind, tt_word *at, size_t n);
bool dec_push_words(struct decoder *d, tt_word *words, size_t n, const uint8_t *classes);
/* The slots of a closure or frame of that code. */
bool dec_push_slots(struct decoder *d, tt_word *slots, const struct tt_code_desc *desc);
/* Gives the object the next number. */
bool dec_add_object(struct decoder *d, tt_word v);

/* So many words more of the value: TOO_LARGE is said before there is memory for them. */
bool dec_charge(struct decoder *d, size_t words);
/* `front` bytes and n words, atomic: n bytes, behind them. All objects of a message are old, or
 * else all may be young: old ones that are made here point to each other, so that nobody need
 * remember them. NULL: failed. */
void *dec_allocate(struct decoder *d, size_t front, size_t n);
void *dec_allocate_atomic(struct decoder *d, size_t front, size_t n);

static inline size_t dec_bytes_left(const struct decoder *d) { return (size_t)(d->end - d->at); }
bool dec_byte(struct decoder *d, uint8_t *out);
bool dec_long_varint(struct decoder *d, uint64_t *out);
static inline bool dec_varint(struct decoder *d, uint64_t *out)
{
    if (d->at == d->end || *d->at >= 0x80) return dec_long_varint(d, out);
    *out = *d->at++;
    return true;
}
/* A number of things that take at least a byte each: more than there are bytes
 * left is refused here, before anything is allocated for them. */
bool dec_count(struct decoder *d, size_t *out);
bool dec_bytes(struct decoder *d, size_t n, const uint8_t **out);
bool dec_code_entry(struct decoder *d, struct code_entry *out);
/* Says in the failure which procedures are missing: that of `first`, and those among
 * the n_behind codes that follow. */
void dec_describe_missing(struct decoder *d, const struct code_entry *first, size_t n_behind);
bool dec_sized(struct decoder *d, const uint8_t **bytes_out, size_t *n_out);

/* A value whose tag has been read, if it is an atom or a reference. */
bool dec_atom(struct decoder *d, uint8_t tag, tt_word *slot, uint8_t class);
bool dec_zigzag(struct decoder *d, int64_t *out); /* of 61 bits */
bool dec_make_integer(struct decoder *d, int64_t n, tt_word *slot);
bool dec_text(struct decoder *d, const uint8_t **bytes_out, size_t *n_out, size_t *chars_out);
bool dec_symbol(struct decoder *d, tt_word *slot); /* with its tag */

bool dec_ref(struct decoder *d, tt_word *slot);
bool dec_list(struct decoder *d, tt_word *slot);
bool dec_integers(struct decoder *d, tt_word *slot);
/* A step of what is long: the innermost entry. */
bool dec_fill_pairs(struct decoder *d);
bool dec_fill_integers(struct decoder *d);
bool dec_fill_bytes(struct decoder *d);
bool dec_fill_text(struct decoder *d);
/* So many bytes are taken at once. */
static inline size_t dec_piece(const struct decoder *d, size_t n)
{
    return d->pause_at == d->end || n < WIRE_STEP_BYTES ? n : WIRE_STEP_BYTES;
}

bool dec_closure(struct decoder *d, tt_word *slot);
bool dec_continuation(struct decoder *d, tt_word *slot);

/* The value of a body. */
bool decode_body(struct decoder *d, const uint8_t *body, size_t n, const struct wire_ends *ends, tt_word *out,
                 struct wire_failure *failure);
/* The same in steps. The failure of a step is its own. */
void decode_begin(struct decoder *d, const uint8_t *body, size_t n, const struct wire_ends *ends);
enum wire_progress decode_step(struct decoder *d, size_t bytes, struct wire_failure *failure);
void decoder_free(struct decoder *d);
/* For libgc, while it marks. */
void decoder_push(const struct decoder *d);

#endif
