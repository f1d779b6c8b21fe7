#define _GNU_SOURCE
#include "rt/os/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "rt/os/check.h"
#include "rt/os/clock.h"
#include "rt/os/socket.h"
#include "rt/os/thread.h"

#define FLUSH_BYTES ((size_t)32 << 10)
#define FULL_BYTES  ((size_t)256 << 10)
#define READY_BYTES (FULL_BYTES / 2)
#define PIECE_BYTES ((size_t)64 << 10) /* that a thread writes which may wait */
#define WATCH_NS    (CLOCK_SECOND_NS / 2)
#define OUTPUTS_MAX 2

#define MAJOR_MEMORY 1             /* /dev/null and its kind, which take all at once */
#define DEVICE_PTMX  makedev(5, 2) /* opened again, it is another terminal */

enum way { WAY_UNKNOWN, WAY_WRITE, WAY_SEND, WAY_WAIT };

struct output {
    int fd;
    pthread_mutex_t lock; /* of all that follows */
    enum way way;
    int direct;  /* where WAY_WRITE writes */
    char *bytes; /* kept: from start to end */
    size_t start, end, capacity;
    uint64_t n_written; /* or dropped */
    int error;          /* not told yet */
    _Atomic bool is_full;
    bool is_refused; /* the descriptor has not taken all: the thread goes on */
    bool is_watched; /* the thread will see whether somebody has flushed */
    bool has_thread, has_no_thread;
    bool is_awaited; /* `ready` is to be called when there is room, or at that mark: */
    uint64_t awaited_mark;
    void (*ready)(void *context);
    void *context;
    pthread_cond_t has_work, has_written;
};

/* An abnormal end knows no node. */
static struct output *outputs[OUTPUTS_MAX];
static size_t n_outputs;

struct output *output_new(int fd)
{
    struct output *o = calloc(1, sizeof *o);
    if (!o || !(o->bytes = malloc(FLUSH_BYTES))) tt_panic("no memory for output");
    o->fd = o->direct = fd;
    o->capacity = FLUSH_BYTES;
    o->awaited_mark = UINT64_MAX;
    pthread_mutex_init(&o->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&o->has_work, &attributes);
    pthread_cond_init(&o->has_written, &attributes);
    pthread_condattr_destroy(&attributes);
    tt_on_panic(output_abandon_all);
    if (n_outputs < OUTPUTS_MAX) outputs[n_outputs++] = o;
    return o;
}

void output_on_ready(struct output *o, void (*ready)(void *context), void *context)
{
    o->ready = ready;
    o->context = context;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool output_is_same(int fd, int other)
{
    struct stat a, b;
    return fstat(fd, &a) == 0 && fstat(other, &b) == 0 && is_same_file(&a, &b);
}

/* -- the descriptor ------------------------------------------------------- */

/* -1: it cannot be opened again. */
static int reopen(int fd, const struct stat *status)
{
    char path[] = "/proc/self/fd/0";
    struct stat again;
    if (fd > 9) return -1;
    path[sizeof path - 2] += (char)fd;
    int direct = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (direct < 0 || (fstat(direct, &again) == 0 && is_same_file(status, &again))) return direct;
    close(direct);
    return -1;
}

static bool takes_all_at_once(int fd, const struct stat *status)
{
    if (S_ISCHR(status->st_mode)) return major(status->st_rdev) == MAJOR_MEMORY;
    return !S_ISFIFO(status->st_mode) || (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY; /* an error at once */
}

static enum way find_way(int fd, int *direct)
{
    struct stat status;
    if (fstat(fd, &status) != 0) return WAY_WRITE;
    if (S_ISSOCK(status.st_mode)) return WAY_SEND;
    if (takes_all_at_once(fd, &status) || fcntl(fd, F_GETFL) & O_NONBLOCK) return WAY_WRITE;
    bool is_pipe = S_ISFIFO(status.st_mode), is_terminal = isatty(fd) && status.st_rdev != DEVICE_PTMX;
    int again = is_pipe || is_terminal ? reopen(fd, &status) : -1;
    if (again < 0) return WAY_WAIT;
    *direct = again;
    return WAY_WRITE;
}

/* Without waiting, unless the way is WAY_WAIT. What is written, 0: nothing now; -1: errno. */
static ssize_t put(enum way way, int fd, const char *bytes, size_t n)
{
    ssize_t written;
    if (way == WAY_SEND) {
        written = socket_write(fd, bytes, n);
        return written == SOCKET_AGAIN ? 0 : written < 0 ? -1 : written;
    }
    do
        written = write(fd, bytes, n);
    while (written < 0 && errno == EINTR);
    return written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : written;
}

static ssize_t put_now(struct output *o, const char *bytes, size_t n)
{
    if (o->way == WAY_UNKNOWN) o->way = find_way(o->fd, &o->direct);
    return o->way == WAY_WAIT ? 0 : put(o->way, o->direct, bytes, n);
}

static void wait_writable(int fd) { poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1); }

/* -- what is kept --------------------------------------------------------- */

static size_t kept(const struct output *o) { return o->end - o->start; }

static void note_kept(struct output *o)
{
    if (o->start == o->end) o->start = o->end = 0;
    bool is_full = kept(o) >= FULL_BYTES;
    if (is_full != atomic_load_explicit(&o->is_full, memory_order_relaxed))
        atomic_store(&o->is_full, is_full);
}

static void note_written(struct output *o, size_t n)
{
    o->start += n;
    o->n_written += n;
    note_kept(o);
}

static void note_error(struct output *o, int error)
{
    o->error = error;
    o->is_refused = false;
    note_written(o, kept(o));
}

static bool make_room(struct output *o, size_t n)
{
    size_t used = kept(o), wanted = used + n;
    if (wanted <= o->capacity / 2) {
        memmove(o->bytes, o->bytes + o->start, used);
        o->start = 0;
        o->end = used;
        return true;
    }
    if (o->start) memmove(o->bytes, o->bytes + o->start, used);
    o->start = 0;
    o->end = used;
    char *bytes = wanted > SIZE_MAX / 2 ? NULL : realloc(o->bytes, 2 * wanted);
    if (!bytes) return false;
    o->bytes = bytes;
    o->capacity = 2 * wanted;
    return true;
}

static bool keep(struct output *o, const char *bytes, size_t n)
{
    if (n > o->capacity - o->end && !make_room(o, n)) {
        o->error = ENOMEM;
        o->n_written += n; /* dropped */
        return false;
    }
    memcpy(o->bytes + o->end, bytes, n);
    o->end += n;
    return true;
}

/* A buffer that had to grow is not kept for ever. */
static void shrink(struct output *o)
{
    char *bytes = o->start == o->end && o->capacity > 2 * FULL_BYTES ? malloc(FLUSH_BYTES) : NULL;
    if (!bytes) return;
    free(o->bytes);
    o->bytes = bytes;
    o->capacity = FLUSH_BYTES;
}

/* -- the thread ----------------------------------------------------------- */

static void *thread_main(void *context);

/* The thread sees that is_refused or is_watched has changed. False: there is none to be had. */
static bool wake_thread(struct output *o)
{
    if (o->has_thread) {
        pthread_cond_signal(&o->has_work);
        return true;
    }
    if (o->has_no_thread) return false;
    o->has_thread = thread_start(thread_main, o);
    o->has_no_thread = !o->has_thread;
    return o->has_thread;
}

/* Offers what is kept to the descriptor, once more as long as it takes some. */
static void offer(struct output *o)
{
    while (kept(o)) {
        ssize_t n = put_now(o, o->bytes + o->start, kept(o));
        if (n < 0) note_error(o, errno);
        if (n == 0) break;
        if (n > 0) note_written(o, (size_t)n);
    }
    o->is_refused = kept(o) > 0;
    shrink(o);
}

/* The same; the thread goes on with the rest. Without a thread the caller waits, as programs do. */
static void flush(struct output *o)
{
    if (o->is_refused) return;
    offer(o);
    while (o->is_refused && !wake_thread(o)) {
        if (o->way == WAY_WAIT) o->way = WAY_WRITE;
        wait_writable(o->direct);
        offer(o);
    }
}

static void tell(struct output *o)
{
    pthread_cond_broadcast(&o->has_written);
    bool is_ready = o->error || kept(o) <= READY_BYTES || o->n_written >= o->awaited_mark;
    if (!o->is_awaited || !is_ready || !o->ready) return;
    o->is_awaited = false;
    o->awaited_mark = UINT64_MAX;
    pthread_mutex_unlock(&o->lock);
    o->ready(o->context);
    pthread_mutex_lock(&o->lock);
}

/* WAY_WAIT: writes a copy, as the buffer may be moved meanwhile. */
static void write_piece(struct output *o, char *piece)
{
    size_t n = kept(o) < PIECE_BYTES ? kept(o) : PIECE_BYTES;
    memcpy(piece, o->bytes + o->start, n);
    pthread_mutex_unlock(&o->lock);
    ssize_t written = put(WAY_WRITE, o->fd, piece, n);
    int error = errno;
    if (written == 0) wait_writable(o->fd);
    pthread_mutex_lock(&o->lock);
    if (written < 0)
        note_error(o, error);
    else
        note_written(o, (size_t)written);
    o->is_refused = kept(o) > 0;
}

static void go_on(struct output *o, char *piece)
{
    if (o->way == WAY_WAIT) {
        write_piece(o, piece);
    } else {
        pthread_mutex_unlock(&o->lock);
        wait_writable(o->direct);
        pthread_mutex_lock(&o->lock);
        offer(o);
    }
    tell(o);
}

static struct timespec time_at(int64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / CLOCK_SECOND_NS),
                             .tv_nsec = (long)(ns % CLOCK_SECOND_NS)};
}

/* What is kept now is older than that when the pause is over, unless somebody has flushed. */
static void watch(struct output *o)
{
    struct timespec end = time_at(clock_now_ns() + WATCH_NS);
    int status = 0;
    while (status == 0 && !o->is_refused)
        status = pthread_cond_timedwait(&o->has_work, &o->lock, &end);
    if (o->is_refused) return;
    o->is_watched = kept(o) > 0;
    offer(o);
    tell(o);
}

static void *thread_main(void *context)
{
    struct output *o = context;
    char piece[PIECE_BYTES];
    pthread_mutex_lock(&o->lock);
    for (;;) {
        if (o->is_refused)
            go_on(o, piece);
        else if (o->is_watched)
            watch(o);
        else
            pthread_cond_wait(&o->has_work, &o->lock);
    }
    return NULL;
}

/* -- writing -------------------------------------------------------------- */

static bool take_error(struct output *o, int *error_out)
{
    if (!o->error || !error_out) return false;
    *error_out = o->error;
    o->error = 0;
    return true;
}

/* More than the buffer is for. */
static void write_much(struct output *o, const char *bytes, size_t n)
{
    flush(o);
    if (n >= FLUSH_BYTES && !kept(o) && !o->error) {
        ssize_t taken = put_now(o, bytes, n);
        if (taken < 0) {
            note_error(o, errno);
            return;
        }
        o->n_written += (size_t)taken;
        bytes += taken;
        n -= (size_t)taken;
    }
    if (o->error || n == 0 || !keep(o, bytes, n)) return;
    note_kept(o);
    if (n >= FLUSH_BYTES) flush(o);
}

static void take(struct output *o, const char *bytes, size_t n)
{
    size_t used = kept(o);
    if (n > FLUSH_BYTES - (used < FLUSH_BYTES ? used : FLUSH_BYTES))
        write_much(o, bytes, n);
    else
        keep(o, bytes, n);
    if (o->is_watched || !kept(o)) return;
    o->is_watched = true;
    wake_thread(o);
}

bool output_write(struct output *o, const void *bytes, size_t n, int *error_out)
{
    pthread_mutex_lock(&o->lock);
    bool ok = !take_error(o, error_out);
    if (ok) {
        take(o, bytes, n);
        ok = !take_error(o, error_out);
    }
    pthread_mutex_unlock(&o->lock);
    return ok;
}

bool output_write_through(struct output *o, const void *bytes, size_t n, int *error_out)
{
    pthread_mutex_lock(&o->lock);
    bool ok = !take_error(o, error_out);
    if (ok) {
        keep(o, bytes, n);
        note_kept(o);
        flush(o);
        ok = !take_error(o, error_out);
    }
    pthread_mutex_unlock(&o->lock);
    return ok;
}

bool output_flush(struct output *o, int *error_out)
{
    pthread_mutex_lock(&o->lock);
    flush(o);
    bool ok = !take_error(o, error_out);
    pthread_mutex_unlock(&o->lock);
    return ok;
}

bool output_drain(struct output *o, int64_t end_ns)
{
    struct timespec end = time_at(end_ns);
    int status = 0;
    pthread_mutex_lock(&o->lock);
    flush(o);
    while (status == 0 && kept(o))
        status = pthread_cond_timedwait(&o->has_written, &o->lock, &end);
    bool ok = !kept(o);
    pthread_mutex_unlock(&o->lock);
    return ok;
}

/* -- waiting -------------------------------------------------------------- */

size_t output_kept(struct output *o)
{
    pthread_mutex_lock(&o->lock);
    size_t n = kept(o);
    pthread_mutex_unlock(&o->lock);
    return n;
}

bool output_is_full(const struct output *o)
{
    return atomic_load_explicit(&o->is_full, memory_order_relaxed);
}

bool output_has_room(struct output *o)
{
    pthread_mutex_lock(&o->lock);
    bool has_room = kept(o) < FULL_BYTES;
    if (!has_room) o->is_awaited = true;
    pthread_mutex_unlock(&o->lock);
    return has_room;
}

uint64_t output_mark(struct output *o)
{
    pthread_mutex_lock(&o->lock);
    uint64_t mark = o->n_written + kept(o);
    pthread_mutex_unlock(&o->lock);
    return mark;
}

bool output_is_written(struct output *o, uint64_t mark)
{
    pthread_mutex_lock(&o->lock);
    flush(o);
    bool is_written = o->n_written >= mark || !kept(o);
    if (!is_written) {
        o->is_awaited = true;
        if (mark < o->awaited_mark) o->awaited_mark = mark;
    }
    pthread_mutex_unlock(&o->lock);
    return is_written;
}

/* -- an abnormal end ------------------------------------------------------ */

static void abandon(struct output *o)
{
    if (pthread_mutex_trylock(&o->lock) != 0)
        return; /* somebody is writing, perhaps whoever was interrupted */
    while (kept(o)) {
        ssize_t n = put_now(o, o->bytes + o->start, kept(o));
        if (n <= 0) break;
        note_written(o, (size_t)n);
    }
    pthread_mutex_unlock(&o->lock);
}

void output_abandon_all(const char *text, size_t n)
{
    int direct = STDERR_FILENO;
    for (size_t i = 0; i < n_outputs; i++)
        abandon(outputs[i]);
    if (!text) return;
    enum way way = find_way(STDERR_FILENO, &direct);
    if (way != WAY_WAIT) put(way, direct, text, n);
}
