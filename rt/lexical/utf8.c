#include "rt/lexical/utf8.h"

#include <string.h>

size_t utf8_length(uint32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

size_t utf8_encode(uint32_t c, uint8_t *out)
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = utf8_length(c);
    if (n == 1) {
        out[0] = (uint8_t)c;
        return 1;
    }
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (uint8_t)(lead[n] | c);
    return n;
}

/* Bytes of the character that `lead` begins; 0 if it begins none. */
static size_t length_by_lead(uint8_t lead)
{
    if (lead < 0x80) return 1;
    if (lead < 0xc2) return 0;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

uint32_t utf8_decode(const uint8_t *p, size_t *n_out)
{
    size_t n = length_by_lead(p[0]);
    uint32_t c = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3f);
    *n_out = n;
    return c;
}

size_t utf8_check(const uint8_t *p, size_t n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = length_by_lead(p[0]);
    if (length == 0 || length > n) return 0;
    for (size_t i = 1; i < length; i++)
        if (!utf8_is_inner(p[i])) return 0;
    uint32_t c = utf8_decode(p, &length);
    return c >= least[length] && utf8_is_scalar(c) ? length : 0;
}

uint32_t utf8_read(const char *text, size_t n, unsigned *n_out)
{
    const uint8_t *p = (const uint8_t *)text;
    size_t length = utf8_check(p, n);
    *n_out = length ? (unsigned)length : 1;
    return length ? utf8_decode(p, &length) : UTF8_INVALID;
}

static bool eight_ascii(const uint8_t *p)
{
    uint64_t block;
    memcpy(&block, p, sizeof block);
    return (block & 0x8080808080808080u) == 0;
}

bool utf8_count(const uint8_t *bytes, size_t n, size_t *chars_out)
{
    size_t chars = 0;
    for (size_t i = 0; i < n;) {
        if (n - i >= 8 && eight_ascii(bytes + i)) {
            i += 8;
            chars += 8;
            continue;
        }
        size_t length = utf8_check(bytes + i, n - i);
        if (length == 0) return false;
        i += length;
        chars++;
    }
    *chars_out = chars;
    return true;
}

/* How many of the eight bytes begin a character. */
static inline unsigned leads_of_eight(const uint8_t *p)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t block;
    memcpy(&block, p, sizeof block);
    uint64_t inner = (block >> 7) & ~(block >> 6) & ones;
    return 8 - (unsigned)(inner * ones >> 56);
}

size_t utf8_chars(const uint8_t *bytes, size_t n)
{
    size_t chars = 0, i = 0;
    for (; n - i >= 8; i += 8)
        chars += leads_of_eight(bytes + i);
    for (; i < n; i++)
        chars += !utf8_is_inner(bytes[i]);
    return chars;
}

const uint8_t *utf8_skip(const uint8_t *p, const uint8_t *end, size_t k)
{
    while (k > 0 && end - p >= 8) {
        unsigned leads = leads_of_eight(p);
        if (leads > k) break;
        k -= leads;
        p += 8;
    }
    while (p != end && utf8_is_inner(*p))
        p++;
    for (; k > 0; k--)
        do
            p++;
        while (p != end && utf8_is_inner(*p));
    return p;
}
