#include "list.h"
#include "measure.h"

static struct pair *join(struct pair *a, struct pair *b) { return a ? cons(a->car, join(a->cdr, b)) : b; }

static struct pair *nrev(struct pair *list)
{
    return list ? join(nrev(list->cdr), cons(list->car, NULL)) : NULL;
}

static long run(struct pair *numbers)
{
    arena_reset(arena);
    return nrev(numbers)->car;
}

int main(int argc, char **argv)
{
    long n = atol(argv[1]);
    arena_open((size_t)(n * (n + 1) / 2 + n));
    struct pair *numbers = NULL;
    for (long i = 1; i <= n; i++)
        numbers = cons(i, numbers);
    arena += n; /* the input stays */
    MEASURE("nrev", atol(argv[2]), run(numbers));
}
