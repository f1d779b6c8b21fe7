#include "list.h"
#include "measure.h"

static struct pair *quicksort(struct pair *list, struct pair *sorted)
{
    while (list) {
        long pivot = list->car;
        struct pair *less = NULL, *rest = NULL;
        for (list = list->cdr; list; list = list->cdr) {
            if (list->car < pivot)
                less = cons(list->car, less);
            else
                rest = cons(list->car, rest);
        }
        sorted = cons(pivot, quicksort(rest, sorted));
        list = less;
    }
    return sorted;
}

static long run(struct pair *numbers)
{
    arena_reset(arena);
    long sum = 0;
    for (struct pair *p = quicksort(numbers, NULL); p->cdr; p = p->cdr)
        sum = p->cdr->car - p->car - sum;
    return sum;
}

int main(int argc, char **argv)
{
    long n = atol(argv[1]), seed = 42;
    arena_open((size_t)n * 64);
    struct pair *numbers = NULL, **end = &numbers;
    for (long i = 0; i < n; i++, seed = (seed * 1103515245 + 12345) % 2147483648) {
        *end = cons(seed, NULL);
        end = &(*end)->cdr;
    }
    arena += n; /* the input stays */
    MEASURE("qsort", atol(argv[2]), run(numbers));
}
