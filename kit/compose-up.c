/*
 * compose-up: brings a compose project up and waits until each of its containers runs (is healthy, where it has a check) or has
 * ended well, where that is what it is for. `docker compose up --wait` takes a job that ends with 0 for a failure.
 *
 *   compose-up SECONDS docker compose --project-name=PROJECT … up --detach [--] [SERVICE…]
 *
 * SECONDS is how long it waits after that; 0 without end. A container that ended before this began is not this start's. Exits with
 * compose's code, or 1 with a line that says which container failed, or which were not there in time.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LABEL "com.docker.compose."
#define NAME "--project-name="
#define FIELDS 8
/* More containers than a daemon in a sandbox carries. */
#define MOST 4096

/* A container, as `docker inspect` says it. */
struct container {
    char *name, *status, *health, *code, *policy, *service, *needs, *finished;
};

static char *project, began[32];
static char **services;
static int service_count;
static pid_t watcher = -1;

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    if (watcher > 0) kill(watcher, SIGKILL);
    exit(1);
}

/* Starts a program; what it says goes to the end of a pipe that is returned, or where it is said here. */
static pid_t start(char **line, int *out) {
    int ends[2] = {-1, -1};
    if (out != NULL && pipe(ends) < 0) fail("pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0) fail("fork: %s", strerror(errno));
    if (child == 0) {
        if (out != NULL) {
            dup2(ends[1], STDOUT_FILENO);
            close(ends[0]);
            close(ends[1]);
        }
        execvp(line[0], line);
        fprintf(stderr, "%s: %s\n", line[0], strerror(errno));
        _exit(127);
    }
    if (out != NULL) {
        close(ends[1]);
        *out = ends[0];
    }
    return child;
}

static int end_of(pid_t child) {
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) fail("wait: %s", strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* All that a program says, which must end well; freed by the caller. */
static char *said(char **line) {
    int out;
    pid_t child = start(line, &out);
    size_t length = 0, room = 1 << 16;
    char *all = malloc(room);
    for (ssize_t count; all != NULL && (count = read(out, all + length, room - length - 1)) != 0;) {
        if (count < 0) {
            if (errno == EINTR) continue;
            break;
        }
        length += (size_t) count;
        if (room - length < 4096) all = realloc(all, room *= 2);
    }
    if (all == NULL) fail("out of memory");
    all[length] = '\0';
    close(out);
    if (end_of(child) != 0) {
        /* A container that went between the two questions, or the daemon: it is asked again. */
        free(all);
        return NULL;
    }
    return all;
}

static int is(const char *text, const char *other) { return strcmp(text, other) == 0; }

/* Whether a list SERVICE:CONDITION:RESTART,… has this service, with this condition if there is one. */
static int needs(const char *list, const char *service, const char *condition) {
    size_t length = strlen(service);
    for (const char *each = list; *each != '\0';) {
        const char *end = strchr(each, ',');
        if (end == NULL) end = each + strlen(each);
        if (strncmp(each, service, length) == 0 && each[length] == ':'
            && (condition == NULL || strncmp(each + length + 1, condition, strlen(condition)) == 0))
            return 1;
        each = *end == '\0' ? end : end + 1;
    }
    return 0;
}

/* Whether it is waited for: its service was asked for, or one that was needs it. */
static int is_wanted(struct container *all, int count, const char *service, int depth) {
    if (service_count == 0) return 1;
    for (int i = 0; i < service_count; i++)
        if (is(services[i], service)) return 1;
    for (int i = 0; depth < 32 && i < count; i++)
        if (needs(all[i].needs, service, NULL) && is_wanted(all, count, all[i].service, depth + 1)) return 1;
    return 0;
}

static int is_job(struct container *all, int count, const char *service) {
    for (int i = 0; i < count; i++)
        if (needs(all[i].needs, service, "service_completed_successfully")) return 1;
    return 0;
}

/* Whether it is as it should be; ends this program where it never will be. */
static int is_well(struct container *all, int count, struct container *each) {
    if (is(each->status, "running")) {
        if (is(each->health, "unhealthy")) fail("container %s is unhealthy", each->name);
        return is(each->health, "") || is(each->health, "none") || is(each->health, "healthy");
    }
    if (!is(each->status, "exited") && !is(each->status, "dead")) return 0;
    /* Times of one zone and form: they follow each other as texts do. */
    if (strcmp(each->finished, began) < 0) return 1;
    int again = is(each->policy, "always") || is(each->policy, "unless-stopped");
    if (again && !is_job(all, count, each->service)) return 0;
    if (!is(each->code, "0")) fail("container %s exited (%s)", each->name, each->code);
    return 1;
}

static int parse(char *text, struct container *all) {
    int count = 0;
    for (char *line = strtok(text, "\n"); line != NULL && count < MOST; line = strtok(NULL, "\n")) {
        char *fields[FIELDS];
        int found = 0;
        for (char *field = line; field != NULL && found < FIELDS; found++) fields[found] = strsep(&field, "\t");
        if (found != FIELDS) continue;
        all[count++] = (struct container) {
            fields[0][0] == '/' ? fields[0] + 1 : fields[0],
            fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7]};
    }
    return count;
}

/* Whether all of them are well; else what is waited for. */
static int all_well(char *waiting, size_t room) {
    static struct container all[MOST];
    char filter[256];
    snprintf(filter, sizeof filter, "label=" LABEL "project=%s", project);
    char *list[] = {"docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", filter, "--filter", "label=" LABEL "oneoff=False", NULL};
    char *ids = said(list);
    if (ids == NULL) return 0;
    char **look = calloc(MOST + 5, sizeof *look);
    if (look == NULL) fail("out of memory");
    int words = 0;
    look[words++] = "docker";
    look[words++] = "inspect";
    look[words++] = "--format";
    look[words++] =
        "{{.Name}}\t{{.State.Status}}\t{{if .State.Health}}{{.State.Health.Status}}{{end}}\t{{.State.ExitCode}}\t"
        "{{.HostConfig.RestartPolicy.Name}}\t{{index .Config.Labels \"" LABEL "service\"}}\t"
        "{{index .Config.Labels \"" LABEL "depends_on\"}}\t{{.State.FinishedAt}}";
    for (char *id = strtok(ids, "\n"); id != NULL && words < MOST; id = strtok(NULL, "\n")) look[words++] = id;
    int well = 1;
    if (words > 4) {
        char *text = said(look);
        well = text != NULL;
        int count = well ? parse(text, all) : 0;
        for (int i = 0; i < count; i++)
            if (is_wanted(all, count, all[i].service, 0) && !is_well(all, count, &all[i])) {
                well = 0;
                snprintf(waiting, room, "%s (%s%s%s)", all[i].name, all[i].status, is(all[i].health, "") ? "" : ", ", all[i].health);
            }
        free(text);
    }
    free(look);
    free(ids);
    return well;
}

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int main(int count, char **arguments) {
    for (int i = 2; i < count && service_count == 0; i++) {
        if (strncmp(arguments[i], NAME, sizeof NAME - 1) == 0) project = arguments[i] + sizeof NAME - 1;
        if (is(arguments[i], "--")) {
            services = arguments + i + 1;
            service_count = count - i - 1;
        }
    }
    if (project == NULL) {
        fprintf(stderr, "usage: compose-up SECONDS docker compose " NAME "PROJECT ...\n");
        return 2;
    }
    long seconds = atol(arguments[1]);
    char since[32];
    time_t start_time = time(NULL);
    snprintf(since, sizeof since, "%ld", (long) start_time);
    strftime(began, sizeof began, "%Y-%m-%dT%H:%M:%S", gmtime(&start_time));

    int code = end_of(start(arguments + 2, NULL));
    if (code != 0) return code;

    /* From the beginning on, so that nothing is missed between a look and the next event. */
    char filter[256];
    snprintf(filter, sizeof filter, "label=" LABEL "project=%s", project);
    char *watch[] = {"docker", "events", "--since", since, "--filter", "type=container", "--filter", filter, "--filter", "event=start",
        "--filter", "event=die", "--filter", "event=health_status", "--filter", "event=destroy", "--format", "{{.Action}}", NULL};
    int events;
    watcher = start(watch, &events);
    long until = now() + seconds * 1000;
    char waiting[512] = "its daemon";
    while (!all_well(waiting, sizeof waiting)) {
        long left = seconds == 0 ? -1 : until - now();
        if (seconds != 0 && left <= 0) fail("not healthy after %ld s: %s", seconds, waiting);
        struct pollfd news = {.fd = events, .events = POLLIN};
        int ready = poll(&news, 1, (int) left);
        char piece[4096];
        if (ready > 0 && read(events, piece, sizeof piece) <= 0) fail("the daemon's events ended: %s", waiting);
    }
    kill(watcher, SIGKILL);
    return 0;
}
