/* [--changed=N] FILE ...: runs a fuzz target over files and directories of files, without libFuzzer; then
 * also over N changed copies of each, the same ones every time: what machines run that have no libFuzzer, of
 * 32 bits or another byte order. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long n_changed; /* copies of each file */

/* A copy of the exact size, so that a sanitizer sees reads past its end. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

/* -- changed copies */

static uint32_t draw(uint64_t *random, size_t below)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return below ? (uint32_t)((*random >> 33) % below) : 0;
}

/* Counts that are large, just too large, or wrap when they are multiplied. */
static size_t put_count(uint64_t *random, uint8_t *at)
{
    uint64_t count = ((uint64_t)1 << draw(random, 64)) - 1 + draw(random, 3);
    size_t n = 0;
    for (; count >= 0x80 && n < 9; count >>= 7)
        at[n++] = (uint8_t)(count | 0x80);
    at[n++] = (uint8_t)count;
    return n;
}

#define CHANGE_ROOM 16 /* more than what a change adds */

/* One change; returns the new size. */
static size_t change(uint64_t *random, uint8_t *data, size_t size)
{
    size_t at = draw(random, size), n = draw(random, 8) + 1;
    uint8_t count[10];
    switch (draw(random, 6)) {
    case 0:
        if (size) data[at] ^= (uint8_t)(1 << draw(random, 8));
        return size;
    case 1:
        if (size) data[at] = (uint8_t)draw(random, 256);
        return size;
    case 2: /* less */
        if (n > size - at) n = size - at;
        memmove(data + at, data + at + n, size - at - n);
        return size - n;
    case 3: /* a part twice */
        if (n > size - at) n = size - at;
        memmove(data + at + n, data + at, size - at);
        return size + n;
    case 4: /* a count in front of something */
        n = put_count(random, count);
        memmove(data + at + n, data + at, size - at);
        memcpy(data + at, count, n);
        return size + n;
    default: return at; /* cut */
    }
}

static void run_changed(const uint8_t *data, size_t size)
{
    enum { CHANGES_MAX = 4 };
    uint8_t *copy = malloc(size + CHANGES_MAX * CHANGE_ROOM);
    uint64_t random = size;
    for (unsigned long i = 0; i < n_changed; i++) {
        size_t n = size;
        memcpy(copy, data, size);
        for (uint32_t left = 1 + draw(&random, CHANGES_MAX); left > 0; left--)
            n = change(&random, copy, n);
        run(copy, n);
    }
    free(copy);
}

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    size_t size = 0, capacity = 1 << 16;
    uint8_t *data = malloc(capacity);
    for (size_t n; (n = fread(data + size, 1, capacity - size, file)) > 0;) {
        size += n;
        if (size == capacity) data = realloc(data, capacity *= 2);
    }
    fclose(file);
    fprintf(stderr, "%s\n", path);
    run(data, size);
    run_changed(data, size);
    free(data);
    return 0;
}

static int replay(const char *path)
{
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    if (n < 0) return replay_file(path);
    int status = 0;
    for (int i = 0; i < n; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') status |= replay_file(name);
        free(entries[i]);
    }
    free(entries);
    return status;
}

int main(int argc, char **argv)
{
    static const char option[] = "--changed=";
    int status = 0;
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], option, sizeof option - 1) == 0)
            n_changed = strtoul(argv[i] + sizeof option - 1, NULL, 10);
        else
            status |= replay(argv[i]);
    return status;
}
