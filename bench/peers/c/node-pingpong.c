/* What TCP itself costs: two OS processes send each other messages of the size
 * that ours have, each a length and so many bytes. `serve`, or `main HOST PORT n`. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

enum { HEAD_BYTES = 40, ELEMENT_BYTES = 2, LARGEST = 4 + HEAD_BYTES + 1000 * ELEMENT_BYTES };

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void say(int sock, const char *message, size_t n)
{
    if (write(sock, message, n) != (ssize_t)n) die("write");
}

/* A whole message; its size, 0 at the end. */
static size_t hear(int sock, char *message)
{
    size_t have = 0;
    uint32_t n = 0;
    while (have < sizeof n || have < n) {
        ssize_t got = read(sock, message + have, LARGEST - have);
        if (got <= 0) return 0;
        have += (size_t)got;
        memcpy(&n, message, sizeof n);
    }
    return have;
}

static void no_delay(int sock)
{
    int one = 1;
    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void serve(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1) ||
        getsockname(listener, (struct sockaddr *)&address, &size))
        die("listen");
    printf("ready 127.0.0.1 %d\n", ntohs(address.sin_port));
    fflush(stdout);
    static char message[LARGEST];
    int sock = accept(listener, NULL, NULL);
    no_delay(sock);
    for (size_t n; (n = hear(sock, message)) > 0;)
        say(sock, message, n);
}

static long ping(int sock, long n, int elements)
{
    static char message[LARGEST];
    uint32_t size = (uint32_t)(4 + HEAD_BYTES + elements * ELEMENT_BYTES);
    memcpy(message, &size, sizeof size);
    for (long i = 0; i < n; i++) {
        say(sock, message, size);
        hear(sock, message);
    }
    return elements;
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        serve();
        return 0;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[3]))};
    inet_pton(AF_INET, argv[2], &address.sin_addr);
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sock, (struct sockaddr *)&address, sizeof address)) die("connect");
    no_delay(sock);
    long n = atol(argv[4]);
    ping(sock, 100, 0);
    for (int size = 0; size <= 1000; size += 1000) {
        char metric[40];
        snprintf(metric, sizeof metric, "node-pingpong-%d", size);
        long long start = now_ns();
        long result = ping(sock, n, size);
        printf("%s %lld %ld %ld\n", metric, now_ns() - start, 2 * n, result);
    }
    return 0;
}
