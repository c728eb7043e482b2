/* The cgroups of the nest: its part of each hierarchy, mounted anew. */
#define _GNU_SOURCE
#include "nest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define CGROUPS "/sys/fs/cgroup"

/* Version 2: all processes go into one leaf, so that the controllers can be given to its siblings. */
static void spread(void) {
    char line[4096], pid[32];
    mkdir(CGROUPS "/init", 0755);
    for (int moved = 1, round = 0; moved && round < 16; round++) {
        moved = 0;
        FILE *members = fopen(CGROUPS "/cgroup.procs", "re");
        if (members == NULL) return;
        while (fgets(pid, sizeof pid, members) != NULL) {
            if (put(CGROUPS "/init/cgroup.procs", pid) == 0) moved = 1;
        }
        fclose(members);
    }
    FILE *list = fopen(CGROUPS "/cgroup.controllers", "re");
    if (list == NULL) return;
    if (fgets(line, sizeof line, list) != NULL) {
        for (char *name = strtok(line, " \n"); name != NULL; name = strtok(NULL, " \n")) {
            char wanted[64];
            snprintf(wanted, sizeof wanted, "+%s", name);
            /* One that cannot be had is one limit less for inner containers. */
            (void) !put(CGROUPS "/cgroup.subtree_control", wanted);
        }
    }
    fclose(list);
}

/* The sandbox's are read-only; in a namespace of its own, its part of each hierarchy can be mounted anew. */
void mount_cgroups(void) {
    /* Read as a whole: what is mounted meanwhile would be read too. */
    char *mounts = read_whole("/proc/self/mountinfo"), *next = NULL;
    if (mounts == NULL) die("mounts cannot be read");
    for (char *line = strtok_r(mounts, "\n", &next); line != NULL; line = strtok_r(NULL, "\n", &next)) {
        char path[1024], type[64], options[1024];
        char *rest = strstr(line, " - ");
        if (rest == NULL || sscanf(line, "%*s %*s %*s %*s %1023s", path) != 1) continue;
        if (sscanf(rest, " - %63s %*s %1023s", type, options) != 2) continue;
        if (strncmp(path, CGROUPS, strlen(CGROUPS)) != 0) continue;
        unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
        if (strcmp(type, "cgroup2") == 0 && strcmp(path, CGROUPS) == 0) {
            /* The kernel refuses a file system on a mount point of the same: something else is between. */
            if (mount("none", path, "tmpfs", flags, "size=4k,mode=0555") < 0
                || mount("cgroup2", path, "cgroup2", flags, NULL) < 0) die("cgroups cannot be mounted");
            spread();
        } else if (strcmp(type, "cgroup") == 0) {
            /* What is before the first comma is ro or rw, the rest names the hierarchy. */
            char *names = strchr(options, ',');
            /* A hierarchy that cannot be had is a limit less. */
            if (names != NULL) (void) !mount("cgroup", path, "cgroup", flags, names + 1);
        }
    }
    free(mounts);
}
