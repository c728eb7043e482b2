/* udp serve PORT answers each datagram with itself; udp ask PORT TEXT prints the answer of 127.0.0.1, within two seconds. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(int count, char **arguments) {
    char bytes[2000];
    if (count < 3) return 2;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((in_port_t) atoi(arguments[2]))};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (strcmp(arguments[1], "serve") == 0) {
        if (bind(fd, (struct sockaddr *) &at, sizeof at) < 0) return 1;
        for (;;) {
            socklen_t length = sizeof at;
            ssize_t got = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *) &at, &length);
            if (got >= 0 && sendto(fd, bytes, (size_t) got, 0, (struct sockaddr *) &at, length) != got) return 1;
        }
    }
    struct timeval patience = {.tv_sec = 2};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (count < 4 || sendto(fd, arguments[3], strlen(arguments[3]), 0, (struct sockaddr *) &at, sizeof at) < 0) return 1;
    ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    if (got < 0) return 1;
    printf("%.*s", (int) got, bytes);
    return 0;
}
