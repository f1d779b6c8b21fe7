#include "rt/node/net/reason.h"

#include <string.h>

#include "rt/mem/heap.h"
#include "rt/obj/list.h"
#include "rt/obj/print.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/lexical/utf8.h"

#define PRINTED_MAX_BYTES 4096

static tt_word list3(struct worker *w, tt_word first, tt_word second, tt_word rest)
{
    tt_word tail = second == TT_FAIL || rest == TT_FAIL ? TT_FAIL : heap_cons(w, second, rest);
    return tail == TT_FAIL || first == TT_FAIL ? TT_FAIL : heap_cons(w, first, tail);
}

static tt_word one_irritant(struct worker *w, tt_word irritant)
{
    return irritant == TT_FAIL ? TT_FAIL : heap_cons(w, irritant, TT_NIL);
}

tt_word remote_refusal(struct worker *w, const struct wire_failure *failure)
{
    tt_word message = string_from_text(w, wire_status_text(failure->status));
    tt_word irritants = TT_NIL;
    const char *kind = "bad-data";
    if (failure->status == WIRE_UNKNOWN_CODE || failure->status == WIRE_WRONG_CODE) {
        kind = "unknown-code";
        irritants = wire_code_irritants(w, failure);
    } else if (failure->status == WIRE_NO_MEMORY) {
        kind = "heap-exhausted";
    } else if (failure->status == WIRE_TOO_LARGE) {
        kind = "too-large";
    } else if (failure->status == WIRE_NOT_SERIALIZABLE) {
        kind = "not-serializable";
        irritants = one_irritant(w, string_from_bytes(w, failure->path.bytes, failure->path.n));
    }
    return list3(w, symbol_intern_text(w, kind), message, irritants);
}

static tt_word make_condition(struct worker *w, tt_word kind, tt_word message, tt_word irritants)
{
    struct tt_obj_CONDITION *c = heap_alloc(w, sizeof *c);
    if (!c || kind == TT_FAIL || message == TT_FAIL) return TT_FAIL;
    *c = (struct tt_obj_CONDITION){TT_HEADER((tt_word)TT_TYPE_CONDITION), kind, message, irritants, TT_FALSE};
    return tt_tagged(c, TT_TAG_OBJECT);
}

tt_word remote_condition(struct worker *w, const struct wire_failure *failure)
{
    tt_word refusal = remote_refusal(w, failure);
    if (refusal == TT_FAIL) return TT_SYM(EXCEPTION);
    tt_word condition = make_condition(w, tt_car(refusal), tt_car(tt_cdr(refusal)), tt_cdr(tt_cdr(refusal)));
    return condition == TT_FAIL ? tt_car(refusal) : condition;
}

/* At most PRINTED_MAX_BYTES, whole characters. */
static tt_word string_of_text(struct worker *w, const struct text *text)
{
    size_t n = text->n;
    if (n > PRINTED_MAX_BYTES) {
        n = PRINTED_MAX_BYTES;
        while (n > 0 && ((unsigned char)text->bytes[n] & 0xc0) == 0x80)
            n--;
    }
    return string_from_bytes(w, text->bytes, n);
}

static void add_printed(struct worker *w, struct text *text, tt_word v, enum print_style style)
{
    if (text->n < PRINTED_MAX_BYTES && !print_front(w, text, v, style, PRINTED_MAX_BYTES))
        text_add_c(text, "...");
}

static void describe_condition(struct worker *w, struct text *text, const struct tt_obj_CONDITION *c)
{
    add_printed(w, text, c->message, PRINT_DISPLAY);
    const char *separator = ": ";
    struct list_cursor irritants = list_begin(c->irritants);
    while (list_next(&irritants) && text->n < PRINTED_MAX_BYTES) {
        text_add_c(text, separator);
        add_printed(w, text, irritants.item, PRINT_WRITE);
        separator = " ";
    }
}

tt_word remote_substitute(struct worker *w, tt_word exception)
{
    struct text text = {0};
    bool is_condition = tt_is_type(exception, TT_TYPE_CONDITION);
    if (is_condition)
        describe_condition(w, &text, TT_OBJ(CONDITION, exception));
    else
        add_printed(w, &text, exception, PRINT_WRITE);
    tt_word message = string_of_text(w, &text);
    tt_word kind = is_condition ? TT_OBJ(CONDITION, exception)->kind : TT_FALSE;
    if (!tt_is_type(kind, TT_TYPE_SYMBOL)) kind = TT_SYM(EXCEPTION);
    text_free(&text);
    return make_condition(w, kind, message, TT_NIL);
}
