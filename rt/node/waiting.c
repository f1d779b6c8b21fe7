#include "rt/node/waiting.h"

#include <stdlib.h>

#define BUCKETS_MIN 64

static size_t bucket_of(uint64_t key, size_t n_buckets)
{
    return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (n_buckets - 1);
}

static struct outgoing **find_last(const struct waiting *w, uint64_t key)
{
    struct outgoing **at = &w->buckets[bucket_of(key, w->n_buckets)];
    while (*at && (*at)->key != key)
        at = &(*at)->chain;
    return at;
}

bool waiting_has_key(const struct waiting *w, uint64_t key) { return key && w->n_keys && *find_last(w, key); }

/* Without memory a table stays as small as it is; only the first one is needed. */
static bool grow_buckets(struct waiting *w)
{
    if (w->n_keys < w->n_buckets) return true;
    size_t n = w->n_buckets ? 2 * w->n_buckets : BUCKETS_MIN;
    struct outgoing **buckets = calloc(n, sizeof *buckets);
    if (!buckets) return w->n_buckets > 0;
    for (size_t i = 0; i < w->n_buckets; i++)
        for (struct outgoing *m = w->buckets[i], *chain; m; m = chain) {
            struct outgoing **at = &buckets[bucket_of(m->key, n)];
            chain = m->chain;
            m->chain = *at;
            *at = m;
        }
    free(w->buckets);
    w->buckets = buckets;
    w->n_buckets = n;
    return true;
}

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

/* Returns the one that it stands behind, or NULL. */
static struct outgoing *note_last(struct waiting *w, struct outgoing *m)
{
    struct outgoing **at = find_last(w, m->key), *before = *at;
    m->chain = before ? before->chain : NULL;
    *at = m;
    if (!before) w->n_keys++;
    return before;
}

bool waiting_add(struct waiting *w, struct outgoing *m)
{
    if (m->key && !grow_buckets(w)) return false;
    struct outgoing *before = m->key ? note_last(w, m) : NULL;
    m->behind = NULL;
    if (before)
        before->behind = m;
    else
        push_last(w, m);
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

void waiting_shift(struct waiting *w)
{
    struct outgoing *m = pop_first(w);
    if (m->behind && m->behind->is_free) {
        push_first(w, m->behind);
    } else if (m->behind) {
        push_last(w, m->behind);
    } else if (m->key) {
        struct outgoing **at = find_last(w, m->key);
        *at = m->chain;
        w->n_keys--;
    }
    free_outgoing(w, m);
}

void waiting_clear(struct waiting *w)
{
    while (w->first)
        waiting_shift(w);
    free(w->buckets);
    w->buckets = NULL;
    w->n_buckets = 0;
}
