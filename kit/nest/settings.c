/*
 * Settings of the network for dockerd (28), which writes them for each interface of a container: that IPv6 is off, or how it is on.
 * A sandbox's are read-only. Where its root is nobody on the host they are made writable for dockerd, which has them for its own
 * network alone. Elsewhere those of IPv6 are covered: where dockerd finds none it goes on, as on a kernel without IPv6.
 *
 * The whole directory is covered and the rest shown in it again: what is below it is another in each network namespace, and a
 * mount there would be seen from one of them.
 */
#define _GNU_SOURCE
#include "nest.h"
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SETTINGS "/proc/sys/net"

/* Shows an entry of the directory that is covered, which is open as `covered`. */
static void show(int covered, const struct dirent *entry) {
    char from[512], to[512];
    snprintf(from, sizeof from, "/proc/self/fd/%d/%s", covered, entry->d_name);
    snprintf(to, sizeof to, SETTINGS "/%s", entry->d_name);
    if (entry->d_type == DT_DIR) {
        mkdir(to, 0555);
    } else {
        int fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);
        if (fd >= 0) close(fd);
    }
    if (mount(from, to, NULL, MS_BIND, NULL) < 0) die("%s cannot be shown again", to);
}

void cover_settings(void) {
    struct statfs found;
    unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (statfs(SETTINGS, &found) < 0 || found.f_type != PROC_SUPER_MAGIC) return;
    if (access(SETTINGS "/ipv6", F_OK) < 0) return;
    DIR *all = opendir(SETTINGS);
    if (all == NULL) die(SETTINGS " cannot be read");
    if (mount("none", SETTINGS, "tmpfs", flags, "size=64k,mode=0555") < 0) die(SETTINGS " cannot be covered");
    for (struct dirent *entry = readdir(all); entry != NULL; entry = readdir(all)) {
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "ipv6") != 0) show(dirfd(all), entry);
    }
    closedir(all);
    mkdir(SETTINGS "/ipv6", 0555);
    if (mount(NULL, SETTINGS, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, NULL) < 0) die(SETTINGS " cannot be made read-only");
}

/* Whether root here is the host's, who may write every setting of the kernel, and not those of this network alone. */
static int is_hosts_root(void) {
    unsigned first, outside = 0;
    FILE *map = fopen("/proc/self/uid_map", "re");
    int read = map == NULL ? 0 : fscanf(map, "%u %u", &first, &outside);
    if (map != NULL) fclose(map);
    return read != 2 || outside == 0;
}

void own_settings(void) {
    /* What dockerd mounts is for all in the sandbox, as on any host; its view of proc is for nobody else. */
    if (mount("none", "/", NULL, MS_REC | MS_SHARED, NULL) < 0) die("mounts cannot be shared");
    /* But for the kit: who binds it elsewhere and mounts something there would cover the kit itself. */
    if (mount("none", "/opt/caisson", NULL, MS_REC | MS_PRIVATE, NULL) < 0) die("/opt/caisson cannot be made private");
    if (unshare(CLONE_NEWNS) < 0) die("no mount namespace");
    if (mount("none", "/proc", NULL, MS_REC | MS_PRIVATE, NULL) < 0) die("/proc cannot be made private");
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (is_hosts_root() || mount(NULL, "/proc/sys", NULL, flags, NULL) < 0) cover_settings();
}
