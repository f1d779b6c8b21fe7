/* What the tests use of cmocka, for machines whose sysroot does not have it: the first
 * failure is reported and ends the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *running = "set-up";

static void check(bool is_right, const char *file, int line, const char *format, ...)
{
    if (is_right) return;
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: %s: ", file, line, running);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void _assert_true(const LargestIntegralType result, const char *const expression, const char *const file,
                  const int line)
{
    check(result, file, line, "not true: %s", expression);
}

void _assert_int_equal(const LargestIntegralType a, const LargestIntegralType b, const char *const file,
                       const int line)
{
    check(a == b, file, line, "%#llx != %#llx", (unsigned long long)a, (unsigned long long)b);
}

void _assert_int_not_equal(const LargestIntegralType a, const LargestIntegralType b, const char *const file,
                           const int line)
{
    check(a != b, file, line, "both are %#llx", (unsigned long long)a);
}

void _assert_in_range(const LargestIntegralType value, const LargestIntegralType minimum,
                      const LargestIntegralType maximum, const char *const file, const int line)
{
    check(value >= minimum && value <= maximum, file, line, "%llu is not in %llu to %llu",
          (unsigned long long)value, (unsigned long long)minimum, (unsigned long long)maximum);
}

void _assert_string_equal(const char *const a, const char *const b, const char *const file, const int line)
{
    check(strcmp(a, b) == 0, file, line, "\"%s\" != \"%s\"", a, b);
}

void _assert_string_not_equal(const char *const a, const char *const b, const char *file, const int line)
{
    check(strcmp(a, b) != 0, file, line, "both are \"%s\"", a);
}

void _assert_memory_equal(const void *const a, const void *const b, const size_t size, const char *const file,
                          const int line)
{
    check(memcmp(a, b, size) == 0, file, line, "%zu bytes differ", size);
}

void _assert_memory_not_equal(const void *const a, const void *const b, const size_t size,
                              const char *const file, const int line)
{
    check(memcmp(a, b, size) != 0, file, line, "%zu bytes are the same", size);
}

void _fail(const char *const file, const int line) { check(false, file, line, "failed"); }

void print_error(const char *const format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
}

static void run(CMFixtureFunction fixture, void **state)
{
    if (fixture) check(fixture(state) == 0, __FILE__, __LINE__, "set-up or tear-down");
}

int _cmocka_run_group_tests(const char *group_name, const struct CMUnitTest *const tests,
                            const size_t num_tests, CMFixtureFunction group_setup,
                            CMFixtureFunction group_teardown)
{
    void *group_state = NULL;
    run(group_setup, &group_state);
    for (size_t i = 0; i < num_tests; i++) {
        void *state = tests[i].initial_state ? tests[i].initial_state : group_state;
        running = tests[i].name;
        run(tests[i].setup_func, &state);
        tests[i].test_func(&state);
        run(tests[i].teardown_func, &state);
    }
    run(group_teardown, &group_state);
    fprintf(stderr, "%s: %zu tests passed\n", group_name, num_tests);
    return 0;
}
