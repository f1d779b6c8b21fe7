/* What the reader of lib-scm asks of C: atoms from their text, and places in data that refer to themselves. */
#include <string.h>
#include <strings.h>

#include "rt/code/failure.h"
#include "rt/lexical/atom.h"
#include "rt/mem/heap.h"
#include "rt/obj/list.h"
#include "rt/obj/numtext.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/prim/arg.h"

static bool is_word(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && strncasecmp(text, word, n) == 0;
}

/* TT_NONE: no such constant. */
static tt_word constant_of(const char *text, size_t n)
{
    static const struct {
        const char *word;
        tt_word value;
    } constants[] = {{"#t", TT_TRUE},   {"#true", TT_TRUE},  {"#f", TT_FALSE},         {"#false", TT_FALSE},
                     {"#!eof", TT_EOF}, {"#!void", TT_VOID}, {"#!default", TT_DEFAULT}};
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (is_word(text, n, constants[i].word)) return constants[i].value;
    return TT_NONE;
}

static tt_word atom_of(struct worker *w, const char *text, size_t n)
{
    tt_word constant = constant_of(text, n);
    if (constant != TT_NONE) return constant;
    if (n > 2 && text[0] == '#' && text[1] == '\\') {
        int32_t c = atom_character(text + 2, n - 2);
        return c < 0 ? TT_NONE : tt_char((uint32_t)c);
    }
    if (atom_is_symbol(text, n)) return symbol_intern(w, text, n);
    tt_word number = num_from_text(w, text, n, 10);
    return number == TT_FALSE ? TT_NONE : number;
}

/* A list of the datum, or #f when the text is none. */
tt_word tt_prim_word_to_datum(struct worker *w, tt_word v)
{
    if (!arg_is_type(w, "read", v, TT_TYPE_STRING)) return TT_FAIL;
    tt_word atom = atom_of(w, (const char *)string_bytes(v), string_length(v));
    if (atom == TT_FAIL) return TT_FAIL;
    return atom == TT_NONE ? TT_FALSE : heap_cons(w, atom, TT_NIL);
}

/* Only for a pair or a vector that the reader has made and given to nobody: 0 is the car, 1 the cdr. */
tt_word tt_prim_set_part(struct worker *w, tt_word object, tt_word index, tt_word value)
{
    size_t i = tt_is_fixnum(index) ? (size_t)tt_fixnum_value(index) : SIZE_MAX;
    if (tt_is_pair(object) && i < 2) {
        heap_write(w, i == 0 ? &tt_pair(object)->car : &tt_pair(object)->cdr, value);
        return TT_VOID;
    }
    if (!arg_is_type(w, "read", object, TT_TYPE_VECTOR)) return TT_FAIL;
    if (i >= TT_OBJ(VECTOR, object)->length) return fail_out_of_range(w, "read", index);
    heap_write(w, &TT_OBJ(VECTOR, object)->ref[i], value);
    return TT_VOID;
}
