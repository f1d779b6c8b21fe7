#include "rt/obj/char.h"

#include <string.h>
#include <utf8proc.h>

static utf8proc_category_t category(uint32_t c) { return utf8proc_category((utf8proc_int32_t)c); }

static bool is_alphabetic(uint32_t c)
{
    switch (category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL: return true;
    default: return false;
    }
}

static bool is_whitespace(uint32_t c)
{
    if ((c >= 9 && c <= 13) || c == ' ' || c == 0x85) return true;
    if (c < 0x80) return false;
    utf8proc_category_t of_c = category(c);
    return of_c == UTF8PROC_CATEGORY_ZS || of_c == UTF8PROC_CATEGORY_ZL || of_c == UTF8PROC_CATEGORY_ZP;
}

unsigned char_class(uint32_t c)
{
    unsigned class = 0;
    if (is_alphabetic(c)) class |= CHAR_ALPHABETIC;
    if (category(c) == UTF8PROC_CATEGORY_ND) class |= CHAR_NUMERIC;
    if (is_whitespace(c)) class |= CHAR_WHITESPACE;
    if (utf8proc_isupper((utf8proc_int32_t)c)) class |= CHAR_UPPER;
    if (utf8proc_islower((utf8proc_int32_t)c)) class |= CHAR_LOWER;
    return class;
}

bool char_is_cased(uint32_t c)
{
    return (char_class(c) & (CHAR_UPPER | CHAR_LOWER)) || category(c) == UTF8PROC_CATEGORY_LT;
}

/* Unicode's Case_Ignorable: marks, formats, modifiers, and what may stand within a word. */
bool char_is_case_ignorable(uint32_t c)
{
    static const uint16_t within_words[] = {'\'', '.', ':', 0xb7, 0x387, 0x55f, 0x5f4, 0x2018, 0x2019, 0x2024, 0x2027,
                                            0xfe13, 0xfe52, 0xfe55, 0xff07, 0xff0e, 0xff1a};
    for (size_t i = 0; i < sizeof within_words / sizeof within_words[0]; i++)
        if (within_words[i] == c) return true;
    switch (category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK: return true;
    default: return false;
    }
}

/* Decimal digits stand in runs of tens that begin with a zero. */
int char_digit_value(uint32_t c)
{
    if (category(c) != UTF8PROC_CATEGORY_ND) return -1;
    uint32_t zero = c;
    while (zero > 0 && category(zero - 1) == UTF8PROC_CATEGORY_ND)
        zero--;
    return (int)((c - zero) % 10);
}

uint32_t char_upcase(uint32_t c)
{
    /* utf8proc maps the sharp s to its capital; Unicode's simple mapping leaves it. */
    return c == 0xdf ? c : (uint32_t)utf8proc_toupper((utf8proc_int32_t)c);
}

uint32_t char_downcase(uint32_t c) { return (uint32_t)utf8proc_tolower((utf8proc_int32_t)c); }

size_t char_foldcase_full(uint32_t c, uint32_t *out)
{
    utf8proc_int32_t folded[CHAR_CASE_MAX];
    int boundary = 0;
    utf8proc_ssize_t n =
        utf8proc_decompose_char((utf8proc_int32_t)c, folded, CHAR_CASE_MAX, UTF8PROC_CASEFOLD, &boundary);
    if (n <= 0 || n > CHAR_CASE_MAX) {
        out[0] = c;
        return 1;
    }
    memcpy(out, folded, (size_t)n * sizeof *out);
    return (size_t)n;
}

uint32_t char_foldcase(uint32_t c)
{
    uint32_t folded[CHAR_CASE_MAX];
    return char_foldcase_full(c, folded) == 1 ? folded[0] : char_downcase(c);
}

/* Unconditional rows of Unicode's SpecialCasing.txt for Latin, Greek (without the
 * iota subscripts) and Armenian. */
static const struct {
    uint16_t c, upper[3];
} several_letters[] = {
    {0x00df, {'S', 'S'}},
    {0x0149, {0x02bc, 'N'}},
    {0x01f0, {'J', 0x030c}},
    {0x0390, {0x0399, 0x0308, 0x0301}},
    {0x03b0, {0x03a5, 0x0308, 0x0301}},
    {0x0587, {0x0535, 0x0552}},
    {0x1e96, {'H', 0x0331}},
    {0x1e97, {'T', 0x0308}},
    {0x1e98, {'W', 0x030a}},
    {0x1e99, {'Y', 0x030a}},
    {0x1e9a, {'A', 0x02be}},
    {0x1f50, {0x03a5, 0x0313}},
    {0x1fb6, {0x0391, 0x0342}},
    {0x1fc6, {0x0397, 0x0342}},
    {0x1fd6, {0x0399, 0x0342}},
    {0x1fe4, {0x03a1, 0x0313}},
    {0x1fe6, {0x03a5, 0x0342}},
    {0x1ff6, {0x03a9, 0x0342}},
    {0xfb00, {'F', 'F'}},
    {0xfb01, {'F', 'I'}},
    {0xfb02, {'F', 'L'}},
    {0xfb03, {'F', 'F', 'I'}},
    {0xfb04, {'F', 'F', 'L'}},
    {0xfb05, {'S', 'T'}},
    {0xfb06, {'S', 'T'}},
    {0xfb13, {0x0544, 0x0546}},
    {0xfb14, {0x0544, 0x0535}},
    {0xfb15, {0x0544, 0x053b}},
    {0xfb16, {0x054e, 0x0546}},
    {0xfb17, {0x0544, 0x053d}},
};

size_t char_upcase_full(uint32_t c, uint32_t *out)
{
    for (size_t i = 0; i < sizeof several_letters / sizeof several_letters[0]; i++) {
        if (several_letters[i].c != c) continue;
        size_t n = 0;
        for (; n < 3 && several_letters[i].upper[n]; n++)
            out[n] = several_letters[i].upper[n];
        return n;
    }
    out[0] = char_upcase(c);
    return 1;
}
