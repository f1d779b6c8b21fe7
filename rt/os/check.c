#include "rt/os/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX_BYTES 1000

static void (*last_words)(const char *text, size_t n);

void tt_on_panic(void (*say)(const char *text, size_t n)) { last_words = say; }

void tt_panic(const char *format, ...)
{
    static const char front[] = "termite runtime: ";
    char text[MESSAGE_MAX_BYTES] = {0};
    size_t n = sizeof front - 1;
    memcpy(text, front, n);
    va_list args;
    va_start(args, format);
    vsnprintf(text + n, sizeof text - n - 2, format, args);
    va_end(args);
    n = strlen(text);
    text[n] = '\n';
    if (last_words)
        last_words(text, n + 1);
    else
        fputs(text, stderr);
    abort();
}
