#include "rt/os/line.h"

#include <stdlib.h>
#include <string.h>

#define HELD_BYTES          32768
#define HELD_BYTES_AT_FIRST 4096 /* from somebody who has not proved himself */
/* As much is encrypted ahead of what the socket takes. */
#define WRITE_MAX 65536

void line_init(struct line *line, int fd) { *line = (struct line){.fd = fd}; }

void line_free(struct line *line)
{
    if (line->tls) tls_methods.free(line->tls);
    free(line->held);
    *line = (struct line){.fd = -1};
}

/* -- what the socket has given */

static size_t held_bytes(const struct line *line) { return line->held_end - line->held_start; }

static bool has_room(struct line *line)
{
    size_t wanted = line_is_secure(line) ? HELD_BYTES : HELD_BYTES_AT_FIRST;
    if (line->held_capacity >= wanted) return true;
    uint8_t *held = realloc(line->held, wanted);
    if (!held) return false;
    line->held = held;
    line->held_capacity = wanted;
    return true;
}

/* Takes more from the socket, when all of it is used. */
static ptrdiff_t hold(struct line *line)
{
    if (!has_room(line)) return SOCKET_FAILED;
    ptrdiff_t n = socket_read(line->fd, line->held, line->held_capacity);
    line->held_start = 0;
    line->held_end = n > 0 ? (size_t)n : 0;
    line->was_full = line->held_end == line->held_capacity;
    return n;
}

ptrdiff_t line_first_byte(struct line *line, uint8_t *byte_out)
{
    ptrdiff_t n = held_bytes(line) ? 1 : hold(line);
    if (n <= 0) return n;
    *byte_out = line->held[line->held_start];
    return 1;
}

bool line_was_full(const struct line *line) { return line->was_full; }

bool line_has_input(const struct line *line) { return held_bytes(line) > 0 || line->is_cut; }

/* -- plain */

static ptrdiff_t read_plain(struct line *line, void *to, size_t n)
{
    size_t held = held_bytes(line);
    if (!held) return socket_read(line->fd, to, n);
    size_t taken = held < n ? held : n;
    memcpy(to, line->held + line->held_start, taken);
    line->held_start += taken;
    if (taken == held) { /* it was for the first byte only */
        free(line->held);
        line->held = NULL;
        line->held_start = line->held_end = line->held_capacity = 0;
    }
    return (ptrdiff_t)taken;
}

/* -- with TLS */

bool line_start_tls(struct line *line, struct tls_context *context, bool is_client)
{
    line->tls = tls_methods.new(context, is_client);
    return line->tls != NULL;
}

bool line_is_secure(const struct line *line)
{
    return line->tls && tls_methods.state(line->tls) == TLS_READY;
}

const char *line_why(const struct line *line)
{
    return line->tls && tls_methods.state(line->tls) == TLS_FAILED ? tls_methods.why(line->tls) : NULL;
}

bool line_is_auth_failure(const struct line *line)
{
    return line->tls && tls_methods.is_auth_failure(line->tls);
}

void line_binding(const struct line *line, uint8_t binding[32])
{
    memset(binding, 0, 32);
    if (line->tls) memcpy(binding, tls_methods.binding(line->tls), 32);
}

/* Decrypts what is held. All of it is used before this gives 0, or nothing more
 * will come. */
static size_t decrypt(struct line *line, uint8_t *to, size_t n)
{
    size_t got = 0, more;
    do {
        const uint8_t *bytes = line->held + line->held_start;
        size_t left = held_bytes(line);
        more = tls_methods.read(line->tls, &bytes, &left, to + got, n - got);
        line->held_start = line->held_end - left;
        got += more;
    } while (more > 0 && got < n);
    line->is_cut = more > 0;
    return got;
}

static ptrdiff_t read_tls(struct line *line, uint8_t *to, size_t n)
{
    for (;;) {
        size_t got = line->held ? decrypt(line, to, n) : 0;
        if (got > 0) return (ptrdiff_t)got;
        switch (tls_methods.state(line->tls)) {
        case TLS_ENDED: return 0;
        case TLS_FAILED: line_flush(line); return SOCKET_FAILED;
        default: break;
        }
        ptrdiff_t received = hold(line);
        if (received <= 0) return received;
    }
}

ptrdiff_t line_flush(struct line *line)
{
    size_t n;
    const uint8_t *bytes;
    while (line->tls && (bytes = tls_methods.output(line->tls, &n)) && n > 0) {
        ptrdiff_t written = socket_write(line->fd, bytes, n);
        if (written < 0) return written;
        tls_methods.sent(line->tls, (size_t)written);
    }
    return 0;
}

static ptrdiff_t write_tls(struct line *line, const struct span *spans, size_t n)
{
    ptrdiff_t flushed = line_flush(line);
    if (flushed < 0) return flushed;
    size_t taken = 0;
    for (size_t i = 0; i < n && taken < WRITE_MAX; i++) {
        size_t part = spans[i].n < WRITE_MAX - taken ? spans[i].n : WRITE_MAX - taken;
        if (!tls_methods.write(line->tls, spans[i].bytes, part)) return SOCKET_FAILED;
        taken += part;
    }
    flushed = line_flush(line);
    return flushed < 0 && flushed != SOCKET_AGAIN ? flushed : (ptrdiff_t)taken;
}

/* -- both */

ptrdiff_t line_read(struct line *line, void *to, size_t n)
{
    return line->tls ? read_tls(line, to, n) : read_plain(line, to, n);
}

ptrdiff_t line_read_two(struct line *line, void *to, size_t n, void *behind, size_t n_behind)
{
    return held_bytes(line) ? read_plain(line, to, n) : socket_read_two(line->fd, to, n, behind, n_behind);
}

ptrdiff_t line_write_spans(struct line *line, const struct span *spans, size_t n)
{
    return line->tls ? write_tls(line, spans, n) : socket_write_spans(line->fd, spans, n);
}

ptrdiff_t line_write(struct line *line, const void *from, size_t n)
{
    return line_write_spans(line, &(struct span){from, n}, 1);
}
