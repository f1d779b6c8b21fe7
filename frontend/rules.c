#include "frontend/rules.h"

#include "frontend/forms.h"

/* -- compiled form ---------------------------------------------------------- */

typedef enum PatternKind {
    PATTERN_ANY,      /* _ */
    PATTERN_VARIABLE, /* slot */
    PATTERN_LITERAL,  /* an identifier with the same meaning */
    PATTERN_DATUM,    /* equal? */
    PATTERN_NIL,
    PATTERN_PAIR,
    PATTERN_ELLIPSIS, /* sub ... tail */
    PATTERN_VECTOR,   /* its elements as a list */
} PatternKind;

typedef struct Pattern Pattern;
struct Pattern {
    PatternKind kind;
    union {
        uint32_t slot;
        Symbol *literal;
        Datum *datum;
        struct {
            Pattern *car, *cdr;
        } pair;
        struct {
            Pattern *sub, *tail;
            uint32_t n_tail;      /* pairs that the tail takes */
            uint32_t first, last; /* slots of sub: [first, last) */
        } ellipsis;
        Pattern *elements;
    } as;
};

typedef enum TemplateKind {
    TEMPLATE_CONSTANT,   /* no identifiers in it */
    TEMPLATE_IDENTIFIER, /* renamed afresh in each expansion */
    TEMPLATE_VARIABLE,
    TEMPLATE_PAIR,
    TEMPLATE_ELLIPSIS, /* sub ... rest */
    TEMPLATE_VECTOR,
} TemplateKind;

typedef struct Template Template;
struct Template {
    TemplateKind kind;
    union {
        Datum *datum;
        uint32_t index; /* of the identifier in the rule's, or of the use of a variable */
        struct {
            Template *car, *cdr;
        } pair;
        struct {
            Template *sub, *rest;
            uint32_t n_uses, *uses; /* of variables that it goes through */
        } ellipsis;
        Template *elements;
    } as;
};

/* An ellipsis of a pattern, with those around it. */
typedef struct PatternEllipsis PatternEllipsis;
struct PatternEllipsis {
    PatternEllipsis *outer;
    uint32_t depth; /* 1: none around it */
    uint32_t stamp; /* of the template's ellipsis for which it was marked (wrap_ellipsis) */
};

typedef struct PatternVariable {
    Symbol *name;
    PatternEllipsis *ellipsis; /* the innermost around it, or NULL */
} PatternVariable;

typedef struct Rule {
    Pattern *pattern;  /* of the operands */
    const Datum *text; /* of the pattern, for messages */
    Template *template;
    VEC(PatternVariable) variables; /* by slot */
    VEC(uint32_t) uses;             /* of variables in the template: their slots */
    VEC(Symbol *) identifiers;      /* that the template inserts */
} Rule;

struct Macro {
    Span span;
    Environment *environment; /* where it was written ... */
    uint32_t depth;           /* ... with so many scopes open */
    Symbol *ellipsis;         /* the custom one, or NULL */
    VEC(Symbol *) literals;
    VEC(Rule) rules;
    bool is_broken; /* a rule was wrong and was reported: uses are not errors */
};

/* What a variable matched: a datum, or one value per repetition. */
typedef struct Value Value;
struct Value {
    Datum *datum;
    uint32_t count;
    Value *items;
};

/* -- compiling patterns ----------------------------------------------------- */

typedef struct Compiler {
    Expander *x;
    Macro *macro;
    Rule *rule;
    uint32_t n_ellipses; /* of templates, so far */
    bool escaped;        /* inside (... template): the ellipsis means itself */
    bool failed;
} Compiler;

static void fail(Compiler *c, Span span, const char *text)
{
    if (!c->failed) expand_error(c->x, span, "syntax-rules: %s", text);
    c->failed = true;
    c->macro->is_broken = true;
}

static bool is_literal(const Macro *macro, const Symbol *name)
{
    for (size_t i = 0; i < macro->literals.count; i++)
        if (macro->literals.items[i] == name) return true;
    return false;
}

static bool is_ellipsis(const Compiler *c, const Datum *datum)
{
    if (!is_identifier(datum) || c->escaped) return false;
    if (is_literal(c->macro, datum->as.symbol)) return false;
    if (c->macro->ellipsis) return datum->as.symbol == c->macro->ellipsis;
    return is_auxiliary(c->x, datum, AUX_ELLIPSIS);
}

/* Is the list (a <ellipsis> ...)? */
static bool has_ellipsis(const Compiler *c, const Datum *list)
{
    return is_pair(cdr(list)) && is_ellipsis(c, cadr(list));
}

static Pattern *new_pattern(Compiler *c, PatternKind kind)
{
    Pattern *pattern = ARENA_NEW(c->x->arena, Pattern);
    pattern->kind = kind;
    return pattern;
}

static Pattern *compile_pattern(Compiler *c, Datum *datum, PatternEllipsis *around);

static Pattern *compile_variable(Compiler *c, const Datum *datum, PatternEllipsis *around)
{
    Symbol *name = datum->as.symbol;
    for (size_t i = 0; i < c->rule->variables.count; i++) {
        if (c->rule->variables.items[i].name != name) continue;
        fail(c, datum->span, arena_printf(c->x->arena, "pattern variable `%s` appears twice", name->text));
        break;
    }
    Pattern *pattern = new_pattern(c, PATTERN_VARIABLE);
    pattern->as.slot = (uint32_t)c->rule->variables.count;
    PatternVariable variable = {name, around};
    vec_push(c->x->arena, &c->rule->variables, variable);
    return pattern;
}

static Pattern *compile_identifier(Compiler *c, const Datum *datum, PatternEllipsis *around)
{
    if (is_literal(c->macro, datum->as.symbol)) {
        Pattern *pattern = new_pattern(c, PATTERN_LITERAL);
        pattern->as.literal = datum->as.symbol;
        return pattern;
    }
    if (is_ellipsis(c, datum)) fail(c, datum->span, "an ellipsis must follow a pattern");
    if (is_auxiliary(c->x, datum, AUX_UNDERSCORE)) return new_pattern(c, PATTERN_ANY);
    return compile_variable(c, datum, around);
}

static Pattern *compile_ellipsis(Compiler *c, const Datum *list, PatternEllipsis *around)
{
    Pattern *pattern = new_pattern(c, PATTERN_ELLIPSIS);
    PatternEllipsis *inner = ARENA_NEW(c->x->arena, PatternEllipsis);
    *inner = (PatternEllipsis){around, around ? around->depth + 1 : 1, 0};
    pattern->as.ellipsis.first = (uint32_t)c->rule->variables.count;
    pattern->as.ellipsis.sub = compile_pattern(c, car(list), inner);
    pattern->as.ellipsis.last = (uint32_t)c->rule->variables.count;
    Datum *tail = cddr(list);
    for (const Datum *rest = tail; is_pair(rest); rest = cdr(rest)) {
        pattern->as.ellipsis.n_tail++;
        if (is_ellipsis(c, car(rest))) fail(c, car(rest)->span, "a list pattern can have only one ellipsis");
    }
    pattern->as.ellipsis.tail = compile_pattern(c, tail, around);
    return pattern;
}

/* Along the list without recursion. */
static Pattern *compile_list(Compiler *c, Datum *list, PatternEllipsis *around)
{
    Pattern *first = NULL, **hole = &first;
    for (; is_pair(list) && !c->failed; list = cdr(list)) {
        if (has_ellipsis(c, list)) {
            *hole = compile_ellipsis(c, list, around);
            return first;
        }
        *hole = new_pattern(c, PATTERN_PAIR);
        (*hole)->as.pair.car = compile_pattern(c, car(list), around);
        hole = &(*hole)->as.pair.cdr;
    }
    *hole = c->failed ? new_pattern(c, PATTERN_NIL) : compile_pattern(c, list, around);
    return first;
}

static Pattern *compile_compound(Compiler *c, Datum *datum, PatternEllipsis *around)
{
    if (datum->kind == DATUM_VECTOR) {
        Pattern *pattern = new_pattern(c, PATTERN_VECTOR);
        pattern->as.elements = compile_pattern(c, syntax_vector_to_list(c->x->arena, datum), around);
        return pattern;
    }
    if (list_pairs(datum) >= 0) return compile_list(c, datum, around);
    fail(c, datum->span, "a pattern cannot be cyclic");
    return new_pattern(c, PATTERN_NIL);
}

static Pattern *compile_pattern(Compiler *c, Datum *datum, PatternEllipsis *around)
{
    switch (datum->kind) {
    case DATUM_SYMBOL: return compile_identifier(c, datum, around);
    case DATUM_NIL: return new_pattern(c, PATTERN_NIL);
    case DATUM_PAIR:
    case DATUM_VECTOR: {
        nest(c->x, datum->span);
        Pattern *pattern = compile_compound(c, datum, around);
        unnest(c->x);
        return pattern;
    }
    default: {
        Pattern *pattern = new_pattern(c, PATTERN_DATUM);
        pattern->as.datum = datum;
        return pattern;
    }
    }
}

/* -- compiling templates ---------------------------------------------------- */

static Template *new_template(Compiler *c, TemplateKind kind)
{
    Template *template = ARENA_NEW(c->x->arena, Template);
    template->kind = kind;
    return template;
}

/* A use of a variable, while the ellipses around it are compiled, innermost first. */
typedef struct Use {
    uint32_t index; /* in the rule's uses */
    PatternEllipsis
        *left; /* the innermost of the variable's that no ellipsis of the template goes through yet */
} Use;

typedef VEC(Use) UseVec;

/* `level`: ellipses around; the uses of variables are added to `used`. */
static Template *compile_template(Compiler *c, Datum *datum, uint32_t level, UseVec *used);

static Template *compile_inserted(Compiler *c, Symbol *name)
{
    Template *template = new_template(c, TEMPLATE_IDENTIFIER);
    size_t index = 0;
    while (index < c->rule->identifiers.count && c->rule->identifiers.items[index] != name)
        index++;
    if (index == c->rule->identifiers.count) vec_push(c->x->arena, &c->rule->identifiers, name);
    template->as.index = (uint32_t)index;
    return template;
}

static Template *compile_template_identifier(Compiler *c, const Datum *datum, uint32_t level, UseVec *used)
{
    for (uint32_t slot = 0; slot < c->rule->variables.count; slot++) {
        const PatternVariable *variable = &c->rule->variables.items[slot];
        if (variable->name != datum->as.symbol) continue;
        uint32_t depth = variable->ellipsis ? variable->ellipsis->depth : 0;
        if (depth > level)
            fail(c, datum->span,
                 arena_printf(c->x->arena, "`%s` needs %u ellips%s behind it in the template",
                              variable->name->text, depth, depth == 1 ? "is" : "es"));
        Template *template = new_template(c, TEMPLATE_VARIABLE);
        Use use = {(uint32_t)c->rule->uses.count, variable->ellipsis};
        template->as.index = use.index;
        vec_push(c->x->arena, &c->rule->uses, slot);
        vec_push(c->x->arena, used, use);
        return template;
    }
    if (is_ellipsis(c, datum)) fail(c, datum->span, "an ellipsis must follow a template");
    return compile_inserted(c, datum->as.symbol);
}

/* One ellipsis around `sub`. It goes through every variable in it that has an ellipsis of the pattern left, which is how a
 * variable with fewer ellipses in the pattern than in the template belongs to the innermost ones. But one that was
 * matched beside a deeper variable stays beside it: in ((x y ...) ...), the x of (((x y) ...) ...) belongs to the outer
 * ellipsis, as the pattern's ellipsis around x is around y, too, outside of the one that is gone through here. */
static Template *wrap_ellipsis(Compiler *c, Template *sub, UseVec *used, Span span)
{
    Template *template = new_template(c, TEMPLATE_ELLIPSIS);
    template->as.ellipsis.sub = sub;
    template->as.ellipsis.uses = ARENA_ARRAY(c->x->arena, uint32_t, used->count);
    uint32_t stamp = ++c->n_ellipses;
    for (size_t i = 0; i < used->count; i++)
        for (PatternEllipsis *e = used->items[i].left; e && e->outer; e = e->outer)
            e->outer->stamp = stamp;
    for (size_t i = 0; i < used->count; i++) {
        Use *use = &used->items[i];
        if (!use->left || use->left->stamp == stamp) continue;
        use->left = use->left->outer;
        template->as.ellipsis.uses[template->as.ellipsis.n_uses++] = use->index;
    }
    if (template->as.ellipsis.n_uses == 0) fail(c, span, "no variable before this ellipsis is one to repeat");
    return template;
}

/* (sub <ellipsis> <ellipsis> ... rest): several ellipses flatten. */
static Template *compile_template_ellipsis(Compiler *c, Datum *list, uint32_t level, UseVec *used,
                                           Datum **rest_out)
{
    Span span = cadr(list)->span;
    Datum *rest = cdr(list);
    uint32_t n_ellipses = 0;
    for (; is_pair(rest) && is_ellipsis(c, car(rest)); rest = cdr(rest))
        n_ellipses++;
    UseVec inner = {0};
    Template *template = compile_template(c, car(list), level + n_ellipses, &inner);
    for (uint32_t i = n_ellipses; i > 0; i--) {
        template = wrap_ellipsis(c, template, &inner, span);
        template->as.ellipsis.rest = NULL;
    }
    for (size_t i = 0; i < inner.count; i++)
        vec_push(c->x->arena, used, inner.items[i]);
    *rest_out = rest;
    return template;
}

static Template *compile_template_list(Compiler *c, Datum *list, uint32_t level, UseVec *used)
{
    Template *first = NULL, **hole = &first;
    while (is_pair(list) && !c->failed) {
        if (has_ellipsis(c, list)) {
            *hole = compile_template_ellipsis(c, list, level, used, &list);
            hole = &(*hole)->as.ellipsis.rest;
            continue;
        }
        *hole = new_template(c, TEMPLATE_PAIR);
        (*hole)->as.pair.car = compile_template(c, car(list), level, used);
        hole = &(*hole)->as.pair.cdr;
        list = cdr(list);
    }
    *hole = c->failed ? new_template(c, TEMPLATE_CONSTANT) : compile_template(c, list, level, used);
    return first;
}

/* (<ellipsis> template): the ellipsis stands for itself inside. */
static Template *compile_escape(Compiler *c, Datum *datum, uint32_t level, UseVec *used)
{
    if (list_length(datum) != 2) {
        fail(c, datum->span, "an ellipsis at the head of a list must be (... template)");
        return new_template(c, TEMPLATE_CONSTANT);
    }
    c->escaped = true;
    Template *template = compile_template(c, cadr(datum), level, used);
    c->escaped = false;
    return template;
}

static Template *compile_template_compound(Compiler *c, Datum *datum, uint32_t level, UseVec *used)
{
    if (datum->kind == DATUM_VECTOR) {
        Template *template = new_template(c, TEMPLATE_VECTOR);
        template->as.elements = compile_template(c, syntax_vector_to_list(c->x->arena, datum), level, used);
        return template;
    }
    if (is_ellipsis(c, car(datum))) return compile_escape(c, datum, level, used);
    if (list_pairs(datum) >= 0) return compile_template_list(c, datum, level, used);
    fail(c, datum->span, "a template cannot be cyclic");
    return new_template(c, TEMPLATE_CONSTANT);
}

static Template *compile_template(Compiler *c, Datum *datum, uint32_t level, UseVec *used)
{
    if (datum->kind == DATUM_SYMBOL) return compile_template_identifier(c, datum, level, used);
    if (datum->kind == DATUM_PAIR || datum->kind == DATUM_VECTOR) {
        nest(c->x, datum->span);
        Template *template = compile_template_compound(c, datum, level, used);
        unnest(c->x);
        return template;
    }
    Template *template = new_template(c, TEMPLATE_CONSTANT);
    template->as.datum = datum;
    return template;
}

/* -- compiling macros ------------------------------------------------------- */

static void compile_rule(Compiler *c, Datum *datum)
{
    if (list_length(datum) != 2 || !is_pair(car(datum))) {
        fail(c, datum->span, "a rule must be ((_ pattern ...) template)");
        return;
    }
    Rule rule = {0};
    c->rule = &rule;
    rule.text = cdr(car(datum));
    rule.pattern = compile_pattern(c, cdr(car(datum)), NULL); /* the keyword itself is ignored */
    UseVec used = {0};
    rule.template = compile_template(c, cadr(datum), 0, &used);
    if (!c->failed) vec_push(c->x->arena, &c->macro->rules, rule);
}

static bool compile_literals(Compiler *c, Datum *list)
{
    if (list_length(list) < 0) {
        fail(c, list->span, "a list of literals is needed here");
        return false;
    }
    for (; is_pair(list); list = cdr(list)) {
        if (is_identifier(car(list)))
            vec_push(c->x->arena, &c->macro->literals, car(list)->as.symbol);
        else
            fail(c, car(list)->span, "a literal must be an identifier");
    }
    return !c->failed;
}

/* (syntax-rules [ellipsis] (literal ...) rule ...) */
static Macro *compile_syntax_rules(Expander *x, Datum *transformer)
{
    Macro *macro = ARENA_NEW(x->arena, Macro);
    macro->span = transformer->span;
    macro->environment = x->scopes.top;
    macro->depth = x->scopes.depth;
    Compiler c = {.x = x, .macro = macro};
    Datum *rest = cdr(transformer);
    if (is_pair(rest) && is_identifier(car(rest))) {
        macro->ellipsis = car(rest)->as.symbol;
        rest = cdr(rest);
    }
    if (!is_pair(rest))
        fail(&c, transformer->span, "a list of literals is needed");
    else if (compile_literals(&c, car(rest)))
        for (rest = cdr(rest); is_pair(rest); rest = cdr(rest)) {
            c.failed = false;
            compile_rule(&c, car(rest));
        }
    return macro;
}

static bool is_syntax_rules(Expander *x, const Datum *transformer)
{
    return is_pair(transformer) && is_auxiliary(x, car(transformer), AUX_SYNTAX_RULES);
}

static Binding *bind_transformer(Expander *x, Datum *transformer)
{
    const Binding *head;
    while ((head = head_binding(x, transformer)) && head->kind == BIND_MACRO) {
        transformer = expand_macro_use(x, transformer, head); /* a macro that makes transformers */
        if (!transformer) return NULL;
    }
    if (is_syntax_rules(x, transformer) && list_length(transformer) >= 0) {
        Binding *binding = binding_new(x->arena, BIND_MACRO, transformer->span);
        binding->as.macro = compile_syntax_rules(x, transformer);
        return binding;
    }
    Binding *other = is_identifier(transformer) ? scope_lookup(&x->scopes, transformer->as.symbol) : NULL;
    if (other && (other->kind == BIND_MACRO || other->kind == BIND_FORM || other->kind == BIND_AUXILIARY)) {
        Binding *binding = ARENA_NEW(x->arena, Binding);
        *binding = *other;
        return binding;
    }
    expand_error(x, transformer->span,
                 "a transformer must be (syntax-rules (literal ...) (pattern template) ...)");
    return NULL;
}

Binding *macro_bind(Expander *x, Datum *transformer)
{
    const Expansion *outer = x->expansion;
    Binding *binding = bind_transformer(x, transformer);
    x->expansion = outer;
    return binding;
}

/* -- matching --------------------------------------------------------------- */

static bool match(Expander *x, const Macro *macro, const Pattern *pattern, Datum *form, Value *values);

static bool match_ellipsis(Expander *x, const Macro *macro, const Pattern *pattern, Datum **form,
                           Value *values)
{
    long n_pairs = list_pairs(*form);
    uint32_t first = pattern->as.ellipsis.first, last = pattern->as.ellipsis.last;
    if (n_pairs < (long)pattern->as.ellipsis.n_tail) return false;
    uint32_t count = (uint32_t)n_pairs - pattern->as.ellipsis.n_tail;
    for (uint32_t slot = first; slot < last; slot++) {
        values[slot].count = count;
        values[slot].items = ARENA_ARRAY(x->arena, Value, count);
    }
    uint32_t n_slots = last - first;
    Value *items = ARENA_ARRAY(x->arena, Value, last);
    for (uint32_t i = 0; i < count; i++, *form = cdr(*form)) {
        if (!match(x, macro, pattern->as.ellipsis.sub, car(*form), items)) return false;
        for (uint32_t slot = first; slot < first + n_slots; slot++)
            values[slot].items[i] = items[slot];
    }
    return true;
}

static bool match(Expander *x, const Macro *macro, const Pattern *pattern, Datum *form, Value *values)
{
    for (;;) {
        switch (pattern->kind) {
        case PATTERN_ANY: return true;
        case PATTERN_VARIABLE: values[pattern->as.slot] = (Value){.datum = form}; return true;
        case PATTERN_LITERAL:
            return is_identifier(form) &&
                   same_meaning(x, pattern->as.literal, macro->environment, macro->depth, form->as.symbol);
        case PATTERN_DATUM: return datum_equal(pattern->as.datum, form);
        case PATTERN_NIL: return is_nil(form);
        case PATTERN_PAIR:
            if (!is_pair(form) || !match(x, macro, pattern->as.pair.car, car(form), values)) return false;
            pattern = pattern->as.pair.cdr;
            form = cdr(form);
            continue;
        case PATTERN_ELLIPSIS:
            if (!match_ellipsis(x, macro, pattern, &form, values)) return false;
            pattern = pattern->as.ellipsis.tail;
            continue;
        case PATTERN_VECTOR:
            if (form->kind != DATUM_VECTOR) return false;
            pattern = pattern->as.elements;
            form = syntax_vector_to_list(x->arena, form);
            continue;
        }
    }
}

/* -- instantiation ---------------------------------------------------------- */

typedef struct Instance {
    Expander *x;
    const Macro *macro;
    const Rule *rule;
    Span span;        /* of the macro use: what the template inserts is there */
    Value *values;    /* by use of a variable; inside an ellipsis those of the present repetition */
    Datum **inserted; /* the fresh aliases, by identifier; made when needed */
    bool failed;
} Instance;

static Datum *instantiate(Instance *in, const Template *template);

static Datum *inserted_identifier(Instance *in, uint32_t index)
{
    if (!in->inserted[index]) {
        Symbol *name = in->rule->identifiers.items[index];
        Symbol *alias = alias_new(in->x->arena, name, in->macro->environment, in->macro->depth);
        in->inserted[index] = syntax_symbol(in->x->arena, in->span, alias);
    }
    return in->inserted[index];
}

static void spend_node(Instance *in)
{
    if (in->x->nodes-- > 0) return;
    expand_error(in->x, in->span, "macro expansion makes too much text");
    diag_stop(in->x->diag);
}

static Datum **add_element(Instance *in, Datum **hole, Datum *element)
{
    spend_node(in);
    *hole = syntax_pair(in->x->arena, in->span, element, NULL);
    return &(*hole)->as.pair.cdr;
}

static const char *name_of_use(const Rule *rule, uint32_t use)
{
    return rule->variables.items[rule->uses.items[use]].name->text;
}

static uint32_t repetitions(Instance *in, const Template *template, const Value *values)
{
    uint32_t count = values[0].count;
    for (uint32_t i = 1; i < template->as.ellipsis.n_uses && !in->failed; i++) {
        if (values[i].count == count) continue;
        expand_error(in->x, in->span, "the sequences matched by `%s` and `%s` have different lengths",
                     name_of_use(in->rule, template->as.ellipsis.uses[0]),
                     name_of_use(in->rule, template->as.ellipsis.uses[i]));
        in->failed = true;
    }
    return in->failed ? 0 : count;
}

/* Adds the repetitions to the list that ends at `hole`; the place behind them. */
static Datum **instantiate_ellipsis(Instance *in, const Template *template, Datum **hole)
{
    uint32_t n_uses = template->as.ellipsis.n_uses;
    const uint32_t *uses = template->as.ellipsis.uses;
    const Template *sub = template->as.ellipsis.sub;
    Value *outer = ARENA_ARRAY(in->x->arena, Value, n_uses);
    for (uint32_t i = 0; i < n_uses; i++)
        outer[i] = in->values[uses[i]];
    uint32_t count = repetitions(in, template, outer);
    for (uint32_t repetition = 0; repetition < count && !in->failed; repetition++) {
        for (uint32_t i = 0; i < n_uses; i++)
            in->values[uses[i]] = outer[i].items[repetition];
        bool is_flattened = sub->kind == TEMPLATE_ELLIPSIS && !sub->as.ellipsis.rest;
        hole =
            is_flattened ? instantiate_ellipsis(in, sub, hole) : add_element(in, hole, instantiate(in, sub));
    }
    for (uint32_t i = 0; i < n_uses; i++)
        in->values[uses[i]] = outer[i];
    return hole;
}

static Datum *instantiate_list(Instance *in, const Template *template)
{
    Datum *first = NULL, **hole = &first;
    for (;;) {
        if (template->kind == TEMPLATE_PAIR) {
            hole = add_element(in, hole, instantiate(in, template->as.pair.car));
            template = template->as.pair.cdr;
        } else if (template->kind == TEMPLATE_ELLIPSIS) {
            hole = instantiate_ellipsis(in, template, hole);
            template = template->as.ellipsis.rest;
        } else {
            *hole = instantiate(in, template);
            return first;
        }
    }
}

static Datum *instantiate(Instance *in, const Template *template)
{
    switch (template->kind) {
    case TEMPLATE_CONSTANT: return template->as.datum;
    case TEMPLATE_IDENTIFIER: return inserted_identifier(in, template->as.index);
    case TEMPLATE_VARIABLE: return in->values[template->as.index].datum;
    case TEMPLATE_PAIR:
    case TEMPLATE_ELLIPSIS: return instantiate_list(in, template);
    case TEMPLATE_VECTOR: {
        Datum *list = instantiate(in, template->as.elements);
        return in->failed ? list : syntax_list_to_vector(in->x->arena, in->span, list);
    }
    }
    ICE("template of kind %d", (int)template->kind);
}

static Datum *apply_rule(Expander *x, const Macro *macro, const Rule *rule, Datum *form, Value *values)
{
    Instance in = {.x = x, .macro = macro, .rule = rule, .span = form->span};
    in.values = ARENA_ARRAY(x->arena, Value, rule->uses.count);
    for (size_t i = 0; i < rule->uses.count; i++)
        in.values[i] = values[rule->uses.items[i]];
    in.inserted = ARENA_ARRAY(x->arena, Datum *, rule->identifiers.count);
    Datum *result = instantiate(&in, rule->template);
    return in.failed ? NULL : result;
}

#define MOST_PATTERNS 6 /* that a message shows */

/* The rule's pattern as a use of the macro. */
static const char *pattern_text(Expander *x, const Rule *rule, Datum *keyword)
{
    Datum *pattern = syntax_pair(x->arena, keyword->span, keyword, (Datum *)rule->text);
    return datum_brief(x, syntax_strip(x->arena, pattern));
}

static void report_no_match(Expander *x, const Macro *macro, Datum *form)
{
    expand_error(x, form->span, "no rule of the macro `%s` matches this use: %s", car(form)->as.symbol->text,
                 datum_brief(x, syntax_strip(x->arena, form)));
    const char *patterns = "";
    for (size_t i = 0; i < macro->rules.count && i < MOST_PATTERNS; i++)
        patterns = arena_printf(x->arena, "%s%s %s", patterns, i ? "," : "",
                                pattern_text(x, &macro->rules.items[i], car(form)));
    if (macro->rules.count == 0) patterns = " none";
    if (macro->rules.count > MOST_PATTERNS) patterns = arena_printf(x->arena, "%s, ...", patterns);
    diag_note(x->diag, macro->span, "the macro is defined here; its patterns:%s", patterns);
}

Span macro_span(const Macro *macro) { return macro->span; }

Datum *macro_expand(Expander *x, Macro *macro, Datum *form)
{
    for (size_t i = 0; i < macro->rules.count; i++) {
        const Rule *rule = &macro->rules.items[i];
        Value *values = ARENA_ARRAY(x->arena, Value, rule->variables.count);
        if (match(x, macro, rule->pattern, cdr(form), values))
            return apply_rule(x, macro, rule, form, values);
    }
    if (!macro->is_broken) report_no_match(x, macro, form);
    return NULL;
}
