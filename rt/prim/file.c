/* Binary files: ports without a buffer. */
#include "rt/prim/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/obj/bignum.h"
#include "rt/obj/port.h"
#include "rt/obj/string.h"
#include "rt/obj/text.h"
#include "rt/os/check.h"
#include "rt/prim/arg.h"
#include "rt/prim/io.h"
#include "rt/prim/node.h"

#define READ_STEP_BYTES ((size_t)64 << 10)
#define WRITE_MAX_BYTES ((size_t)1 << 30)

struct file {
    int fd; /* -1: free */
    bool is_output;
    uint32_t serial; /* how many files had this place before */
};

struct file_table {
    pthread_mutex_t lock;
    struct file files[PORT_FILES_MAX];
};

struct file_table *file_table_new(void)
{
    struct file_table *table = calloc(1, sizeof *table);
    if (!table) tt_panic("no memory for the table of files");
    pthread_mutex_init(&table->lock, NULL);
    for (size_t i = 0; i < PORT_FILES_MAX; i++)
        table->files[i].fd = -1;
    return table;
}

static tt_word fail_file(struct worker *w, const char *operation, tt_word file, int error)
{
    tt_word reason = string_from_text(w, strerror(error));
    if (reason == TT_FAIL) return TT_FAIL;
    tt_word irritants = heap_cons(w, reason, TT_NIL);
    return irritants == TT_FAIL ? TT_FAIL
                                : fail_condition(w, CONDITION_FILE, operation, heap_cons(w, file, irritants));
}

/* -- the table ------------------------------------------------------------- */

/* A free place, or NULL. The file belongs to the caller, which sets fd under the lock. */
static struct file *take_place(struct file_table *table, int fd, bool is_output)
{
    struct file *file = NULL;
    pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < PORT_FILES_MAX && !file; i++)
        if (table->files[i].fd < 0) file = &table->files[i];
    if (file) {
        file->serial++;
        file->fd = fd;
        file->is_output = is_output;
    }
    pthread_mutex_unlock(&table->lock);
    return file;
}

/* A fixnum wherever it is. */
static tt_sword number_of(const struct file_table *table, const struct file *file)
{
    return PORT_FIRST_FILE + (tt_sword)(file - table->files) +
           (tt_sword)PORT_FILES_MAX * (tt_sword)(file->serial % 0x7fff * 2 + file->is_output);
}

/* NULL: closed already. */
static struct file *file_of_number(struct worker *w, tt_sword number)
{
    struct file_table *table = w->node->files;
    struct file *file = &table->files[(size_t)(number - PORT_FIRST_FILE) % PORT_FILES_MAX];
    return file->fd >= 0 && number_of(table, file) == number ? file : NULL;
}

static struct file *file_of_port(struct worker *w, tt_word port)
{
    return file_of_number(w, (tt_sword)port_number(port));
}

/* -- opening and closing --------------------------------------------------- */

static tt_word open_file(struct worker *w, const char *operation, tt_word name, int flags)
{
    if (!arg_is_type(w, operation, name, TT_TYPE_STRING)) return TT_FAIL;
    char *path = string_to_c(name);
    int fd = path ? open(path, flags | O_CLOEXEC, 0666) : -1;
    int error = path ? errno : ENOENT;
    free(path);
    if (fd < 0) return fail_file(w, operation, name, error);
    struct file *file = take_place(w->node->files, fd, flags != O_RDONLY);
    if (!file) {
        close(fd);
        return fail_file(w, operation, name, EMFILE);
    }
    return port_of_number(w, (uint64_t)number_of(w->node->files, file), false);
}

tt_word tt_prim_open_binary_input_file(struct worker *w, tt_word name)
{
    return open_file(w, "open-binary-input-file", name, O_RDONLY);
}

tt_word tt_prim_open_binary_output_file(struct worker *w, tt_word name)
{
    return open_file(w, "open-binary-output-file", name, O_WRONLY | O_CREAT | O_TRUNC);
}

/* What is written goes behind what is there. */
tt_word tt_prim_open_binary_append_file(struct worker *w, tt_word name)
{
    return open_file(w, "open-binary-append-file", name, O_WRONLY | O_CREAT | O_APPEND);
}

bool file_is_open(struct worker *w, uint64_t number) { return file_of_number(w, (tt_sword)number) != NULL; }

tt_word file_close(struct worker *w, tt_word port)
{
    struct file *file = file_of_port(w, port);
    if (!file) return TT_VOID;
    pthread_mutex_lock(&w->node->files->lock);
    int status = close(file->fd);
    file->fd = -1;
    pthread_mutex_unlock(&w->node->files->lock);
    return status == 0 || errno == EINTR ? TT_VOID : fail_file(w, "close-port", port, errno);
}

/* -- reading and writing --------------------------------------------------- */

static tt_word make_bytevector(struct worker *w, const struct text *bytes)
{
    struct tt_obj_BYTEVECTOR *v = heap_alloc_atomic(w, sizeof *v + bytes->n);
    if (!v) return TT_FAIL;
    v->header = TT_HEADER(TT_TYPE_BYTEVECTOR);
    v->length = bytes->n;
    if (bytes->n) memcpy(v->byte, bytes->bytes, bytes->n);
    return tt_tagged(v, TT_TAG_OBJECT);
}

/* Up to `most` bytes, fewer only at the end of the file. Returns errno. */
static int read_all(int fd, size_t most, struct text *out)
{
    char piece[READ_STEP_BYTES];
    while (out->n < most) {
        size_t wanted = most - out->n < sizeof piece ? most - out->n : sizeof piece;
        ssize_t got = read(fd, piece, wanted);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got < 0 ? errno : 0;
        text_add(out, piece, (size_t)got);
        if (out->failed) return ENOMEM;
    }
    return 0;
}

tt_word tt_prim_read_bytevector(struct worker *w, tt_word count, tt_word port)
{
    size_t most;
    if (!arg_index(w, "read-bytevector", count, OBJECT_MAX_BYTES, &most)) return TT_FAIL;
    if (!arg_port(w, "read-bytevector", port, PORT_IS_INPUT | PORT_IS_BINARY)) return TT_FAIL;
    if (!tt_is_type(port, TT_TYPE_PORT))
        return fail_wrong_type(w, "read-bytevector", port); /* of another node */
    struct file *file = file_of_port(w, port);
    struct text bytes = {0};
    int error = read_all(file->fd, most, &bytes);
    tt_word result;
    if (error)
        result = fail_file(w, "read-bytevector", port, error);
    else
        result = bytes.n == 0 && most > 0 ? TT_EOF : make_bytevector(w, &bytes);
    text_free(&bytes);
    return result;
}

/* The next byte of the file, which stays there, or the end of file. */
tt_word tt_prim_peek_byte(struct worker *w, tt_word port)
{
    if (!arg_port(w, "peek-u8", port, PORT_IS_INPUT | PORT_IS_BINARY)) return TT_FAIL;
    if (!tt_is_type(port, TT_TYPE_PORT)) return fail_wrong_type(w, "peek-u8", port); /* of another node */
    struct file *file = file_of_port(w, port);
    uint8_t byte;
    ssize_t got;
    do
        got = pread(file->fd, &byte, 1, lseek(file->fd, 0, SEEK_CUR));
    while (got < 0 && errno == EINTR);
    if (got < 0) return fail_file(w, "peek-u8", port, errno);
    return got == 0 ? TT_EOF : tt_fixnum(byte);
}

static int write_all(int fd, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n < WRITE_MAX_BYTES ? n : WRITE_MAX_BYTES);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return errno;
        bytes += done;
        n -= (size_t)done;
    }
    return 0;
}

tt_word tt_prim_write_bytevector(struct worker *w, tt_word v, tt_word port, tt_word start, tt_word end)
{
    size_t from, to;
    if (!arg_port(w, "write-bytevector", port, PORT_IS_OUTPUT | PORT_IS_BINARY) ||
        !arg_is_type(w, "write-bytevector", v, TT_TYPE_BYTEVECTOR) ||
        !arg_range(w, "write-bytevector", start, end, TT_OBJ(BYTEVECTOR, v)->length, &from, &to))
        return TT_FAIL;
    const uint8_t *bytes = TT_OBJ(BYTEVECTOR, v)->byte + from;
    if (from == to) return TT_VOID;
    if (tt_is_type(port, TT_TYPE_FAR_PORT)) return far_write(w, port, bytes, to - from);
    int error = write_all(file_of_port(w, port)->fd, bytes, to - from);
    return error ? fail_file(w, "write-bytevector", port, error) : TT_VOID;
}

void file_write_number(struct worker *w, uint64_t number, const uint8_t *bytes, size_t n)
{
    struct file *file = file_of_number(w, (tt_sword)number);
    if (file && file->is_output) write_all(file->fd, bytes, n);
}

/* -- names ----------------------------------------------------------------- */

tt_word tt_prim_file_existsp(struct worker *w, tt_word name)
{
    if (!arg_is_type(w, "file-exists?", name, TT_TYPE_STRING)) return TT_FAIL;
    char *path = string_to_c(name);
    bool exists = path && access(path, F_OK) == 0;
    free(path);
    return tt_bool(exists);
}

tt_word tt_prim_delete_file(struct worker *w, tt_word name)
{
    if (!arg_is_type(w, "delete-file", name, TT_TYPE_STRING)) return TT_FAIL;
    char *path = string_to_c(name);
    bool ok = path && unlink(path) == 0;
    int error = path ? errno : ENOENT;
    free(path);
    return ok ? TT_VOID : fail_file(w, "delete-file", name, error);
}

/* A file that has the new name already is replaced, in one step. */
tt_word tt_prim_rename_file(struct worker *w, tt_word from, tt_word to)
{
    if (!arg_is_type(w, "rename-file", from, TT_TYPE_STRING) ||
        !arg_is_type(w, "rename-file", to, TT_TYPE_STRING))
        return TT_FAIL;
    char *old = string_to_c(from), *new = string_to_c(to);
    int status = old && new ? rename(old, new) : -1, error = old &&new ? errno : ENOENT;
    free(old);
    free(new);
    return status == 0 ? TT_VOID : fail_file(w, "rename-file", from, error);
}

tt_word tt_prim_file_size(struct worker *w, tt_word name)
{
    if (!arg_is_type(w, "file-size", name, TT_TYPE_STRING)) return TT_FAIL;
    struct stat status;
    char *path = string_to_c(name);
    int failed = path ? stat(path, &status) : -1, error = path ? errno : ENOENT;
    free(path);
    return failed ? fail_file(w, "file-size", name, error) : int_from_int64(w, status.st_size);
}
