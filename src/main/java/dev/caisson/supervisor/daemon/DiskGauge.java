package dev.caisson.supervisor.daemon;

import dev.caisson.supervisor.setup.ProbePause;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.wire.DiskUse;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A gauge that measures now and then how much the daemon's data takes, from a thread of its own:
 * the kernel gives no notice when a file system fills up.
 *
 * <p>With a limit the data has a file system of its own, and one call says how full it is. Without,
 * it shares one with others: its files are counted, which costs, and so is done seldom.
 */
final class DiskGauge {

  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration COUNT = Duration.ofMinutes(1);

  /**
   * The rest after a count, as a multiple of its time: counting takes no more than a hundredth of
   * the time.
   */
  private static final int REST = 100;

  /**
   * The number of parts into which the limit is divided: a change smaller than one part is not
   * reported.
   */
  private static final int PARTS = 100;

  private static final long SMALLEST = 16L << 20;

  private final Path data;
  private final long limit;
  private @Nullable Thread thread;
  private @Nullable DiskUse told;

  /**
   * @param limit of the file system that holds nothing but the data, 0 where there is none
   */
  DiskGauge(Path data, long limit) {
    this.data = data;
    this.limit = limit;
  }

  /** Begins to measure; the listener hears of changes, and only marks them. */
  void start(Consumer<DiskUse> listener) {
    thread = Thread.ofPlatform().name("docker-disk").daemon().start(() -> run(listener));
  }

  void close() throws InterruptedException {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      running.join();
    }
  }

  private void run(Consumer<DiskUse> listener) {
    try {
      if (limit == 0) {
        // The daemon starts meanwhile, with all the processors the sandbox has.
        ProbePause.SLEEP.pause(LOOK);
      }
      while (true) {
        long from = System.nanoTime();
        look(listener);
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        Duration rest = limit > 0 ? LOOK : longer(COUNT, took.multipliedBy(REST));
        ProbePause.SLEEP.pause(rest);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Consumer<DiskUse> listener) {
    try {
      DiskUse use = now();
      if (isNews(use)) {
        told = use;
        listener.accept(use);
      }
    } catch (IOException | RuntimeException e) {
      // The next look may find what this one did not.
      Log.debug("the use of the disk cannot be told", "path", data, "error", e);
    }
  }

  /** Measures the use of the disk at this moment. */
  DiskUse now() throws IOException {
    if (limit == 0) {
      return new DiskUse(0, counted());
    }
    FileStore store = Files.getFileStore(data);
    // What the file system needs for itself is gone from the limit too.
    return new DiskUse(limit, Math.max(0, limit - store.getUsableSpace()));
  }

  private boolean isNews(DiskUse use) {
    DiskUse before = told;
    if (before == null) {
      return true;
    }
    long step = limit > 0 ? limit / PARTS : SMALLEST;
    boolean filled = use.used() >= limit && before.used() < limit;
    return Math.abs(use.used() - before.used()) >= step || (limit > 0 && filled);
  }

  private long counted() throws IOException {
    Object device = Files.getAttribute(data, "unix:dev");
    Count count = new Count(device);
    Files.walkFileTree(data, count);
    return count.bytes;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /**
   * A visitor that adds up files, each once, and leaves out what is mounted below: containers'
   * merged layers.
   */
  private static final class Count extends SimpleFileVisitor<Path> {
    private final Object device;
    private final Set<Object> linked = new HashSet<>();
    private long bytes;

    Count(Object device) {
      this.device = device;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      try {
        return device.equals(Files.getAttribute(directory, "unix:dev"))
            ? FileVisitResult.CONTINUE
            : FileVisitResult.SKIP_SUBTREE;
      } catch (NoSuchFileException e) {
        return FileVisitResult.SKIP_SUBTREE;
      }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      try {
        if (attributes.isRegularFile()) {
          boolean several = (int) Files.getAttribute(file, "unix:nlink") > 1;
          if (!several || linked.add(String.valueOf(attributes.fileKey()))) {
            bytes += attributes.size();
          }
        }
      } catch (NoSuchFileException e) {
        return visitFileFailed(file, e);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException error) {
      // It was removed since its directory was read.
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error) {
      return FileVisitResult.CONTINUE;
    }
  }
}
