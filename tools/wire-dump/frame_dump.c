/* Frames between two nodes, in the words of rt/abi/control.def: what the table says
 * of a frame's fields is what this reads them by. Fragments are put together. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "rt/wire/buf.h"
#include "rt/wire/format.h"

static const struct row {
    unsigned number;
    const char *name, *fields;
} rows[] = {
#define CONTROL(name, number, flags, fields) {number, #name, fields},
#include "rt/abi/control.def"
#undef CONTROL
};
enum {
#define CONTROL(name, number, flags, fields) TYPE_##name = number,
#include "rt/abi/control.def"
#undef CONTROL
};

#define HEADER_BYTES   4
#define FRAGMENT_FIRST 1
#define FRAGMENT_LAST  2

struct stream {
    uint64_t number;
    uint8_t type;
    struct wire_buf body;
    struct stream *next;
};

struct frames {
    const uint8_t *at, *end; /* of the body that is being read */
    bool is_bad;
    struct stream *streams;
};

static const struct row *row_of(unsigned type)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].number == type) return &rows[i];
    return NULL;
}

/* -- fields ---------------------------------------------------------------- */

static const uint8_t *take(struct frames *f, uint64_t n)
{
    static const uint8_t none[16];
    if (n > (uint64_t)(f->end - f->at)) {
        f->is_bad = true;
        f->at = f->end;
        return none;
    }
    f->at += n;
    return f->at - n;
}

static uint64_t take_varint(struct frames *f)
{
    uint64_t n;
    const uint8_t *end = varint_read(f->at, f->end, &n);
    if (end)
        f->at = end;
    else
        f->is_bad = true;
    return end ? n : 0;
}

static void print_hex(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%02x", bytes[i]);
}

static void print_text(struct frames *f)
{
    uint64_t n = take_varint(f);
    const uint8_t *text = take(f, n);
    putchar('"');
    for (uint64_t i = 0; i < n && !f->is_bad; i++)
        printf(text[i] < ' ' || text[i] == 0x7f || text[i] == '"' ? "\\x%x;" : "%c", text[i]);
    putchar('"');
}

static void print_pid(struct frames *f)
{
    printf("%" PRIu64 " mac ", take_varint(f));
    print_hex(take(f, WIRE_MAC_BYTES), WIRE_MAC_BYTES);
}

static void print_node(struct frames *f)
{
    print_hex(take(f, WIRE_ID_BYTES), WIRE_ID_BYTES);
    printf(" at ");
    print_text(f);
    printf(" %" PRIu64, take_varint(f));
}

/* One field by its kind, which begins the words of the table. The value of a byte
 * or number is given: what stands in brackets behind it depends on it. */
static uint64_t print_field(struct frames *f, const char *words, int length)
{
    uint64_t number = 0;
    printf("  %.*s: ", length, words);
    if (strncmp(words, "near", 4) == 0 || strncmp(words, "far", 3) == 0)
        print_pid(f);
    else if (strncmp(words, "varint", 6) == 0)
        printf("%" PRIu64, number = take_varint(f));
    else if (strncmp(words, "u8", 2) == 0)
        printf("%u", (unsigned)(number = *take(f, 1)));
    else if (strncmp(words, "text", 4) == 0)
        print_text(f);
    else if (strncmp(words, "node", 4) == 0)
        print_node(f);
    else if (strncmp(words, "move", 4) == 0 || strncmp(words, "16 bytes", 8) == 0)
        print_hex(take(f, 16), 16);
    else if (strncmp(words, "bytes", 5) == 0)
        print_text(f);
    printf("\n");
    return number;
}

/* Words up to the comma, or the colon in front of a remark; those in parentheses count as part of it. */
static int field_length(const char *words)
{
    int depth = 0, i = 0;
    for (; words[i] && (depth > 0 || !strchr(",:]", words[i])); i++)
        depth += (words[i] == '(') - (words[i] == ')');
    return i;
}

static void print_fields(struct frames *f, const char *fields)
{
    uint64_t last = 0;
    while (*fields && !f->is_bad) {
        bool is_optional = *fields == '[';
        fields += is_optional;
        int length = field_length(fields);
        if (is_optional && last != 2) { /* a node follows */
            fields += length;
        } else if (strncmp(fields, "value", 5) == 0) {
            printf("  %.*s:\n", length, fields);
            dump_value(f->at, (size_t)(f->end - f->at));
            f->at = f->end;
            fields += length;
        } else {
            last = print_field(f, fields, length);
            fields += length;
        }
        if (*fields == ':') fields += strcspn(fields, ",");
        fields += strspn(fields, "], ");
    }
}

/* -- fragments ------------------------------------------------------------- */

static struct stream *find_stream(struct frames *f, uint64_t number)
{
    for (struct stream *s = f->streams; s; s = s->next)
        if (s->number == number) return s;
    return NULL;
}

static struct stream *new_stream(struct frames *f, uint64_t number, uint8_t type)
{
    struct stream *s = calloc(1, sizeof *s);
    if (!s) exit(1);
    *s = (struct stream){.number = number, .type = type, .next = f->streams};
    f->streams = s;
    return s;
}

static bool print_whole(struct frames *f, uint8_t type, const uint8_t *body, size_t n)
{
    const struct row *row = row_of(type);
    f->at = body;
    f->end = body + n;
    if (row) print_fields(f, row->fields);
    return row && !f->is_bad && f->at == f->end;
}

static bool print_fragment(struct frames *f)
{
    uint64_t number = take_varint(f), flags = *take(f, 1);
    struct stream *s = find_stream(f, number);
    if (flags & FRAGMENT_FIRST) {
        s = new_stream(f, number, *take(f, 1));
        const struct row *row = row_of(s->type);
        printf(" of %s, %" PRIu64 " bytes", row ? row->name : "an unknown type", take_varint(f));
    }
    size_t n = (size_t)(f->end - f->at);
    printf(" stream %" PRIu64 " flags %" PRIu64 ": %zu bytes\n", number, flags, n);
    if (!s || f->is_bad) return false;
    buf_put(&s->body, take(f, n), n);
    return !(flags & FRAGMENT_LAST) || print_whole(f, s->type, s->body.bytes, s->body.n);
}

/* -- frames ---------------------------------------------------------------- */

static bool print_frame(struct frames *f, const uint8_t *header, size_t n)
{
    const struct row *row = row_of(header[0]);
    printf("%s %zu bytes", row ? row->name : "unknown type", n);
    if (!row) return false;
    f->at = header + HEADER_BYTES;
    f->end = f->at + n;
    if (header[0] == TYPE_FRAGMENT) return print_fragment(f);
    printf("\n");
    return print_whole(f, header[0], f->at, n);
}

bool dump_frames(const uint8_t *bytes, size_t n)
{
    struct frames f = {0};
    size_t at = 0;
    bool ok = true;
    while (ok && n - at >= HEADER_BYTES) {
        size_t length = bytes[at + 1] | (size_t)bytes[at + 2] << 8 | (size_t)bytes[at + 3] << 16;
        ok = length <= n - at - HEADER_BYTES;
        if (!ok) break;
        printf("%7zu ", at);
        ok = print_frame(&f, bytes + at, length);
        at += ok ? HEADER_BYTES + length : 0;
    }
    for (struct stream *s = f.streams, *next; s; s = next) {
        next = s->next;
        buf_free(&s->body);
        free(s);
    }
    if (ok && at == n) return true;
    fflush(stdout);
    fprintf(stderr, "\nwire-dump: at byte %zu: not a frame\n", at);
    return false;
}
