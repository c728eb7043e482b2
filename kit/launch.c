/*
 * launch: starts a command as another user.
 *
 *   launch STATUS_FD UID GID[,GROUP...] -- COMMAND ARGS...
 *
 * posix_spawn cannot change the user, and the JVM must not fork. So the supervisor spawns this, which takes the groups and
 * the user and becomes COMMAND (an absolute path, there is no search) with the environment as it is.
 * STATUS_FD is closed by a successful exec: its reader sees the end. After a failure it reads errno as a native int.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_GROUPS 1024

static int status_fd = -1;

static void fail(int error) {
    if (status_fd >= 0) {
        ssize_t ignored = write(status_fd, &error, sizeof error);
        (void) ignored;
    }
    _exit(127);
}

/* A whole decimal number below 2^32 - 1 (which means "unchanged" to the kernel) that ends at `end`. */
static unsigned int number(const char *text, char end, char **rest) {
    if (*text < '0' || *text > '9') fail(EINVAL);
    errno = 0;
    unsigned long value = strtoul(text, rest, 10);
    if (errno || value >= 0xffffffffUL || (**rest != '\0' && **rest != end)) fail(EINVAL);
    return (unsigned int) value;
}

int main(int argc, char **argv) {
    char *rest;
    gid_t groups[MAX_GROUPS];
    size_t count = 0;

    if (argc < 6 || strcmp(argv[4], "--") != 0) fail(EINVAL);
    int fd = (int) number(argv[1], '\0', &rest);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) fail(errno);
    status_fd = fd;

    uid_t uid = number(argv[2], '\0', &rest);
    gid_t gid = number(argv[3], ',', &rest);
    while (*rest == ',') {
        if (count == MAX_GROUPS) fail(E2BIG);
        groups[count++] = number(rest + 1, ',', &rest);
    }
    if (argv[5][0] != '/') fail(EINVAL);

    /* The user last: without root, groups can no longer be set. */
    if (setgroups(count, groups) < 0) fail(errno);
    if (setresgid(gid, gid, gid) < 0) fail(errno);
    if (setresuid(uid, uid, uid) < 0) fail(errno);
    execve(argv[5], argv + 5, environ);
    fail(errno);
}
