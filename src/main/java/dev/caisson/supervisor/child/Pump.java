package dev.caisson.supervisor.child;

import dev.caisson.supervisor.journal.JournalFormat;
import dev.caisson.supervisor.system.Errno;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.Memory;
import dev.caisson.supervisor.system.SystemException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one thread that moves bytes between processes and journals: it waits for all pipes at once
 * and never for one, so no process and no reader can hold it up.
 */
public final class Pump implements Runnable {
  /** The largest piece that one look at a pipe takes, in bytes, which is what a pipe holds. */
  static final int PIECE = 64 << 10;

  private static final int EVENTS = 64;

  private final int epoll;
  private final Map<Long, Pumped> pumped = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  public Pump() throws SystemException {
    epoll = new LibC().epollCreate();
  }

  /** A pipe's end that the pump serves when the system says that bytes can be moved. */
  interface Pumped {
    /** Moves one piece; the buffer is the pump's own, with room for a frame's header. */
    void ready(LibC libc, ByteBuffer buffer);
  }

  /** Allocates a buffer for one piece. */
  static ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(JournalFormat.FRAME_HEADER + PIECE);
  }

  /** Watches a descriptor from now on; the id takes it out again. */
  long add(LibC libc, int fd, int events, Pumped target) throws SystemException {
    long id = ids.incrementAndGet();
    pumped.put(id, target);
    try {
      libc.epollAdd(epoll, fd, events, id);
    } catch (SystemException e) {
      pumped.remove(id);
      throw e;
    }
    return id;
  }

  /** Watches for one event more of a descriptor that was added with {@code EPOLLONESHOT}. */
  void again(LibC libc, long id, int fd, int events) throws SystemException {
    libc.epollModify(epoll, fd, events, id);
  }

  /** Takes a descriptor out and closes it. */
  void close(LibC libc, long id, int fd) {
    remove(libc, id, fd);
    libc.close(fd);
  }

  /** Takes a descriptor out. */
  void remove(LibC libc, long id, int fd) {
    pumped.remove(id);
    // A child between its fork and its exec still has the descriptor: closing would not end events.
    libc.epollRemove(epoll, fd);
  }

  @Override
  public void run() {
    LibC libc = new LibC();
    ByteBuffer buffer = buffer();
    Memory memory = new Memory(EVENTS * LibC.EPOLL_EVENT_SIZE);
    long events = memory.take(memory.size());
    while (true) {
      int count = libc.epollWait(epoll, events, EVENTS);
      if (count < 0 && libc.errno() != Errno.EINTR) {
        throw new IllegalStateException("epoll_wait: " + Errno.text(libc.errno()));
      }
      for (int i = 0; i < count; i++) {
        Pumped target = pumped.get(LibC.epollData(memory, events, i));
        if (target != null) {
          move(target, libc, buffer);
        }
      }
    }
  }

  private static void move(Pumped target, LibC libc, ByteBuffer buffer) {
    try {
      target.ready(libc, buffer);
    } catch (RuntimeException | Error e) {
      Log.error("the pump failed on a pipe", "error", e);
    }
  }
}
