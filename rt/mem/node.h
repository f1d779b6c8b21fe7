/* The node: what all workers of this OS process share. One, made by rt/start.c
 * before the first worker; each member is owned by the module named. */
#ifndef RT_MEM_NODE_H
#define RT_MEM_NODE_H

#include <stdbool.h>
#include <stdint.h>

struct tt_program;    /* rt/abi/program.h, made by the compiler */
struct symbol_table;  /* rt/obj/symbol.h */
struct process_table; /* rt/actor */
struct record_type_table; /* rt/obj/record_type.h */
struct file_table;    /* rt/prim/file.h: open files */
struct console;       /* rt/prim/console.h: buffered standard output */
struct options;       /* rt/os/options.h */
struct worker;

struct node {
    const struct tt_program *program;
    struct symbol_table *symbols;
    struct record_type_table *record_types;
    struct process_table *processes;
    struct console *console;
    struct file_table *files;
    uint8_t boot_id[16]; /* random: tells this run from all others, everywhere */
    bool (*flush)(struct node *); /* what has been printed goes out; false: some is lost. Set by rt/start.c */
    const struct options *options;
    struct worker *worker;   /* runs the main process */
    _Atomic int stop_signal; /* a signal that ends the program came (rt/actor/leave.c); futex word */
    int argc;                /* command line without the runtime's own options */
    char **argv;
};

#endif
