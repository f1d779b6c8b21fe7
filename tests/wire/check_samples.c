/* check_samples GOOD BAD: each good/x.bin decodes, and encodes to the same bytes again (a zipped one to the
 * same body); each bad/x.bin is refused with the error that bad/x.txt names. The dumps of good ones:
 * tests/driver/wire-dump.sh. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/abi/program.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/boots.h"
#include "rt/obj/far.h"
#include "rt/obj/record_type.h"
#include "rt/obj/symbol.h"
#include "rt/wire/format.h"
#include "rt/wire/wire.h"
#include "rt/wire/zip.h"

/* A program without code of its own: closures and frames are those of the runtime. */
const struct tt_program tt_program = {.abi_version = TT_ABI_VERSION, .name = "samples"};
static struct node node = {.program = &tt_program, .boot_id = "none of samples"};
static struct worker worker = {.node = &node, .winds = TT_NIL, .handlers = TT_NIL, .params = TT_NIL};

/* The linker puts it in the place of clock_now_ns: deadlines are what they were. */
int64_t __wrap_clock_now_ns(void);
int64_t __wrap_clock_now_ns(void) { return 0; }

static struct wire_buf read_file(const char *path)
{
    struct wire_buf bytes = {0};
    FILE *file = fopen(path, "rb");
    if (!file || !buf_room(&bytes, 1)) { /* not NULL, for an empty file too */
        perror(path);
        exit(1);
    }
    for (int c; (c = getc(file)) != EOF;)
        buf_put_byte(&bytes, (uint8_t)c);
    fclose(file);
    return bytes;
}

static bool complain(const char *path, const char *what)
{
    printf("%s: %s\n", path, what);
    return false;
}

static bool is_zipped(const struct wire_buf *message)
{
    return message->n >= WIRE_HEADER_BYTES && message->bytes[WIRE_HEADER_BYTES - 1] & WIRE_FLAG_ZIPPED;
}

static void unzip(struct wire_buf *message)
{
    struct wire_buf plain = {0};
    bool too_large;
    if (!is_zipped(message)) return;
    buf_put(&plain, message->bytes, WIRE_HEADER_BYTES);
    plain.bytes[WIRE_HEADER_BYTES - 1] = 0;
    if (unzip_body(message->bytes + WIRE_HEADER_BYTES, message->n - WIRE_HEADER_BYTES, WIRE_MAX_UNZIPPED,
                   &plain, &too_large)) {
        buf_free(message);
        *message = plain;
    }
}

/* It is that of the bytes as they were, compressed or not: decoding has looked at it. */
static void forget_checksum(struct wire_buf *message)
{
    if (message->n >= WIRE_HEADER_BYTES) memset(message->bytes + WIRE_CHECKSUM_AT, 0, WIRE_CHECKSUM_BYTES);
}

static bool check_good(const char *path)
{
    struct wire_buf bytes = read_file(path), again = {0};
    struct wire_failure failure;
    tt_word v;
    bool decodes = wire_decode(&worker, bytes.bytes, bytes.n, &v, &failure);
    bool encodes = decodes && wire_encode(&worker, v, &again, &failure);
    unzip(&bytes);
    unzip(&again);
    forget_checksum(&bytes);
    forget_checksum(&again);
    bool same = encodes && bytes.n == again.n && memcmp(bytes.bytes, again.bytes, again.n) == 0;
    buf_free(&bytes);
    buf_free(&again);
    return same ||
           complain(path, failure.status ? wire_status_text(failure.status) : "encodes to other bytes");
}

static bool check_bad(const char *path)
{
    char name[4096], *end;
    snprintf(name, sizeof name, "%s", path);
    end = strrchr(name, '.');
    strcpy(end, ".txt");
    struct wire_buf bytes = read_file(path), wanted = read_file(name);
    struct wire_failure failure;
    tt_word v;
    wire_decode(&worker, bytes.bytes, bytes.n, &v, &failure);
    const char *got = wire_status_text(failure.status);
    bool same = wanted.n == strlen(got) + 1 && memcmp(wanted.bytes, got, strlen(got)) == 0;
    buf_free(&bytes);
    buf_free(&wanted);
    return same || complain(path, got);
}

static int check_folder(const char *folder, bool (*check)(const char *path))
{
    struct dirent **entries;
    int n_passed = 0, n_failed = 0, n = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (dot && strcmp(dot, ".bin") == 0) *(check(path) ? &n_passed : &n_failed) += 1;
        free(entries[i]);
    }
    if (n >= 0) free(entries);
    printf("%d passed, %d failed\n", n_passed, n_failed);
    return n_failed > 0 || n_passed == 0;
}

int main(int argc, char **argv)
{
    if (argc != 3) return 64;
    heap_init_process((size_t)1 << 30);
    heap_init_worker(&worker, NULL);
    node.symbols = symbol_table_new();
    node.record_types = record_type_table_new();
    node.boots = boots_new(node.boot_id);
    node.far = far_table_new();
    int good = check_folder(argv[1], check_good);
    return check_folder(argv[2], check_bad) | good;
}
