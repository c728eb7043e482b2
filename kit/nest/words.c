/* Words for whoever waits, and small files read and written whole. */
#define _GNU_SOURCE
#include "nest.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int report = -1;

void die(const char *format, ...) {
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

char *read_whole(const char *path) {
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

int put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t written = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return written < 0 ? -1 : 0;
}
