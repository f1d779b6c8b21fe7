/* The printer's atoms: everything without parts, or whose parts do not show. */
#include <inttypes.h>
#include <string.h>

#include "rt/code/frames.h"
#include "rt/lexical/atom.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/boots.h"
#include "rt/obj/char.h"
#include "rt/obj/far.h"
#include "rt/obj/numtext.h"
#include "rt/obj/print.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

static void add_string(struct text *out, tt_word string)
{
    text_add(out, string_bytes(string), string_length(string));
}

static void write_char(struct text *out, uint32_t c)
{
    const char *name = atom_character_name(c);
    text_add_c(out, "#\\");
    if (name)
        text_add_c(out, name);
    else if (char_is_graphic(c))
        text_add_char(out, c);
    else
        text_addf(out, "x%" PRIx32, c);
}

/* Between delimiters; `delimiter` and backslash are escaped. */
static void write_escaped(struct text *out, tt_word string, char delimiter)
{
    static const char codes[] = "\a\b\t\n\r", letters[] = "abtnr";
    const uint8_t *bytes = string_bytes(string);
    text_add(out, &delimiter, 1);
    for (size_t i = 0; i < string_length(string); i++) {
        uint8_t c = bytes[i];
        const char *code = c ? strchr(codes, c) : NULL;
        if (c == delimiter || c == '\\')
            text_addf(out, "\\%c", c);
        else if (code)
            text_addf(out, "\\%c", letters[code - codes]);
        else if (c < ' ' || c == 0x7f)
            text_addf(out, "\\x%x;", c);
        else
            text_add(out, &bytes[i], 1);
    }
    text_add(out, &delimiter, 1);
}

/* Would the reader see anything else than this symbol in its bare name? */
static bool needs_bars(tt_word name)
{
    const uint8_t *bytes = string_bytes(name);
    size_t n = string_length(name), size;
    for (size_t i = 0; i < n; i += size) {
        uint32_t c = utf8_decode(bytes + i, &size);
        if (!char_is_graphic(c) || (c < 0x80 && strchr(ATOM_DELIMITERS "\\", (int)c))) return true;
    }
    return !atom_is_symbol((const char *)bytes, n);
}

static void print_symbol(struct text *out, tt_word symbol, bool write)
{
    tt_word name = symbol_name(symbol);
    if (write && needs_bars(name))
        write_escaped(out, name, '|');
    else
        add_string(out, name);
}

/* The front part of it. */
static void print_pid(struct text *out, uint64_t serial)
{
    text_addf(out, "#<pid %" PRIu64 ".%" PRIu64, serial & (((uint64_t)1 << TT_PID_INDEX_BITS) - 1),
              serial >> TT_PID_INDEX_BITS);
}

static void print_immediate(struct text *out, tt_word v, bool write)
{
    tt_word payload = v >> TT_IMM_SHIFT;
    if (tt_is_sub(v, TT_SUB_CHAR)) {
        if (write)
            write_char(out, tt_char_value(v));
        else
            text_add_char(out, tt_char_value(v));
        return;
    }
    if (tt_is_sub(v, TT_SUB_PID)) {
        print_pid(out, near_serial(v));
        text_add_c(out, ">");
        return;
    }
    if (tt_is_sub(v, TT_SUB_TAG)) {
        text_addf(out, "#<tag %" PRIu64 ">", near_serial(v));
        return;
    }
    if (tt_is_sub(v, TT_SUB_TIME)) {
        text_add_c(out, "#<time>");
        return;
    }
    static const char *const constants[] = {
#define IMMEDIATE(name, number, text) [number] = text,
#include "rt/abi/immediates.def"
#undef IMMEDIATE
    };
    bool is_known = tt_is_sub(v, TT_SUB_CONSTANT) && payload < sizeof constants / sizeof constants[0];
    text_add_c(out, is_known ? constants[payload] : "#<unknown>");
}

static void print_closure(struct text *out, tt_word v)
{
    const struct tt_code_desc *desc = tt_desc_of(tt_closure(v)->code);
    const char *name = desc->name_off ? (const char *)desc + desc->name_off : "";
    if (*name == '%') name = ""; /* one of the library's own, which programs do not know */
    text_add_c(out, *name ? "#<procedure " : "#<procedure");
    text_add_c(out, name);
    text_add_c(out, ">");
}

static void print_bytevector(struct text *out, tt_word v)
{
    text_add_c(out, "#u8(");
    for (size_t i = 0; i < TT_OBJ(BYTEVECTOR, v)->length; i++)
        text_addf(out, i ? " %u" : "%u", TT_OBJ(BYTEVECTOR, v)->byte[i]);
    text_add_c(out, ")");
}

static bool print_number(struct worker *w, struct text *out, tt_word v)
{
    tt_word string = num_to_string(w, v, 10);
    if (string == TT_FAIL) return false;
    add_string(out, string);
    return true;
}

static void print_node(struct worker *w, struct text *out, tt_word v)
{
    text_add_c(out, "#<node ");
    print_atom(w, out, TT_OBJ(NODE, v)->host, false);
    text_add_c(out, ":");
    print_atom(w, out, TT_OBJ(NODE, v)->port, false);
    text_add_c(out, ">");
}

/* What a run has made: its number there, and which run, if it is another one. */
static void print_far(struct worker *w, struct text *out, tt_word v)
{
    struct far far;
    far_read(v, &far);
    const struct boot *boot = boots_at(w->node->boots, far.boot);
    switch (far_kind(v)) {
    case FAR_PID: print_pid(out, far.serial); break;
    case FAR_TAG: text_addf(out, "#<tag %" PRIu64, far.serial); break;
    case FAR_PORT: text_addf(out, "#<port %" PRIu64, far.serial); break;
    }
    if (far.boot == 0) {
        text_add_c(out, ">");
        return;
    }
    text_add_c(out, " on ");
    if (boot->port) text_addf(out, "%s:%u/", boot->host, boot->port);
    for (size_t i = 0; i < 4; i++)
        text_addf(out, "%02x", boot->id[i]);
    text_add_c(out, ">");
}

static void print_service(struct worker *w, struct text *out, tt_word v)
{
    text_add_c(out, "#<service ");
    print_atom(w, out, TT_OBJ(SERVICE, v)->name, false);
    text_add_c(out, " on ");
    print_atom(w, out, TT_OBJ(SERVICE, v)->node, false);
    text_add_c(out, ">");
}

static bool print_object(struct worker *w, struct text *out, tt_word v, bool write)
{
    switch (tt_header_type(*tt_words(v))) {
    case TT_TYPE_BIGNUM:
    case TT_TYPE_RATNUM: return print_number(w, out, v);
    case TT_TYPE_STRING:
        if (write)
            write_escaped(out, v, '"');
        else
            add_string(out, v);
        return true;
    case TT_TYPE_SYMBOL: print_symbol(out, v, write); return true;
    case TT_TYPE_BYTEVECTOR: print_bytevector(out, v); return true;
    case TT_TYPE_RECORD_TYPE:
        text_add_c(out, "#<record-type ");
        print_atom(w, out, TT_OBJ(RECORD_TYPE, v)->name, false);
        text_add_c(out, ">");
        return true;
    case TT_TYPE_BOX: text_add_c(out, "#<box>"); return true;
    case TT_TYPE_PROMISE: text_add_c(out, "#<promise>"); return true;
    case TT_TYPE_STACK: text_add_c(out, "#<continuation>"); return true;
    case TT_TYPE_SIGNAL: text_add_c(out, "#<signal>"); return true;
    case TT_TYPE_PORT:
        text_add_c(out, "#<port ");
        print_atom(w, out, TT_OBJ(PORT, v)->number, false);
        text_add_c(out, ">");
        return true;
    case TT_TYPE_NODE: print_node(w, out, v); return true;
    case TT_TYPE_SERVICE: print_service(w, out, v); return true;
    case TT_TYPE_DEADLINE: text_add_c(out, "#<time>"); return true;
    case TT_TYPE_PID:
    case TT_TYPE_TAG:
    case TT_TYPE_FAR_PORT: print_far(w, out, v); return true;
    default: text_add_c(out, "#<object>"); return true;
    }
}

static void print_fixnum(struct text *out, tt_word v)
{
    char digits[32], *end = digits + sizeof digits, *at = end;
    tt_sword n = tt_fixnum_value(v);
    tt_word rest = n < 0 ? -(tt_word)n : (tt_word)n;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (n < 0) *--at = '-';
    text_add(out, at, (size_t)(end - at));
}

bool print_atom(struct worker *w, struct text *out, tt_word v, bool write)
{
    switch (tt_tag(v)) {
    case TT_TAG_FIXNUM: print_fixnum(out, v); return true;
    case TT_TAG_FLONUM: return print_number(w, out, v);
    case TT_TAG_CLOSURE: print_closure(out, v); return true;
    case TT_TAG_OBJECT: return print_object(w, out, v, write);
    default: print_immediate(out, v, write); return true;
    }
}
