/* Memory under test (linked with --wrap for malloc, calloc, realloc, free): how
 * much is in use, and one allocation that fails. */
#ifndef TESTS_UNIT_COUNTED_MEMORY_H
#define TESTS_UNIT_COUNTED_MEMORY_H

#include <malloc.h>
#include <stddef.h>
#include <stdint.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *at, size_t n);
void __real_free(void *at);

static size_t memory_blocks, memory_largest; /* in use; the largest block asked for */
static size_t memory_fails_at;               /* the n-th allocation from now, 0: none */

static inline bool memory_may(size_t n)
{
    if (n > memory_largest) memory_largest = n;
    return memory_fails_at == 0 || --memory_fails_at != 0;
}

void *__wrap_malloc(size_t n)
{
    if (!memory_may(n)) return NULL;
    memory_blocks++;
    return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    if (!memory_may(n * size)) return NULL;
    memory_blocks++;
    return __real_calloc(n, size);
}

void *__wrap_realloc(void *at, size_t n)
{
    if (!memory_may(n)) return NULL;
    if (!at) memory_blocks++;
    return __real_realloc(at, n);
}

void __wrap_free(void *at)
{
    if (at) memory_blocks--;
    __real_free(at);
}

#endif
