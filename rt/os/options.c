#include "rt/os/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "--termite-"
#define ENVIRONMENT_PREFIX "TERMITE_"

enum form { FORM_FLAG, FORM_SIZE, FORM_COUNT };

struct row {
    enum form form;
    const char *name, *value, *help;
    size_t default_, offset;
};
static const struct row rows[] = {
#define OPTION(form, field, name, value, default_, help)                                          \
    {FORM_##form, name, value, help, default_, offsetof(struct options, field)},
#include "rt/os/options.def"
#undef OPTION
};
#define N_ROWS (sizeof rows / sizeof rows[0])

static size_t *field_of(struct options *options, const struct row *row)
{
    return (size_t *)((char *)options + row->offset);
}

static unsigned suffix_shift(const char **text)
{
    static const char suffixes[] = "KMG";
    const char *found = **text ? strchr(suffixes, toupper((unsigned char)**text)) : NULL;
    if (!found)
        return 0;
    (*text)++;
    return 10 * (unsigned)(found - suffixes + 1);
}

static bool parse(const struct row *row, const char *text, size_t *out)
{
    if (!isdigit((unsigned char)*text))
        return false;
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    const char *rest = end;
    unsigned shift = row->form == FORM_SIZE ? suffix_shift(&rest) : 0;
    if (errno || *rest || n > SIZE_MAX >> shift)
        return false;
    if (row->form == FORM_FLAG && n > 1)
        return false;
    *out = (size_t)n << shift;
    return true;
}

static void environment_name(const struct row *row, char *out, size_t capacity)
{
    snprintf(out, capacity, ENVIRONMENT_PREFIX "%s", row->name);
    for (char *c = out; *c; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
}

static bool read_environment(struct options *options)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        char name[64];
        environment_name(&rows[i], name, sizeof name);
        const char *text = getenv(name);
        *field_of(options, &rows[i]) = rows[i].default_;
        if (text && !parse(&rows[i], text, field_of(options, &rows[i]))) {
            fprintf(stderr, "%s: not a valid value: %s\n", name, text);
            return false;
        }
    }
    return true;
}

/* `text` is what follows the prefix. */
static bool read_argument(struct options *options, const char *text)
{
    size_t length = strcspn(text, "=");
    for (size_t i = 0; i < N_ROWS; i++) {
        if (strlen(rows[i].name) != length || memcmp(rows[i].name, text, length) != 0)
            continue;
        const char *value = text[length] ? text + length + 1 : NULL;
        if (rows[i].form == FORM_FLAG && !value)
            value = "1";
        if (value && parse(&rows[i], value, field_of(options, &rows[i])))
            return true;
        fprintf(stderr, PREFIX "%s: %s\n", text, value ? "not a valid value" : "needs a value");
        return false;
    }
    fprintf(stderr, PREFIX "%s: no such option; " PREFIX "help lists them\n", text);
    return false;
}

bool options_read(struct options *options, int *argc, char **argv)
{
    if (!read_environment(options))
        return false;
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        bool is_ours = i > 0 && strncmp(argv[i], PREFIX, strlen(PREFIX)) == 0;
        if (!is_ours)
            argv[kept++] = argv[i];
        else if (!read_argument(options, argv[i] + strlen(PREFIX)))
            return false;
    }
    argv[kept] = NULL;
    *argc = kept;
    return true;
}

void options_print_help(FILE *out, const char *program)
{
    fprintf(out, "Options of the runtime (all others are the program's own):\n");
    for (size_t i = 0; i < N_ROWS; i++) {
        char option[64], name[64];
        const char *equals = *rows[i].value ? "=" : "";
        snprintf(option, sizeof option, PREFIX "%s%s%s", rows[i].name, equals, rows[i].value);
        environment_name(&rows[i], name, sizeof name);
        fprintf(out, "  %-30s %s [%s]\n", option, rows[i].help, name);
    }
    fprintf(out, "Usage: %s [option ...] [argument ...]\n", program);
}
