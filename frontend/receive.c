/* The forms `match` and `recv`: clauses of patterns, guards and bodies. */
#include "frontend/pattern.h"

/* -- clauses ---------------------------------------------------------------- */

/* (where e ...) among the forms of a clause is a guard, wherever it stands: all must be true. */
static bool is_guard(const Datum *form) {
    return is_pair(form) && is_spelled(car(form), "where") && list_length(form) >= 2;
}

static void require_guards(ClauseCode *code, const Datum *forms) {
    for (; is_pair(forms); forms = cdr(forms)) {
        if (!is_guard(car(forms))) continue;
        for (const Datum *tests = cdr(car(forms)); is_pair(tests); tests = cdr(tests))
            pattern_require(code, car(tests)->span, expand(code->x, car(tests)));
    }
}

static Datum *without_guards(Expander *x, Datum *forms, Span span) {
    Datum *first = NULL, **hole = &first;
    for (; is_pair(forms); forms = cdr(forms)) {
        if (is_guard(car(forms))) continue;
        *hole = syntax_pair(x->arena, car(forms)->span, car(forms), NULL);
        hole = &(*hole)->as.pair.cdr;
    }
    *hole = syntax_nil(x->arena, span);
    return first;
}

/* A body that may be empty, for clauses that are only there to match. */
static Core *clause_body(Expander *x, Datum *forms, Span span) {
    forms = without_guards(x, forms, span);
    return is_nil(forms) ? core_void(x->arena, span) : expand_body(x, forms, span);
}

/* What stands around a clause's body: identity for `match`. */
typedef Core *WrapBody(Expander *x, Span span, Core *body, void *context);

static bool check_clause(Expander *x, const Datum *clause, const char *form_name) {
    if (list_length(clause) >= 1) return true;
    expand_error(x, clause->span, "%s: a clause must be (pattern body ...)", form_name);
    return false;
}

static void compile_clause(Expander *x, ClauseCode *code, Datum *clause, Var *subject, WrapBody *wrap, void *context) {
    code->x = x;
    code->hole = &code->root;
    pattern_compile(code, car(clause), subject);
    ScopeMark mark = pattern_open_scope(code);
    require_guards(code, cdr(clause));
    *code->hole = wrap(x, clause->span, clause_body(x, cdr(clause), clause->span), context);
    scope_leave(&x->scopes, mark);
}

/* -- match ------------------------------------------------------------------ */

typedef struct MatchContext {
    Span span;
    Var *subject;
} MatchContext;

static Core *match_body(Expander *x, Span span, Core *body, void *context) { return body; }

static Core *match_failed(Expander *x, void *context) {
    const MatchContext *match = context;
    return core_call1(x->arena, match->span, expand_library_ref(x, match->span, "%match-failed"),
                      core_local(x->arena, match->span, match->subject));
}

Core *form_match(Expander *x, Datum *form) {
    Datum *rest = cddr(form);
    long count = list_length(rest);
    Core *value = expand(x, cadr(form));
    bool is_variable = value->kind == CORE_LOCAL;
    MatchContext match = {form->span, is_variable ? value->as.local : var_temp(x, "subject", cadr(form)->span)};
    ClauseCode *clauses = ARENA_ARRAY(x->arena, ClauseCode, count);
    const Datum **forms = ARENA_ARRAY(x->arena, const Datum *, count);
    size_t n_clauses = 0;
    for (; is_pair(rest); rest = cdr(rest)) {
        if (!check_clause(x, car(rest), "match")) continue;
        forms[n_clauses] = car(rest);
        compile_clause(x, &clauses[n_clauses++], car(rest), match.subject, match_body, NULL);
    }
    Core *result = pattern_link(x, clauses, forms, n_clauses, match_failed, &match);
    return is_variable ? result : core_let1(x->arena, form->span, match.subject, value, result);
}

/* -- recv ------------------------------------------------------------------- */

/* (let ((deadline (%deadline timeout)))            ; #f without `after`
 *   (letrec ((scan (lambda (cursor)
 *              (let ((message (%recv-next cursor deadline)))
 *                (if (%none? message)               ; only with `after`
 *                    after-body
 *                    (let ((here (%mbox-last)))
 *                      clauses, each ending in (if (%mbox-remove here) body (scan here)),
 *                      else (scan here)))))))
 *     (scan (%mbox-start))))
 *
 * `here` is taken before guards run, because a guard may receive, too. */
typedef struct RecvContext {
    Span span;
    Var *scan, *cursor, *deadline, *message, *here;
} RecvContext;

static Core *recv_ref(Expander *x, const RecvContext *recv, Var *var) { return core_local(x->arena, recv->span, var); }

static Core *recv_again(Expander *x, void *context) {
    const RecvContext *recv = context;
    return core_call1(x->arena, recv->span, recv_ref(x, recv, recv->scan), recv_ref(x, recv, recv->here));
}

static Core *recv_body(Expander *x, Span span, Core *body, void *context) {
    const RecvContext *recv = context;
    Core *remove = core_prim1(x->arena, span, PRIM_MBOX_REMOVE, recv_ref(x, recv, recv->here));
    return core_if(x->arena, span, remove, body, recv_again(x, context));
}

static bool holds_var(const ClauseCode *code, const Var *var) {
    for (size_t i = 0; i < code->compared.count; i++)
        if (code->compared.items[i] == var) return true;
    return false;
}

/* A variable that every clause compares a part of the message with: only
 * messages that hold its value can match, so if it is a fresh tag, the scan may
 * begin where the tag was made. */
static Var *common_tag(const ClauseCode *clauses, size_t n_clauses) {
    for (size_t i = 0; n_clauses && i < clauses[0].compared.count; i++) {
        Var *var = clauses[0].compared.items[i];
        size_t k = 1;
        while (k < n_clauses && holds_var(&clauses[k], var)) k++;
        if (k == n_clauses) return var;
    }
    return NULL;
}

static Core *recv_start(Expander *x, const RecvContext *recv, Var *tag) {
    if (tag) return core_prim1(x->arena, recv->span, PRIM_MBOX_MARK, recv_ref(x, recv, tag));
    return core_prim_n(x->arena, recv->span, PRIM_MBOX_START, 0, NULL);
}

/* `clauses`: what is done with a message; `after`: with none, or NULL. */
static Core *recv_loop(Expander *x, const RecvContext *recv, Core *start, Core *clauses, Core *after) {
    Arena *arena = x->arena;
    Span span = recv->span;
    Core *here = core_prim_n(arena, span, PRIM_MBOX_LAST, 0, NULL);
    Core *body = core_let1(arena, span, recv->here, here, clauses);
    if (after) body = core_if(arena, span, core_prim1(arena, span, PRIM_NONEP, recv_ref(x, recv, recv->message)), after, body);
    Core *deadline = recv->deadline ? recv_ref(x, recv, recv->deadline) : core_boolean(arena, span, false);
    Core *next = core_call2(arena, span, expand_library_ref(x, span, "%recv-next"), recv_ref(x, recv, recv->cursor), deadline);
    body = core_let1(arena, span, recv->message, next, body);
    Var **params = ARENA_NEW(arena, Var *), **loops = ARENA_NEW(arena, Var *);
    Core **lambdas = ARENA_NEW(arena, Core *);
    *params = recv->cursor;
    *loops = recv->scan;
    *lambdas = core_lambda(arena, span, NULL, 1, params, NULL, body);
    Core *call = core_call1(arena, span, recv_ref(x, recv, recv->scan), start);
    return core_letrec(arena, span, 1, loops, lambdas, call);
}

static bool is_after(const Datum *clause) {
    return is_pair(clause) && is_spelled(car(clause), "after") && list_length(clause) >= 2;
}

/* Compiles all but `after`, which is returned through `after_out`. */
static size_t recv_clauses(Expander *x, Datum *rest, RecvContext *recv, ClauseCode *clauses, const Datum **forms,
                           Datum **after_out) {
    size_t n_clauses = 0;
    for (; is_pair(rest); rest = cdr(rest)) {
        Datum *clause = car(rest);
        if (*after_out) {
            expand_error(x, (*after_out)->span, "recv: the `after` clause must be the last");
            *after_out = NULL;
        }
        if (is_after(clause)) {
            *after_out = clause;
        } else if (check_clause(x, clause, "recv")) {
            forms[n_clauses] = clause;
            compile_clause(x, &clauses[n_clauses++], clause, recv->message, recv_body, recv);
        }
    }
    return n_clauses;
}

Core *form_recv(Expander *x, Datum *form) {
    Datum *rest = cdr(form);
    long count = list_length(rest);
    Span span = form->span;
    if (count == 0) {
        expand_error(x, span, "recv: a clause is needed");
        diag_note(x->diag, span, "the form is %s", forms_table[FORM_RECV].usage);
        return error_core(x, span);
    }
    RecvContext recv = {span, var_temp(x, "scan", span), var_temp(x, "cursor", span), NULL,
                        var_temp(x, "message", span), var_temp(x, "here", span)};
    ClauseCode *clauses = ARENA_ARRAY(x->arena, ClauseCode, count);
    const Datum **forms = ARENA_ARRAY(x->arena, const Datum *, count);
    Datum *after = NULL;
    size_t n_clauses = recv_clauses(x, rest, &recv, clauses, forms, &after);
    Core *linked = pattern_link(x, clauses, forms, n_clauses, recv_again, &recv);
    Core *start = recv_start(x, &recv, common_tag(clauses, n_clauses));
    if (!after) return recv_loop(x, &recv, start, linked, NULL);
    recv.deadline = var_temp(x, "deadline", after->span);
    Core *deadline = core_prim1(x->arena, after->span, PRIM_DEADLINE, expand(x, cadr(after)));
    Core *after_body = clause_body(x, cddr(after), after->span);
    Core *loop = recv_loop(x, &recv, start, linked, after_body);
    return core_let1(x->arena, span, recv.deadline, deadline, loop);
}
