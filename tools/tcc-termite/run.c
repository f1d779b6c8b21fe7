#define _GNU_SOURCE
#include "tools/tcc-termite/run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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
typedef struct Hash {
    uint64_t a, b;
} Hash;

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

static Hash hash_start(void) { return (Hash){UINT64_C(0xcbf29ce484222325), UINT64_C(0x9e3779b97f4a7c15)}; }

/* Name and text: the name stands in error reports of the program. */
static Hash hash_of_source(const Source *source)
{
    Hash hash = hash_start();
    hash_text(&hash, source->name);
    hash_bytes(&hash, source->text, source->length);
    return hash;
}

static bool hash_source_file(Hash *hash, Arena *arena, const char *path)
{
    const char *error;
    const Source *source = source_read(arena, path, &error);
    if (!source) return false;
    *hash = hash_of_source(source);
    return true;
}

/* The order in which a directory gives its files must not matter. */
static void hash_directory_version(Hash *hash, Arena *arena, const char *path)
{
    Hash sum = {0, 0};
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        Hash one = hash_start();
        if (entry->d_name[0] == '.') continue;
        hash_text(&one, entry->d_name);
        hash_file_version(&one, arena_printf(arena, "%s/%s", path, entry->d_name));
        sum.a ^= one.a;
        sum.b ^= one.b;
    }
    if (directory) closedir(directory);
    hash_bytes(hash, &sum, sizeof sum);
}

static Hash key_of(Arena *arena, const Options *options, const Home *home)
{
    Hash hash = hash_start(), source = {0, 0};
    int flags[] = {options->level, options->debug_info, options->is_static, options->with_tls,
                   options->without_tls};
    hash_text(&hash, TT_VERSION);
    hash_bytes(&hash, flags, sizeof flags);
    hash_file_version(&hash, home->executable);
    hash_file_version(&hash, arena_printf(arena, "%s/libtermite.a", home->runtime));
    hash_file_version(&hash, arena_printf(arena, "%s/libtermite_tls.a", home->runtime));
    hash_file_version(&hash, arena_printf(arena, "%s/inline.bc", home->runtime));
    hash_directory_version(&hash, arena, home->library);
    hash_source_file(&source, arena, options->input);
    hash_bytes(&hash, &source, sizeof source);
    for (size_t i = 0; options->include_dirs[i]; i++)
        hash_text(&hash, options->include_dirs[i]);
    return hash;
}

/* -- directories ------------------------------------------------------------------ */

static bool make_directory(const char *path) { return mkdir(path, 0700) == 0 || errno == EEXIST; }

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
    while (options->program_args[n])
        n++;
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
    int code = pipeline_run(options, home, path, NULL);
    int fd = code ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    rmdir(directory);
    if (fd < 0) return code ? code : EXIT_COMPILE_ERROR;
    fexecve(fd, program_argv(arena, options), environ);
    fprintf(stderr, "tcc-termite: error: cannot run the program: %s\n", strerror(errno));
    return EXIT_COMPILE_ERROR;
}

/* -- the cache -------------------------------------------------------------------------- */

/* `KEY` is the executable; `KEY.files` says which other files (included ones,
 * libraries) it was made of: lines of `hash hash name`. Written before the
 * executable, so that there is no executable without it. */
typedef struct FileList {
    Arena *arena;
    const char *text;
} FileList;

static void add_file(void *context, const Source *file)
{
    FileList *list = context;
    Hash hash = hash_of_source(file);
    list->text = arena_printf(list->arena, "%s%016" PRIx64 " %016" PRIx64 " %s\n", list->text, hash.a, hash.b,
                              file->name);
}

static bool write_list(const FileList *list, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) return false;
    bool ok = fputs(list->text, file) >= 0;
    return fclose(file) == 0 && ok;
}

/* The line's file still has the line's text. */
static bool is_unchanged(Arena *arena, char *line)
{
    Hash then, now;
    int name_at = 0;
    line[strcspn(line, "\n")] = 0;
    if (sscanf(line, "%16" SCNx64 " %16" SCNx64 " %n", &then.a, &then.b, &name_at) != 2 || !name_at)
        return false;
    return hash_source_file(&now, arena, line + name_at) && now.a == then.a && now.b == then.b;
}

static bool is_current(Arena *arena, const char *executable)
{
    if (access(executable, X_OK) != 0) return false;
    FILE *file = fopen(arena_printf(arena, "%s.files", executable), "r");
    if (!file) return false;
    char *line = NULL;
    size_t size = 0;
    bool ok = true;
    while (ok && getline(&line, &size, file) > 0)
        ok = is_unchanged(arena, line);
    free(line);
    fclose(file);
    return ok;
}

/* Compiles beside the cache entry; its list of files comes first, then itself. */
static int compile_into(Arena *arena, const Options *options, const Home *home, const char *path)
{
    FileList list = {arena, ""};
    FileWatcher watcher = {add_file, &list};
    const char *fresh = arena_printf(arena, "%s.%ld", path, (long)getpid());
    int code = pipeline_run(options, home, fresh, &watcher);
    if (code) return code;
    unlink(path);
    if (write_list(&list, arena_printf(arena, "%s.files", path)) && rename(fresh, path) == 0) return 0;
    fprintf(stderr, "tcc-termite: error: cannot write %s: %s\n", path, strerror(errno));
    unlink(fresh);
    return EXIT_COMPILE_ERROR;
}

static int run_cached(Arena *arena, const Options *options, const Home *home, const char *directory)
{
    Hash key = key_of(arena, options, home);
    const char *path = arena_printf(arena, "%s/%016" PRIx64 "%016" PRIx64, directory, key.a, key.b);
    if (is_current(arena, path)) {
        if (options->verbose) fprintf(stderr, "tcc-termite: from the cache: %s\n", path);
        return exec_program(arena, options, path);
    }
    int code = compile_into(arena, options, home, path);
    return code ? code : exec_program(arena, options, path);
}

int run_program(const Options *options, const Home *home)
{
    Arena *arena = arena_new();
    const char *directory = cache_directory(arena);
    int code =
        directory ? run_cached(arena, options, home, directory) : compile_and_forget(arena, options, home);
    arena_free(arena);
    return code;
}
