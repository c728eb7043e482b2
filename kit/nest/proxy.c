/* docker-proxy, dockerd's for ports of the sandbox: asks the keeper for a socket there, tells dockerd, and relays. */
#define _GNU_SOURCE
#include "nest.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define UDP_IDLE_SECONDS 90

/* dockerd reads at descriptor 3 whether the port can be had. */
static void tell(int error, const struct question *asked) {
    if (error == 0) dprintf(3, "0\n");
    else dprintf(3, "1\nlisten %s port %d of the sandbox: %s\n", asked->stream ? "tcp" : "udp", asked->port, strerror(error));
    close(3);
}

/* A port number; 0 where it is none. */
static in_port_t port_of(const char *text) {
    char *rest;
    unsigned long value = strtoul(text, &rest, 10);
    return (in_port_t) (*rest == '\0' && value < 65536 ? value : 0);
}

/* How long a silent peer of a UDP port is remembered, in seconds; root of the sandbox may say otherwise, in a file. */
static int idle(void) {
    char *text = read_whole(PLACE "/udp-idle");
    long value = text == NULL ? 0 : strtol(text, NULL, 10);
    free(text);
    return value > 0 && value <= 86400 ? (int) value : UDP_IDLE_SECONDS;
}

/* Two descriptors for each connection: as many as may be had. */
static void raise_limit(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) < 0) return;
    files.rlim_cur = files.rlim_max;
    (void) !setrlimit(RLIMIT_NOFILE, &files);
}

/* Where the container is; 0 where that is no address and port. */
static socklen_t target_of(struct sockaddr_storage *target, const char *address, const char *port) {
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port_of(port))};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port_of(port))};
    if (port_of(port) == 0) return 0;
    if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
        memcpy(target, &four, sizeof four);
        return sizeof four;
    }
    if (inet_pton(AF_INET6, address, &six.sin6_addr) == 1) {
        memcpy(target, &six, sizeof six);
        return sizeof six;
    }
    return 0;
}

int docker_proxy(int count, char **arguments) {
    const char *proto = "tcp", *host = "0.0.0.0", *host_port = "0", *container = "", *container_port = "0";
    /* From 28 on dockerd brings a listener of its own (use-listen-fd), but that is one of the nest. */
    (void) !close_range(4, ~0U, 0);
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = arguments[i] + strspn(arguments[i], "-"), *value = arguments[i + 1];
        if (strcmp(name, "use-listen-fd") == 0) i--; /* It has no value. */
        else if (strcmp(name, "proto") == 0) proto = value;
        else if (strcmp(name, "host-ip") == 0) host = value;
        else if (strcmp(name, "host-port") == 0) host_port = value;
        else if (strcmp(name, "container-ip") == 0) container = value;
        else if (strcmp(name, "container-port") == 0) container_port = value;
    }
    signal(SIGPIPE, SIG_IGN);
    struct question asked = {.stream = strcmp(proto, "tcp") == 0, .family = strchr(host, ':') ? AF_INET6 : AF_INET};
    struct answer given = {0};
    int fd = -1;
    struct sockaddr_storage target = {0};
    socklen_t length = target_of(&target, container, container_port);
    asked.port = port_of(host_port);
    int known = inet_pton(asked.family, host, asked.address) == 1 && (asked.stream || strcmp(proto, "udp") == 0);
    if (!known || length == 0 || asked.port == 0) {
        tell(EPROTONOSUPPORT, &asked);
        return 1;
    }
    if (ask(&asked, &given, &fd) < 0) given.error = ECONNREFUSED;
    if (given.error != 0) {
        tell(given.error, &asked);
        return 1;
    }
    tell(0, &asked);
    raise_limit();
    if (asked.stream) relay_streams(fd, (struct sockaddr *) &target, length);
    relay_datagrams(fd, (struct sockaddr *) &target, length, idle());
}
