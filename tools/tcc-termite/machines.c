#include "tools/tcc-termite/machines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend/base/vec.h"

static bool has_file(Arena *arena, const char *directory, const char *name)
{
    return access(arena_printf(arena, "%s/%s", directory, name), R_OK) == 0;
}

/* Where tools/sysroot puts it: the user's own; else, of an installation, the one for all users. */
static const char *sysroot_of(Arena *arena, const Home *home, const Target *target)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *user = getenv("HOME");
    if (!cache || cache[0] != '/') cache = arena_printf(arena, "%s/.cache", user ? user : "");
    const char *own = arena_printf(arena, "%s/tcc-termite/sysroots/%s", cache, target->libraries);
    const char *shared = arena_printf(arena, "%s/sysroots/%s", home->runtime, target->libraries);
    return home->is_installed && !has_file(arena, own, "files.sha256") ? shared : own;
}

/* The whole of a short file; false when there is none, or it is longer. */
static bool read_short(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    if (!file) return false;
    size_t n = fread(text, 1, size, file);
    fclose(file);
    if (n == 0 || n == size) return false;
    text[n] = 0;
    return true;
}

/* Whether a runtime was built from the same sources as the compiler's own (rt/version.cmake). */
static bool is_same_version(Arena *arena, const Home *home, const Machine *machine)
{
    char own[128], its[128];
    return read_short(arena_printf(arena, "%s/version", home->runtime), own, sizeof own) &&
           read_short(arena_printf(arena, "%s/version", machine->runtime), its, sizeof its) &&
           strcmp(own, its) == 0;
}

static bool report_old(const Target *target, int *exit_code_out)
{
    fprintf(stderr,
            "tcc-termite: error: the runtime for %s was built from another version of the sources: run "
            "tools/runtime %s\n",
            target->arch, target->arch);
    *exit_code_out = EXIT_COMPILE_ERROR;
    return false;
}

static bool report_no_runtime(const Home *home, const Target *target, int *exit_code_out)
{
    fprintf(stderr,
            home->is_installed
                ? "tcc-termite: error: no runtime for %s: run tools/runtime %s in the sources, and "
                  "install them again\n"
                : "tcc-termite: error: no runtime for %s: run tools/runtime %s\n",
            target->arch, target->arch);
    *exit_code_out = EXIT_COMPILE_ERROR;
    return false;
}

/* In a build tree tools/runtime, which the README names, fetches the sysroot too. */
static bool report_no_sysroot(const Home *home, const Target *target, int *exit_code_out)
{
    fprintf(stderr, "tcc-termite: error: no sysroot for %s: run %s %s\n", target->arch,
            home->is_installed ? home->sysroot_tool : "tools/runtime", target->arch);
    *exit_code_out = EXIT_COMPILE_ERROR;
    return false;
}

static bool find_files(Arena *arena, const Options *options, const Home *home, Machine *machine,
                       int *exit_code_out)
{
    const Target *target = machine->target;
    machine->runtime = home->runtime;
    if (target_is_host(target)) return true;
    machine->runtime = arena_printf(arena, "%s/%s", home->runtime, target->libraries);
    machine->sysroot = sysroot_of(arena, home, target);
    if (!has_file(arena, machine->runtime, "inline.bc") ||
        !has_file(arena, machine->runtime, "libtermite.a") ||
        !has_file(arena, machine->runtime, "libtermite_tls.a"))
        return report_no_runtime(home, target, exit_code_out);
    if (!is_same_version(arena, home, machine)) return report_old(target, exit_code_out);
    if (options->kind == OUTPUT_EXECUTABLE && !has_file(arena, machine->sysroot, "files.sha256"))
        return report_no_sysroot(home, target, exit_code_out);
    return true;
}

static const Target *find_target(const char *triple, int *exit_code_out)
{
    const Target *target = target_find(triple);
    if (target) return target;
    fprintf(stderr, "tcc-termite: unknown target '%s' (there are: %s)\n", triple, target_names);
    *exit_code_out = EXIT_BAD_OPTIONS;
    return NULL;
}

typedef VEC(Machine) Machines;

static bool is_chosen(const Machines *machines, const Target *target)
{
    for (size_t i = 0; i < machines->count; i++)
        if (machines->items[i].target == target) return true;
    return false;
}

const Machine *machines_choose(Arena *arena, const Options *options, const Home *home, size_t *n_out,
                               int *exit_code_out)
{
    Machines machines = {0};
    const char *at = options->target;
    do {
        size_t length = at ? strcspn(at, ",") : 0;
        const char *triple = at ? arena_printf(arena, "%.*s", (int)length, at) : NULL;
        Machine machine = {.target = find_target(triple, exit_code_out)};
        if (!machine.target) return NULL;
        if (!is_chosen(&machines, machine.target)) {
            if (!find_files(arena, options, home, &machine, exit_code_out)) return NULL;
            vec_push(arena, &machines, machine);
        }
        at = at && at[length] ? at + length + 1 : NULL;
    } while (at);
    *n_out = machines.count;
    return machines.items;
}

const char *machine_output(Arena *arena, const Options *options, const Machine *machine, const char *output)
{
    bool is_one_of_many = options->target && strchr(options->target, ',');
    if (!options->target || !output || strcmp(output, "-") == 0) return output;
    if (options->kind != OUTPUT_EXECUTABLE && !is_one_of_many) return output;
    return arena_printf(arena, "%s.%s", output, machine->target->arch);
}
