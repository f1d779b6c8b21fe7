/* The start of a compiled program: settings, heap, worker, symbols, then the
 * main process. The order is that of the layers. */
#include <stdio.h>
#include <stdlib.h>

#include "rt/abi/program.h"
#include "rt/abi/tables.h"
#include "rt/actor/leave.h"
#include "rt/actor/sched.h"
#include "rt/code/point.h"
#include "rt/code/stack.h"
#include "rt/code/xargs.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/migrate/migrate.h"
#include "rt/node/remote/remote.h"
#include "rt/node/serve.h"
#include "rt/obj/boots.h"
#include "rt/obj/far.h"
#include "rt/obj/log.h"
#include "rt/obj/record_type.h"
#include "rt/obj/symbol.h"
#include "rt/os/check.h"
#include "rt/os/options.h"
#include "rt/os/random.h"
#include "rt/prim/console.h"
#include "rt/prim/file.h"
#include "rt/prim/io.h"

static uintptr_t tables_hash(void)
{
    uint64_t hash = TT_TABLES_HASH_START;
    for (const char *at = tt_tables_text; *at; at++)
        hash = (hash ^ (unsigned char)*at) * TT_TABLES_HASH_FACTOR;
    return (uintptr_t)hash;
}

/* A program compiled by another version has other ideas of the layouts. */
static void check_program(const struct tt_program *program)
{
    if (program->abi_version != TT_ABI_VERSION || program->tables_hash != tables_hash())
        tt_panic("%s was compiled for another version of the runtime", program->name);
}

static void read_options(struct options *options, struct node *node)
{
    if (!options_read(options, &node->argc, node->argv)) exit(EXIT_BAD_OPTION);
    if (options->help) {
        options_print_help(stdout, node->argv[0]);
        exit(0);
    }
}

#define STACK_MAX_LEAST_BYTES ((size_t)64 << 10)

static size_t stack_max_bytes(const struct options *options)
{
    size_t bytes = options->max_stack ? options->max_stack : heap_limit_bytes() / 4;
    return bytes > STACK_MAX_LEAST_BYTES ? bytes : STACK_MAX_LEAST_BYTES;
}

static struct worker *new_worker(struct node *node, const struct options *options)
{
    struct worker *w = calloc(1, sizeof *w);
    if (!w) tt_panic("no memory for a worker");
    w->node = node;
    w->winds = w->handlers = w->params = TT_NIL;
    w->failure.raise = TT_NONE;
    w->failure.irritants = TT_NIL;
    if (!xargs_reserve(w, TT_MAX_DIRECT_ARGS)) tt_panic("no memory for a worker");
    stack_init(w);
    heap_init_worker(w, &(struct heap_options){
                            .nursery_bytes = options->nursery,
#ifdef TT_HOSTILE
                            .collect_always = true,
#endif
                        });
    w->stack_max_words = stack_max_bytes(options) / TT_W;
    sched_init_worker(w);
    return w;
}

/* The main process: the hook MAIN, called with the closure of the top level. */
static void enter_main(struct worker *w)
{
    struct process *p = sched_new_process(w, TT_FALSE);
    if (!p) tt_panic("no memory for the main process");
    p->is_main = true;
    p->n_saved = 0;
    p->state = PROCESS_RUNNING;
    w->sched->running = w->sched->main = p;
    w->self_pid = p->pid;
    tt_word hook = hook_closure(w, HOOK_MAIN);
    jump_enter(w, stack_empty(w), heap_bottom(w), hook, w->node->program->main);
    tt_panic("the main process returned to C");
}

int main(int argc, char **argv)
{
    static struct node node;
    static struct options options;
    const struct tt_program *program = &tt_program;
    check_program(program);
    node.program = program;
    node.argc = argc;
    node.argv = argv;
    node.options = &options;
    read_options(&options, &node);
    heap_init_process(options.max_heap);
    node.symbols = symbol_table_new();
    symbol_table_add(node.symbols, program->symbols, program->n_symbols);
    node.record_types = record_type_table_new();
    node.processes = process_table_new(options.max_processes);
    console_init(&node);
    node.log = log_new();
    node.files = file_table_new();
    random_bytes(node.boot_id, sizeof node.boot_id);
    random_bytes(node.mac_key, sizeof node.mac_key);
    node.boots = boots_new(node.boot_id);
    node.far = far_table_new();
    if (!node.boots || !node.far) tt_panic("no memory for the table of nodes");
    node.worker = new_worker(&node, &options);
    if (!remote_init(&node) || !migrate_init(&node) || !net_init(&node, &remote_events))
        tt_panic("no memory for the network");
    node.remotes->write_port = io_write_for_peer;
    serve_begin(&node);
    node_handle_signals(&node);
    enter_main(node.worker);
}
