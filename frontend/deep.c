#include "frontend/deep.h"

#include <pthread.h>
#include <sys/mman.h>

#include "frontend/base/diag.h"

#define LARGEST_STACK  ((size_t)1 << 30)
#define SMALLEST_STACK ((size_t)1 << 22)

typedef struct DeepCall {
    void (*body)(void *context, size_t stack_bytes);
    void *context;
    size_t stack_bytes;
} DeepCall;

static void *run(void *argument)
{
    const DeepCall *call = argument;
    call->body(call->context, call->stack_bytes);
    return NULL;
}

/* Address space only: pages come when they are used. */
static void *reserve_stack(size_t *size_out)
{
    for (size_t size = LARGEST_STACK; size >= SMALLEST_STACK; size /= 2) {
        void *stack =
            mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (stack != MAP_FAILED) {
            *size_out = size;
            return stack;
        }
    }
    return NULL;
}

size_t deep_call(void (*body)(void *context, size_t stack_bytes), void *context)
{
    DeepCall call = {body, context, 0};
    void *stack = reserve_stack(&call.stack_bytes);
    pthread_attr_t attributes;
    pthread_t thread;
    if (!stack) ICE("no memory for a stack");
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, call.stack_bytes);
    if (pthread_create(&thread, &attributes, run, &call) != 0) ICE("cannot start a thread");
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    munmap(stack, call.stack_bytes);
    return call.stack_bytes;
}
