#include "frontend/scope.h"

struct LocalEntry {
    LocalEntry *outer;
    uint32_t depth;
    Symbol *name;
    Binding *binding;
};

struct TopEntry {
    TopEntry *next;
    const Environment *environment;
    Binding *binding;
    bool is_import;
};

Environment *environment_new(Arena *arena, const char *module, Environment *fallback)
{
    Environment *environment = ARENA_NEW(arena, Environment);
    environment->module = module;
    environment->fallback = fallback;
    return environment;
}

Binding *binding_new(Arena *arena, BindingKind kind, Span span)
{
    Binding *binding = ARENA_NEW(arena, Binding);
    binding->kind = kind;
    binding->span = span;
    return binding;
}

static void grow_infos(Scopes *scopes, size_t index)
{
    size_t n_infos = scopes->n_infos ? scopes->n_infos : 1024;
    while (n_infos <= index)
        n_infos *= 2;
    IdentifierInfo *infos = ARENA_ARRAY(scopes->arena, IdentifierInfo, n_infos);
    if (scopes->n_infos) memcpy(infos, scopes->infos, scopes->n_infos * sizeof *infos);
    /* Scopes that are open point into the old array. */
    for (size_t i = 0; i < scopes->bound.count; i++) {
        IdentifierInfo *info = scopes->bound.items[i];
        if (scopes->n_infos && info >= scopes->infos && info < scopes->infos + scopes->n_infos)
            scopes->bound.items[i] = infos + (info - scopes->infos);
    }
    scopes->infos = infos;
    scopes->n_infos = n_infos;
}

static IdentifierInfo *info_of(Scopes *scopes, Symbol *identifier)
{
    Alias *alias = symbol_alias(identifier);
    if (alias) return &alias->info;
    if (identifier->index >= scopes->n_infos) grow_infos(scopes, identifier->index);
    return &scopes->infos[identifier->index];
}

ScopeMark scope_enter(Scopes *scopes)
{
    scopes->depth++;
    return (ScopeMark){scopes->bound.count};
}

void scope_leave(Scopes *scopes, ScopeMark mark)
{
    while (scopes->bound.count > mark.n_bound) {
        IdentifierInfo *info = vec_pop(&scopes->bound);
        info->local = info->local->outer;
    }
    scopes->depth--;
}

Binding *scope_find_innermost(Scopes *scopes, Symbol *identifier)
{
    const LocalEntry *entry = info_of(scopes, identifier)->local;
    return entry && entry->depth == scopes->depth ? entry->binding : NULL;
}

bool scope_bind(Scopes *scopes, Symbol *identifier, Binding *binding)
{
    if (scope_find_innermost(scopes, identifier)) return false;
    IdentifierInfo *info = info_of(scopes, identifier);
    LocalEntry *entry = ARENA_NEW(scopes->arena, LocalEntry);
    *entry = (LocalEntry){info->local, scopes->depth, identifier, binding};
    info->local = entry;
    vec_push(scopes->arena, &scopes->bound, info);
    return true;
}

static TopEntry *find_top_entry(const IdentifierInfo *info, const Environment *environment)
{
    for (TopEntry *entry = info->top; entry; entry = entry->next)
        if (entry->environment == environment) return entry;
    return NULL;
}

static void bind_top(Scopes *scopes, Environment *environment, Symbol *identifier, Binding *binding,
                     bool is_import)
{
    IdentifierInfo *info = info_of(scopes, identifier);
    TopEntry *entry = find_top_entry(info, environment);
    if (!entry) {
        entry = ARENA_NEW(scopes->arena, TopEntry);
        entry->next = info->top;
        entry->environment = environment;
        info->top = entry;
        vec_push(scopes->arena, &environment->names, identifier);
    }
    entry->binding = binding;
    entry->is_import = is_import;
}

void scope_bind_top(Scopes *scopes, Environment *environment, Symbol *identifier, Binding *binding)
{
    bind_top(scopes, environment, identifier, binding, false);
}

void scope_bind_import(Scopes *scopes, Environment *environment, Symbol *identifier, Binding *binding)
{
    bind_top(scopes, environment, identifier, binding, true);
}

Binding *scope_find_top(Scopes *scopes, const Environment *environment, Symbol *identifier)
{
    TopEntry *entry = find_top_entry(info_of(scopes, identifier), environment);
    return entry ? entry->binding : NULL;
}

Binding *scope_find_own(Scopes *scopes, const Environment *environment, Symbol *identifier)
{
    TopEntry *entry = find_top_entry(info_of(scopes, identifier), environment);
    return entry && !entry->is_import ? entry->binding : NULL;
}

static Binding *find_through_fallback(Scopes *scopes, Symbol *symbol, const Environment *environment)
{
    const IdentifierInfo *info = info_of(scopes, symbol);
    for (; environment; environment = environment->fallback) {
        TopEntry *entry = find_top_entry(info, environment);
        if (entry) return entry->binding;
        if (symbol->text[0] == '%') return NULL;
    }
    return NULL;
}

Binding *scope_lookup_at(Scopes *scopes, Symbol *identifier, Environment *environment, uint32_t depth)
{
    for (;;) {
        const LocalEntry *entry = info_of(scopes, identifier)->local;
        while (entry && entry->depth > depth)
            entry = entry->outer;
        if (entry) return entry->binding;
        Alias *alias = symbol_alias(identifier);
        if (!alias) return find_through_fallback(scopes, identifier, environment);
        Binding *binding = scope_find_top(scopes, environment, identifier);
        if (binding) return binding;
        identifier = alias->base;
        environment = alias->environment;
        depth = alias->depth;
    }
}

Binding *scope_lookup(Scopes *scopes, Symbol *identifier)
{
    return scope_lookup_at(scopes, identifier, scopes->top, scopes->depth);
}

const Binding *scope_local_binding(const IdentifierInfo *info) { return info->local->binding; }

Symbol *scope_local_name(const IdentifierInfo *info) { return info->local->name; }

void scope_origin(Scopes *scopes, Symbol *identifier, Symbol **symbol_out, Environment **environment_out)
{
    Environment *environment = scopes->top;
    for (Alias *alias; (alias = symbol_alias(identifier)); identifier = alias->base)
        environment = alias->environment;
    *symbol_out = identifier;
    *environment_out = environment;
}
