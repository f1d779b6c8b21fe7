/* Code that a message names and this program does not have, in words: which
 * procedures, and whether there are others of the same name. */
#include <string.h>

#include "rt/code/modules.h"
#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/string.h"
#include "rt/wire/decoder.h"

/* Words are whole: what does not fit is left out. */
static void add_words(struct decoder *d, const char *words, size_t n)
{
    size_t at = strlen(d->missing);
    if (n >= sizeof d->missing - at) return;
    memcpy(d->missing + at, words, n);
    d->missing[at + n] = 0;
}

static void add_text(struct decoder *d, const char *text) { add_words(d, text, strlen(text)); }

/* `text` is among the words already. */
static bool is_named(const struct decoder *d, const char *text) { return strstr(d->missing, text) != NULL; }

/* The name with spaces around it, fit for a terminal. */
static void spaced_name(const uint8_t *name, size_t n, char out[WIRE_MAX_NAMES_BYTES + 3])
{
    out[0] = ' ';
    for (size_t i = 0; i < n; i++)
        out[1 + i] = (char)(name[i] < ' ' || name[i] == 0x7f ? '?' : name[i]);
    memcpy(out + 1 + n, " ", 2);
}

static void describe_one(struct decoder *d, const uint8_t *name, size_t n)
{
    char spaced[WIRE_MAX_NAMES_BYTES + 3];
    bool is_called = n > 1 && name[0] == ' ';
    spaced_name(name + is_called, n - is_called, spaced);
    if (is_named(d, spaced)) return;
    const struct tt_code_desc *other = module_find_named(d->w->node->program, name, n);
    if (d->missing[0]) add_text(d, "; ");
    add_text(d, is_called ? "or the procedure" : "the procedure");
    add_text(d, spaced);
    if (is_called) {
        add_text(d, "that it calls");
        return;
    }
    if (!other) {
        add_text(d, "is not there");
        return;
    }
    add_text(d, "of ");
    add_text(d, (const char *)other + other->file_off);
    add_text(d, " differs");
}

static void describe(struct decoder *d, const struct code_entry *entry)
{
    const uint8_t *name = entry->names, *end = name + entry->n_names;
    for (;;) {
        const uint8_t *stop = memchr(name, '\n', (size_t)(end - name));
        describe_one(d, name, (size_t)((stop ? stop : end) - name));
        if (!stop) return;
        name = stop + 1;
    }
}

/* So many codes of a continuation are looked at. */
#define LOOK_MAX 256

void dec_describe_missing(struct decoder *d, const struct code_entry *first, size_t n_behind)
{
    if (n_behind > LOOK_MAX) n_behind = LOOK_MAX;
    d->missing[0] = 0;
    d->failure->missing = d->missing;
    memcpy(d->failure->code_id, first->id, WIRE_ID_BYTES);
    describe(d, first);
    struct code_entry entry;
    uint64_t number;
    for (; n_behind > 0 && dec_varint(d, &number); n_behind--) {
        if (number > 0) continue;
        if (!dec_code_entry(d, &entry)) return;
        if (!module_find(d->w->node->program, entry.id)) describe(d, &entry);
    }
}

tt_word wire_code_irritants(struct worker *w, const struct wire_failure *failure)
{
    char digits[2 * sizeof failure->code_id];
    for (size_t i = 0; i < sizeof digits; i++)
        digits[i] = "0123456789abcdef"[failure->code_id[i / 2] >> (i % 2 ? 0 : 4) & 15];
    tt_word id = string_from_bytes(w, digits, sizeof digits);
    tt_word irritants = id == TT_FAIL ? TT_FAIL : heap_cons(w, id, TT_NIL);
    if (irritants == TT_FAIL || !failure->missing) return irritants;
    tt_word words = string_from_text(w, failure->missing);
    return words == TT_FAIL ? TT_FAIL : heap_cons(w, words, irritants);
}
