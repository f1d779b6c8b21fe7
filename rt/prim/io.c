/* Output: values to ports and to strings. */
#include <errno.h>
#include <string.h>

#include "rt/actor/cursor.h"
#include "rt/actor/leave.h"
#include "rt/actor/sched.h"
#include "rt/code/point.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/port.h"
#include "rt/obj/print.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/prim/arg.h"
#include "rt/prim/console.h"
#include "rt/prim/file.h"
#include "rt/prim/io.h"
#include "rt/prim/node.h"

#define FEW_BYTES 256 /* of most texts: they need no malloc */

tt_word tt_prim_port(struct worker *w, tt_word number)
{
    bool is_console = tt_is_fixnum(number) && number < tt_fixnum(PORT_FIRST_FILE);
    return is_console ? port_of_number(w, (uint64_t)tt_fixnum_value(number), false) : TT_FALSE;
}

tt_word tt_prim_port_isp(struct worker *w, tt_word v, tt_word kinds)
{
    unsigned wanted = tt_is_fixnum(kinds) ? (unsigned)tt_fixnum_value(kinds) : 0;
    return tt_bool(wanted && (port_kind(v) & wanted) == wanted);
}

static bool is_open(struct worker *w, tt_word port)
{
    uint64_t number = port_number(port);
    return number < PORT_FIRST_FILE ? console_is_open(w->node->console, number) : file_is_open(w, number);
}

tt_word tt_prim_port_openp(struct worker *w, tt_word port)
{
    return tt_bool(tt_is_type(port, TT_TYPE_PORT) && is_open(w, port));
}

bool arg_port(struct worker *w, const char *operation, tt_word port, unsigned kinds)
{
    if ((port_kind(port) & kinds) != kinds)
        fail_wrong_type(w, operation, port);
    else if (tt_is_type(port, TT_TYPE_PORT) && !is_open(w, port))
        fail_condition(w, CONDITION_PORT_CLOSED, operation, heap_cons(w, port, TT_NIL));
    else
        return true;
    return false;
}

static tt_word fail_system(struct worker *w, const char *operation, int error)
{
    tt_word reason = string_from_text(w, strerror(error));
    if (reason == TT_FAIL) return TT_FAIL;
    return fail_condition(w, CONDITION_SYSTEM, operation, heap_cons(w, reason, TT_NIL));
}

/* Nobody reads any more: as SIGPIPE ends other programs, without a word. A node may serve others. */
static tt_word fail_output(struct worker *w, const char *operation, int error)
{
    if (error == EPIPE && !w->node->serves) node_leave(w->node, EXIT_UNREAD);
    return fail_system(w, operation, error);
}

/* Closing a closed port has no effect. */
tt_word tt_prim_close_port(struct worker *w, tt_word port)
{
    int error = 0;
    if (tt_is_type(port, TT_TYPE_FAR_PORT)) return far_write(w, port, "", 0);
    if (!arg_is_type(w, "close-port", port, TT_TYPE_PORT)) return TT_FAIL;
    if (!is_open(w, port)) return TT_VOID;
    if (port_number(port) >= PORT_FIRST_FILE) return file_close(w, port);
    return console_close(w->node->console, port_number(port), &error) ? TT_VOID
                                                                      : fail_output(w, "close-port", error);
}

static tt_word emit(struct worker *w, const char *operation, tt_word port, const void *bytes, size_t n)
{
    if (n == 0) return TT_VOID;
    if (tt_is_type(port, TT_TYPE_FAR_PORT)) return far_write(w, port, bytes, n);
    int error;
    bool ok = console_write(w->node->console, port_number(port), bytes, n, &error);
    return ok ? TT_VOID : fail_output(w, operation, error);
}

void io_write_for_peer(struct worker *w, uint64_t number, const uint8_t *bytes, size_t n)
{
    tt_word port = port_of_number(w, number, false);
    if (port == TT_FAIL || !is_open(w, port)) return;
    if (n == 0)
        tt_prim_close_port(w, port);
    else if (!(port_kind(port) & PORT_IS_OUTPUT))
        return;
    else if (port_kind(port) & PORT_IS_BINARY)
        file_write_number(w, number, bytes, n);
    else
        console_write_for_peer(w->node, number, bytes, n);
}

static bool arg_style(struct worker *w, const char *operation, tt_word style)
{
    size_t ignored;
    return arg_index(w, operation, style, PRINT_SIMPLE, &ignored);
}

static tt_word write_value(struct worker *w, const char *operation, tt_word v, enum print_style style,
                           tt_word port)
{
    if (style == PRINT_DISPLAY && tt_is_type(v, TT_TYPE_STRING))
        return emit(w, operation, port, string_bytes(v), string_length(v));
    char few[FEW_BYTES];
    struct text text = text_on(few, sizeof few);
    tt_word result = TT_FAIL;
    if (print_value(w, &text, v, style)) result = emit(w, operation, port, text.bytes, text.n);
    text_free(&text);
    return result;
}

static bool is_console(tt_word port)
{
    return tt_is_type(port, TT_TYPE_PORT) && port_number(port) < PORT_FIRST_FILE;
}

/* #f: nothing is written, %wait-output comes first. Symbols live as long as the node does, their text with them. */
tt_word tt_prim_write_text(struct worker *w, tt_word who, tt_word v, tt_word style, tt_word port)
{
    if (!arg_is_type(w, "write", who, TT_TYPE_SYMBOL)) return TT_FAIL;
    const char *operation = (const char *)string_bytes(symbol_name(who));
    if (!arg_style(w, operation, style) || !arg_port(w, operation, port, PORT_IS_OUTPUT | PORT_IS_TEXTUAL))
        return TT_FAIL;
    if (is_console(port) && console_is_full(w->node->console, port_number(port))) return TT_FALSE;
    return write_value(w, operation, v, (enum print_style)tt_fixnum_value(style), port);
}

/* #f: all is handed on; or how far that has to go (%wait-output). */
tt_word tt_prim_flush_output(struct worker *w, tt_word port, tt_word mark)
{
    if (!arg_port(w, "flush-output-port", port, PORT_IS_OUTPUT)) return TT_FAIL;
    if (!is_console(port)) return TT_FALSE; /* without a buffer */
    const struct console *console = w->node->console;
    uint64_t number = port_number(port),
             end = mark == TT_FALSE ? console_mark(console, number) : cursor_seq(mark);
    int error;
    if (!console_flush(console, number, &error)) return fail_output(w, "flush-output-port", error);
    return console_is_written(console, number, end) ? TT_FALSE : cursor_of(w, end);
}

/* (%wait-output port mark): the process is parked until the port of the console takes more, if mark is #f, else until
 * all up to there is written; who is woken looks again. */
POINT_CODE(tt_proc_wait_output)
{
    CHECK_ARGS(argc == 2);
    struct process *p = w->sched->running;
    const struct console *console = w->node->console;
    w->saved_sp = sp;
    w->site = 0;
    if (!is_console(a0) || port_number(a0) == PORT_INPUT) JUMP_RETURN(w, sp, hp, TT_VOID);
    if (!process_save(w, p, sp)) JUMP_RAISE(w, sp, hp);
    bool goes_on = a1 == TT_FALSE ? console_has_room(console, port_number(a0))
                                  : console_is_written(console, port_number(a0), cursor_seq(a1));
    if (goes_on) JUMP_RETURN(w, process_load(w, p), hp, TT_VOID);
    p->timed_out = false;
    sched_park(w->sched, p, &w->sched->printers);
    JUMP_ON(sched_run_next);
}

/* `v` as text, and `end` behind it. */
static tt_word to_string(struct worker *w, tt_word v, enum print_style style, const char *end)
{
    char few[FEW_BYTES];
    struct text text = text_on(few, sizeof few);
    tt_word string = TT_FAIL;
    if (print_value(w, &text, v, style)) {
        text_add_c(&text, end);
        if (text.failed)
            heap_fail(w);
        else
            string = string_make(w, text.bytes, text.n, utf8_chars((const uint8_t *)text.bytes, text.n));
    }
    text_free(&text);
    return string;
}

tt_word tt_prim_object_to_string(struct worker *w, tt_word v, tt_word style)
{
    if (!arg_style(w, "object->string", style)) return TT_FAIL;
    bool displays = style == tt_fixnum(PRINT_DISPLAY);
    if (displays && tt_is_type(v, TT_TYPE_STRING)) return v; /* strings do not change */
    if (displays && tt_is_type(v, TT_TYPE_SYMBOL)) return symbol_name(v);
    return to_string(w, v, (enum print_style)tt_fixnum_value(style), "");
}

tt_word tt_prim_object_to_line(struct worker *w, tt_word v) { return to_string(w, v, PRINT_DISPLAY, "\n"); }
