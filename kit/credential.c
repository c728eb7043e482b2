/*
 * docker-credential-caisson: the Docker CLI's credential helper in a sandbox.
 *
 *   docker-credential-caisson get|store|erase|list|version
 *
 * It keeps nothing: the verb and its input go to the supervisor's socket, which only root of the sandbox can open, and the
 * answer comes back: the exit code as one digit, then what is to be printed. So a registry's password is in no file and in
 * no environment. To whoever may not open the socket there are no credentials, and the CLI goes on without.
 * It is also called docker-credential-secretservice and docker-credential-pass: these are the helpers that the CLI takes
 * by itself where a user's configuration names none.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET "/run/caisson-docker/credentials.sock"

/* The words by which the CLI knows that there is nothing, rather than that something broke. */
#define NOTHING "credentials not found in native keychain\n"

static int put(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        /* A supervisor that has gone must not kill this with SIGPIPE, unexplained. */
        ssize_t count = fd == 1 ? write(fd, bytes, length) : send(fd, bytes, length, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return -1;
        bytes += count;
        length -= (size_t) count;
    }
    return 0;
}

static ssize_t take(int fd, char *bytes, size_t length) {
    ssize_t count;
    do count = read(fd, bytes, length);
    while (count < 0 && errno == EINTR);
    return count;
}

static int say(const char *text) {
    put(1, text, strlen(text));
    return 1;
}

static int unreachable(const char *verb) {
    if (strcmp(verb, "get") == 0) return say(NOTHING);
    if (strcmp(verb, "list") == 0) {
        say("{}\n");
        return 0;
    }
    if (errno == EACCES || errno == EPERM) return say("only root of this sandbox can keep credentials\n");
    return say("this sandbox's supervisor does not keep credentials\n");
}

int main(int argc, char **argv) {
    static const char *const verbs[] = {"get", "store", "erase", "list"};
    const char *verb = NULL;
    char buffer[4096];
    ssize_t count;

    if (argc == 2 && strcmp(argv[1], "version") == 0) {
        say("docker-credential-caisson 1\n");
        return 0;
    }
    for (size_t i = 0; argc == 2 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i]) == 0) verb = verbs[i];
    if (verb == NULL) return say("usage: docker-credential-caisson get|store|erase|list|version\n");

    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof address) < 0) return unreachable(verb);
    if (put(fd, verb, strlen(verb)) < 0 || put(fd, "\n", 1) < 0) return unreachable(verb);
    while (strcmp(verb, "list") != 0 && (count = take(0, buffer, sizeof buffer)) > 0)
        if (put(fd, buffer, (size_t) count) < 0) return unreachable(verb);
    shutdown(fd, SHUT_WR);

    char code = '1';
    if (take(fd, &code, 1) != 1) return unreachable(verb);
    while ((count = take(fd, buffer, sizeof buffer)) > 0)
        if (put(1, buffer, (size_t) count) < 0) return 1;
    return code == '0' ? 0 : 1;
}
