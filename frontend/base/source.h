/* Source files and positions in them. */
#ifndef FRONTEND_BASE_SOURCE_H
#define FRONTEND_BASE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frontend/base/arena.h"

typedef struct Source {
    const char *name; /* as the user gave it, printed in messages */
    const char *text; /* NUL-terminated; may hold NULs and invalid UTF-8 */
    size_t length;
    bool is_system; /* part of lib-scm: may use % names, left out of backtraces */
    bool is_ascii;
    const uint32_t *line_starts; /* byte offset of each line */
    size_t n_lines;              /* at least 1 */
} Source;

/* A piece of source text; source NULL = made by the compiler. */
typedef struct Span {
    const Source *source;
    uint32_t start, end; /* byte offsets */
} Span;

typedef struct Position {
    uint32_t line, column; /* from 1; columns count characters */
} Position;

/* Reads a whole file; "-" is standard input. What is no regular file (a pipe) is read once in
 * the life of the compiler, and has the same text every time. NULL and *error_out (a sentence) when it cannot be read,
 * is a directory, or is larger than 1 GiB. */
Source *source_read(Arena *arena, const char *path, const char **error_out);
Source *source_from_text(Arena *arena, const char *name, const char *text, size_t length);
Position source_position(const Source *source, uint32_t offset);

#endif
