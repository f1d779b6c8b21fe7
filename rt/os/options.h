/* Settings of the runtime, from options.def. */
#ifndef RT_OS_OPTIONS_H
#define RT_OS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct options {
#define OPTION(form, field, name, value, default_, help) size_t field;
#include "rt/os/options.def"
#undef OPTION
};

/* Reads the environment, then the command line, from which it takes its options
 * out (argc and argv change). False: a bad one, reported on standard error. */
bool options_read(struct options *options, int *argc, char **argv);
void options_print_help(FILE *out, const char *program);

#endif
