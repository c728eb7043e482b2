/*
 * libcalls.so: how the supervisor calls the C library. The JVM has a linker for that in Java, which makes its code anew at
 * each start; this is there at once. See dev.caisson.supervisor.system.NativeCalls, whose native methods these are.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef jlong (*function)(jlong, jlong, jlong, jlong, jlong, jlong);

/* The kernel's own size of a set of signals, and their number. */
#define SIGNAL_SET 8
#define SIGNALS 64

/* What a child is made of, as dev.caisson.supervisor.child.Spawner writes it: eleven words. */
struct plan {
    const char *program;
    char **arguments;
    char **environment;
    const char *directory;
    const char *terminal; /* In the place of all three descriptors, or null. */
    int64_t input;        /* -1 for /dev/null. */
    int64_t output;
    int64_t errors;
    int64_t status; /* Becomes descriptor 3, or -1. */
    int64_t victim; /* Whether the kernel is to take it first when memory is short; 0 once that is told. */
    int64_t error;
};

/* The signals that have a handler here, or are ignored: a child hears all of them as if nobody had touched them. */
static int touched[SIGNALS];
static int touched_count = -1;

/* The stack of a child until it has become its program; the caller makes one at a time, and waits for that. */
static char stack[32 << 10] __attribute__((aligned(64)));

static void find_touched(void) {
    int count = 0;
    for (int number = 1; number <= SIGNALS; number++) {
        uintptr_t action[8] = {0};
        if (syscall(SYS_rt_sigaction, number, NULL, action, SIGNAL_SET) == 0 && action[0] != 0) touched[count++] = number;
    }
    touched_count = count;
}

static void prefer_as_victim(struct plan *plan) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY);
    if (file >= 0 && write(file, "500", 3) == 3) plan->victim = 0;
    if (file >= 0) close(file);
}

/* Runs in the memory of the supervisor, while the thread that made it stands still: nothing is called that takes a lock. */
static int child(void *argument) {
    struct plan *plan = argument;
    const uintptr_t usual[8] = {0};
    for (int i = 0; i < touched_count; i++) {
        /* Nothing can be changed about KILL and STOP, which are never touched. */
        syscall(SYS_rt_sigaction, touched[i], usual, NULL, SIGNAL_SET);
    }
    if (setsid() < 0 || chdir(plan->directory) < 0) goto failed;
    if (plan->victim) prefer_as_victim(plan);
    if (plan->terminal != NULL) {
        /* Opened by the leader of a new session, and not by O_NOCTTY: it becomes the controlling one. */
        int terminal = open(plan->terminal, O_RDWR);
        if (terminal < 0 || (terminal > 0 && dup2(terminal, 0) < 0) || dup2(0, 1) < 0 || dup2(0, 2) < 0) goto failed;
    } else {
        int input = (int) plan->input;
        if (input < 0) {
            input = open("/dev/null", O_RDONLY);
            if (input < 0) goto failed;
        }
        if ((input > 0 && dup2(input, 0) < 0) || dup2((int) plan->output, 1) < 0 || dup2((int) plan->errors, 2) < 0) goto failed;
    }
    unsigned int keep = 3;
    if (plan->status >= 0) {
        /* Where it is 3 already, a dup2 would leave it to be closed by the exec. */
        int done = plan->status == keep ? fcntl((int) keep, F_SETFD, 0) : dup2((int) plan->status, (int) keep);
        if (done < 0) goto failed;
        keep++;
    }
    if (syscall(SYS_close_range, keep, ~0U, 0) < 0) closefrom((int) keep);
    const uint64_t none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, SIGNAL_SET);
    execve(plan->program, plan->arguments, plan->environment);
failed:
    plan->error = errno;
    _exit(127);
}

/*
 * Makes a child; its pid, or -1 with the error in the plan. It is what posix_spawn does, with a quarter of the calls: that sets each
 * of 64 signals, and asks six times how many descriptors there may be. The descriptors of the plan are above 2.
 */
static jlong spawn(struct plan *plan) {
    if (touched_count < 0) find_touched();
    uint64_t all = ~(uint64_t) 0, before;
    plan->error = 0;
    /* A handler of the JVM must not run in the child, which has its memory. */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, SIGNAL_SET);
    int pid = clone(child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, plan);
    int error = errno;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, SIGNAL_SET);
    if (pid < 0) {
        plan->error = error;
        return -1;
    }
    if (plan->error != 0) {
        /* Unless the reaper was quicker. */
        waitpid(pid, NULL, 0);
        return -1;
    }
    return pid;
}

/* The address of a function of the C library, or of the one of this library's own, 0 if there is none. */
JNIEXPORT jlong JNICALL Java_dev_caisson_supervisor_system_NativeCalls_find(JNIEnv *env, jclass type, jstring name) {
    (void) type;
    const char *text = (*env)->GetStringUTFChars(env, name, NULL);
    if (text == NULL) {
        return 0; /* Out of memory, which is thrown on return. */
    }
    void *found = strcmp(text, "caisson_spawn") == 0 ? (void *) (intptr_t) spawn : dlsym(RTLD_DEFAULT, text);
    (*env)->ReleaseStringUTFChars(env, name, text);
    return (jlong) (intptr_t) found;
}

/* Where a direct buffer begins. */
JNIEXPORT jlong JNICALL Java_dev_caisson_supervisor_system_NativeCalls_locate(JNIEnv *env, jclass type, jobject buffer) {
    (void) type;
    return (jlong) (intptr_t) (*env)->GetDirectBufferAddress(env, buffer);
}

/* Calls it, and keeps errno before the JVM does anything else. */
JNIEXPORT jlong JNICALL Java_dev_caisson_supervisor_system_NativeCalls_enter(
    JNIEnv *env, jclass type, jlong address, jlong error, jlong a, jlong b, jlong c, jlong d, jlong e, jlong f) {
    (void) env;
    (void) type;
    jlong result = ((function) (intptr_t) address)(a, b, c, d, e, f);
    *(int *) (intptr_t) error = errno;
    return result;
}
