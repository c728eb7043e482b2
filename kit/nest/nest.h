/* nest: what its parts ask of each other. */
#ifndef NEST_H
#define NEST_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>

/* A test builds it with places of its own. */
#ifndef PLACE
#define PLACE "/run/caisson-docker/nest"
#endif
#ifndef KIT
#define KIT "/opt/caisson/docker/bin/"
#endif

#define SPACES 4

/* What is asked of the keeper. */
struct question {
    int stream;
    int family;
    unsigned char address[16];
    in_port_t port;
};

/* What it answers, with a socket where there is no error. */
struct answer {
    int error;
    pid_t holder;
};

/* words.c: ends with words for whoever waits: enter's, or the examination's; `report` is where they are heard, or -1. */
extern int report;
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
char *read_whole(const char *path);
int put(const char *path, const char *text);

/* process.c: a process by more than its number, which is given to others later. */
void record(const char *path, pid_t pid);
pid_t recorded(const char *path);
int handle(pid_t pid);

/* namespaces.c: the namespaces of the nest, made and entered. */
pid_t make(int test);
int nested(pid_t pid);
int in_nest(void);
void open_spaces(pid_t holder, int *fds);
void go(const int *fds);
void stay(void) __attribute__((noreturn));

/* cgroups.c: the nest's part of each hierarchy, mounted in it. */
void mount_cgroups(void);

/* settings.c: the settings of the network without those of IPv6; once. */
void cover_settings(void);
/* Settings that dockerd can live with, in a mount namespace in which nothing else differs from the sandbox's. */
void own_settings(void);

/* network.c: pasta, the way to the sandbox's network. */
void end_pasta(void);
int start_pasta(pid_t holder);
void die_of_pasta(void) __attribute__((noreturn));

/* keeper.c: the process that keeps the nest, and how it is asked. */
void hold(int ready) __attribute__((noreturn));
void start_keeper(void);
int ask(const struct question *asked, struct answer *given, int *fd);

/* runc.c: `nest` says whether the container is made in the nest. */
int runc(int count, char **arguments, int nest);

/* proxy.c */
int docker_proxy(int count, char **arguments);

/* relay.c: from a socket of the sandbox to `target`, until it is killed. */
void relay_streams(int listener, const struct sockaddr *target, socklen_t length) __attribute__((noreturn));
void relay_datagrams(int socket, const struct sockaddr *target, socklen_t length, int idle) __attribute__((noreturn));

#endif
