/* wire-dump FILE: prints a message of rt/wire/FORMAT.md as an indented list, one
 * thing a line: its offset, its number, what it is. Needs no program: code is shown
 * by its id. Whatever is not in the format ends the print with the reason, exit code 1.
 * wire-dump --frames FILE: what one side of a connection has sent after the handshake
 * (rt/node/PROTOCOL.md), frame by frame. */
#include "dump.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rt/wire/buf.h"
#include "rt/wire/checksum.h"
#include "rt/wire/format.h"
#include "rt/wire/zip.h"

/* Values that are still to be printed, and at which depth; innermost last. A
 * group of frames has its slots as one entry each. */
struct pending {
    uint64_t left;
    unsigned depth;
    const char *what; /* label of the first of them, or NULL */
};

struct code {
    char id[2 * WIRE_ID_BYTES + 1];
    uint64_t n_slots;
};

struct dump {
    const uint8_t *start, *at, *end;
    struct pending *pending;
    struct code *codes;
    size_t n_pending, n_codes, n_objects, n_symbols, n_positions, n_boots;
    size_t pending_capacity, codes_capacity;
    unsigned depth;
};

#define INDENT_MAX 40 /* deeper things stand at this depth */

_Noreturn static void give_up(const struct dump *d, const char *what)
{
    printf("\n");
    fflush(stdout);
    fprintf(stderr, "wire-dump: at byte %zu: %s\n", (size_t)(d->at - d->start), what);
    exit(1);
}

static void *grown(void *items, size_t n, size_t *capacity, size_t item_bytes)
{
    if (n < *capacity) return items;
    *capacity = *capacity ? 2 * *capacity : 64;
    items = realloc(items, *capacity * item_bytes);
    if (!items) {
        fprintf(stderr, "wire-dump: out of memory\n");
        exit(1);
    }
    return items;
}

static void push(struct dump *d, uint64_t n, const char *what)
{
    if (n == 0) return;
    d->pending = grown(d->pending, d->n_pending, &d->pending_capacity, sizeof *d->pending);
    d->pending[d->n_pending++] = (struct pending){n, d->depth + 1, what};
}

/* -- reading --------------------------------------------------------------- */

static uint8_t take_byte(struct dump *d)
{
    if (d->at == d->end) give_up(d, "truncated");
    return *d->at++;
}

static const uint8_t *take_bytes(struct dump *d, uint64_t n)
{
    if (n > (uint64_t)(d->end - d->at)) give_up(d, "truncated");
    const uint8_t *bytes = d->at;
    d->at += n;
    return bytes;
}

static uint64_t take_varint(struct dump *d)
{
    uint64_t n;
    const uint8_t *end = varint_read(d->at, d->end, &n);
    if (!end) give_up(d, n ? "number longer than needed" : "truncated");
    d->at = end;
    return n;
}

static uint64_t take_count(struct dump *d)
{
    uint64_t n = take_varint(d);
    if (n > (uint64_t)(d->end - d->at)) give_up(d, "truncated");
    return n;
}

static int64_t take_zigzag(struct dump *d) { return wire_unzigzag(take_varint(d)); }

/* -- parts ----------------------------------------------------------------- */

static void print_hex(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%02x", bytes[i]);
}

static void print_text(struct dump *d)
{
    uint64_t n = take_count(d);
    const uint8_t *text = take_bytes(d, n);
    putchar('"');
    for (uint64_t i = 0; i < n; i++) {
        if (text[i] < 0x20 || text[i] == '"' || text[i] == '\\' || text[i] == 0x7f)
            printf("\\x%x;", text[i]);
        else
            putchar(text[i]);
    }
    putchar('"');
}

static void print_object_number(struct dump *d) { printf(" #%zu", d->n_objects++); }

static void print_symbol(struct dump *d)
{
    uint8_t tag = take_byte(d);
    if (tag == WIRE_SYMBOL) {
        printf(" symbol %zu ", d->n_symbols++);
        print_text(d);
    } else if (tag == WIRE_SYMBOL_REF) {
        printf(" symbol-ref %" PRIu64, take_varint(d));
    } else {
        give_up(d, "not a symbol");
    }
}

static void print_boot(struct dump *d)
{
    uint64_t n = take_varint(d);
    if (n > d->n_boots) give_up(d, "reference to nothing");
    if (n > 0) {
        printf(" boot %" PRIu64, n - 1);
        return;
    }
    printf(" boot %zu = ", d->n_boots++);
    print_hex(take_bytes(d, WIRE_ID_BYTES), WIRE_ID_BYTES);
    printf(" at ");
    print_text(d);
    printf(" %" PRIu64, take_varint(d));
}

static bool is_text(const uint8_t *id)
{
    size_t n = 0;
    while (n < WIRE_ID_BYTES && id[n] >= '!' && id[n] <= '~')
        n++;
    for (size_t i = n; i < WIRE_ID_BYTES; i++)
        if (id[i]) return false;
    return n > 0;
}

/* Ids of the runtime's own code are names. */
static struct code *print_code(struct dump *d)
{
    uint64_t n = take_varint(d);
    if (n > d->n_codes) give_up(d, "reference to nothing");
    if (n == 0) {
        const uint8_t *id = take_bytes(d, WIRE_ID_BYTES);
        d->codes = grown(d->codes, d->n_codes, &d->codes_capacity, sizeof *d->codes);
        struct code *code = &d->codes[d->n_codes++];
        for (size_t i = 0; i < WIRE_ID_BYTES; i++)
            snprintf(code->id + 2 * i, 3, "%02x", id[i]);
        if (is_text(id)) snprintf(code->id, sizeof code->id, "%.16s", (const char *)id);
        unsigned kind = take_byte(d);
        code->n_slots = take_varint(d);
        n = d->n_codes;
        printf(" code %" PRIu64 " = %s kind %u slots %" PRIu64 " of ", n - 1, code->id, kind, code->n_slots);
        print_text(d);
    } else {
        printf(" code %" PRIu64, n - 1);
    }
    return &d->codes[n - 1];
}

/* -- values ---------------------------------------------------------------- */

static void print_constant(struct dump *d)
{
    static const struct {
        unsigned payload;
        const char *text;
    } rows[] = {
#define IMMEDIATE(name, payload, text) {payload, text},
#include "rt/abi/immediates.def"
#undef IMMEDIATE
    };
    uint8_t payload = take_byte(d);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].payload == payload) {
            printf(" %s", rows[i].text);
            return;
        }
    give_up(d, "unknown constant");
}

static void print_big(struct dump *d)
{
    uint64_t head = take_varint(d), n = head >> 1;
    const uint8_t *bytes = take_bytes(d, n);
    printf(head & 1 ? " -0x" : " 0x");
    for (uint64_t i = n; i-- > 0;)
        printf("%02x", bytes[i]);
}

static void print_flonum(struct dump *d)
{
    const uint8_t *bytes = take_bytes(d, 8);
    uint64_t bits = 0;
    double number;
    for (size_t i = 8; i-- > 0;)
        bits = bits << 8 | bytes[i];
    memcpy(&number, &bits, sizeof number);
    printf(" %.17g", number);
}

static void print_list(struct dump *d, bool only_integers)
{
    uint64_t n = take_count(d);
    printf(" #%zu..%zu", d->n_objects, d->n_objects + (size_t)n - 1);
    d->n_objects += n;
    push(d, 1, "tail");
    if (!only_integers) push(d, n, NULL);
    for (; only_integers && n > 0; n--)
        printf(" %" PRId64, take_zigzag(d));
}

static void print_record_type(struct dump *d)
{
    print_object_number(d);
    if (take_byte(d)) {
        printf(" uid ");
        print_text(d);
    }
    print_symbol(d);
    printf(" fields");
    for (uint64_t n = take_count(d); n > 0; n--)
        print_symbol(d);
}

/* The type of a record stands between its tag and the number of its fields. */
static void print_record(struct dump *d)
{
    print_object_number(d);
    uint8_t tag = take_byte(d);
    printf(" of type");
    if (tag == WIRE_RECORD_TYPE)
        print_record_type(d);
    else if (tag == WIRE_REF)
        printf(" ref #%" PRIu64, take_varint(d));
    else
        give_up(d, "a record without a type");
    push(d, take_count(d), NULL);
}

static void print_frames(struct dump *d)
{
    uint64_t n = take_count(d), tail = take_varint(d), n_slots = 0;
    if (tail) printf(" over frame %" PRIu64, tail - 1);
    for (; n > 0; n--) {
        printf("\n%8s%*s  frame %zu:", "", (int)(2 * d->depth), "", d->n_positions++);
        n_slots += print_code(d)->n_slots;
    }
    push(d, n_slots, "slots of these frames");
}

static void print_continuation(struct dump *d)
{
    print_object_number(d);
    uint64_t n = take_varint(d);
    if (n > 0)
        printf(" frame %" PRIu64, n - 1);
    else
        print_frames(d);
}

static void print_fields(struct dump *d, uint64_t n)
{
    print_object_number(d);
    push(d, n, NULL);
}

static void print_identity(struct dump *d)
{
    print_object_number(d);
    print_boot(d);
    printf(" serial %" PRIu64 " mac ", take_varint(d));
    print_hex(take_bytes(d, WIRE_MAC_BYTES), WIRE_MAC_BYTES);
}

static void print_value(struct dump *d, uint8_t tag)
{
    switch (tag) {
    case WIRE_CONSTANT: print_constant(d); break;
    case WIRE_CHAR: printf(" U+%04" PRIX64, take_varint(d)); break;
    case WIRE_INTEGER: printf(" %" PRId64, take_zigzag(d)); break;
    case WIRE_BIG: print_big(d); break;
    case WIRE_RATIONAL: push(d, 2, NULL); break;
    case WIRE_FLONUM: print_flonum(d); break;
    case WIRE_STRING:
        print_object_number(d);
        putchar(' ');
        print_text(d);
        break;
    case WIRE_SYMBOL:
        printf(" %zu ", d->n_symbols++);
        print_text(d);
        break;
    case WIRE_SYMBOL_REF: printf(" %" PRIu64, take_varint(d)); break;
    case WIRE_REF: printf(" #%" PRIu64, take_varint(d)); break;
    case WIRE_LIST: print_list(d, false); break;
    case WIRE_INTEGERS: print_list(d, true); break;
    case WIRE_VECTOR:
    case WIRE_VALUES: print_fields(d, take_count(d)); break;
    case WIRE_BYTEVECTOR: {
        uint64_t n = take_count(d);
        print_object_number(d);
        putchar(' ');
        print_hex(take_bytes(d, n), n);
        break;
    }
    case WIRE_RECORD: print_record(d); break;
    case WIRE_RECORD_TYPE: print_record_type(d); break;
    case WIRE_BOX: print_fields(d, 1); break;
    case WIRE_PROMISE:
    case WIRE_NODE:
    case WIRE_SERVICE: print_fields(d, 2); break;
    case WIRE_CONDITION:
    case WIRE_SIGNAL: print_fields(d, 3); break;
    case WIRE_DEADLINE: printf(" in %" PRIu64 " us", take_varint(d)); break;
    case WIRE_CLOSURE:
        print_object_number(d);
        push(d, print_code(d)->n_slots, NULL);
        break;
    case WIRE_CONTINUATION: print_continuation(d); break;
    case WIRE_PID:
    case WIRE_TAG:
    case WIRE_PORT: print_identity(d); break;
    }
}

static const char *tag_name(uint8_t tag)
{
    switch (tag) {
#define WIRE(name, number, text)                                                                             \
    case number: return text;
#include "rt/abi/wire.def"
#undef WIRE
    default: return NULL;
    }
}

static void print_next(struct dump *d, const char *label)
{
    printf("%7zu %*s", (size_t)(d->at - d->start), (int)(2 * (d->depth < INDENT_MAX ? d->depth : INDENT_MAX)),
           "");
    if (label) printf("%s: ", label);
    uint8_t tag = take_byte(d);
    if (tag >= WIRE_SMALL) {
        printf("%d\n", (int)tag - WIRE_SMALL + WIRE_SMALL_MIN);
        return;
    }
    if (!tag_name(tag)) give_up(d, "unknown kind of value");
    printf("%s", tag_name(tag));
    print_value(d, tag);
    printf("\n");
}

static void print_body(struct dump *d)
{
    print_next(d, NULL);
    while (d->n_pending > 0) {
        struct pending *p = &d->pending[d->n_pending - 1];
        const char *label = p->what;
        d->depth = p->depth;
        p->what = NULL;
        if (--p->left == 0) d->n_pending--;
        print_next(d, label);
    }
    if (d->at != d->end) give_up(d, "bytes behind the end");
}

/* Unzipped, if need be: `front` bytes are in front of the body. */
static void print_behind(struct dump *d, size_t front, bool zipped)
{
    struct wire_buf body = {0};
    bool too_large;
    if (zipped) {
        buf_put(&body, d->start, front);
        if (!unzip_body(d->at, (size_t)(d->end - d->at), WIRE_MAX_UNZIPPED, &body, &too_large))
            give_up(d, too_large ? "too large" : "damaged compression");
        d->start = body.bytes;
        d->at = body.bytes + front;
        d->end = body.bytes + body.n;
    }
    print_body(d);
    buf_free(&body);
    free(d->pending);
    free(d->codes);
}

void dump_value(const uint8_t *bytes, size_t n)
{
    struct dump d = {.start = bytes, .at = bytes, .end = bytes + n, .n_boots = 2, .depth = 2};
    uint8_t flags = take_byte(&d);
    if (flags > WIRE_FLAG_ZIPPED) give_up(&d, "unknown flags");
    print_behind(&d, 1, flags);
}

static void print_message(struct dump *d)
{
    const uint8_t *header = take_bytes(d, WIRE_HEADER_BYTES);
    uint8_t flags = header[WIRE_FLAGS_AT];
    if (memcmp(header, "TTW", WIRE_VERSION_AT) != 0) give_up(d, "not a message");
    if (header[WIRE_VERSION_AT] != WIRE_VERSION) give_up(d, "unknown version");
    if (!checksum_is_right(header, (size_t)(d->end - header)))
        give_up(d, "damaged: its checksum is another one");
    if (flags > WIRE_FLAG_ZIPPED) give_up(d, "unknown flags");
    printf("version %d%s\n", header[WIRE_VERSION_AT], flags ? ", zipped" : "");
    print_behind(d, WIRE_HEADER_BYTES, flags);
}

static bool read_file(const char *path, struct wire_buf *out)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    uint8_t *at;
    size_t got = 1;
    while (got > 0 && (at = buf_room(out, 65536))) {
        got = fread(at, 1, 65536, file);
        out->n += got;
    }
    bool ok = !ferror(file) && !out->failed;
    fclose(file);
    return ok;
}

int main(int argc, char **argv)
{
    struct wire_buf bytes = {0};
    bool frames = argc == 3 && strcmp(argv[1], "--frames") == 0;
    if (argc != 2 && !frames) {
        fprintf(stderr, "usage: wire-dump [--frames] FILE\n");
        return 64;
    }
    if (!read_file(argv[argc - 1], &bytes)) {
        perror(argv[argc - 1]);
        return 1;
    }
    struct dump d = {.start = bytes.bytes, .at = bytes.bytes, .end = bytes.bytes + bytes.n};
    bool ok = true;
    if (frames)
        ok = dump_frames(bytes.bytes, bytes.n);
    else
        print_message(&d);
    buf_free(&bytes);
    return !ok;
}
