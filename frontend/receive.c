/* The forms `match` and `recv`: clauses of patterns, guards and bodies. */
#include "frontend/pattern.h"

/* -- clauses ---------------------------------------------------------------- */

/* (where e ...) among the forms of a clause is a guard, wherever it stands: all must be true. */
static bool is_guard(Expander *x, const Datum *form)
{
    return is_pair(form) && is_auxiliary(x, car(form), AUX_WHERE) && list_length(form) >= 2;
}

static void require_guards(ClauseCode *code, const Datum *forms)
{
    for (; is_pair(forms); forms = cdr(forms)) {
        if (!is_guard(code->x, car(forms))) continue;
        for (const Datum *tests = cdr(car(forms)); is_pair(tests); tests = cdr(tests))
            pattern_require(code, car(tests)->span, expand(code->x, car(tests)));
    }
}

static void warn_call_of_where(Expander *x, const Datum *form)
{
    if (!is_pair(form) || !is_shadowed(x, car(form), AUX_WHERE)) return;
    diag_warning(x->diag, form->span, "this is a call, not a guard: `where` has another meaning here");
    note_binding(x, car(form));
}

static Datum *without_guards(Expander *x, Datum *forms, Span span)
{
    Datum *first = NULL, **hole = &first;
    for (; is_pair(forms); forms = cdr(forms)) {
        if (is_guard(x, car(forms))) continue;
        warn_call_of_where(x, car(forms));
        *hole = syntax_pair(x->arena, car(forms)->span, car(forms), NULL);
        hole = &(*hole)->as.pair.cdr;
    }
    *hole = syntax_nil(x->arena, span);
    return first;
}

/* A body that may be empty, for clauses that are only there to match. */
static Core *clause_body(Expander *x, Datum *forms, Span span)
{
    forms = without_guards(x, forms, span);
    return is_nil(forms) ? core_void(x->arena, span) : expand_body(x, forms, span);
}

/* What stands around a clause's body: identity for `match`. */
typedef Core *WrapBody(Expander *x, Span span, Core *body, void *context);

static bool check_clause(Expander *x, const Datum *clause, const char *form_name)
{
    if (list_length(clause) >= 1) return true;
    expand_error(x, clause->span, "%s: a clause must be (pattern body ...)", form_name);
    return false;
}

/* What the clauses of one form have in common. */
typedef struct Clauses {
    Expander *x;
    Datum **forms;
    ClauseCode *codes; /* one for each */
    size_t count;
    Var *subject;
    WrapBody *wrap;
    Core *(*final)(Expander *x, void *context); /* when no clause is left */
    void *context;
} Clauses;

static void begin_code(Expander *x, ClauseCode *code, Span span)
{
    code->x = x;
    code->span = span;
    code->hole = &code->root;
}

static void compile_clause(const Clauses *c, size_t index, const KnownSpine *known)
{
    Expander *x = c->x;
    ClauseCode *code = &c->codes[index];
    Datum *clause = c->forms[index];
    begin_code(x, code, clause->span);
    code->known = known;
    pattern_compile(code, car(clause), c->subject);
    ScopeMark mark = pattern_open_scope(code);
    require_guards(code, cdr(clause));
    *code->hole = c->wrap(x, clause->span, clause_body(x, cdr(clause), clause->span), c->context);
    pattern_check_words(code);
    scope_leave(&x->scopes, mark);
}

/* A run of clauses that all take the same pairs of the subject apart is one unit, which
 * does so once. Returns the number of clauses in the unit that begins at `first`. */
static size_t compile_run(const Clauses *c, size_t first, ClauseCode *unit)
{
    Expander *x = c->x;
    uint32_t n_pairs = pattern_spine(x, car(c->forms[first]));
    size_t end = first + 1;
    for (uint32_t next; n_pairs && end < c->count && (next = pattern_spine(x, car(c->forms[end]))); end++)
        if (next < n_pairs) n_pairs = next;
    if (end == first + 1) {
        compile_clause(c, first, NULL);
        *unit = c->codes[first];
        return 1;
    }
    begin_code(x, unit, c->forms[first]->span);
    const KnownSpine *known = pattern_take_spine(unit, c->subject, n_pairs);
    for (size_t i = first; i < end; i++)
        compile_clause(c, i, known);
    *unit->hole = pattern_link(x, &c->codes[first], end - first);
    const ClauseCode *last = &c->codes[end - 1];
    for (size_t i = 0; i < last->failures.count; i++)
        vec_push(x->arena, &unit->failures, last->failures.items[i]);
    return end - first;
}

static Core *compile_clauses(const Clauses *c)
{
    if (c->count == 0) return c->final(c->x, c->context);
    ClauseCode *units = ARENA_ARRAY(c->x->arena, ClauseCode, c->count);
    size_t n_units = 0;
    for (size_t i = 0; i < c->count;)
        i += compile_run(c, i, &units[n_units++]);
    Core *result = pattern_link(c->x, units, n_units);
    const ClauseCode *last = &units[n_units - 1];
    for (size_t i = 0; i < last->failures.count; i++)
        *last->failures.items[i] = *c->final(c->x, c->context);
    return result;
}

/* Room for the clauses of a form; the caller fills in the rest. */
static Clauses new_clauses(Expander *x, long most, Var *subject)
{
    return (Clauses){.x = x,
                     .forms = ARENA_ARRAY(x->arena, Datum *, most),
                     .codes = ARENA_ARRAY(x->arena, ClauseCode, most),
                     .subject = subject};
}

/* -- match ------------------------------------------------------------------ */

typedef struct MatchContext {
    Span span;
    Var *subject;
} MatchContext;

static Core *match_body(Expander *x, Span span, Core *body, void *context) { return body; }

static Core *match_failed(Expander *x, void *context)
{
    const MatchContext *match = context;
    return core_call1(x->arena, match->span, expand_library_ref(x, match->span, "%match-failed"),
                      core_local(x->arena, match->span, match->subject));
}

Core *form_match(Expander *x, Datum *form)
{
    Datum *rest = cddr(form);
    long count = list_length(rest);
    Core *value = expand(x, cadr(form));
    bool is_variable = value->kind == CORE_LOCAL;
    MatchContext match = {form->span,
                          is_variable ? value->as.local : var_temp(x, "subject", cadr(form)->span)};
    Clauses clauses = new_clauses(x, count, match.subject);
    clauses.wrap = match_body;
    clauses.final = match_failed;
    clauses.context = &match;
    for (; is_pair(rest); rest = cdr(rest))
        if (check_clause(x, car(rest), "match")) clauses.forms[clauses.count++] = car(rest);
    Core *result = compile_clauses(&clauses);
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

static Core *recv_ref(Expander *x, const RecvContext *recv, Var *var)
{
    return core_local(x->arena, recv->span, var);
}

static Core *recv_again(Expander *x, void *context)
{
    const RecvContext *recv = context;
    return core_call1(x->arena, recv->span, recv_ref(x, recv, recv->scan), recv_ref(x, recv, recv->here));
}

static Core *recv_body(Expander *x, Span span, Core *body, void *context)
{
    const RecvContext *recv = context;
    Core *remove = core_prim1(x->arena, span, PRIM_MBOX_REMOVE, recv_ref(x, recv, recv->here));
    return core_if(x->arena, span, remove, body, recv_again(x, context));
}

static bool holds_var(const ClauseCode *code, const Var *var)
{
    for (size_t i = 0; i < code->compared.count; i++)
        if (code->compared.items[i] == var) return true;
    return false;
}

/* A variable that every clause compares a part of the message with: only
 * messages that hold its value can match, so if it is a fresh tag, the scan may
 * begin where the tag was made. */
static Var *common_tag(const Clauses *c)
{
    for (size_t i = 0; c->count && i < c->codes[0].compared.count; i++) {
        Var *var = c->codes[0].compared.items[i];
        size_t k = 1;
        while (k < c->count && holds_var(&c->codes[k], var))
            k++;
        if (k == c->count) return var;
    }
    return NULL;
}

static Core *recv_start(Expander *x, const RecvContext *recv, Var *tag)
{
    if (tag) return core_prim1(x->arena, recv->span, PRIM_MBOX_MARK, recv_ref(x, recv, tag));
    return core_prim_n(x->arena, recv->span, PRIM_MBOX_START, 0, NULL);
}

/* `clauses`: what is done with a message; `after`: with none, or NULL. */
static Core *recv_loop(Expander *x, const RecvContext *recv, Core *start, Core *clauses, Core *after)
{
    Arena *arena = x->arena;
    Span span = recv->span;
    Core *here = core_prim_n(arena, span, PRIM_MBOX_LAST, 0, NULL);
    Core *body = core_let1(arena, span, recv->here, here, clauses);
    if (after)
        body = core_if(arena, span, core_prim1(arena, span, PRIM_NONEP, recv_ref(x, recv, recv->message)),
                       after, body);
    Core *deadline = recv->deadline ? recv_ref(x, recv, recv->deadline) : core_boolean(arena, span, false);
    Core *next = core_call2(arena, span, expand_library_ref(x, span, "%recv-next"),
                            recv_ref(x, recv, recv->cursor), deadline);
    body = core_let1(arena, span, recv->message, next, body);
    Var **params = ARENA_NEW(arena, Var *), **loops = ARENA_NEW(arena, Var *);
    Core **lambdas = ARENA_NEW(arena, Core *);
    *params = recv->cursor;
    *loops = recv->scan;
    *lambdas = core_lambda(arena, span, x->procedure, 1, params, NULL, body);
    Core *call = core_call1(arena, span, recv_ref(x, recv, recv->scan), start);
    return core_letrec(arena, span, 1, loops, lambdas, call);
}

static bool is_after(Expander *x, const Datum *clause)
{
    if (list_length(clause) < 1) return false;
    if (!is_shadowed(x, car(clause), AUX_AFTER)) return is_auxiliary(x, car(clause), AUX_AFTER);
    expand_error(x, clause->span, "recv: this is no timeout, as `after` has another meaning here");
    note_binding(x, car(clause));
    return true;
}

/* All clauses but `after`, which is returned. */
static Datum *take_clauses(Expander *x, Datum *rest, Clauses *clauses)
{
    Datum *after = NULL;
    for (; is_pair(rest); rest = cdr(rest)) {
        if (after) expand_error(x, after->span, "recv: the `after` clause must be the last");
        after = is_after(x, car(rest)) ? car(rest) : NULL;
        if (after && is_nil(cdr(after))) {
            expand_error(x, after->span, "recv: the clause must be (after timeout body ...)");
            after = NULL;
            continue;
        }
        if (!after && check_clause(x, car(rest), "recv")) clauses->forms[clauses->count++] = car(rest);
    }
    return after;
}

Core *form_recv(Expander *x, Datum *form)
{
    long count = list_length(cdr(form));
    Span span = form->span;
    if (count == 0) {
        expand_error(x, span, "recv: a clause is needed");
        diag_note(x->diag, span, "the form is %s", forms_table[FORM_RECV].usage);
        return error_core(x, span);
    }
    RecvContext recv = {span, var_temp(x, "scan", span),    var_temp(x, "cursor", span),
                        NULL, var_temp(x, "message", span), var_temp(x, "here", span)};
    Clauses clauses = new_clauses(x, count, recv.message);
    clauses.wrap = recv_body;
    clauses.final = recv_again;
    clauses.context = &recv;
    Datum *after = take_clauses(x, cdr(form), &clauses);
    Core *linked = compile_clauses(&clauses);
    Core *start = recv_start(x, &recv, common_tag(&clauses));
    if (!after) return recv_loop(x, &recv, start, linked, NULL);
    recv.deadline = var_temp(x, "deadline", after->span);
    Core *deadline = core_prim1(x->arena, after->span, PRIM_DEADLINE, expand(x, cadr(after)));
    Core *after_body = clause_body(x, cddr(after), after->span);
    Core *loop = recv_loop(x, &recv, start, linked, after_body);
    return core_let1(x->arena, span, recv.deadline, deadline, loop);
}
