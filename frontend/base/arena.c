#include "frontend/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/base/escape.h"

/* Ordinary blocks double from the first size to the last; a request that does
 * not fit into a quarter of a block gets one of its own. */
#define FIRST_BLOCK_BYTES ((size_t)16 << 10)
#define LAST_BLOCK_BYTES  ((size_t)4 << 20)

typedef struct Block {
    struct Block *next;
    _Alignas(16) char bytes[];
} Block;

struct Arena {
    Block *blocks;
    char *free_start, *free_end; /* rest of the newest ordinary block, zeroed */
    size_t block_bytes;          /* size of the next ordinary block */
    Arena *parent, *children;    /* scratch arenas, a doubly linked list */
    Arena *next, **link;         /* in the parent's list; link points to what points here */
};

static _Noreturn void out_of_memory(size_t size)
{
    fflush(stdout);
    fprintf(stderr, "error: out of memory (%zu bytes wanted)\n", size);
    escape_to_catch(ESCAPE_NO_MEMORY);
}

Arena *arena_new(void)
{
    Arena *arena = calloc(1, sizeof *arena);
    if (!arena) out_of_memory(sizeof *arena);
    arena->block_bytes = FIRST_BLOCK_BYTES;
    return arena;
}

Arena *arena_scratch(Arena *parent)
{
    Arena *arena = arena_new();
    arena->parent = parent;
    arena->next = parent->children;
    arena->link = &parent->children;
    if (arena->next) arena->next->link = &arena->next;
    parent->children = arena;
    return arena;
}

void arena_free(Arena *arena)
{
    while (arena->children)
        arena_free(arena->children);
    if (arena->parent) {
        *arena->link = arena->next;
        if (arena->next) arena->next->link = arena->link;
    }
    for (Block *block = arena->blocks; block;) {
        Block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

static char *add_block(Arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) out_of_memory(size);
    Block *block = calloc(1, sizeof(Block) + size);
    if (!block) out_of_memory(size);
    block->next = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

static void start_block(Arena *arena)
{
    arena->free_start = add_block(arena, arena->block_bytes);
    arena->free_end = arena->free_start + arena->block_bytes;
    if (arena->block_bytes < LAST_BLOCK_BYTES) arena->block_bytes *= 2;
}

void *arena_alloc(Arena *arena, size_t size)
{
    if (size > arena->block_bytes / 4) return add_block(arena, size);
    /* A type whose alignment is 16 has a size that is a multiple of 16. */
    size_t align = size % 16 ? 8 : 16;
    size_t skip = (size_t)(-(uintptr_t)arena->free_start) & (align - 1);
    if (!arena->free_start || (size_t)(arena->free_end - arena->free_start) < size + skip) {
        start_block(arena);
        skip = 0;
    }
    char *result = arena->free_start + skip;
    arena->free_start = result + size;
    return result;
}

char *arena_strdup(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length) memcpy(copy, text, length);
    return copy;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) return arena_strdup(arena, "", 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}
