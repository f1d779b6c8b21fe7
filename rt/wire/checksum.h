/* The checksum of a file: XXH64, the room of xxHash. It finds damage; it is no proof against forgery. */
#ifndef RT_WIRE_CHECKSUM_H
#define RT_WIRE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A message for a file whose header is there, all n bytes of it: writes the checksum; is it right? */
void checksum_put(uint8_t *message, size_t n);
bool checksum_is_right(const uint8_t *message, size_t n);

#endif
