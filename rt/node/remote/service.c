#include "rt/node/remote/service.h"

#include <stdlib.h>
#include <string.h>

#include "rt/mem/heap.h"
#include "rt/mem/node.h"
#include "rt/node/remote/names.h"
#include "rt/node/remote/far_link.h"
#include "rt/obj/list.h"
#include "rt/obj/string.h"
#include "rt/obj/symbol.h"

/* By a local process: `link` is one of its outbound ones, so that its end is seen.
 * By one of another node: `record` monitors it. */
struct service {
    struct link link; /* first */
    struct far_link *record;
    struct service *next, **prev;
    size_t name_bytes;
    uint8_t name[];
};

static struct service **bucket_of(struct worker *w, const uint8_t *name, size_t n)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ name[i]) * 16777619u;
    return &w->node->remotes->services[hash % REMOTE_SERVICE_BUCKETS];
}

static struct service *find(struct worker *w, const void *name, size_t n)
{
    struct service *s = *bucket_of(w, name, n);
    while (s && (s->name_bytes != n || memcmp(s->name, name, n) != 0))
        s = s->next;
    return s;
}

static void unlink_service(struct service *s)
{
    *s->prev = s->next;
    if (s->next) s->next->prev = s->prev;
}

static void take_out(struct service *s)
{
    unlink_service(s);
    free(s);
}

static void on_ended(struct worker *w, struct link *l, tt_word kind, tt_word object)
{
    take_out((struct service *)l);
}

static void on_dropped(struct worker *w, struct link *l) {} /* nobody here is the target */

static const struct link_outside service_outside = {.ended = on_ended, .dropped = on_dropped};

static struct service *add(struct worker *w, tt_word name)
{
    size_t n = string_length(symbol_name(name));
    struct service *s = calloc(1, sizeof *s + n);
    if (!s) {
        heap_fail(w);
        return NULL;
    }
    s->name_bytes = n;
    memcpy(s->name, string_bytes(symbol_name(name)), n);
    s->prev = bucket_of(w, s->name, n);
    s->next = *s->prev;
    if (s->next) s->next->prev = &s->next;
    *s->prev = s;
    return s;
}

/* Returns whether it stood for a process of another node. */
static bool end_service(struct worker *w, struct service *s)
{
    bool was_far = s->record != NULL;
    if (s->link.from) link_detach(&s->link);
    if (s->record) far_link_forget(w, s->record);
    take_out(s);
    return was_far;
}

static void tell_peers(struct worker *w, tt_word name, const struct service *s)
{
    names_tell_all(w, string_bytes(symbol_name(name)), string_length(symbol_name(name)),
                   s ? &s->record->far : NULL);
}

static struct service *find_symbol(struct worker *w, tt_word name)
{
    return find(w, string_bytes(symbol_name(name)), string_length(symbol_name(name)));
}

static bool publish_near(struct worker *w, tt_word name, struct process *p)
{
    struct service *s = add(w, name);
    if (!s) return false;
    s->link = (struct link){.from = p, .outside = &service_outside};
    link_attach(&s->link);
    return true;
}

/* NULL with *ok_out: its node is out of reach. */
static struct service *publish_far(struct worker *w, tt_word name, tt_word pid, bool *ok_out)
{
    struct service *s = add(w, name);
    *ok_out = s != NULL;
    if (!s || far_link_watch_for_service(w, s, pid)) return s;
    take_out(s);
    return NULL;
}

bool service_publish(struct worker *w, tt_word name, tt_word pid)
{
    struct service *old = find_symbol(w, name), *new = NULL;
    bool was_far = old && end_service(w, old), ok = true;
    struct process *p = pid_is_own(pid) ? process_find(w->node->processes, pid) : NULL;
    if (p)
        ok = publish_near(w, name, p);
    else if (!pid_is_own(pid))
        new = publish_far(w, name, pid, &ok);
    if (was_far || new) tell_peers(w, name, new);
    return ok;
}

static tt_word pid_of(struct worker *w, const struct service *s)
{
    return s->record ? far_intern(w, FAR_PID, &s->record->far) : s->link.from->pid;
}

void service_unpublish(struct worker *w, tt_word name, tt_word pid)
{
    struct service *s = find_symbol(w, name);
    if (s && (pid == TT_FALSE || pid_of(w, s) == pid) && end_service(w, s)) tell_peers(w, name, NULL);
}

tt_word service_resolve(struct worker *w, const void *name, size_t n)
{
    struct service *s = find(w, name, n);
    return s ? pid_of(w, s) : TT_FALSE;
}

static void add_entry(struct worker *w, struct list_builder *list, const struct service *s)
{
    tt_word name = symbol_intern(w, s->name, s->name_bytes), pid = pid_of(w, s);
    tt_word entry = name == TT_FAIL || pid == TT_FAIL ? TT_FAIL : heap_cons(w, name, pid);
    if (entry == TT_FAIL)
        list->list = TT_FAIL;
    else
        list_add(w, list, entry);
}

tt_word service_list(struct worker *w)
{
    struct list_builder list = list_build();
    for (size_t i = 0; i < REMOTE_SERVICE_BUCKETS; i++)
        for (const struct service *s = w->node->remotes->services[i]; s && list.list != TT_FAIL; s = s->next)
            add_entry(w, &list, s);
    return list.list;
}

void service_set_far_link(struct service *service, struct far_link *r) { service->record = r; }

void service_lost(struct worker *w, struct service *service)
{
    unlink_service(service);
    names_tell_all(w, service->name, service->name_bytes, NULL);
    free(service);
}

bool service_each_far(struct worker *w,
                      bool (*visit)(struct worker *w, void *context, const uint8_t *name, size_t n,
                                    const struct far *far),
                      void *context)
{
    for (size_t i = 0; i < REMOTE_SERVICE_BUCKETS; i++)
        for (const struct service *s = w->node->remotes->services[i]; s; s = s->next)
            if (s->record && !visit(w, context, s->name, s->name_bytes, &s->record->far)) return false;
    return true;
}
