#include "frontend/base/sexp_out.h"

#include <stdarg.h>
#include <stdbool.h>

#include "frontend/base/diag.h"
#include "frontend/base/vec.h"

#define LINE_WIDTH 100
#define MAX_INDENT 60 /* so that output stays linear in the depth */

typedef enum PieceKind { PIECE_ATOM, PIECE_OPEN, PIECE_CLOSE } PieceKind;

typedef struct Piece {
    PieceKind kind;
    unsigned n_head;  /* OPEN */
    size_t width;     /* ATOM: its length; OPEN: of the whole list on one line */
    const char *text; /* ATOM */
} Piece;

/* A list being printed. */
typedef struct Level {
    bool is_flat;
    unsigned n_head;
    size_t n_items;
    size_t indent; /* of items on lines of their own */
} Level;

struct SexpOut {
    FILE *out;
    Arena *form; /* the pieces of the outermost list; NULL between lists */
    VEC(Piece) pieces;
    VEC(size_t) open;  /* indices of the OPEN pieces not closed yet */
    VEC(Level) levels; /* while printing */
    size_t column;
};

SexpOut *sexp_out_new(Arena *arena, FILE *out)
{
    SexpOut *sexp = ARENA_NEW(arena, SexpOut);
    sexp->out = out;
    return sexp;
}

/* ---- Collecting ---- */

/* The list around grows by the item and a blank. */
static void add_width(SexpOut *sexp, size_t width)
{
    if (sexp->open.count) sexp->pieces.items[sexp->open.items[sexp->open.count - 1]].width += width + 1;
}

void sexp_open(SexpOut *sexp, unsigned n_head)
{
    if (!sexp->form) sexp->form = arena_new();
    vec_push(sexp->form, &sexp->open, sexp->pieces.count);
    vec_push(sexp->form, &sexp->pieces, ((Piece){.kind = PIECE_OPEN, .n_head = n_head, .width = 1}));
}

void sexp_text(SexpOut *sexp, const char *text, size_t length)
{
    if (!sexp->open.count) ICE("sexp_out: an atom outside a list");
    const char *copy = arena_strdup(sexp->form, text, length);
    vec_push(sexp->form, &sexp->pieces, ((Piece){.kind = PIECE_ATOM, .width = length, .text = copy}));
    add_width(sexp, length);
}

void sexp_atom(SexpOut *sexp, const char *format, ...)
{
    char buffer[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    if (length < (int)sizeof buffer) {
        sexp_text(sexp, buffer, length < 0 ? 0 : (size_t)length);
        return;
    }
    Arena *scratch = arena_new();
    char *text = arena_alloc(scratch, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    sexp_text(sexp, text, (size_t)length);
    arena_free(scratch);
}

/* ---- Printing ---- */

static void start_line(SexpOut *sexp, size_t indent)
{
    if (indent > MAX_INDENT) indent = MAX_INDENT;
    fprintf(sexp->out, "\n%*s", (int)indent, "");
    sexp->column = indent;
}

/* What stands between an item and the one before it. */
static void separate(SexpOut *sexp, size_t width)
{
    if (!sexp->levels.count) return;
    Level *level = &sexp->levels.items[sexp->levels.count - 1];
    size_t index = level->n_items++;
    if (index == 0) return;
    bool is_beside = level->is_flat || (level->n_head == SEXP_FILL ? sexp->column + 1 + width <= LINE_WIDTH
                                                                   : index < level->n_head);
    if (is_beside) {
        fputc(' ', sexp->out);
        sexp->column++;
    } else {
        start_line(sexp, level->indent);
    }
}

static void print_open(SexpOut *sexp, const Piece *piece)
{
    bool fits = sexp->column + piece->width <= LINE_WIDTH;
    bool has_name = piece->n_head != 0 && piece->n_head != SEXP_FILL;
    Level level = {fits, piece->n_head, 0, sexp->column + (has_name ? 2 : 1)};
    fputc('(', sexp->out);
    sexp->column++;
    vec_push(sexp->form, &sexp->levels, level);
}

static void print_pieces(SexpOut *sexp)
{
    for (size_t i = 0; i < sexp->pieces.count; i++) {
        const Piece *piece = &sexp->pieces.items[i];
        if (piece->kind == PIECE_CLOSE) {
            fputc(')', sexp->out);
            sexp->column++;
            sexp->levels.count--;
            continue;
        }
        separate(sexp, piece->width);
        if (piece->kind == PIECE_OPEN) {
            print_open(sexp, piece);
        } else {
            fwrite(piece->text, 1, piece->width, sexp->out);
            sexp->column += piece->width;
        }
    }
    fputc('\n', sexp->out);
}

void sexp_close(SexpOut *sexp)
{
    if (!sexp->open.count) ICE("sexp_out: nothing to close");
    vec_push(sexp->form, &sexp->pieces, ((Piece){.kind = PIECE_CLOSE}));
    Piece *list = &sexp->pieces.items[vec_pop(&sexp->open)];
    if (list->width == 1) list->width = 2; /* () */
    add_width(sexp, list->width);
    if (sexp->open.count) return;
    print_pieces(sexp);
    arena_free(sexp->form);
    *sexp = (SexpOut){.out = sexp->out};
}
