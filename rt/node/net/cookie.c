#include "rt/node/net/cookie.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rt/os/crypto.h"
#include "rt/os/random.h"

#define FILE_BYTES_MAX 4096
#define BLANKS         " \t\r"

static bool fail(char report[SECRET_REPORT_MAX], const char *path, const char *why)
{
    snprintf(report, SECRET_REPORT_MAX, "%.400s: %s", path, why);
    return false;
}

/* -- what stands in the file */

static bool add_line(const char *path, const char *line, size_t n, struct handshake_keys *keys,
                     char report[SECRET_REPORT_MAX])
{
    uint8_t cookie[FILE_BYTES_MAX];
    size_t bytes;
    bool good = false;
    if (keys->n == HANDSHAKE_COOKIES_MAX)
        fail(report, path, "more than two cookies");
    else if (!crypto_base64_decode(line, n, cookie, sizeof cookie, &bytes))
        fail(report, path, "a line is not base64");
    else if (bytes < COOKIE_BYTES_MIN)
        fail(report, path, "a cookie has fewer than 32 bytes");
    else
        good = true;
    if (good) handshake_add_cookie(keys, cookie, bytes);
    crypto_wipe(cookie, sizeof cookie);
    return good;
}

static bool add_lines(const char *path, const char *text, size_t n, struct handshake_keys *keys,
                      char report[SECRET_REPORT_MAX])
{
    for (const char *at = text, *end = text + n, *next; at < end; at = next) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        next = newline ? newline + 1 : end;
        while (at < stop && strchr(BLANKS, *at))
            at++;
        while (stop > at && strchr(BLANKS, stop[-1]))
            stop--;
        if (stop > at && !add_line(path, at, (size_t)(stop - at), keys, report)) return false;
    }
    return keys->n > 0 || fail(report, path, "empty");
}

static bool read_file(const char *path, struct handshake_keys *keys, char report[SECRET_REPORT_MAX])
{
    char text[FILE_BYTES_MAX];
    size_t n;
    bool good = secret_read(path, text, sizeof text, &n, report) && add_lines(path, text, n, keys, report);
    crypto_wipe(text, sizeof text);
    return good;
}

/* -- where the file is */

static bool join(char path[PATH_MAX], const char *directory, const char *name)
{
    return snprintf(path, PATH_MAX, "%s/%s", directory, name) < PATH_MAX;
}

/* A path from the environment, if it is one that does not depend on where we are. */
static const char *directory_of(const char *variable)
{
    const char *directory = getenv(variable);
    return directory && directory[0] == '/' ? directory : NULL;
}

static bool find_credential(char path[PATH_MAX])
{
    const char *directory = directory_of("CREDENTIALS_DIRECTORY");
    return directory && join(path, directory, "tt-cookie") && access(path, F_OK) == 0;
}

static bool make_directory(const char *path, char report[SECRET_REPORT_MAX])
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || fail(report, path, strerror(errno));
}

/* The user's directory for settings of termite: made if need be. */
static bool find_settings(char path[PATH_MAX], char report[SECRET_REPORT_MAX])
{
    char config[PATH_MAX];
    const char *xdg = directory_of("XDG_CONFIG_HOME"), *home = directory_of("HOME");
    if (!xdg && !home)
        return fail(report, "no cookie", "HOME is not set; --termite-cookie-file=PATH says where it is");
    if (!(xdg ? snprintf(config, sizeof config, "%s", xdg) < PATH_MAX : join(config, home, ".config")) ||
        !join(path, config, "termite"))
        return fail(report, xdg ? xdg : home, strerror(ENAMETOOLONG));
    return make_directory(config, report) && make_directory(path, report);
}

static bool create(const char *path, char report[SECRET_REPORT_MAX])
{
    uint8_t cookie[COOKIE_BYTES_MIN];
    char text[CRYPTO_BASE64_MAX(COOKIE_BYTES_MIN) + 1];
    random_bytes(cookie, sizeof cookie);
    crypto_base64_encode(cookie, sizeof cookie, text);
    strcat(text, "\n");
    bool good = secret_create(path, text, strlen(text), report);
    crypto_wipe(cookie, sizeof cookie);
    crypto_wipe(text, sizeof text);
    return good;
}

static bool read_settings(struct handshake_keys *keys, char report[SECRET_REPORT_MAX])
{
    char directory[PATH_MAX], path[PATH_MAX];
    if (!find_settings(directory, report)) return false;
    if (!join(path, directory, "cookie")) return fail(report, directory, strerror(ENAMETOOLONG));
    struct stat status;
    if (lstat(path, &status) != 0 && errno == ENOENT && !create(path, report)) return false;
    return read_file(path, keys, report);
}

bool cookie_read(const char *file, struct handshake_keys *keys_out, char report[SECRET_REPORT_MAX])
{
    char path[PATH_MAX];
    *keys_out = (struct handshake_keys){0};
    report[0] = 0;
    bool good = file                    ? read_file(file, keys_out, report)
                : find_credential(path) ? read_file(path, keys_out, report)
                                        : read_settings(keys_out, report);
    if (!good) crypto_wipe(keys_out, sizeof *keys_out);
    return good;
}
