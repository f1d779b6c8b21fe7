#include "rt/node/net/series.h"

#define MS               INT64_C(1000000)
#define FIRST_PAUSE_NS   (100 * MS)
#define LONGEST_PAUSE_NS (1600 * MS)
#define FIRST_REST_NS    (1000 * MS)
#define LONGEST_REST_NS  (10000 * MS)
/* What a human has to mend. */
#define REST_VERSION_NS (60000 * MS)
#define JITTER_PERCENT  20

/* first * 2^doublings, at most `longest`, 20 % more or less. */
static int64_t pause(int64_t first, int64_t longest, unsigned doublings, uint32_t dice)
{
    int64_t ns = first;
    while (doublings-- > 0 && ns < longest)
        ns *= 2;
    if (ns > longest) ns = longest;
    return ns + ns * ((int64_t)(dice % (2 * JITTER_PERCENT + 1)) - JITTER_PERCENT) / 100;
}

bool series_may_begin(const struct series *s, int64_t now_ns) { return now_ns >= s->retry_after; }

void series_begin(struct series *s, int64_t now_ns)
{
    s->since = s->next = now_ns;
    s->attempts = 0;
}

void series_attempt_failed(struct series *s, int64_t now_ns, unsigned addresses, uint32_t dice)
{
    unsigned round = addresses ? ++s->attempts / addresses : ++s->attempts;
    bool has_other = addresses && s->attempts % addresses != 0;
    s->next = has_other ? now_ns : now_ns + pause(FIRST_PAUSE_NS, LONGEST_PAUSE_NS, round - 1, dice);
}

bool series_is_over(const struct series *s, int64_t now_ns) { return now_ns - s->since >= SERIES_NS; }

void series_give_up(struct series *s, int64_t now_ns, enum goodbye why, uint32_t dice)
{
    int64_t rest = why == GOODBYE_VERSION_MISMATCH ? REST_VERSION_NS
                                                   : pause(FIRST_REST_NS, LONGEST_REST_NS, s->failures, dice);
    s->failures++;
    s->retry_after = now_ns + rest;
}

void series_succeed(struct series *s)
{
    s->failures = s->attempts = 0;
    s->retry_after = 0;
}
