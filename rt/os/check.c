#include "rt/os/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void tt_panic(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("termite runtime: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}
