#include "rt/lexical/atom.h"

#include <string.h>

#include "rt/lexical/numeral.h"

static bool is_custom(const char *name, size_t n)
{
    return (n == 2 && (memcmp(name, "1+", 2) == 0 || memcmp(name, "1-", 2) == 0)) ||
           (n == 3 && memcmp(name, "-1+", 3) == 0);
}

static bool is_signed(const char *name, size_t n) { return n > 0 && (name[0] == '+' || name[0] == '-'); }

/* A digit, behind an optional sign and an optional point. */
bool atom_begins_like_number(const char *name, size_t n)
{
    size_t i = is_signed(name, n);
    if (i < n && name[i] == '.') i++;
    return i < n && name[i] >= '0' && name[i] <= '9' && !is_custom(name, n);
}

bool atom_is_symbol(const char *name, size_t n)
{
    struct numeral ignored;
    if (n == 0 || name[0] == '#' || (n == 1 && name[0] == '.') || atom_begins_like_number(name, n))
        return false;
    return is_custom(name, n) || !is_signed(name, n) || numeral_scan(name, n, 10, &ignored) == NUMERAL_NONE;
}

/* The names of R7RS, which are written, then those that are only read. */
static const struct {
    const char *name;
    uint8_t character;
} names[] = {
    {"alarm", 7},      {"backspace", 8}, {"delete", 0x7f},   {"escape", 0x1b},
    {"newline", '\n'}, {"null", 0},      {"return", '\r'},   {"space", ' '},
    {"tab", '\t'},     {"nul", 0},       {"linefeed", '\n'}, {"page", '\f'},
};
#define N_WRITTEN 9
#define N_NAMES   (sizeof names / sizeof *names)

const char *atom_character_name(uint32_t c)
{
    for (size_t i = 0; i < N_WRITTEN; i++)
        if (names[i].character == c) return names[i].name;
    return NULL;
}

static int32_t of_number(const char *digits, size_t n)
{
    uint32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        int digit = numeral_digit((unsigned char)digits[i]);
        if (digit >= 16) return -1;
        if (value < 0x1000000) value = value * 16 + (uint32_t)digit;
    }
    bool is_scalar = value < 0xd800 || (value > 0xdfff && value < 0x110000);
    return is_scalar ? (int32_t)value : -1;
}

/* Of one that fills the text; -1 if there is more. */
static int32_t decode(const char *text, size_t n)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t size = byte[0] < 0x80 ? 1 : byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
    if (size != n) return -1;
    int32_t c = size == 1 ? byte[0] : byte[0] & (0x7f >> size);
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (byte[i] & 0x3f);
    return c;
}

int32_t atom_character(const char *text, size_t n)
{
    int32_t single = n > 0 ? decode(text, n) : -1;
    if (single >= 0) return single;
    for (size_t i = 0; i < N_NAMES; i++)
        if (strlen(names[i].name) == n && memcmp(names[i].name, text, n) == 0) return names[i].character;
    return n > 1 && (text[0] == 'x' || text[0] == 'X') ? of_number(text + 1, n - 1) : -1;
}
