/*
 * runc, for containers in the nest: the real one, with a configuration that the nest can have.
 *
 * The kernel gives the nest no proc but a read-only one, which is what keeps the host's settings from the sandbox, and no
 * sys at all: containers see the sandbox's. What Docker sets by itself in /proc/sys is left out; what a user sets fails.
 *
 * The configuration is edited by its text, whose form is that of Go's encoder. A text that has another form is refused in
 * words: a container that starts unfit fails later, and says of something else.
 */
#define _GNU_SOURCE
#include "nest.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
 * Another mount in place of Docker's own at `place`, which is of type `type`. A mount of a user's there is left as it is. No
 * string of a user can be taken for one: a quote in it has a backslash before it.
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

static void fit(const char *bundle) {
    char path[4096], fresh[4096 + 8];
    snprintf(path, sizeof path, "%s/config.json", bundle);
    snprintf(fresh, sizeof fresh, "%s.fit", path);
    char *text = read_whole(path);
    if (text == NULL) refuse(strerror(errno), path);
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
    text = replaced(text, "\"net.ipv4.ip_unprivileged_port_start\":\"0\"", "");
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

int runc(int count, char **arguments) {
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
    if (bundle != NULL) fit(bundle);
    execv(KIT "runc", line);
    perror(KIT "runc");
    return 127;
}
