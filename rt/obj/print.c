#include "rt/obj/print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/obj/print_labels.h"
#include "rt/obj/bignum.h"
#include "rt/obj/record_type.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/lexical/utf8.h"
#include "rt/os/sizes.h"

/* A value of which the front is printed gets labels if it has no more parts. */
#define FRONT_MAX_PARTS ((size_t)1 << 14)

/* What is still to be printed, last in first out. */
struct pending {
    enum { VALUE, LIST_REST, PARTS, TEXT } kind;
    tt_word v;           /* VALUE, LIST_REST */
    const tt_word *next; /* PARTS */
    size_t n;            /* PARTS */
    const char *text;    /* TEXT; PARTS: what closes them */
};

struct printer {
    struct worker *w;
    struct text *out;
    size_t end; /* of the text: what is behind it need not be there; SIZE_MAX: it is all wanted */
    bool write;
    struct pending *stack;
    size_t depth, capacity;
    struct seen labels;
    size_t n_labels;
};

static void push(struct printer *p, struct pending pending)
{
    if (p->depth == p->capacity) {
        size_t capacity = p->capacity ? 2 * p->capacity : 32;
        struct pending *stack = items_resize(p->stack, capacity, sizeof *stack);
        if (!stack) {
            p->out->failed = true;
            return;
        }
        p->stack = stack;
        p->capacity = capacity;
    }
    p->stack[p->depth++] = pending;
}

static bool has_label(const struct printer *p, tt_word v)
{
    return tt_is_pointer(v) && (seen_get(&p->labels, v) & LABEL_WANTED);
}

/* True: the label stood for the value. */
static bool print_label(struct printer *p, tt_word v)
{
    if (!has_label(p, v)) return false;
    tt_word number = seen_get(&p->labels, v) >> 3;
    if (number > 0) {
        text_addf(p->out, "#%" PRIuPTR "#", number - 1);
        return true;
    }
    text_addf(p->out, "#%zu=", p->n_labels);
    seen_set(&p->labels, v, ++p->n_labels << 3 | LABEL_WANTED);
    return false;
}

static bool is_symbol(tt_word v, const struct tt_obj_SYMBOL *symbol)
{
    return v == tt_tagged(symbol, TT_TAG_OBJECT);
}

static bool has_one_operand(tt_word form)
{
    tt_word rest = tt_cdr(form);
    return tt_is_pair(rest) && tt_cdr(rest) == TT_NIL;
}

/* Whether some (unquote x ...) in a quasiquoted list has more or less than one operand, and therefore no
 * short form: the list around it is written in full, too. Looks at the first parts only, as the list may be
 * long, deep or cyclic. */
static bool has_long_unquote(tt_word list, int levels, int *parts_left)
{
    for (; tt_is_pair(list) && (*parts_left)-- > 0; list = tt_cdr(list)) {
        tt_word head = tt_car(list);
        bool is_unquote = is_symbol(head, &tt_sym_UNQUOTE) || is_symbol(head, &tt_sym_UNQUOTE_SPLICING);
        if (is_unquote && !has_one_operand(list)) return true;
        if (levels > 0 && has_long_unquote(head, levels - 1, parts_left)) return true;
    }
    return false;
}

/* 'x for (quote x) and so on; NULL if the list is no such form. */
static const char *abbreviation(const struct printer *p, tt_word list)
{
    static const struct {
        const struct tt_obj_SYMBOL *symbol;
        const char *prefix;
    } rows[] = {{&tt_sym_QUOTE, "'"},
                {&tt_sym_QUASIQUOTE, "`"},
                {&tt_sym_UNQUOTE, ","},
                {&tt_sym_UNQUOTE_SPLICING, ",@"}};
    tt_word rest = tt_cdr(list);
    if (!has_one_operand(list) || has_label(p, rest)) return NULL;
    int parts_left = 1000;
    if (is_symbol(tt_car(list), &tt_sym_QUASIQUOTE) && has_long_unquote(tt_car(rest), 100, &parts_left))
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (is_symbol(tt_car(list), rows[i].symbol)) return rows[i].prefix;
    return NULL;
}

static void print_pair(struct printer *p, tt_word pair)
{
    const char *prefix = abbreviation(p, pair);
    if (prefix) {
        text_add_c(p->out, prefix);
        push(p, (struct pending){VALUE, .v = tt_car(tt_cdr(pair))});
        return;
    }
    text_add_c(p->out, "(");
    push(p, (struct pending){LIST_REST, .v = tt_cdr(pair)});
    push(p, (struct pending){VALUE, .v = tt_car(pair)});
}

static void print_list_rest(struct printer *p, tt_word rest)
{
    if (rest == TT_NIL) {
        text_add_c(p->out, ")");
    } else if (tt_is_pair(rest) && !has_label(p, rest)) {
        text_add_c(p->out, " ");
        push(p, (struct pending){LIST_REST, .v = tt_cdr(rest)});
        push(p, (struct pending){VALUE, .v = tt_car(rest)});
    } else {
        text_add_c(p->out, " . ");
        push(p, (struct pending){TEXT, .text = ")"});
        push(p, (struct pending){VALUE, .v = rest});
    }
}

static void print_parts_of(struct printer *p, const tt_word *words, size_t n, const char *close)
{
    if (n == 0) {
        text_add_c(p->out, close);
        return;
    }
    push(p, (struct pending){PARTS, .next = words + 1, .n = n - 1, .text = close});
    push(p, (struct pending){VALUE, .v = words[0]});
}

static void print_more_parts(struct printer *p, struct pending parts)
{
    if (parts.n > 0) text_add_c(p->out, " ");
    print_parts_of(p, parts.next, parts.n, parts.text);
}

/* The name of a type written <point> is point. */
static void print_type_name(struct printer *p, tt_word name)
{
    struct text text = {0};
    print_atom(p->w, &text, name, false);
    bool bracketed = text.n > 2 && text.bytes[0] == '<' && text.bytes[text.n - 1] == '>';
    text_add(p->out, text.bytes + bracketed, text.n - 2 * bracketed);
    text_free(&text);
}

static void print_record(struct printer *p, tt_word v)
{
    text_add_c(p->out, "#<");
    print_type_name(p, record_type_name(TT_OBJ(RECORD, v)->type));
    if (TT_OBJ(RECORD, v)->length > 0) text_add_c(p->out, " ");
    print_parts_of(p, TT_OBJ(RECORD, v)->ref, TT_OBJ(RECORD, v)->length, ">");
}

/* #<condition wrong-type "car: wrong type of argument" (5)> */
static void print_condition(struct printer *p, tt_word v)
{
    const struct tt_obj_CONDITION *condition = TT_OBJ(CONDITION, v);
    text_add_c(p->out, "#<condition ");
    push(p, (struct pending){TEXT, .text = ">"});
    push(p, (struct pending){VALUE, .v = condition->irritants});
    push(p, (struct pending){TEXT, .text = " "});
    push(p, (struct pending){VALUE, .v = condition->message});
    push(p, (struct pending){TEXT, .text = " "});
    push(p, (struct pending){VALUE, .v = condition->kind});
}

/* A long atom, of which there may be only a part or a description. True: that is done. */
static bool print_long_atom(struct printer *p, tt_word v, unsigned type)
{
    size_t left = p->end > p->out->n ? p->end - p->out->n : 0;
    if (type == TT_TYPE_STRING && string_length(v) > left) {
        size_t n = left;
        while (n > 0 && utf8_is_inner(string_bytes(v)[n]))
            n--;
        tt_word part = string_part(p->w, v, 0, n);
        if (part == TT_FAIL || !print_atom(p->w, p->out, part, p->write)) p->out->failed = true;
        if (n < left) text_add_c(p->out, "...");
    } else if (type == TT_TYPE_BYTEVECTOR && TT_OBJ(BYTEVECTOR, v)->length > left) {
        text_addf(p->out, "#<bytevector of %zu bytes>", (size_t)TT_OBJ(BYTEVECTOR, v)->length);
    } else if (type == TT_TYPE_BIGNUM && int_bit_length(v) / 4 > left) {
        text_addf(p->out, "#<integer of %zu bits>", (size_t)int_bit_length(v));
    } else if (type == TT_TYPE_RATNUM) {
        text_add_c(p->out, "#<ratio>");
    } else {
        return false;
    }
    return true;
}

static bool print_one(struct printer *p, tt_word v)
{
    if (tt_is_pair(v)) {
        if (!print_label(p, v)) print_pair(p, v);
        return true;
    }
    if (!tt_is_object(v)) return print_atom(p->w, p->out, v, p->write);
    unsigned type = tt_header_type(*tt_words(v));
    bool is_compound = type == TT_TYPE_VECTOR || type == TT_TYPE_RECORD || type == TT_TYPE_VALUES ||
                       type == TT_TYPE_CONDITION;
    if (!is_compound && p->end != SIZE_MAX && print_long_atom(p, v, type)) return true;
    if (!is_compound) return print_atom(p->w, p->out, v, p->write);
    if (print_label(p, v)) return true;
    if (type == TT_TYPE_RECORD) {
        print_record(p, v);
    } else if (type == TT_TYPE_CONDITION) {
        print_condition(p, v);
    } else {
        const tt_word *words = NULL;
        size_t n = print_parts(v, &words);
        text_add_c(p->out, type == TT_TYPE_VECTOR ? "#(" : "#<values ");
        print_parts_of(p, words, n, type == TT_TYPE_VECTOR ? ")" : ">");
    }
    return true;
}

static bool print_next(struct printer *p)
{
    struct pending top = p->stack[--p->depth];
    switch (top.kind) {
    case VALUE: return print_one(p, top.v);
    case LIST_REST: print_list_rest(p, top.v); return true;
    case PARTS: print_more_parts(p, top); return true;
    default: text_add_c(p->out, top.text); return true;
    }
}

static bool print_until(struct worker *w, struct text *out, tt_word v, enum print_style style, size_t end,
                        size_t most_parts)
{
    struct printer p = {.w = w, .out = out, .end = end, .write = style != PRINT_DISPLAY};
    bool ok = true;
    if (style != PRINT_SIMPLE && !print_find_labels(v, style == PRINT_SHARED, most_parts, &p.labels))
        out->failed = true;
    push(&p, (struct pending){VALUE, .v = v});
    while (ok && p.depth > 0 && !out->failed && out->n < end)
        ok = print_next(&p);
    free(p.stack);
    seen_free(&p.labels);
    if (out->failed) {
        heap_fail(w);
        return false;
    }
    return ok;
}

bool print_value(struct worker *w, struct text *out, tt_word v, enum print_style style)
{
    return print_until(w, out, v, style, SIZE_MAX, SIZE_MAX);
}

bool print_front(struct worker *w, struct text *out, tt_word v, enum print_style style, size_t most)
{
    return print_until(w, out, v, style, out->n + most, FRONT_MAX_PARTS);
}
