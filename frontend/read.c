#include "frontend/read.h"

#include <string.h>

#include "frontend/base/map.h"
#include "frontend/base/vec.h"
#include "frontend/lex.h"

/* Bounds on memory: some 100 bytes per level, 80 bytes per element. */
#define MAX_DEPTH  2000000
#define MAX_TOKENS 20000000

/* What the datum being read stands in, innermost last. No recursion: nesting is
 * bounded by MAX_DEPTH only. */
typedef enum FrameKind {
    FRAME_LIST,
    FRAME_VECTOR,
    FRAME_BYTES,
    FRAME_PREFIX,  /* 'x: head is the symbol */
    FRAME_LABEL,   /* #n=x: head stands for x from the start */
    FRAME_COMMENT, /* #;x */
} FrameKind;

typedef enum DotState { DOT_NONE, DOT_SEEN, DOT_FILLED } DotState;

typedef struct Frame {
    FrameKind kind;
    DotState dot;
    Span open;
    Datum *head;        /* LIST: first pair or NULL */
    Datum *tail;        /* LIST: last pair */
    size_t first_value; /* VECTOR, BYTES: its elements are reader->values from here */
} Frame;

struct Reader {
    Compilation *compilation;
    Lexer lexer;
    VEC(Frame) frames;
    VEC(Datum *) values;
    Map *labels; /* of the outermost datum: number + 1 to datum, or NULL */
    size_t n_tokens;
    Span last;            /* outermost datum that was complete last; source NULL: none */
    Span suspect;         /* first list that begins in column 1 inside another; source NULL: none */
    size_t suspect_depth; /* frames around it */
};

Reader *reader_new(Compilation *compilation, const Source *source)
{
    Reader *reader = ARENA_NEW(compilation->arena, Reader);
    reader->compilation = compilation;
    reader->lexer = lexer_start(compilation, source);
    return reader;
}

static Diag *diag_of(Reader *reader) { return reader->compilation->diag; }

static Datum *make(Reader *reader, DatumKind kind, Span span)
{
    Datum *datum = ARENA_NEW(reader->compilation->arena, Datum);
    datum->kind = kind;
    datum->span = span;
    return datum;
}

static Datum *make_pair(Reader *reader, Datum *car, Datum *cdr, Span span)
{
    Datum *pair = make(reader, DATUM_PAIR, span);
    pair->as.pair.car = car;
    pair->as.pair.cdr = cdr;
    return pair;
}

static Span join(Span start, Span end) { return (Span){start.source, start.start, end.end}; }

static Frame *top_frame(Reader *reader)
{
    return reader->frames.count ? &reader->frames.items[reader->frames.count - 1] : NULL;
}

static void push_frame(Reader *reader, FrameKind kind, Token token)
{
    if (reader->frames.count == MAX_DEPTH) {
        diag_error(diag_of(reader), token.span, "nested too deeply (more than %d levels)", MAX_DEPTH);
        diag_stop(diag_of(reader));
    }
    Frame frame = {.kind = kind, .open = token.span, .first_value = reader->values.count};
    vec_push(reader->compilation->arena, &reader->frames, frame);
}

/* An opening parenthesis in column 1 is nearly always a top-level form: the
 * first one inside a list that is never closed tells where a `)` is missing. */
static void note_suspect(Reader *reader, Span open)
{
    bool is_nested = reader->frames.count > 0 && !reader->suspect.source;
    if (is_nested && open.source->text[open.start - 1] == '\n') {
        reader->suspect = open;
        reader->suspect_depth = reader->frames.count;
    }
}

/* ---- Data that are complete ---- */

static void add_to_list(Reader *reader, Frame *list, Datum *datum)
{
    if (list->dot == DOT_SEEN) {
        list->tail->as.pair.cdr = datum;
        list->dot = DOT_FILLED;
        return;
    }
    if (list->dot == DOT_FILLED) {
        diag_error(diag_of(reader), datum->span, "only one datum may follow the dot of a list");
        return;
    }
    Datum *pair = make_pair(reader, datum, NULL, datum->span);
    if (list->tail)
        list->tail->as.pair.cdr = pair;
    else
        list->head = pair;
    list->tail = pair;
}

/* The datum that the references point to takes over the contents. */
static Datum *close_label(Frame *frame, const Datum *datum)
{
    *frame->head = *datum;
    return frame->head;
}

/* Puts a complete datum where it belongs. Returns it when that is outermost. */
static Datum *deliver(Reader *reader, Datum *datum)
{
    for (Frame *frame; (frame = top_frame(reader));) {
        switch (frame->kind) {
        case FRAME_LIST: add_to_list(reader, frame, datum); return NULL;
        case FRAME_VECTOR:
        case FRAME_BYTES: vec_push(reader->compilation->arena, &reader->values, datum); return NULL;
        case FRAME_PREFIX: {
            Span span = join(frame->open, datum->span);
            Datum *end = make(reader, DATUM_NIL, (Span){span.source, span.end, span.end});
            datum = make_pair(reader, frame->head, make_pair(reader, datum, end, datum->span), span);
            break;
        }
        case FRAME_LABEL: datum = close_label(frame, datum); break;
        case FRAME_COMMENT: reader->frames.count--; return NULL;
        }
        reader->frames.count--;
    }
    return datum;
}

/* ---- Closing ---- */

/* The spans of the pairs reach to the closing parenthesis. */
static void set_ends(Datum *head, const Datum *last, uint32_t end)
{
    for (Datum *pair = head; pair; pair = pair == last ? NULL : pair->as.pair.cdr)
        pair->span.end = end;
}

static Datum *finish_list(Reader *reader, Frame *frame, Span close)
{
    Span span = join(frame->open, close);
    if (!frame->head) return make(reader, DATUM_NIL, span);
    if (frame->dot == DOT_SEEN)
        diag_error(diag_of(reader), close, "a datum is expected between the dot and `)`");
    if (frame->dot != DOT_FILLED) frame->tail->as.pair.cdr = make(reader, DATUM_NIL, close);
    set_ends(frame->head, frame->tail, close.end);
    frame->head->span = span;
    return frame->head;
}

static Datum *finish_vector(Reader *reader, Frame *frame, Span close)
{
    Datum *vector = make(reader, DATUM_VECTOR, join(frame->open, close));
    size_t count = reader->values.count - frame->first_value;
    vector->as.vector.count = count;
    vector->as.vector.items = ARENA_ARRAY(reader->compilation->arena, Datum *, count);
    for (size_t i = 0; i < count; i++)
        vector->as.vector.items[i] = reader->values.items[frame->first_value + i];
    return vector;
}

static uint8_t byte_or_error(Reader *reader, const Datum *datum)
{
    if (datum->kind == DATUM_INTEGER && mpz_sgn(datum->as.integer) >= 0 &&
        mpz_cmp_ui(datum->as.integer, 255) <= 0) {
        return (uint8_t)mpz_get_ui(datum->as.integer);
    }
    diag_error(diag_of(reader), datum->span, "an element of a bytevector is an exact integer from 0 to 255");
    return 0;
}

static Datum *finish_bytes(Reader *reader, Frame *frame, Span close)
{
    Datum *result = make(reader, DATUM_BYTEVECTOR, join(frame->open, close));
    size_t count = reader->values.count - frame->first_value;
    uint8_t *bytes = ARENA_ARRAY(reader->compilation->arena, uint8_t, count);
    for (size_t i = 0; i < count; i++)
        bytes[i] = byte_or_error(reader, reader->values.items[frame->first_value + i]);
    result->as.bytevector.bytes = bytes;
    result->as.bytevector.count = count;
    return result;
}

static bool at_prefix(Reader *reader)
{
    const Frame *frame = top_frame(reader);
    return frame && frame->kind >= FRAME_PREFIX;
}

/* Prefixes in front of nothing, `(a ')` or `#;` at the end: one error for all. */
static void drop_prefixes(Reader *reader)
{
    if (!at_prefix(reader)) return;
    diag_error(diag_of(reader), top_frame(reader)->open, "a datum is expected behind this");
    while (at_prefix(reader))
        reader->frames.count--;
}

static Datum *close_frame(Reader *reader, Span close)
{
    drop_prefixes(reader);
    Frame *frame = top_frame(reader);
    if (!frame) {
        diag_error(diag_of(reader), close, "nothing is open that this could close");
        if (reader->last.source)
            diag_note(diag_of(reader), reader->last, "what begins here was closed before");
        return NULL;
    }
    Datum *datum = frame->kind == FRAME_LIST     ? finish_list(reader, frame, close)
                   : frame->kind == FRAME_VECTOR ? finish_vector(reader, frame, close)
                                                 : finish_bytes(reader, frame, close);
    reader->values.count = frame->first_value;
    reader->frames.count--;
    return deliver(reader, datum);
}

/* ---- Labels, dots, brackets ---- */

/* Labels as map keys: any pointers that differ. */
static const void *label_key(uint32_t label) { return (const void *)((uintptr_t)label + 1); }

static void open_label(Reader *reader, Token token)
{
    if (!reader->labels) reader->labels = map_new(reader->compilation->arena);
    Datum *first = map_get(reader->labels, label_key(token.label));
    if (first) {
        diag_error(diag_of(reader), token.span, "label #%u= is defined twice", token.label);
        diag_note(diag_of(reader), first->span, "it was defined here");
    }
    push_frame(reader, FRAME_LABEL, token);
    Datum *datum = make(reader, DATUM_VOID, token.span);
    top_frame(reader)->head = datum;
    map_set(reader->labels, label_key(token.label), datum);
}

/* A datum that would be only a label: `#0=#0#`. */
static bool is_open_label(Reader *reader, const Datum *datum)
{
    for (size_t i = reader->frames.count; i-- > 0 && reader->frames.items[i].kind == FRAME_LABEL;) {
        if (reader->frames.items[i].head == datum) return true;
    }
    return false;
}

static Datum *read_reference(Reader *reader, Token token)
{
    Datum *datum = reader->labels ? map_get(reader->labels, label_key(token.label)) : NULL;
    if (!datum) {
        diag_error(diag_of(reader), token.span, "label #%u= is not defined in front of this", token.label);
        datum = make(reader, DATUM_VOID, token.span);
    } else if (is_open_label(reader, datum)) {
        diag_error(diag_of(reader), token.span, "label #%u= names nothing but itself", token.label);
        datum = make(reader, DATUM_VOID, token.span);
    }
    return deliver(reader, datum);
}

static void read_dot(Reader *reader, Token token)
{
    Frame *frame = top_frame(reader);
    if (frame && frame->kind == FRAME_LIST && frame->head && frame->dot == DOT_NONE) {
        frame->dot = DOT_SEEN;
        return;
    }
    diag_error(diag_of(reader), token.span, "unexpected dot");
    if (!frame || frame->kind != FRAME_LIST) {
        diag_note(diag_of(reader), (Span){0},
                  "a dot stands only in front of the last datum of a list: (a . b)");
    } else if (!frame->head) {
        diag_note(diag_of(reader), (Span){0}, "a datum is expected between `(` and the dot");
    }
}

static void report_bracket(Reader *reader, Token token)
{
    char bracket = token.span.source->text[token.span.start];
    bool is_open = bracket == '[' || bracket == '{';
    diag_error(diag_of(reader), token.span, "`%c` is reserved", bracket);
    diag_note(diag_of(reader), (Span){0}, "lists are written in parentheses only: use `%c`",
              is_open ? '(' : ')');
}

/* Then the opening one was reported, which is enough. */
static bool is_in_bracket(Reader *reader)
{
    const Frame *frame = top_frame(reader);
    return frame && strchr("[{", frame->open.source->text[frame->open.start]) != NULL;
}

/* ---- The end of the source ---- */

static void report_unclosed(Reader *reader)
{
    size_t depth = reader->frames.count;
    bool has_suspect = reader->suspect.source && reader->suspect_depth <= depth;
    Span open = reader->frames.items[(has_suspect ? reader->suspect_depth : depth) - 1].open;
    diag_error(diag_of(reader), open, "this is never closed");
    if (has_suspect) {
        diag_note(diag_of(reader), reader->suspect, "a `)` seems to be missing in front of this");
    } else if (depth > 1) {
        diag_note(diag_of(reader), reader->frames.items[0].open, "nor is this, the outermost of %zu", depth);
    }
}

/* A literal or comment that swallowed the rest has been reported and is enough. */
static void end_source(Reader *reader)
{
    if (!reader->lexer.is_cut_off) {
        drop_prefixes(reader);
        if (reader->frames.count) report_unclosed(reader);
    }
    reader->frames.count = 0;
    reader->values.count = 0;
}

/* ---- One datum ---- */

static Datum *read_token(Reader *reader, Token token)
{
    switch (token.kind) {
    case TOKEN_ATOM: return deliver(reader, token.datum);
    case TOKEN_OPEN_BRACKET:
        report_bracket(reader, token);
        push_frame(reader, FRAME_LIST, token);
        return NULL;
    case TOKEN_OPEN:
        note_suspect(reader, token.span);
        push_frame(reader, FRAME_LIST, token);
        return NULL;
    case TOKEN_OPEN_VECTOR: push_frame(reader, FRAME_VECTOR, token); return NULL;
    case TOKEN_OPEN_BYTES: push_frame(reader, FRAME_BYTES, token); return NULL;
    case TOKEN_CLOSE_BRACKET:
        if (!is_in_bracket(reader)) report_bracket(reader, token);
        return reader->frames.count ? close_frame(reader, token.span) : NULL;
    case TOKEN_CLOSE: return close_frame(reader, token.span);
    case TOKEN_DOT: read_dot(reader, token); return NULL;
    case TOKEN_PREFIX:
        push_frame(reader, FRAME_PREFIX, token);
        top_frame(reader)->head = token.datum;
        return NULL;
    case TOKEN_COMMENT: push_frame(reader, FRAME_COMMENT, token); return NULL;
    case TOKEN_LABEL: open_label(reader, token); return NULL;
    case TOKEN_REFERENCE: return read_reference(reader, token);
    case TOKEN_END: break;
    }
    ICE("reader: token %d", token.kind);
}

Datum *read_datum(Reader *reader)
{
    reader->labels = NULL;
    reader->suspect.source = NULL;
    for (;;) {
        Token token = lex_token(&reader->lexer);
        if (token.kind == TOKEN_END) {
            end_source(reader);
            return NULL;
        }
        if (++reader->n_tokens > MAX_TOKENS) {
            diag_error(diag_of(reader), token.span, "the source is too large (more than %d tokens)",
                       MAX_TOKENS);
            diag_stop(diag_of(reader));
        }
        Datum *datum = read_token(reader, token);
        if (datum) {
            reader->last = datum->kind == DATUM_PAIR ? datum->span : (Span){0};
            return datum;
        }
    }
}

bool read_all(Compilation *compilation, const Source *source, DatumList *out)
{
    unsigned n_errors = diag_error_count(compilation->diag);
    Reader *reader = reader_new(compilation, source);
    VEC(Datum *) data = {0};
    for (Datum *datum; (datum = read_datum(reader));)
        vec_push(compilation->arena, &data, datum);
    *out = (DatumList){data.items, data.count};
    return diag_error_count(compilation->diag) == n_errors;
}
