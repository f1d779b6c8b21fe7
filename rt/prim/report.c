/* %report-uncaught: an exception that no handler took, on standard error:
 *
 *   app.scm:12:7: error in frob: car: wrong type of argument: 5
 *     kind wrong-type, in the main process
 *     in frob at app.scm:12:7
 *     in main at app.scm:20:3
 *
 * made as one text and written at once, so that reports do not mix. */
#include "rt/actor/sched.h"
#include "rt/code/backtrace.h"
#include "rt/code/point.h"
#include "rt/obj/list.h"
#include "rt/obj/log.h"
#include "rt/obj/print.h"
#include "rt/obj/symbol.h"

#define BACKTRACE_MAX 8
#define NESTED_MAX 1000 /* conditions in conditions; from outside they may be circular */

#define VALUE_MAX_BYTES 2000     /* of one value's text */
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

static void add_condition(struct worker *w, struct text *out, const struct tt_obj_CONDITION *c)
{
    text_add_c(out, ": ");
    add_value(w, out, c->message, PRINT_DISPLAY);
    const char *separator = ": ";
    size_t start = out->n;
    for (struct list_cursor irritants = list_begin(c->irritants); list_next(&irritants); separator = " ") {
        text_add_c(out, separator);
        if (out->n - start > IRRITANTS_MAX_BYTES) {
            text_add_c(out, "...");
            break;
        }
        add_value(w, out, irritants.item, PRINT_WRITE);
    }
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
        if (place_of_site(c->site, &place)) {
            *out = place;
            has_place = true;
        }
        if (c->kind != TT_SYM(NON_CONTINUABLE))
            break;
        object = tt_is_pair(c->irritants) ? tt_car(c->irritants) : TT_FALSE;
    }
    return has_place;
}

static void add_report(struct worker *w, struct text *out, tt_word object, tt_word *sp)
{
    bool is_condition = tt_is_type(object, TT_TYPE_CONDITION);
    struct place items[BACKTRACE_MAX], site;
    struct places places = {.items = items, .limit = BACKTRACE_MAX};
    if (place_of_condition(object, &site))
        places_add(&places, site);
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
    if (places.are_more)
        text_add_c(out, "  ...\n");
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
