/*
 * tables: the kit's iptables and ip6tables for dockerd, which at each start asks 139 times (Docker 28.5) to check, list or remove what a
 * new network namespace does not have, or to add it, and each time starts a program that loads libraries and all rules first. Here the
 * kernel is asked for the one chain; if what is asked for cannot be in it, the answer is that of iptables: it failed, with 1. Everything
 * else is left to iptables itself. It knows these forms, after --wait and -t TABLE:
 *
 *   -F CHAIN, -X CHAIN, -n -L CHAIN    if the chain is not there, and not the kernel's own
 *   -C CHAIN RULE, -D CHAIN [RULE]     if the chain is not there, or none of its rules has the name of the rule's interfaces, or of the
 *                                      chain of dockerd's that it would jump to
 */
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef REAL
#define REAL "/opt/caisson/docker/bin/xtables-nft-multi"
#endif

/* Longer than any name of a table or chain of dockerd's. */
#define LONGEST 64

enum answer { UNKNOWN, MISSING, FOUND };

static const char *const own[] = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"};

static int is(const char *word, const char *other) { return strcmp(word, other) == 0; }

/* Appends an attribute with a text; returns where the next one goes. */
static char *put(char *at, unsigned short type, const char *text) {
    struct nlattr *attribute = (struct nlattr *) at;
    size_t length = strlen(text) + 1;
    attribute->nla_type = type;
    attribute->nla_len = (unsigned short) (NLA_HDRLEN + length);
    memcpy(at + NLA_HDRLEN, text, length);
    return at + NLA_HDRLEN + NLA_ALIGN(length);
}

/* Asks the kernel for a chain, or for the rules in it; returns the socket that the answer comes from. */
static int ask(int family, int message, unsigned short flags, const char *table, const char *chain) {
    union {
        struct nlmsghdr header;
        char bytes[256];
    } request = {.bytes = {0}};
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    struct nfgenmsg *about = NLMSG_DATA(&request.header);
    char *end = (char *) about + NLMSG_ALIGN(sizeof *about);
    int channel;
    if (strlen(table) > LONGEST || strlen(chain) > LONGEST) return -1;
    channel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (channel < 0) return -1;
    about->nfgen_family = (unsigned char) family;
    about->version = NFNETLINK_V0;
    /* The attributes of chains and rules have the same numbers, but for the name. */
    end = put(end, NFTA_RULE_TABLE, table);
    end = put(end, message == NFT_MSG_GETCHAIN ? NFTA_CHAIN_NAME : NFTA_RULE_CHAIN, chain);
    request.header.nlmsg_type = (unsigned short) (NFNL_SUBSYS_NFTABLES << 8 | message);
    request.header.nlmsg_flags = NLM_F_REQUEST | flags;
    request.header.nlmsg_len = (unsigned) (end - request.bytes);
    if (sendto(channel, &request, request.header.nlmsg_len, 0, (struct sockaddr *) &kernel, sizeof kernel) > 0) return channel;
    close(channel);
    return -1;
}

static enum answer chain(int family, const char *table, const char *name) {
    union {
        struct nlmsghdr header;
        char bytes[4096];
    } reply;
    enum answer result = UNKNOWN;
    int channel = ask(family, NFT_MSG_GETCHAIN, 0, table, name);
    if (channel < 0) return UNKNOWN;
    if (recv(channel, &reply, sizeof reply, 0) >= (ssize_t) NLMSG_LENGTH(sizeof(struct nlmsgerr))) {
        if (reply.header.nlmsg_type != NLMSG_ERROR) result = FOUND;
        else if (((struct nlmsgerr *) NLMSG_DATA(&reply.header))->error == -ENOENT) result = MISSING;
    }
    close(channel);
    return result;
}

/* Whether a name occurs anywhere in the rules of a chain that is there. */
static enum answer named(int family, const char *table, const char *in, const char *name) {
    static union {
        struct nlmsghdr header;
        char bytes[65536];
    } reply;
    enum answer result = UNKNOWN;
    int channel = ask(family, NFT_MSG_GETRULE, NLM_F_DUMP, table, in);
    if (channel < 0) return UNKNOWN;
    while (result == UNKNOWN) {
        ssize_t length = recv(channel, &reply, sizeof reply, MSG_TRUNC);
        if (length <= 0 || length > (ssize_t) sizeof reply) break;
        if (memmem(&reply, (size_t) length, name, strlen(name)) != NULL) result = FOUND;
        for (struct nlmsghdr *each = &reply.header; NLMSG_OK(each, length); each = NLMSG_NEXT(each, length)) {
            if (each->nlmsg_type == NLMSG_ERROR || each->nlmsg_flags & NLM_F_DUMP_INTR) goto done;
            if (each->nlmsg_type == NLMSG_DONE && result == UNKNOWN) result = MISSING;
        }
    }
done:
    close(channel);
    return result;
}

static int is_own(const char *chain) {
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (is(chain, own[i])) return 1;
    }
    return 0;
}

/* What is missing, so that the call can only fail; NULL if iptables is to say. */
static const char *missing(int family, int count, char **words) {
    const char *table = "filter";
    int i = 1;
    if (i < count && is(words[i], "--wait")) i++;
    if (i + 1 < count && is(words[i], "-t")) {
        table = words[i + 1];
        i += 2;
    }
    if (i + 2 == count && (is(words[i], "-F") || is(words[i], "-X"))) {
        return !is_own(words[i + 1]) && chain(family, table, words[i + 1]) == MISSING ? words[i + 1] : NULL;
    }
    if (i + 3 == count && is(words[i], "-n") && is(words[i + 1], "-L")) {
        return !is_own(words[i + 2]) && chain(family, table, words[i + 2]) == MISSING ? words[i + 2] : NULL;
    }
    if (i + 1 < count && (is(words[i], "-C") || is(words[i], "-D"))) {
        const char *in = words[i + 1];
        enum answer there = chain(family, table, in);
        if (there != FOUND) return there == MISSING ? in : NULL;
        for (i += 2; i + 1 < count; i++) {
            const char *name = words[i + 1];
            int names = is(words[i], "-i") || is(words[i], "-o") || (is(words[i], "-j") && strncmp(name, "DOCKER", 6) == 0);
            if (names && strchr(name, '+') == NULL && named(family, table, in, name) == MISSING) return name;
        }
    }
    return NULL;
}

int main(int count, char **words) {
    const char *slash = count > 0 ? strrchr(words[0], '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : count > 0 ? words[0] : "";
    const char *absent = missing(is(name, "ip6tables") ? NFPROTO_IPV6 : NFPROTO_IPV4, count, words);
    if (absent != NULL) {
        fprintf(stderr, "%s: No chain/target/match by that name: %s\n", name, absent);
        return 1;
    }
    /* Called by the name that tells it what it is. */
    execv(REAL, words);
    perror(REAL);
    return 127;
}
