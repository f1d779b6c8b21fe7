#include "rt/node/channel/waiting.h"

#include <stdlib.h>

#define BUCKETS_MIN 64

enum table { BY_KEY, BY_SENDER };

/* -- tables ---------------------------------------------------------------- */

static uint64_t number_of(const struct outgoing *m, enum table which)
{
    return which == BY_KEY ? m->key : m->from;
}

static size_t bucket_of(uint64_t number, size_t n_buckets)
{
    return (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (n_buckets - 1);
}

/* Where the last message of that number stands, or would stand. */
static struct outgoing **find_last(const struct waiting *w, enum table which, uint64_t number)
{
    const struct waiting_table *t = &w->tables[which];
    struct outgoing **at = &t->buckets[bucket_of(number, t->n_buckets)];
    while (*at && number_of(*at, which) != number)
        at = &(*at)->chains[which];
    return at;
}

static struct outgoing *last_of(const struct waiting *w, enum table which, uint64_t number)
{
    return number && w->tables[which].n ? *find_last(w, which, number) : NULL;
}

/* Without memory a table stays as small as it is; only the first one is needed. */
static bool grow(struct waiting_table *t, enum table which)
{
    if (t->n < t->n_buckets) return true;
    size_t n = t->n_buckets ? 2 * t->n_buckets : BUCKETS_MIN;
    struct outgoing **buckets = calloc(n, sizeof *buckets);
    if (!buckets) return t->n_buckets > 0;
    for (size_t i = 0; i < t->n_buckets; i++)
        for (struct outgoing *m = t->buckets[i], *chain; m; m = chain) {
            struct outgoing **at = &buckets[bucket_of(number_of(m, which), n)];
            chain = m->chains[which];
            m->chains[which] = *at;
            *at = m;
        }
    free(t->buckets);
    t->buckets = buckets;
    t->n_buckets = n;
    return true;
}

/* m is the last one of its number now. Returns the one before it, or NULL. */
static struct outgoing *note_last(struct waiting *w, enum table which, struct outgoing *m)
{
    struct outgoing **at = find_last(w, which, number_of(m, which)), *before = *at;
    m->chains[which] = before ? before->chains[which] : NULL;
    *at = m;
    if (!before) w->tables[which].n++;
    return before;
}

/* m, the last one of its number, goes; `before` is the last one then, NULL: there is none. */
static void forget_last(struct waiting *w, enum table which, struct outgoing *m, struct outgoing *before)
{
    struct outgoing **at = find_last(w, which, number_of(m, which));
    if (before) before->chains[which] = m->chains[which];
    *at = before ? before : m->chains[which];
    if (!before) w->tables[which].n--;
}

/* -- the ring -------------------------------------------------------------- */

static void count_in_ring(struct waiting *w, const struct outgoing *m, int change)
{
    if (m->is_small && !m->is_free) w->n_small += (size_t)change;
}

static void push_last(struct waiting *w, struct outgoing *m)
{
    m->next = NULL;
    if (w->last)
        w->last->next = m;
    else
        w->first = m;
    w->last = m;
    count_in_ring(w, m, 1);
}

static void push_first(struct waiting *w, struct outgoing *m)
{
    m->next = w->first;
    w->first = m;
    if (!w->last) w->last = m;
    count_in_ring(w, m, 1);
}

static struct outgoing *pop_first(struct waiting *w)
{
    struct outgoing *m = w->first;
    w->first = m->next;
    if (!w->first) w->last = NULL;
    count_in_ring(w, m, -1);
    return m;
}

/* -- order ----------------------------------------------------------------- */

static bool has_sender_turn(const struct outgoing *m)
{
    return m->is_in_turn ? m->before == NULL : !m->is_behind_turn;
}

/* What m waited for has gone; perhaps it waits for something else still. */
static void push_if_it_may(struct waiting *w, struct outgoing *m)
{
    if (!m->has_key_turn || !has_sender_turn(m)) return;
    if (m->is_free)
        push_first(w, m);
    else
        push_last(w, m);
}

bool waiting_blocks(const struct waiting *w, const struct heading *heading)
{
    if (last_of(w, BY_KEY, heading->key)) return true;
    const struct outgoing *last = last_of(w, BY_SENDER, heading->from);
    return last && (last->is_in_turn || last->is_behind_turn || control_is_in_turn(heading->type));
}

bool waiting_add(struct waiting *w, struct outgoing *m)
{
    if (m->key && !grow(&w->tables[BY_KEY], BY_KEY)) return false;
    if (m->from && !grow(&w->tables[BY_SENDER], BY_SENDER)) return false;
    struct outgoing *before_key = m->key ? note_last(w, BY_KEY, m) : NULL;
    m->before = m->from ? note_last(w, BY_SENDER, m) : NULL;
    m->behind = m->after = NULL;
    m->has_key_turn = !before_key;
    if (before_key) before_key->behind = m;
    if (m->before) {
        m->before->after = m;
        m->is_behind_turn = m->before->is_in_turn || m->before->is_behind_turn;
    }
    if (m->has_key_turn && has_sender_turn(m)) push_last(w, m);
    w->n_bytes += m->n;
    if (!m->is_small) w->n_stream_bytes += m->n;
    return true;
}

void waiting_rotate(struct waiting *w)
{
    if (w->first != w->last) push_last(w, pop_first(w));
}

static void free_outgoing(struct waiting *w, struct outgoing *m)
{
    w->n_bytes -= m->n - m->sent;
    if (!m->is_small) w->n_stream_bytes -= m->n - m->sent;
    buf_free(&m->owned);
    free(m);
}

void waiting_sent(struct waiting *w, size_t n)
{
    w->first->sent += n;
    w->n_bytes -= n;
    if (!w->first->is_small) w->n_stream_bytes -= n;
}

static void leave_key(struct waiting *w, struct outgoing *m)
{
    if (m->behind) {
        m->behind->has_key_turn = true;
        push_if_it_may(w, m->behind);
    } else if (m->key) {
        forget_last(w, BY_KEY, m, NULL);
    }
}

/* m was IN_TURN: those behind it go, up to the next one that is. */
static void let_go(struct waiting *w, struct outgoing *m)
{
    for (; m && !m->is_in_turn; m = m->after) {
        m->is_behind_turn = false;
        push_if_it_may(w, m);
    }
}

static void leave_sender(struct waiting *w, struct outgoing *m)
{
    struct outgoing *before = m->before, *after = m->after;
    if (!m->from) return;
    if (!after) forget_last(w, BY_SENDER, m, before);
    if (before) before->after = after;
    if (after) after->before = before;
    if (m->is_in_turn) let_go(w, after);
    if (after && after->is_in_turn && !before) push_if_it_may(w, after);
}

static struct outgoing *take_first(struct waiting *w)
{
    struct outgoing *m = pop_first(w);
    leave_sender(w, m);
    leave_key(w, m);
    return m;
}

void waiting_shift(struct waiting *w) { free_outgoing(w, take_first(w)); }

bool waiting_pass_on(struct waiting *from, struct waiting *to)
{
    bool is_whole = true;
    while (from->first) {
        struct outgoing *m = take_first(from);
        from->n_bytes -= m->n;
        if (!m->is_small) from->n_stream_bytes -= m->n;
        m->is_behind_turn = false;
        if (waiting_add(to, m)) continue;
        buf_free(&m->owned);
        free(m);
        is_whole = false;
    }
    return is_whole;
}

void waiting_clear(struct waiting *w)
{
    while (w->first)
        waiting_shift(w);
    for (enum table which = BY_KEY; which <= BY_SENDER; which++) {
        free(w->tables[which].buckets);
        w->tables[which] = (struct waiting_table){0};
    }
}
