/* Everything is made in a directory beside the outputs, so that it can be renamed
 * when all of it is there, and nothing stays behind otherwise, whatever ended the
 * processes. */
#define _GNU_SOURCE /* memfd_create */
#include "tools/tcc-termite/together.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codegen/codegen.h"
#include "frontend/base/escape.h"

/* What is done for one machine. */
typedef struct Branch {
    const Machine *machine;
    const char *place;
    int messages;   /* its processes' stderr; -1: ours */
    pid_t child;    /* 0: none runs */
    size_t n_begun; /* steps */
    int status;     /* of the last process that ended */
} Branch;

typedef struct Crew {
    const Together *work;
    const char *directory;
    Branch *branches;
    long n_at_once, n_running;
    bool failed;
} Crew;

static bool report(const Crew *crew, const char *what, const char *name)
{
    diag_error(crew->work->compilation->diag, (Span){0}, "cannot %s %s: %s", what, name, strerror(errno));
    return false;
}

/* -- the directory ------------------------------------------------------------------ */

static bool make_directory(Crew *crew)
{
    const char *output = crew->work->outputs[0];
    crew->directory = cg_temporary_name(crew->work->compilation, output, "parts");
    return mkdir(crew->directory, 0777) == 0 || report(crew, "write", output);
}

static void remove_directory(const Crew *crew)
{
    DIR *directory = opendir(crew->directory);
    if (!directory) return;
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.') unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(crew->directory);
}

/* -- processes ------------------------------------------------------------------------ */

/* The branch that has come least far: the steps that are left for the end are then
 * the short ones, and no processor waits long for another. */
static Branch *next_branch(const Crew *crew)
{
    Branch *next = NULL;
    for (size_t i = 0; i < crew->work->n_machines; i++) {
        Branch *branch = &crew->branches[i];
        if (branch->child || branch->n_begun == crew->work->n_steps) continue;
        if (!next || branch->n_begun < next->n_begun) next = branch;
    }
    return next;
}

typedef struct Step {
    TogetherStep *step;
    void *context;
    const Branch *branch;
    bool ok;
} Step;

static void do_step(void *context)
{
    Step *s = context;
    s->ok = s->step(s->context, s->branch->machine, s->branch->place);
}

/* Nothing leaves the child for a catch of its parent. */
static _Noreturn void run_step(const Crew *crew, const Branch *branch, TogetherStep *step)
{
    if (branch->messages >= 0) dup2(branch->messages, STDERR_FILENO);
    Step s = {.step = step, .context = crew->work->context, .branch = branch};
    Escape why = escape_catch(ESCAPE_STOPPED | ESCAPE_ICE | ESCAPE_NO_MEMORY, do_step, &s);
    if (why == ESCAPE_ICE) _exit(EXIT_ICE);
    _exit(fflush(stdout) == 0 && s.ok ? 0 : EXIT_COMPILE_ERROR);
}

/* False: there is no process to be had now. */
static bool start(Crew *crew, Branch *branch)
{
    fflush(stdout);
    branch->child = fork();
    if (branch->child == 0) run_step(crew, branch, crew->work->steps[branch->n_begun]);
    if (branch->child < 0) {
        branch->child = 0;
        return false;
    }
    branch->n_begun++;
    crew->n_running++;
    return true;
}

/* Waits for one of them. */
static void reap(Crew *crew)
{
    int status;
    pid_t child;
    while ((child = wait(&status)) < 0)
        if (errno != EINTR) ICE("wait: %s", strerror(errno));
    for (size_t i = 0; i < crew->work->n_machines; i++) {
        Branch *branch = &crew->branches[i];
        if (branch->child != child) continue;
        branch->child = 0;
        branch->status = status;
        crew->n_running--;
        if (status != 0) crew->failed = true;
    }
}

/* After a failure nothing new begins. */
static void run_all(Crew *crew)
{
    for (;;) {
        Branch *next = crew->failed ? NULL : next_branch(crew);
        if (next && crew->n_running < crew->n_at_once && start(crew, next)) continue;
        if (crew->n_running == 0) {
            if (next) crew->failed = !report(crew, "start", "a process");
            return;
        }
        reap(crew);
    }
}

/* -- the end ---------------------------------------------------------------------------- */

static void show_messages(const Branch *branch)
{
    char text[4096];
    ssize_t n;
    if (branch->messages < 0 || lseek(branch->messages, 0, SEEK_SET) < 0) return;
    while ((n = read(branch->messages, text, sizeof text)) > 0)
        fwrite(text, 1, (size_t)n, stderr);
    close(branch->messages);
}

static void show_failure(const Crew *crew, const Branch *branch)
{
    Diag *diag = crew->work->compilation->diag;
    const char *arch = branch->machine->target->arch;
    if (WIFSIGNALED(branch->status))
        diag_error(diag, (Span){0}, "compiling for %s was ended by signal %d (%s)", arch,
                   WTERMSIG(branch->status), strsignal(WTERMSIG(branch->status)));
    else if (branch->status != 0)
        diag_error(diag, (Span){0}, "compiling for %s failed; nothing was written for any machine", arch);
}

static bool commit(const Crew *crew)
{
    for (size_t i = 0; i < crew->work->n_machines; i++)
        if (!cg_commit(crew->work->compilation, crew->branches[i].place, crew->work->outputs[i]))
            return false;
    return true;
}

static void make_branches(Crew *crew)
{
    const Together *work = crew->work;
    Arena *arena = work->compilation->arena;
    crew->branches = ARENA_ARRAY(arena, Branch, work->n_machines);
    for (size_t i = 0; i < work->n_machines; i++) {
        const Machine *machine = &work->machines[i];
        crew->branches[i] = (Branch){
            .machine = machine,
            .place = arena_printf(arena, "%s/%s", crew->directory, machine->target->arch),
            .messages = memfd_create("messages", MFD_CLOEXEC),
        };
    }
}

bool together_run(const Together *work)
{
    Crew crew = {.work = work, .n_at_once = sysconf(_SC_NPROCESSORS_ONLN)};
    if (crew.n_at_once < 1) crew.n_at_once = 1;
    if (!make_directory(&crew)) return false;
    make_branches(&crew);
    run_all(&crew);
    for (size_t i = 0; i < work->n_machines; i++) {
        show_messages(&crew.branches[i]);
        show_failure(&crew, &crew.branches[i]);
    }
    bool ok = !crew.failed && commit(&crew);
    remove_directory(&crew);
    return ok;
}
