/* ir-text [--promote] FILE...: tests of the ir on texts, no front end involved.
 *
 *   x.cps, x.clo   read, check, print: the file again
 *   x.PASS         beside x.cps: what the pass makes of it
 *   bad/x.*        a text that is refused: its first line is `;; error LINE:COL: message`
 *   broken/x.*     a text that breaks a rule: its first line is `;; ice: part of the message`
 *
 * --promote writes what was printed instead of comparing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ir/cps.h"
#include "ir/ir.h"

typedef struct Test {
    Compilation compilation;
    const char *path;
    Source *source;
    char *messages; /* of diag */
    size_t n_messages;
    FILE *diag_out;
} Test;

static int n_failed;
static bool promotes;

static void fail(const char *path, const char *what, const char *details)
{
    printf("FAIL %s: %s\n%s\n", path, what, details);
    n_failed++;
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}

static bool start_test(Test *test, const char *path)
{
    *test = (Test){.path = path};
    const char *error = "";
    Compilation *compilation = &test->compilation;
    compilation->arena = arena_new();
    compilation->symbols = symbols_new(compilation->arena);
    test->diag_out = open_memstream(&test->messages, &test->n_messages);
    compilation->diag = diag_new(compilation->arena, test->diag_out, 20);
    test->source = source_read(compilation->arena, path, &error);
    if (test->source)
        test->source->name = "";
    else
        fail(path, error, "");
    return test->source != NULL;
}

static void end_test(Test *test)
{
    fclose(test->diag_out);
    free(test->messages);
    arena_free(test->compilation.arena);
}

/* Reads, checks, and prints if `out` is not NULL. False when it does not read. */
static bool print_again(Test *test, FILE *out)
{
    if (has_suffix(test->path, ".clo")) {
        CloProgram *program = clo_read(&test->compilation, test->source);
        if (!program) return false;
        clo_check(program);
        clo_print(out, program, true);
    } else {
        CpsProgram *program = cps_read(&test->compilation, test->source);
        if (!program) return false;
        cps_print(out, program, true);
        cps_count(program);
        cps_check(program, "reading");
    }
    return true;
}

/* ---- Comparing ---- */

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file)) fail(path, strerror(errno), "");
}

static void compare(const char *path, const char *text)
{
    Arena *arena = arena_new();
    const char *error;
    const Source *expected = source_read(arena, path, &error);
    bool is_same = expected && strcmp(expected->text, text) == 0;
    if (!is_same && promotes)
        write_file(path, text);
    else if (!is_same)
        fail(path, "the output differs:", text);
    arena_free(arena);
}

static void check_round_trip(const char *path)
{
    Test test;
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    bool is_read = start_test(&test, path) && print_again(&test, out);
    fclose(out);
    fflush(test.diag_out);
    if (is_read)
        compare(path, text);
    else if (test.source)
        fail(path, "does not read:", test.messages);
    free(text);
    end_test(&test);
}

static void check_pass(const char *path, const char *pass, const char *golden)
{
    Test test;
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    bool is_run = start_test(&test, path) && ir_run_pass_on_text(&test.compilation, test.source, pass, out);
    fclose(out);
    fflush(test.diag_out);
    if (is_run)
        compare(golden, text);
    else if (test.source)
        fail(golden, "the pass did not run:", test.messages);
    free(text);
    end_test(&test);
}

/* x.PASS beside x.cps, for all passes. */
static void check_passes(const char *path)
{
    const char *pass;
    for (unsigned i = 0; (pass = ir_stage_name(i, NULL)); i++) {
        char golden[4096];
        snprintf(golden, sizeof golden, "%.*s%s", (int)(strlen(path) - strlen("cps")), path, pass);
        if (strcmp(pass, "cps") != 0 && strcmp(pass, "clo") != 0 && access(golden, F_OK) == 0) {
            check_pass(path, pass, golden);
        }
    }
}

/* ---- Texts with mistakes ---- */

/* The first line behind `mark`. */
static char *expectation(Test *test, const char *mark)
{
    const char *text = test->source->text;
    if (strncmp(text, mark, strlen(mark)) != 0) return "(the first line does not say what is expected)";
    text += strlen(mark);
    return arena_strdup(test->compilation.arena, text, strcspn(text, "\n"));
}

static void check_bad(const char *path)
{
    Test test;
    if (start_test(&test, path)) {
        const char *expected = expectation(&test, ";; error ");
        bool is_read = print_again(&test, stdout);
        fflush(test.diag_out);
        /* `:3:7: error: message` and `3:7: message` */
        char *line = strndup(test.messages, strcspn(test.messages, "\n"));
        char *word = strstr(line, " error:");
        if (word) memmove(word, word + strlen(" error:"), strlen(word + strlen(" error:")) + 1);
        if (is_read || strcmp(line + 1, expected) != 0)
            fail(path, "another error is expected than", test.messages);
        free(line);
    }
    end_test(&test);
}

/* An ICE writes to standard error, so this happens in a child. Nobody catches it there: the child is aborted. */
static void check_broken(const char *path)
{
    Test test;
    int pipe_ends[2];
    char message[4096];
    if (start_test(&test, path) && pipe(pipe_ends) == 0) {
        const char *expected = expectation(&test, ";; ice: ");
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            dup2(pipe_ends[1], STDERR_FILENO);
            FILE *nowhere = fopen("/dev/null", "w");
            print_again(&test, nowhere);
            _exit(0);
        }
        close(pipe_ends[1]);
        FILE *in = fdopen(pipe_ends[0], "r");
        size_t n = fread(message, 1, sizeof message - 1, in);
        message[n] = '\0';
        fclose(in);
        int status;
        waitpid(child, &status, 0);
        if (!strstr(message, expected)) fail(path, "another ICE is expected than", message);
    }
    end_test(&test);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *path = argv[i];
        if (strcmp(path, "--promote") == 0)
            promotes = true;
        else if (strstr(path, "/bad/"))
            check_bad(path);
        else if (strstr(path, "/broken/"))
            check_broken(path);
        else {
            check_round_trip(path);
            if (has_suffix(path, ".cps")) check_passes(path);
        }
    }
    if (n_failed) printf("%d failed\n", n_failed);
    return n_failed != 0;
}
