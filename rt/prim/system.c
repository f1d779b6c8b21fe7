/* Time, command line, environment, exit. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "rt/actor/leave.h"
#include "rt/actor/sched.h"
#include "rt/mem/heap.h"
#include "rt/node/serve.h"
#include "rt/obj/bignum.h"
#include "rt/obj/hash.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"
#include "rt/os/clock.h"
#include "rt/prim/arg.h"

tt_word tt_prim_current_jiffy(struct worker *w) { return int_certain(w, sched_now(w->sched)); }

tt_word tt_prim_current_second(struct worker *w)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return heap_flonum(w, (double)now.tv_sec + (double)now.tv_nsec * 1e-9);
}

/* The machine's load average of the last minute divided by its cores; 0 where none is kept. */
tt_word tt_prim_local_loadavg(struct worker *w)
{
    double load;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (getloadavg(&load, 1) != 1) load = 0;
    return heap_flonum(w, load / (double)(cores > 0 ? cores : 1));
}

tt_word tt_prim_command_line(struct worker *w)
{
    struct list_builder b = list_build();
    for (int i = 0; i < w->node->argc; i++) {
        tt_word argument = string_from_text(w, w->node->argv[i]);
        if (argument == TT_FAIL) return TT_FAIL;
        list_add(w, &b, argument);
    }
    return b.list;
}

extern char **environ; /* POSIX declares it nowhere */

tt_word tt_prim_environment(struct worker *w)
{
    struct list_builder b = list_build();
    for (char **entry = environ; entry && *entry; entry++) {
        tt_word variable = string_from_text(w, *entry);
        if (variable == TT_FAIL) return TT_FAIL;
        list_add(w, &b, variable);
    }
    return b.list;
}

tt_word tt_prim_getenv(struct worker *w, tt_word name)
{
    if (!arg_is_type(w, "get-environment-variable", name, TT_TYPE_STRING)) return TT_FAIL;
    char *text = string_to_c(name);
    const char *value = text ? getenv(text) : NULL; /* no variable has a NUL in its name */
    free(text);
    return value ? string_from_text(w, value) : TT_FALSE;
}

/* R7RS: #t and nothing mean success, #f failure; other values are no exit codes: 1. */
static int exit_code(tt_word code)
{
    if (tt_is_fixnum(code)) return (int)(tt_fixnum_value(code) & 0xff);
    return code == TT_TRUE || code == TT_DEFAULT || code == TT_VOID ? 0 : 1;
}

tt_word tt_prim_exit_code(struct worker *w, tt_word code) { return tt_fixnum(exit_code(code)); }

tt_word tt_prim_exit(struct worker *w, tt_word code) { node_leave(w->node, exit_code(code)); }

tt_word tt_prim_node_open(struct worker *w) { return tt_bool(serve_open(w->node)); }

tt_word tt_prim_hash(struct worker *w, tt_word v) { return tt_fixnum(hash_value(v)); }
