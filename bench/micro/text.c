/* text [CHARS]: what the two ways to reach character i at once would cost: characters of one width (1, 2 or 4 bytes, as the
 * widest one needs), or UTF-8 with the offset of every BLOCK-th character behind it. Times are of this thread's CPU, the best
 * of ROUNDS. The choice, with figures: rt/obj/README.md. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rt/abi/program.h"
#include "rt/lexical/utf8.h"

#define ROUNDS 7

const struct tt_program tt_program = {.abi_version = TT_ABI_VERSION, .name = "micro"};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* -- texts ------------------------------------------------------------------ */

struct sample {
    const char *name;
    uint8_t *bytes;
    size_t n, chars;
};

/* Character number i of the sample: ASCII, but `every`-th ones are from `base` on. */
static struct sample sample_make(const char *name, size_t chars, size_t every, uint32_t base)
{
    struct sample s = {name, malloc(chars * UTF8_MAX_BYTES + 8), 0, chars};
    for (size_t i = 0; i < chars; i++)
        s.n += utf8_encode((i + 1) % every == 0 ? base + (uint32_t)(i % 24) : 'a' + (uint32_t)(i % 26),
                           s.bytes + s.n);
    return s;
}

/* -- one width -------------------------------------------------------------- */

struct wide {
    unsigned width;
    size_t chars;
    union {
        uint8_t one[1];
        uint16_t two[1];
        uint32_t four[1];
    } at;
};

static struct wide *wide_alloc(unsigned width, size_t chars)
{
    struct wide *w = malloc(sizeof *w + width * chars);
    w->width = width;
    w->chars = chars;
    return w;
}

static inline uint32_t wide_ref(const struct wide *w, size_t i)
{
    return w->width == 1 ? w->at.one[i] : w->width == 2 ? w->at.two[i] : w->at.four[i];
}

static void *wide_from_utf8(const uint8_t *p, size_t n)
{
    size_t chars;
    if (!utf8_count(p, n, &chars)) abort();
    if (chars == n) {
        struct wide *w = wide_alloc(1, n);
        memcpy(w->at.one, p, n);
        return w;
    }
    uint8_t top = 0;
    for (size_t i = 0; i < n; i++)
        top = p[i] > top ? p[i] : top;
    struct wide *w = wide_alloc(top < 0xc4 ? 1 : top < 0xf0 ? 2 : 4, chars);
    size_t size;
    for (size_t i = 0; i < chars; i++, p += size) {
        uint32_t c = utf8_decode(p, &size);
        if (w->width == 1)
            w->at.one[i] = (uint8_t)c;
        else if (w->width == 2)
            w->at.two[i] = (uint16_t)c;
        else
            w->at.four[i] = c;
    }
    return w;
}

static size_t wide_to_utf8(const void *string, uint8_t *out)
{
    const struct wide *w = string;
    uint8_t *to = out;
    for (size_t i = 0; i < w->chars; i++)
        to += utf8_encode(wide_ref(w, i), to);
    return (size_t)(to - out);
}

/* -- UTF-8 and offsets ------------------------------------------------------ */

static unsigned block; /* characters; a power of 2 */

struct narrow {
    size_t n, chars;
    const uint32_t *index;
    uint8_t bytes[1];
};

static inline unsigned leads(const uint8_t *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    uint64_t inner = (x >> 7) & ~(x >> 6) & 0x0101010101010101u;
    return 8 - (unsigned)((inner * 0x0101010101010101u) >> 56);
}

static inline const uint8_t *skip(const uint8_t *p, const uint8_t *end, size_t k)
{
    while (k >= 8 && end - p >= 8) {
        k -= leads(p);
        p += 8;
    }
    while ((*p & 0xc0) == 0x80)
        p++;
    for (; k > 0; k--)
        do
            p++;
        while ((*p & 0xc0) == 0x80);
    return p;
}

static __attribute__((noinline)) uint32_t narrow_slow(const struct narrow *s, size_t i)
{
    size_t entry = i / block, n;
    const uint8_t *p = s->bytes + (entry ? s->index[entry - 1] : 0);
    return utf8_decode(skip(p, s->bytes + s->n, i % block), &n);
}

static inline uint32_t narrow_ref(const struct narrow *s, size_t i)
{
    return s->n == s->chars ? s->bytes[i] : narrow_slow(s, i);
}

static void *narrow_from_utf8(const uint8_t *p, size_t n)
{
    size_t chars;
    if (!utf8_count(p, n, &chars)) abort();
    size_t entries = chars == n ? 0 : (chars - 1) / block, aligned = (n + 4) & ~(size_t)3;
    struct narrow *s = malloc(sizeof *s + aligned + entries * 4);
    uint32_t *index = (uint32_t *)(s->bytes + aligned);
    s->n = n;
    s->chars = chars;
    s->index = index;
    memcpy(s->bytes, p, n);
    const uint8_t *at = s->bytes;
    for (size_t i = 0; i < entries; i++) {
        at = skip(at, s->bytes + n, block);
        index[i] = (uint32_t)(at - s->bytes);
    }
    return s;
}

static size_t narrow_to_utf8(const void *string, uint8_t *out)
{
    const struct narrow *s = string;
    memcpy(out, s->bytes, s->n);
    return s->n;
}

/* -- measuring -------------------------------------------------------------- */

static volatile uint32_t sink;

#define TIME(result, code)                                                                                   \
    double result = 1e30;                                                                                    \
    for (int round = 0; round < ROUNDS; round++) {                                                           \
        double start = now();                                                                                \
        code;                                                                                                \
        double time = now() - start;                                                                         \
        if (time < result) result = time;                                                                    \
    }

#define REPORT(kind, REF, from, to, size)                                                                    \
    do {                                                                                                     \
        struct kind *s = from(sample->bytes, sample->n);                                                     \
        uint32_t sum = 0, where = 1;                                                                         \
        TIME(in_order, for (size_t k = 0; k < repeats; k++) for (size_t i = 0; i < sample->chars; i++)       \
                           sum += REF(s, i))                                                                 \
        TIME(                                                                                                \
            anywhere, for (size_t k = 0; k < repeats * sample->chars; k++) {                                 \
                where = where * 1664525 + 1013904223;                                                        \
                sum += REF(s, (size_t)(((uint64_t)where * sample->chars) >> 32));                            \
            })                                                                                               \
        TIME(made, for (size_t k = 0; k < repeats; k++) free(from(sample->bytes, sample->n)))                \
        TIME(sent, for (size_t k = 0; k < repeats; k++) sum += (uint32_t)to(s, room))                        \
        double all = (double)(repeats * sample->chars);                                                      \
        printf("%-10s %-10s %7.2f %7.2f %7.2f %7.2f %7.2f\n", sample->name, name, in_order / all,            \
               anywhere / all, made / all, sent / all, (double)(size) / (double)sample->chars);              \
        sink = sum;                                                                                          \
        free(s);                                                                                             \
    } while (0)

static void measure(const struct sample *sample, size_t repeats)
{
    uint8_t *room = malloc(sample->chars * UTF8_MAX_BYTES);
    const char *name = "width";
    REPORT(wide, wide_ref, wide_from_utf8, wide_to_utf8, s->width * s->chars);
    for (block = 16; block <= 128; block *= 2) {
        char text[16];
        snprintf(text, sizeof text, "UTF-8/%u", block);
        name = text;
        REPORT(narrow, narrow_ref, narrow_from_utf8, narrow_to_utf8,
               s->n + (s->n == s->chars ? 0 : 4 * (s->chars / block)));
    }
    free(room);
}

int main(int argc, char **argv)
{
    size_t chars = argc > 1 ? (size_t)atol(argv[1]) : 56000, repeats = 2000000 / chars + 1;
    struct sample samples[] = {
        sample_make("ASCII", chars, chars + 1, 0x3b1), sample_make("one e'", chars, chars, 0xe0),
        sample_make("French", chars, 20, 0xe0),        sample_make("Greek", chars, 1, 0x3b1),
        sample_make("Chinese", chars, 1, 0x4e00),      sample_make("one emoji", chars, chars, 0x1f600)};
    printf("%zu characters; ns a character, bytes a character\ntext       kind       in turn  anywhere  from "
           "UTF-8  to UTF-8 bytes\n",
           chars);
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        measure(&samples[i], repeats);
    return 0;
}
