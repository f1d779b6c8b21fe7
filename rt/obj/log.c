#include "rt/obj/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "rt/os/check.h"
#include "rt/os/clock.h"
#include "rt/os/output.h"

#define LINE_MAX_BYTES 4000
#define SHOWN_MAX      100 /* in a second */
/* More than a program's own output may keep: it does not push out what the runtime has to say. */
#define KEPT_MAX_BYTES ((size_t)1 << 20)

struct limit {
    const char *what;
    int64_t since_ns;    /* the second that is being counted */
    unsigned n;          /* in it */
    uint64_t n_left_out; /* not said yet */
};

struct log {
    pthread_mutex_t lock; /* of all that follows */
    struct limit events, reports;
};

struct log *log_new(void)
{
    struct log *log = calloc(1, sizeof *log);
    if (!log) tt_panic("no memory for the log");
    pthread_mutex_init(&log->lock, NULL);
    log->events.what = "lines were not shown";
    log->reports.what = "exceptions of processes were not reported";
    return log;
}

static bool has_room(struct node *node) { return !node->err || output_kept(node->err) <= KEPT_MAX_BYTES; }

/* False: dropped. Without an output, as in tests of single organs: as other programs do. */
static bool put(struct node *node, const struct text *text)
{
    int ignored;
    if (!node->err) {
        fwrite(text->bytes, 1, text->n, stderr);
        return true;
    }
    if (!has_room(node)) return false;
    if (node->out != node->err) output_flush(node->out, NULL); /* was printed before */
    output_write_through(node->err, text->bytes, text->n, &ignored);
    return true;
}

/* -- limits --------------------------------------------------------------- */

static void leave_out(struct log *log, struct limit *limit)
{
    pthread_mutex_lock(&log->lock);
    limit->n_left_out++;
    pthread_mutex_unlock(&log->lock);
}

static uint64_t take_left_out(struct log *log, struct limit *limit)
{
    pthread_mutex_lock(&log->lock);
    uint64_t n = limit->n_left_out;
    limit->n_left_out = 0;
    pthread_mutex_unlock(&log->lock);
    return n;
}

static void tell(struct node *node, struct limit *limit)
{
    uint64_t n = has_room(node) ? take_left_out(node->log, limit) : 0;
    if (n) log_line(node, "(%llu more %s)", (unsigned long long)n, limit->what);
}

static bool may_show(struct node *node, struct limit *limit)
{
    struct log *log = node->log;
    pthread_mutex_lock(&log->lock);
    int64_t now = clock_now_ns();
    bool is_new = now - limit->since_ns >= CLOCK_SECOND_NS;
    if (is_new) {
        limit->since_ns = now;
        limit->n = 0;
    }
    bool may = limit->n < SHOWN_MAX;
    if (may)
        limit->n++;
    else
        limit->n_left_out++;
    pthread_mutex_unlock(&log->lock);
    if (is_new) tell(node, limit);
    return may;
}

void log_tell_left_out(struct node *node)
{
    if (!node->log) return;
    tell(node, &node->log->events);
    tell(node, &node->log->reports);
}

/* -- lines ---------------------------------------------------------------- */

static void put_line(struct node *node, const char *format, va_list args)
{
    char line[LINE_MAX_BYTES];
    struct text text = {0};
    int n = vsnprintf(line, sizeof line, format, args);
    bool is_cut = n >= (int)sizeof line;
    if (n < 0) return;
    text_add_printable(&text, line, is_cut ? sizeof line - 1 : (size_t)n, SIZE_MAX);
    text_add_c(&text, is_cut ? "...\n" : "\n");
    if (!put(node, &text) && node->log) leave_out(node->log, &node->log->events);
    text_free(&text);
}

void log_line(struct node *node, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_line(node, format, args);
    va_end(args);
}

void log_event(struct node *node, const char *format, ...)
{
    if (node->log && !may_show(node, &node->log->events)) return;
    va_list args;
    va_start(args, format);
    put_line(node, format, args);
    va_end(args);
}

bool log_may_report(struct node *node) { return may_show(node, &node->log->reports); }

void log_text(struct node *node, const struct text *text)
{
    if (!put(node, text)) leave_out(node->log, &node->log->reports);
}
