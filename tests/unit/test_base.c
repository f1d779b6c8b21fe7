/* frontend/base: maps, symbols, positions, messages, the pretty-printer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frontend/base/diag.h"
#include "frontend/base/escape.h"
#include "frontend/base/intern.h"
#include "frontend/base/map.h"
#include "frontend/base/sexp_out.h"

/* Under ASan a scratch arena that nobody frees would be a leak. */
static void scratch_arenas_go_with_their_parent(void **state)
{
    Arena *arena = arena_new();
    Arena *first = arena_scratch(arena), *second = arena_scratch(arena), *third = arena_scratch(arena);
    arena_alloc(arena_scratch(third), 100);
    arena_alloc(first, 100);
    arena_free(second);
    arena_free(arena);
}

static void arena_memory_is_zeroed_and_aligned(void **state)
{
    Arena *arena = arena_new();
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *bytes = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)bytes % (size % 16 ? 8 : 16), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xff, size);
    }
    assert_string_equal(arena_printf(arena, "%s-%d", "x", 5), "x-5");
    arena_free(arena);
}

static void maps_keep_the_order_of_insertion(void **state)
{
    Arena *arena = arena_new();
    Map *map = map_new(arena);
    int keys[1000];
    assert_null(map_get(map, keys));
    for (int i = 0; i < 1000; i++)
        map_set(map, &keys[999 - i], &keys[i]);
    map_set(map, &keys[999], NULL);
    assert_int_equal(map_count(map), 1000);
    for (int i = 0; i < 1000; i++)
        assert_ptr_equal(map_key_at(map, (size_t)i), &keys[999 - i]);
    assert_true(map_has(map, &keys[999]));
    assert_null(map_get(map, &keys[999]));
    assert_ptr_equal(map_get(map, &keys[0]), &keys[999]);
    arena_free(arena);
}

static void symbols_are_one_per_spelling(void **state)
{
    Arena *arena = arena_new();
    Symbols *symbols = symbols_new(arena);
    char text[16];
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof text, "s%d", i % 10000);
        assert_int_equal(symbol_of(symbols, text)->index, i % 10000);
    }
    assert_ptr_not_equal(symbols_intern(symbols, "a\0b", 3), symbols_intern(symbols, "a\0c", 3));
    arena_free(arena);
}

static void check_position(const Source *source, uint32_t offset, uint32_t line, uint32_t column)
{
    Position at = source_position(source, offset);
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
}

static void positions_count_characters(void **state)
{
    Arena *arena = arena_new();
    const char text[] = "ab\n\n\xce\xbbx\xff\n";
    Source *source = source_from_text(arena, "t", text, sizeof text - 1);
    check_position(source, 0, 1, 1);
    check_position(source, 2, 1, 3);
    check_position(source, 3, 2, 1);
    check_position(source, 4, 3, 1);
    check_position(source, 6, 3, 2);
    check_position(source, 8, 3, 4);
    check_position(source, 9, 4, 1);
    check_position(source, 1000, 4, 1);
    arena_free(arena);
}

static void unreadable_files_say_why(void **state)
{
    Arena *arena = arena_new();
    const char *error = NULL;
    assert_null(source_read(arena, "/", &error));
    assert_string_equal(error, "is a directory");
    assert_null(source_read(arena, "/no/such/file", &error));
    assert_string_equal(error, "cannot open: No such file or directory");
    arena_free(arena);
}

/* What diag_error prints for a span of `text`. */
static char *message_for(const char *text, uint32_t start, uint32_t end)
{
    char *out;
    size_t length;
    FILE *file = open_memstream(&out, &length);
    Arena *arena = arena_new();
    Source *source = source_from_text(arena, "t", text, strlen(text));
    diag_error(diag_new(arena, file, 0), (Span){source, start, end}, "bad %s", "x");
    fclose(file);
    arena_free(arena);
    return out;
}

static void check_message(const char *text, uint32_t start, uint32_t end, const char *expected)
{
    char *message = message_for(text, start, end);
    assert_string_equal(message, expected);
    free(message);
}

static void messages_show_the_line_and_a_caret(void **state)
{
    check_message("(foo bar)", 5, 8, "t:1:6: error: bad x\n  (foo bar)\n       ^~~\n");
    check_message("\t(a\tb)", 4, 5, "t:1:5: error: bad x\n  \t(a\tb)\n  \t  \t^\n");
    check_message("a", 1, 1, "t:1:2: error: bad x\n  a\n   ^\n");
    check_message("", 0, 0, "t:1:1: error: bad x\n  \n  ^\n");
    check_message("(a\nb)", 0, 5, "t:1:1: error: bad x\n  (a\n  ^~\n");
    check_message("x\r\ny", 0, 1, "t:1:1: error: bad x\n  x\n  ^\n");
    /* two columns for a wide character */
    check_message("\xe4\xb8\xad z", 4, 5, "t:1:3: error: bad x\n  \xe4\xb8\xad z\n     ^\n");
    /* nothing that acts on a terminal */
    check_message("\x1b[1m\xff z", 6, 7, "t:1:7: error: bad x\n  \xef\xbf\xbd[1m\xef\xbf\xbd z\n        ^\n");
}

static void long_lines_are_cut_round_the_caret(void **state)
{
    char text[1001];
    memset(text, 'a', 1000);
    text[1000] = '\0';
    text[500] = 'X';
    char *message = message_for(text, 500, 501);
    char *line = strchr(message, '\n') + 1, *caret = strchr(line, '\n') + 1;
    assert_true(caret - line < 140);
    assert_memory_equal(line, "  ...a", 6);
    assert_int_equal(line[strchr(caret, '^') - caret], 'X');
    free(message);
}

static void notes_do_not_show_the_line_again(void **state)
{
    char *out;
    size_t length;
    FILE *file = open_memstream(&out, &length);
    Arena *arena = arena_new();
    Source *source = source_from_text(arena, "t", "(a a)\n(b)\n", 10);
    Diag *diag = diag_new(arena, file, 0);
    diag_error(diag, (Span){source, 3, 4}, "twice");
    diag_note(diag, (Span){source, 1, 2}, "first");
    diag_note(diag, (Span){source, 7, 8}, "another line");
    diag_note(diag, (Span){source, 1, 2}, "first again");
    diag_error(diag, (Span){source, 7, 8}, "a message of its own");
    fclose(file);
    assert_string_equal(out, "t:1:4: error: twice\n  (a a)\n     ^\n"
                             "t:1:2: note: first\n"
                             "t:2:2: note: another line\n  (b)\n   ^\n"
                             "t:1:2: note: first again\n"
                             "t:2:2: error: a message of its own\n  (b)\n   ^\n");
    free(out);
    arena_free(arena);
}

static void report_many(void *context)
{
    for (int i = 0; i < 100; i++)
        diag_error(context, (Span){0}, "bad");
}

static void too_many_errors_end_the_compilation(void **state)
{
    Arena *arena = arena_new();
    FILE *nowhere = fopen("/dev/null", "w");
    Diag *diag = diag_new(arena, nowhere, 5);
    assert_false(diag_catch(diag, report_many, diag));
    assert_int_equal(diag_error_count(diag), 5);
    assert_true(diag_catch(diag_new(arena, nowhere, 0), report_many, diag_new(arena, nowhere, 0)));
    fclose(nowhere);
    arena_free(arena);
}

static void write_long_list(SexpOut *sexp, unsigned n_head)
{
    sexp_open(sexp, n_head);
    sexp_atom(sexp, "head");
    for (int i = 0; i < 5; i++)
        sexp_atom(sexp, "%0*d", 30, i);
    sexp_close(sexp);
}

static void lists_break_where_they_do_not_fit(void **state)
{
    char *out;
    size_t length;
    FILE *file = open_memstream(&out, &length);
    Arena *arena = arena_new();
    SexpOut *sexp = sexp_out_new(arena, file);
    sexp_open(sexp, 1);
    sexp_atom(sexp, "a");
    sexp_open(sexp, 1);
    sexp_close(sexp);
    sexp_close(sexp);
    write_long_list(sexp, 2);
    write_long_list(sexp, SEXP_FILL);
    fclose(file);
    arena_free(arena);
#define D(n) "00000000000000000000000000000" #n
    assert_string_equal(out, "(a ())\n"
                             "(head " D(0) "\n  " D(1) "\n  " D(2) "\n  " D(3) "\n  " D(
                                 4) ")\n"
                                    "(head " D(0) " " D(1) " " D(2) "\n " D(3) " " D(4) ")\n");
    free(out);
}

static void make_a_mistake(void *context)
{
    ICE("a mistake, made on purpose, of number %d", *(int *)context);
}
static void take_all_memory(void *arena) { arena_alloc(arena, SIZE_MAX - 100); }
static void stop(void *diag) { diag_stop(diag); }

static void catch_another(void *context)
{
    escape_catch(ESCAPE_STOPPED, make_a_mistake, context);
    fail(); /* it goes on to the catch that takes it */
}

/* The compiler leaves a process that it is in for a catch, never by exit. */
static void escapes(void **state)
{
    (void)state;
    int number = 1;
    Arena *arena = arena_new();
    Diag *diag = diag_new(arena, stderr, 0);
    assert_int_equal(escape_catch(ESCAPE_ICE, make_a_mistake, &number), ESCAPE_ICE);
    assert_int_equal(escape_catch(ESCAPE_ICE, catch_another, &number), ESCAPE_ICE);
    assert_int_equal(escape_catch(ESCAPE_NO_MEMORY | ESCAPE_ICE, take_all_memory, arena), ESCAPE_NO_MEMORY);
    assert_int_equal(escape_catch(ESCAPE_STOPPED, stop, diag), ESCAPE_STOPPED);
    assert_false(diag_catch(diag, stop, diag));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),
        cmocka_unit_test(arena_memory_is_zeroed_and_aligned),
        cmocka_unit_test(scratch_arenas_go_with_their_parent),
        cmocka_unit_test(maps_keep_the_order_of_insertion),
        cmocka_unit_test(symbols_are_one_per_spelling),
        cmocka_unit_test(positions_count_characters),
        cmocka_unit_test(unreadable_files_say_why),
        cmocka_unit_test(messages_show_the_line_and_a_caret),
        cmocka_unit_test(long_lines_are_cut_round_the_caret),
        cmocka_unit_test(notes_do_not_show_the_line_again),
        cmocka_unit_test(too_many_errors_end_the_compilation),
        cmocka_unit_test(lists_break_where_they_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
