#define _GNU_SOURCE
/* Characters, symbols, strings. */
#include "rt/obj/string.h"

#include <stdlib.h>
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
    return string_finish(string);
}

struct size {
    size_t length, chars;
};

/* Of the strings of a list with `delimiter` between them; false: one is none, or the list is not proper. */
static bool total_size(struct worker *w, const char *operation, tt_word list, struct size delimiter,
                       struct size *out)
{
    uint64_t n_bytes = 0, n_chars = 0; /* the same one may be there often */
    struct list_cursor c = list_begin(list);
    while (list_next(&c)) {
        if (!arg_is_type(w, operation, c.item, TT_TYPE_STRING)) return false;
        n_bytes += string_length(c.item) + (c.steps > 1 ? delimiter.length : 0);
        n_chars += string_chars(c.item) + (c.steps > 1 ? delimiter.chars : 0);
        if (n_bytes > OBJECT_MAX_BYTES) {
            heap_fail(w);
            return false;
        }
    }
    if (!list_ended_well(&c)) {
        fail_wrong_type(w, operation, list);
        return false;
    }
    *out = (struct size){(size_t)n_bytes, (size_t)n_chars};
    return true;
}

static tt_word join(struct worker *w, const char *operation, tt_word list, const uint8_t *delimiter,
                    struct size delimiter_size)
{
    struct size size;
    if (!total_size(w, operation, list, delimiter_size, &size)) return TT_FAIL;
    struct tt_obj_STRING *string = string_alloc(w, size.length, size.chars);
    if (!string) return TT_FAIL;
    uint8_t *to = string->byte;
    for (struct list_cursor c = list_begin(list); list_next(&c); to += string_length(c.item)) {
        if (c.steps > 1 && delimiter_size.length) {
            memcpy(to, delimiter, delimiter_size.length);
            to += delimiter_size.length;
        }
        memcpy(to, string_bytes(c.item), string_length(c.item));
    }
    return string_finish(string);
}

tt_word tt_prim_string_concatenate(struct worker *w, tt_word list)
{
    return join(w, "string-append", list, NULL, (struct size){0, 0});
}

tt_word tt_prim_string_join(struct worker *w, tt_word list, tt_word delimiter)
{
    if (!arg_is_type(w, "string-join", delimiter, TT_TYPE_STRING)) return TT_FAIL;
    return join(w, "string-join", list, string_bytes(delimiter),
                (struct size){string_length(delimiter), string_chars(delimiter)});
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
    return string_finish(string);
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
    return string_finish(string);
}

tt_word tt_prim_string_compare(struct worker *w, tt_word a, tt_word b)
{
    if (!arg_is_type(w, "string comparison", a, TT_TYPE_STRING) ||
        !arg_is_type(w, "string comparison", b, TT_TYPE_STRING))
        return TT_FAIL;
    int order = string_compare(a, b);
    return tt_fixnum((order > 0) - (order < 0));
}

/* -- places ---------------------------------------------------------------- */

/* Of a byte: where a character begins, or the end. */
static bool arg_place(struct worker *w, tt_word v, tt_word place, size_t *out)
{
    if (!arg_index(w, "string", place, string_length(v), out)) return false;
    if (*out == string_length(v) || !utf8_is_inner(string_bytes(v)[*out])) return true;
    fail_index(w, "string", place);
    return false;
}

tt_word tt_prim_string_char_before(struct worker *w, tt_word v, tt_word place)
{
    size_t at, n;
    if (!arg_is_type(w, "string", v, TT_TYPE_STRING) || !arg_place(w, v, place, &at)) return TT_FAIL;
    if (at == 0) return fail_index(w, "string", place);
    do
        at--;
    while (utf8_is_inner(string_bytes(v)[at]));
    return tt_char(utf8_decode(string_bytes(v) + at, &n));
}

tt_word tt_prim_string_offset(struct worker *w, tt_word v, tt_word index)
{
    size_t i;
    if (!arg_is_type(w, "string", v, TT_TYPE_STRING) || !arg_index(w, "string", index, string_chars(v), &i))
        return TT_FAIL;
    return tt_fixnum((tt_sword)string_offset(v, i));
}

tt_word tt_prim_string_index_of(struct worker *w, tt_word v, tt_word place)
{
    size_t at;
    if (!arg_is_type(w, "string", v, TT_TYPE_STRING) || !arg_place(w, v, place, &at)) return TT_FAIL;
    return tt_fixnum((tt_sword)string_index_of(v, at));
}

tt_word tt_prim_string_part(struct worker *w, tt_word v, tt_word from, tt_word to)
{
    size_t start, end;
    if (!arg_is_type(w, "string", v, TT_TYPE_STRING) || !arg_place(w, v, to, &end) ||
        !arg_place(w, v, from, &start))
        return TT_FAIL;
    return start <= end ? string_part(w, v, start, end) : fail_index(w, "string", from);
}

/* -- searching: bytes of a pattern are found where its characters are --------- */

struct search {
    const uint8_t *pattern, *text;
    size_t m, n;
    bool backwards;
};

/* Byte number i in the order of the search. */
static inline uint8_t pattern_byte(const struct search *s, size_t i)
{
    return s->pattern[s->backwards ? s->m - 1 - i : i];
}
static inline uint8_t text_byte(const struct search *s, size_t i)
{
    return s->text[s->backwards ? s->n - 1 - i : i];
}

/* Knuth, Morris, Pratt: borders[i] is the length of the longest proper border of the pattern's first i + 1
 * bytes. NULL: no memory. */
static size_t *borders_of(struct worker *w, const struct search *s)
{
    size_t *borders = s->m > SIZE_MAX / sizeof *borders ? NULL : malloc(s->m * sizeof *borders);
    if (!borders) {
        heap_fail(w);
        return NULL;
    }
    borders[0] = 0;
    for (size_t i = 1, k = 0; i < s->m; i++) {
        while (k > 0 && pattern_byte(s, i) != pattern_byte(s, k))
            k = borders[k - 1];
        k += pattern_byte(s, i) == pattern_byte(s, k);
        borders[i] = k;
    }
    return borders;
}

/* One step: *matched bytes of the pattern end in front of byte number i; does the whole one end with it? */
static bool search_step(const struct search *s, const size_t *borders, size_t i, size_t *matched)
{
    size_t k = *matched;
    while (k > 0 && text_byte(s, i) != pattern_byte(s, k))
        k = borders[k - 1];
    k += text_byte(s, i) == pattern_byte(s, k);
    *matched = k == s->m ? borders[k - 1] : k;
    return k == s->m;
}

/* Pattern and text of a primitive, and in *from where the part of the text begins. */
static bool search_begin(struct worker *w, tt_word pattern, tt_word v, tt_word start, tt_word end,
                         struct search *s, size_t *from)
{
    size_t first, last;
    if (!arg_is_type(w, "string-search", pattern, TT_TYPE_STRING) ||
        !string_range(w, "string-search", v, start, end, &first, &last))
        return false;
    *from = string_offset(v, first);
    *s = (struct search){.pattern = string_bytes(pattern),
                         .m = string_length(pattern),
                         .text = string_bytes(v) + *from,
                         .n = string_offset(v, last) - *from};
    return true;
}

tt_word tt_prim_string_find(struct worker *w, tt_word pattern, tt_word v, tt_word start, tt_word end)
{
    struct search s;
    size_t from;
    if (!search_begin(w, pattern, v, start, end, &s, &from)) return TT_FAIL;
    const uint8_t *found = memmem(s.text, s.n, s.pattern, s.m);
    if (!found) return TT_FALSE;
    return tt_fixnum((tt_sword)string_index_of(v, from + (size_t)(found - s.text)));
}

tt_word tt_prim_string_find_last(struct worker *w, tt_word pattern, tt_word v, tt_word start, tt_word end)
{
    struct search s;
    size_t from;
    if (!search_begin(w, pattern, v, start, end, &s, &from)) return TT_FAIL;
    if (s.m == 0) return end;
    if (s.m > s.n) return TT_FALSE;
    s.backwards = true;
    size_t *borders = borders_of(w, &s), matched = 0, i = 0;
    if (!borders) return TT_FAIL;
    while (i < s.n && !search_step(&s, borders, i, &matched))
        i++;
    free(borders);
    return i == s.n ? TT_FALSE : tt_fixnum((tt_sword)string_index_of(v, from + s.n - 1 - i));
}

/* The empty pattern is everywhere. */
static tt_word all_indices(struct worker *w, tt_word start, tt_word end)
{
    struct list_builder b = list_build();
    for (tt_word i = start; i <= end && b.list != TT_FAIL; i += tt_fixnum(1))
        list_add(w, &b, i);
    return b.list;
}

tt_word tt_prim_string_find_all(struct worker *w, tt_word pattern, tt_word v, tt_word start, tt_word end)
{
    struct search s;
    size_t from, matched = 0, counted = 0;
    if (!search_begin(w, pattern, v, start, end, &s, &from)) return TT_FAIL;
    if (s.m == 0) return all_indices(w, start, end);
    struct list_builder b = list_build();
    if (s.m > s.n) return b.list;
    size_t *borders = borders_of(w, &s);
    if (!borders) return TT_FAIL;
    tt_word index = start; /* of the character at byte `counted` */
    for (size_t i = 0; i < s.n && b.list != TT_FAIL; i++) {
        if (!search_step(&s, borders, i, &matched)) continue;
        size_t found = i + 1 - s.m;
        index += tt_fixnum((tt_sword)utf8_chars(s.text + counted, found - counted));
        counted = found;
        list_add(w, &b, index);
    }
    free(borders);
    return b.list;
}

tt_word tt_prim_string_pieces(struct worker *w, tt_word pattern, tt_word v)
{
    if (!arg_is_type(w, "string-split", v, TT_TYPE_STRING) ||
        !arg_is_type(w, "string-split", pattern, TT_TYPE_STRING))
        return TT_FAIL;
    size_t m = string_length(pattern), n = string_length(v), from = 0;
    if (m == 0) return fail_out_of_range(w, "string-split", pattern);
    struct list_builder b = list_build();
    while (b.list != TT_FAIL) {
        const uint8_t *found = memmem(string_bytes(v) + from, n - from, string_bytes(pattern), m);
        size_t to = found ? (size_t)(found - string_bytes(v)) : n;
        list_add(w, &b, string_part(w, v, from, to));
        if (!found) break;
        from = to + m;
    }
    return b.list;
}

/* -- case ------------------------------------------------------------------ */

static tt_word ascii_in_case(struct worker *w, enum char_case kind, tt_word v)
{
    size_t n = string_length(v);
    struct tt_obj_STRING *result = string_alloc(w, n, n);
    if (!result) return TT_FAIL;
    uint8_t first = kind == CHAR_UPCASE ? 'a' : 'A';
    const uint8_t *from = string_bytes(v);
    for (size_t i = 0; i < n; i++)
        result->byte[i] = from[i] ^ ((uint8_t)(from[i] - first) < 26 ? 'a' ^ 'A' : 0);
    return string_finish(result);
}

#define SIGMA       "\xce\xa3" /* the capital */
#define SMALL_SIGMA "\xcf\x83"
#define FINAL_SIGMA "\xcf\x82"
#define SIGMA_BYTES 2

/* Is the next character before / from p on that is not case-ignorable a cased one? */
static bool cased_before(const uint8_t *start, const uint8_t *p)
{
    while (p != start) {
        size_t n;
        do
            p--;
        while (utf8_is_inner(*p));
        uint32_t c = utf8_decode(p, &n);
        if (!char_is_case_ignorable(c)) return char_is_cased(c);
    }
    return false;
}

static bool cased_from(const uint8_t *p, const uint8_t *end)
{
    size_t n;
    for (; p != end; p += n) {
        uint32_t c = utf8_decode(p, &n);
        if (!char_is_case_ignorable(c)) return char_is_cased(c);
    }
    return false;
}

static void add_in_case(struct text *out, enum char_case kind, const uint8_t *from, const uint8_t *to)
{
    size_t n;
    uint8_t *mapped = char_text_in_case(kind, from, (size_t)(to - from), &n);
    if (mapped)
        text_add(out, mapped, n);
    else
        out->failed = true;
    free(mapped);
}

/* A capital sigma at the end of a word has a form of its own (Final_Sigma of Unicode's SpecialCasing). */
static void add_lower(struct text *out, const uint8_t *start, const uint8_t *end)
{
    const uint8_t *from = start;
    for (const uint8_t *sigma; (sigma = memmem(from, (size_t)(end - from), SIGMA, SIGMA_BYTES));
         from = sigma + SIGMA_BYTES) {
        add_in_case(out, CHAR_DOWNCASE, from, sigma);
        bool ends_word = cased_before(start, sigma) && !cased_from(sigma + SIGMA_BYTES, end);
        text_add(out, ends_word ? FINAL_SIGMA : SMALL_SIGMA, SIGMA_BYTES);
    }
    add_in_case(out, CHAR_DOWNCASE, from, end);
}

static tt_word string_in_case(struct worker *w, const char *operation, tt_word v, enum char_case kind)
{
    if (!arg_is_type(w, operation, v, TT_TYPE_STRING)) return TT_FAIL;
    if (string_is_ascii(v)) return ascii_in_case(w, kind, v);
    const uint8_t *start = string_bytes(v), *end = start + string_length(v);
    struct text text = {0};
    if (!heap_leaves_room(string_length(v) * CHAR_CASE_MAX))
        text.failed = true;
    else if (kind == CHAR_DOWNCASE)
        add_lower(&text, start, end);
    else
        add_in_case(&text, kind, start, end);
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
    return string_in_case(w, "string-upcase", v, CHAR_UPCASE);
}

tt_word tt_prim_string_downcase(struct worker *w, tt_word v)
{
    return string_in_case(w, "string-downcase", v, CHAR_DOWNCASE);
}

tt_word tt_prim_string_foldcase(struct worker *w, tt_word v)
{
    return string_in_case(w, "string-foldcase", v, CHAR_FOLDCASE);
}
