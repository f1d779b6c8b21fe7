/* Linking: lld directly, with the crt files that the C compiler named when the
 * compiler was configured (link_config.h), or those of a sysroot. The runtime and its libraries are
 * linked statically, libc dynamically unless asked.
 *
 * TLS: rt/os/tls.h. Its library stands before the runtime's, and is taken from if
 * a file of the runtime that the program uses wants it. */
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codegen/emit.h"
#include "codegen/target.h"
#include "link_config.h"

extern char **environ;

typedef VEC(const char *) Args;

typedef struct Link {
    Compilation *compilation;
    Args args;
} Link;

static void add(Link *link, const char *arg) { vec_push(link->compilation->arena, &link->args, arg); }

/* Libraries of the C library stay shared in a dynamic executable. */
static bool is_libc(const char *library)
{
    static const char *const names[] = {"m", "pthread", "dl", "rt", "c"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(library, names[i]) == 0) return true;
    return false;
}

static void add_library(Link *link, const char *library, bool is_static)
{
    bool shared = !is_static && is_libc(library);
    if (shared) add(link, "-Bdynamic");
    add(link, library[0] == '/' || library[0] == '-'
                  ? library
                  : arena_printf(link->compilation->arena, "-l%s", library));
    if (shared) add(link, "-Bstatic");
}

static const char *const runtime_libraries[] = {TT_LINK_LIBRARIES NULL};
static const char *const tls_libraries[] = {TT_LINK_TLS_LIBRARIES NULL};

static void add_archives(Link *link, const CgOptions *options)
{
    if (options->tls != CG_TLS_NEVER)
        add(link, arena_printf(link->compilation->arena, "%s/libtermite_tls.a", options->runtime_dir));
    add(link, arena_printf(link->compilation->arena, "%s/libtermite.a", options->runtime_dir));
}

/* libcrypto of newer systems compresses with it. */
static bool has_zlib(Link *link, const CgOptions *options)
{
    const char *libraries = target_find(options->triple)->libraries;
    const char *path =
        arena_printf(link->compilation->arena, "%s/usr/lib/%s/libz.a", options->sysroot, libraries);
    return access(path, R_OK) == 0;
}

static void add_runtime(Link *link, const CgOptions *options, bool is_static)
{
    if (options->tls == CG_TLS_ALWAYS) add(link, "--undefined=tls_wanted");
    add(link, "-Bstatic");
    add_archives(link, options);
    if (options->tls != CG_TLS_NEVER)
        for (size_t i = 0; tls_libraries[i]; i++)
            add_library(link, tls_libraries[i], is_static);
    for (size_t i = 0; runtime_libraries[i]; i++)
        add_library(link, runtime_libraries[i], is_static);
    if (options->sysroot && has_zlib(link, options)) add(link, "-lz");
}

static void add_libc(Link *link, bool is_static)
{
    if (is_static) {
        static const char *const args[] = {"--start-group", "-lgcc", "-lgcc_eh", "-lc", "--end-group"};
        for (size_t i = 0; i < sizeof args / sizeof args[0]; i++)
            add(link, args[i]);
        return;
    }
    static const char *const args[] = {"-lgcc",   "-Bdynamic",      "--as-needed",
                                       "-lgcc_s", "--no-as-needed", "-lc"};
    for (size_t i = 0; i < sizeof args / sizeof args[0]; i++)
        add(link, args[i]);
}

/* What an executable begins and ends with, and where libraries are. */
typedef struct Surroundings {
    const char *start, *init, *begin, *end, *fini;
    const char *const *directories; /* ends with NULL */
} Surroundings;

static const char *const host_directories[] = {TT_LINK_DIRECTORIES NULL};

static Surroundings of_host(bool is_static)
{
    return (Surroundings){
        .start = is_static ? TT_CRT_STATIC_START : TT_CRT_START,
        .init = TT_CRT_INIT,
        .begin = is_static ? TT_CRT_STATIC_BEGIN : TT_CRT_BEGIN,
        .end = is_static ? TT_CRT_STATIC_END : TT_CRT_END,
        .fini = TT_CRT_FINI,
        .directories = host_directories,
    };
}

/* The folder of the C compiler's own files, which is named by its version, in one
 * that is named by its own triple. */
static const char *compiler_directory(Compilation *compilation, const char *sysroot, const Target *target)
{
    const char *name = strcmp(target->arch, "i386") == 0 ? "i686-linux-gnu" : target->libraries;
    for (int version = 30; version > 8; version--) {
        const char *path = arena_printf(compilation->arena, "%s/usr/lib/gcc/%s/%d", sysroot, name, version);
        if (access(arena_printf(compilation->arena, "%s/crtbegin.o", path), R_OK) == 0) return path;
    }
    return NULL;
}

/* False: something is missing, which is reported. */
static bool of_sysroot(Compilation *compilation, const CgOptions *options, const Target *target,
                       bool is_static, Surroundings *out)
{
    const char *sysroot = options->sysroot;
    Arena *arena = compilation->arena;
    const char *libraries = arena_printf(arena, "%s/usr/lib/%s", sysroot, target->libraries);
    const char *compiler = compiler_directory(compilation, sysroot, target);
    out->start = arena_printf(arena, "%s/%s.o", libraries, is_static ? "crt1" : "Scrt1");
    if (!compiler || access(out->start, R_OK) != 0) {
        diag_error(compilation->diag, (Span){0}, "%s is not a whole sysroot (run %s --again %s)", sysroot,
                   options->sysroot_tool, target->arch);
        return false;
    }
    out->init = arena_printf(arena, "%s/crti.o", libraries);
    out->fini = arena_printf(arena, "%s/crtn.o", libraries);
    out->begin = arena_printf(arena, "%s/%s.o", compiler, is_static ? "crtbeginT" : "crtbeginS");
    out->end = arena_printf(arena, "%s/%s.o", compiler, is_static ? "crtend" : "crtendS");
    const char **directories = ARENA_ARRAY(arena, const char *, 3);
    directories[0] = libraries;
    directories[1] = compiler;
    directories[2] = NULL;
    out->directories = directories;
    return true;
}

/* What the C library's linker scripts name begins at the sysroot. */
static void add_machine(Link *link, const Target *target, const CgOptions *options, bool is_static)
{
    if (options->sysroot) add(link, arena_printf(link->compilation->arena, "--sysroot=%s", options->sysroot));
    if (is_static) {
        add(link, "-static");
        return;
    }
    add(link, "-pie");
    add(link, "--dynamic-linker");
    add(link, target->dynamic_linker);
}

static bool build_lld_line(Link *link, const char *object, const char *output, const CgOptions *options,
                           bool is_static)
{
    static const char *const common[] = {TT_LINKER, "--gc-sections", "--discard-locals", "--build-id=none",
                                         "--hash-style=gnu", "-z", "relro", "-z", "noexecstack", "-O0",
                                         /* a full disk gives a message, not a fault in the mapping */
                                         "--no-mmap-output-file"};
    const Target *target = target_find(options->triple);
    Surroundings around = of_host(is_static);
    if (options->sysroot && !of_sysroot(link->compilation, options, target, is_static, &around)) return false;
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        add(link, common[i]);
    add_machine(link, target, options, is_static);
    add(link, "-o");
    add(link, output);
    add(link, around.start);
    add(link, around.init);
    add(link, around.begin);
    for (size_t i = 0; around.directories[i]; i++)
        add(link, arena_printf(link->compilation->arena, "-L%s", around.directories[i]));
    add(link, object);
    add_runtime(link, options, is_static);
    add_libc(link, is_static);
    add(link, around.end);
    add(link, around.fini);
    return true;
}

/* A sanitized runtime needs the C compiler's own link line. */
static void build_sanitizer_line(Link *link, const char *object, const char *output, const CgOptions *options)
{
    add(link, TT_C_COMPILER);
    add(link, "-fuse-ld=lld");
    add(link, "-fsanitize=" TT_LINK_SANITIZE);
    add(link, "-o");
    add(link, output);
    add(link, object);
    if (options->tls == CG_TLS_ALWAYS) add(link, "-Wl,--undefined=tls_wanted");
    add_archives(link, options);
    for (size_t i = 0; runtime_libraries[i]; i++)
        add(link, arena_printf(link->compilation->arena, "-l%s", runtime_libraries[i]));
    add(link, "-Wl,--as-needed");
    for (size_t i = 0; tls_libraries[i]; i++)
        add(link, arena_printf(link->compilation->arena, "-l%s", tls_libraries[i]));
}

/* Runs the linker; its messages go to our standard error. */
static bool run(Link *link)
{
    Diag *diag = link->compilation->diag;
    add(link, NULL);
    pid_t child;
    int error = posix_spawnp(&child, link->args.items[0], NULL, NULL, (char **)link->args.items, environ);
    if (error) {
        diag_error(diag, (Span){0}, "cannot run the linker %s: %s (Debian package lld-19)",
                   link->args.items[0], strerror(error));
        return false;
    }
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) ICE("waitpid: %s", strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    diag_error(diag, (Span){0}, "linking failed");
    return false;
}

bool cg_link(Compilation *compilation, const char *object, const char *output, const CgOptions *options,
             bool is_static)
{
    Link link = {.compilation = compilation};
    const char *temporary = cg_temporary_name(compilation, output, "tmp");
    if (TT_LINK_SANITIZE[0] && !options->sysroot)
        build_sanitizer_line(&link, object, temporary, options);
    else if (!build_lld_line(&link, object, temporary, options, is_static))
        return false;
    if (run(&link)) return cg_commit(compilation, temporary, output);
    if (options->sysroot)
        diag_note(compilation->diag, (Span){0}, "whether the sysroot is damaged: %s --check %s",
                  options->sysroot_tool, target_find(options->triple)->arch);
    unlink(temporary);
    return false;
}
