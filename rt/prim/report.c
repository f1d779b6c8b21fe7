/* %report-uncaught: an exception that no handler took, on standard error:
 *
 *   app.scm:12:7: error in frob: car: wrong type of argument: 5 (the call is (car pair))
 *     kind wrong-type, in the main process
 *     in frob at app.scm:12:7
 *     in main at app.scm:20:3
 *
 * made as one text and written at once, so that reports do not mix. */
#include <string.h>

#include "rt/actor/sched.h"
#include "rt/code/backtrace.h"
#include "rt/code/point.h"
#include "rt/obj/list.h"
#include "rt/obj/log.h"
#include "rt/obj/print.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

#define BACKTRACE_MAX 8
#define NESTED_MAX    1000 /* conditions in conditions; from outside they may be circular */

#define VALUE_MAX_BYTES     2000 /* of one value's text */
#define IRRITANTS_MAX_BYTES 4000 /* of all of them, about */

static void add_value(struct worker *w, struct text *out, tt_word value, enum print_style style)
{
    struct text text = {0};
    bool is_whole = print_front(w, &text, value, style, VALUE_MAX_BYTES + 1);
    text_add_printable(out, text.bytes, text.n, VALUE_MAX_BYTES);
    if (!is_whole) text_add_c(out, "...");
    text_free(&text);
}

static void add_place(struct text *out, const struct place *place)
{
    text_add_c(out, place->file);
    text_addf(out, ":%u:%u", place->line, place->column);
}

static void add_frame(struct text *out, const struct place *place)
{
    text_add_c(out, "  in ");
    text_add_c(out, place->procedure);
    text_add_c(out, " at ");
    add_place(out, place);
    text_add_c(out, "\n");
}

/* The values with blanks between. */
static void add_values(struct worker *w, struct text *out, tt_word list)
{
    const char *separator = "";
    size_t start = out->n;
    for (struct list_cursor values = list_begin(list); list_next(&values); separator = " ") {
        text_add_c(out, separator);
        if (out->n - start > IRRITANTS_MAX_BYTES) {
            text_add_c(out, "...");
            break;
        }
        add_value(w, out, values.item, PRINT_WRITE);
    }
}

static const struct shape {
    const char *names, *parameters;
} shapes[] = {
#define SHAPE(names, parameters) {names, parameters},
#include "rt/abi/shapes.def"
#undef SHAPE
};

static bool has_word(const char *words, const char *word, size_t n)
{
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (length == n && memcmp(at, word, n) == 0) return true;
        at += length;
    }
    return false;
}

/* The message is "operation: text". */
static void add_shape(struct text *out, tt_word message)
{
    if (!tt_is_type(message, TT_TYPE_STRING)) return;
    const char *text = (const char *)string_bytes(message);
    const char *colon = memchr(text, ':', string_length(message));
    size_t n = colon ? (size_t)(colon - text) : 0;
    for (size_t i = 0; n > 0 && i < sizeof shapes / sizeof *shapes; i++) {
        if (!has_word(shapes[i].names, text, n)) continue;
        text_add_c(out, " (the call is (");
        text_add(out, text, n);
        text_addf(out, " %s))", shapes[i].parameters);
        return;
    }
}

static tt_word range_of(const struct tt_obj_CONDITION *c)
{
    return tt_is_pair(c->site) && tt_is_pair(tt_cdr(c->site)) ? tt_cdr(c->site) : TT_FALSE;
}

static void add_range(struct text *out, tt_word range)
{
    tt_sword low = tt_fixnum_value(tt_car(range)), high = tt_fixnum_value(tt_cdr(range));
    if (high < low)
        text_add_c(out, " (there is nothing in range)");
    else
        text_addf(out, " (the range is %ld to %ld)", (long)low, (long)high);
}

static void add_arity(struct text *out, tt_word range)
{
    long low = (long)tt_fixnum_value(tt_car(range)), high = (long)tt_fixnum_value(tt_cdr(range));
    if (high < 0)
        text_addf(out, " (it takes at least %ld)", low);
    else if (low == high)
        text_addf(out, " (it takes %ld)", low);
    else
        text_addf(out, " (it takes %ld to %ld)", low, high);
}

/* The value that was called, and the arguments. */
static void add_call(struct worker *w, struct text *out, tt_word irritants)
{
    text_add_c(out, ": ");
    add_value(w, out, tt_car(irritants), PRINT_WRITE);
    bool has_arguments = tt_is_pair(tt_cdr(irritants));
    text_add_c(out, has_arguments ? " (called with " : " (called without arguments");
    add_values(w, out, tt_cdr(irritants));
    text_add_c(out, ")");
}

static void add_irritants(struct worker *w, struct text *out, const struct tt_obj_CONDITION *c)
{
    if (c->kind == TT_SYM(NOT_A_PROCEDURE) && tt_is_pair(c->irritants)) {
        add_call(w, out, c->irritants);
        return;
    }
    if (tt_is_pair(c->irritants)) text_add_c(out, ": ");
    add_values(w, out, c->irritants);
    tt_word range = range_of(c);
    if (c->kind == TT_SYM(WRONG_TYPE)) add_shape(out, c->message);
    if (range == TT_FALSE || !tt_is_fixnum(tt_car(range)) || !tt_is_fixnum(tt_cdr(range))) return;
    if (c->kind == TT_SYM(OUT_OF_RANGE)) add_range(out, range);
    if (c->kind == TT_SYM(WRONG_NUMBER_OF_ARGUMENTS)) add_arity(out, range);
}

static void add_condition(struct worker *w, struct text *out, const struct tt_obj_CONDITION *c)
{
    text_add_c(out, ": ");
    add_value(w, out, c->message, PRINT_DISPLAY);
    add_irritants(w, out, c);
    text_add_c(out, "\n  kind ");
    add_value(w, out, c->kind, PRINT_DISPLAY);
    text_add_c(out, ", in ");
}

static void add_process(struct worker *w, struct text *out)
{
    if (w->sched->running->is_main) {
        text_add_c(out, "the main process\n");
        return;
    }
    text_add_c(out, "process ");
    add_value(w, out, w->self_pid, PRINT_WRITE);
    text_add_c(out, "\n");
}

/* Where it happened: the condition's own site if that is the user's code, else
 * the innermost frame of the user. */
static void add_headline(struct worker *w, struct text *out, const struct place *where)
{
    if (where)
        add_place(out, where);
    else
        text_add_c(out, w->node->program->name);
    text_add_c(out, ": error");
    if (where) {
        text_add_c(out, " in ");
        text_add_c(out, where->procedure);
    }
}

/* A non-continuable condition arose in a handler; of interest is where the
 * condition that it handled (its irritant) arose. */
static bool place_of_condition(tt_word object, struct place *out)
{
    bool has_place = false;
    for (unsigned depth = 0; depth < NESTED_MAX && tt_is_type(object, TT_TYPE_CONDITION); depth++) {
        const struct tt_obj_CONDITION *c = TT_OBJ(CONDITION, object);
        struct place place;
        if (place_of_site(tt_is_pair(c->site) ? tt_car(c->site) : c->site, &place)) {
            *out = place;
            has_place = true;
        }
        if (c->kind != TT_SYM(NON_CONTINUABLE)) break;
        object = tt_is_pair(c->irritants) ? tt_car(c->irritants) : TT_FALSE;
    }
    return has_place;
}

static void add_report(struct worker *w, struct text *out, tt_word object, tt_word *sp)
{
    bool is_condition = tt_is_type(object, TT_TYPE_CONDITION);
    struct place items[BACKTRACE_MAX], site;
    struct places places = {.items = items, .limit = BACKTRACE_MAX};
    if (place_of_condition(object, &site)) places_add(&places, site);
    places_add_frames(&places, w, sp);
    add_headline(w, out, places.n ? &items[0] : NULL);
    if (is_condition) {
        add_condition(w, out, TT_OBJ(CONDITION, object));
    } else {
        text_add_c(out, ": uncaught exception: ");
        add_value(w, out, object, PRINT_WRITE);
        text_add_c(out, "\n  in ");
    }
    add_process(w, out);
    for (size_t i = 0; i < places.n; i++)
        add_frame(out, &items[i]);
    if (places.are_more) text_add_c(out, "  ...\n");
}

POINT_CODE(tt_proc_report_uncaught)
{
    CHECK_ARGS(argc == 1);
    w->saved_sp = sp;
    struct text text = {0};
    if (w->sched->running->is_main || log_may_report(w->node)) {
        add_report(w, &text, a0, sp);
        log_text(w->node, &text);
    }
    text_free(&text);
    JUMP_RETURN(w, sp, hp, TT_VOID);
}
