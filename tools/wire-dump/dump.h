/* The two parts of wire-dump: values (wire_dump.c), and frames around them (frame_dump.c). */
#ifndef TOOLS_WIRE_DUMP_H
#define TOOLS_WIRE_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A value as it stands in a frame; ends the program when it is none. */
void dump_value(const uint8_t *bytes, size_t n);
/* Frames, one behind the other; false: the bytes are none from some point on, it has been said where. */
bool dump_frames(const uint8_t *bytes, size_t n);

#endif
