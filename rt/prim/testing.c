/* What the test kit needs (lib-scm/otp/test.scm): time that passes when nobody can
 * run, and other nodes of this program (rows in rt/abi/prims.def). */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"
#include "rt/os/child.h"
#include "rt/prim/arg.h"

tt_word tt_prim_use_virtual_time(struct worker *w, tt_word on)
{
    w->sched->time_is_virtual = on != TT_FALSE;
    return TT_VOID;
}

tt_word tt_prim_free_port(struct worker *w)
{
    unsigned port = child_free_port();
    return port ? tt_fixnum(port) : fail_condition(w, CONDITION_SYSTEM, "start-test-node", TT_NIL);
}

static void free_arguments(char **argv, size_t n)
{
    for (size_t i = 1; i < n; i++)
        free(argv[i]);
    free(argv);
}

/* NULL: a wrong argument, failure is set. */
static char **read_arguments(struct worker *w, tt_word list, size_t *n_out)
{
    size_t n;
    if (!arg_list_length(w, "start-test-node", list, &n)) return NULL;
    char **argv = calloc(n + 2, sizeof *argv);
    if (!argv) return NULL;
    argv[0] = w->node->argv[0];
    *n_out = 1;
    for (; tt_is_pair(list); list = tt_cdr(list)) {
        char *text = tt_is_type(tt_car(list), TT_TYPE_STRING) ? string_to_c(tt_car(list)) : NULL;
        if (!text) {
            fail_wrong_type(w, "start-test-node", tt_car(list));
            free_arguments(argv, *n_out);
            return NULL;
        }
        argv[(*n_out)++] = text;
    }
    return argv;
}

tt_word tt_prim_start_child(struct worker *w, tt_word list)
{
    size_t n;
    char **argv = read_arguments(w, list, &n);
    if (!argv) return TT_FAIL;
    int child = child_start(argv);
    int error = errno;
    free_arguments(argv, n);
    if (child >= 0) return tt_fixnum(child);
    tt_word reason = string_from_text(w, strerror(error));
    return reason == TT_FAIL
               ? TT_FAIL
               : fail_condition(w, CONDITION_SYSTEM, "start-test-node", heap_cons(w, reason, TT_NIL));
}

tt_word tt_prim_signal_child(struct worker *w, tt_word child, tt_word signal)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"kill", SIGKILL}, {"terminate", SIGTERM}, {"stop", SIGSTOP}, {"continue", SIGCONT}};
    if (!tt_is_fixnum(child)) return fail_wrong_type(w, "signal-test-node", child);
    if (tt_is_type(signal, TT_TYPE_SYMBOL)) {
        tt_word name = symbol_name(signal); /* not ended by a zero byte */
        for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
            if (string_length(name) == strlen(signals[i].name) &&
                memcmp(string_bytes(name), signals[i].name, string_length(name)) == 0)
                return tt_bool(child_signal((int)tt_fixnum_value(child), signals[i].number));
    }
    return fail_wrong_type(w, "signal-test-node", signal);
}
