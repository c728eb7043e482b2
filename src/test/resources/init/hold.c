/*
 * Tries to get hold of process 1, and of a child that does not mind, so that a refusal is known to be process 1's own. Prints one
 * line for each attempt: what, whom, and "done" or why not.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(const char *what, const char *whom, int succeeded) {
    printf("%s %s: %s\n", what, whom, succeeded ? "done" : strerror(errno));
}

static void opening(const char *name, const char *whom, pid_t pid, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int fd = open(path, flags);
    tell(name, whom, fd >= 0);
    if (fd >= 0) close(fd);
}

static void attempts(const char *whom, pid_t pid) {
    int held = ptrace(PTRACE_SEIZE, pid, 0, 0) == 0;
    tell("seize", whom, held);
    if (held) {
        ptrace(PTRACE_INTERRUPT, pid, 0, 0);
        waitpid(pid, NULL, __WALL);
        ptrace(PTRACE_DETACH, pid, 0, 0);
    }
    held = ptrace(PTRACE_ATTACH, pid, 0, 0) == 0;
    tell("attach", whom, held);
    if (held) {
        waitpid(pid, NULL, __WALL);
        ptrace(PTRACE_DETACH, pid, 0, 0);
    }
    opening("mem", whom, pid, O_RDONLY);
    opening("mem", whom, pid, O_RDWR);
    opening("maps", whom, pid, O_RDONLY);
    opening("environ", whom, pid, O_RDONLY);
}

int main(void) {
    pid_t child = fork();
    if (child == 0) for (;;) pause();
    attempts("child", child);
    attempts("init", 1);
    kill(child, SIGKILL);
    return 0;
}
