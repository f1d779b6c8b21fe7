/* Arena: memory of one compilation; freed as a whole. Allocation never fails
 * (a compiler out of memory says so and leaves as ESCAPE_NO_MEMORY, see escape.h). */
#ifndef FRONTEND_BASE_ARENA_H
#define FRONTEND_BASE_ARENA_H

#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
/* For a pass: freed by itself, or with `parent` when diag_stop leaves the pass. */
Arena *arena_scratch(Arena *parent);
void arena_free(Arena *arena);
/* Zeroed memory, aligned for any type. */
void *arena_alloc(Arena *arena, size_t size);
char *arena_strdup(Arena *arena, const char *text, size_t length);
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, Type)      ((Type *)arena_alloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, n) ((Type *)arena_alloc((arena), sizeof(Type) * (size_t)(n)))

#endif
