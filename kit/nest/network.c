/* pasta, the nest's way to the sandbox's network: started, and ended where an earlier keeper left one. */
#define _GNU_SOURCE
#include "nest.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASTA PLACE "/pasta"
/* By this address, which is nobody's (RFC 5737), containers reach what listens in the sandbox. */
#define SANDBOX "203.0.113.113"

/* The number that pasta itself has written. */
static pid_t written(void) {
    int pid = 0;
    FILE *file = fopen(PASTA ".pid", "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%d", &pid) != 1 || pid < 0) pid = 0;
    fclose(file);
    return pid;
}

/* Ends the pasta that a keeper before this one has left: there can be one interface of a name. */
void end_pasta(void) {
    char path[64], name[32] = "";
    pid_t pid = recorded(PASTA ".process");
    /* A keeper that ended before it recorded the pasta that it had started has left the number alone. */
    if (pid == 0) pid = written();
    int fd = pid > 0 ? handle(pid) : -1;
    if (fd < 0) return;
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        (void) !fgets(name, sizeof name, file);
        fclose(file);
    }
    if (strncmp(name, "pasta", 5) == 0 && syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0) {
        struct pollfd end = {fd, POLLIN, 0};
        poll(&end, 1, 5000);
    }
    close(fd);
}

/* It lives on when the holder is replaced, whose path it was given: with it would go all connections of the containers.
   Goes to the background when the interface is there. The descriptor to wait for its end by, or -1; it has said why then. */
int start_pasta(pid_t holder) {
    char user[64], network[64];
    int status;
    snprintf(user, sizeof user, "/proc/%d/ns/user", holder);
    snprintf(network, sizeof network, "/proc/%d/ns/net", holder);
    pid_t pid = fork();
    if (pid < 0) return -1;
    if (pid == 0) {
        int words = open(PASTA ".words", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (words >= 0) dup2(words, 2);
        execl(KIT "pasta", "pasta", "--quiet", "--pid", PASTA ".pid", "--runas", "0:0", "--config-net", "--userns", user,
              "--netns", network, "--no-map-gw", "--map-guest-addr", SANDBOX, "--tcp-ports", "none", "--udp-ports", "none",
              "--tcp-ns", "none", "--udp-ns", "none", "--ns-ifname", "eth0", "--no-netns-quit", (char *) NULL);
        perror(KIT "pasta");
        _exit(1);
    }
    if (waitpid(pid, &status, 0) != pid || status != 0) return -1;
    pid_t started = written();
    int fd = started > 0 ? handle(started) : -1;
    if (fd >= 0) record(PASTA ".process", started);
    unlink(PASTA ".pid");
    return fd;
}

/* What pasta said when it could not start, for whoever waits for the nest. */
void die_of_pasta(void) {
    char words[1024] = "";
    FILE *file = fopen(PASTA ".words", "re");
    size_t length = file == NULL ? 0 : fread(words, 1, sizeof words - 1, file);
    words[length] = '\0';
    dprintf(report, "the nest has no network: %s", words);
    _exit(1);
}
