/* The tables of packets and of goodbyes, by number. */
#include "rt/node/channel/channel_parts.h"

#define CREDIT     PACKET_USES_CREDIT
#define NO_CREDIT  0
#define LINK_LAYER PACKET_OF_CHANNEL
#define IN_TURN    PACKET_IN_TURN
#define WHOLE      PACKET_WHOLE
static const struct {
    const char *name;
    uint8_t flags;
} packets[256] = {
#define CONTROL(name, number, flags, fields) [number] = {#name, PACKET_IS_KNOWN | (flags)},
#include "rt/abi/control.def"
#undef CONTROL
};
#undef CREDIT
#undef NO_CREDIT
#undef LINK_LAYER
#undef IN_TURN
#undef WHOLE

static const char *const goodbyes[] = {
    "none",
#define GOODBYE(id, number, text) [number] = text,
#include "rt/node/channel/goodbyes.def"
#undef GOODBYE
};

uint8_t control_flags(uint8_t type) { return packets[type].flags; }

bool control_is_in_turn(enum control type) { return packets[(uint8_t)type].flags & PACKET_IN_TURN; }

const char *control_name(enum control type) { return type < 256 ? packets[type].name : NULL; }

static const char *find_goodbye(unsigned number)
{
    return number < sizeof goodbyes / sizeof *goodbyes ? goodbyes[number] : NULL;
}

bool goodbye_is_known(unsigned number) { return find_goodbye(number); }

const char *goodbye_text(enum goodbye why)
{
    const char *text = find_goodbye(why);
    return text ? text : "unknown";
}
