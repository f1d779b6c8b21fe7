/* Values as bytes, in the format of FORMAT.md, and back.
 *
 * Both directions are iterative: nesting costs malloc'd memory, no C stack. They
 * run no Scheme code and no minor collection. Tables that they need belong to the
 * worker and are used again (state.h): a small message costs no malloc. */
#ifndef RT_WIRE_WIRE_H
#define RT_WIRE_WIRE_H

#include "rt/mem/worker.h"
#include "rt/obj/text.h"
#include "rt/wire/buf.h"

/* What is written at once if a caller has something else to do (wire_ends.lets_go),
 * and what one step of a longer value writes or reads, about a tenth of a millisecond. */
#ifdef TT_HOSTILE
#define WIRE_LARGE_BYTES ((size_t)48)
#define WIRE_STEP_BYTES  ((size_t)16)
#define WIRE_LEND_BYTES  ((size_t)64)
#else
#define WIRE_LARGE_BYTES ((size_t)2 << 20)
#define WIRE_STEP_BYTES  ((size_t)32 << 10)
#define WIRE_LEND_BYTES  ((size_t)128 << 10) /* shorter strings and bytevectors are copied */
#endif

enum wire_status {
#define WIRE_STATUS(id, text) WIRE_##id,
#include "rt/wire/status.def"
#undef WIRE_STATUS
};
const char *wire_status_text(enum wire_status status);

/* What went wrong, and where. */
struct wire_failure {
    enum wire_status status;
    size_t offset;       /* decoding: byte of the (unzipped) message */
    uint8_t version;     /* BAD_VERSION: what a file says that it is of */
    uint8_t code_id[16]; /* UNKNOWN_CODE, WRONG_CODE */
    const char *missing; /* UNKNOWN_CODE: the procedures, in words; the worker's, until it decodes again */
    tt_word object;      /* NOT_SERIALIZABLE: what cannot travel, and */
    struct text path;    /* the way to it; the caller frees it */
};

/* Of a condition that says so: (words id) or (id). */
tt_word wire_code_irritants(struct worker *w, const struct wire_failure *failure);

/* -- on a connection, between two runs */

struct wire_ends {
    uint32_t sender, receiver; /* their indices in node.boots */
    bool is_image;             /* of a process: what only a mailbox holds may be in it */
    bool zips;                 /* put: compresses what is long and shrinks well */
    bool lets_go;              /* put: fails with LARGE after a millisecond's work */
    bool lends;                /* put: the buffer may refer to long strings and bytevectors (loan.h) */
    size_t max_bytes;          /* of the body, not compressed; 0: WIRE_MAX_UNZIPPED */
};

/* Appends a value. False: `out` is as before. */
bool wire_put(struct worker *w, tt_word v, const struct wire_ends *ends, struct wire_buf *out,
              struct wire_failure *failure);
/* The value in these n bytes, all of them. Trusts nothing; a failure leaves
 * nothing behind but garbage. */
bool wire_get(struct worker *w, const uint8_t *bytes, size_t n, const struct wire_ends *ends, tt_word *out,
              struct wire_failure *failure);

/* -- the same in steps, between which processes run. The same bytes, values and failures. Without ends (NULL)
 * it is a message for a file. */

enum wire_progress { WIRE_FAILED, WIRE_DONE, WIRE_GOES_ON, WIRE_WAITS };

/* A value that is being written. It must not change, but for variables and promises.
 * WAITS: the next step must come after a minor collection, which has been asked for.
 * `hurry`: no collection will come any more, so nothing moves. */
struct wire_putting;
struct wire_putting *wire_put_begin(struct worker *w, tt_word v,
                                    const struct wire_ends *ends); /* NULL: no memory */
enum wire_progress wire_put_step(struct wire_putting *p, bool hurry, struct wire_buf *out,
                                 struct wire_failure *failure);
/* Done with, wherever it stands; what a failure says stays valid. */
void wire_put_end(struct wire_putting *p);

/* How many bytes these bytes of a value are when they are unzipped; as they are, if that will be refused. */
size_t wire_value_bytes(const uint8_t *bytes, size_t n);
/* Would reading it at once take longer than a step may? */
static inline bool wire_is_large(const uint8_t *bytes, size_t n)
{
    return wire_value_bytes(bytes, n) > WIRE_LARGE_BYTES;
}

/* A value that is being read. The bytes stay until the end. */
struct wire_getting;
struct wire_getting *wire_get_begin(struct worker *w, const uint8_t *bytes, size_t n,
                                    const struct wire_ends *ends); /* NULL: no memory */
enum wire_progress wire_get_step(struct wire_getting *g, tt_word *out, struct wire_failure *failure);
void wire_get_end(struct wire_getting *g);
/* Marks the runs (boots.h) that values which are being written or read in steps have named so far. */
void wire_mark_boots(struct worker *w);

/* -- for files: a message that stands for itself */

/* Appends the message for `v`, compressed if it is long and shrinks well. */
bool wire_encode(struct worker *w, tt_word v, struct wire_buf *out, struct wire_failure *failure);
/* The same, but fails with LARGE after a millisecond's work: for a value that can be written in steps. */
bool wire_encode_small(struct worker *w, tt_word v, struct wire_buf *out, struct wire_failure *failure);
/* What stands in front of the body; *version_out: what it says. */
enum wire_status wire_check_header(const uint8_t *bytes, size_t n, uint8_t *version_out);
bool wire_decode(struct worker *w, const uint8_t *bytes, size_t n, tt_word *out,
                 struct wire_failure *failure);

#endif
