#include "rt/wire/wire.h"

const char *wire_status_text(enum wire_status status)
{
    static const char *const texts[] = {
#define WIRE_STATUS(id, text) text,
#include "rt/wire/status.def"
#undef WIRE_STATUS
    };
    return texts[status];
}
