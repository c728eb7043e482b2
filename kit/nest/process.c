/* Processes that are known again by a file: by number and start time, since the number is given to others later. */
#define _GNU_SOURCE
#include "nest.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* When it started, in ticks since the host's boot: field 22, counted behind the name, which may have anything in it. 0: no such process. */
static unsigned long long started(pid_t pid) {
    char path[64];
    unsigned long long ticks = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    char *text = read_whole(path), *rest = text == NULL ? NULL : strrchr(text, ')');
    for (int field = 2; rest != NULL && field < 22; field++) rest = strchr(rest + 1, ' ');
    if (rest != NULL) ticks = strtoull(rest, NULL, 10);
    free(text);
    return ticks;
}

void record(const char *path, pid_t pid) {
    char text[64], fresh[128];
    int length = snprintf(text, sizeof text, "%d %llu\n", pid, started(pid));
    snprintf(fresh, sizeof fresh, "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, (size_t) length) != length || rename(fresh, path) < 0) die("%s cannot be written", path);
    close(fd);
}

/* The process of that record if it still is there; 0 where it is not, or its number is another's by now. */
pid_t recorded(const char *path) {
    int pid = 0;
    unsigned long long ticks = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%d %llu", &pid, &ticks) != 2 || pid < 0) pid = 0;
    fclose(file);
    return pid > 0 && ticks != 0 && started(pid) == ticks ? pid : 0;
}

/* Its descriptor can be waited for, and is of this process whatever gets its number later. */
int handle(pid_t pid) {
    int fd = (int) syscall(SYS_pidfd_open, pid, 0);
    if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}
