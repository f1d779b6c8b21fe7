/* What a worker keeps between two messages, so that a small one costs no malloc. */
#ifndef RT_WIRE_STATE_H
#define RT_WIRE_STATE_H

#include "rt/wire/decoder.h"
#include "rt/wire/encoder.h"
#include "rt/wire/loan.h"

struct wire_state {
    struct encoder encoder;
    struct decoder decoder;
    struct wire_putting *puttings; /* steps.c: all of them */
    struct wire_getting *gettings;
    struct loans loans;
};

/* For the collectors. */
void steps_push(const struct wire_state *state);
void steps_visit(struct worker *w, struct wire_state *state);

/* message.c: what stands in front of a body in a file, but for the checksum. */
extern const uint8_t wire_file_front[WIRE_HEADER_BYTES];
/* message.c: why nothing was unzipped into that buffer. */
enum wire_status unzip_status(const struct wire_buf *out, bool too_large);

/* Of this worker, made when it is first needed; NULL: no memory. */
struct wire_state *wire_state_of(struct worker *w);

#endif
