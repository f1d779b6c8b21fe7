#define _GNU_SOURCE
#include "tools/tcc-termite/big_stack.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/tcc-termite/options.h"

/* Address space only; pages appear when used. */
#define STACK_BYTES        ((size_t)1 << (sizeof(void *) >= 8 ? 30 : 27))
#define GUARD_BYTES        ((size_t)1 << 20)
#define SIGNAL_STACK_BYTES ((size_t)1 << 16)

typedef struct Call {
    void (*body)(void *context);
    void *context;
    char *memory; /* guard, then the stack, then the signal handler's stack */
} Call;

/* For the signal handler, set before it is installed, once. */
static char *guard_start;

static void on_fault(int signal_number, siginfo_t *info, void *ucontext)
{
    (void)ucontext;
    char *address = info->si_addr;
    if (address >= guard_start && address < guard_start + GUARD_BYTES) {
        static const char text[] = "tcc-termite: error: the program is nested too deeply\n";
        ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
        (void)ignored;
        _exit(EXIT_COMPILE_ERROR);
    }
    signal(signal_number, SIG_DFL);
}

static void *thread_main(void *argument)
{
    Call *call = argument;
    stack_t handler_stack = {.ss_sp = call->memory + GUARD_BYTES + STACK_BYTES,
                             .ss_size = SIGNAL_STACK_BYTES};
    sigaltstack(&handler_stack, NULL);
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = on_fault;
    sigaction(SIGSEGV, &action, NULL);
    call->body(call->context);
    return NULL;
}

bool big_stack_run(void (*body)(void *context), void *context)
{
    size_t bytes = GUARD_BYTES + STACK_BYTES + SIGNAL_STACK_BYTES;
    char *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    mprotect(memory, GUARD_BYTES, PROT_NONE);
    guard_start = memory;
    Call call = {body, context, memory};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, memory + GUARD_BYTES, STACK_BYTES);
    pthread_t thread;
    bool ok = pthread_create(&thread, &attributes, thread_main, &call) == 0;
    pthread_attr_destroy(&attributes);
    if (ok) pthread_join(thread, NULL);
    munmap(memory, bytes);
    return ok;
}
