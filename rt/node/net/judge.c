#include "rt/node/net/judge.h"

static enum judge_verdict refuse(enum refusal why, enum refusal *why_out)
{
    *why_out = why;
    return JUDGE_REFUSE;
}

enum judge_verdict judge(const struct judge_facts *f, enum refusal *why_out)
{
    *why_out = REFUSAL_NONE;
    if (f->is_self) return refuse(REFUSAL_SELF, why_out);
    if (f->is_stopping) return refuse(REFUSAL_STOPPING, why_out);
    if (f->is_up || f->address_is_up) return JUDGE_PROBE;
    if (f->is_dialled && f->own_is_larger) return refuse(REFUSAL_DUPLICATE, why_out);
    if (f->is_full) return refuse(REFUSAL_TOO_MANY, why_out);
    return JUDGE_ACCEPT;
}
