/*
 * Drives parts of kit/nest on any machine, for NestIT.
 *
 *   drive tcp|udp TARGET_PORT [IDLE_SECONDS]   relays from a free port of 127.0.0.1, which it prints, to that one
 *   drive record FILE PID                      records a process
 *   drive recorded FILE                        prints the process that is recorded, or 0
 *   drive runc ARGUMENTS...                    is runc in the nest
 *   drive runc-outside ARGUMENTS...            is runc in a sandbox that has none
 */
#define _GNU_SOURCE
#include "nest.h"
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void quit(int number) {
    (void) number;
    /* By exit, so that leaks are looked for. */
    exit(0);
}

static int relay(int type, int count, char **arguments) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, target = at;
    socklen_t length = sizeof at;
    int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0);
    target.sin_port = htons((in_port_t) atoi(arguments[2]));
    if (fd < 0 || bind(fd, (struct sockaddr *) &at, sizeof at) < 0 || getsockname(fd, (struct sockaddr *) &at, &length) < 0) return 1;
    if (type == SOCK_STREAM && listen(fd, 1024) < 0) return 1;
    signal(SIGTERM, quit);
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    if (type == SOCK_STREAM) relay_streams(fd, (struct sockaddr *) &target, sizeof target);
    relay_datagrams(fd, (struct sockaddr *) &target, sizeof target, count > 3 ? atoi(arguments[3]) : 90);
}

int main(int count, char **arguments) {
    const char *name = count > 1 ? arguments[1] : "";
    if (strcmp(name, "runc") == 0) return runc(count - 1, arguments + 1, 1);
    if (strcmp(name, "runc-outside") == 0) return runc(count - 1, arguments + 1, 0);
    if (count >= 3 && strcmp(name, "tcp") == 0) return relay(SOCK_STREAM, count, arguments);
    if (count >= 3 && strcmp(name, "udp") == 0) return relay(SOCK_DGRAM, count, arguments);
    if (count == 4 && strcmp(name, "record") == 0) {
        record(arguments[2], atoi(arguments[3]));
        return 0;
    }
    if (count == 3 && strcmp(name, "recorded") == 0) {
        printf("%d\n", recorded(arguments[2]));
        return 0;
    }
    return 2;
}
