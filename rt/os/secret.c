#include "rt/os/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rt/os/random.h"

static bool fail(char report[SECRET_REPORT_MAX], const char *path, const char *why)
{
    snprintf(report, SECRET_REPORT_MAX, "%.400s: %s", path, why);
    return false;
}

static bool check_status(const char *path, const struct stat *status, char report[SECRET_REPORT_MAX])
{
    if (!S_ISREG(status->st_mode)) return fail(report, path, "not a regular file");
    if (status->st_uid != geteuid() && status->st_uid != 0)
        return fail(report, path, "belongs to another user");
    if (status->st_mode & (S_IROTH | S_IWOTH))
        return fail(report, path, "open to all users (chmod 600 closes it)");
    if (status->st_mode & S_IWGRP) return fail(report, path, "its group can write it (chmod g-w)");
    if (status->st_mode & S_IRGRP) fail(report, path, "warning: its group can read it");
    return true;
}

static bool read_all(const char *path, int fd, char *out, size_t capacity, size_t *n_out,
                     char report[SECRET_REPORT_MAX])
{
    char more;
    *n_out = 0;
    for (;;) {
        size_t room = capacity - *n_out;
        ssize_t n = room ? read(fd, out + *n_out, room) : read(fd, &more, 1);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(report, path, strerror(errno));
        if (n == 0) return true;
        if (!room) return fail(report, path, "too long");
        *n_out += (size_t)n;
    }
}

bool secret_read(const char *path, char *out, size_t capacity, size_t *n_out, char report[SECRET_REPORT_MAX])
{
    report[0] = 0;
    /* a FIFO without a writer would otherwise hold us up */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail(report, path, strerror(errno));
    struct stat status;
    bool good =
        fstat(fd, &status) == 0 ? check_status(path, &status, report) : fail(report, path, strerror(errno));
    good = good && read_all(path, fd, out, capacity, n_out, report);
    close(fd);
    return good;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) {
            bytes += written;
            n -= (size_t)written;
        }
    }
    return fsync(fd) == 0;
}

bool secret_create(const char *path, const char *bytes, size_t n, char report[SECRET_REPORT_MAX])
{
    char temporary[PATH_MAX];
    uint64_t number;
    random_bytes(&number, sizeof number);
    report[0] = 0;
    int length = snprintf(temporary, sizeof temporary, "%s.%016llx", path, (unsigned long long)number);
    if (length >= (int)sizeof temporary) return fail(report, path, strerror(ENAMETOOLONG));
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
    if (fd < 0) return fail(report, path, strerror(errno));
    bool good = write_all(fd, bytes, n) && (link(temporary, path) == 0 || errno == EEXIST);
    if (!good) fail(report, path, strerror(errno));
    close(fd);
    unlink(temporary);
    return good;
}
