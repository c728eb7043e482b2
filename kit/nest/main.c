/*
 * nest: Docker in a sandbox that has no more than a container's usual capabilities.
 *
 *   nest enter -- COMMAND ARGS...   becomes COMMAND (an absolute path) in the nest, which is made where there is none
 *   nest settle -- COMMAND ARGS...  becomes COMMAND where it is, with settings of the network that dockerd can write, or none of IPv6
 *   nest examine                    makes a nest for a moment and says what it cannot have
 *   runc ...                        runc, for containers in the sandbox or in the nest
 *   docker-proxy ...                dockerd's, for ports of the sandbox
 *
 * The nest is a user namespace with all capabilities over mounts, network and cgroups of its own, and none over anything
 * else. Its users are those of the sandbox, so that a bind mount has the owners it had; one less than all, since the whole
 * range is what tells Docker's programs that they are not in a user namespace.
 *
 * A holder stays in the nest, which lives as long as anything in it; its keeper stays outside, starts pasta, the nest's way
 * to the sandbox's network, again whenever it ends, and gives docker-proxy sockets that listen in the sandbox. Daemons
 * enter, end and enter again, and a holder or keeper that ended is replaced: containers do not notice.
 */
#define _GNU_SOURCE
#include "nest.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void enter(char **command) {
    int fds[SPACES], unwanted;
    struct question nothing = {0};
    struct answer given;
    mkdir("/run/caisson-docker", 0700);
    mkdir(PLACE, 0700);
    /* Daemons start together: one makes the nest, the other finds it. */
    int lock = open(PLACE "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) < 0) die(PLACE "/lock cannot be had");
    if (ask(&nothing, &given, &unwanted) < 0) {
        start_keeper();
        if (ask(&nothing, &given, &unwanted) < 0) die("the keeper of the nest has ended");
    }
    open_spaces(given.holder, fds);
    close(lock);
    go(fds);
    execv(command[0], command);
    die("%s cannot be started", command[0]);
}

/* For a sandbox that needs no nest. */
static void settle(char **command) {
    own_settings();
    execv(command[0], command);
    die("%s cannot be started", command[0]);
}

static int examine(void) {
    report = 1;
    int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (tun < 0) die("/dev/net/tun cannot be opened");
    close(tun);
    make(1);
    return 0;
}

int main(int count, char **arguments) {
    const char *name = strrchr(arguments[0], '/');
    name = name == NULL ? arguments[0] : name + 1;
    if (strcmp(name, "runc") == 0) return runc(count, arguments, in_nest());
    if (strcmp(name, "docker-proxy") == 0) return docker_proxy(count, arguments);
    if (count == 2 && strcmp(arguments[1], "examine") == 0) return examine();
    if (count == 3 && strcmp(arguments[1], "hold") == 0) hold(atoi(arguments[2]));
    if (count > 3 && strcmp(arguments[1], "enter") == 0 && strcmp(arguments[2], "--") == 0) enter(arguments + 3);
    if (count > 3 && strcmp(arguments[1], "settle") == 0 && strcmp(arguments[2], "--") == 0) settle(arguments + 3);
    fprintf(stderr, "nest enter -- COMMAND ARGS... | nest settle -- COMMAND ARGS... | nest examine\n");
    return 2;
}
