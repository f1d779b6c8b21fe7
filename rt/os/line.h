/* A line to another node: a TCP socket, with or without TLS on it. What comes and
 * goes is plain here, and has the codes of socket.h.
 *
 * One thread at a time. */
#ifndef RT_OS_LINE_H
#define RT_OS_LINE_H

#include "rt/os/socket.h"
#include "rt/os/tls.h"

struct line {
    int fd;
    struct tls *tls; /* NULL: none */
    uint8_t *held;   /* malloc'd: taken from the socket, not used yet */
    size_t held_start, held_end, held_capacity;
    bool is_cut;   /* the last read had no room for all that there was */
    bool was_full; /* the socket has filled all of `held`: it may have more */
};

/* Does not take the descriptor over. */
void line_init(struct line *line, int fd);
void line_free(struct line *line);

/* What the other side begins with, which stays to be read; SOCKET_AGAIN: it has
 * not yet; 0 or an end: it will not. */
ptrdiff_t line_first_byte(struct line *line, uint8_t *byte_out);

/* From now on with TLS. Its handshake goes on in line_read and line_flush, until
 * line_is_secure. False: no memory. */
bool line_start_tls(struct line *line, struct tls_context *context, bool is_client);
bool line_is_secure(const struct line *line);
/* After SOCKET_FAILED: why TLS has failed; NULL: it has not. */
const char *line_why(const struct line *line);
/* Namely because one side did not believe the other. */
bool line_is_auth_failure(const struct line *line);
/* Secure: what tells this TLS session from all others; zeros without TLS. */
void line_binding(const struct line *line, uint8_t binding[32]);

ptrdiff_t line_read(struct line *line, void *to, size_t n);
/* Without TLS: `n` bytes to one place, what there is more to another one. */
ptrdiff_t line_read_two(struct line *line, void *to, size_t n, void *behind, size_t n_behind);
/* There may be more to be read, though the poller knows nothing of it. */
bool line_has_input(const struct line *line);
/* With TLS: the socket gave as much as was asked of it, so it may have more. */
bool line_was_full(const struct line *line);

/* With TLS, what counts as written may still have to be flushed. */
ptrdiff_t line_write(struct line *line, const void *from, size_t n);
ptrdiff_t line_write_spans(struct line *line, const struct span *spans, size_t n);
/* 0: all is out; SOCKET_AGAIN: to be called when the socket takes more; or an end. */
ptrdiff_t line_flush(struct line *line);

#endif
