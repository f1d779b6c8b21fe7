#include "measure.h"

long fib(long n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char **argv)
{
    volatile long n = atol(argv[1]);
    MEASURE("fib", atol(argv[2]), fib(n));
}
