#include "rt/os/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX             "--termite-"
#define ENVIRONMENT_PREFIX "TERMITE_"

enum form {
    FORM_FLAG,
    FORM_SIZE,
    FORM_COUNT,
    FORM_DURATION,
    FORM_DELAY,
    FORM_TEXT,
    FORM_ADDRESS,
    FORM_CHOICE
};

struct row {
    enum form form;
    const char *name, *value, *help;
    int64_t default_;
    size_t offset;
};
static const struct row rows[] = {
#define OPTION(form, field, name, value, default_, help)                                                     \
    {FORM_##form, name, value, help, default_, offsetof(struct options, field)},
#include "rt/os/options.def"
#undef OPTION
};
#define N_ROWS    (sizeof rows / sizeof rows[0])
#define NOT_VALID "not a valid value"

static void *field_of(struct options *options, const struct row *row)
{
    return (char *)options + row->offset;
}

static void set_default(const struct row *row, void *field)
{
    switch (row->form) {
    case FORM_TEXT: *(option_TEXT *)field = NULL; return;
    case FORM_ADDRESS: *(option_ADDRESS *)field = (option_ADDRESS){{0}, 0}; return;
    case FORM_DURATION:
    case FORM_DELAY: *(option_DURATION *)field = row->default_; return;
    default: *(size_t *)field = (size_t)row->default_;
    }
}

static unsigned suffix_shift(const char **text)
{
    static const char suffixes[] = "KMG";
    const char *found = **text ? strchr(suffixes, toupper((unsigned char)**text)) : NULL;
    if (!found) return 0;
    (*text)++;
    return 10 * (unsigned)(found - suffixes + 1);
}

static bool parse_number(enum form form, const char *text, size_t *out)
{
    if (!isdigit((unsigned char)*text)) return false;
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    const char *rest = end;
    unsigned shift = form == FORM_SIZE ? suffix_shift(&rest) : 0;
    if (errno || *rest || n > SIZE_MAX >> shift) return false;
    if (form == FORM_FLAG && n > 1) return false;
    *out = (size_t)n << shift;
    return true;
}

/* Nanoseconds in the unit that `text` names, 0: none that is known. */
static int64_t unit_ns(const char *text)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"", 1000000000}, {"s", 1000000000}, {"ms", 1000000}, {"m", INT64_C(60000000000)}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(text, units[i].name) == 0) return units[i].ns;
    return 0;
}

/* Digits with or without a fraction, then a unit: at most a year. */
static bool parse_duration(const char *text, int64_t *out)
{
    const int64_t year = INT64_C(366) * 86400 * 1000000000;
    const char *fraction = text + strspn(text, "0123456789");
    const char *unit = *fraction == '.' ? fraction + 1 + strspn(fraction + 1, "0123456789") : fraction;
    int64_t scale = unit_ns(unit), ns = 0;
    if (fraction == text || !scale) return false;
    for (const char *at = text; at < fraction; at++)
        if (__builtin_mul_overflow(ns, 10, &ns) || __builtin_add_overflow(ns, (*at - '0') * scale, &ns))
            return false;
    for (const char *at = fraction + 1; at < unit && (scale /= 10); at++)
        ns += (*at - '0') * scale;
    *out = ns;
    return ns <= year;
}

static bool parse_choice(const char *words, const char *text, size_t *out)
{
    size_t index = 0, n;
    for (const char *word = words; *word; word += n + (word[n] == '|'), index++) {
        n = strcspn(word, "|");
        if (strlen(text) == n && memcmp(word, text, n) == 0) {
            *out = index;
            return true;
        }
    }
    return false;
}

/* NULL, or why `text` is none of the row's values. */
static const char *parse(const struct row *row, const char *text, void *field)
{
    const char *why = NOT_VALID;
    switch (row->form) {
    case FORM_TEXT: *(option_TEXT *)field = text; return *text ? NULL : why;
    case FORM_ADDRESS: return host_port_parse(text, field, &why) ? NULL : why;
    case FORM_DURATION: return parse_duration(text, field) && *(option_DURATION *)field > 0 ? NULL : why;
    case FORM_DELAY: return parse_duration(text, field) ? NULL : why;
    case FORM_CHOICE: return parse_choice(row->value, text, field) ? NULL : why;
    default: return parse_number(row->form, text, field) ? NULL : why;
    }
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
        set_default(&rows[i], field_of(options, &rows[i]));
        const char *why = text ? parse(&rows[i], text, field_of(options, &rows[i])) : NULL;
        if (why) {
            fprintf(stderr, "%s: %s: %s\n", name, why, text);
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
        if (strlen(rows[i].name) != length || memcmp(rows[i].name, text, length) != 0) continue;
        const char *value = text[length] ? text + length + 1 : NULL;
        if (rows[i].form == FORM_FLAG && !value) value = "1";
        const char *why = value ? parse(&rows[i], value, field_of(options, &rows[i])) : "needs a value";
        if (why) fprintf(stderr, PREFIX "%s: %s\n", text, why);
        return !why;
    }
    fprintf(stderr, PREFIX "%s: no such option; " PREFIX "help lists them\n", text);
    return false;
}

bool options_read(struct options *options, int *argc, char **argv)
{
    if (!read_environment(options)) return false;
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
        fprintf(out, "  %-34s %s [%s]\n", option, rows[i].help, name);
    }
    fprintf(out, "Usage: %s [option ...] [argument ...]\n", program);
}
