/* The node: what all workers of this OS process share. One, made by rt/start.c
 * before the first worker; each member is owned by the module named. */
#ifndef RT_MEM_NODE_H
#define RT_MEM_NODE_H

#include <stdbool.h>
#include <stdint.h>

struct tt_program;        /* rt/abi/program.h, made by the compiler */
struct symbol_table;      /* rt/obj/symbol.h */
struct process_table;     /* rt/actor */
struct record_type_table; /* rt/obj/record_type.h */
struct file_table;        /* rt/prim/file.h: open files */
struct console;           /* rt/prim/console.h: standard output and error as ports */
struct output;            /* rt/os/output.h */
struct log;               /* rt/obj/log.h: what the runtime itself has to say */
struct options;           /* rt/os/options.h */
struct boots;             /* rt/obj/boots.h: runs of programs that this one knows of */
struct far_table;         /* rt/obj/far.h: what they have made */
struct net;               /* rt/node/net/net.h: connections to other nodes */
struct remotes;           /* rt/node/remote/remote.h: what processes have to do with them */
struct migration;         /* rt/node/migrate/migrate.h: processes that move */
struct worker;

struct node {
    const struct tt_program *program;
    struct symbol_table *symbols;
    struct record_type_table *record_types;
    struct process_table *processes;
    struct console *console;
    struct output *out, *err; /* standard output and error; the same one, if they lead to one file */
    struct log *log;
    struct file_table *files;
    uint8_t boot_id[16]; /* random: tells this run from all others, everywhere */
    uint8_t mac_key[16]; /* random, never told: of the macs of what this run has made (rt/obj/far.h) */
    struct boots *boots;
    struct far_table *far;
    struct net *net;
    struct remotes *remotes;
    struct migration *migration;
    /* What the scheduler calls of rt/node; NULL in a program without nodes. */
    bool (*idle)(struct node *,
                 int64_t pause_ns);     /* sleeps; false: nothing can come from outside, it did not */
    void (*poll)(struct node *);        /* looks what has come, without waiting; no process runs */
    void (*wake)(struct node *);        /* ends an `idle`: see node_wake (rt/actor/leave.h) */
    void (*stop)(struct node *);        /* the last words to other nodes */
    void (*print_stats)(struct node *); /* a line of --termite-stats about them */
    _Atomic bool wants_poll; /* set by the I/O thread: a process that runs for long should let `poll` run */
    bool serves;             /* SIGTERM is its ordinary end: exit code 0 */
    const struct options *options;
    struct worker *worker; /* runs the main process */
    _Atomic int
        stop_signal; /* a signal that ends the program has come and is not taken up yet (rt/actor/leave.h) */
    _Atomic int stopped_by;       /* the first such signal; 0: none has come */
    _Atomic bool stop_now;        /* no orderly end any more: a second signal came, or the time was over */
    _Atomic int has_news;         /* a sleeping worker looks up; futex word */
    _Atomic bool output_is_ready; /* for processes that wait to print; set by threads of outputs */
    bool has_lost_output;         /* and that was reported */
    int argc;                     /* command line without the runtime's own options */
    char **argv;
};

#endif
