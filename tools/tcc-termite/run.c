#define _GNU_SOURCE
#include "tools/tcc-termite/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend/base/source.h"
#include "tools/tcc-termite/pipeline.h"
#include "version_config.h"

/* -- the key: what the executable depends on ---------------------------------- */

/* Two FNV-1a sums with different starts: 128 bits against accidents. */
typedef struct Hash { uint64_t a, b; } Hash;

static void hash_bytes(Hash *hash, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++) {
        hash->a = (hash->a ^ at[i]) * UINT64_C(0x100000001b3);
        hash->b = (hash->b ^ at[i]) * UINT64_C(0x100000001b3) + (hash->b >> 47);
    }
}

static void hash_text(Hash *hash, const char *text)
{
    if (text) hash_bytes(hash, text, strlen(text));
    hash_bytes(hash, "", 1);
}

/* A file of the compiler: it is the same while size and time stay. */
static void hash_file_version(Hash *hash, const char *path)
{
    struct stat info;
    if (!path || stat(path, &info) != 0) return;
    int64_t version[] = {info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec, (int64_t)info.st_ino};
    hash_bytes(hash, version, sizeof version);
}

/* Name and text: the name stands in error reports of the program. */
static bool hash_source(Hash *hash, Arena *arena, const char *path)
{
    const char *error;
    const Source *source = source_read(arena, path, &error);
    if (!source) return false;
    hash_text(hash, path);
    hash_bytes(hash, source->text, source->length);
    return true;
}

static Hash key_of(Arena *arena, const Options *options, const Home *home)
{
    Hash hash = {UINT64_C(0xcbf29ce484222325), UINT64_C(0x9e3779b97f4a7c15)};
    int flags[] = {options->level, options->debug_info, options->is_static};
    hash_text(&hash, TT_VERSION);
    hash_bytes(&hash, flags, sizeof flags);
    hash_file_version(&hash, home->executable);
    hash_file_version(&hash, arena_printf(arena, "%s/libtermite.a", home->runtime));
    hash_file_version(&hash, arena_printf(arena, "%s/inline.bc", home->runtime));
    hash_file_version(&hash, home->library);
    hash_source(&hash, arena, options->input);
    return hash;
}

/* -- directories ------------------------------------------------------------------ */

static bool make_directory(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* The cache directory, or NULL when there is none that can be written. */
static const char *cache_directory(Arena *arena)
{
    const char *base = getenv("XDG_CACHE_HOME");
    if (!base || base[0] != '/') {
        const char *user = getenv("HOME");
        if (!user || !*user) return NULL;
        base = arena_printf(arena, "%s/.cache", user);
    }
    const char *directory = arena_printf(arena, "%s/tcc-termite", base);
    if (!make_directory(base) || !make_directory(directory)) return NULL;
    return access(directory, W_OK | X_OK) == 0 ? directory : NULL;
}

/* A directory of our own under $TMPDIR; emptied by exec_and_forget. */
static const char *temporary_directory(Arena *arena)
{
    const char *base = getenv("TMPDIR");
    char *template = arena_printf(arena, "%s/tcc-termite.XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(template);
}

/* -- running --------------------------------------------------------------------------- */

static char **program_argv(Arena *arena, const Options *options)
{
    size_t n = 0;
    while (options->program_args[n]) n++;
    char **argv = ARENA_ARRAY(arena, char *, n + 2);
    argv[0] = (char *)options->input;
    memcpy(argv + 1, options->program_args, n * sizeof *argv);
    return argv;
}

static int exec_program(Arena *arena, const Options *options, const char *path)
{
    execv(path, program_argv(arena, options));
    fprintf(stderr, "tcc-termite: error: cannot run %s: %s\n", path, strerror(errno));
    return EXIT_COMPILE_ERROR;
}

/* Compiles to `directory`/program, which does not outlive the start. */
static int compile_and_forget(Arena *arena, const Options *options, const Home *home)
{
    const char *directory = temporary_directory(arena);
    if (!directory) {
        fprintf(stderr, "tcc-termite: error: no directory for temporary files: %s\n", strerror(errno));
        return EXIT_COMPILE_ERROR;
    }
    const char *path = arena_printf(arena, "%s/program", directory);
    int code = pipeline_run(options, home, path);
    int fd = code ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    rmdir(directory);
    if (fd < 0) return code ? code : EXIT_COMPILE_ERROR;
    fexecve(fd, program_argv(arena, options), environ);
    fprintf(stderr, "tcc-termite: error: cannot run the program: %s\n", strerror(errno));
    return EXIT_COMPILE_ERROR;
}

/* Other files may be part of the program when its text names libraries; their
 * changes would go unseen. */
static bool is_one_file(Arena *arena, const Options *options)
{
    const char *error;
    const Source *source = source_read(arena, options->input, &error);
    return source && !memmem(source->text, source->length, "import", 6) &&
           !memmem(source->text, source->length, "include", 7);
}

static int run_cached(Arena *arena, const Options *options, const Home *home, const char *directory)
{
    Hash key = key_of(arena, options, home);
    const char *path = arena_printf(arena, "%s/%016llx%016llx", directory, (unsigned long long)key.a,
                                    (unsigned long long)key.b);
    if (access(path, X_OK) == 0) {
        if (options->verbose) fprintf(stderr, "tcc-termite: from the cache: %s\n", path);
        return exec_program(arena, options, path);
    }
    int code = pipeline_run(options, home, path);
    return code ? code : exec_program(arena, options, path);
}

int run_program(const Options *options, const Home *home)
{
    Arena *arena = arena_new();
    const char *directory = is_one_file(arena, options) ? cache_directory(arena) : NULL;
    int code = directory ? run_cached(arena, options, home, directory) : compile_and_forget(arena, options, home);
    arena_free(arena);
    return code;
}
