/*
 * libcalls.so: how the supervisor calls the C library. The JVM has a linker for that in Java, which makes its code anew at
 * each start; this is there at once. See dev.caisson.supervisor.system.NativeCalls, whose native methods these are.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <jni.h>
#include <stdint.h>

typedef jlong (*function)(jlong, jlong, jlong, jlong, jlong, jlong);

/* The address of a function of the C library, 0 if there is none. */
JNIEXPORT jlong JNICALL Java_dev_caisson_supervisor_system_NativeCalls_find(JNIEnv *env, jclass type, jstring name) {
    (void) type;
    const char *text = (*env)->GetStringUTFChars(env, name, NULL);
    if (text == NULL) {
        return 0; /* Out of memory, which is thrown on return. */
    }
    void *found = dlsym(RTLD_DEFAULT, text);
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
