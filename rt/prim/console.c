#include "rt/prim/console.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rt/abi/program.h"
#include "rt/actor/leave.h"
#include "rt/obj/log.h"
#include "rt/obj/port.h"
#include "rt/os/check.h"
#include "rt/os/output.h"

/* So many pieces go out at once: the output of a short program needs no thread that watches over it. */
#define EARLY_PIECES   8
#define PEER_MAX_BYTES ((size_t)4 << 20)

struct console {
    struct output
        *outputs[PORT_FIRST_FILE]; /* by the number of the port; the same one, if both lead to one file */
    bool is_terminal;
    _Atomic bool is_closed[PORT_FIRST_FILE];
    unsigned n_early;
    bool is_dropping; /* what other nodes print */
};

static void is_ready(void *node) { node_output_is_ready(node); }

void console_init(struct node *node)
{
    struct console *console = calloc(1, sizeof *console);
    if (!console) tt_panic("no memory for the console");
    node->out = output_new(STDOUT_FILENO);
    node->err = output_is_same(STDOUT_FILENO, STDERR_FILENO) ? node->out : output_new(STDERR_FILENO);
    output_on_ready(node->out, is_ready, node);
    output_on_ready(node->err, is_ready, node);
    console->outputs[PORT_OUTPUT] = node->out;
    console->outputs[PORT_ERROR] = node->err;
    console->is_terminal = isatty(STDOUT_FILENO);
    node->console = console;
}

bool console_is_open(const struct console *console, uint64_t number)
{
    return !atomic_load_explicit(&console->is_closed[number], memory_order_relaxed);
}

bool console_close(struct console *console, uint64_t number, int *error_out)
{
    bool ok = number == PORT_INPUT || console_flush(console, number, error_out);
    console->is_closed[number] = true;
    return ok;
}

static bool goes_at_once(struct console *console, const void *bytes, size_t n)
{
    if (console->is_terminal) return memchr(bytes, '\n', n);
    if (__builtin_expect(console->n_early == EARLY_PIECES, 1)) return false;
    console->n_early++;
    return true;
}

bool console_write(struct console *console, uint64_t number, const void *bytes, size_t n, int *error_out)
{
    struct output *output = console->outputs[number];
    if (number == PORT_ERROR) {
        if (console->outputs[PORT_OUTPUT] != output) output_flush(console->outputs[PORT_OUTPUT], NULL);
        return output_write_through(output, bytes, n, error_out);
    }
    if (!goes_at_once(console, bytes, n)) return output_write(output, bytes, n, error_out);
    /* The error of an earlier piece; one of this is told to the next who prints. */
    return output_flush(output, error_out) && output_write_through(output, bytes, n, NULL);
}

bool console_is_full(const struct console *console, uint64_t number)
{
    return output_is_full(console->outputs[number]);
}

bool console_flush(const struct console *console, uint64_t number, int *error_out)
{
    return output_flush(console->outputs[number], error_out);
}

uint64_t console_mark(const struct console *console, uint64_t number)
{
    return output_mark(console->outputs[number]);
}

bool console_has_room(const struct console *console, uint64_t number)
{
    return output_has_room(console->outputs[number]);
}

bool console_is_written(const struct console *console, uint64_t number, uint64_t mark)
{
    return output_is_written(console->outputs[number], mark);
}

void console_write_for_peer(struct node *node, uint64_t number, const void *bytes, size_t n)
{
    struct console *console = node->console;
    int ignored;
    bool was_dropping = console->is_dropping;
    console->is_dropping = output_kept(console->outputs[number]) > PEER_MAX_BYTES;
    if (!console->is_dropping)
        console_write(console, number, bytes, n, &ignored);
    else if (!was_dropping)
        log_event(node, "%s: node: nobody reads standard %s: what other nodes print there is dropped",
                  node->program->name, number == PORT_ERROR ? "error" : "output");
}
