#include "measure.h"

long tak(long x, long y, long z)
{
    return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

int main(int argc, char **argv)
{
    volatile long x = atol(argv[1]), y = atol(argv[2]), z = atol(argv[3]);
    MEASURE("tak", atol(argv[4]), tak(x, y, z));
}
