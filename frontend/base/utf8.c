#include "frontend/base/utf8.h"

bool utf8_is_scalar(uint32_t character)
{
    return character <= 0x10ffff && !(character >= 0xd800 && character <= 0xdfff);
}

static unsigned size_by_first_byte(unsigned char first)
{
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    if (first >= 0xf0 && first <= 0xf4) return 4;
    return 0;
}

uint32_t utf8_decode(const char *text, size_t length, unsigned *size_out)
{
    static const uint32_t smallest[UTF8_MAX_BYTES + 1] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)text[0];
    unsigned size = size_by_first_byte(first);
    *size_out = 1;
    if (size == 1) return first;
    if (size == 0 || size > length) return UTF8_INVALID;
    uint32_t character = first & (0xffu >> (size + 1));
    for (unsigned i = 1; i < size; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xc0) != 0x80) return UTF8_INVALID;
        character = character << 6 | (next & 0x3f);
    }
    if (character < smallest[size] || !utf8_is_scalar(character)) return UTF8_INVALID;
    *size_out = size;
    return character;
}

unsigned utf8_encode(char out[UTF8_MAX_BYTES], uint32_t character)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    unsigned size = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (unsigned i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    out[0] = (char)((0xf00u >> size) | character);
    return size;
}
