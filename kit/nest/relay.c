/*
 * The relay of one published port: connections, or datagrams of many peers, from a socket in the sandbox to a container.
 *
 * Whatever has a descriptor has it from the moment it is opened to the one function that closes it, which leaves -1 behind: a
 * number that was closed is the next one's, so that a copy of it in a slot that is free would close another's socket.
 */
#define _GNU_SOURCE
#include "nest.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* As few as a burst of connections of one published port is; more wait to be accepted. */
#define MOST_CONNECTIONS 512
/* Beyond them, the longest silent gives way. */
#define MOST_PEERS 256
/* More than any datagram has. */
#define PIECE 65536
/* How long nobody is accepted for want of descriptors or memory; without, the listener would be ready all the time. */
#define PAUSE_MILLISECONDS 100

/* Where the container is. */
static const struct sockaddr *target;
static socklen_t target_length;

static void release(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

/* --- connections --------------------------------------------------------------------------------------------------- */

struct way {
    char *bytes;
    size_t from, to;
    int ended, shut;
};

struct connection {
    int fds[2];
    int connecting;
    /* ways[0] is from fds[0] to fds[1]. */
    struct way ways[2];
};

static struct connection connections[MOST_CONNECTIONS];
static int connection_count;

/* Its place is the last one's afterwards. */
static void part(struct connection *connection) {
    struct connection *last = &connections[connection_count - 1];
    for (int i = 0; i < 2; i++) {
        release(&connection->fds[i]);
        free(connection->ways[i].bytes);
    }
    *connection = *last;
    *last = (struct connection) {.fds = {-1, -1}};
    connection_count--;
}

static void meet(int client, int server) {
    struct connection *connection = &connections[connection_count++];
    *connection = (struct connection) {.fds = {client, server}, .connecting = 1};
    for (int i = 0; i < 2; i++) connection->ways[i].bytes = malloc(PIECE);
    if (connection->ways[0].bytes == NULL || connection->ways[1].bytes == NULL
        || (connect(server, target, target_length) < 0 && errno != EINPROGRESS)) {
        part(connection);
    }
}

/* Moves what can be moved one way; -1 when the connection has broken. */
static int move(struct connection *connection, int i) {
    struct way *way = &connection->ways[i];
    int from = connection->fds[i], to = connection->fds[1 - i];
    if (way->from == way->to && !way->ended) {
        ssize_t got = read(from, way->bytes, PIECE);
        if (got < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
        way->from = 0;
        way->to = (size_t) got;
        way->ended = got == 0;
    }
    while (way->from < way->to) {
        ssize_t sent = send(to, way->bytes + way->from, way->to - way->from, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
        way->from += (size_t) sent;
    }
    if (way->ended && !way->shut) {
        shutdown(to, SHUT_WR);
        way->shut = 1;
    }
    return 0;
}

/* What is to be waited for on one end: bytes to read where there is room, room to write where there are bytes. */
static short wants(const struct connection *connection, int end) {
    const struct way *in = &connection->ways[end], *out = &connection->ways[1 - end];
    if (connection->connecting) return end == 1 ? POLLOUT : 0;
    return (short) ((!in->ended && in->from == in->to ? POLLIN : 0) | (out->from < out->to ? POLLOUT : 0));
}

/* Whether it goes on. */
static int passes(struct connection *connection, const struct pollfd *ends) {
    if (connection->connecting) {
        if (ends[1].revents == 0) return 1;
        int error = 0;
        socklen_t length = sizeof error;
        if (getsockopt(connection->fds[1], SOL_SOCKET, SO_ERROR, &error, &length) < 0 || error != 0) return 0;
        connection->connecting = 0;
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        if (((ends[i].revents | ends[1 - i].revents) != 0) && move(connection, i) < 0) return 0;
    }
    return !(connection->ways[0].shut && connection->ways[1].shut);
}

/* Accepts one where there are descriptors for both its ends: else it waits in the queue. Whether another can be at once. */
static int welcome(int listener) {
    int server = socket(target->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server < 0) return 0;
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client >= 0) {
        meet(client, server);
        return 1;
    }
    int error = errno;
    release(&server);
    return error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM;
}

void relay_streams(int listener, const struct sockaddr *to, socklen_t length) {
    static struct pollfd waits[2 * MOST_CONNECTIONS + 1];
    int accepts = 1;
    target = to;
    target_length = length;
    for (;;) {
        int count = connection_count;
        for (int i = 0; i < count; i++) {
            for (int end = 0; end < 2; end++) {
                short events = wants(&connections[i], end);
                /* An end that is waited for in vain would tell of its hang-up for ever. */
                waits[2 * i + end] = (struct pollfd) {events == 0 ? -1 : connections[i].fds[end], events, 0};
            }
        }
        waits[2 * count] = (struct pollfd) {accepts && count < MOST_CONNECTIONS ? listener : -1, POLLIN, 0};
        if (poll(waits, (nfds_t) (2 * count + 1), accepts ? -1 : PAUSE_MILLISECONDS) < 0 && errno != EINTR) _exit(1);
        /* From the end: the one that takes the place of one that parts has been looked at. */
        for (int i = count - 1; i >= 0; i--) {
            if (!passes(&connections[i], &waits[2 * i])) part(&connections[i]);
        }
        accepts = waits[2 * count].revents == 0 || welcome(listener);
    }
}

/* --- datagrams ----------------------------------------------------------------------------------------------------- */

struct peer {
    struct sockaddr_storage address;
    socklen_t length;
    int fd;
    time_t heard;
};

static struct peer peers[MOST_PEERS];
static int peer_count;

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/* Its place is the last one's afterwards. */
static void forget(struct peer *peer) {
    struct peer *last = &peers[peer_count - 1];
    release(&peer->fd);
    *peer = *last;
    *last = (struct peer) {.fd = -1};
    peer_count--;
}

static struct peer *eldest(void) {
    struct peer *found = &peers[0];
    for (int i = 1; i < peer_count; i++) {
        if (peers[i].heard < found->heard) found = &peers[i];
    }
    return found;
}

/* A socket towards the container for each peer; NULL where there can be none. */
static struct peer *peer_of(const struct sockaddr_storage *address, socklen_t length) {
    for (int i = 0; i < peer_count; i++) {
        if (peers[i].length == length && memcmp(&peers[i].address, address, length) == 0) return &peers[i];
    }
    if (peer_count == MOST_PEERS) forget(eldest());
    struct peer *peer = &peers[peer_count++];
    *peer = (struct peer) {.address = *address, .length = length};
    peer->fd = socket(target->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (peer->fd >= 0 && connect(peer->fd, target, target_length) == 0) return peer;
    forget(peer);
    return NULL;
}

/* Forgets who was silent for `idle` seconds; how long until the next one may be, in milliseconds, -1 for ever. */
static int forget_the_silent(int idle) {
    time_t since = now();
    for (int i = peer_count - 1; i >= 0; i--) {
        if (since - peers[i].heard > idle) forget(&peers[i]);
    }
    return peer_count == 0 ? -1 : ((int) (eldest()->heard - since) + idle + 1) * 1000;
}

void relay_datagrams(int socket, const struct sockaddr *to, socklen_t length, int idle) {
    static struct pollfd waits[MOST_PEERS + 1];
    static char bytes[PIECE];
    target = to;
    target_length = length;
    for (;;) {
        int patience = forget_the_silent(idle), count = peer_count;
        for (int i = 0; i < count; i++) waits[i] = (struct pollfd) {peers[i].fd, POLLIN, 0};
        waits[count] = (struct pollfd) {socket, POLLIN, 0};
        if (poll(waits, (nfds_t) (count + 1), patience) < 0 && errno != EINTR) _exit(1);
        for (int i = 0; i < count; i++) {
            ssize_t got = waits[i].revents == 0 ? -1 : recv(peers[i].fd, bytes, sizeof bytes, 0);
            if (got < 0) continue;
            peers[i].heard = now();
            (void) !sendto(socket, bytes, (size_t) got, MSG_NOSIGNAL, (struct sockaddr *) &peers[i].address, peers[i].length);
        }
        struct sockaddr_storage from = {0};
        socklen_t from_length = sizeof from;
        ssize_t got = waits[count].revents == 0
            ? -1 : recvfrom(socket, bytes, sizeof bytes, 0, (struct sockaddr *) &from, &from_length);
        struct peer *peer = got < 0 ? NULL : peer_of(&from, from_length);
        if (peer != NULL) {
            peer->heard = now();
            (void) !send(peer->fd, bytes, (size_t) got, MSG_NOSIGNAL);
        }
    }
}
