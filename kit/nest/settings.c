/*
 * Settings of the network, without those of IPv6: dockerd (28) must turn IPv6 off on each interface of a container where it finds
 * that setting, and a sandbox's are read-only. Where it finds none it goes on, as on a kernel without IPv6.
 *
 * The whole directory is covered and the rest shown in it again: what is below it is another in each network namespace, and a
 * mount there would be seen from one of them.
 */
#define _GNU_SOURCE
#include "nest.h"
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SETTINGS "/proc/sys/net"
#define DRAFT "/run/caisson-docker/settings"

static void show(const struct dirent *entry) {
    char from[512], to[512];
    snprintf(from, sizeof from, SETTINGS "/%s", entry->d_name);
    snprintf(to, sizeof to, DRAFT "/%s", entry->d_name);
    if (entry->d_type == DT_DIR) {
        mkdir(to, 0555);
    } else {
        int fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);
        if (fd >= 0) close(fd);
    }
    if (mount(from, to, NULL, MS_BIND, NULL) < 0) die("%s cannot be shown again", from);
}

void cover_settings(void) {
    struct statfs found;
    unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (statfs(SETTINGS, &found) < 0 || found.f_type != PROC_SUPER_MAGIC) return;
    if (access(SETTINGS "/ipv6", F_OK) < 0) return;
    mkdir("/run/caisson-docker", 0700);
    mkdir(DRAFT, 0700);
    if (mount("none", DRAFT, "tmpfs", flags, "size=64k,mode=0555") < 0) die("no tmpfs for the settings of the network");
    DIR *all = opendir(SETTINGS);
    if (all == NULL) die(SETTINGS " cannot be read");
    for (struct dirent *entry = readdir(all); entry != NULL; entry = readdir(all)) {
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "ipv6") != 0) show(entry);
    }
    closedir(all);
    mkdir(DRAFT "/ipv6", 0555);
    if (mount(NULL, DRAFT, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, NULL) < 0
        || mount(DRAFT, SETTINGS, NULL, MS_MOVE, NULL) < 0) die(SETTINGS " cannot be covered");
    rmdir(DRAFT);
}
