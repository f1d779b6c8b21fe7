#include "measure.h"

enum { LENGTH = 32 };
struct cell {
    long best, row_gap, column_gap;
};

static long next_random(long seed) { return (seed * 1103515245 + 12345) % 2147483648; }
static long larger(long a, long b) { return a < b ? b : a; }

static void make_sequence(long out[LENGTH], long seed)
{
    for (int i = 0; i < LENGTH; i++, seed = next_random(seed))
        out[i] = seed / 65536 % 20;
}

static long match(const long tops[LENGTH], const long sides[LENGTH])
{
    struct cell above[LENGTH] = {{0}};
    long score = 0;
    for (int s = 0; s < LENGTH; s++) {
        struct cell upper_left = {0}, left = {0};
        for (int t = 0; t < LENGTH; t++) {
            struct cell upper = above[t], cell;
            cell.row_gap = larger(left.best - 3, left.row_gap - 1);
            cell.column_gap = larger(upper.best - 3, upper.column_gap - 1);
            long matched = upper_left.best + (tops[t] == sides[s] ? 2 : -1);
            cell.best = larger(0, larger(matched, larger(cell.row_gap, cell.column_gap)));
            score = larger(score, cell.best);
            above[t] = left = cell;
            upper_left = upper;
        }
    }
    return score;
}

static long match_all(long (*sequences)[LENGTH], long n, const long side[LENGTH])
{
    long sum = 0;
    for (long i = 0; i < n; i++)
        sum += match(sequences[i], side);
    return sum;
}

int main(int argc, char **argv)
{
    long n = atol(argv[1]), seed = 1, side[LENGTH];
    long(*sequences)[LENGTH] = malloc((size_t)n * sizeof *sequences);
    for (long i = 0; i < n; i++) {
        make_sequence(sequences[i], seed);
        seed = next_random(seed + n - i);
    }
    make_sequence(side, 0);
    MEASURE("smith", atol(argv[2]), match_all(sequences, n, side));
}
