/* define-record-type, and define-termite-type: records whose fields change. */
#include "frontend/forms.h"

#include <string.h>

/* Of accessors' bodies: a report of their failure shows the call. */
#define NO_PLACE ((Span){0})

/* -- define-record-type ----------------------------------------------------- */

typedef struct Record {
    Symbol *name;
    Target type;
    RecordInfo *info;
    Datum **fields; /* `field` or `(field accessor)` */
} Record;

static const Datum *field_identifier(const Datum *field) { return is_pair(field) ? car(field) : field; }

static bool check_field(Expander *x, const Datum *field)
{
    if (is_identifier(field)) return true;
    long length = list_length(field);
    if (length == 3) {
        expand_error(x, field->span, "a record field cannot have a modifier: data is immutable in Termite");
        diag_note(x->diag, field->span,
                  "make a new record instead, or keep changing state in a process "
                  "(`make-cell`)");
        return false;
    }
    if ((length == 1 || length == 2) && is_identifier(car(field)) &&
        (length == 1 || is_identifier(cadr(field))))
        return true;
    expand_error(x, field->span, "define-record-type: a field must be (field accessor)");
    return false;
}

static long field_index(const RecordInfo *info, const Symbol *name)
{
    for (uint32_t i = 0; i < info->n_fields; i++)
        if (info->fields[i] == name) return i;
    return -1;
}

static void report_second_field(Expander *x, const Datum *second, const Datum *first)
{
    expand_error(x, second->span, "field `%s` appears twice in the record", second->as.symbol->text);
    diag_note(x->diag, first->span, "the first one is here");
}

/* Fields are compared as identifiers: two of one spelling, of which a macro made one, are two fields. */
static bool add_field(Expander *x, const Record *record, uint32_t index, Datum *field)
{
    const Datum *name = field_identifier(field);
    long first = field_index(record->info, name->as.symbol);
    record->fields[index] = field;
    record->info->fields[index] = name->as.symbol;
    if (first < 0) return true;
    report_second_field(x, name, field_identifier(record->fields[first]));
    return false;
}

static bool parse_fields(Expander *x, Datum *list, Record *record)
{
    long count = list_length(list);
    record->fields = ARENA_ARRAY(x->arena, Datum *, count);
    record->info = ARENA_NEW(x->arena, RecordInfo);
    record->info->n_fields = (uint32_t)count;
    record->info->fields = ARENA_ARRAY(x->arena, Symbol *, count);
    bool ok = true;
    for (long i = 0; i < count; i++, list = cdr(list))
        ok &= check_field(x, car(list)) && add_field(x, record, (uint32_t)i, car(list));
    return ok;
}

/* What records of the type print as: <point> is called point. */
static Symbol *printed_name(Expander *x, Symbol *name)
{
    size_t length = name->length;
    if (length < 3 || name->text[0] != '<' || name->text[length - 1] != '>') return name;
    return symbols_intern(x->compilation->symbols, name->text + 1, length - 2);
}

/* The same on every node that runs the program: where the type is defined, its
 * name and fields, and a number if a macro defines several alike. */
static const char *record_uid(Expander *x, const Record *record)
{
    Arena *arena = x->arena;
    const char *uid = arena_printf(arena, "%s:%s", x->scopes.top->module, record->name->text);
    for (uint32_t i = 0; i < record->info->n_fields; i++)
        uid = arena_printf(arena, "%s %s", uid, record->info->fields[i]->text);
    Symbol *key = symbol_of(x->compilation->symbols, uid);
    size_t n_before = (size_t)map_get(x->record_uids, key);
    map_set(x->record_uids, key, (void *)(n_before + 1));
    return n_before ? arena_printf(arena, "%s #%zu", uid, n_before + 1) : uid;
}

static Core *record_type(Expander *x, const Record *record, Span span)
{
    Arena *arena = x->arena;
    Datum *fields = syntax_nil(arena, span);
    for (uint32_t i = record->info->n_fields; i-- > 0;)
        fields = syntax_pair(arena, span, syntax_symbol(arena, span, symbol_base(record->info->fields[i])),
                             fields);
    /* A type of a body is a new one each time. */
    Core *identity = record->type.global
                         ? core_const(arena, span, syntax_string(arena, span, record_uid(x, record)))
                         : core_boolean(arena, span, false);
    return core_prim3(arena, span, PRIM_MAKE_RTD,
                      core_const(arena, span, syntax_symbol(arena, span, printed_name(x, record->name))),
                      core_const(arena, span, fields), identity);
}

static void add_record_procedure(Expander *x, Body *body, const Datum *name, Core *lambda)
{
    Target target = body_define(x, body, name);
    lambda->as.lambda.name = target.name;
    if (target.global) target.global->is_inline = true;
    body_add(x, body, (Item){ITEM_READY, name->span, target, .core = lambda});
}

/* `(name field ...)`: fields that are not named hold #f. */
static void add_constructor(Expander *x, Body *body, const Record *record, Datum *spec)
{
    Arena *arena = x->arena;
    Span span = spec->span;
    uint32_t n_fields = record->info->n_fields;
    uint32_t n_params = is_pair(spec) ? (uint32_t)list_length(cdr(spec)) : n_fields;
    Var **params = ARENA_ARRAY(arena, Var *, n_params);
    Core **args = ARENA_ARRAY(arena, Core *, n_fields + 1);
    args[0] = target_ref(x, span, record->type);
    for (uint32_t i = 0; i < n_fields; i++)
        args[i + 1] = core_boolean(arena, span, false);
    const Datum **named =
        ARENA_ARRAY(arena, const Datum *, n_fields); /* where the constructor names the field */
    const Datum *rest = is_pair(spec) ? cdr(spec) : NULL;
    for (uint32_t i = 0; i < n_params; i++) {
        const Datum *name = rest ? car(rest) : field_identifier(record->fields[i]);
        long index = field_index(record->info, name->as.symbol);
        if (index < 0) {
            expand_error(x, name->span, "define-record-type: `%s` is not a field of the record",
                         name->as.symbol->text);
            return;
        }
        if (named[index]) report_second_field(x, name, named[index]);
        named[index] = name;
        params[i] = var_new(x, symbol_base(name->as.symbol), span);
        args[index + 1] = core_local(arena, span, params[i]);
        if (rest) rest = cdr(rest);
    }
    Core *value = core_prim_n(arena, span, PRIM_RECORD, n_fields + 1, args);
    add_record_procedure(x, body, is_pair(spec) ? car(spec) : spec,
                         core_lambda(arena, span, NULL, n_params, params, NULL, value));
}

/* A procedure of one record: body(record, type). */
static Core *record_lambda(Expander *x, const Record *record, PrimId prim, long index)
{
    Span span = NO_PLACE;
    Arena *arena = x->arena;
    Var **params = ARENA_NEW(arena, Var *);
    *params = var_temp(x, "record", span);
    Core *object = core_local(arena, span, *params);
    Core *type = target_ref(x, span, record->type);
    Core *value = prim == PRIM_RECORDP
                      ? core_prim2(arena, span, prim, object, type)
                      : core_prim3(arena, span, prim, object, type, core_integer(arena, span, index));
    return core_lambda(arena, span, NULL, 1, params, NULL, value);
}

static void add_accessors(Expander *x, Body *body, const Record *record)
{
    for (uint32_t i = 0; i < record->info->n_fields; i++) {
        const Datum *field = record->fields[i];
        if (!is_pair(field) || is_nil(cdr(field))) continue;
        add_record_procedure(x, body, cadr(field), record_lambda(x, record, PRIM_RECORD_REF, i));
    }
}

static bool is_identifier_list(const Datum *list)
{
    if (list_length(list) < 0) return false;
    for (; is_pair(list); list = cdr(list))
        if (!is_identifier(car(list))) return false;
    return true;
}

static bool is_false(const Datum *datum) { return datum->kind == DATUM_BOOLEAN && !datum->as.boolean; }

static bool check_record_head(Expander *x, Datum *form, const Datum *name, const Datum *maker,
                              const Datum *predicate)
{
    if (!is_identifier(name))
        expand_error(x, name->span, "define-record-type: the name must be an identifier");
    else if (!is_identifier(maker) && !is_false(maker) && !(is_pair(maker) && is_identifier_list(maker)))
        expand_error(x, maker->span, "define-record-type: the constructor must be (name field ...)");
    else if (!is_identifier(predicate) && !is_false(predicate))
        expand_error(x, predicate->span, "define-record-type: the predicate must be an identifier");
    else
        return true;
    diag_note(x->diag, form->span, "the form is %s", forms_table[FORM_DEFINE_RECORD].usage);
    return false;
}

static void mark_record_type(Expander *x, const Body *body, const Datum *name, RecordInfo *info)
{
    Binding *binding = body->is_top ? scope_find_top(&x->scopes, x->scopes.top, name->as.symbol)
                                    : scope_find_innermost(&x->scopes, name->as.symbol);
    if (binding) binding->record = info;
}

/* The `name` of (name) or (name #f), as other systems write a type without a parent; NULL and an error for
 * anything more. */
static Datum *plain_name(Expander *x, Datum *spec)
{
    if (is_nil(cdr(spec)) || (list_length(spec) == 2 && is_false(cadr(spec)))) return car(spec);
    expand_error(x, spec->span, "define-record-type: a record type has no parent and no options here");
    return NULL;
}

void define_record(Expander *x, Body *body, Datum *form)
{
    Datum *name = cadr(form), *maker = car(cddr(form)), *predicate = cadr(cddr(form));
    if (is_pair(name) && !(name = plain_name(x, name))) return;
    Record record = {0};
    if (!check_record_head(x, form, name, maker, predicate)) return;
    if (!parse_fields(x, cddr(cddr(form)), &record)) return;
    record.name = symbol_base(name->as.symbol);
    record.type = body_define(x, body, name);
    mark_record_type(x, body, name, record.info);
    body_add(x, body,
             (Item){ITEM_READY, form->span, record.type, .core = record_type(x, &record, form->span)});
    if (!is_false(maker)) add_constructor(x, body, &record, maker);
    if (!is_false(predicate))
        add_record_procedure(x, body, predicate, record_lambda(x, &record, PRIM_RECORDP, 0));
    add_accessors(x, body, &record);
}

/* -- define-termite-type ---------------------------------------------------- */

/* (define-termite-type type [id: tag] field ...): a record that holds the pid of a
 * process (lib-scm/object.scm), which keeps the fields. Defines make-type, type?, and type-field
 * and type-field-set! for each field. */

static Datum *derived_name(Expander *x, const Datum *like, const char *format, const char *a, const char *b)
{
    Symbol *symbol = symbol_of(x->compilation->symbols, arena_printf(x->arena, format, a, b));
    return syntax_symbol(x->arena, like->span, symbol);
}

/* A call of %object-ref or %object-set!, for the accessor that is called `name`. */
static Core *object_call(Expander *x, const Record *record, Span span, const char *procedure,
                         const Datum *name, uint32_t n_params, Var **params, long index)
{
    Arena *arena = x->arena;
    Core **args = ARENA_ARRAY(arena, Core *, 5);
    args[0] = core_const(arena, span, syntax_string(arena, span, symbol_base(name->as.symbol)->text));
    args[1] = core_local(arena, span, params[0]);
    args[2] = target_ref(x, span, record->type);
    args[3] = core_integer(arena, span, index);
    if (n_params == 2) args[4] = core_local(arena, span, params[1]);
    return core_call(arena, span, expand_library_ref(x, span, procedure), n_params + 3, args);
}

static Core *object_maker(Expander *x, const Record *record, Span span)
{
    Arena *arena = x->arena;
    uint32_t n_fields = record->info->n_fields;
    Var **params = ARENA_ARRAY(arena, Var *, n_fields);
    Core *fields = core_nil(arena, span);
    for (uint32_t i = 0; i < n_fields; i++)
        params[i] = var_new(x, symbol_base(record->info->fields[i]), span);
    for (uint32_t i = n_fields; i-- > 0;)
        fields = core_prim2(arena, span, PRIM_CONS, core_local(arena, span, params[i]), fields);
    Core **args = ARENA_ARRAY(arena, Core *, 2);
    args[0] = target_ref(x, span, record->type);
    args[1] = core_call1(arena, span, expand_library_ref(x, span, "%make-object"), fields);
    return core_lambda(arena, span, NULL, n_fields, params, NULL,
                       core_prim_n(arena, span, PRIM_RECORD, 2, args));
}

static Core *object_getter(Expander *x, const Record *record, const Datum *name, long index)
{
    Var **params = ARENA_NEW(x->arena, Var *);
    *params = var_temp(x, "object", name->span);
    Core *value = object_call(x, record, NO_PLACE, "%object-ref", name, 1, params, index);
    return core_lambda(x->arena, NO_PLACE, NULL, 1, params, NULL, value);
}

static Core *object_setter(Expander *x, const Record *record, const Datum *name, long index)
{
    Var **params = ARENA_ARRAY(x->arena, Var *, 2);
    params[0] = var_temp(x, "object", name->span);
    params[1] = var_temp(x, "value", name->span);
    Core *call = object_call(x, record, NO_PLACE, "%object-set!", name, 2, params, index);
    return core_lambda(x->arena, NO_PLACE, NULL, 2, params, NULL, call);
}

static Core *object_type(Expander *x, const Record *record, Span span, const Datum *tag)
{
    Arena *arena = x->arena;
    const char *uid = tag ? tag->as.symbol->text : record_uid(x, record);
    Datum *fields =
        syntax_pair(arena, span, syntax_symbol(arena, span, symbol_of(x->compilation->symbols, "pid")),
                    syntax_nil(arena, span));
    return core_prim3(
        arena, span, PRIM_MAKE_RTD, core_const(arena, span, syntax_symbol(arena, span, record->name)),
        core_const(arena, span, fields), core_const(arena, span, syntax_string(arena, span, uid)));
}

void define_termite_type(Expander *x, Body *body, Datum *form)
{
    const Datum *name = cadr(form), *tag = NULL;
    Datum *fields = cddr(form);
    if (list_length(fields) >= 2 && is_spelled(car(fields), "id:")) {
        tag = cadr(fields);
        fields = cddr(fields);
    }
    Record record = {0};
    if (!is_identifier(name) || (tag && !is_identifier(tag)) || !is_identifier_list(fields)) {
        expand_error(x, form->span, "define-termite-type: the names must be identifiers");
        diag_note(x->diag, form->span, "the form is %s", forms_table[FORM_DEFINE_TERMITE_TYPE].usage);
        return;
    }
    if (!parse_fields(x, fields, &record)) return;
    Span span = form->span;
    record.name = symbol_base(name->as.symbol);
    record.type = body_define_hidden(x, body, record.name, span);
    body_add(x, body, (Item){ITEM_READY, span, record.type, .core = object_type(x, &record, span, tag)});
    const char *type = record.name->text;
    add_record_procedure(x, body, derived_name(x, name, "make-%s%s", type, ""),
                         object_maker(x, &record, span));
    add_record_procedure(x, body, derived_name(x, name, "%s%s", type, "?"),
                         record_lambda(x, &record, PRIM_RECORDP, 0));
    for (uint32_t i = 0; i < record.info->n_fields; i++) {
        const Datum *field = record.fields[i];
        const char *text = record.info->fields[i]->text;
        Datum *getter = derived_name(x, field, "%s-%s", type, text);
        Datum *setter = derived_name(x, field, "%s-%s-set!", type, text);
        add_record_procedure(x, body, getter, object_getter(x, &record, getter, i));
        add_record_procedure(x, body, setter, object_setter(x, &record, setter, i));
    }
}
