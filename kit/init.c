/*
 * init: the first process of a sandbox.
 *
 *   init -- COMMAND ARGS...   starts COMMAND (an absolute path), forwards signals to it, reaps whoever has lost a parent, and ends
 *                             as COMMAND does: with its status, or 128 and the number of the signal
 *   init --hold               waits until it is asked to end, and keeps the namespaces of its container there for a sandbox to join
 *
 * Nobody in the sandbox may hold it by ptrace or write its memory: it would outlive its supervisor, and the sandbox with it.
 * So it is not dumpable, which leaves that to CAP_SYS_PTRACE. The kernel makes a program dumpable again whenever it is
 * executed: no wrapper can do it for another program, and tini cannot be told to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Faults of this program itself, and a terminal's, which it must not stop for. */
static const int own[] = {SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGSYS, SIGTTIN, SIGTTOU};

static int fail(const char *what, int status) {
    fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
    return status;
}

/* Becomes the command, in a process group of its own, so that a terminal's signals are for it; signals as they were. */
static int become(char **command, const sigset_t *before) {
    if (setpgid(0, 0) < 0) return fail("no process group", 1);
    /* Without a terminal there is none to take. */
    (void) !tcsetpgrp(STDIN_FILENO, getpgrp());
    if (sigprocmask(SIG_SETMASK, before, NULL) < 0) return fail("signals", 1);
    signal(SIGTTIN, SIG_DFL);
    signal(SIGTTOU, SIG_DFL);
    execv(command[0], command);
    return fail(command[0], errno == ENOENT ? 127 : 126);
}

/* Takes all that have ended; the status to end with once it was `child`, before that -1. */
static int reap(pid_t child) {
    int status, result = -1;
    for (;;) {
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended <= 0) return result;
        if (ended == child) result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
}

/* Waits for a signal that asks to end. */
static int hold(void) {
    sigset_t asked;
    int number;
    sigemptyset(&asked);
    sigaddset(&asked, SIGTERM);
    sigaddset(&asked, SIGINT);
    if (sigprocmask(SIG_SETMASK, &asked, NULL) < 0) return fail("signals", 1);
    return sigwait(&asked, &number) == 0 ? 0 : fail("wait", 1);
}

int main(int count, char **arguments) {
    /* Before anything else: nobody else is in the sandbox yet. */
    if (prctl(PR_SET_DUMPABLE, 0) < 0) return fail("dumpable", 1);
    if (count == 2 && strcmp(arguments[1], "--version") == 0) {
        printf("caisson init\n");
        return 0;
    }
    if (count == 2 && strcmp(arguments[1], "--hold") == 0) return hold();
    if (count < 3 || strcmp(arguments[1], "--") != 0) {
        fprintf(stderr, "init -- COMMAND ARGS...\ninit --hold\n");
        return 2;
    }
    sigset_t heard, before;
    sigfillset(&heard);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) sigdelset(&heard, own[i]);
    if (sigprocmask(SIG_SETMASK, &heard, &before) < 0) return fail("signals", 1);
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    pid_t child = fork();
    if (child < 0) return fail("no process", 1);
    if (child == 0) return become(arguments + 2, &before);
    for (;;) {
        int number = sigwaitinfo(&heard, NULL);
        if (number == SIGCHLD) {
            int status = reap(child);
            if (status >= 0) return status;
        } else if (number > 0) {
            /* It may have ended just now. */
            (void) !kill(child, number);
        }
    }
}
