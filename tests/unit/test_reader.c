/* The reader: what it makes of a text, printed again, and what it says of bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frontend/read.h"

typedef struct Result {
    bool is_good;
    char *data; /* all data, a blank between them */
    char *messages;
} Result;

typedef struct Job {
    Compilation compilation;
    Source *source;
    DatumList data;
    bool is_good;
} Job;

static void read_job(void *context)
{
    Job *job = context;
    job->is_good = read_all(&job->compilation, job->source, &job->data);
}

static char *print_all(DatumList data)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (size_t i = 0; i < data.count; i++) {
        if (i) fputc(' ', out);
        datum_print(out, data.items[i]);
    }
    fclose(out);
    return text;
}

static Result read_text(const char *text, size_t length)
{
    Result result = {0};
    size_t n_messages;
    FILE *messages = open_memstream(&result.messages, &n_messages);
    Job job = {.compilation.arena = arena_new()};
    job.compilation.symbols = symbols_new(job.compilation.arena);
    job.compilation.diag = diag_new(job.compilation.arena, messages, 20);
    job.source = source_from_text(job.compilation.arena, "t", text, length);
    result.is_good = diag_catch(job.compilation.diag, read_job, &job) && job.is_good;
    result.data = result.is_good ? print_all(job.data) : NULL;
    fclose(messages);
    arena_free(job.compilation.arena);
    return result;
}

static void free_result(Result result)
{
    free(result.data);
    free(result.messages);
}

static void check_reads_as(const char *text, const char *expected)
{
    Result result = read_text(text, strlen(text));
    if (!result.is_good) fail_msg("%s: %s", text, result.messages);
    assert_string_equal(result.data, expected);
    free_result(result);
}

/* `expected`: the first line of the messages. */
static void check_fails(const char *text, size_t length, const char *expected)
{
    Result result = read_text(text, length);
    assert_false(result.is_good);
    result.messages[strcspn(result.messages, "\n")] = '\0';
    assert_string_equal(result.messages, expected);
    free_result(result);
}

static void atoms(void **state)
{
    check_reads_as("", "");
    check_reads_as("#t #f #true #false #T #!eof #!void #!default ()",
                   "#t #f #t #f #t #!eof #!void #!default ()");
    check_reads_as("foo Foo ... + - -> .foo +foo 1+ -1+ \xce\xbb",
                   "foo Foo ... + - -> .foo +foo 1+ -1+ \xce\xbb");
    check_reads_as("|a b| |a\\x41;| || |1| |a\\|b| |.|", "|a b| aA || |1| |a\\|b| |.|");
    check_reads_as("#\\a #\\A #\\space #\\( #\\x #\\x41 #\\\xce\xbb #\\nul #\\x7f #\\;",
                   "#\\a #\\A #\\space #\\( #\\x #\\A #\\\xce\xbb #\\null #\\delete #\\;");
    check_reads_as("\"\" \"a\\n\\t\\\\\\\"\" \"\\x3bb;\" \"a\\  \n  b\" \"a\r\nb\"",
                   "\"\" \"a\\n\\t\\\\\\\"\" \"\xce\xbb\" \"ab\" \"a\\nb\"");
}

static void compound(void **state)
{
    check_reads_as("(a (b . c) . (d))", "(a (b . c) d)");
    check_reads_as("#(1 #(2) ()) #() #u8(0 255) #U8()", "#(1 #(2) ()) #() #u8(0 255) #u8()");
    check_reads_as("'a `(b ,c ,@d) (quote a b) (quote . a)", "'a `(b ,c ,@d) (quote a b) (quote . a)");
}

static void labels(void **state)
{
    check_reads_as("#0=(a . #0#)", "#0=(a . #0#)");
    check_reads_as("(#5=(x) #5#)", "((x) (x))");
    check_reads_as("#1=#(a #1# #2=(b #2# #1#))", "#0=#(a #0# #1=(b #1# #0#))");
    check_reads_as("#0='#0#", "#0='#0#");
    check_reads_as("#0=a (#1=b #1#)", "a (b b)");
}

static void comments(void **state)
{
    check_reads_as("#!/usr/bin/env tcc-termite\na", "a");
    check_reads_as("\xef\xbb\xbf"
                   "a",
                   "a");
    check_reads_as("a ; b\n c #| d #| e |# |# f #;(g h) i (j #;k) #;#;l m n", "a c f i (j) n");
    check_reads_as("(a . b #;c)", "(a . b)");
    check_reads_as("#!fold-case ABC \xc3\x84 #\\SPACE |AB| #!no-fold-case ABC",
                   "abc \xc3\xa4 #\\space AB ABC");
}

static void numbers(void **state)
{
    check_reads_as("1 -1 +5 #xfF #b-101 #o17 #d10 1/2 -6/4 4/2", "1 -1 5 255 -5 15 10 1/2 -3/2 2");
    check_reads_as("123456789012345678901234567890", "123456789012345678901234567890");
    check_reads_as("1.5 .5 1. 1e2 -0.0 1e21 1e22 1e-7 1.5E3", "1.5 0.5 1.0 100.0 -0.0 1e21 1e22 1e-7 1500.0");
    check_reads_as("+inf.0 -inf.0 +nan.0 +INF.0 1e400", "+inf.0 -inf.0 +nan.0 +inf.0 +inf.0");
    check_reads_as("#e1.5 #i1/3 #e1e3 #i#xff #x#i10 #e-.25", "3/2 0.3333333333333333 1000 255.0 16.0 -1/4");
    check_reads_as("#i-0/5 #i-1/3 #i123456789012345678901/2",
                   "-0.0 -0.3333333333333333 61728394506172840000.0");
}

static void errors(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"(a", "t:1:1: error: this is never closed"},
        {"(a (b", "t:1:4: error: this is never closed"},
        {"(a\n(b)\n", "t:1:1: error: this is never closed"},
        {"a\n)", "t:2:1: error: nothing is open that this could close"},
        {"(a \"b", "t:1:4: error: this string is never closed"},
        {"(a |b", "t:1:4: error: this |symbol| is never closed"},
        {"#| #| |#", "t:1:1: error: this comment is never closed"},
        {"[a]", "t:1:1: error: `[` is reserved"},
        {"{a}", "t:1:1: error: `{` is reserved"},
        {"(a])", "t:1:3: error: `]` is reserved"},
        {"(. a)", "t:1:2: error: unexpected dot"},
        {"#(a . b)", "t:1:5: error: unexpected dot"},
        {"(a . b c)", "t:1:8: error: only one datum may follow the dot of a list"},
        {"(a .)", "t:1:5: error: a datum is expected between the dot and `)`"},
        {"(a ')", "t:1:4: error: a datum is expected behind this"},
        {"(a #;)", "t:1:4: error: a datum is expected behind this"},
        {"'", "t:1:1: error: a datum is expected behind this"},
        {"12ab", "t:1:1: error: this is neither a number nor a symbol"},
        {"#xg", "t:1:1: error: this is neither a number nor a symbol"},
        {"1+2i", "t:1:1: error: complex numbers are not supported"},
        {"+i", "t:1:1: error: complex numbers are not supported"},
        {"1@2", "t:1:1: error: complex numbers are not supported"},
        {"1/0", "t:1:1: error: the denominator is zero"},
        {"#e+inf.0", "t:1:1: error: this number has no exact value"},
        {"#e1e1000000000", "t:1:1: error: this exact number is too large"},
        {"#e1e-99999999999999999999", "t:1:1: error: this exact number is too large"},
        {"#!optional", "t:1:1: error: unknown `#!` syntax"},
        {"#<x>", "t:1:1: error: unknown `#` syntax"},
        {"#vu8(1)", "t:1:1: error: unknown `#` syntax"},
        {"#u8(256)", "t:1:5: error: an element of a bytevector is an exact integer from 0 to 255"},
        {"#\\foo", "t:1:1: error: unknown character name"},
        {"#\\xD800", "t:1:1: error: unknown character name"},
        {"#\\", "t:1:1: error: a character is expected behind `#\\`"},
        {"\"a\\qb\"", "t:1:3: error: unknown escape in a literal"},
        {"\"\\x41\"", "t:1:2: error: bad escape: `\\x` takes hexadecimal digits and a `;`, as in `\\x41;`"},
        {"\"\\x110000;\"", "t:1:2: error: this escape is not a Unicode character"},
        {"#0=#0#", "t:1:4: error: label #0= names nothing but itself"},
        {"#0=#1=#0#", "t:1:7: error: label #0= names nothing but itself"},
        {"#0#", "t:1:1: error: label #0= is not defined in front of this"},
        {"#0=a #0#", "t:1:6: error: label #0= is not defined in front of this"},
        {"(#0=a #0=b)", "t:1:7: error: label #0= is defined twice"},
        {"#12345678901=a", "t:1:1: error: this datum label is too large"},
        {"a \x01", "t:1:3: error: unexpected control character U+0001"},
        {"\xce\xbb \xff\xfe", "t:1:3: error: invalid UTF-8"},
        {"\"\xc0\x80\"", "t:1:2: error: invalid UTF-8 in a literal"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_fails(cases[i].text, strlen(cases[i].text), cases[i].message);
    }
    check_fails("a \0 b", 5, "t:1:3: error: NUL character in the source");
}

static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;
    for (const char *p = text; (p = strstr(p, part)); p += strlen(part))
        count++;
    return count;
}

static void several_errors_in_one_run(void **state)
{
    const char *text = "(a . ) 1/0 #\\foo ] \"\\q\" (b [c d] 2z)";
    Result result = read_text(text, strlen(text));
    assert_int_equal(count_of(result.messages, "error:"), 7);
    free_result(result);
}

/* One message for the swallowed rest, not one for every list around. */
static void an_unclosed_string_is_one_error(void **state)
{
    Result result = read_text("(a (b \"c) d)", 12);
    assert_int_equal(count_of(result.messages, "error:"), 1);
    free_result(result);
}

static void missing_parenthesis_is_located(void **state)
{
    const char *text = "(define (f x)\n  (let ((y 1))\n    x)\n\n(define (g y) y)\n";
    Result result = read_text(text, strlen(text));
    assert_non_null(strstr(result.messages, "t:1:1: error: this is never closed"));
    assert_non_null(strstr(result.messages, "t:5:1: note: a `)` seems to be missing in front of this"));
    free_result(result);
}

static char *repeat(const char *part, size_t n)
{
    size_t length = strlen(part);
    char *text = malloc(n * length + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(text + i * length, part, length);
    text[n * length] = '\0';
    return text;
}

static void deep_nesting(void **state)
{
    size_t n = 1000000;
    char *open = repeat("(", n), *close = repeat(")", n);
    char *both = malloc(2 * n + 1);
    strcpy(stpcpy(both, open), close);
    check_reads_as(both, both);
    check_fails(open, n, "t:1:1000000: error: this is never closed");
    free(open);
    free(close);
    free(both);
    char *quotes = repeat("'", n);
    check_fails(quotes, n, "t:1:1000000: error: a datum is expected behind this");
    free(quotes);
    char *deeper = repeat("(", 3 * n);
    check_fails(deeper, 3 * n, "t:1:2000001: error: nested too deeply (more than 2000000 levels)");
    free(deeper);
}

/* Each would take minutes if any part of the reader were quadratic. */
static void large_inputs_take_linear_time(void **state)
{
    static const char *const parts[] = {"a ",         "#0=(x #0#) ", "\"s\\x41;\" ", "#;a ",
                                        "\xce\xbb\n", "1.5 ",        "#|x|#"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *text = repeat(parts[i], 200000);
        Result result = read_text(text, strlen(text));
        assert_true(result.is_good);
        free_result(result);
        free(text);
    }
    char *digits = repeat("7", 900000);
    check_reads_as(digits, digits);
    free(digits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(atoms),
        cmocka_unit_test(compound),
        cmocka_unit_test(labels),
        cmocka_unit_test(comments),
        cmocka_unit_test(numbers),
        cmocka_unit_test(errors),
        cmocka_unit_test(several_errors_in_one_run),
        cmocka_unit_test(an_unclosed_string_is_one_error),
        cmocka_unit_test(missing_parenthesis_is_located),
        cmocka_unit_test(deep_nesting),
        cmocka_unit_test(large_inputs_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
