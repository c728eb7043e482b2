/*
 * runc, for containers in a sandbox: the real one, with a configuration that the sandbox can have.
 *
 * Everywhere: a privileged container gets what the sandbox itself has, a read-only sys and its devices; a device is shown from
 * where the sandbox has it, since nobody may make one; and a domain name is set by its call, since its setting is the host's.
 *
 * In the nest, besides: the kernel gives it no proc but a read-only one, which is what keeps the host's settings from the sandbox,
 * and no sys at all: containers see the sandbox's. What Docker sets by itself in /proc/sys is left out; what a user sets fails.
 *
 * The configuration is edited by its text, whose form is that of Go's encoder. A text that has another form is refused in
 * words: a container that starts unfit fails later, and says of something else. No string of a user can be taken for a part of it: a
 * quote in it has a backslash before it.
 */
#define _GNU_SOURCE
#include "nest.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* How a device in the configuration's list begins. */
#define DEVICE "{\"path\":\""

/* Where containerd reads why a command of runc failed; NULL where it did not say. */
static const char *log_path;

/* Says why on stderr, and in the log in runc's own form; `what` is without quotes in it. */
static void __attribute__((noreturn)) refuse(const char *what, const char *path) {
    FILE *log = log_path == NULL ? NULL : fopen(log_path, "ae");
    fprintf(stderr, "nest: %s: %s\n", path, what);
    if (log != NULL) {
        fprintf(log, "{\"level\":\"error\",\"msg\":\"nest: %s: %s\",\"time\":\"1970-01-01T00:00:00Z\"}\n", path, what);
        fclose(log);
    }
    exit(1);
}

/* Copies `text` with what is from `at` on, `length` bytes, replaced. */
static char *spliced(char *text, const char *at, size_t length, const char *fresh) {
    size_t head = (size_t) (at - text), middle = strlen(fresh), tail = strlen(at + length);
    char *result = malloc(head + middle + tail + 1);
    if (result == NULL) abort();
    memcpy(result, text, head);
    memcpy(result + head, fresh, middle);
    memcpy(result + head + middle, at + length, tail + 1);
    free(text);
    return result;
}

/* The first `old` in it replaced; as it is where there is none. */
static char *replaced(char *text, const char *old, const char *fresh) {
    char *at = strstr(text, old);
    return at == NULL ? text : spliced(text, at, strlen(old), fresh);
}

/*
 * Another mount in place of Docker's own at `place`, which is of type `type`. A mount of a user's there is left as it is.
 */
static char *remounted(char *text, const char *place, const char *type, const char *fresh, const char *path) {
    char destination[64], own[160], what[256];
    snprintf(destination, sizeof destination, "\"destination\":\"%s\",\"type\":\"", place);
    snprintf(own, sizeof own, "%s\",\"source\":\"%s\",\"options\":[", type, type);
    char *at = strstr(text, destination);
    if (at != NULL) {
        at += strlen(destination);
        if (strncmp(at, own, strlen(own)) == 0) return spliced(text, at, strlen(own), fresh);
        size_t length = strlen(type);
        if (strncmp(at, type, length) != 0 || at[length] != '"') return text;
    }
    snprintf(what, sizeof what, "the mount of %s has no form that is known, which is destination, type %s, source, options", place, type);
    refuse(what, path);
}

/* Where the value that begins there ends: a list, an object or a string. */
static char *end_of(char *at) {
    int depth = 0, quoted = 0;
    for (; *at != '\0'; at++) {
        if (quoted && *at == '\\' && at[1] != '\0') at++;
        else if (*at == '"') quoted = !quoted;
        else if (!quoted && (*at == '[' || *at == '{')) depth++;
        else if (!quoted && (*at == ']' || *at == '}')) depth--;
        if (depth == 0 && !quoted) return at + 1;
    }
    return at;
}

/* A file of the sandbox's /dev, of at most two names, that is this device. */
static int shown(const char *directory, mode_t type, dev_t device, char *path, size_t size) {
    DIR *all = opendir(directory);
    int found = 0;
    for (struct dirent *entry = all == NULL ? NULL : readdir(all); entry != NULL && !found; entry = readdir(all)) {
        struct stat file;
        if (entry->d_name[0] == '.') continue;
        snprintf(path, size, "%s/%s", directory, entry->d_name);
        if (lstat(path, &file) < 0) continue;
        if (S_ISDIR(file.st_mode) && strcmp(directory, "/dev") == 0) {
            char below[300];
            snprintf(below, sizeof below, "%s", path);
            found = shown(below, type, device, path, size);
        } else {
            found = (file.st_mode & S_IFMT) == type && file.st_rdev == device;
        }
    }
    if (all != NULL) closedir(all);
    return found;
}

/* A device of the configuration's list, of which `at` is the beginning: whether it was understood. */
static int device_of(const char *at, char name[256], mode_t *kind, unsigned *major, unsigned *minor) {
    char type;
    if (sscanf(at, DEVICE "%255[^\"\\]\",\"type\":\"%c\",\"major\":%u,\"minor\":%u,", name, &type, major, minor) != 4) return 0;
    *kind = type == 'b' ? S_IFBLK : S_IFCHR;
    return 1;
}

/*
 * A device that the sandbox has by another name becomes a bind mount of that: in a user namespace runc binds each from the same
 * name, and what is not there cannot be made.
 */
static char *devices(char *text) {
    size_t offset = 0;
    for (char *at = strstr(text, DEVICE); at != NULL; at = strstr(text + offset, DEVICE)) {
        char name[256], source[600], mount[1024];
        unsigned major, minor;
        mode_t kind;
        struct stat own;
        offset = (size_t) (at - text) + strlen(DEVICE);
        if (!device_of(at, name, &kind, &major, &minor)) continue;
        if (stat(name, &own) == 0 && (own.st_mode & S_IFMT) == kind && own.st_rdev == makedev(major, minor)) continue;
        char *mounts = strstr(text, "\"mounts\":[");
        if (mounts == NULL || mounts > at || !shown("/dev", kind, makedev(major, minor), source, sizeof source)) continue;
        char *end = end_of(at);
        /* With the comma behind it, or before it where it is the last. */
        if (*end == ',') end++;
        else if (at[-1] == ',') at--;
        size_t before = (size_t) (mounts - text);
        text = spliced(text, at, (size_t) (end - at), "");
        mounts = end_of(text + before + strlen("\"mounts\":")) - 1;
        snprintf(mount, sizeof mount, "%s{\"destination\":\"%s\",\"type\":\"bind\",\"source\":\"%s\",\"options\":[\"bind\",\"rprivate\"]}",
                 mounts[-1] == '[' ? "" : ",", name, source);
        text = spliced(text, mounts, 0, mount);
        offset = before;
    }
    return text;
}

/* All devices of a host are not the sandbox's to give: those that are listed are, which are all that it has. */
static char *rules(char *text) {
    const char *all = ",{\"allow\":true,\"access\":\"rwm\"}";
    char *at = strstr(text, all), *fresh = strdup("");
    if (fresh == NULL) abort();
    for (char *next = at == NULL ? NULL : strstr(text, DEVICE); next != NULL; next = strstr(next + 1, DEVICE)) {
        char name[256], rule[128];
        unsigned major, minor;
        mode_t kind;
        if (!device_of(next, name, &kind, &major, &minor)) continue;
        snprintf(rule, sizeof rule, ",{\"allow\":true,\"type\":\"%c\",\"major\":%u,\"minor\":%u,\"access\":\"rwm\"}",
                 kind == S_IFBLK ? 'b' : 'c', major, minor);
        fresh = spliced(fresh, fresh, 0, rule);
    }
    if (at != NULL) text = spliced(text, at, strlen(all), fresh);
    free(fresh);
    return text;
}

/* The domain's name as what runc sets by a call. */
static char *domain(char *text) {
    const char *setting = "\"kernel.domainname\":", *key = "\"domainname\":";
    char *at = strstr(text, setting);
    if (at == NULL || strstr(text, key) != NULL) return text;
    char *value = at + strlen(setting), *end = end_of(value), *hostname;
    size_t length = (size_t) (end - value);
    char *fresh = malloc(strlen(key) + length + 2);
    if (fresh == NULL) abort();
    snprintf(fresh, strlen(key) + length + 2, "%s%.*s,", key, (int) length, value);
    if (*end == ',') end++;
    else if (at[-1] == ',') at--;
    text = spliced(text, at, (size_t) (end - at), "");
    hostname = strstr(text, "\"hostname\":");
    if (hostname != NULL) text = spliced(text, hostname, 0, fresh);
    free(fresh);
    return text;
}

/* What a container may be given anywhere in a sandbox. */
static char *as_sandbox(char *text) {
    const char *sys = "\"destination\":\"/sys\",\"type\":\"sysfs\",\"source\":\"sysfs\",\"options\":[";
    char *at = strstr(text, sys);
    if (at != NULL) {
        char *options = at + strlen(sys), *end = strchr(options, ']'), *ro = strstr(options, "\"ro\"");
        if (ro == NULL || ro > end) text = spliced(text, options, 0, *options == ']' ? "\"ro\"" : "\"ro\",");
    }
    return domain(devices(rules(text)));
}

/* What it cannot have in the nest. */
static char *as_nest(char *text, const char *path) {
    if (strstr(text, "\"namespaces\":[") == NULL) refuse("the list of namespaces has no form that is known", path);
    /* Who shares the sandbox's processes gets its proc: those are no namespace of the nest. */
    int shares = strstr(text, "{\"type\":\"pid\"") == NULL;
    text = remounted(text, "/proc", "proc",
                     shares ? "none\",\"source\":\"/proc\",\"options\":[\"rbind\","
                            : "proc\",\"source\":\"proc\",\"options\":[\"ro\",", path);
    text = remounted(text, "/sys", "sysfs", "none\",\"source\":\"/sys\",\"options\":[\"rbind\",\"ro\",", path);
    /* The first, the last, and the only one of its kind; Docker has it for some containers only. */
    text = replaced(text, "\"net.ipv4.ip_unprivileged_port_start\":\"0\",", "");
    text = replaced(text, ",\"net.ipv4.ip_unprivileged_port_start\":\"0\"", "");
    return replaced(text, "\"net.ipv4.ip_unprivileged_port_start\":\"0\"", "");
}

static void fit(const char *bundle, int nest) {
    char path[4096], fresh[4096 + 8];
    snprintf(path, sizeof path, "%s/config.json", bundle);
    snprintf(fresh, sizeof fresh, "%s.fit", path);
    char *text = read_whole(path);
    if (text == NULL) refuse(strerror(errno), path);
    text = as_sandbox(nest ? as_nest(text, path) : text);
    FILE *file = fopen(fresh, "we");
    int failed = file == NULL || fputs(text, file) < 0;
    if (file != NULL) failed |= fclose(file) != 0;
    if (failed || rename(fresh, path) < 0) refuse(strerror(errno), path);
    free(text);
}

/* The value of the option at `i` if it is called `name`: the next argument, or what is behind its =. NULL where it is another. */
static const char *value_of(int i, int count, char **arguments, const char *name) {
    size_t length = strlen(name);
    if (strncmp(arguments[i], name, length) != 0) return NULL;
    if (arguments[i][length] == '=') return arguments[i] + length + 1;
    return arguments[i][length] == '\0' && i + 1 < count ? arguments[i + 1] : NULL;
}

int runc(int count, char **arguments, int nest) {
    char **line = calloc((size_t) count + 2, sizeof *line);
    if (line == NULL) return 1;
    int length = 0, creates = 0;
    const char *bundle = NULL;
    for (int i = 0; i < count; i++) {
        line[length++] = arguments[i];
        if (i == 0) continue;
        const char *log = creates ? NULL : value_of(i, count, arguments, "--log");
        if (log != NULL) log_path = log;
        if (!creates && (strcmp(arguments[i], "create") == 0 || strcmp(arguments[i], "run") == 0)) {
            creates = 1;
            bundle = ".";
            /* keyctl is refused in the sandbox: keys of root are the host's. */
            line[length++] = "--no-new-keyring";
        } else if (creates) {
            const char *given = value_of(i, count, arguments, "--bundle");
            if (given == NULL) given = value_of(i, count, arguments, "-b");
            if (given != NULL) bundle = given;
        }
    }
    if (bundle != NULL) fit(bundle, nest);
    execv(KIT "runc", line);
    perror(KIT "runc");
    return 127;
}
