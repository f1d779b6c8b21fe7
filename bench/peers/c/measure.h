/* How a benchmark measures itself: the counterpart of bench/prog/measure.scm. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* MEASURE(metric, repeats, expression): the barrier keeps gcc from computing it only once. */
#define MEASURE(metric, repeats, expression)                                                                 \
    do {                                                                                                     \
        long measure_n = (repeats), measure_result = 0;                                                      \
        long long measure_start = now_ns();                                                                  \
        for (long measure_i = 0; measure_i < measure_n; measure_i++) {                                       \
            measure_result = (expression);                                                                   \
            __asm__ volatile("" ::: "memory");                                                               \
        }                                                                                                    \
        printf("%s %lld %ld %ld\n", metric, now_ns() - measure_start, measure_n, measure_result);            \
    } while (0)

#endif
