/* Settings of the runtime, from options.def. */
#ifndef RT_OS_OPTIONS_H
#define RT_OS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rt/os/host_port.h"

typedef size_t option_FLAG, option_SIZE, option_COUNT, option_CHOICE;
typedef int64_t option_DURATION, option_DELAY; /* nanoseconds */
typedef const char *option_TEXT;               /* NULL: not given */
typedef struct host_port option_ADDRESS;       /* host "": not given */

enum { OPTION_TLS_AUTO, OPTION_TLS_ALWAYS };  /* `tls` */
enum { OPTION_LOCAL_AUTO, OPTION_LOCAL_TCP }; /* `local` */

struct options {
#define OPTION(form, field, name, value, default_, help) option_##form field;
#include "rt/os/options.def"
#undef OPTION
};

/* Reads the environment, then the command line, from which it takes its options
 * out (argc and argv change). False: a bad one, reported on standard error. */
bool options_read(struct options *options, int *argc, char **argv);
void options_print_help(FILE *out, const char *program);

#endif
