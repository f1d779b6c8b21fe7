#include "rt/mem/layout.h"

#include "rt/abi/text.h"

#define REF         1
#define RAW         0
#define NO_TAIL     LAYOUT_NO_TAIL
#define TAIL_REF    LAYOUT_REFS
#define TAIL_BYTES  LAYOUT_BYTES
#define TAIL_TEXT   LAYOUT_TEXT
#define TAIL_FRAMES LAYOUT_FRAMES
#define TAIL_DOUBLE LAYOUT_DOUBLE

enum {
#define FIELD(name, kind)                  +1
#define OBJECT(name, number, fields, tail) N_FIELDS_##name = 0 fields,
#include "rt/abi/objects.def"
#undef OBJECT
#undef FIELD
#define FIELD(name, kind)                  +kind
#define OBJECT(name, number, fields, tail) N_REFS_##name = 0 fields,
#include "rt/abi/objects.def"
#undef OBJECT
#undef FIELD
};

const struct layout layouts[LAYOUT_TYPES] = {
#define FIELD(name, kind) kind,
#define OBJECT(name_, number, fields, tail_)                                                                 \
    [number] = {                                                                                             \
        .header_words = 1 + N_FIELDS_##name_,                                                                \
        .is_ref = {0, fields},                                                                               \
        .tail = tail_,                                                                                       \
        .is_atomic = N_REFS_##name_ == 0 && (tail_) != LAYOUT_REFS && (tail_) != LAYOUT_FRAMES,              \
        .name = #name_,                                                                                      \
    },
#include "rt/abi/objects.def"
#undef OBJECT
#undef FIELD
};

size_t layout_size_words(const tt_word *object)
{
    const struct layout *layout = layout_of(object[0]);
    switch (layout->tail) {
    case LAYOUT_REFS:
    case LAYOUT_FRAMES: return layout->header_words + object[1];
    case LAYOUT_BYTES: return layout->header_words + (object[1] + TT_W - 1) / TT_W;
    case LAYOUT_TEXT:
        return layout->header_words + (TT_TEXT_TAIL_BYTES(object[1], object[2]) + TT_W - 1) / TT_W;
    case LAYOUT_DOUBLE: return layout->header_words + sizeof(double) / TT_W;
    default: return layout->header_words;
    }
}
