/* Values as bytes, in the format of FORMAT.md, and back.
 *
 * Both directions are iterative: nesting costs malloc'd memory, no C stack. They
 * run no Scheme code and no minor collection. */
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
    tt_word object;      /* NOT_SERIALIZABLE: what cannot travel, and */
    struct text path;    /* the way to it; the caller frees it */
};

/* Appends the message for `v`. */
bool wire_encode(struct worker *w, tt_word v, struct wire_buf *out, struct wire_failure *failure);

/* What the layers above know. */
struct wire_hooks {
    bool (*pid_was_made)(struct worker *w,
                         tt_word pid); /* a pid value of this node is one that it gave out */
};

/* The value of a message. Trusts nothing in it; a failure leaves nothing behind but garbage. */
bool wire_decode(struct worker *w, const uint8_t *bytes, size_t n, const struct wire_hooks *hooks,
                 tt_word *out, struct wire_failure *failure);

#endif
