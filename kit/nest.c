/*
 * nest: Docker in a sandbox that has no more than a container's usual capabilities.
 *
 *   nest enter -- COMMAND ARGS...   becomes COMMAND (an absolute path) in the nest, which is made where there is none
 *   nest examine                    makes a nest for a moment and says what it cannot have
 *   runc ...                        runc, for containers in the nest
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
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PLACE "/run/caisson-docker/nest"
#define KIT "/opt/caisson/docker/bin/"
#define PASTA PLACE "/pasta"
#define IDS "0 0 4294967294\n"
#define CGROUPS "/sys/fs/cgroup"
/* Where the engine hides a proc of the host, see the decision: seen by the kernel, and by nobody else. */
#define HIDDEN "/dev/.caisson/proc"
/* By this address, which is nobody's (RFC 5737), containers reach what listens in the sandbox. */
#define SANDBOX "203.0.113.113"
/* As few as a burst of connections of one published port is; more wait to be accepted. */
#define MOST_CONNECTIONS 512
#define MOST_PEERS 256
#define PIECE 65536
#define UDP_IDLE_SECONDS 90

static int report = -1;

/* Ends with words for whoever waits: enter's, or the examination's. */
static void die(const char *format, ...) {
    char text[512];
    va_list arguments;
    int error = errno;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0 || length >= (int) sizeof text) length = sizeof text - 1;
    dprintf(report < 0 ? 2 : report, "%s: %s\n", text, strerror(error));
    _exit(1);
}

static char *read_whole(const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL) return NULL;
    size_t length = 0, size = 1 << 16;
    char *text = malloc(size);
    while (text != NULL) {
        length += fread(text + length, 1, size - length - 1, file);
        if (length < size - 1) break;
        text = realloc(text, size *= 2);
    }
    if (text != NULL) text[length] = '\0';
    fclose(file);
    return text;
}

static int put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t written = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return written < 0 ? -1 : 0;
}

static void map(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    if (put(path, IDS) < 0) die("the users of the namespace cannot be set");
    snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
    if (put(path, IDS) < 0) die("the groups of the namespace cannot be set");
}

/* --- cgroups ------------------------------------------------------------------------------------------------------- */

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
static void mount_cgroups(void) {
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
            if (mount("cgroup2", path, "cgroup2", flags, NULL) < 0) die("cgroups cannot be mounted");
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

/* --- the nest ------------------------------------------------------------------------------------------------------ */

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
            if (mount("proc", "/tmp", "proc", flags, NULL) == 0) {
                errno = EPERM;
                die("a writable proc can be mounted, by which root would change the host's settings");
            }
            if (mount("proc", "/tmp", "proc", flags | MS_RDONLY, NULL) < 0) die("no proc can be mounted");
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
static void furnish(int up) {
    char told = 'u';
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWCGROUP) < 0) die("no user namespace");
    if (write(up, &told, 1) != 1 || read(up, &told, 1) != 1) _exit(1);
    /* Not even an unmount on the host comes in here: the proc that is needed must stay. */
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) die("mounts cannot be made private");
    mount_cgroups();
    loopback();
}

/* Becomes the holder. */
static void stay(void) {
    prctl(PR_SET_NAME, "nest-holder");
    for (int fd = 3; fd < 64; fd++) close(fd);
    for (;;) pause();
}

static pid_t make(int test) {
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
        furnish(ends[1]);
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
static int nested(pid_t pid) {
    char path[64];
    struct stat own, its;
    snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
    return stat("/proc/self/ns/user", &own) == 0 && stat(path, &its) == 0 && own.st_ino != its.st_ino;
}

static void record(const char *path, pid_t pid) {
    char text[32], fresh[128];
    snprintf(text, sizeof text, "%d\n", pid);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) < 0 || rename(fresh, path) < 0) die("%s cannot be written", path);
    close(fd);
}

/* Its descriptor can be waited for, and is of this process whatever gets its number later. */
static int handle(pid_t pid) {
    int fd = (int) syscall(SYS_pidfd_open, pid, 0);
    if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

static pid_t recorded(const char *path) {
    int pid = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%d", &pid) != 1 || pid < 0) pid = 0;
    fclose(file);
    return pid;
}

/* The holder that an earlier keeper left, which may be alive with all containers; 0 where there is none. */
static pid_t left(void) {
    pid_t pid = recorded(PLACE "/holder");
    return pid > 0 && nested(pid) ? pid : 0;
}

/* Ends the pasta that a keeper before this one has left: there can be one interface of a name. */
static void end_pasta(void) {
    char path[64], name[32] = "";
    pid_t pid = recorded(PASTA ".pid");
    int fd = pid > 0 ? handle(pid) : -1;
    if (fd < 0) return;
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        (void) !fgets(name, sizeof name, file);
        fclose(file);
    }
    if (strncmp(name, "pasta", 5) == 0 && syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0) {
        struct pollfd end = {fd, POLLIN, 0};
        poll(&end, 1, 5000);
    }
    close(fd);
}

/* Goes to the background when the interface is there. The descriptor to wait for its end by, or -1; it has said why then. */
static int start_pasta(pid_t holder) {
    char user[64], network[64];
    int status;
    snprintf(user, sizeof user, "/proc/%d/ns/user", holder);
    snprintf(network, sizeof network, "/proc/%d/ns/net", holder);
    pid_t pid = fork();
    if (pid < 0) return -1;
    if (pid == 0) {
        int words = open(PASTA ".words", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (words >= 0) dup2(words, 2);
        execl(KIT "pasta", "pasta", "--quiet", "--pid", PASTA ".pid", "--runas", "0:0", "--config-net", "--userns", user,
              "--netns", network, "--no-map-gw", "--map-guest-addr", SANDBOX, "--tcp-ports", "none", "--udp-ports", "none",
              "--tcp-ns", "none", "--udp-ns", "none", "--ns-ifname", "eth0", (char *) NULL);
        perror(KIT "pasta");
        _exit(1);
    }
    if (waitpid(pid, &status, 0) != pid || status != 0) return -1;
    return handle(recorded(PASTA ".pid"));
}

/* What pasta said when it could not start, for whoever waits for the nest. */
static void die_of_pasta(void) {
    char words[1024] = "";
    FILE *file = fopen(PASTA ".words", "re");
    size_t length = file == NULL ? 0 : fread(words, 1, sizeof words - 1, file);
    words[length] = '\0';
    dprintf(report, "the nest has no network: %s", words);
    _exit(1);
}

/* --- the keeper ---------------------------------------------------------------------------------------------------- */

/* What is asked of the keeper. */
struct question {
    int stream;
    int family;
    unsigned char address[16];
    int port;
};

/* What it answers, with a socket where there is no error. */
struct answer {
    int error;
    pid_t holder;
};

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
static int ask(const struct question *asked, struct answer *given, int *fd) {
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

static const char *const spaces[] = {"user", "cgroup", "net", "mnt"};
#define SPACES 4

static void open_spaces(pid_t holder, int *fds) {
    for (int i = 0; i < SPACES; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/ns/%s", holder, spaces[i]);
        fds[i] = open(path, O_RDONLY | O_CLOEXEC);
        if (fds[i] < 0) die("%s cannot be opened", path);
    }
}

/* The user namespace first: it has what the others need. */
static void go(const int *fds) {
    for (int i = 0; i < SPACES; i++) {
        if (setns(fds[i], 0) < 0) die("the nest's %s namespace cannot be entered", spaces[i]);
    }
    if (chdir("/") < 0) die("no root directory");
}

static pid_t hold_again(const int *fds) {
    pid_t pid = fork();
    if (pid == 0) {
        go(fds);
        stay();
    }
    return pid;
}

static void keep(int listener, pid_t holder, int pasta) {
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
static void hold(int ready) {
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
static void start_keeper(void) {
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

static int examine(void) {
    report = 1;
    int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (tun < 0) die("/dev/net/tun cannot be opened");
    close(tun);
    make(1);
    return 0;
}

/* --- runc ---------------------------------------------------------------------------------------------------------- */

/* Copies `text` with the first `old` in it replaced; as it is where there is none. */
static char *replaced(char *text, const char *old, const char *fresh) {
    char *at = strstr(text, old);
    if (at == NULL) return text;
    size_t head = (size_t) (at - text), tail = strlen(at + strlen(old));
    char *result = malloc(head + strlen(fresh) + tail + 1);
    if (result == NULL) return text;
    memcpy(result, text, head);
    strcpy(result + head, fresh);
    strcat(result + head, at + strlen(old));
    free(text);
    return result;
}

/*
 * The kernel gives the nest no proc but a read-only one, which is what keeps the host's settings from the sandbox, and no
 * sys at all: containers see the sandbox's. What Docker sets by itself in /proc/sys is left out; what a user sets fails.
 */
static void fit(const char *bundle) {
    char path[4096], fresh[4096 + 8];
    snprintf(path, sizeof path, "%s/config.json", bundle);
    snprintf(fresh, sizeof fresh, "%s.fit", path);
    char *text = read_whole(path);
    if (text == NULL) return;
    /* Who shares the sandbox's processes gets its proc: those are no namespace of the nest. */
    int shares = strstr(text, "{\"type\":\"pid\"") == NULL;
    text = replaced(text, "\"type\":\"proc\",\"source\":\"proc\",\"options\":[",
                    shares ? "\"type\":\"none\",\"source\":\"/proc\",\"options\":[\"rbind\","
                           : "\"type\":\"proc\",\"source\":\"proc\",\"options\":[\"ro\",");
    text = replaced(text, "\"type\":\"sysfs\",\"source\":\"sysfs\",\"options\":[",
                    "\"type\":\"none\",\"source\":\"/sys\",\"options\":[\"rbind\",\"ro\",");
    /* The first, the last, and the only one of its kind. */
    text = replaced(text, "\"net.ipv4.ip_unprivileged_port_start\":\"0\",", "");
    text = replaced(text, ",\"net.ipv4.ip_unprivileged_port_start\":\"0\"", "");
    text = replaced(text, "\"net.ipv4.ip_unprivileged_port_start\":\"0\"", "");
    FILE *file = fopen(fresh, "we");
    if (file == NULL) return;
    int failed = fputs(text, file) < 0;
    failed |= fclose(file) != 0;
    if (!failed) (void) !rename(fresh, path);
}

static int runc(int count, char **arguments) {
    char **line = calloc((size_t) count + 2, sizeof *line);
    if (line == NULL) return 1;
    int length = 0, creates = 0;
    for (int i = 0; i < count; i++) {
        line[length++] = arguments[i];
        if (i > 0 && !creates && (strcmp(arguments[i], "create") == 0 || strcmp(arguments[i], "run") == 0)) {
            creates = 1;
            /* keyctl is refused in the sandbox: keys of root are the host's. */
            line[length++] = "--no-new-keyring";
        } else if (creates && i + 1 < count && (strcmp(arguments[i], "--bundle") == 0 || strcmp(arguments[i], "-b") == 0)) {
            fit(arguments[i + 1]);
        }
    }
    execv(KIT "runc", line);
    perror(KIT "runc");
    return 127;
}

/* --- docker-proxy -------------------------------------------------------------------------------------------------- */

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

static struct sockaddr_storage target;
static socklen_t target_length;

static void part(struct connection *connection) {
    for (int i = 0; i < 2; i++) {
        close(connection->fds[i]);
        free(connection->ways[i].bytes);
    }
    memset(connection, 0, sizeof *connection);
}

static int meet(struct connection *connection, int client) {
    int server = socket(target.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    connection->fds[0] = client;
    connection->fds[1] = server;
    for (int i = 0; i < 2; i++) connection->ways[i].bytes = malloc(PIECE);
    if (server < 0 || connection->ways[0].bytes == NULL || connection->ways[1].bytes == NULL) return -1;
    connection->connecting = 1;
    return connect(server, (struct sockaddr *) &target, target_length) < 0 && errno != EINPROGRESS ? -1 : 0;
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
        ssize_t put = send(to, way->bytes + way->from, way->to - way->from, MSG_NOSIGNAL);
        if (put < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
        way->from += (size_t) put;
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
    short events = 0;
    if (connection->connecting) return end == 1 ? POLLOUT : 0;
    if (!in->ended && in->from == in->to) events |= POLLIN;
    if (out->from < out->to) events |= POLLOUT;
    return events;
}

static int passes(struct connection *connection, const struct pollfd *ends) {
    if (connection->connecting) {
        if (ends[1].revents == 0) return (ends[0].revents & (POLLERR | POLLHUP)) == 0;
        int error = 0;
        socklen_t length = sizeof error;
        getsockopt(connection->fds[1], SOL_SOCKET, SO_ERROR, &error, &length);
        if (error != 0) return 0;
        connection->connecting = 0;
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        if (((ends[i].revents | ends[1 - i].revents) != 0) && move(connection, i) < 0) return 0;
    }
    return !(connection->ways[0].shut && connection->ways[1].shut);
}

static void stream(int listener) {
    static struct connection all[MOST_CONNECTIONS];
    static struct pollfd waits[2 * MOST_CONNECTIONS + 1];
    int count = 0;
    for (;;) {
        for (int i = 0; i < count; i++) {
            for (int end = 0; end < 2; end++) {
                short events = wants(&all[i], end);
                /* An end that is waited for in vain would tell of its hang-up for ever. */
                waits[2 * i + end] = (struct pollfd) {events == 0 ? -1 : all[i].fds[end], events, 0};
            }
        }
        waits[2 * count] = (struct pollfd) {count < MOST_CONNECTIONS ? listener : -1, POLLIN, 0};
        if (poll(waits, (nfds_t) (2 * count + 1), -1) < 0 && errno != EINTR) _exit(1);
        short arrived = waits[2 * count].revents;
        for (int i = count - 1; i >= 0; i--) {
            if (!passes(&all[i], &waits[2 * i])) {
                part(&all[i]);
                all[i] = all[--count];
            }
        }
        int client = arrived == 0 ? -1 : accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (client >= 0) {
            memset(&all[count], 0, sizeof all[count]);
            if (meet(&all[count], client) < 0) part(&all[count]);
            else count++;
        }
    }
}

struct peer {
    struct sockaddr_storage address;
    socklen_t length;
    int fd;
    time_t heard;
};

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/* A socket towards the container for each peer, the longest silent giving way. */
static struct peer *peer_of(struct peer *peers, int *count, const struct sockaddr_storage *address, socklen_t length) {
    struct peer *eldest = &peers[0];
    for (int i = 0; i < *count; i++) {
        if (peers[i].length == length && memcmp(&peers[i].address, address, length) == 0) return &peers[i];
        if (peers[i].heard < eldest->heard) eldest = &peers[i];
    }
    int fd = socket(target.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *) &target, target_length) < 0) {
        if (fd >= 0) close(fd);
        return NULL;
    }
    struct peer *place = *count < MOST_PEERS ? &peers[(*count)++] : eldest;
    if (place == eldest && place->fd > 0) close(place->fd);
    *place = (struct peer) {.address = *address, .length = length, .fd = fd};
    return place;
}

static void datagrams(int socket) {
    static struct peer peers[MOST_PEERS];
    static struct pollfd waits[MOST_PEERS + 1];
    static char bytes[PIECE];
    int count = 0;
    for (;;) {
        for (int i = count - 1; i >= 0; i--) {
            if (now() - peers[i].heard > UDP_IDLE_SECONDS) {
                close(peers[i].fd);
                peers[i] = peers[--count];
            }
        }
        for (int i = 0; i < count; i++) waits[i] = (struct pollfd) {peers[i].fd, POLLIN, 0};
        waits[count] = (struct pollfd) {socket, POLLIN, 0};
        int known = count;
        if (poll(waits, (nfds_t) (count + 1), UDP_IDLE_SECONDS * 1000) < 0 && errno != EINTR) _exit(1);
        for (int i = 0; i < known; i++) {
            ssize_t got = waits[i].revents == 0 ? -1 : recv(peers[i].fd, bytes, sizeof bytes, 0);
            if (got < 0) continue;
            peers[i].heard = now();
            (void) !sendto(socket, bytes, (size_t) got, MSG_NOSIGNAL, (struct sockaddr *) &peers[i].address, peers[i].length);
        }
        struct sockaddr_storage from = {0};
        socklen_t length = sizeof from;
        ssize_t got = waits[known].revents == 0
            ? -1 : recvfrom(socket, bytes, sizeof bytes, 0, (struct sockaddr *) &from, &length);
        struct peer *peer = got < 0 ? NULL : peer_of(peers, &count, &from, length);
        if (peer != NULL) {
            peer->heard = now();
            (void) !send(peer->fd, bytes, (size_t) got, MSG_NOSIGNAL);
        }
    }
}

/* dockerd reads at descriptor 3 whether the port can be had. */
static void tell(int error, const struct question *asked) {
    if (error == 0) dprintf(3, "0\n");
    else dprintf(3, "1\nlisten %s port %d of the sandbox: %s\n", asked->stream ? "tcp" : "udp", asked->port, strerror(error));
    close(3);
}

static int docker_proxy(int count, char **arguments) {
    const char *proto = "tcp", *host = "0.0.0.0", *host_port = "0", *container = "", *container_port = "0";
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = arguments[i] + strspn(arguments[i], "-"), *value = arguments[i + 1];
        if (strcmp(name, "proto") == 0) proto = value;
        else if (strcmp(name, "host-ip") == 0) host = value;
        else if (strcmp(name, "host-port") == 0) host_port = value;
        else if (strcmp(name, "container-ip") == 0) container = value;
        else if (strcmp(name, "container-port") == 0) container_port = value;
    }
    signal(SIGPIPE, SIG_IGN);
    struct question asked = {.stream = strcmp(proto, "tcp") == 0, .family = strchr(host, ':') ? AF_INET6 : AF_INET};
    struct answer given = {0};
    int fd = -1;
    asked.port = atoi(host_port);
    struct sockaddr_in *four = (struct sockaddr_in *) &target;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *) &target;
    int known = inet_pton(asked.family, host, asked.address) == 1 && (asked.stream || strcmp(proto, "udp") == 0);
    if (inet_pton(AF_INET, container, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(atoi(container_port));
        target_length = sizeof *four;
    } else if (inet_pton(AF_INET6, container, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(atoi(container_port));
        target_length = sizeof *six;
    } else known = 0;
    if (!known || asked.port <= 0) {
        tell(EPROTONOSUPPORT, &asked);
        return 1;
    }
    if (ask(&asked, &given, &fd) < 0) given.error = ECONNREFUSED;
    if (given.error != 0) {
        tell(given.error, &asked);
        return 1;
    }
    tell(0, &asked);
    if (asked.stream) stream(fd);
    else datagrams(fd);
    return 0;
}

int main(int count, char **arguments) {
    const char *name = strrchr(arguments[0], '/');
    name = name == NULL ? arguments[0] : name + 1;
    if (strcmp(name, "runc") == 0) return runc(count, arguments);
    if (strcmp(name, "docker-proxy") == 0) return docker_proxy(count, arguments);
    if (count == 2 && strcmp(arguments[1], "examine") == 0) return examine();
    if (count == 3 && strcmp(arguments[1], "hold") == 0) hold(atoi(arguments[2]));
    if (count > 3 && strcmp(arguments[1], "enter") == 0 && strcmp(arguments[2], "--") == 0) enter(arguments + 3);
    fprintf(stderr, "nest enter -- COMMAND ARGS... | nest examine\n");
    return 2;
}
