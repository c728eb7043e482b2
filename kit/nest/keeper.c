/*
 * The keeper stays outside of the nest: it holds a process in it, starts pasta again whenever it ends, and gives docker-proxy
 * sockets that listen in the sandbox.
 */
#define _GNU_SOURCE
#include "nest.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* The holder that an earlier keeper left, which may be alive with all containers; 0 where there is none. */
static pid_t left(void) {
    pid_t pid = recorded(PLACE "/holder");
    return pid > 0 && nested(pid) ? pid : 0;
}

static int socket_at(const struct question *asked) {
    int fd = socket(asked->family, (asked->stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int yes = 1, failed;
    if (asked->stream) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (asked->family == AF_INET6) {
        struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_port = htons(asked->port)};
        memcpy(&at.sin6_addr, asked->address, 16);
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
        failed = bind(fd, (struct sockaddr *) &at, sizeof at);
    } else {
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(asked->port)};
        memcpy(&at.sin_addr, asked->address, 4);
        failed = bind(fd, (struct sockaddr *) &at, sizeof at);
    }
    if (failed == 0 && asked->stream) failed = listen(fd, 1024);
    if (failed == 0) return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void reply(int peer, pid_t holder) {
    struct question asked;
    struct answer given = {0, holder};
    struct timeval patience = {.tv_sec = 2};
    int fd = -1;
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (recv(peer, &asked, sizeof asked, 0) != sizeof asked) return;
    if (asked.port != 0) {
        fd = socket_at(&asked);
        given.error = fd < 0 ? errno : 0;
    }
    char room[CMSG_SPACE(sizeof fd)] = {0};
    struct iovec piece = {&given, sizeof given};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = room;
        message.msg_controllen = sizeof room;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(head), &fd, sizeof fd);
    }
    (void) !sendmsg(peer, &message, MSG_NOSIGNAL);
    if (fd >= 0) close(fd);
}

static struct sockaddr_un keepers_address(void) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    strcpy(at.sun_path, PLACE "/keeper.sock");
    return at;
}

/* Asks the keeper; -1 where there is none. `fd` is the socket it gave, or -1. */
int ask(const struct question *asked, struct answer *given, int *fd) {
    struct sockaddr_un at = keepers_address();
    int peer = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    *fd = -1;
    if (peer < 0) return -1;
    char room[CMSG_SPACE(sizeof *fd)];
    struct iovec piece = {given, sizeof *given};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    int heard = connect(peer, (struct sockaddr *) &at, sizeof at) == 0 && send(peer, asked, sizeof *asked, MSG_NOSIGNAL) > 0
        && recvmsg(peer, &message, MSG_CMSG_CLOEXEC) == sizeof *given;
    struct cmsghdr *head = heard ? CMSG_FIRSTHDR(&message) : NULL;
    if (head != NULL && head->cmsg_type == SCM_RIGHTS) memcpy(fd, CMSG_DATA(head), sizeof *fd);
    close(peer);
    return heard ? 0 : -1;
}

static pid_t hold_again(const int *fds) {
    pid_t pid = fork();
    if (pid == 0) {
        go(fds);
        stay();
    }
    return pid;
}

static void __attribute__((noreturn)) keep(int listener, pid_t holder, int pasta) {
    int fds[SPACES], held = handle(holder);
    open_spaces(holder, fds);
    for (;;) {
        struct pollfd waits[] = {{held, POLLIN, 0}, {pasta, POLLIN, 0}, {listener, POLLIN, 0}};
        /* Nothing tells when a pasta can be had that could not be had now. */
        if (poll(waits, 3, pasta < 0 ? 1000 : -1) < 0 && errno != EINTR) _exit(1);
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
        if (held < 0 || waits[0].revents != 0) {
            close(held);
            holder = hold_again(fds);
            record(PLACE "/holder", holder);
            held = handle(holder);
        }
        if (pasta < 0 || waits[1].revents != 0) {
            close(pasta);
            pasta = start_pasta(holder);
        }
        if (waits[2].revents != 0) {
            int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
            if (peer >= 0) {
                reply(peer, holder);
                close(peer);
            }
        }
    }
}

/* The keeper, from its start on; `ready` hears words where it fails, and is closed. */
void hold(int ready) {
    struct sockaddr_un at = keepers_address();
    report = ready;
    prctl(PR_SET_NAME, "nest-keeper");
    fcntl(ready, F_SETFD, FD_CLOEXEC);
    signal(SIGPIPE, SIG_IGN);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    for (int fd = 3; fd < 64; fd++) {
        if (fd != ready) close(fd);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    unlink(at.sun_path);
    int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *) &at, sizeof at) < 0) die("%s cannot be made", at.sun_path);
    chmod(at.sun_path, 0600);
    pid_t holder = left();
    if (holder == 0) {
        holder = make(0);
        record(PLACE "/holder", holder);
    }
    end_pasta();
    int pasta = start_pasta(holder);
    if (pasta < 0) die_of_pasta();
    if (listen(listener, 64) < 0) die("%s cannot listen", at.sun_path);
    close(ready);
    report = -1;
    keep(listener, holder, pasta);
}

/* A keeper that outlives this process, which will be a daemon; returns when there is a nest. */
void start_keeper(void) {
    int ends[2];
    char number[16], words[1024];
    if (pipe(ends) < 0) die("no pipe");
    pid_t child = fork();
    if (child < 0) die("no process");
    if (child == 0) {
        close(ends[0]);
        setsid();
        if (fork() != 0) _exit(0);
        snprintf(number, sizeof number, "%d", ends[1]);
        execl("/proc/self/exe", "nest", "hold", number, (char *) NULL);
        _exit(1);
    }
    close(ends[1]);
    waitpid(child, NULL, 0);
    size_t length = 0;
    for (ssize_t got; length < sizeof words && (got = read(ends[0], words + length, sizeof words - length)) > 0;) {
        length += (size_t) got;
    }
    close(ends[0]);
    if (length > 0) {
        (void) !write(2, words, length);
        _exit(1);
    }
}
