/* %report-uncaught: an exception that no handler took, on standard error:
 *
 *   app.scm:12:7: error in frob: car: wrong type of argument: 5
 *     kind wrong-type, in the main process
 *     in frob at app.scm:12:7
 *     in main at app.scm:20:3
 */
#include <stdio.h>
#include <stdlib.h>

#include "rt/actor/leave.h"
#include "rt/actor/sched.h"
#include "rt/code/backtrace.h"
#include "rt/code/point.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/prim/io.h"

#define BACKTRACE_MAX 8

/* The report is made as one text and written at once, so that reports of
 * different processes do not mix. */
static void print_value(struct worker *w, FILE *out, tt_word value, bool as_written)
{
    tt_word text = tt_prim_object_to_string(w, value, tt_bool(as_written));
    if (text == TT_FAIL)
        fputs("#<object>", out);
    else
        fwrite(string_bytes(text), 1, string_length(text), out);
}

static void print_place(FILE *out, const struct place *place)
{
    fprintf(out, "%s:%u:%u", place->file, place->line, place->column);
}

static void print_condition(struct worker *w, FILE *out, const struct tt_obj_CONDITION *c)
{
    print_value(w, out, c->message, false);
    const char *separator = ": ";
    for (tt_word l = c->irritants; tt_is_pair(l); l = tt_cdr(l)) {
        fputs(separator, out);
        print_value(w, out, tt_car(l), true);
        separator = " ";
    }
}

static void print_process(struct worker *w, FILE *out)
{
    if (w->sched->running->is_main)
        fputs("in the main process", out);
    else {
        fputs("in process ", out);
        print_value(w, out, w->self_pid, true);
    }
}

static void print_report(struct worker *w, FILE *out, tt_word object, tt_word *sp)
{
    bool is_condition = tt_is_type(object, TT_TYPE_CONDITION), more;
    struct place frames[BACKTRACE_MAX], site;
    size_t n = backtrace(w, sp, frames, BACKTRACE_MAX, &more);
    bool has_site = is_condition && place_of_site(TT_OBJ(CONDITION, object)->site, &site);
    const struct place *where = has_site ? &site : n ? &frames[0] : NULL;
    if (where)
        print_place(out, where);
    else
        fputs(w->node->program->name, out);
    fputs(": error", out);
    if (where)
        fprintf(out, " in %s", where->procedure);
    fputs(is_condition ? ": " : ": uncaught exception: ", out);
    if (is_condition)
        print_condition(w, out, TT_OBJ(CONDITION, object));
    else
        print_value(w, out, object, true);
    fputs("\n  ", out);
    if (is_condition) {
        fputs("kind ", out);
        print_value(w, out, TT_OBJ(CONDITION, object)->kind, false);
        fputs(", ", out);
    }
    print_process(w, out);
    fputc('\n', out);
    if (has_site) {
        fprintf(out, "  in %s at ", site.procedure);
        print_place(out, &site);
        fputc('\n', out);
    }
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "  in %s at ", frames[i].procedure);
        print_place(out, &frames[i]);
        fputc('\n', out);
    }
    if (more)
        fputs("  ...\n", out);
}

POINT_CODE(tt_proc_report_uncaught)
{
    CHECK_ARGS(argc == 1);
    w->saved_sp = sp;
    node_flush(w->node);
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out) {
        print_report(w, out, a0, sp);
        fclose(out);
        fwrite(text, 1, length, stderr);
        free(text);
    }
    JUMP_RETURN(w, sp, hp, TT_VOID);
}
