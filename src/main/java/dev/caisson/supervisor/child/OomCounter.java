package dev.caisson.supervisor.child;

import dev.caisson.supervisor.system.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The count of processes that the kernel has killed in this sandbox for want of memory, by the
 * counter of its memory cgroup: what tells such a KILL from any other.
 */
public final class OomCounter {
  private static final String FIELD = "oom_kill ";

  private final Path cgroups;
  private final Path self;
  private long attributed;
  private @Nullable KernelFile counter;
  private @Nullable KernelFile own;

  public OomCounter() {
    this(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
  }

  OomCounter(Path cgroups, Path self) {
    this.cgroups = cgroups;
    this.self = self;
  }

  /** Reads the counter; 0 where there is none to read. */
  synchronized long read() {
    try {
      return count(file());
    } catch (IOException none) {
      return 0;
    }
  }

  /**
   * Returns whether a kill since the counter stood at {@code before} is not yet explained; it is
   * then taken, so that one kill explains one death.
   */
  synchronized boolean claim(long before) {
    long base = Math.max(before, attributed);
    if (read() <= base) {
      return false;
    }
    attributed = base + 1;
    return true;
  }

  private KernelFile file() throws IOException {
    KernelFile open = counter;
    Path v1 = cgroups.resolve("memory/memory.oom_control");
    if (open != null && open.path().equals(v1)) {
      return open;
    }
    Path path = Files.exists(v1) ? v1 : own().resolve("memory.events.local");
    if (open != null && open.path().equals(path)) {
      return open;
    }
    if (open != null) {
      counter = null;
      open.close();
    }
    open = KernelFile.open(path);
    counter = open;
    return open;
  }

  /**
   * Returns the supervisor's own cgroup, looked up each time: the daemon's preparation moves the
   * supervisor.
   */
  private Path own() throws IOException {
    KernelFile open = own;
    if (open == null) {
      open = KernelFile.open(self);
      own = open;
    }
    for (String line : open.lines()) {
      if (line.startsWith("0::/")) {
        return cgroups.resolve(line.substring("0::/".length()));
      }
    }
    throw new IOException("no unified cgroup");
  }

  private static long count(KernelFile file) throws IOException {
    for (String line : file.lines()) {
      if (line.startsWith(FIELD)) {
        try {
          return Long.parseLong(line.substring(FIELD.length()).trim());
        } catch (NumberFormatException e) {
          throw new IOException(e);
        }
      }
    }
    throw new IOException("no counter in " + file.path());
  }
}
