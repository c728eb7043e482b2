package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Yield;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A walk through a tree: each directory before what is in it, siblings by name (of a directory with
 * very many, so many at a time: the heap is small). Links are not followed, but for the root.
 */
final class TreeWalk {
  /** The most names of a directory that are held at once. */
  private static final int BATCH = 8192;

  private static final int BUFFER = 32 << 10;

  /**
   * The number of files after which the thread lets others have its carrier: there are two of them.
   */
  private static final int TURN = 32;

  /**
   * The file systems that the kernel makes up as it is asked: endless, and without files of the
   * sandbox's own.
   */
  private static final Set<Long> MADE_UP =
      Set.of(
          0x9FA0L,
          0x62656572L,
          0x63677270L,
          0x27E0EBL,
          0x64626720L,
          0x74726163L,
          0x73636673L,
          0xCAFE4A11L,
          0x6165676CL,
          0x1CD1L,
          0x19800202L);

  private final FileCalls calls;
  private final Visitor visitor;
  private final boolean everywhere;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Yield turn = new Yield();
  private int steps;

  /** The visitor of what is found. */
  interface Visitor {
    /**
     * Visits a file; returns whether to go into it, if it is a directory.
     *
     * @param depth 0 for the root
     */
    boolean visit(FilePlace place, FileStat stat, int depth)
        throws IOException, InterruptedException, RefusedException;

    /** Leaves a directory, all of which has been seen. */
    default void leave(FilePlace place, FileStat stat) throws IOException, RefusedException {}

    /** Handles a file that cannot be looked at. */
    default void fail(FilePlace place, RefusedException why) throws RefusedException {
      throw why;
    }
  }

  /**
   * @param everywhere whether it goes into what the kernel makes up ({@code /proc}), too
   */
  TreeWalk(FileCalls calls, Visitor visitor, boolean everywhere) {
    this.calls = calls;
    this.visitor = visitor;
    this.everywhere = everywhere;
  }

  /** A directory on the way down. */
  private static final class Level {
    private final FilePlace place;
    private final FileStat stat;
    private final int descriptor;
    private List<byte[]> names = List.of();
    private int next;

    Level(FilePlace place, FileStat stat, int descriptor) {
      this.place = place;
      this.stat = stat;
      this.descriptor = descriptor;
    }
  }

  /** Walks from here; what is here is seen first. */
  void walk(FilePlace root, boolean follow)
      throws IOException, InterruptedException, RefusedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER, 8);
      see(root, calls.stat(root, follow), follow);
      while (!levels.isEmpty()) {
        Level level = levels.element();
        byte[] name = name(level, buffer);
        if (name == null) {
          levels.remove();
          calls.close(level.descriptor);
          visitor.leave(level.place, level.stat);
        } else {
          pause();
          step(level.place.child(level.descriptor, name));
        }
      }
    } finally {
      levels.forEach(level -> calls.close(level.descriptor));
      levels.clear();
    }
  }

  private void pause() throws InterruptedException {
    if (++steps % TURN == 0) {
      turn.give();
    }
  }

  private void step(FilePlace place) throws IOException, InterruptedException, RefusedException {
    FileStat stat;
    try {
      stat = calls.stat(place, false);
    } catch (RefusedException e) {
      if (!e.is(RefusalCode.ENOENT)) {
        visitor.fail(place, e);
      }
      return;
    }
    see(place, stat, false);
  }

  private void see(FilePlace place, FileStat stat, boolean follow)
      throws IOException, InterruptedException, RefusedException {
    if (visitor.visit(place, stat, levels.size()) && stat.isDirectory()) {
      enter(place, stat, follow);
    }
  }

  private void enter(FilePlace place, FileStat stat, boolean follow) throws RefusedException {
    Level above = levels.peek();
    int descriptor;
    try {
      descriptor = calls.openDirectory(place, follow);
    } catch (RefusedException e) {
      if (above == null) {
        throw e;
      }
      if (!e.is(RefusalCode.ENOENT)) {
        visitor.fail(place, e);
      }
      return;
    }
    boolean border = above != null && above.stat.device() != stat.device();
    try {
      if (border && !everywhere && MADE_UP.contains(calls.fileSystem(place, descriptor))) {
        calls.close(descriptor);
        return;
      }
    } catch (RefusedException e) {
      calls.close(descriptor);
      throw e;
    }
    levels.push(new Level(place, stat, descriptor));
  }

  private byte @Nullable [] name(Level level, MemorySegment buffer) throws RefusedException {
    if (level.next == level.names.size()) {
      level.next = 0;
      level.names = names(level, buffer);
      if (level.names.isEmpty()) {
        return null;
      }
    }
    return level.names.get(level.next++);
  }

  private List<byte[]> names(Level level, MemorySegment buffer) throws RefusedException {
    List<byte[]> all = new ArrayList<>();
    while (all.size() < BATCH) {
      List<byte[]> some = calls.names(level.place, level.descriptor, buffer);
      if (some.isEmpty()) {
        break;
      }
      all.addAll(some);
    }
    all.sort(Arrays::compareUnsigned);
    return all;
  }
}
