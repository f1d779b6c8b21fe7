#include "frontend/base/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "rt/lexical/utf8.h"
#include "frontend/base/vec.h"

#define MAX_SOURCE_BYTES ((size_t)1 << 30)

typedef VEC(uint32_t) LineStarts;

static LineStarts find_lines(Arena *arena, const char *text, size_t length)
{
    LineStarts starts = {0};
    vec_push(arena, &starts, 0);
    const char *end = text + length;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(end - p)));) {
        p++;
        vec_push(arena, &starts, (uint32_t)(p - text));
    }
    return starts;
}

static bool is_ascii(const char *text, size_t length)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < length; i++)
        seen |= (unsigned char)text[i];
    return seen < 0x80;
}

/* `text` stays where it is and must have length + 1 bytes, the last one NUL. */
static Source *make_source(Arena *arena, const char *name, const char *text, size_t length)
{
    Source *source = ARENA_NEW(arena, Source);
    LineStarts starts = find_lines(arena, text, length);
    source->name = arena_strdup(arena, name, strlen(name));
    source->text = text;
    source->length = length;
    source->is_ascii = is_ascii(text, length);
    source->line_starts = starts.items;
    source->n_lines = starts.count;
    return source;
}

Source *source_from_text(Arena *arena, const char *name, const char *text, size_t length)
{
    return make_source(arena, name, arena_strdup(arena, text, length), length);
}

typedef struct Buffer {
    char *bytes;
    size_t length, capacity;
} Buffer;

static void grow_buffer(Arena *arena, Buffer *buffer)
{
    size_t capacity = buffer->capacity * 2;
    char *bytes = arena_alloc(arena, capacity);
    memcpy(bytes, buffer->bytes, buffer->length);
    buffer->bytes = bytes;
    buffer->capacity = capacity;
}

/* Reads to the end; the size the file had is only a first guess (pipes, /proc). */
static bool read_all(Arena *arena, FILE *file, size_t guess, Buffer *buffer, const char **error_out)
{
    buffer->capacity = guess + 2;
    buffer->bytes = arena_alloc(arena, buffer->capacity);
    for (;;) {
        if (buffer->length + 1 == buffer->capacity) grow_buffer(arena, buffer);
        size_t room = buffer->capacity - buffer->length - 1;
        size_t n = fread(buffer->bytes + buffer->length, 1, room, file);
        buffer->length += n;
        if (buffer->length > MAX_SOURCE_BYTES) {
            *error_out = "the file is larger than 1 GiB";
            return false;
        }
        if (n < room && ferror(file)) {
            *error_out = arena_printf(arena, "cannot read: %s", strerror(errno));
            return false;
        }
        if (n < room) return true;
    }
}

/* -- what can be read only once: pipes, standard input ------------------------ */

/* `run` looks at a source for its key, for its compilation and in its list of files. */
typedef struct Once {
    struct Once *next;
    const char *path;
    Buffer text;
} Once;

static Once *first_once;
static Arena *once_arena; /* lives as long as the compiler */

static const Once *find_once(const char *path)
{
    for (const Once *once = first_once; once; once = once->next)
        if (strcmp(once->path, path) == 0) return once;
    return NULL;
}

static void keep_once(const char *path, const Buffer *text)
{
    Once *once = ARENA_NEW(once_arena, Once);
    *once = (Once){first_once, arena_strdup(once_arena, path, strlen(path)), *text};
    first_once = once;
}

static bool is_standard_input(const char *path) { return strcmp(path, "-") == 0; }

static bool read_open(Arena *arena, const char *path, FILE *file, Buffer *buffer, const char **error_out)
{
    struct stat info;
    if (fstat(fileno(file), &info) != 0) {
        *error_out = arena_printf(arena, "cannot open: %s", strerror(errno));
        return false;
    }
    bool is_regular = S_ISREG(info.st_mode);
    if (S_ISDIR(info.st_mode)) {
        *error_out = "is a directory";
        return false;
    }
    if (is_regular && (uint64_t)info.st_size > MAX_SOURCE_BYTES) {
        *error_out = "the file is larger than 1 GiB";
        return false;
    }
    if (is_regular && !is_standard_input(path))
        return read_all(arena, file, (size_t)info.st_size, buffer, error_out);
    if (!once_arena) once_arena = arena_new();
    if (!read_all(once_arena, file, (size_t)64 << 10, buffer, error_out)) return false;
    keep_once(path, buffer);
    return true;
}

Source *source_read(Arena *arena, const char *path, const char **error_out)
{
    const Once *once = find_once(path);
    if (once) return make_source(arena, path, once->text.bytes, once->text.length);
    FILE *file = is_standard_input(path) ? stdin : fopen(path, "rb");
    if (!file) {
        *error_out = arena_printf(arena, "cannot open: %s", strerror(errno));
        return NULL;
    }
    Buffer buffer = {0};
    bool is_read = read_open(arena, path, file, &buffer, error_out);
    if (file != stdin) fclose(file);
    if (!is_read) return NULL;
    buffer.bytes[buffer.length] = '\0';
    return make_source(arena, path, buffer.bytes, buffer.length);
}

/* Index of the last line that starts at or before `offset`. */
static size_t find_line(const Source *source, uint32_t offset)
{
    size_t low = 0, high = source->n_lines;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static uint32_t count_characters(const char *text, size_t length)
{
    uint32_t count = 0;
    for (unsigned size; length; text += size, length -= size, count++)
        utf8_read(text, length, &size);
    return count;
}

Position source_position(const Source *source, uint32_t offset)
{
    if (offset > source->length) offset = (uint32_t)source->length;
    size_t line = find_line(source, offset);
    uint32_t start = source->line_starts[line];
    uint32_t before =
        source->is_ascii ? offset - start : count_characters(source->text + start, offset - start);
    return (Position){(uint32_t)line + 1, before + 1};
}
