#include "rt/os/child.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rt/os/socket.h"

#define CHILDREN_MAX 256

/* By serial number; 0: has ended. Only the worker comes here. */
static pid_t children[CHILDREN_MAX];
static int n_children;

static void become(char *const argv[], pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent) execv("/proc/self/exe", argv);
    _exit(127);
}

int child_start(char *const argv[])
{
    if (n_children == CHILDREN_MAX) {
        errno = EAGAIN;
        return -1;
    }
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) become(argv, parent);
    if (pid < 0) return -1;
    children[n_children] = pid;
    return n_children++;
}

/* Children that have ended are forgotten. */
static bool is_alive(int child)
{
    if (child < 0 || child >= n_children || children[child] == 0) return false;
    if (waitpid(children[child], NULL, WNOHANG) == 0) return true;
    children[child] = 0;
    return false;
}

bool child_signal(int child, int signal)
{
    if (!is_alive(child) || kill(children[child], signal) != 0) return false;
    if (signal == SIGKILL) {
        while (waitpid(children[child], NULL, 0) < 0 && errno == EINTR) {
        }
        children[child] = 0;
    }
    return true;
}

unsigned child_free_port(void)
{
    struct socket_address any, at;
    struct listener listener;
    if (!socket_address_parse("127.0.0.1", 0, &any) || !listener_open(&listener, &any)) return 0;
    unsigned port = socket_local_address(listener.fd, &at) ? socket_address_port(&at) : 0;
    listener_close(&listener);
    return port;
}
