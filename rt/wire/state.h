/* What a worker keeps between two messages, so that a small one costs no malloc. */
#ifndef RT_WIRE_STATE_H
#define RT_WIRE_STATE_H

#include "rt/wire/decoder.h"
#include "rt/wire/encoder.h"

struct wire_state {
    struct encoder encoder;
    struct decoder decoder;
};

/* Of this worker, made when it is first needed; NULL: no memory. */
struct wire_state *wire_state_of(struct worker *w);

#endif
