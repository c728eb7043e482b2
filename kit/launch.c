/*
 * launch: starts a command as another user, or with limits of its own.
 *
 *   launch STATUS_FD [as=BYTES] [cpu=SECONDS] [nofile=COUNT] [user=UID:GID[,GROUP...]] -- COMMAND ARGS...
 *
 * posix_spawn can change neither, and the JVM must not fork. So the supervisor spawns this, which takes the limits, the
 * groups and the user and becomes COMMAND (an absolute path, there is no search) with the environment as it is.
 * STATUS_FD is closed by a successful exec: its reader sees the end. After a failure it reads two native ints: errno, and
 * the number of the argument that failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_GROUPS 1024

static int status_fd = -1;
static int at = 1;

static void fail(int error) {
    int status[2] = {error, at};
    if (status_fd >= 0) {
        ssize_t ignored = write(status_fd, status, sizeof status);
        (void) ignored;
    }
    _exit(127);
}

/* A whole decimal number of at most `most`, with `end` or nothing behind it. */
static unsigned long number(const char *text, char end, unsigned long most, char **rest) {
    if (*text < '0' || *text > '9') fail(EINVAL);
    errno = 0;
    unsigned long value = strtoul(text, rest, 10);
    if (errno || value > most || (**rest != '\0' && **rest != end)) fail(EINVAL);
    return value;
}

/* A user or group: below 2^32 - 1, which means "unchanged" to the kernel. */
static unsigned int id(const char *text, char end, char **rest) {
    return (unsigned int) number(text, end, 0xfffffffeUL, rest);
}

static void limit(int resource, const char *text, rlim_t more) {
    char *rest;
    rlim_t value = number(text, '\0', RLIM_INFINITY - 2, &rest);
    struct rlimit wanted = {value, value + more};
    if (setrlimit(resource, &wanted) < 0) fail(errno);
}

/* The user last: without root, groups can no longer be set. */
static void become(const char *text) {
    char *rest;
    gid_t groups[MAX_GROUPS];
    size_t count = 0;
    uid_t uid = id(text, ':', &rest);
    if (*rest != ':') fail(EINVAL);
    gid_t gid = id(rest + 1, ',', &rest);
    while (*rest == ',') {
        if (count == MAX_GROUPS) fail(E2BIG);
        groups[count++] = id(rest + 1, ',', &rest);
    }
    if (setgroups(count, groups) < 0) fail(errno);
    if (setresgid(gid, gid, gid) < 0) fail(errno);
    if (setresuid(uid, uid, uid) < 0) fail(errno);
}

int main(int argc, char **argv) {
    char *rest;
    if (argc < 4) fail(EINVAL);
    int fd = (int) number(argv[1], '\0', 1024, &rest);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) fail(errno);
    status_fd = fd;

    for (at = 2; at < argc && strcmp(argv[at], "--") != 0; at++) {
        const char *option = argv[at];
        if (strncmp(option, "as=", 3) == 0) limit(RLIMIT_AS, option + 3, 0);
        /* A second between XCPU, which can be heard, and KILL. */
        else if (strncmp(option, "cpu=", 4) == 0) limit(RLIMIT_CPU, option + 4, 1);
        else if (strncmp(option, "nofile=", 7) == 0) limit(RLIMIT_NOFILE, option + 7, 0);
        else if (strncmp(option, "user=", 5) == 0) become(option + 5);
        else fail(EINVAL);
    }
    if (++at >= argc || argv[at][0] != '/') fail(EINVAL);
    execve(argv[at], argv + at, environ);
    fail(errno);
}
