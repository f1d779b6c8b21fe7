/* Any bytes are read without a crash; what is read without errors prints to a
 * text that reads as equal data and prints the same again. */
#include <stdlib.h>
#include <string.h>

#include "frontend/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Job {
    Compilation *compilation;
    Source *source;
    DatumList data;
    bool is_good;
} Job;

static void read_job(void *context)
{
    Job *job = context;
    job->is_good = read_all(job->compilation, job->source, &job->data);
}

static bool read_text(Compilation *compilation, const char *text, size_t length, DatumList *out)
{
    Job job = {.compilation = compilation,
               .source = source_from_text(compilation->arena, "fuzz", text, length)};
    bool is_complete = diag_catch(compilation->diag, read_job, &job);
    *out = job.data;
    return is_complete && job.is_good;
}

static char *print_all(DatumList data, size_t *length_out)
{
    char *text;
    FILE *out = open_memstream(&text, length_out);
    for (size_t i = 0; i < data.count; i++) {
        datum_print(out, data.items[i]);
        fputc('\n', out);
    }
    fclose(out);
    return text;
}

static void require(bool condition, const char *what, const char *text)
{
    if (condition) return;
    fprintf(stderr, "fz_reader: %s:\n%s\n", what, text);
    abort();
}

static void check_round_trip(Compilation *compilation, DatumList data)
{
    size_t n_first, n_second;
    DatumList again;
    char *first = print_all(data, &n_first);
    require(read_text(compilation, first, n_first, &again), "the print does not read", first);
    require(again.count == data.count, "the print reads as another number of data", first);
    for (size_t i = 0; i < data.count; i++) {
        require(datum_equal(data.items[i], again.items[i]), "the print reads as different data", first);
    }
    char *second = print_all(again, &n_second);
    require(n_first == n_second && memcmp(first, second, n_first) == 0, "the second print differs", first);
    free(first);
    free(second);
}

/* Data that share parts can be exponentially larger as text than as data. */
static bool has_labels(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        if (data[i] == '#' && data[i + 1] >= '0' && data[i + 1] <= '9') return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    if (!nowhere) nowhere = fopen("/dev/null", "w");
    Compilation compilation = {.arena = arena_new()};
    compilation.symbols = symbols_new(compilation.arena);
    compilation.diag = diag_new(compilation.arena, nowhere, 20);
    DatumList list;
    bool is_good = read_text(&compilation, (const char *)data, size, &list);
    if (is_good && (size < 64 || !has_labels(data, size))) check_round_trip(&compilation, list);
    arena_free(compilation.arena);
    return 0;
}
