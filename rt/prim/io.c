/* Output: values to ports and to strings. */
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/port.h"
#include "rt/obj/print.h"
#include "rt/obj/string.h"
#include "rt/prim/arg.h"
#include "rt/prim/console.h"
#include "rt/prim/file.h"
#include "rt/prim/io.h"
#include "rt/prim/node.h"

tt_word tt_prim_port(struct worker *w, tt_word number)
{
    bool is_console = tt_is_fixnum(number) && number < tt_fixnum(PORT_FIRST_FILE);
    return is_console ? port_of_number(w, (uint64_t)tt_fixnum_value(number), false) : TT_FALSE;
}

static bool is_output_port(tt_word port)
{
    if (tt_is_type(port, TT_TYPE_FAR_PORT)) return true;
    return tt_is_type(port, TT_TYPE_PORT) && (TT_OBJ(PORT, port)->number == tt_fixnum(PORT_OUTPUT) ||
                                              TT_OBJ(PORT, port)->number == tt_fixnum(PORT_ERROR));
}

static bool check_port(struct worker *w, const char *operation, tt_word port)
{
    if (is_output_port(port)) return true;
    fail_wrong_type(w, operation, port);
    return false;
}

static tt_word fail_system(struct worker *w, const char *operation, int error)
{
    tt_word reason = string_from_text(w, strerror(error));
    if (reason == TT_FAIL) return TT_FAIL;
    return fail_condition(w, CONDITION_SYSTEM, operation, heap_cons(w, reason, TT_NIL));
}

static tt_word emit(struct worker *w, const char *operation, tt_word port, const void *bytes, size_t n)
{
    if (tt_is_type(port, TT_TYPE_FAR_PORT)) return far_write(w, port, bytes, n);
    struct console *console = w->node->console;
    int error;
    bool ok = TT_OBJ(PORT, port)->number == tt_fixnum(PORT_ERROR)
                  ? console_write_error(console, bytes, n, &error)
                  : console_write(console, bytes, n, &error);
    return ok ? TT_VOID : fail_system(w, operation, error);
}

static tt_word print_to(struct worker *w, const char *operation, tt_word v, tt_word port,
                        enum print_style style)
{
    if (!check_port(w, operation, port)) return TT_FAIL;
    struct text text = {0};
    tt_word result = TT_FAIL;
    if (print_value(w, &text, v, style)) result = emit(w, operation, port, text.bytes, text.n);
    text_free(&text);
    return result;
}

void io_write_for_peer(struct worker *w, uint64_t number, const uint8_t *bytes, size_t n)
{
    int error;
    if (number == PORT_OUTPUT)
        console_write(w->node->console, bytes, n, &error);
    else if (number == PORT_ERROR)
        console_write_error(w->node->console, bytes, n, &error);
    else if (number >= PORT_FIRST_FILE)
        file_write_number(w, number, bytes, n);
}

tt_word tt_prim_display(struct worker *w, tt_word v, tt_word port)
{
    if (tt_is_type(v, TT_TYPE_STRING) && is_output_port(port))
        return emit(w, "display", port, string_bytes(v), string_length(v));
    return print_to(w, "display", v, port, PRINT_DISPLAY);
}

tt_word tt_prim_write(struct worker *w, tt_word v, tt_word port)
{
    return print_to(w, "write", v, port, PRINT_WRITE);
}

tt_word tt_prim_write_shared(struct worker *w, tt_word v, tt_word port)
{
    return print_to(w, "write-shared", v, port, PRINT_SHARED);
}

tt_word tt_prim_write_simple(struct worker *w, tt_word v, tt_word port)
{
    return print_to(w, "write-simple", v, port, PRINT_SIMPLE);
}

tt_word tt_prim_write_char(struct worker *w, tt_word c, tt_word port)
{
    if (!arg_char(w, "write-char", c) || !check_port(w, "write-char", port)) return TT_FAIL;
    uint8_t bytes[UTF8_MAX_BYTES];
    return emit(w, "write-char", port, bytes, utf8_encode(tt_char_value(c), bytes));
}

tt_word tt_prim_flush_output(struct worker *w, tt_word port)
{
    if (!check_port(w, "flush-output-port", port)) return TT_FAIL;
    if (tt_is_type(port, TT_TYPE_FAR_PORT)) return TT_VOID;
    int error;
    return console_flush(w->node->console, &error) ? TT_VOID : fail_system(w, "flush-output-port", error);
}

tt_word tt_prim_object_to_string(struct worker *w, tt_word v, tt_word write)
{
    struct text text = {0};
    size_t chars = 0;
    tt_word string = TT_FAIL;
    if (print_value(w, &text, v, write == TT_FALSE ? PRINT_DISPLAY : PRINT_WRITE)) {
        utf8_count((const uint8_t *)text.bytes, text.n, &chars);
        string = string_make(w, text.bytes, text.n, chars);
    }
    text_free(&text);
    return string;
}
