/* The cookie file: where it is found, how it is made, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "rt/node/net/cookie.h"

#define ONE "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
#define TWO "YWJjZGVmZ2hpamFiY2RlZmdoaWphYmNkZWZnaGlqMDE="

static char directory[] = "/tmp/cookie-XXXXXX";

static const char *in_directory(const char *name)
{
    static char path[4][200];
    static unsigned next;
    char *out = path[next++ % 4];
    snprintf(out, sizeof path[0], "%s/%s", directory, name);
    return out;
}

static const char *write_file(const char *name, const char *text, mode_t mode)
{
    const char *path = in_directory(name);
    unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static void assert_refused(const char *path, const char *why)
{
    struct handshake_keys keys;
    char report[SECRET_REPORT_MAX];
    assert_false(cookie_read(path, &keys, report));
    assert_int_equal(keys.n, 0);
    assert_non_null(strstr(report, path));
    assert_null(strchr(report, '\n'));
    if (!strstr(report, why)) fail_msg("%s: expected: %s", report, why);
}

static void assert_cookie(const char *path, const char *first, unsigned n)
{
    struct handshake_keys keys, expected = {0};
    char report[SECRET_REPORT_MAX];
    if (!cookie_read(path, &keys, report)) fail_msg("%s", report);
    handshake_add_cookie(&expected, (const uint8_t *)first, strlen(first));
    assert_int_equal(keys.n, n);
    assert_memory_equal(&keys.of[0], &expected.of[0], sizeof keys.of[0]);
}

static void good_files(void **state)
{
    const char *one = "01234567890123456789012345678901";
    assert_cookie(write_file("good", ONE "\n", 0400), one, 1);
    assert_cookie(write_file("good", ONE, 0600), one, 1);
    assert_cookie(write_file("good", "\n " ONE " \r\n\n", 0600), one, 1);
    assert_cookie(write_file("good", ONE "\n" TWO "\n", 0400), one, 2);
    char report[SECRET_REPORT_MAX];
    struct handshake_keys keys;
    assert_true(cookie_read(write_file("good", ONE, 0400), &keys, report));
    assert_string_equal(report, "");
    assert_true(cookie_read(write_file("good", ONE, 0440), &keys, report));
    assert_non_null(strstr(report, "warning"));
    unlink(in_directory("link"));
    assert_int_equal(symlink(in_directory("good"), in_directory("link")), 0);
    assert_cookie(in_directory("link"), one, 1);
}

static void bad_files(void **state)
{
    assert_refused(in_directory("none"), "No such file");
    assert_refused(in_directory("none/none"), "No such file");
    assert_refused(write_file("bad", ONE, 0644), "open to all");
    assert_refused(write_file("bad", ONE, 0602), "open to all");
    assert_refused(write_file("bad", ONE, 0620), "group can write");
    assert_refused(write_file("bad", "", 0400), "empty");
    assert_refused(write_file("bad", " \n\r\n\t", 0400), "empty");
    assert_refused(write_file("bad", "0123456789", 0400), "not base64");
    assert_refused(write_file("bad", "MDEyMzQ1Njc4OQ==", 0400), "fewer than 32 bytes");
    assert_refused(write_file("bad", ONE "\nMDEyMzQ1Njc4OQ==\n", 0400), "fewer than 32 bytes");
    assert_refused(write_file("bad", "!" ONE, 0400), "not base64");
    assert_refused(write_file("bad", ONE "\n" TWO "\n" ONE "\n", 0400), "more than two");
    assert_refused(directory, "not a regular file");
    assert_refused("/dev/null", "not a regular file");
    char *text = malloc(10001);
    memset(text, 'A', 10000);
    text[10000] = 0;
    assert_refused(write_file("bad", text, 0400), "too long");
    free(text);
    if (geteuid() == 0) {
        const char *path = write_file("bad", ONE, 0400);
        assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
        assert_refused(path, "another user");
    }
}

static void fifos(void **state)
{
    const char *fifo = in_directory("fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    alarm(10); /* if it hangs */
    assert_refused(fifo, "not a regular file");
    assert_int_equal(symlink(fifo, in_directory("to-fifo")), 0);
    assert_refused(in_directory("to-fifo"), "not a regular file");
    assert_int_equal(symlink("to-itself", in_directory("to-itself")), 0);
    assert_refused(in_directory("to-itself"), "symbolic links");
    alarm(0);
}

static void read_default(struct handshake_keys *keys)
{
    char report[SECRET_REPORT_MAX];
    if (!cookie_read(NULL, keys, report)) fail_msg("%s", report);
    assert_string_equal(report, "");
}

static void it_is_made(void **state)
{
    struct handshake_keys first, again, elsewhere;
    assert_int_equal(mkdir(in_directory("home"), 0755), 0);
    setenv("HOME", in_directory("home"), 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("CREDENTIALS_DIRECTORY");
    read_default(&first);
    read_default(&again);
    assert_memory_equal(&first, &again, sizeof first);
    struct stat status;
    assert_int_equal(stat(in_directory("home/.config/termite/cookie"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0400);
    assert_int_equal(status.st_size, 45);
    assert_int_equal(stat(in_directory("home/.config/termite"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);

    setenv("XDG_CONFIG_HOME", in_directory("xdg"), 1);
    read_default(&elsewhere);
    assert_memory_not_equal(&first, &elsewhere, sizeof first);

    assert_int_equal(mkdir(in_directory("credentials"), 0700), 0);
    setenv("CREDENTIALS_DIRECTORY", in_directory("credentials"), 1);
    read_default(&again); /* no cookie among the credentials */
    assert_memory_equal(&again, &elsewhere, sizeof again);
    write_file("credentials/tt-cookie", ONE, 0400);
    assert_cookie(NULL, "01234567890123456789012345678901", 1);

    unsetenv("CREDENTIALS_DIRECTORY");
    chmod(in_directory("xdg/termite/cookie"), 0444); /* refused, not made anew */
    char report[SECRET_REPORT_MAX];
    assert_false(cookie_read(NULL, &again, report));
    assert_non_null(strstr(report, "open to all"));
    setenv("XDG_CONFIG_HOME", "relative", 1); /* is ignored */
    read_default(&again);
    assert_memory_equal(&again, &first, sizeof again);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("HOME");
    assert_false(cookie_read(NULL, &again, report));
    assert_non_null(strstr(report, "--termite-cookie-file"));
    setenv("HOME", in_directory("missing"), 1);
    assert_false(cookie_read(NULL, &again, report));
    assert_non_null(strstr(report, "No such file"));
}

/* Several nodes of a new user start at once: they agree. */
static void several_at_once(void **state)
{
    enum { NODES = 8, ROUNDS = 20 };
    for (int round = 0; round < ROUNDS; round++) {
        char name[32];
        snprintf(name, sizeof name, "at-once-%d", round);
        setenv("XDG_CONFIG_HOME", in_directory(name), 1);
        int pipes[2];
        assert_int_equal(pipe(pipes), 0);
        for (int i = 0; i < NODES; i++) {
            if (fork() != 0) continue;
            struct handshake_keys keys;
            char report[SECRET_REPORT_MAX];
            bool good = cookie_read(NULL, &keys, report) && write(pipes[1], keys.of[0].hmac, 32) == 32;
            _exit(good ? 0 : 1);
        }
        uint8_t first[32], other[32];
        for (int i = 0; i < NODES; i++) {
            int status;
            wait(&status);
            assert_int_equal(status, 0);
            assert_int_equal(read(pipes[0], i ? other : first, 32), 32);
            if (i) assert_memory_equal(first, other, 32);
        }
        close(pipes[0]);
        close(pipes[1]);
        char command[300];
        snprintf(command, sizeof command, "test \"$(ls '%s/termite')\" = cookie", in_directory(name));
        assert_int_equal(system(command), 0); /* nothing else is left */
    }
}

static int make_directory(void **state) { return mkdtemp(directory) ? 0 : -1; }

static int remove_directory(void **state)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_files), cmocka_unit_test(bad_files),
                                       cmocka_unit_test(fifos), cmocka_unit_test(it_is_made),
                                       cmocka_unit_test(several_at_once)};
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
