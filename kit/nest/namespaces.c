/* The namespaces of the nest: made, tried, held and entered. */
#define _GNU_SOURCE
#include "nest.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDS "0 0 4294967294\n"
/* Where the engine hides a proc of the host, see the decision: seen by the kernel, and by nobody else. */
#define HIDDEN "/dev/.caisson/proc"

static const char *const spaces[SPACES] = {"user", "cgroup", "net", "mnt"};

static void map(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    if (put(path, IDS) < 0) die("the users of the namespace cannot be set");
    snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
    if (put(path, IDS) < 0) die("the groups of the namespace cannot be set");
}

static void loopback(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) die("no socket in the network namespace");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(fd, SIOCSIFFLAGS, &request) < 0) die("the loopback interface cannot be set up");
    close(fd);
}

/* What the kernel asks before it lets a user namespace mount a proc: one that nothing covers. See decisions. */
static void try_proc(void) {
    pid_t child = fork();
    if (child < 0) die("no process");
    if (child == 0) {
        if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0) die("no process namespace");
        pid_t first = fork();
        if (first < 0) die("no process in a namespace");
        if (first == 0) {
            unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
            if (mount("proc", "/proc", "proc", flags, NULL) == 0) {
                errno = EPERM;
                die("a writable proc can be mounted, by which root would change the host's settings");
            }
            if (mount("proc", "/proc", "proc", flags | MS_RDONLY, NULL) < 0) die("no proc can be mounted");
            _exit(0);
        }
        int status;
        waitpid(first, &status, 0);
        _exit(status == 0 ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    if (status != 0) _exit(1);
}

/* The process that becomes the holder: tells by `up` that it is unshared, waits for its users, furnishes, tells again. */
static void furnish(int up, int test) {
    char told = 'u';
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWCGROUP) < 0) die("no user namespace");
    if (write(up, &told, 1) != 1 || read(up, &told, 1) != 1) _exit(1);
    /* Not even an unmount on the host comes in here: the proc that is needed must stay. */
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) die("mounts cannot be made private");
    mount_cgroups();
    if (!test) cover_settings();
    loopback();
}

/* Becomes the holder. */
void stay(void) {
    prctl(PR_SET_NAME, "nest-holder");
    for (int fd = 3; fd < 64; fd++) close(fd);
    for (;;) pause();
}

pid_t make(int test) {
    int ends[2];
    char told;
    if (access(HIDDEN, F_OK) == 0) {
        errno = EPERM;
        die("the engine shows " HIDDEN ", which must be masked");
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) die("no socket pair");
    pid_t pid = fork();
    if (pid < 0) die("no process");
    if (pid == 0) {
        close(ends[0]);
        furnish(ends[1], test);
        if (test) try_proc();
        told = 'r';
        if (write(ends[1], &told, 1) != 1) _exit(1);
        if (test) {
            (void) !read(ends[1], &told, 1);
            _exit(0);
        }
        stay();
    }
    close(ends[1]);
    if (read(ends[0], &told, 1) != 1) _exit(1);
    map(pid);
    if (write(ends[0], "m", 1) != 1 || read(ends[0], &told, 1) != 1) _exit(1);
    return pid;
}

/* Whether that process is in a user namespace other than this one's. */
int nested(pid_t pid) {
    char path[64];
    struct stat own, its;
    snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
    return stat("/proc/self/ns/user", &own) == 0 && stat(path, &its) == 0 && own.st_ino != its.st_ino;
}

/* Whether this process is in one: by its users, which are one less than all of the sandbox's. */
int in_nest(void) {
    unsigned first, outside, count;
    FILE *map = fopen("/proc/self/uid_map", "re");
    int read = map == NULL ? 0 : fscanf(map, "%u %u %u", &first, &outside, &count);
    if (map != NULL) fclose(map);
    return read == 3 && first == 0 && outside == 0 && count == 4294967294;
}

void open_spaces(pid_t holder, int *fds) {
    for (int i = 0; i < SPACES; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/ns/%s", holder, spaces[i]);
        fds[i] = open(path, O_RDONLY | O_CLOEXEC);
        if (fds[i] < 0) die("%s cannot be opened", path);
    }
}

/* The user namespace first: it has what the others need. */
void go(const int *fds) {
    for (int i = 0; i < SPACES; i++) {
        if (setns(fds[i], 0) < 0) die("the nest's %s namespace cannot be entered", spaces[i]);
    }
    if (chdir("/") < 0) die("no root directory");
}
