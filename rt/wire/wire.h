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
    size_t max_bytes;          /* of the body, not compressed; 0: WIRE_MAX_UNZIPPED */
};

/* Appends a value. False: `out` is as before. */
bool wire_put(struct worker *w, tt_word v, const struct wire_ends *ends, struct wire_buf *out,
              struct wire_failure *failure);
/* The value in these n bytes, all of them. Trusts nothing; a failure leaves
 * nothing behind but garbage. */
bool wire_get(struct worker *w, const uint8_t *bytes, size_t n, const struct wire_ends *ends, tt_word *out,
              struct wire_failure *failure);

/* -- for files: a message that stands for itself */

/* Appends the message for `v`, compressed if it is long and shrinks well. */
bool wire_encode(struct worker *w, tt_word v, struct wire_buf *out, struct wire_failure *failure);
bool wire_decode(struct worker *w, const uint8_t *bytes, size_t n, tt_word *out, struct wire_failure *failure);

#endif
