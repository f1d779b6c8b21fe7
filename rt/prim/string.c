/* Characters, symbols, strings. */
#include "rt/obj/string.h"

#include <string.h>

#include "rt/mem/heap.h"
#include "rt/obj/char.h"
#include "rt/obj/list.h"
#include "rt/obj/symbol.h"
#include "rt/obj/text.h"
#include "rt/prim/arg.h"

/* -- characters ------------------------------------------------------------ */

#define CHAR_MAP(function, scheme_name, map)                                                                 \
    tt_word function(struct worker *w, tt_word c)                                                            \
    {                                                                                                        \
        return arg_char(w, scheme_name, c) ? tt_char(map(tt_char_value(c))) : TT_FAIL;                       \
    }
CHAR_MAP(tt_prim_char_upcase, "char-upcase", char_upcase)
CHAR_MAP(tt_prim_char_downcase, "char-downcase", char_downcase)
CHAR_MAP(tt_prim_char_foldcase, "char-foldcase", char_foldcase)

tt_word tt_prim_char_class(struct worker *w, tt_word c)
{
    return arg_char(w, "character class", c) ? tt_fixnum((tt_sword)char_class(tt_char_value(c))) : TT_FAIL;
}

tt_word tt_prim_digit_value(struct worker *w, tt_word c)
{
    if (!arg_char(w, "digit-value", c)) return TT_FAIL;
    int value = char_digit_value(tt_char_value(c));
    return value < 0 ? TT_FALSE : tt_fixnum(value);
}

/* -- symbols --------------------------------------------------------------- */

tt_word tt_prim_symbol_to_string(struct worker *w, tt_word symbol)
{
    return arg_is_type(w, "symbol->string", symbol, TT_TYPE_SYMBOL) ? symbol_name(symbol) : TT_FAIL;
}

tt_word tt_prim_string_to_symbol(struct worker *w, tt_word v)
{
    if (!arg_is_type(w, "string->symbol", v, TT_TYPE_STRING)) return TT_FAIL;
    return symbol_intern(w, string_bytes(v), string_length(v));
}

/* -- parts and sums of strings --------------------------------------------- */

static bool string_range(struct worker *w, const char *operation, tt_word v, tt_word start, tt_word end,
                         size_t *from, size_t *to)
{
    return arg_is_type(w, operation, v, TT_TYPE_STRING) &&
           arg_range(w, operation, start, end, TT_OBJ(STRING, v)->chars, from, to);
}

tt_word tt_prim_substring(struct worker *w, tt_word v, tt_word start, tt_word end)
{
    size_t from, to;
    return string_range(w, "substring", v, start, end, &from, &to) ? string_copy(w, v, from, to) : TT_FAIL;
}

tt_word tt_prim_string_append2(struct worker *w, tt_word a, tt_word b)
{
    if (!arg_is_type(w, "string-append", a, TT_TYPE_STRING) ||
        !arg_is_type(w, "string-append", b, TT_TYPE_STRING))
        return TT_FAIL;
    struct tt_obj_STRING *string = string_alloc(w, string_length(a) + string_length(b),
                                                TT_OBJ(STRING, a)->chars + TT_OBJ(STRING, b)->chars);
    if (!string) return TT_FAIL;
    memcpy(string->byte, string_bytes(a), string_length(a));
    memcpy(string->byte + string_length(a), string_bytes(b), string_length(b));
    return tt_tagged(string, TT_TAG_OBJECT);
}

/* Sizes of all strings of a list together; false: one is none, or the list is not proper. */
static bool total_size(struct worker *w, tt_word list, size_t *length, size_t *chars)
{
    uint64_t n_bytes = 0, n_chars = 0; /* the same one may be there often */
    struct list_cursor c = list_begin(list);
    while (list_next(&c)) {
        if (!arg_is_type(w, "string-append", c.item, TT_TYPE_STRING)) return false;
        n_bytes += string_length(c.item);
        n_chars += TT_OBJ(STRING, c.item)->chars;
    }
    if (!list_ended_well(&c)) {
        fail_wrong_type(w, "string-append", list);
        return false;
    }
    if (n_bytes > OBJECT_MAX_BYTES) {
        heap_fail(w);
        return false;
    }
    *length = (size_t)n_bytes;
    *chars = (size_t)n_chars;
    return true;
}

tt_word tt_prim_string_concatenate(struct worker *w, tt_word list)
{
    size_t length, chars;
    if (!total_size(w, list, &length, &chars)) return TT_FAIL;
    struct tt_obj_STRING *string = string_alloc(w, length, chars);
    if (!string) return TT_FAIL;
    uint8_t *to = string->byte;
    for (struct list_cursor c = list_begin(list); list_next(&c); to += string_length(c.item))
        memcpy(to, string_bytes(c.item), string_length(c.item));
    return tt_tagged(string, TT_TAG_OBJECT);
}

tt_word tt_prim_make_string(struct worker *w, tt_word k, tt_word c)
{
    size_t chars;
    if (!arg_new_length(w, "make-string", k, UTF8_MAX_BYTES, &chars) || !arg_char(w, "make-string", c))
        return TT_FAIL;
    uint8_t unit[UTF8_MAX_BYTES];
    size_t n = utf8_encode(tt_char_value(c), unit);
    struct tt_obj_STRING *string = string_alloc(w, chars * n, chars);
    if (!string) return TT_FAIL;
    if (n == 1)
        memset(string->byte, unit[0], chars);
    else
        for (size_t i = 0; i < chars; i++)
            memcpy(string->byte + i * n, unit, n);
    return tt_tagged(string, TT_TAG_OBJECT);
}

tt_word tt_prim_string_to_list(struct worker *w, tt_word v, tt_word start, tt_word end)
{
    size_t from, to, n;
    if (!string_range(w, "string->list", v, start, end, &from, &to)) return TT_FAIL;
    struct list_builder b = list_build();
    const uint8_t *p = string_bytes(v) + string_offset(v, from);
    for (size_t i = from; i < to && b.list != TT_FAIL; i++, p += n)
        list_add(w, &b, tt_char(utf8_decode(p, &n)));
    return b.list;
}

tt_word tt_prim_list_to_string(struct worker *w, tt_word list)
{
    size_t length = 0;
    struct list_cursor c = list_begin(list);
    while (list_next(&c)) {
        if (!arg_char(w, "list->string", c.item)) return TT_FAIL;
        length += utf8_length(tt_char_value(c.item));
    }
    if (!list_ended_well(&c)) return fail_wrong_type(w, "list->string", list);
    struct tt_obj_STRING *string = string_alloc(w, length, c.steps);
    if (!string) return TT_FAIL;
    uint8_t *to = string->byte;
    for (c = list_begin(list); list_next(&c);)
        to += utf8_encode(tt_char_value(c.item), to);
    return tt_tagged(string, TT_TAG_OBJECT);
}

tt_word tt_prim_string_compare(struct worker *w, tt_word a, tt_word b)
{
    if (!arg_is_type(w, "string comparison", a, TT_TYPE_STRING) ||
        !arg_is_type(w, "string comparison", b, TT_TYPE_STRING))
        return TT_FAIL;
    int order = string_compare(a, b);
    return tt_fixnum((order > 0) - (order < 0));
}

/* -- case ------------------------------------------------------------------ */

#define SIGMA       0x3a3
#define SMALL_SIGMA 0x3c3
#define FINAL_SIGMA 0x3c2

/* Is the character that ends before / begins at p a letter? */
static bool letter_before(const uint8_t *start, const uint8_t *p)
{
    size_t n;
    if (p == start) return false;
    do
        p--;
    while ((*p & 0xc0) == 0x80);
    return char_class(utf8_decode(p, &n)) & CHAR_ALPHABETIC;
}

static bool letter_at(const uint8_t *p, const uint8_t *end)
{
    size_t n;
    return p != end && (char_class(utf8_decode(p, &n)) & CHAR_ALPHABETIC);
}

/* A capital sigma at the end of a word has a form of its own. */
static void add_lower(struct text *out, uint32_t c, const uint8_t *start, const uint8_t *p,
                      const uint8_t *end)
{
    bool ends_word = c == SIGMA && letter_before(start, p) && !letter_at(p + utf8_length(c), end);
    text_add_char(out, ends_word ? FINAL_SIGMA : char_downcase(c));
}

enum case_kind { UPCASE, DOWNCASE, FOLDCASE };

static void add_in_case(struct text *out, enum case_kind kind, tt_word v)
{
    const uint8_t *start = string_bytes(v), *end = start + string_length(v);
    size_t n;
    for (const uint8_t *p = start; p != end; p += n) {
        uint32_t c = utf8_decode(p, &n), mapped[CHAR_CASE_MAX];
        if (kind == DOWNCASE) {
            add_lower(out, c, start, p, end);
            continue;
        }
        size_t count = kind == UPCASE ? char_upcase_full(c, mapped) : char_foldcase_full(c, mapped);
        for (size_t i = 0; i < count; i++)
            text_add_char(out, mapped[i]);
    }
}

static tt_word string_in_case(struct worker *w, const char *operation, tt_word v, enum case_kind kind)
{
    if (!arg_is_type(w, operation, v, TT_TYPE_STRING)) return TT_FAIL;
    struct text text = {0};
    add_in_case(&text, kind, v);
    size_t chars = 0;
    tt_word result = TT_FAIL;
    if (text.failed)
        heap_fail(w);
    else if (utf8_count((const uint8_t *)text.bytes, text.n, &chars))
        result = string_make(w, text.bytes, text.n, chars);
    text_free(&text);
    return result;
}

tt_word tt_prim_string_upcase(struct worker *w, tt_word v)
{
    return string_in_case(w, "string-upcase", v, UPCASE);
}

tt_word tt_prim_string_downcase(struct worker *w, tt_word v)
{
    return string_in_case(w, "string-downcase", v, DOWNCASE);
}

tt_word tt_prim_string_foldcase(struct worker *w, tt_word v)
{
    return string_in_case(w, "string-foldcase", v, FOLDCASE);
}
