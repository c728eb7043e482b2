/*
 * git: the kit's, for builds of git addresses in sandboxes whose image has none; and git-submodule, which git has as a script for a
 * shell that such an image may lack: what it does with `update`, all that BuildKit asks of it, is in git itself.
 *
 * The kit's git lies elsewhere than where it was built for, and is told so by its environment, of which BuildKit hands it little.
 * The certificates are the image's where it has any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARTS "/opt/caisson/docker/git-core"
#define CERTIFICATES "/etc/ssl/certs/ca-certificates.crt"

int main(int count, char **arguments) {
    const char *name = strrchr(arguments[0], '/');
    char **line = calloc((size_t) count + 2, sizeof *line);
    if (line == NULL) return 1;
    int length = 0;
    line[length++] = "git";
    if (strcmp(name == NULL ? arguments[0] : name + 1, "git-submodule") == 0) line[length++] = "submodule--helper";
    memcpy(line + length, arguments + 1, (size_t) (count - 1) * sizeof *line);
    setenv("GIT_EXEC_PATH", PARTS, 1);
    /* Templates are what a new repository begins with: nothing here. */
    setenv("GIT_TEMPLATE_DIR", "", 1);
    if (access(CERTIFICATES, R_OK) < 0) setenv("GIT_SSL_CAINFO", "/opt/caisson/docker/ca-certificates.crt", 0);
    execv(PARTS "/git", line);
    perror(PARTS "/git");
    return 127;
}
