#include "rt/obj/char.h"

#include <unicase.h>
#include <unictype.h>

unsigned char_class(uint32_t c)
{
    unsigned class = 0;
    if (uc_is_property_alphabetic(c)) class |= CHAR_ALPHABETIC;
    if (uc_decimal_value(c) >= 0) class |= CHAR_NUMERIC;
    if (uc_is_property_white_space(c)) class |= CHAR_WHITESPACE;
    if (uc_is_property_uppercase(c)) class |= CHAR_UPPER;
    if (uc_is_property_lowercase(c)) class |= CHAR_LOWER;
    return class;
}

bool char_is_cased(uint32_t c) { return uc_is_property_cased(c); }

bool char_is_case_ignorable(uint32_t c) { return uc_is_property_case_ignorable(c); }

bool char_is_graphic(uint32_t c)
{
    if (c < 0x80) return c > ' ' && c < 0x7f;
    return !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z |
                                                    UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me);
}

int char_digit_value(uint32_t c) { return uc_decimal_value(c); }

uint32_t char_upcase(uint32_t c) { return uc_toupper(c); }

uint32_t char_downcase(uint32_t c) { return uc_tolower(c); }

/* Simple folding, which the library does not offer: the full one where that is one character, and else the
 * lower case, but for the dotted capital I, which has no simple folding outside of the Turkic languages. */
uint32_t char_foldcase(uint32_t c)
{
    ucs4_t folded[CHAR_CASE_MAX];
    size_t n = CHAR_CASE_MAX;
    if (c == 0x130 || !u32_casefold(&c, 1, NULL, NULL, folded, &n)) return c;
    return n == 1 ? folded[0] : uc_tolower(c);
}

uint8_t *char_text_in_case(enum char_case kind, const uint8_t *text, size_t n, size_t *n_out)
{
    switch (kind) {
    case CHAR_UPCASE: return u8_toupper(text, n, NULL, NULL, NULL, n_out);
    case CHAR_DOWNCASE: return u8_tolower(text, n, NULL, NULL, NULL, n_out);
    default: return u8_casefold(text, n, NULL, NULL, NULL, n_out);
    }
}
