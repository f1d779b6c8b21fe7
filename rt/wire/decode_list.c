/* Lists: pairs in bulk, and their numbers. */
#include "rt/mem/heap.h"
#include "rt/wire/decoder.h"

/* -- numbers of pairs ------------------------------------------------------- */

/* The pairs of a shorter list get their numbers at once. */
#define RUN_MIN 16

static void write_numbers(struct decoder *d, size_t first, size_t n, tt_word list)
{
    for (size_t i = 0; i < n; i++, list = tt_cdr(list))
        d->objects[first + i] = list;
}

/* Gives the n pairs from `list` on, of which n_there are there, the next numbers. */
static bool number_pairs(struct decoder *d, tt_word list, size_t n, size_t n_there)
{
    size_t first = d->n_objects;
    if (!TABLE_RESERVE(d, objects, n)) return false;
    d->n_objects += n;
    if (n < RUN_MIN && n == n_there) {
        write_numbers(d, first, n, list);
        return true;
    }
    if (!TABLE_ROOM(d, runs)) return false;
    d->runs[d->n_runs++] = (struct run){(uint32_t)first, (uint32_t)n};
    d->objects[first] = list;
    return true;
}

bool dec_ref(struct decoder *d, tt_word *slot)
{
    uint64_t n;
    if (!dec_varint(d, &n)) return false;
    if (n >= d->n_objects) return dec_fail(d, WIRE_BAD_REFERENCE);
    struct run *run = dec_find_run(d->runs, d->n_runs, n);
    if (run) { /* once: each list is walked one time only */
        write_numbers(d, run->first, run->n, d->objects[run->first]);
        run->n = 0;
    }
    *slot = d->objects[n];
    return true;
}

/* -- pairs ------------------------------------------------------------------ */

/* Where the next pairs come from. Young ones lie one behind the other; old ones
 * are a chain, taken when it is needed. */
struct source {
    struct tt_pair *next;
    size_t n_young; /* so many are at `next`; 0: next is a chain, or single pairs have to do */
    bool is_old;
};

static struct source source_begin(struct decoder *d, size_t n)
{
    struct source s = {.is_old = d->makes_old};
    if (!s.is_old && (s.next = heap_take_pairs(d->w, n))) s.n_young = n;
    return s;
}

static void source_end(struct decoder *d, struct source *s)
{
    if (s->is_old) heap_give_old_pairs(d->w, s->next);
}

static struct tt_pair *fail_memory(struct decoder *d)
{
    dec_fail(d, WIRE_NO_MEMORY);
    return NULL;
}

static struct tt_pair *take_slowly(struct decoder *d, struct source *s)
{
    if (!s->is_old) { /* pairs have no header: heap.h wants to know that they are pairs */
        tt_word v = heap_cons(d->w, tt_fixnum(0), TT_NIL);
        return v == TT_FAIL ? fail_memory(d) : tt_pair(v);
    }
    struct tt_pair *pair = heap_take_old_pairs(d->w);
    if (!pair) return fail_memory(d);
    s->next = (struct tt_pair *)pair->car;
    return pair;
}

/* The caller fills it. */
static inline struct tt_pair *take(struct decoder *d, struct source *s)
{
    struct tt_pair *pair = s->next;
    if (s->n_young) {
        s->n_young--;
        s->next++;
        return pair;
    }
    if (!s->is_old || !pair) return take_slowly(d, s);
    s->next = (struct tt_pair *)pair->car;
    return pair;
}

/* How many pairs a list has, and whether there may be so many. */
static bool count_pairs(struct decoder *d, size_t *n_out)
{
    if (!dec_count(d, n_out)) return false;
    if (*n_out == 0) return dec_fail(d, WIRE_BAD_REFERENCE);
    if (*n_out > WIRE_MAX_OBJECTS - d->n_objects) return dec_fail(d, WIRE_TOO_LARGE);
    return dec_charge(d, *n_out * (sizeof(struct tt_pair) / TT_W));
}

/* n > 0 pairs in *slot; *tail_out: the cdr of the last one. */
static bool make_pairs(struct decoder *d, size_t n, tt_word *slot, tt_word **tail_out)
{
    struct source s = source_begin(d, n);
    for (; n > 0; n--) {
        struct tt_pair *pair = take(d, &s);
        if (!pair) return false;
        *pair = (struct tt_pair){tt_fixnum(0), TT_NIL};
        *slot = tt_tagged(pair, TT_TAG_PAIR);
        slot = &pair->cdr;
    }
    source_end(d, &s);
    *tail_out = slot;
    return true;
}

/* The elements come first, then the tail: two entries on the stack. */
bool dec_list(struct decoder *d, tt_word *slot)
{
    size_t n;
    tt_word *tail;
    if (!count_pairs(d, &n)) return false;
    size_t piece = dec_piece(d, n);
    if (!make_pairs(d, piece, slot, &tail) || !number_pairs(d, *slot, n, piece)) return false;
    if (piece == n) return dec_push_words(d, tail, 1, NULL) && dec_push(d, FILL_LIST, tt_words(*slot), n);
    d->list = *slot;
    d->list_length = (uint32_t)n;
    return dec_push(d, FILL_PAIRS, tail, n - piece);
}

bool dec_fill_pairs(struct decoder *d)
{
    struct fill *fill = &d->fills[d->n_fills - 1];
    size_t n = dec_piece(d, fill->left);
    tt_word *tail;
    if (!make_pairs(d, n, fill->at, &tail)) return false;
    fill->at = tail;
    fill->left -= (uint32_t)n;
    if (fill->left > 0) return true;
    d->n_fills--;
    return dec_push_words(d, tail, 1, NULL) && dec_push(d, FILL_LIST, tt_words(d->list), d->list_length);
}

/* An integer of up to three bytes, which most are, without a call; SHORT_BYTES
 * bytes can be read. 0: another. */
#define SHORT_BYTES 3
static inline size_t short_integer(const uint8_t *at, tt_word *slot)
{
    uint32_t z = at[0];
    size_t length = 1;
    if (z >= 0x80) {
        z = (z & 0x7f) | (uint32_t)at[1] << 7;
        length = 2;
        if (at[1] >= 0x80) {
            z = (z & 0x3fff) | (uint32_t)at[2] << 14;
            length = 3;
        }
        if (at[length - 1] >= 0x80 || at[length - 1] == 0) return 0; /* longer, or not the shortest form */
    }
    *slot = tt_fixnum((tt_sword)wire_unzigzag(z));
    return length;
}

static bool read_integer(struct decoder *d, tt_word *slot)
{
    int64_t n;
    return dec_zigzag(d, &n) && dec_make_integer(d, n, slot);
}

/* One after the other, so that what a count promises costs nothing before it is
 * there. *tail_out: the cdr of the last pair. */
static inline bool fill_integers(struct decoder *d, struct source *s, size_t n, tt_word *slot,
                                 tt_word **tail_out)
{
    const uint8_t *at = d->at, *end = d->end;
    for (; n > 0; n--) {
        struct tt_pair *pair = take(d, s);
        if (!pair) return false;
        size_t length = end - at >= SHORT_BYTES ? short_integer(at, &pair->car) : 0;
        at += length;
        pair->cdr = TT_NIL;
        if (!length) { /* the pair can be seen by libgc then */
            pair->car = tt_fixnum(0);
            *slot = tt_tagged(pair, TT_TAG_PAIR);
            d->at = at;
            if (!read_integer(d, &pair->car)) return false;
            at = d->at;
        }
        *slot = tt_tagged(pair, TT_TAG_PAIR);
        slot = &pair->cdr;
    }
    d->at = at;
    *tail_out = slot;
    return true;
}

static bool take_integers(struct decoder *d, size_t n, tt_word *slot, tt_word **tail_out)
{
    struct source s = source_begin(d, n);
    bool ok = fill_integers(d, &s, n, slot, tail_out);
    source_end(d, &s);
    return ok;
}

bool dec_integers(struct decoder *d, tt_word *slot)
{
    size_t n;
    tt_word *tail;
    if (!count_pairs(d, &n)) return false;
    size_t piece = dec_piece(d, n);
    if (!take_integers(d, piece, slot, &tail) || !number_pairs(d, *slot, n, piece)) return false;
    return piece == n ? dec_push_words(d, tail, 1, NULL) : dec_push(d, FILL_INTEGERS, tail, n - piece);
}

bool dec_fill_integers(struct decoder *d)
{
    struct fill *fill = &d->fills[d->n_fills - 1];
    size_t n = dec_piece(d, fill->left);
    tt_word *tail;
    if (!take_integers(d, n, fill->at, &tail)) return false;
    fill->at = tail;
    fill->left -= (uint32_t)n;
    if (fill->left > 0) return true;
    d->n_fills--;
    return dec_push_words(d, tail, 1, NULL);
}
