package dev.caisson.supervisor.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Memory;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kernel's own watch on files. java.nio's is made of it but takes names in the locale's
 * encoding alone, and does not say what was a directory once it is gone. One thread's, but for
 * {@link #wake}.
 */
public final class Inotify implements AutoCloseable {
  static final int IN_MODIFY = 0x2;
  static final int IN_ATTRIB = 0x4;
  static final int IN_MOVED_FROM = 0x40;
  static final int IN_MOVED_TO = 0x80;
  static final int IN_CREATE = 0x100;
  static final int IN_DELETE = 0x200;
  static final int IN_DELETE_SELF = 0x400;
  static final int IN_MOVE_SELF = 0x800;
  static final int IN_UNMOUNT = 0x2000;
  static final int IN_Q_OVERFLOW = 0x4000;
  static final int IN_IGNORED = 0x8000;
  static final int IN_ISDIR = 0x40000000;

  private static final int ALL =
      IN_MODIFY
          | IN_ATTRIB
          | IN_MOVED_FROM
          | IN_MOVED_TO
          | IN_CREATE
          | IN_DELETE
          | IN_DELETE_SELF
          | IN_MOVE_SELF;
  private static final int IN_NONBLOCK = 0x800;
  private static final int IN_CLOEXEC = 0x80000;
  private static final int BUFFER = 64 << 10;
  private static final int ENOSPC = 28;

  private static final long INIT = LibC.function("inotify_init1");
  private static final long ADD = LibC.function("inotify_add_watch");
  private static final long REMOVE = LibC.function("inotify_rm_watch");

  private final LibC libc = new LibC();
  private final Arena arena = Arena.ofShared();
  private final Memory events = new Memory(2 * LibC.EPOLL_EVENT_SIZE);
  private final MemorySegment buffer = arena.allocate(BUFFER, 8);
  private final int descriptor;
  private final LibC.Pipe pipe;
  private final int epoll;

  /** A change to a name in a watched directory: {@link #IN_CREATE} and its like. */
  record Event(int watch, int mask, byte[] name) {
    boolean is(int kind) {
      return (mask & kind) != 0;
    }
  }

  public Inotify() throws RefusedException, SystemException {
    descriptor = (int) libc.call(INIT, IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0) {
      arena.close();
      throw new RefusedException(
          Errno.name(libc.errno()),
          "cannot create a watcher (fs.inotify.max_user_instances): " + Errno.text(libc.errno()));
    }
    pipe = libc.pipe();
    epoll = libc.epollCreate();
    libc.epollAdd(epoll, descriptor, LibC.EPOLLIN, 0);
    libc.epollAdd(epoll, pipe.reading(), LibC.EPOLLIN, 1);
  }

  /** Watches a directory that is open; answers the number that its events carry. */
  int watch(FilePlace place, int directory) throws RefusedException {
    try (Arena names = Arena.ofConfined()) {
      long name =
          names
              .allocateFrom(
                  new String(FileCalls.self(directory), StandardCharsets.US_ASCII),
                  StandardCharsets.US_ASCII)
              .address();
      int watch = (int) libc.call(ADD, descriptor, name, ALL);
      if (watch >= 0) {
        return watch;
      }
      int errno = libc.errno();
      throw errno == ENOSPC
          ? new RefusedException(
              RefusalCode.ENOSPC,
              place + ": the kernel allows no more watches (fs.inotify.max_user_watches)")
          : FileCalls.refused(place, errno);
    }
  }

  void forget(int watch) {
    libc.call(REMOVE, descriptor, watch);
  }

  /** Waits for the next events; null after {@link #wake}. */
  @org.jspecify.annotations.Nullable
  List<Event> next() throws SystemException {
    long ready = events.clear().take(events.size());
    int count = libc.epollWait(epoll, ready, 2);
    for (int i = 0; i < count; i++) {
      if (LibC.epollData(events, ready, i) == 1) {
        return null;
      }
    }
    int length = libc.read(descriptor, buffer, 0, BUFFER);
    if (length < 0) {
      if (libc.errno() == Errno.EAGAIN || libc.errno() == Errno.EINTR) {
        return List.of();
      }
      throw new SystemException("inotify", libc.errno());
    }
    return events(length);
  }

  private List<Event> events(int length) {
    List<Event> events = new ArrayList<>();
    for (long at = 0; at < length; ) {
      int field = buffer.get(JAVA_INT, at + 12);
      byte[] name = buffer.asSlice(at + 16, field).toArray(JAVA_BYTE);
      int end = 0;
      while (end < name.length && name[end] != 0) {
        end++;
      }
      events.add(
          new Event(
              buffer.get(JAVA_INT, at), buffer.get(JAVA_INT, at + 4), Arrays.copyOf(name, end)));
      at += 16L + field;
    }
    return events;
  }

  /** Ends a wait; from any thread. */
  public void wake() {
    try (Arena local = Arena.ofConfined()) {
      new LibC().write(pipe.writing(), local.allocate(1), 0, 1);
    }
  }

  @Override
  public void close() {
    libc.close(epoll);
    libc.close(descriptor);
    libc.close(pipe.reading());
    libc.close(pipe.writing());
    arena.close();
  }
}
